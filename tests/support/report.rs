//! Reports made of findings or of recorded machines, for tests of what becomes of them.

use std::sync::Arc;

use onramp::cli::workspace::vocabulary;
use onramp::exit::Exit;
use onramp::finding::{Finding, Severity};
use onramp::judge::Judge;
use onramp::pack::Engine;
use onramp::pack::load::{Packs, embedded};
use onramp::plan::{self, Context, Run};
use onramp::probe::Machine;
use onramp::profile;
use onramp::report::human::Style;
use onramp::report::told::{Body, Told};
use onramp::report::{self, Observed, Report, format};
use onramp::run::{self, Observer};
use onramp::sys::System;
use onramp::sys::recorded::Recorded;

use crate::checks::Recording;

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
        baseline: None,
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

/// The report that `onramp check` would make on a recorded machine, of the stages machine and
/// identity in the clone of Ada's that `healthy.yaml` tells of.
pub(crate) fn recorded(machine: &str) -> Report {
    let recorded = Recorded::read(machine).expect("a recorded machine");
    let found = recorded.found.clone();
    let system: Arc<dyn System> = Arc::new(recorded);
    let run = Run {
        tree: Some("/home/ada/cloudstack".into()),
        destination: Some("/home/ada".into()),
        email: Some("ada@example.org".into()),
        signs: true,
        ..Run::default()
    };
    let mut report = Report { run, platform: system.platform(), ..report(Vec::new()) };
    let engine = Engine::default();
    let packs = Packs::read(embedded(), &engine, vocabulary);
    let context = Context::of(&report.project, &report.run, &report.platform).expect("plain data");
    let (_, chain) = packs.project("cloudstack").expect("our own project");
    let checks = plan::select(packs.checks_for(&chain), &["machine".into(), "identity".into()]);
    let steps = plan::plan(&engine, &context, &checks.expect("stages"));
    let observer: Arc<dyn Observer> =
        Arc::new(Recording { found, world: Machine::recorded(system) });
    let answers = run::observe(&steps, &observer, &run::Silent);
    let judge = Judge { engine: &engine, context: &context, family: &report.platform.family };
    report.findings = run::judge(&steps, &answers, &judge);
    report.observations = Observed::all(answers);
    report
}
