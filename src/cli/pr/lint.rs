//! `onramp pr --lint`: says of a request's text what a maintainer would, with place and remedy.
//! Changes nothing.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use schemars::{JsonSchema, schema_for};
use serde::Serialize;

use super::evidence::claimed;
use super::keep::{LONGEST, absolute};
use super::{PrArgs, PrPlan, drafted, holds_up};
use crate::cli::Session;
use crate::cli::trouble::Trouble;
use crate::exit::Exit;
use crate::finding::Severity;
use crate::pack::suggest::suggestion;
use crate::pr::lint::rule::Rule;
use crate::pr::lint::{Remark, Subject, lint as look, remark};
use crate::pr::template::Template;
use crate::profile;
use crate::text::{Line, Tone, clean_line};

/// Longest wait for a text on standard input.
const PATIENCE: Duration = Duration::from_secs(60);

/// Arguments of the lint.
#[derive(Debug, Clone, Default, Args)]
pub struct LintArgs {
    /// Look at the text in FILE (- for standard input), or at the draft, and say what a maintainer
    /// would
    #[arg(long, value_name = "FILE", num_args = 0..=1, conflicts_with_all = ["output", "check_push"])]
    pub lint: Option<Option<PathBuf>>,
    /// Let warnings and advice fail as well
    #[arg(long, requires = "lint")]
    pub strict: bool,
    /// Tell it as JSON, in the shape that `onramp schema pr-lint` prints
    #[arg(long, requires = "lint")]
    pub json: bool,
}

impl LintArgs {
    /// Whether a look is wanted.
    #[must_use]
    pub fn asked(&self) -> bool {
        self.lint.is_some()
    }
}

/// What `--json` tells.
#[derive(Debug, Serialize, JsonSchema)]
struct Told {
    /// The file; none for the draft as onramp would write it, `-` for standard input.
    file: Option<String>,
    /// The title that was looked at, where there was one.
    title: Option<String>,
    /// How many remarks are errors.
    errors: usize,
    /// How many are warnings.
    warnings: usize,
    /// How many are advice.
    advice: usize,
    /// The remarks, the title's first, then by line.
    remarks: Vec<One>,
    /// What is left for the author and no look at the text can tell.
    left: Vec<String>,
}

/// One remark.
#[derive(Debug, Serialize, JsonSchema)]
struct One {
    /// Name of the rule.
    rule: String,
    /// How much it matters.
    level: Severity,
    /// The line, counted from 1; none for the title.
    line: Option<usize>,
    /// What is wrong.
    what: String,
    /// What to do.
    remedy: String,
}

/// Looks and tells: 1 where something is an error, or anything at all with `--strict`.
///
/// # Errors
/// A file that cannot be read, or a draft that cannot be made.
pub(super) fn lint(session: &Session<'_>, args: &PrArgs, plan: &PrPlan) -> anyhow::Result<Exit> {
    let file = args.lint.lint.as_ref().and_then(Option::as_deref);
    let (title, text) = match file {
        Some(file) => (title(args, plan), read(session, file)?),
        None => {
            let draft = drafted(args, plan)?;
            (Some(draft.title), draft.body)
        }
    };
    let remarks = remarks(plan, title.as_deref(), &text);
    let name = file.map(|file| file.display().to_string());
    let left = left(args, plan);
    if args.lint.json {
        let told = Told { left, ..told(name, title, &remarks) };
        let text = serde_json::to_string_pretty(&told)? + "\n";
        session.terminal.bytes(text.as_bytes())?;
    } else {
        session.terminal.data(&lines(name.as_deref().unwrap_or("draft"), &remarks, &left))?;
    }
    let least = if args.lint.strict { Severity::Advice } else { Severity::Error };
    let fails = remarks.iter().any(|remark| remark.level >= least);
    Ok(if fails { Exit::Findings } else { Exit::Success })
}

/// What is left for the author beside the text.
fn left(args: &PrArgs, plan: &PrPlan) -> Vec<String> {
    let drafted = drafted(args, plan).map(|draft| draft.left).unwrap_or_default();
    plan.notes.iter().cloned().chain(drafted).collect()
}

/// The title that the request would get, if there is anything to take one from.
fn title(args: &PrArgs, plan: &PrPlan) -> Option<String> {
    args.title.clone().or_else(|| (!plan.commits.is_empty()).then(|| super::change(plan).title))
}

fn read(session: &Session<'_>, file: &Path) -> anyhow::Result<String> {
    let bytes = if file == Path::new("-") {
        session.bench.read_handed(0, LONGEST, PATIENCE)
    } else {
        session.bench.read(&absolute(session.bench, file)?, LONGEST)
    };
    let trouble = |why: String| {
        let what = format!("{} cannot be looked at: {why}", file.display());
        Trouble::usage(what).remedy(
            "name the file with the text, or - for standard input; without either, the draft is looked at",
        )
    };
    let bytes = bytes.map_err(|error| {
        trouble(match error.kind() {
            io::ErrorKind::FileTooLarge => format!("it is larger than {} KiB", LONGEST >> 10),
            io::ErrorKind::InvalidInput => "it is no file".to_owned(),
            io::ErrorKind::TimedOut => "nothing came".to_owned(),
            _ => error.to_string(),
        })
    })?;
    let text =
        String::from_utf8(bytes).map_err(|_| trouble("it is no text in UTF-8".to_owned()))?;
    Ok(text.trim_start_matches('\u{feff}').to_owned())
}

/// What there is to say of a title and a text.
#[must_use]
pub fn remarks(plan: &PrPlan, title: Option<&str>, body: &str) -> Vec<Remark> {
    let template = plan.template.as_ref().map(|(_, text)| Template::read(text));
    let screens = plan
        .files
        .iter()
        .filter(|file| plan.screens.iter().any(|folder| file.starts_with(folder.as_str())))
        .count();
    let subject = Subject {
        title,
        body,
        template: template.as_ref(),
        screens,
        titles: &plan.asks.title,
        levels: &plan.asks.rules,
    };
    let mut found = look(&subject);
    for hit in plan.withheld.find(body) {
        let (rule, remedy) = if hit.secret {
            (Rule::Secret, "take it out, and withdraw it if anybody could have seen it")
        } else {
            (Rule::PrivateName, "take it out, or write example.org or a made-up name")
        };
        let words = (format!("{} stands here", hit.what), remedy.to_owned());
        found.push(remark((rule, Some(hit.line)), words, &plan.asks.rules));
    }
    let head = plan.head.as_deref().unwrap_or_default();
    for (line, id) in claimed(body).filter(|(_, id)| !head.is_empty() && !head.starts_with(id)) {
        let what = format!("what was run here was run on {id}, and that is not checked out");
        let remedy = "run it again on this commit and take its new line, or take this one out";
        let words = (what, remedy.to_owned());
        found.push(remark((Rule::EvidenceOld, Some(line)), words, &plan.asks.rules));
    }
    found.sort_by_key(|remark| remark.line);
    found
}

/// What the author is asked for, the errors first: for the end of a draft.
pub(super) fn requests(remarks: &[Remark]) -> Vec<String> {
    let mut sorted: Vec<&Remark> =
        remarks.iter().filter(|remark| remark.level > Severity::Advice).collect();
    sorted.sort_by_key(|remark| std::cmp::Reverse(remark.level));
    sorted.into_iter().map(request).collect()
}

fn request(remark: &Remark) -> String {
    match remark.rule {
        Rule::Unanswered
        | Rule::TypeMissing
        | Rule::ScaleMissing
        | Rule::SeverityMissing
        | Rule::FixesMissing => remark.remedy.clone(),
        _ => format!("{}: {}", remark.what, remark.remedy),
    }
}

/// One remark a line with its remedy below, how many there are, and what is left beside the text.
fn lines(name: &str, remarks: &[Remark], left: &[String]) -> Vec<Line> {
    let name = clean_line(name);
    let mut lines = Vec::new();
    for remark in remarks {
        let place = match remark.line {
            Some(line) => format!("{name}:{line}: "),
            None => "title: ".to_owned(),
        };
        let tone = if remark.level == Severity::Error { Tone::Bad } else { Tone::Warn };
        let rule = format!(" [{}]", remark.rule.name());
        lines.push(
            Line::toned(Tone::Strong, place)
                .and(tone, format!("{}: ", remark.level.word()))
                .and(Tone::Plain, &remark.what)
                .and(Tone::Dim, rule),
        );
        lines.push(Line::toned(Tone::Dim, "  → ").and(Tone::Plain, &remark.remedy));
    }
    let open = remarks.iter().filter(|remark| holds_up(remark)).count();
    let sent = match open {
        0 => String::new(),
        1 => "; `--create` does not send it before one of these is settled".to_owned(),
        more => format!("; `--create` does not send it before {more} of these are settled"),
    };
    lines.push(Line::plain(format!("{name}: {}{sent}", tally(remarks))));
    for (index, ask) in left.iter().enumerate() {
        let name = if index == 0 { "for you" } else { "" };
        lines.push(Line::toned(Tone::Strong, format!("{name:<10}")).and(Tone::Plain, ask));
    }
    lines
}

fn tally(remarks: &[Remark]) -> String {
    let count = |level| remarks.iter().filter(|remark| remark.level == level).count();
    let some = |count: usize, one: &str, many: &str| match count {
        0 => None,
        1 => Some(format!("1 {one}")),
        more => Some(format!("{more} {many}")),
    };
    let parts: Vec<String> = [
        some(count(Severity::Error), "error", "errors"),
        some(count(Severity::Warn), "warning", "warnings"),
        some(count(Severity::Advice), "piece of advice", "pieces of advice"),
    ]
    .into_iter()
    .flatten()
    .collect();
    if parts.is_empty() { "nothing to say against it".to_owned() } else { parts.join(", ") }
}

fn told(file: Option<String>, title: Option<String>, remarks: &[Remark]) -> Told {
    let count = |level| remarks.iter().filter(|remark| remark.level == level).count();
    let one = |remark: &Remark| One {
        rule: remark.rule.name().to_owned(),
        level: remark.level,
        line: remark.line,
        what: remark.what.clone(),
        remedy: remark.remedy.clone(),
    };
    Told {
        file,
        title,
        errors: count(Severity::Error),
        warnings: count(Severity::Warn),
        advice: count(Severity::Advice),
        remarks: remarks.iter().map(one).collect(),
        left: Vec::new(),
    }
}

/// Refuses a project that weighs a rule there is not.
///
/// # Errors
/// The name, and the one that was probably meant.
pub fn known_rules(request: &profile::Request) -> Result<(), Trouble> {
    match request.rules.keys().find(|name| Rule::names().all(|known| known != name.as_str())) {
        None => Ok(()),
        Some(name) => {
            let hint = suggestion(name, Rule::names());
            let what = format!("the project's request.rules name no rule: {}", clean_line(name));
            Err(Trouble::usage(format!("{what}{hint}")).remedy("mend its _project.yaml"))
        }
    }
}

/// The JSON Schema of what `--json` tells.
///
/// # Errors
/// None that a schema of ours can have.
pub fn schema() -> serde_json::Result<String> {
    Ok(serde_json::to_string_pretty(&schema_for!(Told))? + "\n")
}
