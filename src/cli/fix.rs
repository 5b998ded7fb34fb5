//! `onramp fix`: one plan against everything the checks found, done one step at a time and only
//! with consent, recorded, and taken back by `--undo`. Nothing of a work tree is run, no step comes
//! from one, and keys are never removed.

mod after;
mod consent;
mod files;
mod mend;
pub(super) mod needs;
pub(super) mod perform;
pub(super) mod person;
mod store;
mod undo;

use std::path::PathBuf;

use crate::exit::Exit;
use crate::fix::{Facts, Plan, plan, words};
use crate::judge::Remedy;
use crate::report::{Report, human};
use crate::text::{Line, Tone};

use super::Session;
use super::args::{CheckArgs, Global};
use super::check::remember::uncommitted;
use super::check::{self, UNCOMMITTED};
use super::making::{self, KeyChoices, choices};
use super::trouble::Trouble;

/// Mend what the checks found.
///
/// Shows one plan first: every command, why, with whose rights, and how it is taken back. On a
/// terminal each step asks; elsewhere nothing is done without `--yes`. Afterwards it looks again
/// and exits by what it finds then.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct FixArgs {
    /// Stages (machine, identity, patch), ids, or ends of ids; all by default
    #[arg(value_name = "STAGE|CHECK")]
    pub only: Vec<String>,
    /// Commit or branch that the patch starts from
    #[arg(long, value_name = "REVISION")]
    pub base: Option<String>,
    /// Mend files of the change and nothing else.
    #[arg(skip)]
    pub files_only: bool,
    /// Print the plan; do nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Take every step without asking
    #[arg(short, long, conflicts_with = "dry_run")]
    pub yes: bool,
    /// Your name, where git knows none
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// Your e-mail address, where git knows none
    #[arg(long, value_name = "ADDRESS")]
    pub email: Option<String>,
    /// What a new key is to be, where one is made.
    #[command(flatten)]
    pub key: KeyChoices,
    /// Plan for the machine of an earlier JSON report instead of this one
    #[arg(long, value_name = "REPORT.json", requires = "dry_run")]
    pub replay: Option<PathBuf>,
    /// Take back the last fix, or the one that `--list` names
    #[arg(
        long,
        value_name = "FIX",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "",
        conflicts_with_all = ["only", "name", "email", "replay", "list"]
    )]
    pub undo: Option<String>,
    /// List the fixes that were made
    #[arg(long, conflicts_with_all = ["only", "name", "email", "replay", "dry_run", "yes"])]
    pub list: bool,
}

/// A plan and what it was made from.
pub struct Proposal {
    /// What the checks found.
    pub report: Report,
    /// How that would end as it stands.
    pub verdict: Exit,
    /// What would be done.
    pub plan: Plan,
    /// What it depends on.
    pub facts: Facts,
}

/// Runs the verb.
///
/// # Errors
/// Wrong usage, mistakes in packs, a record that cannot be kept.
pub fn fix(session: &Session<'_>, global: &Global, args: &FixArgs) -> anyhow::Result<Exit> {
    if args.list {
        return undo::list(session);
    }
    if let Some(which) = &args.undo {
        return undo::undo(session, args, which);
    }
    let proposal = propose(session, global, args)?;
    let terminal = &session.terminal;
    terminal.data(&shown(&proposal, terminal.width))?;
    let verdict = proposal.verdict;
    if args.dry_run || proposal.plan.steps.is_empty() {
        return Ok(verdict);
    }
    if !args.yes && !terminal.interactive() {
        terminal.complain(Line::plain(
            "nothing was done, for nobody could be asked: `--yes` takes every step of this plan",
        ));
        return Ok(verdict);
    }
    let passphrase = making::passphrase(session, &args.key)?;
    let Proposal { plan, facts, .. } = &proposal;
    let done = perform::perform(session, plan, facts, &passphrase, args.yes)?;
    if let Some(signal) = done.stopped {
        return Ok(Exit::by(signal));
    }
    let failed = if done.failed { Exit::Findings } else { Exit::Success };
    if done.taken.is_empty() {
        return Ok(if verdict == Exit::Success { failed } else { verdict });
    }
    let verdict = look_again(session, global, args, &proposal, &done.taken)?;
    Ok(if verdict == Exit::Success { failed } else { verdict })
}

fn as_check(args: &FixArgs) -> CheckArgs {
    CheckArgs {
        only: args.only.clone(),
        replay: args.replay.clone(),
        base: args.base.clone(),
        ..CheckArgs::default()
    }
}

/// Looks, and makes the plan.
///
/// # Errors
/// As `check`; a name or an address that cannot be one.
pub fn propose(session: &Session<'_>, global: &Global, args: &FixArgs) -> anyhow::Result<Proposal> {
    let given = person::given(args.name.as_ref(), args.email.as_ref())?;
    let check::Verdict { report, exit, .. } = check::verdict(session, global, &as_check(args))?;
    let verdict = exit?;
    let mut needs = needs::needs(session, global, &report)?;
    if args.files_only {
        let mends = |remedy: &Remedy| matches!(remedy, Remedy::Mend { .. });
        needs.iter_mut().for_each(|need| need.remedies.retain(mends));
    }
    let mut facts = needs::facts(session, &report, args.replay.is_some());
    facts.silent = args.yes;
    facts.given = given;
    facts.wish = args.key.wish(session.bench.now())?;
    facts.tree = report.run.tree.as_ref().map(PathBuf::from);
    facts.files = files::look(session, &report, &needs, args.replay.is_some());
    needs::installed(session, &needs, &mut facts, args.replay.is_some());
    person::complete(session, args, &needs, &mut facts)?;
    let makes_key = needs.iter().flat_map(|need| &need.remedies);
    let makes_key = makes_key.into_iter().any(|it| matches!(it, Remedy::MakeKey { .. }));
    if makes_key && !args.dry_run && !args.yes && session.terminal.interactive() {
        choices::complete(session, &mut facts.wish)?;
    }
    Ok(Proposal { plan: plan(&needs, &facts), report, verdict, facts })
}

/// The plan as it is shown.
#[must_use]
pub fn shown(proposal: &Proposal, width: usize) -> Vec<Line> {
    let Proposal { report, plan, facts, .. } = proposal;
    let about = format!("{} · {}", report.project.title, report.platform.name);
    let mut lines = Line::new().hanging(Tone::Dim, &about, width);
    if plan.steps.is_empty() && plan.by_hand.is_empty() {
        lines.push(Line::plain(match proposal.verdict {
            Exit::Incomplete => {
                "nothing is known to be wrong, but not everything could be told: `onramp check` \
                 says what"
            }
            _ if uncommitted(report) => UNCOMMITTED,
            _ => "there is nothing to fix",
        }));
        return lines;
    }
    let steps = match plan.steps.len() {
        0 if uncommitted(report) => UNCOMMITTED.to_owned(),
        0 => "nothing that onramp could do".to_owned(),
        1 => "one step".to_owned(),
        more => format!("{more} steps"),
    };
    lines.push(Line::toned(Tone::Strong, steps));
    lines.push(Line::new());
    lines.extend(words::lines(plan, facts, width));
    lines
}

/// Judges again, shows what was touched, and says how the whole stands.
fn look_again(
    session: &Session<'_>,
    global: &Global,
    args: &FixArgs,
    Proposal { report: before, plan, facts, .. }: &Proposal,
    taken: &[usize],
) -> anyhow::Result<Exit> {
    let files = after::mended(plan, facts, taken);
    let committed = after::as_if(session, &files);
    let check::Verdict { report, exit, .. } = check::verdict(&committed, global, &as_check(args))?;
    let verdict = exit?;
    if !files.is_empty() {
        session.terminal.say(Line::plain("judged again as if the mended files were committed:"));
    }
    let steps = taken.iter().filter_map(|at| plan.steps.get(*at));
    let touched: Vec<&str> =
        steps.flat_map(|step| &step.reasons).map(|(check, _)| check.as_str()).collect();
    let whole = report.findings.len();
    let mut part = report;
    part.findings.retain(|finding| touched.contains(&finding.check.as_str()));
    let style = human::Style {
        verbose: false,
        quiet: global.quiet,
        replayed: false,
        width: session.terminal.width,
    };
    session.terminal.data(&human::write(&part, style))?;
    let rest = whole - part.findings.len();
    if verdict != Exit::Success && rest > 0 {
        session.terminal.say(Line::plain("the rest is as before: `onramp check` shows all"));
    }
    if let Some(tree) = facts.tree.as_ref().filter(|_| !files.is_empty()) {
        let advice = after::advice(session, tree, &files::change(before), &files);
        advice.into_iter().for_each(|line| session.terminal.complain(line));
    }
    session
        .terminal
        .say(Line::plain("to take this back: ").and(Tone::Command, "onramp fix --undo"));
    Ok(verdict)
}

/// A sentence for what the file system says.
fn unwritable(what: &str, error: &std::io::Error) -> Trouble {
    let reason = match error.kind() {
        std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => {
            "there is no room left".to_owned()
        }
        _ => error.to_string(),
    };
    Trouble::failed(format!("{what} cannot be written: {reason}"))
}
