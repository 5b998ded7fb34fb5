//! `onramp check` as a whole: formats, exit codes, replay, and words for wrong usage.

use serde_json::Value;

use crate::support::process::Output;
use crate::support::world::TestWorld;

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.out)
        .unwrap_or_else(|error| panic!("{error}: {}", output.stdout()))
}

#[test]
fn a_report_fits_its_schema_and_judges_the_same_again() {
    let world = TestWorld::new();
    let tree = world.cloudstack();
    let report = world
        .onramp(&tree, &["check", "--offline", "--report", "json:report.json", "--report", "json"]);
    let schema = json(&world.onramp(&tree, &["schema"]));
    let first = json(&report);
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let problems: Vec<String> =
        validator.iter_errors(&first).map(|error| error.to_string()).collect();
    assert!(problems.is_empty(), "{problems:#?}");
    assert_eq!(first["project"]["version"], "4.23.0.0-SNAPSHOT");
    assert_eq!(first["project"]["jdk"]["accepted"], serde_json::json!([11, 17]));

    let again = world.onramp(
        &world.work(),
        &["check", "--replay", tree.join("report.json").to_str().unwrap(), "--report", "json"],
    );
    assert_eq!(again.code, report.code, "{}", again.stderr());
    assert_eq!(json(&again)["findings"], first["findings"]);
}

#[test]
fn every_format_says_the_same() {
    let world = TestWorld::new();
    let arguments = [
        "check",
        "machine",
        "--offline",
        "--report",
        "json:r.json",
        "--report",
        "junit:r.xml",
        "--report",
        "human:r.txt",
        "--report",
        "github",
    ];
    let output = world.onramp(&world.work(), &arguments);
    let read = |name: &str| std::fs::read_to_string(world.work().join(name)).unwrap();
    let report: Value = serde_json::from_str(&read("r.json")).unwrap();
    let findings = report["findings"].as_array().unwrap();
    assert_eq!(read("r.xml").matches("<testcase ").count(), findings.len());
    let human = read("r.txt");
    let shown = |finding: &&Value| finding["outcome"] == "fail";
    let failed = findings.iter().filter(shown).count();
    assert_eq!(human.matches('✗').count(), failed, "{human}");
    assert_eq!(output.stdout().matches("::error ").count(), failed, "{}", output.stdout());
    assert!(!human.contains('\u{1b}'));
}

#[test]
fn wrong_usage_is_told_with_the_way_out() {
    let world = TestWorld::new();
    let cases: [(&[&str], &str); 8] = [
        (&["check", "machin"], "did you mean `machine`?"),
        (
            &["check", "--report", "yaml"],
            "the formats are human, json, jsonl, junit, tap, sarif, github, markdown and receipt",
        ),
        (&["check", "--report", "json:"], "write it as `--report json:FILE`"),
        (
            &["check", "--report", "json", "--report", "junit"],
            "two reports cannot share standard output",
        ),
        (&["check", "--replay", "no.json"], "no.json"),
        (&["--project", "cloudstak", "list"], "did you mean `cloudstack`?"),
        (&["check", "patch", "--offline"], "not inside a clone"),
        (&["check", "host", "--offline"], "the project has no such checks"),
    ];
    for (arguments, wanted) in cases {
        let output = world.onramp(&world.work(), arguments);
        assert_eq!(output.code, Some(2), "{arguments:?}: {}", output.stderr());
        assert!(output.stderr().contains(wanted), "{arguments:?}: {}", output.stderr());
    }
}

#[test]
fn a_pack_of_ones_own_joins_and_its_mistakes_are_pointed_at() {
    let world = TestWorld::new();
    let pack = world.path("packs/mine/machine");
    std::fs::create_dir_all(&pack).unwrap();
    let check = "title: there is a sponge\nseverity: warn\nprobe: { tool: sponge-of-mine }\n\
                 missing: no sponge\npass: found.present\nsay: a sponge\nwhy: It soaks.\nsource: us\n";
    std::fs::write(pack.join("sponge.yaml"), check).unwrap();
    let folder = world.path("packs");
    let folder = folder.to_str().unwrap();
    let output =
        world.onramp(&world.work(), &["--checks", folder, "check", "sponge", "--fail-on", "warn"]);
    assert_eq!(output.code, Some(1), "{}", output.stderr());
    assert!(output.stdout().contains("no sponge"), "{}", output.stdout());

    std::fs::write(pack.join("sponge.yaml"), check.replace("found.present", "found.presnt"))
        .unwrap();
    let output = world.onramp(&world.work(), &["--checks", folder, "check", "sponge"]);
    assert_eq!(output.code, Some(2));
    assert!(output.stderr().contains("sponge.yaml:5:7"), "{}", output.stderr());
    assert!(output.stderr().contains("did you mean `present`?"), "{}", output.stderr());
}
