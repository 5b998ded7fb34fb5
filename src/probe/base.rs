//! Looks which branch of the project a change is for: what it is based on, whether it is a bug fix,
//! and where it fits. Reads through git2 only.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::change::{Change, unknown};
use super::{Given, Kind, THIS_CHANGE, World};
use crate::base::{Asked, Work, maintained, propose, tried, work, work_of};
use crate::observation::Unknown;
use crate::profile::Branches;

/// The probe.
pub struct Base;

/// Which change is meant, and whose branches.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Arguments {
    /// Which change.
    pub change: Change,
    /// What the profile says about the branches.
    pub branches: Branches,
    /// Name of the profile.
    pub project: String,
}

/// The base that the change has, and the one it should have.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Found {
    /// Always true: a folder outside any clone is an unknown.
    pub present: bool,
    /// The branch it is based on; none where it has nothing in common with any.
    pub base: Option<String>,
    /// That is a branch of the project, not a commit that was asked for.
    pub maintained: bool,
    /// Commits since the base.
    pub ahead: u64,
    /// It is a bug fix for sure.
    pub fix: bool,
    /// What shows that; none where it is none, or may be.
    pub because: Option<String>,
    /// The branch it is for; none where that is not proven.
    pub meant: Option<String>,
    /// What leads to that, or what is missing, as sentences.
    pub proof: Vec<String>,
}

impl Kind for Base {
    type Arguments = Arguments;
    type Found = Found;
    const NAME: &'static str = "base";
    const UNTRUSTED: Option<&'static [(&'static str, Given)]> = Some(&[
        ("change", THIS_CHANGE),
        ("branches", Given::Only(&["project.branches"])),
        ("project", Given::Only(&["project.name"])),
    ]);

    fn observe(world: World<'_>, arguments: Arguments) -> Result<Found, Unknown> {
        let Arguments { change, branches, project } = arguments;
        let (tree, mut wanted) = change.wanted()?;
        let asked = Asked {
            tree: &tree,
            repository: &wanted.repository,
            branches: &branches,
            project: &project,
            now: world.system.now(),
        };
        let maintained = maintained(world.git, asked).map_err(unknown)?;
        wanted.branches =
            maintained.branches.iter().map(|standing| standing.branch.clone()).collect();
        let branch = world.git.branch(&tree, &wanted).map_err(unknown)?;
        let begun = branch.base.as_ref().is_some_and(|base| base.ahead > 0);
        let work = match begun {
            true => work(world.git, &tree, &wanted).map_err(unknown)?,
            false => work_of(&[]),
        };
        let because = match &work {
            Work::Fix(because) => Some(because.clone()),
            _ => None,
        };
        // Anything else goes to the default branch, wherever it would fit.
        let tried = match because {
            Some(_) => tried(world.git, &tree, &wanted, &branch.candidates, &maintained),
            None => Vec::new(),
        };
        let current = branch.base.as_ref().map(|base| base.name.as_str());
        let proposal = propose(&work, &maintained, &tried, current);
        Ok(Found {
            present: true,
            maintained: branch.base.as_ref().is_some_and(|base| base.maintained),
            ahead: branch.base.as_ref().map_or(0, |base| base.ahead),
            base: branch.base.map(|base| base.name),
            fix: because.is_some(),
            because,
            meant: proposal.base,
            proof: proposal.proof,
        })
    }
}
