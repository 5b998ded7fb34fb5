//! Every format of the real binary, read by others, and the one verdict that all of them tell.

use std::path::{Path, PathBuf};

use onramp::report::{format, receipt};
use serde_json::{Value, json};

use crate::support::foreign::{junitparser, prove, sarif_kit, sarif_schema};
use crate::support::process::Output;
use crate::support::world::{TestWorld, write};

/// A pack of one check over a tool that is not there, and what a run of it comes to.
struct Case {
    name: &'static str,
    /// Keys of the check that differ.
    check: &'static str,
    only: &'static [&'static str],
    exit: i32,
}

const CASES: [Case; 7] = [
    Case { name: "pass", check: "pass: not found.present", only: &["sponge"], exit: 0 },
    Case { name: "fail", check: "pass: found.present", only: &["sponge"], exit: 1 },
    Case {
        name: "unknown",
        check: "pass: false\nunsure: [{ if: true, say: nobody can tell }]",
        only: &["sponge"],
        exit: 3,
    },
    Case {
        name: "nothing ran",
        check: "pass: true\nwhen: [{ if: false, say: not today }]",
        only: &["sponge"],
        exit: 2,
    },
    Case { name: "bad pack", check: "pass: found.no_such_name", only: &["sponge"], exit: 2 },
    Case { name: "no such check", check: "pass: true", only: &["spong"], exit: 2 },
    Case { name: "no such revision", check: "pass: true", only: &["--base", "nowhere"], exit: 2 },
];

impl Case {
    fn pack(&self, world: &TestWorld) -> PathBuf {
        let folder = world.path(&format!("packs {}", self.name));
        let check = format!(
            "title: there is no sponge\nseverity: error\nprobe: {{ tool: sponge-of-mine }}\n{}\n\
             say: a sponge\nwhy: It soaks.\nsource: us\n",
            self.check
        );
        write(&folder.join("mine/machine/sponge.yaml"), check);
        folder
    }

    fn run(&self, world: &TestWorld, folder: &Path, reports: &[String]) -> Output {
        let pack = self.pack(world);
        let mut arguments: Vec<&str> = vec!["--checks", pack.to_str().unwrap(), "--offline"];
        arguments.push("check");
        arguments.extend(self.only);
        arguments.extend(reports.iter().flat_map(|report| ["--report", report.as_str()]));
        world.onramp(folder, &arguments)
    }
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

#[test]
fn exit_codes_agree_and_every_output_can_be_read() {
    let world = TestWorld::new();
    let tree = world.cloudstack();
    for case in &CASES {
        for format in format::ALL {
            let output = case.run(&world, &tree, &[format.name.to_owned()]);
            let told = format!("{} as {}: {}", case.name, format.name, output.stderr());
            assert_eq!(output.code, Some(case.exit), "{told}");
            let file = world.path("told");
            std::fs::write(&file, &output.out).unwrap();
            agrees(format.name, &file, case.exit, &told);
        }
    }
}

/// What an independent reader makes of an output.
#[track_caller]
fn agrees(format: &str, file: &Path, exit: i32, told: &str) {
    let text = std::fs::read_to_string(file).unwrap();
    match format {
        "human" | "markdown" => {}
        "json" => assert_eq!(parsed(&text)["version"], 1, "{told}"),
        "jsonl" => {
            let records: Vec<Value> = text.lines().map(parsed).collect();
            assert_eq!(records[0]["record"], "header", "{told}");
            assert_eq!(records.last().unwrap()["exit"], exit, "{told}");
        }
        "junit" => {
            let output = junitparser(file);
            assert_eq!(output.code == Some(0), exit == 0, "{told}{text}");
            assert!(!output.stderr().contains("Traceback"), "{told}{}", output.stderr());
        }
        "tap" => {
            let output = prove(file);
            assert_eq!(output.code == Some(0), exit == 0, "{told}{text}{}", output.stdout());
        }
        "sarif" => {
            let output = sarif_kit(file);
            assert_eq!(output.code, Some(0), "{told}{}{}", output.stdout(), output.stderr());
            let log = parsed(&text);
            assert_eq!(log.pointer("/runs/0/invocations/0/exitCode"), Some(&json!(exit)), "{told}");
        }
        "github" => {
            assert_eq!(text.contains("::error "), exit == 1 || exit == 2 && !text.is_empty())
        }
        "receipt" => assert_eq!(i32::from(receipt::read(parsed(&text)).unwrap().exit), exit),
        other => panic!("no one reads {other}: give it an independent reader here"),
    }
}

#[test]
fn one_run_writes_every_format() {
    let world = TestWorld::new();
    let tree = world.cloudstack();
    let reports = format::ALL.map(|format| format!("{}:{}", format.name, format.name));
    let arguments: Vec<&str> = ["check", "--offline"]
        .into_iter()
        .chain(reports.iter().flat_map(|report| ["--report", report.as_str()]))
        .collect();
    let output = world.onramp(&tree, &arguments);
    let code = output.code.expect("an exit code");
    assert_eq!((code, output.stdout().as_str()), (1, ""), "{}", output.stderr());
    for format in format::ALL {
        agrees(format.name, &tree.join(format.name), code, format.name);
    }
    let read = |name: &str| std::fs::read_to_string(tree.join(name)).unwrap();
    let report = parsed(&read("json"));
    let findings = report["findings"].as_array().unwrap();
    let count = |outcomes: &[&str]| {
        let of = |finding: &&Value| outcomes.contains(&finding["outcome"].as_str().unwrap());
        findings.iter().filter(of).count()
    };
    let tap = read("tap");
    let lines = |start: &str| tap.lines().filter(|line| line.starts_with(start)).count();
    assert_eq!(lines("ok "), count(&["pass", "skip"]));
    assert_eq!(lines("not ok "), count(&["fail", "warn", "unknown"]));
    assert_eq!(read("jsonl").lines().count(), findings.len() + 2);
    let sarif = parsed(&read("sarif"));
    let schema = jsonschema::options().should_validate_formats(true).build(&sarif_schema());
    assert!(schema.unwrap().is_valid(&sarif));
    let results = sarif.pointer("/runs/0/results").unwrap().as_array().unwrap();
    assert_eq!(results.len(), count(&["fail", "warn", "unknown"]));
    let open = results.iter().filter(|result| result["kind"] == "open").count();
    assert_eq!(open, count(&["unknown"]));
    let verdicts = parsed(&read("receipt"));
    for (check, outcome) in verdicts["verdicts"].as_object().unwrap() {
        let found = findings.iter().any(|one| one["check"] == *check && one["outcome"] == *outcome);
        assert!(found, "{check} {outcome}");
    }
}

#[test]
fn what_stops_a_run_replaces_the_report_of_an_earlier_one() {
    let world = TestWorld::new();
    let tree = world.cloudstack();
    let reports = format::ALL.map(|format| format!("{}:{}", format.name, format.name));
    let bad = CASES.iter().find(|case| case.name == "bad pack").unwrap();
    for format in format::ALL {
        write(&tree.join(format.name), "all is well");
    }
    let output = bad.run(&world, &tree, &reports);
    assert_eq!((output.code, output.stdout().as_str()), (Some(2), ""));
    for format in format::ALL {
        let text = std::fs::read_to_string(tree.join(format.name)).unwrap();
        assert!(!text.contains("all is well"), "{}", format.name);
        let says = text.contains("no_such_name");
        assert_eq!(says, format.name != "receipt", "{}: {text}", format.name);
    }
    let schema = parsed(&world.onramp(&tree, &["schema"]).stdout());
    let stopped = parsed(&std::fs::read_to_string(tree.join("json")).unwrap());
    assert!(jsonschema::validator_for(&schema).unwrap().is_valid(&stopped));
    let again = world.onramp(&tree, &["check", "--replay", "json"]);
    assert_eq!(again.code, Some(2));
    assert!(again.stderr().contains("ended before anything was judged"), "{}", again.stderr());
}

#[test]
fn help_lists_every_format() {
    let world = TestWorld::new();
    let help = world.onramp(&world.work(), &["check", "--help"]).stdout();
    for format in format::ALL {
        assert!(help.contains(&format!("{}  ", format.name)), "{help}");
    }
}

#[test]
fn a_receipt_holds_nothing_of_a_real_person() {
    let world = TestWorld::new();
    let tree = world.cloudstack();
    let key = world.signing_key();
    let output = world.onramp(&tree, &["check", "--offline", "--report", "receipt"]);
    let receipt = output.stdout();
    assert!(receipt.contains("\"apache/machine/git\": \"pass\""), "{receipt}");
    let head = world.git(&tree, &["rev-parse", "HEAD"]);
    assert!(receipt.contains(&head), "{receipt}");
    let home = world.home();
    for canary in
        ["Ada", "Lovelace", "ada@", "example.org", home.to_str().unwrap(), &key, &key[24..]]
    {
        assert!(!receipt.contains(canary), "{canary} in {receipt}");
    }
}

#[test]
fn no_format_tells_a_login() {
    let config = "[http]\n\tproxy = http://CANARY:CANARY@127.0.0.1:1\n\
                  [url \"http://x:CANARY@127.0.0.1:1/\"]\n\tinsteadOf = https://github.com/\n\
                  [remote \"upstream\"]\n\turl = https://CANARY@github.com/apache/cloudstack.git\n";
    let settings = "<settings><servers><server><id>first-on-loopback</id><username>CANARY</username>\
                    <password>CANARY</password></server></servers>\
                    <mirrors><mirror><id>m</id><mirrorOf>*</mirrorOf>\
                    <url>http://CANARY:CANARY@127.0.0.1:1/m</url></mirror></mirrors>\
                    <proxies><proxy><host>127.0.0.1</host><port>1</port><username>CANARY</username>\
                    <password>CANARY</password></proxy></proxies></settings>";
    let world = TestWorld::new()
        .with_variable("https_proxy", "http://CANARY:CANARY@127.0.0.1:1")
        .with_variable("GITHUB_TOKEN", "CANARY");
    let tree = world.cloudstack();
    let own = std::fs::read_to_string(world.home().join(".gitconfig")).unwrap();
    write(&world.home().join(".gitconfig"), own + config);
    write(&world.home().join(".m2/settings.xml"), settings);
    for format in format::ALL {
        let output = world.onramp(&tree, &["check", "--verbose", "--report", format.name]);
        assert_eq!(output.code, Some(1), "{}", output.stderr());
        let told = output.stdout() + &output.stderr();
        assert!(told.contains("127.0.0.1") || format.name == "receipt", "{told}");
        assert!(!told.contains("CANARY"), "{}: {told}", format.name);
    }
}
