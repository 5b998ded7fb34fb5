//! `onramp config`: every value, and who says so.

use crate::support::world::{TestWorld, write};

fn settings(text: &str) -> String {
    text.split("\n\n").next().unwrap_or_default().to_owned() + "\n"
}

#[test]
fn every_setting_names_who_said_so() {
    let world = TestWorld::new()
        .with_variable("ONRAMP_OFFLINE", "yes")
        .with_variable("ONRAMP_POLCY", "guide");
    write(
        &world.home().join(".config/onramp/config.yaml"),
        "# mine\npolicy: upstream\nfail_on: warn\nwaivers: w.yaml\n",
    );
    let output = world.onramp(&world.work(), &["config", "--project", "cloudstack"]);
    assert_eq!(output.code, Some(0), "{}", output.stderr());
    for (name, value, origin) in [
        ("project", "cloudstack", "--project"),
        ("policy", "upstream", "config.yaml:2"),
        ("fail_on", "warn", "config.yaml:3"),
        ("strict", "false", "built in"),
        ("offline", "true", "ONRAMP_OFFLINE"),
    ] {
        let text = settings(&output.stdout());
        // A long path stands in a row of its own, so words are what is sure.
        let words: Vec<&str> = text.split_whitespace().skip_while(|word| *word != name).collect();
        assert_eq!(words[1], value, "{text}");
        let said = words[2..2 + origin.split(' ').count()].join(" ");
        assert!(said.ends_with(origin), "{name}: {said}");
    }
    let shown = output.stdout();
    assert!(
        shown.contains("ONRAMP_POLCY is set, and nothing reads it; did you mean ONRAMP_POLICY?"),
        "{shown}"
    );
}

#[test]
fn every_value_of_the_project_names_its_place() {
    let world = TestWorld::new();
    let tree = world.cloudstack();
    let output = world.onramp(&tree, &["config"]);
    assert_eq!(output.code, Some(0), "{}", output.stderr());
    let shown = output.stdout();
    for wanted in
        ["jdk.accepted", "pom.xml:", ".java-version:1", "maven.requirement", "policy guide"]
    {
        assert!(shown.contains(wanted), "{wanted}: {shown}");
    }
}

#[test]
fn an_unknown_key_stops_every_verb_with_a_caret() {
    let world = TestWorld::new();
    write(&world.home().join(".config/onramp/config.yaml"), "offline: true\nfail-on: warn\n");
    for verb in [&["config"][..], &["check", "machine"], &["list"], &[]] {
        let output = world.onramp(&world.work(), verb);
        assert_eq!(output.code, Some(2), "{verb:?}");
        let text = output.stderr();
        assert!(text.contains("config.yaml:2:1") && text.contains("  | ^"), "{text}");
        assert!(text.contains("did you mean `fail_on`?") && text.contains("\n  → "), "{text}");
    }
}

#[test]
fn two_voices_about_the_same_are_wrong_usage() {
    let world = TestWorld::new();
    let output = world.onramp(&world.work(), &["check", "--strict", "--fail-on", "warn"]);
    assert_eq!(output.code, Some(2));
    assert!(output.stderr().contains("cannot be used with"), "{}", output.stderr());
}
