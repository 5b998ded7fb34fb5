//! Looks at what changed Java files import and which package they name: what checkstyle finds
//! without a compiler. Where it cannot be sure it stays silent; it never reads other files.

use std::collections::{BTreeMap, HashSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::change::{Change, unknown};
use super::files::{LISTED, MORE, Paths, beyond};
use super::java_text::{Import, Source};
use super::{Given, Kind, World};
use crate::git::{Base, Patched};
use crate::observation::Unknown;

/// The probe.
pub struct JavaSource;

/// Which change, and what is forbidden in it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Arguments {
    /// Which change.
    pub change: Change,
    /// Regular expressions of paths to leave out.
    #[serde(default)]
    pub except: Vec<String>,
    /// Full names of classes that must not be imported.
    #[serde(default)]
    pub illegal: Vec<String>,
}

/// One line that checkstyle may mind.
#[derive(Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Oddity {
    /// Path of the file.
    pub file: String,
    /// Full id of the last commit since the base that touched it.
    pub commit: Option<String>,
    /// Line of the import or of the package.
    pub line: Option<u64>,
    /// `star`, `illegal`, `unused`, `redundant`, `package`, or `unread`.
    pub kind: String,
    /// What is imported, or the package; none where the file names no package.
    pub name: Option<String>,
    /// Why the file could not be read.
    pub unread: Option<String>,
}

/// What was found.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Found {
    /// Always true: where there is no base, the answer is unknown.
    pub present: bool,
    /// What the head is compared with.
    pub base: Base,
    /// Changed Java files.
    pub looked: u64,
    /// Imports of all (`star`), of a forbidden class (`illegal`), of what the file does not name
    /// (`unused`), of what needs none (`redundant`); a `package` that is not the folder's, or none
    /// at all; and files that could not be read (`unread`).
    pub oddities: Vec<Oddity>,
}

impl Kind for JavaSource {
    type Arguments = Arguments;
    type Found = Found;
    const NAME: &'static str = "java_source";
    const UNTRUSTED: Option<&'static [(&'static str, Given)]> = Some(&[
        ("change", super::THIS_CHANGE),
        ("except", Given::Anything),
        ("illegal", Given::Anything),
    ]);

    fn observe(world: World<'_>, arguments: Arguments) -> Result<Found, Unknown> {
        let paths = Paths::of(&[r"\.java$".to_owned()], &arguments.except)?;
        let (tree, wanted) = arguments.change.wanted()?;
        let patch = world.git.patch(&tree, &wanted).map_err(unknown)?;
        let (mut looked, mut oddities) = (0, Vec::new());
        let files = patch.files.iter().filter(|file| paths.include(&file.change.file));
        for file in files.filter(|file| ["file", "executable"].contains(&file.change.kind)) {
            looked += 1;
            oddities.extend(look(file, &arguments.illegal));
        }
        let oddities = listed(oddities);
        Ok(Found { present: true, base: patch.base.clone(), looked, oddities })
    }
}

/// The first of each kind, and for each how many more there are.
fn listed(mut oddities: Vec<Oddity>) -> Vec<Oddity> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    oddities.retain(|odd| {
        let count = counts.entry(odd.kind.clone()).or_default();
        *count += 1;
        *count <= LISTED
    });
    let rest = counts.into_iter().filter_map(|(kind, count)| {
        let unread = Some(beyond(count.saturating_sub(LISTED))?);
        Some(Oddity { file: MORE.to_owned(), commit: None, line: None, kind, name: None, unread })
    });
    oddities.extend(rest);
    oddities
}

fn look(file: &Patched, illegal: &[String]) -> Vec<Oddity> {
    let oddity = |line: Option<u64>, kind: &str, name: Option<String>| Oddity {
        file: file.change.file.clone(),
        commit: file.change.commit.clone(),
        line,
        kind: kind.to_owned(),
        name,
        unread: file.traits.unread.clone(),
    };
    if file.traits.unread.is_some() {
        return vec![oddity(None, "unread", None)];
    }
    let Some(text) = &file.text else { return Vec::new() };
    let text = String::from_utf8_lossy(&text.bytes);
    let source = Source::read(&text);
    let mut odd = imports(&source, illegal);
    match &source.package {
        Some((line, name)) if !lies_in(&file.change.file, name) => {
            odd.push((*line, "package", Some(name.clone())));
        }
        Some(_) => {}
        None => odd.push((source.begins, "package", None)),
    }
    odd.into_iter().map(|(line, kind, name)| oddity(Some(line), kind, name)).collect()
}

type Odd = (u64, &'static str, Option<String>);

fn imports(source: &Source<'_>, illegal: &[String]) -> Vec<Odd> {
    let mut seen = HashSet::new();
    let odd = source.imports.iter().flat_map(|import| {
        let again = !seen.insert((import.fixed, import.name.as_str()));
        let kinds = kinds(source, import, again, illegal);
        kinds.into_iter().map(|kind| (import.line, kind, Some(import.name.clone())))
    });
    odd.collect()
}

/// All that is wrong with an import; what is not needed is not said to be unused as well.
fn kinds(
    source: &Source<'_>,
    import: &Import,
    again: bool,
    illegal: &[String],
) -> impl IntoIterator<Item = &'static str> {
    let (holder, name) = import.name.rsplit_once('.').unwrap_or(("", &import.name));
    let own = source.package.as_ref().is_some_and(|(_, package)| package == holder);
    let redundant = again || (!import.fixed && (own || holder == "java.lang"));
    let needless = if redundant {
        Some("redundant")
    } else {
        Some("unused").filter(|_| name != "*" && !source.uses(name))
    };
    let star = Some("star").filter(|_| name == "*");
    let forbidden = Some("illegal").filter(|_| illegal.contains(&import.name));
    [star, forbidden, needless].into_iter().flatten()
}

/// Whether a file lies in the folders its package names, the first of them read from its end as
/// checkstyle does.
fn lies_in(path: &str, package: &str) -> bool {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    folder.ends_with(&package.replace('.', "/"))
}
