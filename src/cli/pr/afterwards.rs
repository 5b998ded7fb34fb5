//! `onramp pr --next`: tells what happens once the request is open, from the project's own files and
//! the history that is here. Asks no server.

use std::path::Path;

use super::PrPlan;
use crate::cli::Session;
use crate::exit::Exit;
use crate::git::{Authored, Unreadable};
use crate::pr::afterwards::{Ground, Newcomer, Row, is_theirs, rows};
use crate::pr::compare::Repository;
use crate::pr::labels::{Labels, boring_cyborg, labeler};
use crate::pr::next::Origin;
use crate::pr::owners::owned;
use crate::profile::Afterwards;
use crate::sys::read_in_tree;
use crate::text::{Line, Tone, clean_line};

/// Files of owners and bots are shorter.
const LIMIT: u64 = 1 << 20;
/// Most commits looked at for one of the author's: several times CloudStack's.
const COMMITS: u64 = 200_000;
/// Columns before what is said.
const INDENT: usize = 10;

/// What only this needs of the plan.
#[derive(Debug, Clone, Default)]
pub struct Prospect {
    /// What the project says of it.
    pub project: Afterwards,
    /// Where the base is known here, such as `upstream/main`.
    pub base: Option<String>,
    /// The address that commits here carry.
    pub email: Option<String>,
}

/// Tells it as what was asked for.
pub(super) fn tell(session: &Session<'_>, plan: &PrPlan) -> anyhow::Result<Exit> {
    let newcomer = newcomer(session, plan);
    session.terminal.data(&lines(session, plan, &newcomer))?;
    Ok(Exit::Success)
}

/// Tells it in passing after the request was handed over; to somebody who knows the way, where to
/// find it.
pub(super) fn follow(session: &Session<'_>, plan: &PrPlan) {
    let newcomer = newcomer(session, plan);
    if let Newcomer::Known(_) = newcomer {
        let hint = Line::toned(Tone::Command, "onramp pr --next");
        session.terminal.say(hint.and(Tone::Plain, " tells what happens now"));
        return;
    }
    session.terminal.say(Line::new());
    for line in lines(session, plan, &newcomer) {
        session.terminal.say(line);
    }
}

fn lines(session: &Session<'_>, plan: &PrPlan, newcomer: &Newcomer) -> Vec<Line> {
    let project = &plan.prospect.project;
    let ground = Ground {
        newcomer,
        files: plan.files.len(),
        owners: owners(session, plan),
        bots: bots(session, plan),
        notes: &project.notes,
    };
    let mut lines = vec![Line::toned(Tone::Strong, "What happens once it is open")];
    let width = session.terminal.width;
    lines.extend(rows(&ground).into_iter().flat_map(|row| shown(row, width)));
    if let Some(seen) = &project.seen {
        let text = format!("as of {}; `onramp config` names the sources", clean_line(seen));
        lines.push(Line::plain(" ".repeat(INDENT)).and(Tone::Dim, text));
    }
    lines
}

fn shown((name, text): Row, width: usize) -> Vec<Line> {
    let room = INDENT - 1;
    Line::toned(Tone::Strong, format!("{name:<room$} ")).hanging(Tone::Plain, &text, width)
}

/// The file of owners that is there, and what it says of the files.
fn owners<'a>(
    session: &Session<'_>,
    plan: &'a PrPlan,
) -> Option<(&'a str, Option<crate::pr::owners::Owned>)> {
    let mut places = plan.prospect.project.owners.iter();
    places.find_map(|place| {
        let text = read(session, &plan.tree, place)?;
        Some((place.as_str(), owned(&text, &plan.files)))
    })
}

/// What the bots make of the files.
fn bots<'a>(session: &Session<'_>, plan: &'a PrPlan) -> Vec<(&'a str, Option<Labels>)> {
    type Read = fn(&str, &[String]) -> Option<Labels>;
    let labels = &plan.prospect.project.labels;
    let all = [(&labels.boring_cyborg, boring_cyborg as Read), (&labels.labeler, labeler as Read)];
    let there = all.into_iter().filter_map(|(file, look)| {
        let file = file.as_deref()?;
        let text = read(session, &plan.tree, file)?;
        Some((file, look(&text, &plan.files)))
    });
    there.collect()
}

fn read(session: &Session<'_>, tree: &Path, file: &str) -> Option<String> {
    let bytes = read_in_tree(session.bench, tree, file, LIMIT)?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// Whether the base has a commit of the author's, by the address they commit with and by the
/// account that the fork belongs to.
fn newcomer(session: &Session<'_>, plan: &PrPlan) -> Newcomer {
    let prospect = &plan.prospect;
    let Some(base) = &prospect.base else {
        return Newcomer::Unsure("the base is not known here".to_owned());
    };
    let login = match &plan.here.origin {
        Origin::Fork(url) => Repository::of(url).ok().map(|fork| fork.owner),
        Origin::Project | Origin::Absent => None,
    };
    let Some(email) = prospect.email.as_deref().filter(|email| !email.is_empty()) else {
        return Newcomer::Unsure("git is told no address to commit with".to_owned());
    };
    match look(session, &plan.tree, base, email, login.as_deref()) {
        Ok(Authored { commit: Some(commit), .. }) => Newcomer::Known(commit),
        Ok(Authored { looked, whole, .. }) => {
            let part = if whole { "" } else { " that are here" };
            let account = login.map(|login| format!(" or the account {}", clean_line(&login)));
            Newcomer::First(format!(
                "none of the {looked} commits{part} of {} is by {}{}",
                clean_line(base),
                clean_line(email),
                account.unwrap_or_default()
            ))
        }
        Err(why) => Newcomer::Unsure(why.to_string()),
    }
}

fn look(
    session: &Session<'_>,
    tree: &Path,
    base: &str,
    email: &str,
    login: Option<&str>,
) -> Result<Authored, Unreadable> {
    let git = session.machine.world().git;
    let mailmap = git.mailmap(tree, base)?;
    let mapped = |name: &str, email: &str| match &mailmap {
        Some(mailmap) => mailmap.address(name, email),
        None => email.to_owned(),
    };
    let own = mapped("", email);
    git.authored(tree, base, COMMITS, &|name, author| {
        is_theirs(author, Some(email), login) || is_theirs(&mapped(name, author), Some(&own), login)
    })
}
