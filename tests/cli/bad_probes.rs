//! Plug-ins that misbehave: each ends as an unknown that says what was wrong, in the time the check
//! grants, and leaves no process behind.

use std::time::{Duration, Instant};

use serde_json::Value;

use super::stopped::{gone, started, until};
use crate::support::world::{TestWorld, write, write_script};

const CHECK: &str = "title: t\nseverity: error\nprobe: { bad: {} }\npass: found.good\n\
                     say: s\nwhy: w\nsource: s\n";

/// What becomes of a check whose probe is this script: its outcome and why.
#[track_caller]
fn asked_in(world: &TestWorld, script: &str, deadline: u64) -> (String, String) {
    let packs = world.path("packs");
    write(&packs.join("mine/machine/bad.yaml"), format!("{CHECK}deadline: {deadline}\n"));
    write_script(&packs.join("_probes/onramp-probe-bad"), script);
    let arguments = ["--offline", "check", "bad", "--report", "json", "--checks"];
    let arguments = [&arguments[..], &[packs.to_str().unwrap()]].concat();
    let output = world.onramp(&world.work(), &arguments);
    let report: Value = serde_json::from_slice(&output.out)
        .unwrap_or_else(|error| panic!("{error}: {}", output.stderr()));
    let finding = &report["findings"][0];
    if finding["outcome"] == "unknown" {
        assert_eq!(output.code, Some(3), "{}", output.stderr());
    }
    let text = |name: &str| finding[name].as_str().unwrap().to_owned();
    (text("outcome"), text("text"))
}

#[track_caller]
fn unknown(script: &str, says: &str) {
    let world = TestWorld::new();
    let (outcome, text) = asked_in(&world, &format!("#!/bin/sh\n{script}\n"), 30);
    assert_eq!(outcome, "unknown", "{text}");
    assert!(text.contains(says), "{text}");
    assert!(text.len() < 1000 && !text.contains('\n'), "{text}");
}

#[test]
fn one_that_hangs_is_ended_with_what_it_started() {
    let world = TestWorld::new().with_program("sleep").with_program("mv");
    let script = "#!/bin/sh\ntrap '' TERM\nsleep 600 &\necho \"$$ $!\" >\"$HOME/new\"\n\
                  mv \"$HOME/new\" \"$HOME/started\"\nwait\nwait\n";
    let start = Instant::now();
    let (outcome, text) = asked_in(&world, script, 1);
    assert_eq!((outcome.as_str(), start.elapsed() < Duration::from_secs(20)), ("unknown", true));
    assert!(text.contains("within 1 s"), "{text}");
    let pids = started(&world.home().join("started"));
    until("the plug-in or its child outlived the check", || gone(&pids));
}

#[test]
fn one_that_floods_is_stopped_at_once() {
    unknown("while :; do echo 1234567890123456789012345678901234567890; done", "more than 1 MiB");
}

#[test]
fn one_that_complains_for_ever_is_stopped_in_time() {
    let world = TestWorld::new();
    let script = "#!/bin/sh\necho '{\"onramp\": 1, \"found\": {\"good\": true}}'\n\
                  while :; do echo 1234567890123456789012345678901234567890 >&2; done\n";
    let (outcome, text) = asked_in(&world, script, 1);
    assert_eq!(outcome, "unknown");
    assert!(text.contains("within 1 s"), "{text}");
}

#[test]
fn garbage_is_no_answer_although_it_ends_well() {
    for (printed, says) in [
        ("all is well", "what is not JSON: expected value at line 1 column 1"),
        ("", "ended and said nothing"),
        ("[]", "a list, not an object"),
        ("{}", "without the version of the protocol"),
        (r#"{"onramp": 2, "found": {"good": true}}"#, "this onramp knows version 1: update onramp"),
        (
            r#"{"onramp": "1", "found": {"good": true}}"#,
            "as the version of the protocol, which is 1",
        ),
        (r#"{"onramp": 1}"#, "neither `found` nor `unknown`"),
        (r#"{"onramp": 1, "found": {"good": true}, "unknown": "why"}"#, "both"),
        (r#"{"onramp": 1, "found": [true]}"#, "a list as `found`"),
        (r#"{"onramp": 1, "found": {"present": "yes", "good": true}}"#, "a text as `present`"),
        (r#"{"onramp": 1, "unknown": ""}"#, "gave no reason"),
        (r#"{"onramp": 1, "found": {"good": true}} {"#, "not JSON: trailing characters"),
    ] {
        unknown(&format!("cat <<'END'\n{printed}\nEND").replace("cat", "/bin/cat"), says);
    }
}

#[test]
fn a_name_that_the_data_lack_is_no_pass() {
    unknown(r#"echo '{"onramp": 1, "found": {"fine": true}}'"#, "`found.good` is not among");
}

#[test]
fn one_that_leaves_a_child_holding_its_output_has_not_answered() {
    let world = TestWorld::new().with_program("sleep").with_program("mv");
    let script = "#!/bin/sh\nsleep 600 &\necho \"$!\" >\"$HOME/new\"\n\
                  mv \"$HOME/new\" \"$HOME/started\"\n\
                  echo '{\"onramp\": 1, \"found\": {\"good\": true}}'\n";
    let (outcome, text) = asked_in(&world, script, 30);
    assert_eq!(outcome, "unknown");
    assert!(text.contains("left a process behind"), "{text}");
    let pids = started(&world.home().join("started"));
    until("the child outlived the check", || gone(&pids));
}

#[test]
fn json_without_end_in_depth_is_refused() {
    let deep = "i=0; while [ $i -lt 20000 ]; do printf '{\"a\":'; i=$((i + 1)); done";
    unknown(&format!("printf '{{\"onramp\": 1, \"found\": '; {deep}"), "recursion limit");
}

#[test]
fn text_that_is_not_utf8_is_refused() {
    unknown(r#"printf '{"onramp": 1, "found": {"good": true, "name": "\377"}}'"#, "not UTF-8");
    unknown(r#"printf '%s' '{"onramp": 1, "found": {"name": "\ud800"}}'"#, "not JSON");
}

#[test]
fn numbers_that_cannot_be_compared_are_refused() {
    unknown(r#"echo '{"onramp": 1, "found": {"good": 1e999}}'"#, "number out of range");
    unknown(
        r#"echo '{"onramp": 1, "found": {"good": [{"size": 123456789012345678901234567890}]}}'"#,
        "too large to compare",
    );
}

#[test]
fn more_values_than_anyone_judges_are_refused() {
    let many = "i=0; while [ $i -lt 60000 ]; do printf '0,'; i=$((i + 1)); done";
    unknown(
        &format!("printf '{{\"onramp\": 1, \"found\": {{\"all\": ['; {many}; printf '0]}}}}'"),
        "more than 50000 values",
    );
}

#[test]
fn a_failure_without_an_answer_says_what_it_said() {
    unknown(
        "printf '\\033[2J\\n\\nno such thing\\nand more\\n' >&2; exit 3",
        "ended with 3 and said: \\x1b[2J",
    );
    unknown("exit 7", "ended with 7 and said nothing");
    unknown("kill -9 $$", "was ended by a signal");
}

#[test]
fn a_failure_with_an_answer_is_an_answer() {
    let world = TestWorld::new();
    for (good, wanted) in [("true", "pass"), ("false", "fail")] {
        let script = format!(
            "#!/bin/sh\necho '{{\"onramp\": 1, \"found\": {{\"good\": {good}}}}}'\nexit 1\n"
        );
        let (outcome, text) = asked_in(&world, &script, 30);
        assert_eq!(outcome, wanted, "{text}");
    }
}

#[test]
fn one_that_cannot_start_says_what_to_do() {
    unknown("", "said nothing");
    let world = TestWorld::new();
    let (outcome, text) = asked_in(&world, "#!/no/such/shell\n", 5);
    assert_eq!(outcome, "unknown");
    assert!(text.contains("the program its first line names, is not here"), "{text}");
    let (_, text) = asked_in(&world, "echo hello\n", 5);
    assert!(text.contains("its first line names no program"), "{text}");
}
