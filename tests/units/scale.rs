//! Ten thousand checks over one shared probe: the probe is asked once, nothing is lost, and what is
//! done grows with their number and not faster.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use onramp::cli::workspace::vocabulary;
use onramp::finding::{Excuse, Finding, Outcome};
use onramp::judge::Judge;
use onramp::observation::Observation;
use onramp::pack::load::{File, Packs};
use onramp::pack::{Engine, Origin};
use onramp::plan::{self, Context};
use onramp::report::Report;
use onramp::report::baseline::since;
use onramp::run::{self, Observer};
use onramp::waiver;
use serde_json::{Value, json};

use super::{github, human};
use crate::support::scale;

const MANY: usize = 10_000;

#[derive(Default)]
struct Counting(AtomicUsize);

impl Observer for Counting {
    fn observe(&self, probe: &str, _arguments: &Value) -> Observation {
        assert_eq!(probe, "cores");
        self.0.fetch_add(1, Ordering::Relaxed);
        Ok(json!({ "present": true, "count": 8 }))
    }
}

fn file(number: usize, more: &str) -> File {
    let (path, content) = scale::check(number);
    File { path, content: (content + more).into(), origin: Origin::Folder("packs".into()) }
}

#[test]
fn ten_thousand_checks_ask_their_probe_once() {
    let engine = Engine::default();
    let files = (0..MANY).map(|number| file(number, "")).collect();
    let packs = Packs::read(files, &engine, vocabulary);
    assert!(packs.problems.is_empty(), "{}", packs.problems[0]);
    let platform = json!({ "os": "linux", "arch": "x86_64" });
    let context = Context::new(&json!({}), &json!({}), &platform);
    let checks = plan::select(packs.checks_for(&[]), &["machine".into()]).unwrap();
    let steps = plan::plan(&engine, &context, &checks);
    let counting = Arc::new(Counting::default());
    let observer: Arc<dyn Observer> = Arc::<Counting>::clone(&counting);
    let answers = run::observe(&steps, &observer, &run::Silent);
    let judge = Judge { engine: &engine, context: &context, family: "debian" };
    let findings = run::judge(&steps, &answers, &judge);
    assert_eq!(counting.0.load(Ordering::Relaxed), 1);
    assert_eq!(findings.len(), MANY);
    assert!(findings.iter().all(|finding| finding.outcome == Outcome::Pass), "{:?}", findings[0]);
    assert_eq!(findings[MANY - 1].text, "8 cores for job 9999");
}

/// Each replaces the one before it: nothing may be compared with everything.
#[test]
fn ten_thousand_replacements_leave_one() {
    let replacing = |number: usize| match number {
        0 => file(0, ""),
        _ => file(number, &format!("replaces: many/machine/c{:05}\n", number - 1)),
    };
    let packs = Packs::read((0..MANY).map(replacing).collect(), &Engine::default(), vocabulary);
    assert!(packs.problems.is_empty(), "{}", packs.problems[0]);
    let left: Vec<&str> = packs.checks_for(&[]).iter().map(|check| &*check.id).collect();
    assert_eq!(left, ["many/machine/c09999"]);
}

#[test]
fn ten_thousand_mistakes_are_found_in_one_go() {
    let wrong = |number| file(number, &format!("replaces: many/machine/d{number:05}\n"));
    let packs = Packs::read((0..MANY).map(wrong).collect(), &Engine::default(), vocabulary);
    assert_eq!(packs.problems.len(), MANY);
    assert!(packs.problems[0].text.contains("did you mean"), "{}", packs.problems[0]);
}

/// A report from elsewhere may hold as many findings as it likes: each is looked up, not sought
/// among all of them.
#[test]
fn a_hundred_thousand_old_findings_cost_what_they_are_many() {
    let many = |excused: Option<Excuse>, check: fn(usize) -> String| -> Vec<Finding> {
        let one = |number| Finding {
            check: check(number),
            excused: excused.clone(),
            ..github::finding(Outcome::Fail, &format!("finding {number}"))
        };
        (0..10 * MANY).map(one).collect()
    };
    let before = many(Some(Excuse::Baseline), |_| "a/b/same".into());
    let mut now = many(None, |_| "a/b/same".into());
    waiver::keep(&mut now, &before, waiver::day(0));
    assert!(now.iter().all(|finding| finding.excused.is_some()));
    let mut now = many(None, |_| "a/b/same".into());
    let apart = many(None, |number| format!("a/b/c{number}"));
    let since = since(&mut now, &Report { findings: apart, ..human::newcomer() });
    assert_eq!(since.gone, 0);
    assert!(now.iter().all(|finding| finding.excused.is_none()));
}
