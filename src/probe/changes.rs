//! Looks at the files a change touches, and at the licence headers of those it adds or strips.
//! The rules of what needs a header are those of the commit the change is based on, so that a
//! change cannot excuse itself.

use std::path::Path;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::change::{Change, unknown};
use super::{Given, Kind, World};
use crate::git::{self, Base, Content, Object, Repositories};
use crate::maven::exclusions::Exclusions;
use crate::maven::rat::{self, Licence};
use crate::observation::Unknown;

/// Largest text whose header is looked for; beyond it nobody writes one by hand.
const LARGEST: u64 = 4 << 20;

/// Bytes of content held in memory at a time, with one file more.
const AT_ONCE: u64 = 4 << 20;

/// Files of which the first lines are looked at before they are read.
const MANY: usize = 100;

/// The probe.
pub struct Changes;

/// Which change is meant.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Arguments {
    /// Which change.
    pub change: Change,
    /// Files that need no licence header, as Maven patterns, where the tree's own pom does not say.
    #[serde(default)]
    pub licence_excludes: Vec<String>,
    /// The release of Apache RAT that the project's CI runs, where that is known.
    #[serde(default)]
    pub licence_tool: Option<String>,
    /// Words of `found.files[].licence` to bring back; all without them.
    #[serde(default)]
    pub licences: Vec<String>,
}

/// One changed file.
#[derive(Debug, Serialize, JsonSchema)]
pub struct File {
    /// What git says of it.
    #[serde(flatten)]
    pub change: git::Change,
    /// `present`, `missing`, `not_needed` or `unknown`.
    pub licence: String,
    /// Why it is not needed or unknown.
    pub licence_reason: Option<String>,
}

/// The changed files.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Found {
    /// Always true: where there is no base, the answer is unknown.
    pub present: bool,
    /// What the head is compared with.
    pub base: Base,
    /// Full id of the merge base.
    pub from: String,
    /// Full id of the head.
    pub head: String,
    /// Changed files.
    pub looked: u64,
    /// Those of them that were asked for, by path.
    pub files: Vec<File>,
    /// Where the rules for licence headers come from: `pom.xml` or `profile`.
    pub licence_rules: String,
}

impl Kind for Changes {
    type Arguments = Arguments;
    type Found = Found;
    const NAME: &'static str = "changes";
    const UNTRUSTED: Option<&'static [(&'static str, Given)]> = Some(super::HISTORY);

    fn observe(world: World<'_>, arguments: Arguments) -> Result<Found, Unknown> {
        let Arguments { change, licence_excludes, licence_tool, licences } = arguments;
        let followed = licence_tool.as_deref() == Some(rat::RELEASE);
        let (tree, wanted) = change.wanted()?;
        let look = Look { git: world.git, tree: &tree, followed };
        let changes = world.git.changes(look.tree, &wanted).map_err(unknown)?;
        let rules = look.rules(&changes.from, &licence_excludes)?;
        let mut verdicts = look.verdicts(&changes.files, &rules)?;
        if verdicts.iter().any(|(word, _)| *word == "missing") {
            let own = look.rules(&changes.head, &licence_excludes)?;
            excuse(&changes.files, &mut verdicts, &own);
        }
        let looked = changes.files.len() as u64;
        let asked = |word: &str| licences.is_empty() || licences.iter().any(|asked| asked == word);
        let judged = changes.files.iter().zip(verdicts).filter(|(_, (word, _))| asked(word));
        let files = judged.map(|(change, (licence, reason))| File {
            change: change.clone(),
            licence: licence.to_owned(),
            licence_reason: reason,
        });
        Ok(Found {
            present: true,
            looked,
            files: files.collect(),
            base: changes.base,
            from: changes.from,
            head: changes.head,
            licence_rules: rules.origin.to_owned(),
        })
    }
}

type Verdict = (&'static str, Option<String>);

struct Rules {
    left_out: Exclusions,
    origin: &'static str,
}

struct Look<'a> {
    git: &'a dyn Repositories,
    tree: &'a Path,
    /// The project runs the very release whose rules we follow.
    followed: bool,
}

impl Look<'_> {
    /// The rules as they stand in one commit.
    fn rules(&self, commit: &str, fallback: &[String]) -> Result<Rules, Unknown> {
        let at = |file: &str| Object::At(commit.to_owned(), file.to_owned());
        let wanted = [at("pom.xml"), at(".gitignore")];
        let read = self.git.contents(self.tree, &wanted, LARGEST).map_err(unknown)?;
        let text = |index: usize| match read.get(index) {
            Some(Content::Bytes(bytes)) => Some(&**bytes),
            _ => None,
        };
        let own = text(0).and_then(rat::excludes);
        let origin = if own.is_some() { "pom.xml" } else { "profile" };
        let mut patterns = own.unwrap_or_else(|| fallback.to_vec());
        patterns.extend(text(1).map(rat::ignored).unwrap_or_default());
        Ok(Rules { left_out: Exclusions::of(patterns.iter().map(String::as_str)), origin })
    }

    fn verdicts(&self, files: &[git::Change], rules: &Rules) -> Result<Vec<Verdict>, Unknown> {
        let mut verdicts: Vec<_> = files.iter().map(|file| by_path(file, rules)).collect();
        let open = |verdicts: &[Option<Verdict>]| {
            let open = verdicts.iter().enumerate().filter(|(_, verdict)| verdict.is_none());
            open.map(|(index, _)| index).collect::<Vec<_>>()
        };
        for (index, verdict) in self.beginnings(files, &open(&verdicts))? {
            verdicts[index] = Some(verdict);
        }
        for (index, verdict) in self.read(files, &open(&verdicts), |file| &file.object)? {
            verdicts[index] = Some(verdict);
        }
        let missing: Vec<_> = (0..files.len())
            .filter(|index| verdicts[*index].as_ref().is_some_and(|(word, _)| *word == "missing"))
            .collect();
        for (index, before) in self.read(files, &missing, |file| &file.old_object)? {
            // Accepted without a header before, it was something else that let it pass.
            match before {
                ("present", _) => {}
                ("unknown", reason) => verdicts[index] = Some(("unknown", reason)),
                _ => verdicts[index] = not_needed("it had none before"),
            }
        }
        let unanswered = || ("unknown", Some("git gave no answer".to_owned()));
        Ok(verdicts.into_iter().map(|verdict| verdict.unwrap_or_else(unanswered)).collect())
    }

    /// Judges what the first lines of these files settle, as they do for most.
    fn beginnings(
        &self,
        files: &[git::Change],
        indexes: &[usize],
    ) -> Result<Vec<(usize, Verdict)>, Unknown> {
        // A few are read as soon as their beginnings are.
        if indexes.len() < MANY {
            return Ok(Vec::new());
        }
        let with_id = |index: &usize| Some((*index, files[*index].object.as_deref()?));
        let (indexes, ids): (Vec<_>, Vec<_>) = indexes.iter().filter_map(with_id).unzip();
        let mut verdicts = Vec::with_capacity(ids.len());
        let judge = &mut |at: usize, bytes: &[u8]| {
            let (index, file) = (indexes[at], &files[indexes[at]].file);
            let settled = rat::by_beginning(file, bytes);
            verdicts.extend(settled.map(|licence| (index, self.verdict(licence))));
        };
        self.git.beginnings(self.tree, &ids, rat::BEGINNING, judge).map_err(unknown)?;
        Ok(verdicts)
    }

    /// Judges the content that `which` picks of these files, a bounded number at a time.
    fn read(
        &self,
        files: &[git::Change],
        indexes: &[usize],
        which: fn(&git::Change) -> &Option<String>,
    ) -> Result<Vec<(usize, Verdict)>, Unknown> {
        let picked: Vec<_> = indexes
            .iter()
            .filter_map(|index| Some((*index, Object::Id(which(&files[*index]).clone()?))))
            .collect();
        let mut verdicts = Vec::with_capacity(picked.len());
        // Only the new content's size is known.
        let size = |(index, object): &(usize, Object)| {
            let file = &files[*index];
            let new = matches!(object, Object::Id(id) if Some(id) == file.object.as_ref());
            file.size.filter(|_| new).unwrap_or(u64::MAX)
        };
        for some in portions(&picked, size) {
            let small = some.iter().all(|item| size(item) <= LARGEST);
            let limit = if small { u64::MAX } else { LARGEST };
            let objects: Vec<_> = some.iter().map(|(_, object)| object.clone()).collect();
            let contents = self.git.contents(self.tree, &objects, limit).map_err(unknown)?;
            let judged = some.iter().zip(contents);
            verdicts.extend(
                judged.map(|((index, _), content)| {
                    (*index, self.judge(&files[*index].file, content))
                }),
            );
        }
        Ok(verdicts)
    }

    fn judge(&self, path: &str, content: Content) -> Verdict {
        let bytes = match content {
            Content::Bytes(bytes) => bytes,
            Content::Large(_) => return ("unknown", Some("too large to be read".to_owned())),
            Content::NoSuchFile => return ("unknown", Some("git gave no answer".to_owned())),
            Content::Absent(reason) => return ("unknown", Some(reason.to_string())),
        };
        self.verdict(rat::licence(path, &bytes))
    }

    fn verdict(&self, licence: Licence) -> Verdict {
        match licence {
            Licence::Present => ("present", None),
            Licence::Missing => ("missing", None),
            Licence::NotNeeded(reason) => ("not_needed", Some(reason.to_owned())),
            Licence::Unclear(_) if self.followed => ("missing", None),
            Licence::Unclear(reason) => ("unknown", Some(reason.to_owned())),
        }
    }
}

/// Cuts a list where what came before fills the memory.
fn portions<T>(all: &[T], size: impl Fn(&T) -> u64) -> impl Iterator<Item = &[T]> {
    let mut rest = all;
    std::iter::from_fn(move || {
        let mut held = 0;
        let end = rest.iter().position(|item| {
            let full = held >= AT_ONCE;
            held += size(item).min(LARGEST);
            full
        });
        let (some, left) = rest.split_at(end.unwrap_or(rest.len()));
        rest = left;
        Some(some).filter(|some| !some.is_empty())
    })
}

/// RAT goes by the rules of the change itself; what only these leave out deserves a reviewer.
fn excuse(files: &[git::Change], verdicts: &mut [Verdict], own: &Rules) {
    for (file, verdict) in files.iter().zip(verdicts) {
        if verdict.0 == "missing" && own.left_out.cover(&file.file) {
            let reason = "only this change itself leaves it out of the licence check";
            *verdict = ("unknown", Some(reason.to_owned()));
        }
    }
}

fn not_needed(reason: &str) -> Option<Verdict> {
    Some(("not_needed", Some(reason.to_owned())))
}

/// What can be told without the content.
fn by_path(file: &git::Change, rules: &Rules) -> Option<Verdict> {
    match file.kind {
        "file" | "executable" if rules.left_out.cover(&file.file) => {
            not_needed("left out by the licence check")
        }
        "file" | "executable" => None,
        "none" => not_needed("deleted"),
        _ => not_needed("not a file of its own"),
    }
}
