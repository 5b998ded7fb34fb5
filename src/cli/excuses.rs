//! Lays waivers and a baseline over a report: reads their files, and lets the layers below decide
//! what they excuse. Changes no outcome.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use crate::pack::problem::Problem;
use crate::report::Report;
use crate::report::baseline;
use crate::sys::System;
use crate::waiver::{self, Waiver};

use super::Session;
use super::replay::read_back;
use super::settings::{self, Set, Settings};
use super::trouble::Trouble;

/// A file of waivers may be this long.
const LIMIT: u64 = 1 << 20;

/// What may take findings out of the verdict.
pub struct Excuses {
    /// The waivers that count here.
    pub waivers: Vec<Waiver>,
    baseline: Option<(PathBuf, Report)>,
}

impl Excuses {
    /// Reads the waivers that somebody names, and the baseline where there is one.
    ///
    /// # Errors
    /// A file that is not there or has a mistake.
    pub fn read(
        session: &Session<'_>,
        settings: &Settings,
        baseline: Option<&PathBuf>,
    ) -> Result<Self, Trouble> {
        let baseline = baseline.map(|file| Ok((file.clone(), read_back(session, file)?)));
        Ok(Self { waivers: waivers(session.bench, settings)?, baseline: baseline.transpose()? })
    }

    /// Excuses what waivers and baseline are about, and adds a finding for each waiver that is not
    /// in order.
    ///
    /// # Errors
    /// A baseline of another project.
    pub fn apply(
        &self,
        report: &mut Report,
        ids: &BTreeSet<String>,
        now: i64,
    ) -> Result<(), Trouble> {
        let today = waiver::day(now);
        let notes = waiver::apply(&mut report.findings, &self.waivers, ids, today);
        if let Some((file, before)) = &self.baseline {
            if before.project.name != report.project.name {
                return Err(other_project(file, before, report));
            }
            report.baseline = Some(baseline::since(&mut report.findings, before));
        }
        report.findings.extend(notes);
        Ok(())
    }
}

fn other_project(file: &Path, before: &Report, report: &Report) -> Trouble {
    Trouble::usage(format!(
        "{}: the report is about {}, and this run about {}",
        file.display(),
        before.project.title,
        report.project.title
    ))
    .remedy("name a report of the same project")
}

/// The waivers that somebody names, else the user's own where there are any.
fn waivers(system: &dyn System, settings: &Settings) -> Result<Vec<Waiver>, Trouble> {
    let named = settings.waivers.as_ref();
    let usual = || Some(settings::folder(system)?.join("waivers.yaml"));
    let Some(path) = named.map(|set| set.value.clone()).or_else(usual) else {
        return Ok(Vec::new());
    };
    let content = match system.read(&path, LIMIT) {
        Ok(content) => content,
        Err(error) if error.kind() == io::ErrorKind::NotFound && named.is_none() => {
            return Ok(Vec::new());
        }
        Err(error) => return Err(unreadable(&path, named, &error)),
    };
    let shown = path.display().to_string();
    let text = String::from_utf8(content)
        .map_err(|_| Trouble::usage(format!("{shown}: not UTF-8 text")).remedy(FORM))?;
    waiver::read(&shown, &text).map_err(|problems| mistakes(&problems))
}

const FORM: &str = "a waiver names id, reason and until, as in\n    - id: apache/patch/signed\n      \
                    reason: the new key is on its way\n      until: 2027-01-31";

fn unreadable(path: &Path, named: Option<&Set<PathBuf>>, error: &io::Error) -> Trouble {
    let by = named.map(|set| format!(", named by {}", set.origin)).unwrap_or_default();
    Trouble::usage(format!("{}: the waivers{by} cannot be read: {error}", path.display()))
        .remedy("name a file that you may read, or leave it out")
}

fn mistakes(problems: &[Problem]) -> Trouble {
    let texts: Vec<String> = problems.iter().map(ToString::to_string).collect();
    Trouble::usage(format!("the waivers have a mistake\n\n{}", texts.join("\n\n"))).remedy(FORM)
}
