//! Looks through the lines that every commit of a change brings for what looks like a secret, and
//! brings back where: rule, commit, file and line. No part of a secret leaves this probe.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::change::{Change, unknown};
use super::files::{LISTED, MORE, beyond};
use super::{Given, Kind, World};
use crate::git::{Addition, Base, Content, Object, Wanted};
use crate::observation::Unknown;
use crate::secret::{Hit, Rules};

/// Commits gone through; no request has more.
const COMMITS: usize = 1000;
/// Largest file in which a secret is looked for once more.
const LARGEST: u64 = 4 << 20;
/// What somebody writes behind a secret that they think is none.
const ALLOWED: &[u8] = b"gitleaks:allow";

/// The probe.
pub struct Secrets;

/// Which change is meant.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Arguments {
    /// Which change.
    pub change: Change,
}

/// Something that looks like a secret, or a file that could not be looked through.
#[derive(Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Secret {
    /// Path of the file.
    pub file: String,
    /// Full id of the first commit since the base that has it.
    pub commit: Option<String>,
    /// Its line in that commit; none where the file could not be looked through.
    pub line: Option<u64>,
    /// The rule of gitleaks that finds it.
    pub rule: Option<String>,
    /// A later commit of the change takes it out of the file again.
    pub gone: bool,
    /// The line says that gitleaks is to let it pass.
    pub allowed: bool,
    /// Why the file could not be looked through.
    pub unread: Option<String>,
}

/// What was found.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Found {
    /// Always true: where there is no base, the answer is unknown.
    pub present: bool,
    /// What the head is compared with.
    pub base: Base,
    /// Number of commits since then.
    pub commits: u64,
    /// What was found, oldest commit first.
    pub secrets: Vec<Secret>,
}

impl Kind for Secrets {
    type Arguments = Arguments;
    type Found = Found;
    const NAME: &'static str = "secrets";
    const UNTRUSTED: Option<&'static [(&'static str, Given)]> = Some(super::HISTORY);

    fn observe(world: World<'_>, Arguments { change }: Arguments) -> Result<Found, Unknown> {
        let rules = Rules::embedded().map_err(Unknown)?;
        let (tree, wanted) = change.wanted()?;
        let mut look = Look { rules: &rules, seen: HashSet::new(), found: Vec::new() };
        let mut read = |addition: Addition<'_>| look.at(addition);
        let all = world.git.additions(&tree, &wanted, COMMITS, &mut read).map_err(unknown)?;
        let found = look.found;
        let mut secrets = match found.is_empty() {
            true => Vec::new(),
            false => left(world, &tree, &wanted, found)?,
        };
        let unread = all.unread.into_iter();
        secrets.extend(
            unread.map(|(commit, file, reason)| Secret::unread(file, Some(commit), reason)),
        );
        let more = secrets.len().saturating_sub(LISTED);
        secrets.truncate(LISTED);
        secrets.extend(beyond(more).map(|reason| Secret::unread(MORE.to_owned(), None, reason)));
        if all.left > 0 {
            let reason = format!("{} older commits were not looked through", all.left);
            secrets.push(Secret::unread(MORE.to_owned(), None, reason));
        }
        Ok(Found { present: true, base: all.base, commits: all.commits, secrets })
    }
}

impl Secret {
    fn unread(file: String, commit: Option<String>, reason: String) -> Self {
        let unread = Some(reason);
        Self { file, commit, line: None, rule: None, gone: false, allowed: false, unread }
    }
}

/// A finding with the text that it is about, for as long as this probe looks.
struct Raw {
    told: Secret,
    text: Vec<u8>,
}

impl Raw {
    /// Whether the file as the change leaves it lacks the secret; where that cannot be told, it has
    /// it.
    fn is_gone(&self, left: &Content) -> bool {
        match left {
            Content::Bytes(bytes) => memchr::memmem::find(bytes, &self.text).is_none(),
            Content::NoSuchFile => true,
            Content::Large(_) | Content::Absent(_) => false,
        }
    }
}

/// What was found, and whether the change still has it. Of all files only those are read again in
/// which something was found, one at a time.
fn left(
    world: World<'_>,
    tree: &Path,
    wanted: &Wanted,
    found: Vec<Raw>,
) -> Result<Vec<Secret>, Unknown> {
    let changes = world.git.changes(tree, wanted).map_err(unknown)?;
    let objects = changes.files.iter().filter(|file| file.kind != "submodule");
    let objects: HashMap<_, _> =
        objects.filter_map(|file| Some((file.file.as_str(), file.object.clone()?))).collect();
    let mut files: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, raw) in found.iter().enumerate() {
        files.entry(&raw.told.file).or_default().push(at);
    }
    let mut gone = vec![false; found.len()];
    for (file, places) in files {
        let content = match objects.get(file) {
            Some(id) => world.git.contents(tree, &[Object::Id(id.clone())], LARGEST),
            None => Ok(vec![Content::NoSuchFile]),
        };
        for content in content.map_err(unknown)? {
            places.iter().for_each(|at| gone[*at] = found[*at].is_gone(&content));
        }
    }
    let told = found.into_iter().zip(gone).map(|(raw, gone)| Secret { gone, ..raw.told });
    Ok(told.collect())
}

struct Look<'a> {
    rules: &'a Rules,
    seen: HashSet<u64>,
    found: Vec<Raw>,
}

impl Look<'_> {
    fn at(&mut self, addition: Addition<'_>) {
        for hit in self.rules.scan(addition.file, addition.text) {
            let text = &addition.text[hit.place.clone()];
            // One that several commits carry along is told of the first.
            let mut hasher = DefaultHasher::new();
            (&hit.rule, addition.file, text).hash(&mut hasher);
            if self.seen.insert(hasher.finish()) {
                self.found.push(Raw { told: told(&addition, &hit), text: text.to_vec() });
            }
        }
    }
}

fn told(addition: &Addition<'_>, hit: &Hit) -> Secret {
    let after = &addition.text[hit.place.end..];
    let line = after.split(|byte| *byte == b'\n').next().unwrap_or_default();
    Secret {
        file: addition.file.to_owned(),
        commit: Some(addition.commit.to_owned()),
        line: Some(addition.line + hit.line),
        rule: Some(hit.rule.clone()),
        gone: false,
        allowed: memchr::memmem::find(line, ALLOWED).is_some(),
        unread: None,
    }
}
