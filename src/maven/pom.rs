//! One pom.xml as plain data: what it declares itself, with line numbers. `${...}` is expanded from
//! the one file, and from parents that the caller hands in; nothing is read from disk.

use std::cell::Cell;
use std::collections::BTreeMap;

use super::enforcer::{self, Rule};
use super::graph::{self, Managed, Used};
use super::profiles::{self, Asked};
use super::xml::{self, Element, Malformed};

/// Longest value after expansion: properties that multiply each other stop here.
const LONGEST: usize = 16 * 1024;
/// Properties that name each other in a circle stop here.
const DEEPEST: usize = 16;
/// Replacements in one file: properties that multiply to nothing stop here.
const MOST_REPLACEMENTS: u32 = 100_000;

pub use super::profiles::Profile;

/// What a pom says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pom {
    /// Group, its own or the parent's.
    pub group: Option<String>,
    /// Artifact id.
    pub artifact: Option<String>,
    /// Version, its own or the parent's.
    pub version: Option<String>,
    /// Name for people; Maven prints the artifact id where there is none.
    pub name: Option<String>,
    /// `jar` unless said otherwise.
    pub packaging: String,
    /// The parent it names.
    pub parent: Option<Parent>,
    /// Modules in file order, those of profiles after the pom's own.
    pub modules: Vec<Module>,
    /// Properties in file order, those of profiles after the pom's own.
    pub properties: Vec<Property>,
    /// Repositories for artifacts and for plug-ins, those of profiles after the pom's own.
    pub repositories: Vec<Repository>,
    /// What its compiler plug-in says about a compiler of its own process.
    pub compiler: Option<Compiler>,
    /// What stands in elements instead of properties, by path: `prerequisites/maven`,
    /// `scm/connection`, and `release`, `target` and `source` below `maven-compiler-plugin`.
    pub elements: Vec<Property>,
    /// What its enforcer plug-in insists on, in the pom's own build and in profiles that are on by
    /// themselves.
    pub rules: Vec<Rule>,
    /// Its profiles.
    pub profiles: Vec<Profile>,
    /// What its own build uses, and the profiles that are on in [`Self::settle`].
    pub uses: Vec<Used>,
    /// What its management sections say will be used where somebody uses something else.
    pub managed: Vec<Managed>,
    /// What its profiles use, each with its profile's id.
    pub profile_uses: Vec<(String, Vec<Used>, Vec<Managed>)>,
}

/// A parent as named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parent {
    /// Group.
    pub group: Option<String>,
    /// Artifact id.
    pub artifact: Option<String>,
    /// Version.
    pub version: Option<String>,
    /// Where it says its pom lies, relative to this pom's folder; empty to take the released one.
    pub relative_path: Option<String>,
}

/// One `<module>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Module {
    /// Folder, or pom file, relative to this pom's folder.
    pub path: String,
    /// One-based line.
    pub line: u64,
    /// Profile it belongs to; `None` for the pom's own.
    pub profile: Option<Profile>,
}

/// One property.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Property {
    /// Name.
    pub name: String,
    /// Value, expanded.
    pub value: String,
    /// One-based line.
    pub line: u64,
    /// Profile it belongs to; `None` for the pom's own.
    pub profile: Option<Profile>,
}

/// One repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repository {
    /// Id, which mirrors and error messages go by.
    pub id: String,
    /// Address.
    pub url: String,
    /// One-based line.
    pub line: u64,
    /// Serves plug-ins rather than artifacts.
    pub plugins: bool,
    /// Profile it belongs to; `None` for the pom's own.
    pub profile: Option<Profile>,
}

/// The compiler plug-in's own process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compiler {
    /// Whether each module forks a compiler.
    pub fork: bool,
    /// Its largest heap in bytes, where set.
    pub memory: Option<u64>,
    /// Whether its program, or the JDK it is from, is named.
    pub elsewhere: bool,
    /// One-based line of its configuration.
    pub line: u64,
}

impl Pom {
    /// The value of one of the pom's own properties, or of a profile that is on by itself.
    #[must_use]
    pub fn property(&self, name: &str) -> Option<&Property> {
        let applies = |p: &&Property| p.profile.as_ref().is_none_or(|profile| profile.active);
        // Maven lets a profile win over the pom, and a later line over an earlier one.
        self.properties.iter().rev().filter(applies).find(|property| property.name == name)
    }

    /// A property as [`Self::property`] has it, or an element by its path.
    #[must_use]
    pub fn stated(&self, name: &str) -> Option<&Property> {
        let element = || self.elements.iter().find(|element| element.name == name);
        self.property(name).or_else(element)
    }

    /// Has it use what the profiles use that are on where so much is asked for.
    pub(super) fn settle(&mut self, asked: &Asked) {
        let on = asked.among(&self.profiles);
        for (profile, uses, managed) in &self.profile_uses {
            if on.contains(profile.as_str()) {
                self.uses.extend(uses.iter().cloned());
                self.managed.extend(managed.iter().cloned());
            }
        }
    }

    /// What Maven calls the module: its name, else its artifact id.
    #[must_use]
    pub fn title(&self) -> Option<&str> {
        self.name.as_deref().or(self.artifact.as_deref())
    }
}

/// Reads a pom. Callers limit the file to 4 MiB.
///
/// # Errors
/// The line and kind of the first mistake.
pub fn parse(bytes: &[u8]) -> Result<Pom, Malformed> {
    let project = xml::parse(bytes, "project")?;
    Ok(read(&project, own_values(&project)))
}

/// Reads a pom and its parents, the nearest first, as Maven sees them together: what `${...}` names
/// is looked up in the pom, then in its parents, also for a text that stands in a parent.
///
/// # Errors
/// As [`parse`], for the first file that has a mistake.
pub fn parse_family(files: &[Vec<u8>]) -> Result<Vec<Pom>, Malformed> {
    let parsed: Result<Vec<_>, _> = files.iter().map(|file| xml::parse(file, "project")).collect();
    let projects = parsed?;
    let values: BTreeMap<_, _> = projects.iter().rev().flat_map(own_values).collect();
    Ok(projects.iter().map(|project| read(project, values.clone())).collect())
}

fn read(project: &Element, values: BTreeMap<String, String>) -> Pom {
    let reader = Reader { values, left: Cell::new(MOST_REPLACEMENTS) };
    let parent = project.child("parent");
    let inherited = |name: &str| project.text_of(name).or_else(|| parent?.text_of(name));
    let mut pom = Pom {
        group: inherited("groupId").map(|text| reader.expand(text)),
        artifact: project.text_of("artifactId").map(|text| reader.expand(text)),
        version: inherited("version").map(|text| reader.expand(text)),
        name: project.text_of("name").map(|text| reader.expand(text)),
        packaging: project.text_of("packaging").unwrap_or("jar").to_owned(),
        parent: parent.map(|parent| reader.parent(parent)),
        compiler: compiler(project, &reader),
        ..Pom::default()
    };
    reader.collect(project, None, &mut pom);
    for element in project.items("profiles", "profile") {
        let profile = profiles::profile(element);
        reader.collect(element, Some(&profile), &mut pom);
        pom.profiles.push(profile);
    }
    pom.elements = elements(project, &reader);
    pom
}

/// What stands in elements.
fn elements(project: &Element, reader: &Reader) -> Vec<Property> {
    let compiler = plugin(project, "maven-compiler-plugin");
    let places = [
        ("prerequisites", project.child("prerequisites"), &["maven"][..]),
        ("scm", project.child("scm"), &["connection"][..]),
        ("maven-compiler-plugin", compiler, &["release", "target", "source"][..]),
    ];
    let mut found = Vec::new();
    for (above, element, names) in places {
        let Some(element) = element else { continue };
        for value in names.iter().filter_map(|name| element.child(name)) {
            found.push(Property {
                name: format!("{above}/{}", value.name),
                value: reader.expand(&value.text),
                line: value.line,
                profile: None,
            });
        }
    }
    found
}

/// The configuration of a plug-in in a pom's own build.
fn plugin<'a>(project: &'a Element, artifact: &str) -> Option<&'a Element> {
    let build = project.child("build")?;
    std::iter::once(build)
        .chain(build.child("pluginManagement"))
        .flat_map(|place| place.items("plugins", "plugin"))
        .filter(|plugin| plugin.text_of("artifactId") == Some(artifact))
        .find_map(|plugin| plugin.child("configuration"))
}

/// The names `${...}` may use: the pom's own properties and what Maven calls the project.
fn own_values(project: &Element) -> BTreeMap<String, String> {
    let mut values = BTreeMap::new();
    for part in ["groupId", "artifactId", "version"] {
        let parent = project.child("parent").and_then(|parent| parent.text_of(part));
        let own = project.text_of(part).or(parent.filter(|_| part != "artifactId"));
        for (name, value) in [("project.", own), ("pom.", own), ("project.parent.", parent)] {
            values.extend(value.map(|value| (format!("{name}{part}"), value.to_owned())));
        }
    }
    let properties = project.child("properties").map_or(&[][..], |list| &list.children);
    values.extend(properties.iter().map(|p| (p.name.clone(), p.text.clone())));
    values
}

fn compiler(project: &Element, reader: &Reader) -> Option<Compiler> {
    let plugin = plugin(project, "maven-compiler-plugin")?;
    Some(Compiler {
        fork: plugin.text_of("fork").is_some_and(|text| reader.expand(text) == "true"),
        memory: plugin.text_of("maxmem").and_then(|text| memory(&reader.expand(text))),
        elsewhere: ["executable", "jdkToolchain"].iter().any(|name| plugin.child(name).is_some()),
        line: plugin.line,
    })
}

/// Reads a JVM's memory size, such as `512m` or `4g`, as bytes. Without a unit it is bytes, or
/// mebibytes where the compiler plug-in would say so: below a mebibyte nothing could run.
#[must_use]
pub fn memory(text: &str) -> Option<u64> {
    let text = text.trim();
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let number: u64 = digits.parse().ok()?;
    let shift = match text[digits.len()..].to_ascii_lowercase().as_str() {
        "" if number < 1 << 20 => 20,
        "" => 0,
        "k" => 10,
        "m" | "mb" => 20,
        "g" | "gb" => 30,
        _ => return None,
    };
    number.checked_mul(1 << shift)
}

struct Reader {
    values: BTreeMap<String, String>,
    left: Cell<u32>,
}

impl Reader {
    fn collect(&self, from: &Element, profile: Option<&Profile>, pom: &mut Pom) {
        if profile.is_none_or(|profile| profile.active) {
            pom.rules.extend(enforcer::rules(from, &|text| self.expand(text)));
        }
        let expand = |text: &str| self.expand(text);
        let (uses, managed) = (graph::uses(from, &expand), graph::managed(from, &expand));
        match profile {
            None => (pom.uses, pom.managed) = (uses, managed),
            Some(_) if uses.is_empty() && managed.is_empty() => {}
            Some(profile) => pom.profile_uses.push((profile.id.clone(), uses, managed)),
        }
        let profile = profile.cloned();
        for module in from.items("modules", "module") {
            let path = self.expand(&module.text);
            pom.modules.push(Module { path, line: module.line, profile: profile.clone() });
        }
        for property in from.child("properties").map_or(&[][..], |list| &list.children) {
            pom.properties.push(Property {
                name: property.name.clone(),
                value: self.expand(&property.text),
                line: property.line,
                profile: profile.clone(),
            });
        }
        let lists = [("repositories", "repository"), ("pluginRepositories", "pluginRepository")];
        for (list, item) in lists {
            for repository in from.items(list, item) {
                pom.repositories.push(Repository {
                    id: self.expand(repository.text_of("id").unwrap_or_default()),
                    url: self.expand(repository.text_of("url").unwrap_or_default()),
                    line: repository.line,
                    plugins: item == "pluginRepository",
                    profile: profile.clone(),
                });
            }
        }
    }

    fn parent(&self, parent: &Element) -> Parent {
        let value = |name| parent.text_of(name).map(|text| self.expand(text));
        Parent {
            group: value("groupId"),
            artifact: value("artifactId"),
            version: value("version"),
            relative_path: parent.child("relativePath").map(|path| self.expand(&path.text)),
        }
    }

    /// Replaces `${name}` by its value, as deep as needed; an unknown name stays as it is.
    fn expand(&self, text: &str) -> String {
        let mut out = String::new();
        self.expand_into(text, 0, &mut out);
        out
    }

    fn expand_into(&self, text: &str, depth: usize, out: &mut String) {
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            out.push_str(before);
            let Some((name, tail)) = after.split_once('}') else {
                rest = &rest[before.len()..];
                break;
            };
            match self.values.get(name) {
                Some(value) if depth < DEEPEST && out.len() < LONGEST && self.left.get() > 0 => {
                    self.left.set(self.left.get() - 1);
                    self.expand_into(value, depth + 1, out);
                }
                _ => out.extend(["${", name, "}"]),
            }
            rest = tail;
        }
        out.push_str(rest);
    }
}
