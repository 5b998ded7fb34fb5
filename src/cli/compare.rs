//! The verb `compare`: two reports or receipts side by side. Looks at no machine; today's checks
//! say which of the observed values a verdict turned on.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Value, json};

use crate::exit::Exit;
use crate::finding::Severity;
use crate::pack::{Check, Engine};
use crate::plan::{self, Action, Context};
use crate::report::compare::{self, Explained, Side};
use crate::report::human::Style;
use crate::report::receipt::{self, Receipt};
use crate::report::told::Told;
use crate::report::{self, Report, json};

use super::Session;
use super::args::Global;
use super::trouble::Trouble;
use super::workspace::Checks;

/// A report may be this long when it is read back.
const LIMIT: u64 = 64 << 20;

/// Arguments of `compare`.
#[derive(Debug, Args)]
pub struct CompareArgs {
    /// A report written by `onramp check --report json:FILE`, or a receipt
    #[arg(value_name = "A")]
    pub a: PathBuf,
    /// Another one
    #[arg(value_name = "B")]
    pub b: PathBuf,
    /// Print the comparison as JSON
    #[arg(long)]
    pub json: bool,
}

enum Read {
    Report(Box<Report>),
    Receipt(Box<Receipt>),
}

/// Runs the verb: exit 0 where every check that both hold ends alike, else 1.
///
/// # Errors
/// Files that are no reports, reports that share no check, a closed standard output.
pub fn compare(session: &Session<'_>, global: &Global, args: &CompareArgs) -> anyhow::Result<Exit> {
    let (a, b) = (read(session, &args.a)?, read(session, &args.b)?);
    let names = (args.a.display().to_string(), args.b.display().to_string());
    let (a, b) = match (&a, &b) {
        (Read::Report(a), Read::Report(b)) => {
            let checks = Checks::read(session.bench, global, &[])?;
            let side = |name: &str, report| Side::of_report(name, report, explain(&checks, report));
            (side(&names.0, a), side(&names.1, b))
        }
        // A receipt tells less than a report, so both are taken for one.
        (a, b) => {
            (Side::of_receipt(&names.0, &receipt_of(a)), Side::of_receipt(&names.1, &receipt_of(b)))
        }
    };
    let comparison = compare::compare(&a, &b);
    if comparison.shared == 0 {
        return Err(Trouble::usage("the two have no check in common")
            .remedy("compare runs of the same stages of the same project")
            .into());
    }
    if args.json {
        let text = serde_json::to_string_pretty(&comparison)? + "\n";
        session.terminal.bytes(text.as_bytes())?;
    } else {
        session.terminal.data(&compare::write(&comparison, session.terminal.width))?;
    }
    Ok(if comparison.verdicts.is_empty() { Exit::Success } else { Exit::Findings })
}

fn receipt_of(read: &Read) -> Receipt {
    match read {
        Read::Receipt(receipt) => receipt.as_ref().clone(),
        Read::Report(report) => {
            let fail_on = Severity::Error;
            let exit = report::exit(&report.findings, fail_on);
            let style = Style { verbose: false, quiet: false, replayed: false, width: 80 };
            Receipt::of(&Told { report, fail_on, exit, style })
        }
    }
}

fn read(session: &Session<'_>, file: &Path) -> Result<Read, Trouble> {
    let trouble = |what: String| {
        Trouble::usage(format!("{}: {what}", file.display()))
            .remedy("name two files written by `onramp check --report json:FILE` or `receipt:FILE`")
    };
    let path = session.bench.current_dir().unwrap_or_default().join(file);
    let bytes = session.bench.read(&path, LIMIT).map_err(|error| trouble(error.to_string()))?;
    match serde_json::from_slice::<Value>(&bytes) {
        Ok(value) if value.get("receipt").is_some() => {
            Ok(Read::Receipt(Box::new(receipt::read(value).map_err(trouble)?)))
        }
        _ => {
            let report = json::read(&bytes).map_err(|error| trouble(error.to_string()))?;
            Ok(Read::Report(Box::new(report)))
        }
    }
}

/// What today's checks look at in a report, by their ids. A project or check that this onramp does
/// not know stays unexplained.
fn explain(checks: &Checks, report: &Report) -> BTreeMap<String, Explained> {
    let context = Context::of(&report.project, &report.run, &report.platform);
    let (Ok((_, chain)), Ok(context)) = (checks.packs.project(&report.project.name), context)
    else {
        return BTreeMap::new();
    };
    let all = checks.packs.checks_for(&chain);
    let steps = plan::plan(&checks.engine, &context, &all);
    let explained = steps.iter().map(|step| {
        let found = match &step.action {
            Action::Observe(arguments) => {
                let mut answers = report.observations.iter();
                answers.find(|observed| observed.answers(&step.check.probe, arguments))
            }
            Action::Skip(_) | Action::Unsure(_) => None,
        };
        let values = json!({
            "found": found.and_then(|observed| observed.found.as_ref()),
            "project": report.project,
            "run": report.run,
            "platform": report.platform,
        });
        let names = names(&checks.engine, step.check);
        (step.check.id.clone(), Side::explain(&names, &values))
    });
    explained.collect()
}

/// The names that a check judges by, then those that it tells, plain ones before parts of parts.
fn names(engine: &Engine, check: &Check) -> Vec<String> {
    let conditions = [&check.pass]
        .into_iter()
        .chain(check.unsure.iter().map(|condition| &condition.expression))
        .chain(check.when.iter().map(|condition| &condition.expression))
        .flat_map(|expression| engine.names(expression).unwrap_or_default());
    let texts = [Some(&check.say), check.ok.as_ref(), check.missing.as_ref()]
        .into_iter()
        .flatten()
        .flat_map(|template| engine.template_names(template).unwrap_or_default());
    let known = ["found.", "project.", "run.", "platform."];
    let mut names: Vec<String> = Vec::new();
    for mut group in [conditions.collect::<Vec<_>>(), texts.collect()] {
        group.sort_by_key(|name| name.matches('.').count());
        for name in group {
            if known.iter().any(|start| name.starts_with(start)) && !names.contains(&name) {
                names.push(name);
            }
        }
    }
    names
}
