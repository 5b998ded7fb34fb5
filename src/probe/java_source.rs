//! Looks at what changed Java files import and which package they name: what checkstyle finds
//! without a compiler. Where it cannot be sure it stays silent; it never reads other files.

use std::collections::{BTreeMap, HashSet};
use std::sync::LazyLock;

use regex::Regex;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::change::{Change, unknown};
use super::files::{LISTED, MORE, Paths, beyond};
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
    /// What is imported, or the package.
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
    /// (`unused`), of what needs none (`redundant`); a `package` that is not the folder's; and
    /// files that could not be read (`unread`).
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
        for file in files.filter(|file| ["file", "executable"].contains(&&*file.change.kind)) {
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
    let source = Source::read(text.lines().map(|(number, line)| (number, decoded(line))));
    let mut odd: Vec<_> = source.imports(illegal);
    odd.extend(
        source
            .package
            .filter(|(_, name)| !lies_in(&file.change.file, name))
            .map(|(line, name)| (line, "package", name)),
    );
    odd.into_iter().map(|(line, kind, name)| oddity(Some(line), kind, Some(name))).collect()
}

fn decoded(line: &[u8]) -> String {
    String::from_utf8_lossy(line).into_owned()
}

/// Whether a file lies in the folders its package names.
fn lies_in(path: &str, package: &str) -> bool {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let named = package.replace('.', "/");
    folder == named || folder.ends_with(&format!("/{named}"))
}

struct Import {
    line: u64,
    fixed: bool,
    name: String,
}

struct Source {
    package: Option<(u64, String)>,
    imports: Vec<Import>,
    words: HashSet<String>,
}

static IMPORT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^\s*import\s+(static\s+)?([\w$.]+(?:\.\*)?)\s*;\s*(?://.*)?$").ok()
});
static PACKAGE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^\s*package\s+([\w$.]+)\s*;").ok());

impl Source {
    /// Takes the file apart: imports stand before the first type, and every other word counts as
    /// used, those of comments too.
    fn read(lines: impl Iterator<Item = (u64, String)>) -> Self {
        let mut source = Self { package: None, imports: Vec::new(), words: HashSet::new() };
        let mut comment = false;
        for (number, line) in lines {
            let code = !comment;
            comment = still_in_comment(comment, &line);
            let import = IMPORT.as_ref().filter(|_| code).and_then(|shape| shape.captures(&line));
            if let Some(import) = import {
                let (fixed, name) = (import.get(1).is_some(), import[2].to_owned());
                source.imports.push(Import { line: number, fixed, name });
                continue;
            }
            let package = PACKAGE.as_ref().filter(|_| code).and_then(|shape| shape.captures(&line));
            if let (Some(package), None) = (package, &source.package) {
                source.package = Some((number, package[1].to_owned()));
                continue;
            }
            let words = line.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$'));
            source.words.extend(words.filter(|word| !word.is_empty()).map(ToOwned::to_owned));
        }
        source
    }

    fn imports(&self, illegal: &[String]) -> Vec<(u64, &'static str, String)> {
        let mut seen = HashSet::new();
        let odd = self.imports.iter().filter_map(|import| {
            let again = !seen.insert((import.fixed, import.name.as_str()));
            let kind = self.kind(import, again, illegal)?;
            Some((import.line, kind, import.name.clone()))
        });
        odd.collect()
    }

    fn kind(&self, import: &Import, again: bool, illegal: &[String]) -> Option<&'static str> {
        let (holder, name) = import.name.rsplit_once('.')?;
        let own = self.package.as_ref().is_some_and(|(_, package)| package == holder);
        if name == "*" {
            Some("star")
        } else if illegal.contains(&import.name) {
            Some("illegal")
        } else if again || (!import.fixed && (own || holder == "java.lang")) {
            Some("redundant")
        } else if !self.words.contains(name) {
            Some("unused")
        } else {
            None
        }
    }
}

/// Whether a block comment is open after this line. A string that holds the signs of one may
/// mislead it, and then an import is overlooked at most.
fn still_in_comment(mut inside: bool, line: &str) -> bool {
    let mut rest = line;
    loop {
        let sign = if inside { "*/" } else { "/*" };
        let Some(at) = rest.find(sign) else { return inside };
        if !inside && rest.find("//").is_some_and(|slashes| slashes < at) {
            return false;
        }
        rest = &rest[at + sign.len()..];
        inside = !inside;
    }
}
