//! `onramp pr`: shows or writes the draft of a pull request and names the one next command.
//! Runs nothing, sends nothing, and never replaces a file that its author has changed.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use clap::Args;
use serde::{Deserialize, Serialize};

use super::Session;
use super::trouble::Trouble;
use crate::exit::Exit;
use crate::pr::change::{Change, Commit};
use crate::pr::compare::Repository;
use crate::pr::draft::{Draft, Request, draft};
use crate::pr::next::{Next, Whereabouts, next};
use crate::pr::template::Template;
use crate::sys::{Access, System, stays_inside};
use crate::text::{Line, Tone};

/// Longest draft read back from a file.
const LONGEST: u64 = 1 << 20;

/// Draft the pull request from your commits, in the project's own template. Sends nothing.
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
}

/// Everything a draft is made from, looked up beforehand.
#[derive(Debug, Clone)]
pub struct PrPlan {
    /// Path in the tree and text of the project's template.
    pub template: Option<(String, String)>,
    /// Section titles to use where there is none.
    pub sections: Vec<String>,
    /// Folders of the user interface, each with a closing slash.
    pub screens: Vec<String>,
    /// The change's commits, oldest first.
    pub commits: Vec<Commit>,
    /// All files it touches.
    pub files: Vec<String>,
    /// Branches, fork and what is pushed.
    pub here: Whereabouts,
    /// What was really run, one line each.
    pub evidence: Vec<String>,
    /// Checks of the patch that fail.
    pub failing: usize,
    /// Where a bug fix usually goes, if not to the base; a sentence fragment.
    pub fixes: Option<String>,
    /// Why the fork did not answer, where it was asked.
    pub unanswered: Option<Unanswered>,
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
    let draft = drafted(args, plan)?;
    let file = args.output.as_deref().filter(|file| *file != Path::new("-"));
    match file {
        Some(file) => write(session, file, &plan.record, &draft.body)?,
        None => {
            let text = draft.body.replace("\r\n", "\n");
            session.terminal.data(&[Line::plain(text.trim_end_matches('\n'))])?;
            // On a screen the draft and the words about it would run into each other.
            session.terminal.say(Line::new());
            session.terminal.say(Line::toned(Tone::Dim, "─".repeat(session.terminal.width)));
        }
    }
    for line in summary(plan, &draft, file) {
        session.terminal.say(line);
    }
    if file.is_some_and(|file| in_tree(session.bench, file, plan)) {
        let text = "the draft lies in the work tree; do not commit it";
        session.terminal.say(Line::plain("  ").and(Tone::Dim, text));
    }
    match &plan.unanswered {
        Some(open) => Err(Trouble::failed(&open.what).remedy(&open.remedy).into()),
        None => Ok(Exit::Success),
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
    let project = Repository::of(&plan.here.project).ok().map(|project| project.slug());
    let change = Change::of(&plan.commits, &plan.files, project.as_deref(), &plan.screens);
    let template = plan.template.as_ref().map(|(_, text)| Template::read(text));
    let request = Request {
        template: template.as_ref(),
        sections: &plan.sections,
        change: &change,
        title: args.title.as_deref(),
        kind: args.kind.as_deref(),
        evidence: &plan.evidence,
    };
    draft(&request).map_err(|unknown| {
        Trouble::usage(format!("there is no type of change called \"{}\"", unknown.asked))
            .remedy(format!("choose one of: {}", unknown.offered.join(", ")))
    })
}

/// What the person should know, one line each: title, type and why, base, file, what is left, and
/// the one next step.
#[must_use]
pub fn summary(plan: &PrPlan, draft: &Draft, file: Option<&Path>) -> Vec<Line> {
    let row = |name: &str, text: &str| {
        Line::toned(Tone::Strong, format!("{name:<10}")).and(Tone::Plain, text)
    };
    let template = match &plan.template {
        Some((path, _)) => path.clone(),
        None => "this tree brings none: the draft has the usual sections".to_owned(),
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
    for (index, left) in left(plan, draft).enumerate() {
        lines.push(row(if index == 0 { "for you" } else { "" }, &left));
    }
    lines.extend(steps(&next(&plan.here, draft, shown.as_deref())));
    lines
}

/// What is left for the author: what stands in the way first, the draft's own gaps last.
fn left(plan: &PrPlan, draft: &Draft) -> impl Iterator<Item = String> {
    let checks = match plan.failing {
        0 => None,
        1 => Some("1 check of the patch fails: onramp check patch".to_owned()),
        several => Some(format!("{several} checks of the patch fail: onramp check patch")),
    };
    let fixes = plan.fixes.as_ref().filter(|_| draft.choice.is_fix());
    let fixes = fixes.map(|place| format!("a bug fix usually goes to {place}"));
    checks.into_iter().chain(fixes).chain(draft.left.clone())
}

fn steps(next: &Next) -> Vec<Line> {
    let mut lines = Vec::new();
    if !next.why.is_empty() {
        lines.push(Line::toned(Tone::Strong, "next      ").and(Tone::Plain, &next.why));
    }
    for command in next.commands.iter().chain(&next.open) {
        lines.push(Line::plain("  ").and(Tone::Command, command));
    }
    lines.extend(next.note.iter().map(|note| Line::plain("  ").and(Tone::Dim, note)));
    lines
}

/// What onramp wrote last, by file: enough to tell an edited draft from an untouched one.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Record {
    /// Text by absolute path. Unknown fields of newer versions are ignored.
    #[serde(default)]
    written: BTreeMap<String, String>,
}

fn write(session: &Session<'_>, file: &Path, record: &Path, body: &str) -> anyhow::Result<()> {
    let bench = session.bench;
    let path = absolute(bench, file)?;
    let key = path.to_string_lossy().into_owned();
    let own =
        record.parent().and_then(Path::parent).is_some_and(|git| stays_inside(bench, git, record));
    if !own {
        return Err(Trouble::usage(format!("{} leads out of the clone", record.display()))
            .remedy("a part of it is a link that onramp did not make: remove it")
            .into());
    }
    let mut known = read_record(bench, record);
    if !may_write(bench, &path, body, known.written.get(&key))? {
        return Err(refusal(file, known.written.contains_key(&key)).into());
    }
    bench
        .write(&path, body.as_bytes(), Access::Shared)
        .map_err(|error| unwritable(file, &error))?;
    known.written.insert(key, body.to_owned());
    let noted = bench.write(record, &serde_json::to_vec(&known)?, Access::Private);
    if let Err(error) = noted {
        let what = format!("{} could not be written: {error}", record.display());
        let effect = "the draft is there, but a later run will take it for one you edited";
        session.terminal.complain(Line::toned(Tone::Warn, format!("{what}; {effect}")));
    }
    Ok(())
}

fn absolute(system: &dyn System, file: &Path) -> anyhow::Result<PathBuf> {
    if file.is_absolute() {
        return Ok(file.to_owned());
    }
    let folder = system.current_dir().map_err(|error| {
        Trouble::usage(format!("the current folder cannot be told: {error}"))
            .remedy("give --output an absolute path")
    })?;
    Ok(folder.join(file))
}

/// Whether a written file lies in the work tree, where git sees it.
fn in_tree(system: &dyn System, file: &Path, plan: &PrPlan) -> bool {
    let real = |path: &Path| system.real_path(path).ok();
    let Some(file) = absolute(system, file).ok().and_then(|file| real(&file)) else { return false };
    let git = plan.record.parent().and_then(Path::parent).and_then(real);
    let of_git = git.is_some_and(|git| file.starts_with(git));
    !of_git && real(&plan.tree).is_some_and(|tree| file.starts_with(tree))
}

/// A record that cannot be read is none: the next draft is then taken for an edited one.
fn read_record(system: &dyn System, path: &Path) -> Record {
    let bytes = system.read(path, 16 * LONGEST).unwrap_or_default();
    serde_json::from_slice(&bytes).unwrap_or_default()
}

/// Whether the file is absent, as onramp left it, or already what it should become.
fn may_write(
    system: &dyn System,
    path: &Path,
    body: &str,
    last: Option<&String>,
) -> Result<bool, Trouble> {
    match system.read(path, LONGEST) {
        Ok(there) => {
            let same = |text: &str| text.as_bytes() == there.as_slice();
            Ok(same(body) || last.is_some_and(|text| same(text)))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::FileTooLarge => Ok(false),
        Err(error) => Err(unwritable(path, &error)),
    }
}

fn refusal(file: &Path, ours: bool) -> Trouble {
    let file = file.display();
    let what = if ours {
        format!("{file} was changed since onramp wrote it, and is left as it is")
    } else {
        format!("{file} is there already, not written by onramp, and is left as it is")
    };
    Trouble::usage(what).remedy("name another file with --output, or move this one away")
}

fn unwritable(file: &Path, error: &io::Error) -> Trouble {
    Trouble::usage(format!("{} cannot be written: {error}", file.display()))
        .remedy("name a file in a folder of yours with --output")
}
