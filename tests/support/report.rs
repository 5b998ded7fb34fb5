//! Reports made of findings, for tests of what becomes of them.

use onramp::cli::workspace::vocabulary;
use onramp::exit::Exit;
use onramp::finding::{Finding, Severity};
use onramp::pack::Engine;
use onramp::pack::load::{Packs, embedded};
use onramp::plan::Run;
use onramp::profile;
use onramp::report::human::Style;
use onramp::report::told::{Body, Told};
use onramp::report::{self, Report, format};
use onramp::sys::System;
use onramp::sys::recorded::Recorded;

/// A report on a Debian machine without a work tree.
pub(crate) fn report(findings: Vec<Finding>) -> Report {
    let system = Recorded::read("{}").expect("a recorded machine");
    let packs = Packs::read(embedded(), &Engine::default(), vocabulary);
    let (raw, _) = packs.project("cloudstack").expect("our own project");
    let project = profile::resolve(&system, "cloudstack", raw, "the test".into(), None);
    Report {
        version: report::VERSION,
        onramp: "0.1.0".into(),
        created: 1_790_000_000,
        platform: system.platform(),
        project: project.expect("our own project"),
        policy: None,
        run: Run::default(),
        findings,
        observations: Vec::new(),
    }
}

/// The report in a format, and how the run ends.
pub(crate) fn told(name: &str, report: &Report, fail_on: Severity) -> (String, Exit) {
    let style = Style { verbose: false, quiet: false, replayed: false, width: 80 };
    let exit = report::exit(&report.findings, fail_on);
    let format = format::find(name).expect("a format");
    match (format.tell)(&Told { report, fail_on, exit, style }).expect("a report") {
        Body::Text(text) => (text, exit),
        Body::Lines(_) => panic!("{name} is for people"),
    }
}
