//! `onramp compare`: what sets two runs apart, the cause first and noise left out.

use onramp::report::{Report, json};
use serde_json::{Value, json as value};

use crate::support::process::Output;
use crate::support::report::{recorded, told};
use crate::support::world::TestWorld;

const HEALTHY: &str = include_str!("../machines/healthy.yaml");
const NEWCOMER: &str = include_str!("../machines/newcomer.yaml");

fn save(world: &TestWorld, name: &str, report: &Report) {
    std::fs::write(world.work().join(name), json::write(report).unwrap()).unwrap();
}

fn compare(world: &TestWorld, arguments: &[&str]) -> Output {
    world.onramp(&world.work(), &[&["compare"], arguments].concat())
}

#[test]
fn a_healthy_and_a_broken_machine_name_the_cause_first() {
    let world = TestWorld::new();
    save(&world, "mine.json", &recorded(HEALTHY));
    save(&world, "hers.json", &recorded(NEWCOMER));
    let output = compare(&world, &["mine.json", "hers.json"]);
    assert_eq!(output.code, Some(1), "{}", output.stderr());
    let said = output.stdout();
    let first = said.lines().skip_while(|line| *line != "verdicts that differ").nth(1);
    assert_eq!(first, Some("  the build uses a JDK that the project accepts"), "{said}");
    assert!(said.contains("version: 17.0.15 in A, 25.0.3 in B"), "{said}");
    // What is skipped for want of a JDK follows from it, and does not say the same again.
    assert_eq!(said.matches("feature: 17 in A, 25 in B").count(), 1, "{said}");
    assert!(said.starts_with("A  mine.json · Debian"), "{said}");
}

#[test]
fn what_always_differs_is_not_listed() {
    let world = TestWorld::new();
    let healthy = recorded(HEALTHY);
    let mut later = healthy.clone();
    later.created += 86_400;
    later.run.tree = Some("/tmp/elsewhere/cloudstack".into());
    later.observations.reverse();
    for observed in &mut later.observations {
        observed.millis += 7;
        for field in ["free", "available", "path", "home"] {
            if let Some(found) = observed.found.as_mut().and_then(|found| found.get_mut(field)) {
                *found = value!(format!("elsewhere {field}"));
            }
        }
    }
    save(&world, "a.json", &healthy);
    save(&world, "b.json", &later);
    let output = compare(&world, &["a.json", "b.json"]);
    assert_eq!(output.code, Some(0), "{}{}", output.stdout(), output.stderr());
    assert!(output.stdout().contains("checks that both hold end alike"), "{}", output.stdout());
    assert!(!output.stdout().contains("elsewhere"), "{}", output.stdout());
    assert!(!output.stdout().contains("what else differs"), "{}", output.stdout());
}

#[test]
fn tools_and_settings_that_change_no_verdict_come_after() {
    let world = TestWorld::new();
    let healthy = recorded(HEALTHY);
    let mut other = healthy.clone();
    let git = other
        .observations
        .iter_mut()
        .find(|observed| observed.probe == "tool" && observed.arguments["name"] == "git");
    git.unwrap().found.as_mut().unwrap()["version"] = value!("2.51.0");
    other.project.jdk.accepted = vec![17, 21];
    other.onramp = "0.2.0".into();
    save(&world, "a.json", &healthy);
    save(&world, "b.json", &other);
    let output = compare(&world, &["a.json", "b.json", "--json"]);
    let comparison: Value = serde_json::from_slice(&output.out).unwrap();
    let others: Vec<&str> = comparison["others"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|one| one["what"].as_str())
        .collect();
    assert_eq!(others, ["git version", "JDKs accepted", "onramp"], "{comparison:#}");
    assert_eq!((output.code, &comparison["verdicts"]), (Some(0), &value!([])));
}

#[test]
fn receipts_are_compared_too_and_held_against_their_digest() {
    let world = TestWorld::new();
    let receipt = |machine| told("receipt", &recorded(machine), onramp::finding::Severity::Error).0;
    let place = |name: &str| world.work().join(name);
    std::fs::write(place("a.receipt"), receipt(HEALTHY)).unwrap();
    std::fs::write(place("b.receipt"), receipt(NEWCOMER)).unwrap();
    save(&world, "b.json", &recorded(NEWCOMER));
    for other in ["b.receipt", "b.json"] {
        let output = compare(&world, &["a.receipt", other]);
        assert_eq!(output.code, Some(1), "{}", output.stderr());
        let said = output.stdout();
        assert!(said.contains("jdk version: 17.0.15 in A, 25.0.3 in B"), "{said}");
        let first = said.lines().skip_while(|line| *line != "verdicts that differ").nth(1);
        assert_eq!(first, Some("  apache/machine/jdk"), "{said}");
    }
    std::fs::write(place("b.receipt"), receipt(NEWCOMER).replace("\"fail\"", "\"pass\"")).unwrap();
    let output = compare(&world, &["a.receipt", "b.receipt"]);
    assert_eq!(output.code, Some(2));
    assert!(output.stderr().contains("b.receipt: the receipt was changed"), "{}", output.stderr());
}

#[test]
fn what_is_no_report_is_refused_by_name() {
    let world = TestWorld::new();
    let place = |name: &str| world.work().join(name);
    save(&world, "good.json", &recorded(HEALTHY));
    let good = std::fs::read(place("good.json")).unwrap();
    std::fs::write(place("cut.json"), &good[..good.len() / 2]).unwrap();
    std::fs::write(place("newer.json"), "{\"version\": 9}").unwrap();
    std::fs::write(place("deep.json"), "[".repeat(100_000)).unwrap();
    std::fs::write(place("other.json"), "{\"receipt\": 9}").unwrap();
    let mut nothing = recorded(HEALTHY);
    nothing.findings.clear();
    save(&world, "nothing.json", &nothing);
    let cases = [
        ("no.json", "no.json: "),
        ("cut.json", "cut.json: no JSON: EOF"),
        ("newer.json", "report version 9 was written by a newer onramp"),
        ("deep.json", "deep.json: no JSON: recursion limit"),
        ("other.json", "other.json: no receipt of version 1"),
        ("nothing.json", "the two have no check in common"),
    ];
    for (file, wanted) in cases {
        let output = compare(&world, &["good.json", file]);
        assert_eq!((output.code, output.stdout().as_str()), (Some(2), ""), "{file}");
        assert!(output.stderr().contains(wanted), "{file}: {}", output.stderr());
        assert!(output.stderr().contains("  → "), "{file}: {}", output.stderr());
    }
}
