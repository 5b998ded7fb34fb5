//! Trust without a machine: who decides, what is taken, and that what runs is what was seen.

use std::cell::Cell;
use std::fs;
use std::path::Path;

use onramp::cli::brought;
use onramp::cli::workspace::vocabulary;
use onramp::finding::Severity;
use onramp::pack::load::{Packs, embedded};
use onramp::pack::{Engine, Origin};
use onramp::probe::{ALL, harmless};
use onramp::sys::System;
use onramp::sys::recorded::Recorded;
use onramp::trust::closure::{self, Closure};
use onramp::trust::standing::{Facts, Flag, Standing, standing};
use onramp::trust::store::{Record, Store};
use onramp::trust::take::{self, Taken};
use serde_json::json;

use crate::support::cloning::Bench;

fn record(hash: &str) -> Record {
    Record { version: 1, tree: "/tree".into(), hash: hash.into(), since: 1_790_000_000 }
}

fn decide(
    flag: &Flag,
    record: Result<Option<Record>, String>,
    unattended: Option<&'static str>,
    foreign: Option<&str>,
) -> Result<Standing, String> {
    let foreign = || foreign.map(str::to_owned);
    standing(Facts { hash: "ab", flag, record, unattended, foreign })
}

#[test]
fn only_the_same_hash_of_an_own_tree_where_somebody_sits_is_trusted_by_record() {
    let decide = |record, unattended, foreign| decide(&Flag::Absent, record, unattended, foreign);
    let same = || Ok(Some(record("ab")));
    assert_eq!(decide(same(), None, None), Ok(Standing::Recorded(1_790_000_000)));
    for standing in [
        decide(Ok(None), None, None),
        decide(Ok(Some(record("cd"))), None, None),
        decide(Err("damaged".into()), None, None),
        decide(same(), Some("CI"), None),
        decide(same(), None, Some("another user")),
    ] {
        assert!(!standing.as_ref().expect("no flag").trusted(), "{standing:?}");
    }
}

#[test]
fn a_flag_counts_anywhere_and_a_wrong_hash_is_an_error() {
    let anywhere = |flag| decide(&flag, Err("damaged".into()), Some("CI"), Some("another user"));
    assert_eq!(anywhere(Flag::Any), Ok(Standing::Flagged));
    assert_eq!(anywhere(Flag::Hash("AB".into())), Ok(Standing::Flagged));
    assert_eq!(anywhere(Flag::Hash("cd".into())), Err("ab".into()));
}

#[test]
fn whose_tree_it_is_is_asked_only_where_it_matters() {
    let asked = Cell::new(0);
    let foreign = || {
        asked.set(asked.get() + 1);
        None
    };
    for record in [Ok(None), Ok(Some(record("cd"))), Err(String::new())] {
        let facts = Facts { hash: "ab", flag: &Flag::Absent, record, unattended: None, foreign };
        standing(facts).expect("no flag");
    }
    assert_eq!(asked.get(), 0, "git is opened for nothing");
}

fn machine(more: &str) -> Recorded {
    let text = format!(
        "files:\n  /home/ada/tree/.git/HEAD: 'ref: refs/heads/main'\n  \
         /home/ada/tree/.onramp/_probes/onramp-probe-x: '#!/bin/sh'\n{more}"
    );
    Recorded::read(&text).expect("a machine")
}

fn looked_at(machine: &Recorded) -> Closure {
    closure::read(machine, Path::new("/home/ada/tree")).expect("no link").expect("an .onramp")
}

#[test]
fn a_tree_of_another_user_is_foreign_to_root_as_well() {
    let tree = Path::new("/home/ada/tree");
    for (owners, user) in [
        ("owners: { /home/ada/tree: 0 }\n", 1000),
        ("owners: { /home/ada/tree/.onramp: 1001 }\n", 1000),
        ("owners: { /home/ada/tree/.onramp/_probes/onramp-probe-x: 1001 }\n", 1000),
        ("user: 0\nowners: { /home/ada/tree: 1000 }\n", 0),
    ] {
        let machine = machine(owners);
        assert_eq!(machine.user(), user);
        let reason = brought::foreign(&machine, tree, &looked_at(&machine)).expect("foreign");
        assert!(reason.contains("another user"), "{reason}");
    }
}

#[test]
fn every_part_of_the_folder_is_in_its_hash() {
    let hash = |files: &[(&str, &str)]| {
        let files = files.iter().map(|(path, text)| format!("  /t/.onramp/{path}: '{text}'\n"));
        let machine = Recorded::read(&format!("files:\n{}", files.collect::<String>()));
        let machine = machine.expect("a machine");
        closure::read(&machine, Path::new("/t")).expect("no link").expect("files").hash
    };
    let all = [
        hash(&[("a", "x"), ("b", "y")]),
        hash(&[("a", "x"), ("c", "y")]),
        hash(&[("a", "xb"), ("b", "y")]),
        hash(&[("ab", "x"), ("b", "y")]),
        hash(&[("a", "x")]),
        hash(&[("a", "#!x")]),
    ];
    for (index, one) in all.iter().enumerate() {
        assert!(!all[..index].contains(one), "{index}");
        assert_eq!(one.len(), 64);
    }
}

#[test]
fn what_runs_is_the_copy_of_what_was_seen() {
    let ground = tempfile::tempdir().expect("a folder");
    let at = |below: &str| ground.path().join(below);
    let bench =
        Bench { folder: at("tree"), home: at("home"), variables: Vec::new(), free: 1 << 40 };
    let script = at("tree/.onramp/_probes/onramp-probe-x");
    crate::support::world::write_script(&script, "#!/bin/sh\necho seen\n");
    let seen = closure::read(&bench, &bench.folder).expect("no link").expect("an .onramp");
    fs::write(&script, "#!/bin/sh\necho swapped\n").expect("our file");
    let store = Store::of(&bench).expect("a home");
    store.trust(&bench, &bench.folder, &seen).expect("room");
    let copy = store.keep(&bench, &seen).expect("room").join("_probes/onramp-probe-x");
    let kept = || fs::read_to_string(&copy).expect("the copy");
    assert_eq!(kept(), "#!/bin/sh\necho seen\n");
    let record = store.record(&bench, &bench.folder).expect("whole").expect("one");
    assert_eq!(record.hash, seen.hash, "what was swapped in is not trusted");

    fs::write(&copy, "#!/bin/sh\necho damaged\n").expect("our file");
    assert_eq!(store.copy(&bench, &seen.hash), None, "a copy is believed only as a whole");
    store.keep(&bench, &seen).expect("room");
    assert_eq!(kept(), "#!/bin/sh\necho seen\n", "and made again");
}

#[test]
fn a_probe_is_harmless_only_where_its_kind_says_so() {
    assert!(!harmless("no-such-probe", &json!({})));
    assert!(!harmless("tool", &json!({ "name": "git" })));
    for probe in ALL {
        let unnamed = json!({ "an argument of tomorrow": 1 });
        assert!(!harmless(probe.name, &unnamed), "{}", probe.name);
        let elsewhere = json!({ "tree": "/home/ada/.ssh" });
        assert!(!harmless(probe.name, &elsewhere), "{}", probe.name);
    }
    assert!(harmless("cores", &json!({})));
    assert!(harmless("jdk", &json!({ "tree": "{{ run.tree }}", "deep": "{{ run.deep }}" })));
    assert!(!harmless("jdk", &json!({ "deep": true })));
    assert!(!harmless("jdk", &json!({ "tree": "{{ run.tree ~ '/..' }}" })));
    assert!(!harmless("jdk", &json!({ "tree": "x{{ run.tree }}" })));
    assert!(harmless("reach", &json!({ "urls": "{{run.maven_urls}}" })));
    assert!(!harmless("reach", &json!({ "urls": [{ "url": "{{ run.maven_urls }}" }] })));
}

#[test]
fn what_only_looks_may_look_for_anybody_at_what_this_run_is_about() {
    let cases = [
        ("clock", json!({ "since": "2026-07-24", "tree": "{{ run.tree }}" }), true),
        ("clock", json!({ "since": "2026-07-24", "tree": "/home/ada" }), false),
        ("file_system", json!({ "path": "{{ run.tree or run.destination }}" }), true),
        ("file_system", json!({ "path": "/home/ada/.ssh/id_ed25519" }), false),
        ("files", json!({ "change": "{{ change }}", "where": { "mode": "100755" } }), true),
        ("files", json!({ "change": { "tree": "{{ run.tree }}" } }), false),
        ("java_source", json!({ "change": "{{ change }}", "illegal": ["java.io.File"] }), true),
        ("java_source", json!({ "change": { "tree": "/home/ada/other" } }), false),
        ("jvm_options", json!({ "tree": "{{ run.tree }}" }), true),
        ("jvm_options", json!({ "tree": "/home/ada/other" }), false),
        ("limits", json!({}), true),
        ("limits", json!({ "of": "root" }), false),
        ("lines", json!({ "change": "{{ change }}", "rules": [{ "pattern": "x" }] }), true),
        ("lines", json!({ "change": { "head": "secret" }, "rules": [] }), false),
        ("local_repository", json!({ "search": "{{ run.deep }}" }), true),
        ("local_repository", json!({ "search": true }), false),
        ("maven_settings", json!({ "tree": "{{ run.tree }}" }), true),
        ("maven_settings", json!({ "tree": "/home/ada/other" }), false),
        ("merge", json!({ "change": "{{ change }}" }), true),
        ("merge", json!({ "change": { "tree": "/home/ada/other" } }), false),
        ("node", json!({ "tree": "{{ run.tree }}" }), true),
        ("node", json!({ "tree": "{{ run.tree }}", "signs": ["/home/ada/.ssh"] }), false),
        ("nothing", json!({}), true),
        ("nothing", json!({ "path": "/home/ada" }), false),
        ("python", json!({ "tree": "{{ run.tree }}" }), true),
        ("python", json!({ "name": "../../home/ada/bin/python" }), false),
        ("python", json!({ "packages": ["/home/ada/.ssh"] }), false),
        ("ssh_key", json!({ "key": "{{ run.signing.key }}" }), true),
        ("ssh_key", json!({ "key": "~/.ssh/id_ed25519" }), false),
    ];
    for (probe, arguments, open) in cases {
        assert_eq!(harmless(probe, &arguments), open, "{probe}: {arguments}");
    }
}

#[test]
fn what_reaches_out_or_takes_any_name_stays_closed() {
    let settings = json!({ "tree": "{{ run.tree }}", "values": { "sendemail.smtppass": [] } });
    let cases = [
        ("git_settings", settings),
        ("mail", json!({})),
        ("names", json!({ "hosts": ["host.example.org"] })),
        ("programs", json!({ "names": ["git"] })),
        ("reach", json!({ "urls": [{ "url": "https://example.org", "what": "x" }] })),
    ];
    for (probe, arguments) in cases {
        assert!(!harmless(probe, &arguments), "{probe}: {arguments}");
    }
}

/// What counts of one of onramp's own checks as a tree brings it, its text changed.
fn brought_along(id: &str, change: impl Fn(&str) -> String) -> Taken {
    let engine = Engine::default();
    let mut packs = Packs::read(embedded(), &engine, vocabulary);
    let path = format!("{id}.yaml");
    let own = embedded().into_iter().find(|file| file.path == path).expect("one of ours");
    let text = change(&own.content);
    assert_ne!(text, own.content, "the text to change is there");
    let file = closure::File {
        path: format!("checks/{path}"),
        executable: false,
        content: text.into_bytes(),
    };
    let closure = Closure { files: vec![file], hash: String::new(), owners: Vec::new() };
    let origin = Origin::Tree { trusted: false };
    let sound = take::sound(&closure, &origin, &engine, &vocabulary(), |_| true);
    take::take(sound, &closure, &mut packs)
}

#[test]
fn a_check_is_tightened_only_where_it_decides_and_repairs_as_ours() {
    let (signing, prefixes) = ("apache/identity/signing-configured", "apache/patch/diff-form");
    let raised = |text: &str| text.replace("severity: warn", "severity: error");
    let louder = |text: &str| text.replace("severity: advice", "severity: warn");
    let taken = brought_along(signing, raised);
    let wanted = (signing.to_owned(), Severity::Warn, Severity::Error);
    assert_eq!((taken.raised, taken.left_out), (vec![wanted], vec![]));
    assert_eq!(brought_along(prefixes, louder).raised.len(), 1);
    let other_step =
        |text: &str| raised(text).replace("commit.gpgsign, value", "core.editor, value");
    let no_step =
        |text: &str| raised(text).replace("repair:", "deadline: 5\nrepair:\n  - by_hand: run me\n");
    let unclear = |text: &str| louder(text).replace("\nclear:", "\nempty:");
    let hasty = |text: &str| format!("{}deadline: 1\n", louder(text));
    for taken in [
        brought_along(signing, other_step),
        brought_along(signing, no_step),
        brought_along(prefixes, unclear),
        brought_along(prefixes, hasty),
    ] {
        assert_eq!((taken.raised, taken.mistakes), (vec![], vec![]));
        assert!(taken.left_out[0].1.starts_with("ask for something else than"));
    }
}
