//! Settings: the strongest voice is heard, and each mistake is told with its place.

use clap::Parser;
use onramp::cli::args::{Arguments, Global};
use onramp::cli::settings::{Origin, Settings, settle};
use onramp::finding::Severity;
use onramp::sys::recorded::Recorded;
use snapbox::{assert_data_eq, str};

fn machine(variables: &str, file: &str) -> Recorded {
    let file = serde_json::to_string(file).unwrap();
    let text = format!(
        "env: {{ {variables} }}\nfiles: {{ /home/ada/.config/onramp/config.yaml: {file} }}\n"
    );
    Recorded::read(&text).unwrap_or_else(|error| panic!("{error}"))
}

fn settled(arguments: &[&str], variables: &str, file: &str) -> Global {
    let mut global = Arguments::parse_from([&["onramp"], arguments].concat()).global;
    settle(&machine(variables, file), &mut global).unwrap_or_else(|trouble| panic!("{trouble}"));
    global
}

fn refused(variables: &str, file: &str) -> String {
    let mut global = Arguments::parse_from(["onramp"]).global;
    settle(&machine(variables, file), &mut global).expect_err("a mistake").to_string()
}

fn policy(global: &Global) -> (String, String) {
    let set = global.settings.policy.clone().expect("somebody named it");
    (set.value, set.origin.to_string())
}

#[test]
fn a_flag_beats_a_variable_and_that_the_file() {
    let file = "# mine\npolicy: one\noffline: true\n";
    let own = "/home/ada/.config/onramp/config.yaml:2".to_owned();
    assert_eq!(policy(&settled(&[], "", file)), ("one".into(), own));
    let variable = "ONRAMP_POLICY: two, ONRAMP_OFFLINE: 'no'";
    let global = settled(&[], variable, file);
    assert_eq!(policy(&global), ("two".into(), "ONRAMP_POLICY".into()));
    assert!(!global.offline);
    let global = settled(&["--policy", "three", "--offline=true"], variable, file);
    assert_eq!(policy(&global), ("three".into(), "--policy".into()));
    assert!(global.offline);
    assert!(!settled(&["--offline=false"], "", file).offline);
    assert!(settled(&["--offline"], "", "").offline);
}

#[test]
fn nothing_said_is_nothing_set() {
    let global = settled(&[], "", "# nothing\n");
    let file = Some("/home/ada/.config/onramp/config.yaml".into());
    assert_eq!(global.settings, Settings { file, ..Settings::default() });
    assert_eq!(global.settings.threshold().value, Severity::Error);
}

#[test]
fn strict_counts_everything_unless_a_stronger_voice_names_a_severity() {
    let threshold =
        |variables: &str, file: &str| settled(&[], variables, file).settings.threshold();
    assert_eq!(threshold("", "strict: true\n").value, Severity::Advice);
    assert_eq!(threshold("", "fail_on: warn\n").value, Severity::Warn);
    assert_eq!(threshold("", "fail_on: warn\nstrict: true\n").value, Severity::Advice);
    assert_eq!(threshold("", "fail_on: warn\nstrict: false\n").value, Severity::Warn);
    let stronger = threshold("ONRAMP_FAIL_ON: error", "strict: true\n");
    assert_eq!(stronger.value, Severity::Error);
    assert_eq!(stronger.origin, Origin::Variable("ONRAMP_FAIL_ON"));
    assert_eq!(threshold("ONRAMP_STRICT: 1", "fail_on: error\n").value, Severity::Advice);
    assert_eq!(threshold("ONRAMP_STRICT: 0", "strict: true\n").value, Severity::Error);
}

#[test]
fn paths_in_the_file_start_at_home_or_beside_it() {
    let file = "waivers: ~/w.yaml\nchecks: [ours, /srv/checks]\n";
    let settings = settled(&["--checks", "more"], "", file);
    let waivers = settings.settings.waivers.as_ref().map(|set| set.value.clone());
    assert_eq!(waivers, Some("/home/ada/w.yaml".into()));
    let checks: Vec<_> = settings.checks.iter().map(|path| path.display().to_string()).collect();
    assert_eq!(checks, ["/home/ada/.config/onramp/ours", "/srv/checks", "more"]);
}

#[test]
fn mistakes_come_with_line_caret_and_what_was_meant() {
    assert_data_eq!(
        refused("", "project: cloudstack\npolcy: guide\n"),
        str![[r#"
the settings have a mistake

/home/ada/.config/onramp/config.yaml: line 2 column 1: unknown field `polcy`, expected one of project, policy, fail_on, strict, offline, waivers, checks
 --> /home/ada/.config/onramp/config.yaml:2:1
  |
1 | project: cloudstack
2 | polcy: guide
  | ^ unknown field `polcy`, expected one of project, policy, fail_on, strict, offline, waivers, checks
  did you mean `policy`?
"#]]
    );
    let shown = refused("", "fail_on: wran\n");
    assert!(shown.contains("did you mean `warn`?") && shown.contains(":1:10"), "{shown}");
    assert!(refused("", "strict: maybe\n").contains(":1:9"), "{}", refused("", "strict: maybe\n"));
    assert!(refused("", "policy: a\npolicy: b\n").contains("duplicate"));
    let shown = refused("ONRAMP_STRICT: maybe", "");
    assert_eq!(shown, "ONRAMP_STRICT is `maybe`, which is neither true nor false");
    let shown = refused("ONRAMP_FAIL_ON: warning", "");
    assert_eq!(shown, "ONRAMP_FAIL_ON is `warning`, which is none of error, warn and advice");
}
