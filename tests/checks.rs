//! Every check against its cases, and every check silent on a healthy machine. The cases are data,
//! one file per check at the same path; a fixture doubles as the best explanation of its check.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use onramp::cli::workspace::vocabulary;
use onramp::finding::{Finding, Outcome};
use onramp::fix::{Facts, Need, plan as plan_fix};
use onramp::judge::{Judge, finding};
use onramp::observation::Observation;
use onramp::pack::load::{File, Packs, embedded};
use onramp::pack::{Check, Engine, Origin};
use onramp::plan::{self, Action, Context};
use onramp::probe::Machine;
use onramp::profile;
use onramp::run::{self, Observer};
use onramp::sys::System;
use onramp::sys::recorded::Recorded;
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    case: String,
    machine: Option<Recorded>,
    found: Option<Value>,
    outcome: Option<Outcome>,
    outcomes: Option<Vec<Outcome>>,
    says: Option<String>,
    fix: Option<String>,
    /// The commands that `onramp fix` would plan, where the case is about them.
    steps: Option<Vec<String>>,
    #[serde(default)]
    run: Value,
    #[serde(default)]
    project: Value,
}

/// A recorded machine, with recorded observations standing in for the adapters past `sys`.
pub(crate) struct Recording {
    pub(crate) found: BTreeMap<String, Value>,
    pub(crate) world: Machine,
}

impl Observer for Recording {
    fn observe(&self, probe: &str, arguments: &Value) -> Observation {
        match self.found.get(probe) {
            Some(found) => Ok(found.clone()),
            None => self.world.observe(probe, arguments),
        }
    }
}

fn packs(engine: &Engine) -> Packs {
    // As if they were a user's own: every name is held against what the probes provide.
    let strict = |file| File { origin: Origin::Folder("checks".into()), ..file };
    let packs = Packs::read(embedded().into_iter().map(strict).collect(), engine, vocabulary);
    let problems: Vec<String> = packs.problems.iter().map(ToString::to_string).collect();
    assert!(problems.is_empty(), "{}", problems.join("\n\n"));
    packs
}

fn machine(text: &str) -> Recorded {
    Recorded::read(text).unwrap_or_else(|error| panic!("{error}"))
}

/// The project's values as on a machine without a work tree, overlaid with the case's own.
fn context(
    packs: &Packs,
    project: &str,
    overlay: &Value,
    run: &Value,
    system: &dyn System,
) -> Context {
    let (raw, _) = packs.project(project).unwrap();
    let resolved = profile::resolve(system, project, raw, "the test".into(), None).unwrap();
    let mut values = serde_json::to_value(resolved).unwrap();
    merge(&mut values, overlay);
    let mut options = serde_json::to_value(plan::Run::default()).unwrap();
    merge(&mut options, run);
    let platform = serde_json::to_value(system.platform()).unwrap();
    Context::new(&values, &options, &platform)
}

fn merge(into: &mut Value, from: &Value) {
    match (into, from) {
        (Value::Object(into), Value::Object(from)) => {
            for (name, value) in from {
                let entry = into.entry(name.clone()).or_insert(Value::Null);
                // What a case says is null is none.
                if value.is_null() { *entry = Value::Null } else { merge(entry, value) }
            }
        }
        (_, Value::Null) => {}
        (into, from) => *into = from.clone(),
    }
}

fn project_of(check: &Check) -> &str {
    if check.pack() == "apache" { "cloudstack" } else { check.pack() }
}

/// What a case comes to: the findings, and what `onramp fix` would run against them.
fn judge(
    engine: &Engine,
    packs: &Packs,
    check: &Check,
    case: &Case,
) -> (Vec<Finding>, Vec<String>) {
    let recorded = case.machine.clone().unwrap_or_else(|| machine("{}"));
    let found = recorded.found.clone();
    let system: Arc<dyn System> = Arc::new(recorded);
    let context = context(packs, project_of(check), &case.project, &case.run, &*system);
    let family = system.platform().family;
    let judge = Judge { engine, context: &context, family: &family };
    let steps = plan::plan(engine, &context, &[check]);
    let (findings, found) = match (&steps[0].action, &case.found) {
        (Action::Observe(_), Some(found)) => {
            (judge.judge(check, &Ok(found.clone())), Some(found.clone()))
        }
        (Action::Observe(_), None) => {
            let observer: Arc<dyn Observer> =
                Arc::new(Recording { found, world: Machine::recorded(system) });
            let answers = run::observe(&steps, &observer, &run::Silent);
            let found = answers.values().find_map(|answered| answered.observation.clone().ok());
            (run::judge(&steps, &answers, &judge), found)
        }
        (Action::Skip(reason), _) => (vec![finding(check, Outcome::Skip, reason.clone())], None),
        (Action::Unsure(reason), _) => {
            (vec![finding(check, Outcome::Unknown, reason.clone())], None)
        }
    };
    let commands = found.map(|found| commands(&judge, check, &found, &findings));
    (findings, commands.unwrap_or_default())
}

/// The commands of a plan against the findings of one check, for a user with sudo.
fn commands(judge: &Judge<'_>, check: &Check, found: &Value, findings: &[Finding]) -> Vec<String> {
    let remedies = judge.remedies(check, found, &findings.iter().collect::<Vec<_>>());
    let (check, title) = (check.id.clone(), check.title.clone());
    let need = Need { check, title, text: String::new(), fix: None, remedies };
    let (family, raise) = (judge.family.to_owned(), Some("sudo".to_owned()));
    let facts = Facts { family, raise, packager: true, ..Facts::default() };
    let plan = plan_fix(&[need], &facts);
    plan.steps.iter().map(|step| step.typed(&facts, None)).collect()
}

fn complaint(case: &Case, findings: &[Finding], steps: &[String]) -> Option<String> {
    let outcomes: Vec<Outcome> = findings.iter().map(|finding| finding.outcome).collect();
    let wanted = case.outcomes.clone().or(case.outcome.map(|outcome| vec![outcome]));
    let wanted = wanted.unwrap_or_else(|| panic!("case `{}` wants no outcome", case.case));
    let texts: Vec<&str> = findings.iter().map(|finding| finding.text.as_str()).collect();
    let fixes: Vec<&str> = findings.iter().filter_map(|finding| finding.fix.as_deref()).collect();
    let lacks = |wanted: &Option<String>, texts: &[&str]| {
        wanted
            .as_ref()
            .is_some_and(|wanted| !texts.iter().any(|text| text.contains(wanted.as_str())))
    };
    let right = outcomes == wanted
        && !lacks(&case.says, &texts)
        && !lacks(&case.fix, &fixes)
        && case.steps.as_ref().is_none_or(|wanted| wanted == steps);
    (!right).then(|| {
        format!(
            "{}: {outcomes:?} {texts:?} {fixes:?} {steps:?}\n  wanted {wanted:?} {:?} {:?} {:?}",
            case.case, case.says, case.fix, case.steps
        )
    })
}

#[test]
fn what_is_embedded_as_json_is_what_the_files_say() {
    let engine = Engine::default();
    let written = packs(&engine);
    let embedded = Packs::read(embedded(), &engine, vocabulary);
    assert!(embedded.problems.is_empty(), "{:?}", embedded.problems);
    assert_eq!(written.checks.len(), embedded.checks.len());
    for (id, check) in &written.checks {
        let (origin, file) = (Origin::Embedded, format!("checks/{id}.yaml"));
        let wanted = Check { origin, file, ..check.clone() };
        assert_eq!(embedded.checks.get(id), Some(&wanted));
    }
    for name in written.projects.keys() {
        let values = |packs: &Packs| {
            let (raw, _) = packs.project(name).unwrap();
            let mut value = serde_json::to_value(raw).unwrap();
            value.as_object_mut().unwrap().remove("origins");
            value
        };
        assert_eq!(values(&written), values(&embedded), "{name}");
    }
}

#[test]
fn every_check_judges_its_cases() {
    let engine = Engine::default();
    let packs = packs(&engine);
    let mut complaints = Vec::new();
    for check in packs.checks.values() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/checks")
            .join(format!("{}.yaml", check.id));
        let text = std::fs::read_to_string(&path)
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let cases: Vec<Case> = serde_saphyr::from_str(&text)
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let outcomes: Vec<Outcome> = cases
            .iter()
            .flat_map(|case| {
                case.outcome.into_iter().chain(case.outcomes.clone().unwrap_or_default())
            })
            .collect();
        for needed in [Outcome::Pass, check.severity.outcome()] {
            if !outcomes.contains(&needed) {
                complaints.push(format!("{}: no case ends in {}", check.id, needed.word()));
            }
        }
        for case in &cases {
            let (findings, steps) = judge(&engine, &packs, check, case);
            let complaint = complaint(case, &findings, &steps);
            complaints.extend(complaint.map(|text| format!("{}: {text}", check.id)));
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[test]
fn every_check_is_silent_on_a_healthy_machine() {
    let engine = Engine::default();
    let packs = packs(&engine);
    let healthy = machine(include_str!("machines/healthy.yaml"));
    let tree = json!({
        "tree": "/home/ada/cloudstack",
        "destination": "/home/ada",
        "email": "ada@cloud.test",
        "signs": true,
        "signing": { "format": "openpgp", "key": "C2D6862407A2B876" },
    });
    for check in packs.checks.values() {
        let case = Case {
            case: "healthy".into(),
            machine: Some(healthy.clone()),
            found: None,
            outcome: None,
            outcomes: None,
            says: None,
            fix: None,
            steps: None,
            run: tree.clone(),
            project: Value::Null,
        };
        for finding in judge(&engine, &packs, check, &case).0 {
            assert!(
                matches!(finding.outcome, Outcome::Pass | Outcome::Skip),
                "{} on a healthy machine: {} {}",
                check.id,
                finding.outcome.word(),
                finding.text
            );
        }
    }
}
