//! `onramp clone`: the project's history and a work tree on a topic branch, or nothing.
//!
//! The user's own git does the network work. Everything happens in a hidden folder beside the
//! target and is renamed onto it at the end, so a run can be killed at any moment: the next one
//! keeps the steps that were finished. Runs nothing of the tree.

mod adopt;
mod place;
mod steps;
mod transfer;

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::Session;
use super::trouble::Trouble;
use crate::exit::Exit;
use crate::git::adopt::is_branch_name;
use crate::git::remote::{Depth, Git};
use crate::text::{Line, Tone};

use steps::{Job, Outcome};

/// Get the project's source on a topic branch of your own.
#[derive(Debug, Clone, Args)]
pub struct CloneArgs {
    /// Folder to make; the project's name by default
    pub folder: Option<PathBuf>,
    /// Your fork, set as the remote `origin` that you push to
    #[arg(long, value_name = "URL")]
    pub fork: Option<String>,
    /// All of the history with every old file
    #[arg(long, conflicts_with = "shallow")]
    pub full: bool,
    /// The newest commit only: small, but without the history that checks need
    #[arg(long)]
    pub shallow: bool,
    /// The maintained branch to work on
    #[arg(long, value_name = "BRANCH")]
    pub base: Option<String>,
    /// Name of the topic branch
    #[arg(long, value_name = "NAME", default_value = TOPIC)]
    pub branch: String,
    /// Fit the clone you are in instead: add `upstream` and a topic branch, nothing else
    #[arg(long, conflicts_with_all = ["folder", "fork", "full", "shallow"])]
    pub adopt: bool,
    /// Say what would be done, and do nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// Room that each kind of clone takes, work tree included, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Needs {
    /// All commits, old file contents on demand.
    pub partial: u64,
    /// Everything.
    pub full: u64,
    /// The newest commit only.
    pub shallow: u64,
}

/// What the profile and the machine say about the project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClonePlan {
    /// The user's git; none where there is none.
    pub git: Option<PathBuf>,
    /// The project's name: the folder's, too.
    pub project: String,
    /// The project's title, for people.
    pub title: String,
    /// Address of its repository.
    pub repository: String,
    /// The maintained branches, the default branch first.
    pub branches: Vec<String>,
    /// Room needed.
    pub needs: Needs,
    /// Longest silence of the server before the transfer is given up.
    pub stall: Duration,
    /// Longest wait for another run, or for the git that a killed run has left behind.
    pub patience: Duration,
}

impl ClonePlan {
    fn base(&self, args: &CloneArgs) -> String {
        let default = || self.branches.first().cloned().unwrap_or_else(|| "main".to_owned());
        args.base.clone().unwrap_or_else(default)
    }
}

/// The topic branch where the user names none.
pub const TOPIC: &str = "my-change";

/// Clones, or adopts an existing clone.
///
/// # Errors
/// Trouble with a sentence and a remedy; the target is then as it was.
pub fn clone(session: &Session<'_>, args: &CloneArgs, plan: ClonePlan) -> Result<Exit, Trouble> {
    if args.adopt {
        return adopt::adopt(session, args, &plan);
    }
    let job = job(session, args, plan)?;
    if args.dry_run {
        return rehearse(session, &job);
    }
    match steps::run(session, &job)? {
        Outcome::Done => {
            farewell(session, &job);
            Ok(Exit::Success)
        }
        Outcome::Stopped(signal) => {
            let kept = job.hidden.display();
            session.terminal.complain(Line::plain(format!(
                "stopped; what is done so far lies in {kept}, and the same command goes on from there"
            )));
            Ok(Exit::by(signal))
        }
    }
}

fn job(session: &Session<'_>, args: &CloneArgs, plan: ClonePlan) -> Result<Job, Trouble> {
    let depth = match (args.full, args.shallow) {
        (true, _) => Depth::Full,
        (_, true) => Depth::Shallow,
        _ => Depth::Partial,
    };
    let topic = args.branch.clone();
    let base = plan.base(args);
    for name in [&topic, &base] {
        if !is_branch_name(name) {
            return Err(Trouble::usage(format!("{name} cannot be the name of a branch")));
        }
    }
    if topic == base || plan.branches.contains(&topic) {
        return Err(Trouble::usage(format!("{topic} is a branch of the project itself"))
            .remedy("name your own branch with --branch"));
    }
    let folder = args.folder.clone().unwrap_or_else(|| PathBuf::from(&plan.project));
    let target = place::target(session.bench, &folder)?;
    let git = plan.git.clone().ok_or_else(|| {
        Trouble::failed("git is not installed")
            .remedy("install it: `onramp check machine` says how")
    })?;
    let git = Git { program: git, interactive: session.terminal.live, stall: plan.stall };
    let needs = match depth {
        Depth::Partial => plan.needs.partial,
        Depth::Full => plan.needs.full,
        Depth::Shallow => plan.needs.shallow,
    };
    let hidden = place::hidden(&target);
    Ok(Job {
        git,
        plan,
        depth,
        base,
        topic,
        fork: args.fork.clone(),
        folder,
        target,
        hidden,
        needs,
    })
}

fn rehearse(session: &Session<'_>, job: &Job) -> Result<Exit, Trouble> {
    place::refuse_existing(session.bench, job)?;
    place::room(session.bench, job)?;
    let (title, url, depth) = (&job.plan.title, &job.plan.repository, job.depth.word());
    let mut lines = vec![
        format!("would clone {title} from {url}"),
        format!("  into    {}", job.target.display()),
        format!("  kind    {depth}, about {}", place::size(job.needs)),
        format!("  branch  {}, based on upstream/{}", job.topic, job.base),
    ];
    lines.extend(job.fork.iter().map(|fork| format!("  origin  {fork}")));
    let lines: Vec<_> = lines.into_iter().map(Line::plain).collect();
    session.terminal.data(&lines)?;
    Ok(Exit::Success)
}

fn farewell(session: &Session<'_>, job: &Job) {
    let say = |line| session.terminal.say(line);
    say(Line::toned(Tone::Good, format!("{} is ready", job.plan.title)).and(
        Tone::Plain,
        format!(
            " in {}: branch {}, based on upstream/{}",
            job.target.display(),
            job.topic,
            job.base
        ),
    ));
    if job.fork.is_none() {
        say(Line::plain(
            "to push your work you will need a fork: `git remote add origin URL` sets it",
        ));
    }
    say(Line::plain("next: ").and(Tone::Command, format!("cd {} && onramp", job.folder.display())));
}
