//! Looks at the files a change touches, and at the licence headers of those it adds or strips.
//! The rules of what needs a header are those of the commit the change is based on, so that a
//! change cannot excuse itself.

use std::path::Path;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::branch::{named, unknown};
use super::{Kind, World};
use crate::git::{Base, Change, Changes as Differing, Content, Object, Repositories, Wanted};
use crate::maven::rat::{self, Exclusions, Licence};
use crate::observation::Unknown;

/// Largest text whose header is looked for; beyond it nobody writes one by hand.
const LARGEST: u64 = 4 << 20;

/// The probe.
pub struct Changes;

/// Which change is meant.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Arguments {
    /// A folder in the work tree.
    pub tree: Option<String>,
    /// The revision to compare with, where the user named one.
    #[serde(default)]
    pub base: Option<String>,
    /// The revision to look at, where the user named one.
    #[serde(default)]
    pub head: Option<String>,
    /// Address of the project's repository.
    pub repository: String,
    /// The maintained branches, the default branch first.
    pub branches: Vec<String>,
    /// Files that need no licence header, as Maven patterns, where the tree's own pom does not say.
    #[serde(default)]
    pub licence_excludes: Vec<String>,
}

/// One changed file.
#[derive(Debug, Serialize, JsonSchema)]
pub struct File {
    /// What git says of it.
    #[serde(flatten)]
    pub change: Change,
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
    /// The files, by path.
    pub files: Vec<File>,
    /// Where the rules for licence headers come from: `pom.xml` or `profile`.
    pub licence_rules: String,
}

impl Kind for Changes {
    type Arguments = Arguments;
    type Found = Found;
    const NAME: &'static str = "changes";

    fn observe(world: World<'_>, arguments: Arguments) -> Result<Found, Unknown> {
        let Arguments { tree, base, head, repository, branches, licence_excludes } = arguments;
        let tree = named(tree)?;
        let look = Look { git: world.git, tree: Path::new(&tree) };
        let wanted = Wanted { head, base, repository, branches };
        let changes = world.git.changes(look.tree, &wanted).map_err(unknown)?;
        let rules = look.rules(&changes, &licence_excludes)?;
        let verdicts = look.verdicts(&changes.files, &rules)?;
        let files = changes.files.into_iter().zip(verdicts).map(|(change, (licence, reason))| {
            File { change, licence: licence.to_owned(), licence_reason: reason }
        });
        Ok(Found {
            present: true,
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
    before: Exclusions,
    after: Exclusions,
    origin: &'static str,
}

struct Look<'a> {
    git: &'a dyn Repositories,
    tree: &'a Path,
}

impl Look<'_> {
    fn rules(&self, changes: &Differing, fallback: &[String]) -> Result<Rules, Unknown> {
        let at = |commit: &str, file: &str| Object::At(commit.to_owned(), file.to_owned());
        let wanted = [
            at(&changes.from, "pom.xml"),
            at(&changes.from, ".gitignore"),
            at(&changes.head, "pom.xml"),
            at(&changes.head, ".gitignore"),
        ];
        let read = self.git.contents(self.tree, &wanted, LARGEST).map_err(unknown)?;
        let text = |index: usize| match read.get(index) {
            Some(Content::Bytes(bytes)) => Some(bytes.as_slice()),
            _ => None,
        };
        let patterns = |pom: usize, ignore: usize| {
            let own = text(pom).and_then(rat::excludes);
            let ignored = text(ignore).map(rat::ignored).unwrap_or_default();
            let known = own.is_some();
            let all = own.unwrap_or_else(|| fallback.to_vec()).into_iter().chain(ignored);
            (Exclusions::of(all.collect::<Vec<_>>().iter().map(String::as_str)), known)
        };
        let ((before, known), (after, _)) = (patterns(0, 1), patterns(2, 3));
        Ok(Rules { before, after, origin: if known { "pom.xml" } else { "profile" } })
    }

    fn verdicts(&self, files: &[Change], rules: &Rules) -> Result<Vec<Verdict>, Unknown> {
        files.iter().map(|file| self.verdict(file, rules)).collect()
    }

    fn verdict(&self, file: &Change, rules: &Rules) -> Result<Verdict, Unknown> {
        let not_needed = |reason: &str| Ok(("not_needed", Some(reason.to_owned())));
        let object = match (&file.object, file.kind.as_str()) {
            (Some(object), "file" | "executable") => object,
            (None, _) => return not_needed("deleted"),
            _ => return not_needed("a link, not a file"),
        };
        if rules.before.cover(&file.file) {
            return not_needed("left out by the licence check");
        }
        let content = self.content(object)?;
        let verdict = judge(&file.file, content);
        if verdict.0 != "missing" {
            return Ok(verdict);
        }
        if rules.after.cover(&file.file) {
            let reason = "only this change itself leaves it out of the licence check";
            return Ok(("unknown", Some(reason.to_owned())));
        }
        let Some(old) = &file.old_object else { return Ok(verdict) };
        // It was accepted without a header before, so something else than a header let it pass.
        Ok(match judge(&file.file, self.content(old)?) {
            ("present", _) => verdict,
            ("unknown", reason) => ("unknown", reason),
            _ => ("not_needed", Some("it had none before".to_owned())),
        })
    }

    fn content(&self, object: &str) -> Result<Content, Unknown> {
        let objects = [Object::Id(object.to_owned())];
        let mut read = self.git.contents(self.tree, &objects, LARGEST).map_err(unknown)?;
        read.pop().ok_or_else(|| Unknown::because("git gave no answer"))
    }
}

fn judge(path: &str, content: Content) -> Verdict {
    let bytes = match content {
        Content::Bytes(bytes) => bytes,
        Content::Large(_) => return ("unknown", Some("too large to be read".to_owned())),
        Content::NoSuchFile => return ("unknown", Some("git gave no answer".to_owned())),
        Content::Absent(reason) => return ("unknown", Some(reason.to_string())),
    };
    match rat::licence(path, &bytes) {
        Licence::Present => ("present", None),
        Licence::Missing => ("missing", None),
        Licence::NotNeeded(reason) => ("not_needed", Some(reason.to_owned())),
        Licence::Unclear(reason) => ("unknown", Some(reason.to_owned())),
    }
}
