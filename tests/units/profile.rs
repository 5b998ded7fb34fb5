//! What a work tree's own files ask for, with file and line, on recorded machines.

use std::path::Path;
use std::sync::Arc;

use onramp::finding::{Finding, Outcome};
use onramp::judge::Judge;
use onramp::pack::load::{Packs, embedded};
use onramp::pack::{Check, Engine};
use onramp::plan::{self, Context, Run};
use onramp::probe::Machine;
use onramp::profile::{self, Project, Tree};
use onramp::run::{self, Observer};
use onramp::sys::System;
use onramp::sys::recorded::Recorded;

use super::machine::kept;

pub(super) const ROOT: &str = "/home/ada/cloudstack";

pub(super) fn packs() -> Packs {
    Packs::read(embedded(), &Engine::default(), onramp::cli::workspace::vocabulary)
}

/// A recorded machine with a work tree of these files.
pub(super) fn with_tree(machine: &str, files: &[(&str, &str)]) -> Recorded {
    let mut machine = kept(machine);
    for (name, text) in files {
        machine.files.insert(format!("{ROOT}/{name}"), (*text).to_owned());
    }
    machine
}

pub(super) fn resolve(machine: &Recorded) -> Project {
    let packs = packs();
    let tree = Tree::read(machine, Path::new(ROOT));
    let name = tree.pom.as_ref().and_then(|pom| profile::detect(&packs.projects, pom));
    let name = name.unwrap_or_else(|| "cloudstack".to_owned());
    let (raw, _) = packs.project(&name).unwrap();
    profile::resolve(machine, &name, raw, "the test".into(), Some(&tree)).unwrap()
}

const POM: &str = "<project>\n<groupId>org.apache.cloudstack</groupId>\n<artifactId>cloudstack</artifactId>\n\
    <version>4.23.0.0-SNAPSHOT</version>\n<properties>\n<cs.jdk.version>11</cs.jdk.version>\n</properties>\n</project>\n";
const ACTION: &str = "name: setup\ninputs:\n  java-version:\n    description: the JDK\n    default: '17'\n\
    runs:\n  steps:\n    - with:\n        java-version: ${{ inputs.java-version }}\n";

fn cloudstack(machine: &str) -> Recorded {
    let action = ".github/actions/setup-env/action.yml";
    with_tree(machine, &[("pom.xml", POM), (".java-version", "11.0\n"), (action, ACTION)])
}

/// The finding of the check `jdk` in that work tree.
fn jdk(machine: Recorded) -> Finding {
    let (engine, packs, project) = (Engine::default(), packs(), resolve(&machine));
    let (_, chain) = packs.project(&project.name).unwrap();
    let run = Run { tree: Some(ROOT.into()), ..Run::default() };
    let system: Arc<dyn System> = Arc::new(machine);
    let platform = system.platform();
    let context = Context::of(&project, &run, &platform).unwrap();
    let chosen: Vec<&Check> = plan::select(packs.checks_for(&chain), &["jdk".into()]).unwrap();
    let steps = plan::plan(&engine, &context, &chosen);
    let observer: Arc<dyn Observer> = Arc::new(Machine::recorded(system));
    let answers = run::observe(&steps, &observer, &run::Silent);
    let judge = Judge { engine: &engine, context: &context, family: &platform.family };
    run::judge(&steps, &answers, &judge).remove(0)
}

#[test]
fn every_requirement_has_its_file_and_line() {
    let project = resolve(&cloudstack("healthy"));
    assert_eq!(
        (project.name.as_str(), project.version.as_deref()),
        ("cloudstack", Some("4.23.0.0-SNAPSHOT"))
    );
    assert_eq!((project.jdk.accepted, project.jdk.recommended), (vec![11, 17, 21], 17));
    let asked: Vec<_> = project
        .jdk
        .asked_by
        .iter()
        .map(|asked| (asked.file.as_str(), asked.line, asked.value.as_str()))
        .collect();
    let action = ".github/actions/setup-env/action.yml";
    assert_eq!(
        asked,
        [
            ("pom.xml", Some(6), "11"),
            (".java-version", Some(1), "11"),
            (action, Some(5), "17"),
            ("table of cloudstack", None, "11, 17, 21")
        ]
    );
}

#[test]
fn jdk_25_fails_with_the_places_and_the_way_out_and_17_passes() {
    let finding = jdk(cloudstack("newcomer"));
    assert_eq!(finding.outcome, Outcome::Fail);
    for part in
        ["JDK 25.0.3", "chosen by JAVA_HOME", "pom.xml:6", ".java-version:1", "action.yml:5"]
    {
        assert!(finding.text.contains(part), "{part}: {}", finding.text);
    }
    assert_eq!(finding.fix.as_deref(), Some("export JAVA_HOME=/usr/lib/jvm/java-17-openjdk-amd64"));

    let finding = jdk(cloudstack("healthy"));
    assert_eq!(finding.outcome, Outcome::Pass, "{}", finding.text);
}

#[test]
fn an_old_line_asks_for_its_own_jdk() {
    let pom = POM.replace(">11<", ">1.8<").replace("4.23.0.0-SNAPSHOT", "4.13.1.0");
    let project = resolve(&with_tree("healthy", &[("pom.xml", &pom)]));
    assert_eq!((project.jdk.accepted, project.jdk.recommended), (vec![8], 8));
}

#[test]
fn another_project_of_the_foundation_is_known_by_its_group() {
    let pom = "<project><groupId>org.apache.commons</groupId><artifactId>rng</artifactId><version>1</version>\
        <name>Apache Commons RNG</name><properties>\n<maven.compiler.target>1.8</maven.compiler.target></properties></project>";
    let project = resolve(&with_tree("healthy", &[("pom.xml", pom)]));
    assert_eq!((project.name.as_str(), project.title.as_str()), ("apache", "Apache Commons RNG"));
    assert_eq!((project.jdk.accepted.first(), project.jdk.accepted.last()), (Some(&8), Some(&25)));
}

#[test]
fn files_that_lead_out_of_the_tree_are_not_read() {
    let mut machine = cloudstack("healthy");
    machine.files.remove(&format!("{ROOT}/.java-version"));
    machine.files.insert("/home/ada/secret".into(), "21\n".into());
    machine.links.insert(format!("{ROOT}/.java-version"), "/home/ada/secret".into());
    assert!(resolve(&machine).jdk.asked_by.iter().all(|asked| asked.value != "21"));
}
