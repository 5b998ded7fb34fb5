//! `onramp check --replay`: an earlier report judged again says so and asks nothing it did not ask.

use onramp::report::json;

use crate::support::report::recorded;
use crate::support::world::TestWorld;

#[test]
fn another_machines_report_is_judged_alike_here() {
    let world = TestWorld::new();
    let machines = [
        include_str!("../machines/healthy.yaml"),
        include_str!("../machines/newcomer.yaml"),
        include_str!("../machines/bare.yaml"),
        include_str!("../machines/macos.yaml"),
    ];
    for machine in machines {
        let report = recorded(machine);
        std::fs::write(world.work().join("r.json"), json::write(&report).unwrap()).unwrap();
        let arguments = ["check", "--replay", "r.json", "--report", "json"];
        let output = world.onramp(&world.work(), &arguments);
        let again = json::read(&output.out).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(again.findings, report.findings);
        let wanted = onramp::report::exit(&report.findings, onramp::finding::Severity::Error);
        assert_eq!(output.code, Some(i32::from(wanted.code())), "{}", output.stderr());
    }
}

#[test]
fn only_what_was_asked_then_is_judged_again() {
    let world = TestWorld::new();
    let tree = world.cloudstack();
    world.onramp(&tree, &["check", "machine", "--offline", "--report", "json:r.json"]);
    let report = tree.join("r.json");
    let again = ["check", "--replay", report.to_str().unwrap()];
    let output = world.onramp(&world.work(), &again).stdout();
    assert!(output.starts_with("judged again from a report made on "), "{output}");
    assert!(output.contains("\nmachine\n"), "{output}");
    assert!(!output.contains("\nidentity\n") && !output.contains("\npatch\n"), "{output}");

    let chosen = world.onramp(&world.work(), &[&again[..], &["identity"]].concat()).stdout();
    assert!(chosen.contains("\nidentity\n") && !chosen.contains("\nmachine\n"), "{chosen}");
    assert!(chosen.contains("0 ok · ") && chosen.contains(" could not be told"), "{chosen}");
}

#[test]
fn a_newer_report_is_refused_with_a_remedy() {
    let world = TestWorld::new();
    std::fs::write(world.work().join("r.json"), "{\"version\": 9}").unwrap();
    let output = world.onramp(&world.work(), &["check", "--replay", "r.json"]);
    assert_eq!(output.code, Some(2));
    snapbox::assert_data_eq!(
        output.stderr(),
        snapbox::str![[r#"
onramp: r.json: report version 9 was written by a newer onramp; this one reads version 1
  → update onramp, or make the report with this one

"#]]
    );
}
