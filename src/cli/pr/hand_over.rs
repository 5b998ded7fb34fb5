//! `onramp pr --open` and `--create`: hands the request over, once the gate is open and the branch
//! is where the request is to come from. Never pushes, and says what it does before it does it.

use std::path::{Path, PathBuf};

use clap::Args;

use super::{PrPlan, afterwards, browser, create};
use crate::cli::Session;
use crate::cli::trouble::Trouble;
use crate::exit::Exit;
use crate::pr::compare::{Repository, Route};
use crate::pr::next::{obstacle, repositories};
use crate::results::{HandOver, Here, Recorded};
use crate::sys::{Access, stays_inside};
use crate::text::{Line, Tone, clean_line};

/// Name of the file with the text, in the git folder's `onramp` folder.
const FILE: &str = "request.md";

/// How to hand the request over.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Handing it over")]
pub struct HandOverArgs {
    /// Open the page for a new request in the browser, title and text filled in
    #[arg(long, conflicts_with = "create")]
    pub open: bool,
    /// Make the request with GitHub's program gh: shows it first, and asks
    #[arg(long)]
    pub create: bool,
    /// Make it without asking
    #[arg(long, requires = "create")]
    pub yes: bool,
    /// Tell what happens once the request is open, instead of drafting it
    #[arg(long, conflicts_with_all = ["open", "create", "output"])]
    pub next: bool,
    /// Hand it over although a check of the patch fails or is stale, or --create although the text
    /// is not finished
    #[arg(long)]
    pub anyway: bool,
}

impl HandOverArgs {
    /// Whether the request is to be handed over.
    #[must_use]
    pub fn asked(&self) -> bool {
        self.open || self.create
    }
}

/// The request as it would be handed over.
#[derive(Debug, Clone, Copy)]
pub struct Parcel<'a> {
    /// Its title.
    pub title: &'a str,
    /// Its text, with what the author made of it.
    pub body: &'a str,
    /// What the author has to finish before it is sent, as short requests.
    pub unfinished: &'a [String],
    /// All that is left for the author, the same included.
    pub left: &'a [String],
    /// The author's own file with the text.
    pub file: Option<&'a Path>,
    /// Onramp knows of no draft there: the text is taken as it is.
    pub foreign: bool,
}

/// Hands it over.
///
/// # Errors
/// [`Trouble`] where something has to be done first, nobody agrees, or it could not be handed over.
pub(super) fn hand_over(
    session: &Session<'_>,
    args: &HandOverArgs,
    plan: &PrPlan,
    parcel: &Parcel<'_>,
) -> anyhow::Result<Exit> {
    let (project, fork) = ready(plan)?;
    let branch = plan.here.branch.as_deref().unwrap_or_default();
    let route = Route { project: &project, fork: &fork, base: &plan.here.base, branch };
    pass_gate(session, args, plan)?;
    if args.create || parcel.foreign {
        finished(args, parcel)?;
    }
    let file = keep(session, plan, parcel)?;
    let address = if args.create {
        Some(create::create(session, args, &route, parcel, &file)?)
    } else {
        browser::open(session, &route, parcel, &file)?;
        None
    };
    remember(session, plan, branch, address);
    afterwards::follow(session, plan);
    Ok(Exit::Success)
}

/// The project and the fork, where the branch lies on the fork as it is here.
fn ready(plan: &PrPlan) -> Result<(Repository, Repository), Trouble> {
    if let Some(next) = obstacle(&plan.here) {
        let what = format!("not handed over: {}", next.why);
        return Err(Trouble::failed(what).remedy(next.commands.join(", then ")));
    }
    repositories(&plan.here).map_err(|host| {
        let what = format!("not handed over: {} is not GitHub", clean_line(&host));
        Trouble::failed(what).remedy("open the request on its page and paste the draft there")
    })
}

/// Goes on only through an open gate, or past a shut one that the author named.
fn pass_gate(session: &Session<'_>, args: &HandOverArgs, plan: &PrPlan) -> Result<(), Trouble> {
    let Some((why, command)) = plan.gate.shut() else { return Ok(()) };
    if !args.anyway {
        return Err(Trouble::failed(format!("not handed over: {why}")).remedy(command));
    }
    let text = format!("handed over as you say, although {why}");
    session.terminal.complain(Line::toned(Tone::Warn, text));
    Ok(())
}

/// On a page the author can still write; what is sent at once has to be finished.
fn finished(args: &HandOverArgs, parcel: &Parcel<'_>) -> Result<(), Trouble> {
    if args.anyway || parcel.unfinished.is_empty() {
        return Ok(());
    }
    let what = format!("not sent, the text is not finished: {}", parcel.unfinished.join("; "));
    Err(Trouble::failed(what).remedy(match parcel.file {
        Some(file) => format!("finish {}, then run this again", file.display()),
        None => "`onramp pr --output FILE` writes it to a file: finish it there, and add \
                 `--output FILE` to this command"
            .to_owned(),
    }))
}

/// Keeps the text in the git folder, where it outlives a page or a program that fails. The author's
/// own file is the place to name where there is one.
fn keep(session: &Session<'_>, plan: &PrPlan, parcel: &Parcel<'_>) -> Result<PathBuf, Trouble> {
    let folder = plan.record.parent().unwrap_or(&plan.tree);
    let file = folder.join(FILE);
    let git_folder = folder.parent().unwrap_or(folder);
    if !stays_inside(session.bench, git_folder, &file) {
        return Err(Trouble::usage(format!("{} leads out of the clone", file.display()))
            .remedy("a part of it is a link that onramp did not make: remove it"));
    }
    let written = session.bench.write(&file, parcel.body.as_bytes(), Access::Private);
    written.map_err(|error| {
        Trouble::usage(format!("{} cannot be written: {error}", file.display()))
            .remedy("the text is kept there while it is handed over: make room, or get the right to write there")
    })?;
    Ok(file)
}

/// For the journey. That it is not kept changes nothing about the request.
fn remember(session: &Session<'_>, plan: &PrPlan, branch: &str, address: Option<String>) {
    let line = address.clone().unwrap_or_else(|| "its page was opened".to_owned());
    let details = HandOver { branch: branch.to_owned(), address };
    let onramp = env!("CARGO_PKG_VERSION").to_owned();
    let here = Here { onramp, commit: plan.head.clone(), ..Here::default() };
    let finished = session.bench.now();
    let result = Recorded { finished, line, ..Recorded::new(here, details) };
    let git_folder = plan.record.parent().and_then(Path::parent);
    if let Some(Err(reason)) = git_folder.map(|folder| result.keep(session.bench, folder)) {
        let text = format!("the journey will not know of this: {reason}");
        session.terminal.say(Line::toned(Tone::Dim, text));
    }
}
