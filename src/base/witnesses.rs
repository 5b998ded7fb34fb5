//! Asks the witnesses which branches the project maintains: its workflow, its branches as this clone
//! last saw them, and the table of the profile. Reads through git2, fetches nothing.

use std::path::Path;

use regex::RegexBuilder;

use super::maintained::{Maintained, Named, Witness};
use crate::git::{Content, Object, Repositories, Tracked, Unreadable};
use crate::maven::pom;
use crate::profile::{Branches, pushed_branches};

/// A pom or workflow may be this long.
const FILE_LIMIT: u64 = 1 << 20;
/// A compiled pattern may take this much memory.
const PATTERN_LIMIT: usize = 1 << 20;
/// Seconds in a day.
const DAY: i64 = 24 * 60 * 60;

/// Whose branches are meant.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// A folder in the work tree.
    pub tree: &'a Path,
    /// Address of the project's repository.
    pub repository: &'a str,
    /// What the profile says about them.
    pub branches: &'a Branches,
    /// Name of the profile.
    pub project: &'a str,
    /// Seconds since the epoch.
    pub now: i64,
}

/// What the witnesses come to.
///
/// # Errors
/// A repository that cannot be read.
pub fn maintained(git: &dyn Repositories, asked: Asked<'_>) -> Result<Maintained, Unreadable> {
    let Asked { tree, repository, branches, project, now } = asked;
    let tracked = git.tracked(tree, repository)?;
    let read = |tracked: &Tracked, path: &str| {
        let object = Object::At(tracked.id.clone(), path.to_owned());
        match git.contents(tree, &[object], FILE_LIMIT).map(|mut read| read.pop()) {
            Ok(Some(Content::Bytes(bytes))) => Ok(Some(bytes.to_vec())),
            Ok(Some(Content::Absent(reason))) | Err(reason) => Err(reason.to_string()),
            Ok(Some(Content::Large(_) | Content::NoSuchFile) | None) => Ok(None),
        }
    };
    let witnesses = vec![
        workflow(branches, &tracked, &read),
        heads(branches, &tracked, now, &read),
        table(branches, project),
    ];
    Ok(Maintained::weigh(&branches.default, witnesses))
}

/// How a file of a branch is read: nothing where there is none.
type Read<'a> = dyn Fn(&Tracked, &str) -> Result<Option<Vec<u8>>, String> + 'a;

/// The branches that the default branch's own workflow runs for.
fn workflow(branches: &Branches, tracked: &[Tracked], read: &Read<'_>) -> Witness {
    let Some(path) = &branches.workflow else {
        return Witness::silent("the project's workflow", "the profile names none");
    };
    let Some(default) = tracked.iter().find(|branch| branch.name == branches.default) else {
        let why = format!("{} is not known here: `git fetch upstream` brings it", branches.default);
        return Witness::silent(path, why);
    };
    let name = format!("{path} of {}", default.reference);
    match read(default, path) {
        Err(why) => Witness::silent(name, why),
        Ok(None) => Witness::silent(name, "there is no such file"),
        Ok(Some(bytes)) => {
            let pushed = pushed_branches(&String::from_utf8_lossy(&bytes));
            if pushed.is_empty() {
                return Witness::silent(name, "it lists no branches under on.push");
            }
            let names = pushed.into_iter().map(|pushed| Named {
                branch: pushed.branch,
                shown_by: format!("line {}", pushed.line),
            });
            Witness::speaking(name, names.collect())
        }
    }
}

/// The release branches that are under work: a snapshot version, and a commit not long ago.
fn heads(branches: &Branches, tracked: &[Tracked], now: i64, read: &Read<'_>) -> Witness {
    let name = "the project's branches, as last fetched";
    let (Some(pattern), Some(days)) = (&branches.pattern, branches.fresh_days) else {
        return Witness::silent(name, "the profile does not say what a release branch is called");
    };
    let pattern = match RegexBuilder::new(pattern).size_limit(PATTERN_LIMIT).build() {
        Ok(pattern) => pattern,
        Err(error) => return Witness::silent(name, format!("branches.pattern: {error}")),
    };
    let Some(newest) = tracked.iter().map(|branch| branch.time).max() else {
        return Witness::silent(name, "none is known here: `git fetch upstream` brings them");
    };
    let oldest = now - i64::from(days) * DAY;
    if newest < oldest {
        let day = day(newest);
        let why = format!("nothing after {day} is known here: `git fetch upstream` brings it");
        return Witness::silent(name, why);
    }
    let mut names = Vec::new();
    let ours =
        |branch: &&Tracked| branch.name == branches.default || pattern.is_match(&branch.name);
    for branch in tracked.iter().filter(ours).filter(|branch| branch.time >= oldest) {
        let pom = match read(branch, "pom.xml") {
            Err(why) => return Witness::silent(name, why),
            Ok(pom) => pom.and_then(|bytes| pom::parse(&bytes).ok()),
        };
        let version = pom.and_then(|pom| pom.version);
        if let Some(version) = version.filter(|version| version.ends_with("-SNAPSHOT")) {
            let shown_by = format!("{version}, last commit {}", day(branch.time));
            names.push(Named { branch: branch.name.clone(), shown_by });
        }
    }
    Witness::speaking(name, names)
}

/// The table in the profile.
fn table(branches: &Branches, project: &str) -> Witness {
    let seen = branches.seen.as_ref().map(|day| format!(" of {day}")).unwrap_or_default();
    let name = format!("onramp's table for {project}{seen}");
    let named = |branch: &String| Named { branch: branch.clone(), shown_by: String::new() };
    Witness::speaking(name, branches.maintained.iter().map(named).collect())
}

/// A moment as a day.
fn day(seconds: i64) -> String {
    let moment = jiff::Timestamp::from_second(seconds).unwrap_or_default();
    moment.strftime("%Y-%m-%d").to_string()
}
