//! `onramp ci`: the twin of the project's own CI. `--list` reads the tree's workflows and runs
//! nothing; without it, the steps that a laptop can run are run. Says first that it runs the tree's
//! code, because it does.

mod decide;
mod keep;
pub mod list;
mod look;
mod run;
mod screen;
mod sources;
mod stand_in;

use super::Session;
use super::args::Global;
use super::trouble::Trouble;
use super::workspace::Workspace;
use crate::ci::rules::Tool;
use crate::ci::shell::CORES;
use crate::ci::work;
use crate::exit::Exit;

/// Run what the project's CI will run on a pull request, as far as this machine can.
///
/// Reads the workflows of the work tree and does here what a laptop can do, over what the branch
/// touches where that gives the same verdict. This runs what the tree brings; --list runs nothing.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct CiArgs {
    /// Only list every job and step that a pull request meets; runs nothing
    #[arg(long)]
    pub list: bool,
    /// Tell the list as JSON, in the shape that `onramp schema ci-list` prints
    #[arg(long, requires = "list")]
    pub json: bool,
    /// Run only this workflow, job or step of the list, or this by the name a run prints; several
    /// with several --only
    #[arg(long, value_name = "STEP", conflicts_with = "list")]
    pub only: Vec<String>,
    /// Run whole builds and long tests too
    #[arg(long, conflicts_with = "list")]
    pub long: bool,
    /// Print what would run and why; run nothing
    #[arg(long, conflicts_with = "list")]
    pub dry_run: bool,
    /// Minutes after which a step is ended
    #[arg(
        long,
        value_name = "MINUTES",
        default_value_t = 120,
        value_parser = clap::value_parser!(u64).range(1..=1440),
        conflicts_with = "list"
    )]
    pub deadline: u64,
    /// Branch that the change is meant for, or the commit it starts from
    #[arg(long, value_name = "REVISION")]
    pub base: Option<String>,
}

/// The whole Maven build that a pull request from this tree meets: the step, and its words as a laptop
/// runs it, less what only chooses how many modules are built at a time. Of several the one in the
/// workflow that stands first in `preferred`, else the first.
///
/// # Errors
/// As for `onramp ci --list`: a base that is not known, a tree without workflows.
pub(super) fn maven_build(
    session: &Session<'_>,
    workspace: &Workspace,
    base: Option<&str>,
    preferred: &[String],
) -> anyhow::Result<Option<(String, Vec<String>)>> {
    let args = CiArgs { base: base.map(str::to_owned), ..CiArgs::default() };
    let seen = look::look(session, workspace, look::place(workspace)?, &args)?;
    let all = work::choose(&seen.plan, &[], true).map_err(Trouble::usage)?;
    let whole = |work: &work::Work| work.action.tool == Tool::Maven && work.action.long;
    let rank = |work: &work::Work| {
        let of = |step: &String| {
            let workflow = step.split('/').next().unwrap_or_default();
            preferred.iter().position(|name| name == workflow)
        };
        work.steps.iter().filter_map(of).min().unwrap_or(preferred.len())
    };
    Ok(all.work.into_iter().filter(whole).min_by_key(rank).map(|work| {
        let step = work.steps.first().cloned().unwrap_or_default();
        let words = work.action.words.into_iter();
        (step, words.filter(|word| !word.contains(CORES) && word != "-B").collect())
    }))
}

/// Runs the verb.
///
/// # Errors
/// Wrong usage, no work tree, mistakes in packs, a run that is under way already.
pub fn ci(session: &Session<'_>, global: &Global, args: &CiArgs) -> anyhow::Result<Exit> {
    let workspace = Workspace::open(session.bench, global)?;
    let root = look::place(&workspace)?;
    let seen = look::look(session, &workspace, root, args)?;
    if args.list {
        return list::list(session, args, &seen.plan);
    }
    let chosen = work::choose(&seen.plan, &args.only, args.long)
        .map_err(|what| Trouble::usage(what).remedy("`onramp ci --list` lists all steps"))?;
    if chosen.work.is_empty() && chosen.later.is_empty() {
        return Err(Trouble::usage("nothing of this project's CI can be run here")
            .remedy("`onramp ci --list` says why; `onramp check patch` runs onramp's own checks")
            .into());
    }
    if chosen.work.is_empty() {
        return Err(Trouble::usage(
            "all that could be run here takes long: whole builds and tests",
        )
        .remedy("`onramp ci --long` runs them; `onramp build` builds and explains what goes wrong")
        .into());
    }
    let ground = decide::Ground::of(session, &workspace, seen, global.offline)?;
    let doing: Vec<_> = chosen.work.iter().map(|work| ground.decide(work)).collect();
    if args.dry_run {
        let width = session.terminal.width;
        session.terminal.data(&screen::planned(&ground, &chosen, &doing, width))?;
        return Ok(Exit::Success);
    }
    run::run(&ground, args, &chosen, doing)
}
