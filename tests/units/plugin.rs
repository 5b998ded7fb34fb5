//! Plug-ins on recorded machines: what was recorded is what they answer; and which of several
//! places may run one.

use std::path::PathBuf;
use std::sync::Arc;

use onramp::probe::Machine;
use onramp::probe::plugin::{self, Plugins};
use onramp::run::Observer;
use onramp::sys::System;
use onramp::sys::recorded::Recorded;
use serde_json::{Value, json};

const MACHINE: &str = r#"
files:
  /home/ada/tree/.onramp/_probes/onramp-probe-brought: '#!/bin/sh'
  /home/ada/.local/state/copy/onramp-probe-brought: '#!/bin/sh'
links:
  /usr/bin/onramp-probe-linked: /home/ada/tree/.onramp/_probes/onramp-probe-brought
run:
  onramp-probe-good observe: '{"onramp": 1, "found": {"files": []}}'
  onramp-probe-good describe: '{"onramp": 1, "name": "good", "title": "t", "found": {"properties": {"files": {"items": {"type": "string"}}}}}'
  onramp-probe-linked observe: '{"onramp": 1, "found": {}}'
  onramp-probe-liar describe: '{"onramp": 1, "name": "good"}'
trouble:
  onramp-probe-slow observe: { hangs: true }
  onramp-probe-poor observe: { code: 2, err: "no key\nat all" }
"#;

fn machine() -> Recorded {
    Recorded::read(MACHINE).unwrap()
}

fn plugins(places: &[&str], brought: Option<Result<&str, &str>>) -> Plugins {
    Plugins {
        places: places.iter().map(PathBuf::from).collect(),
        brought: brought.map(|folder| folder.map(PathBuf::from).map_err(str::to_owned)),
        tree: Some("/home/ada/tree".into()),
        ..Plugins::default()
    }
}

fn ask(plugins: Plugins, name: &str) -> Result<Value, String> {
    let machine = Machine::recorded(Arc::new(machine())).with_plugins(plugins);
    machine.observe(name, &json!({})).map_err(|unknown| unknown.0)
}

#[test]
fn a_recorded_answer_is_the_answer() {
    let answer = ask(Plugins::default(), "good").unwrap();
    assert_eq!(answer, json!({ "files": [], "present": true }));
    for (name, says) in [
        ("slow", "did not answer within 5 s"),
        ("poor", "onramp-probe-poor ended with 2 and said: no key"),
        ("gone", "there is no probe `gone`, and no program onramp-probe-gone to stand for it"),
        ("../good", "there is no probe"),
        ("GOOD", "there is no probe"),
        ("", "there is no probe"),
    ] {
        let reason = ask(Plugins::default(), name).unwrap_err();
        assert!(reason.contains(says), "{reason}");
    }
}

#[test]
fn the_work_tree_runs_only_as_the_copy_of_what_was_trusted() {
    let inside = "/home/ada/tree/.onramp/_probes";
    let machine = machine();
    let find = |plugins: Plugins| plugins.find(&machine, "brought");
    for plugins in [plugins(&[inside], None), plugins(&[], Some(Ok(inside)))] {
        let reason = find(plugins).unwrap_err();
        assert!(reason.contains("belongs to the work tree"), "{reason}");
    }
    let reason = ask(plugins(&[], None), "linked").unwrap_err();
    assert!(reason.contains("belongs to the work tree"), "{reason}");
    let copy = "/home/ada/.local/state/copy";
    let wanted = PathBuf::from(copy).join("onramp-probe-brought");
    assert_eq!(find(plugins(&[], Some(Ok(copy)))).unwrap(), Some(wanted));
    let reason = find(plugins(&[], Some(Err("no room")))).unwrap_err();
    assert_eq!(reason, "what the work tree brings could not be copied: no room");
    // Whatever becomes of the copy, the user's own are found.
    assert!(ask(plugins(&[], Some(Err("no room"))), "good").is_ok());
}

#[test]
fn what_it_says_of_itself_is_the_shape_of_its_data() {
    let machine = machine();
    let system: &dyn System = &machine;
    let shape = |name| {
        let told = plugin::describe(system, &Plugins::default(), name);
        (plugin::shape(told.as_ref().ok()), told)
    };
    let (good, told) = shape("good");
    assert_eq!(told.unwrap().title, "t");
    assert!(good.found.follow("files").is_ok() && good.found.follow("present").is_ok());
    assert!(good.found.follow("file").is_err());
    let (free, told) = shape("liar");
    assert!(told.unwrap_err().0.contains("calls itself `good`"));
    assert!(free.found.follow("anything.at.all").is_ok());
}

#[test]
fn the_names_of_all_are_known_without_starting_one() {
    let names = plugins(&["/home/ada/tree/.onramp/_probes"], None).names(&machine());
    assert_eq!(names, ["brought", "linked"]);
}
