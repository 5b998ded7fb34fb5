//! `onramp pr`: shows or writes the draft of a pull request and names the one next command.
//! Runs nothing of the tree, sends nothing unless asked to hand over, and never replaces what its
//! author has changed.

pub mod afterwards;
mod browser;
mod create;
pub mod evidence;
mod exclude;
pub mod gate;
pub mod hand_over;
pub mod keep;
pub mod lint;
mod recall;
pub mod record;
pub mod said;
pub mod template;
pub mod withhold;

use std::path::{Path, PathBuf};

use clap::Args;

use super::Session;
use super::trouble::Trouble;
use crate::exit::Exit;
use crate::finding::Severity;
use crate::pr::change::{Change, Commit};
use crate::pr::compare::Repository;
use crate::pr::draft::{Draft, Request, draft};
use crate::pr::edits::lost;
use crate::pr::gate::Gate;
use crate::pr::lint::Remark;
use crate::pr::lint::rule::Rule;
use crate::pr::next::{Next, Whereabouts, next};
use crate::pr::template::Template;
use crate::pr::withheld::Withheld;
use crate::profile;
use crate::text::{Line, Tone};
use afterwards::Prospect;
use exclude::{LeftOut, leave_out};
use hand_over::{HandOverArgs, Parcel, hand_over};
use keep::{Purpose, Written};
use lint::LintArgs;
use recall::{Recalled, recall};
use record::Record;
use said::{SaidArgs, unoffered};

/// Draft the pull request from your commits, in the project's own template.
///
/// Sends nothing but with `--open` or `--create`.
#[derive(Debug, Clone, Default, Args)]
pub struct PrArgs {
    /// Title of the request; otherwise the first commit's subject
    #[arg(long, value_name = "TEXT")]
    pub title: Option<String>,
    /// Write the draft to this file instead of printing it
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Type of change to tick, as the template names it, such as "bug fix"
    #[arg(long = "type", value_name = "NAME")]
    pub kind: Option<String>,
    /// Branch of the project that the change should go to; otherwise the one it comes from
    #[arg(long, value_name = "BRANCH")]
    pub base: Option<String>,
    /// Ask the fork whether it has the branch as it is here (a dry run: nothing is pushed)
    #[arg(long)]
    pub check_push: bool,
    /// What the author says.
    #[command(flatten)]
    pub said: SaidArgs,
    /// Looking at a text instead of writing one.
    #[command(flatten)]
    pub lint: LintArgs,
    /// Whether and how to hand it over.
    #[command(flatten)]
    pub hand_over: HandOverArgs,
}

/// Everything a draft is made from, looked up beforehand.
#[derive(Debug, Clone)]
pub struct PrPlan {
    /// Path in the tree and text of the project's template.
    pub template: Option<(String, String)>,
    /// Why the one that is there was not taken.
    pub passed_over: Option<String>,
    /// How the project wants its requests.
    pub asks: profile::Request,
    /// Folders of the user interface, each with a closing slash.
    pub screens: Vec<String>,
    /// The change's commits, oldest first.
    pub commits: Vec<Commit>,
    /// All files it touches.
    pub files: Vec<String>,
    /// Full id of the commit that is checked out.
    pub head: Option<String>,
    /// Branches, fork and what is pushed.
    pub here: Whereabouts,
    /// What was really run, one line each.
    pub evidence: Vec<String>,
    /// What never gets into a request.
    pub withheld: Withheld,
    /// What the author should know of the evidence, and of what was left out.
    pub notes: Vec<String>,
    /// Whether a check of the patch passed and still stands.
    pub gate: Gate,
    /// Where a bug fix usually goes, if not to the base; a sentence fragment.
    pub fixes: Option<String>,
    /// Why the fork did not answer, where it was asked.
    pub unanswered: Option<Unanswered>,
    /// What tells what happens once it is open.
    pub prospect: Prospect,
    /// The work tree.
    pub tree: PathBuf,
    /// Where to remember what was written: `onramp/pr.json` in the git folder.
    pub record: PathBuf,
}

/// A question to the fork that came to nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unanswered {
    /// What was asked of whom, and what came back.
    pub what: String,
    /// What helps.
    pub remedy: String,
}

/// Drafts the request.
///
/// # Errors
/// [`Trouble`] where there is nothing to draft, the type is unknown, or the file may not be
/// written; and, after the draft, where the fork was asked and did not answer.
pub fn pr(session: &Session<'_>, args: &PrArgs, plan: &PrPlan) -> anyhow::Result<Exit> {
    if args.hand_over.next {
        return afterwards::tell(session, plan);
    }
    let mut record = Record::read(session.bench, &plan.record);
    let branch = plan.here.branch.as_deref();
    let before = record.answers(branch);
    if args.lint.asked() {
        let holds = recall(args, plan, &before).map_or(before, |recalled| recalled.answers);
        return lint::lint(session, &recall::with(args, &holds), plan);
    }
    let recalled = recall(args, plan, &before)?;
    let draft = &recalled.draft;
    record.answer(branch, recalled.answers.clone());
    let file = args.output.as_deref().filter(|file| *file != Path::new("-"));
    let written = match file {
        Some(file) => {
            let purpose = Purpose { plan, handing_over: args.hand_over.asked() };
            keep::write(session, file, &draft.body, &mut record, purpose)?
        }
        None => {
            if recalled.answers != before {
                record.keep(session, &plan.record)?;
            }
            if !args.hand_over.asked() {
                print(session, &draft.body)?;
            }
            Written::new(&draft.body)
        }
    };
    let remarks = lint::remarks(plan, Some(&draft.title), &written.text);
    if args.hand_over.asked() {
        tell(session, args, plan, &recalled, &written);
        let (title, body, foreign) = (&draft.title, &written.text, written.foreign);
        let errors = remarks.iter().filter(|remark| holds_up(remark));
        let unfinished = &lint::requests(&errors.cloned().collect::<Vec<_>>());
        let left = &lint::requests(&remarks);
        let parcel = Parcel { title, body, unfinished, left, file, foreign };
        return hand_over(session, &args.hand_over, plan, &parcel);
    }
    for line in summary(plan, draft, &remarks, file) {
        session.terminal.say(line);
    }
    tell(session, args, plan, &recalled, &written);
    let left_out = file.map_or(LeftOut::Elsewhere, |file| leave_out(session, file, plan));
    let hint = match left_out {
        LeftOut::Elsewhere => None,
        LeftOut::Done => Some("the draft lies in the work tree; git leaves it out (info/exclude)"),
        LeftOut::No => Some("the draft lies in the work tree; do not commit it"),
    };
    if let Some(hint) = hint {
        session.terminal.say(Line::plain("  ").and(Tone::Dim, hint));
    }
    match &plan.unanswered {
        Some(open) => Err(Trouble::failed(&open.what).remedy(&open.remedy).into()),
        None => Ok(Exit::Success),
    }
}

fn print(session: &Session<'_>, body: &str) -> Result<(), Trouble> {
    let text = body.replace("\r\n", "\n");
    session.terminal.data(&[Line::plain(text.trim_end_matches('\n'))])?;
    // On a screen the draft and the words about it would run into each other.
    session.terminal.say(Line::new());
    session.terminal.say(Line::toned(Tone::Dim, "─".repeat(session.terminal.width)));
    Ok(())
}

/// Tells what became of the author's edits and answers. What is lost is told with --quiet as well.
fn tell(
    session: &Session<'_>,
    args: &PrArgs,
    plan: &PrPlan,
    recalled: &Recalled,
    written: &Written,
) {
    let terminal = &session.terminal;
    written.tell(session);
    if !recalled.earlier.is_empty() {
        let text = format!("{}, as in an earlier run; ", recalled.earlier.join(" "));
        let row = Line::toned(Tone::Strong, format!("{:<10}", "you said"));
        let row = row.and(Tone::Plain, text).and(Tone::Command, "--forget");
        terminal.say(row.and(Tone::Plain, " drops that"));
    }
    if !recalled.dropped.is_empty() {
        let options = recalled.dropped.join(" ");
        let text =
            format!("{options}, of an earlier run, does not fit such a change, and is dropped");
        terminal.complain(Line::toned(Tone::Warn, text));
    }
    let silent = PrArgs { title: None, kind: None, said: SaidArgs::default(), ..args.clone() };
    let Ok(without) = drafted(&silent, plan) else { return };
    let lost = lost(&without.body, &recalled.draft.body, &written.text);
    // What an earlier run lost was told then.
    let now = args.kind.is_some() || args.said.answers();
    if now && !lost.is_empty() {
        let text = "you edited that part of the text yourself, so it still lacks";
        terminal.complain(Line::toned(Tone::Warn, format!("{text}: {}", lost.join(", "))));
    }
}

/// The draft itself.
///
/// # Errors
/// [`Trouble`] where there is nothing to draft, the title is empty or the type is unknown.
pub fn drafted(args: &PrArgs, plan: &PrPlan) -> Result<Draft, Trouble> {
    if args.title.as_deref().is_some_and(|title| title.trim().is_empty()) {
        return Err(Trouble::usage("the title is empty").remedy(
            "write it as --title TEXT, or leave it out: the first commit's subject is taken then",
        ));
    }
    if plan.commits.is_empty() {
        let what = format!("there is nothing to draft: no commits since {}", plan.here.base);
        let remedy = "commit your change first, or name the branch it is for with --base BRANCH";
        return Err(Trouble::usage(what).remedy(remedy));
    }
    let change = change(plan);
    let template = plan.template.as_ref().map(|(_, text)| Template::read(text));
    let mut notes = Vec::new();
    let mut clear = |text: &str, place: &str| {
        let (lines, more) = withhold::cleared_lines(&plan.withheld, &[text.to_owned()], place);
        notes.extend(more);
        lines.concat()
    };
    let title = args.title.as_deref().map(|title| clear(title, "--title"));
    let assisted = args.said.assisted.as_deref().map(|text| clear(text, "--assisted"));
    let said = SaidArgs { assisted, ..args.said.clone() };
    let said = said.said(title.as_deref(), args.kind.as_deref())?;
    let request = Request {
        template: template.as_ref(),
        asks: &plan.asks,
        change: &change,
        said: &said,
        evidence: &plan.evidence,
    };
    let mut draft = draft(&request).map_err(|answer| unoffered(&answer))?;
    draft.left.splice(0..0, notes);
    Ok(draft)
}

/// What the commits and files amount to.
fn change(plan: &PrPlan) -> Change {
    let project = Repository::of(&plan.here.project).ok().map(|project| project.slug());
    Change::of(&plan.commits, &plan.files, project.as_deref(), &plan.screens)
}

/// What the person should know, one line each: title, type and why, base, file, what is left, and
/// the one next step.
#[must_use]
pub fn summary(plan: &PrPlan, draft: &Draft, remarks: &[Remark], file: Option<&Path>) -> Vec<Line> {
    let row = |name: &str, text: &str| {
        Line::toned(Tone::Strong, format!("{name:<10}")).and(Tone::Plain, text)
    };
    let template = match (&plan.template, &plan.passed_over) {
        (Some((path, _)), _) => path.clone(),
        (None, Some(why)) => format!("{why}: the draft has the usual sections"),
        (None, None) => "this tree brings none: the draft has the usual sections".to_owned(),
    };
    let shown = file.map(|file| file.display().to_string());
    let place = shown.as_deref().unwrap_or("printed; --output FILE keeps it");
    let mut lines = vec![
        row("title", &draft.title).and(Tone::Dim, format!(" – {}", draft.title_from)),
        row("type", &draft.choice.name).and(Tone::Dim, format!(" – {}", draft.choice.reason)),
        row("base", &plan.here.base),
        row("template", &template),
        row("draft", place),
    ];
    if !draft.closes.is_empty() {
        let when = " – once it is merged, as your commits say";
        lines.insert(3, row("closes", &draft.closes.join(", ")).and(Tone::Dim, when));
    }
    if let Gate::Open(told) = &plan.gate {
        lines.push(row("patch", told));
    }
    for (index, left) in left(plan, draft, remarks).iter().enumerate() {
        lines.push(row(if index == 0 { "for you" } else { "" }, left));
    }
    lines.extend(steps(&next(&plan.here, draft, shown.as_deref())));
    lines
}

/// Whether a text is not finished without it: a reviewer would send it back.
fn holds_up(remark: &Remark) -> bool {
    remark.level == Severity::Error
        || matches!(remark.rule, Rule::Unanswered | Rule::TestingMissing)
}

/// What is left for the author: what stands in the way first, what the text lacks last.
fn left(plan: &PrPlan, draft: &Draft, remarks: &[Remark]) -> Vec<String> {
    let checks = plan.gate.shut().map(|(why, command)| format!("{why}: {command}"));
    let fixes = plan.fixes.as_ref().filter(|_| draft.choice.is_fix());
    let fixes = fixes.map(|place| format!("a bug fix usually goes to {place}"));
    let known = plan.notes.iter().chain(&draft.left).cloned();
    checks.into_iter().chain(fixes).chain(known).chain(lint::requests(remarks)).collect()
}

fn steps(next: &Next) -> Vec<Line> {
    let mut lines = Vec::new();
    if !next.why.is_empty() {
        lines.push(Line::toned(Tone::Strong, "next      ").and(Tone::Plain, &next.why));
    }
    for command in &next.commands {
        lines.push(Line::plain("  ").and(Tone::Command, command));
    }
    lines.extend(next.note.iter().map(|note| Line::plain("  ").and(Tone::Dim, note)));
    lines
}
