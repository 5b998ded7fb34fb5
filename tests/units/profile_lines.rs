//! Every release line of CloudStack: a small tree of it, with the files that line had, and what is
//! wanted there.

use super::profile::{resolve, with_tree};

/// A tree and what it wants: JDKs, the one to advise, Maven, Node.js, Python.
struct Case {
    version: &'static str,
    line: &'static str,
    files: &'static [(&'static str, &'static str)],
    bytecode: &'static str,
    jdk: (&'static [u64], u64),
    maven: &'static str,
    node: Option<&'static str>,
    python: &'static str,
}

const TRAVIS_7: (&str, &str) =
    (".travis.yml", "language: java\njdk:\n  - oraclejdk7\npython:\n  - '2.7'\n");
const TRAVIS_8: (&str, &str) = (".travis.yml", "language: java\njdk:\n  - openjdk8\n");
const TRAVIS_11: (&str, &str) = (".travis.yml", "language: java\njdk:\n  - openjdk11\n");
const JENV_7: (&str, &str) = (".java-version", "1.7\n");
const JENV_8: (&str, &str) = (".java-version", "1.8\n");
const JENV_11: (&str, &str) = (".java-version", "11.0\n");
const PYENV_NAME: (&str, &str) = (".python-version", "cloudstack\n");
const PYENV_SYSTEM: (&str, &str) = (".python-version", "system\n");
const PYENV_36: (&str, &str) = (".python-version", "3.6\n");
const PYENV_310: (&str, &str) = (".python-version", "3.10\n");
const COVERAGE_11: (&str, &str) = (
    ".github/workflows/codecov.yml",
    "jobs:\n  build:\n    steps:\n      - with:\n          java-version: '11'\n",
);
const BUILD_11: (&str, &str) = (
    ".github/workflows/build.yml",
    "jobs:\n  build:\n    steps:\n      - with:\n          java-version: '11'\n      - with:\n          python-version: '3.8'\n",
);
const BUILD_11_310: (&str, &str) = (
    ".github/workflows/build.yml",
    "jobs:\n  build:\n    steps:\n      - with:\n          java-version: '11'\n      - with:\n          python-version: '3.10'\n",
);
const BUILD_17: (&str, &str) = (
    ".github/workflows/build.yml",
    "jobs:\n  build:\n    steps:\n      - with:\n          java-version: '17'\n      - with:\n          python-version: '3.10'\n",
);
const RAT_17: (&str, &str) = (
    ".github/workflows/rat.yml",
    "jobs:\n  build:\n    steps:\n      - with:\n          java-version: '17'\n",
);
const UI_14: (&str, &str) = (
    ".github/workflows/ui.yml",
    "jobs:\n  build:\n    steps:\n      - with:\n          node-version: 14\n",
);
const UI_16: (&str, &str) = (
    ".github/workflows/ui.yml",
    "jobs:\n  build:\n    steps:\n      - with:\n          node-version: 16\n",
);
const ACTION_17: (&str, &str) = (
    ".github/actions/setup-env/action.yml",
    "inputs:\n  java-version:\n    default: '17'\nruns:\n  steps:\n    - with:\n        java-version: ${{ inputs.java-version }}\n    - with:\n        python-version: '3.10'\n",
);
const PRE_COMMIT_311: (&str, &str) = (
    ".github/workflows/pre-commit.yml",
    "jobs:\n  pre-commit:\n    steps:\n      - with:\n          python-version: '3.11'\n",
);

const NO_NODE: Option<&str> = None;

#[rustfmt::skip]
const CASES: &[Case] = &[
    Case { version: "4.3.0-SNAPSHOT", line: "4.3", files: &[], bytecode: "1.6", jdk: (&[6, 7], 7), maven: ">=3.8", node: NO_NODE, python: ">=2.6.6, <3" },
    Case { version: "4.4.0-SNAPSHOT", line: "4.4", files: &[], bytecode: "1.7", jdk: (&[7], 7), maven: ">=3.8", node: NO_NODE, python: ">=2.6, <3" },
    Case { version: "4.5.0-SNAPSHOT", line: "4.5", files: &[], bytecode: "1.7", jdk: (&[7], 7), maven: ">=3.8", node: NO_NODE, python: ">=2.6, <3" },
    Case { version: "4.6.1-SNAPSHOT", line: "4.6", files: &[TRAVIS_7], bytecode: "1.7", jdk: (&[7, 8], 8), maven: ">=3.8", node: NO_NODE, python: ">=2.7, <3" },
    Case { version: "4.7.2-SNAPSHOT", line: "4.7", files: &[TRAVIS_7], bytecode: "1.7", jdk: (&[7, 8], 8), maven: ">=3.8", node: NO_NODE, python: ">=2.7, <3" },
    Case { version: "4.8.1-SNAPSHOT", line: "4.8", files: &[TRAVIS_7], bytecode: "1.7", jdk: (&[7, 8], 8), maven: ">=3.8", node: NO_NODE, python: ">=2.7, <3" },
    Case { version: "4.9.1.0-SNAPSHOT", line: "4.9", files: &[JENV_7, PYENV_NAME], bytecode: "1.7", jdk: (&[7, 8], 8), maven: ">=3.8", node: NO_NODE, python: ">=2.7, <3" },
    Case { version: "4.10.0.0", line: "4.10", files: &[JENV_8, PYENV_NAME], bytecode: "1.8", jdk: (&[8], 8), maven: ">=3.8", node: NO_NODE, python: ">=2.7, <3" },
    Case { version: "4.11.3.0-SNAPSHOT", line: "4.11", files: &[JENV_8, PYENV_SYSTEM], bytecode: "1.8", jdk: (&[8], 8), maven: ">=3.8", node: NO_NODE, python: ">=2.7, <3" },
    Case { version: "4.12.0.0", line: "4.12", files: &[JENV_8, PYENV_SYSTEM], bytecode: "1.8", jdk: (&[8], 8), maven: ">=3.8", node: NO_NODE, python: ">=2.7, <3" },
    Case { version: "4.13.2.0-SNAPSHOT", line: "4.13", files: &[JENV_8, PYENV_SYSTEM, TRAVIS_8], bytecode: "1.8", jdk: (&[8], 8), maven: ">=3.8", node: NO_NODE, python: ">=2.7, <3" },
    Case { version: "4.14.1.0-SNAPSHOT", line: "4.14", files: &[JENV_11, PYENV_SYSTEM, TRAVIS_11], bytecode: "11", jdk: (&[11], 11), maven: ">=3.8", node: NO_NODE, python: ">=2.7" },
    Case { version: "4.15.1.0-SNAPSHOT", line: "4.15", files: &[JENV_11, PYENV_SYSTEM, TRAVIS_11], bytecode: "11", jdk: (&[11], 11), maven: ">=3.8", node: NO_NODE, python: ">=2.7" },
    Case { version: "4.15.2.0", line: "4.15.2", files: &[JENV_11, PYENV_SYSTEM, TRAVIS_11], bytecode: "11", jdk: (&[11], 11), maven: ">=3.8", node: Some(">=12"), python: ">=2.7" },
    Case { version: "4.16.1.0-SNAPSHOT", line: "4.16", files: &[JENV_11, PYENV_36, TRAVIS_11], bytecode: "11", jdk: (&[11], 11), maven: ">=3.8", node: Some(">=12"), python: ">=3.6" },
    Case { version: "4.17.2.0-SNAPSHOT", line: "4.17", files: &[JENV_11, PYENV_36, COVERAGE_11], bytecode: "11", jdk: (&[11], 11), maven: ">=3.8", node: Some(">=12"), python: ">=3.6" },
    Case { version: "4.18.3.0-SNAPSHOT", line: "4.18", files: &[JENV_11, PYENV_36, BUILD_11, UI_14], bytecode: "11", jdk: (&[11], 11), maven: ">=3.8", node: Some(">=14"), python: ">=3.6" },
    Case { version: "4.19.1.0", line: "4.19", files: &[JENV_11, PYENV_36, BUILD_11, UI_14], bytecode: "11", jdk: (&[11], 11), maven: ">=3.8", node: Some(">=14"), python: ">=3.6" },
    Case { version: "4.19.3.0-SNAPSHOT", line: "4.19.3", files: &[JENV_11, PYENV_36, BUILD_11_310, UI_14], bytecode: "11", jdk: (&[11], 11), maven: ">=3.8", node: Some(">=14"), python: ">=3.6" },
    Case { version: "4.20.1.0", line: "4.20", files: &[JENV_11, PYENV_310, BUILD_11_310, RAT_17, UI_16], bytecode: "11", jdk: (&[11, 17], 17), maven: ">=3.8", node: Some(">=16"), python: ">=3.10" },
    Case { version: "4.20.4.0-SNAPSHOT", line: "4.20.3", files: &[JENV_11, PYENV_310, BUILD_11_310, RAT_17, UI_16], bytecode: "11", jdk: (&[11, 17], 17), maven: ">=3.8", node: Some(">=16"), python: ">=3.10" },
    Case { version: "4.21.0.0", line: "4.21", files: &[JENV_11, PYENV_310, BUILD_11_310, RAT_17, UI_16], bytecode: "11", jdk: (&[11, 17], 17), maven: ">=3.8", node: Some(">=16"), python: ">=3.10" },
    Case { version: "4.22.2.0-SNAPSHOT", line: "4.22", files: &[JENV_11, PYENV_310, BUILD_17, UI_16], bytecode: "11", jdk: (&[11, 17, 21], 17), maven: ">=3.8", node: Some(">=16"), python: ">=3.10" },
    Case { version: "4.23.0.0-SNAPSHOT", line: "4.23", files: &[JENV_11, PYENV_310, ACTION_17, PRE_COMMIT_311, UI_16], bytecode: "11", jdk: (&[11, 17, 21], 17), maven: ">=3.8", node: Some(">=16"), python: ">=3.10" },
];

fn pom(version: &str, bytecode: &str) -> String {
    format!(
        "<project><groupId>org.apache.cloudstack</groupId><artifactId>cloudstack</artifactId>\n\
         <version>{version}</version>\n<properties>\n<cs.jdk.version>{bytecode}</cs.jdk.version>\n\
         </properties></project>\n"
    )
}

#[test]
fn every_line_wants_what_it_was_built_with() {
    for case in CASES {
        let pom = pom(case.version, case.bytecode);
        let files: Vec<_> = case.files.iter().copied().chain([("pom.xml", pom.as_str())]).collect();
        let project = resolve(&with_tree("healthy", &files));
        let release = project.release.expect("a line");
        let told = (
            release.line.as_str(),
            release.known,
            (&project.jdk.accepted[..], project.jdk.recommended),
            project.maven.requirement.as_deref(),
            project.node.requirement.as_deref(),
            project.python.requirement.as_deref(),
        );
        let wanted = (case.line, true, case.jdk, Some(case.maven), case.node, Some(case.python));
        assert_eq!(told, wanted, "{}", case.version);
    }
}

#[test]
fn every_line_of_the_table_has_its_tree() {
    let packs = super::profile::packs();
    let (raw, _) = packs.project("cloudstack").unwrap();
    let table = raw.lines.unwrap().table;
    let shown: Vec<&str> = CASES.iter().map(|case| case.line).collect();
    let missing: Vec<&str> =
        table.iter().map(|line| line.line.as_str()).filter(|line| !shown.contains(line)).collect();
    assert!(missing.is_empty(), "no tree of {missing:?}");
}

#[test]
fn without_files_of_its_own_a_tree_takes_its_line() {
    for case in CASES {
        let bare = "<project><groupId>org.apache.cloudstack</groupId>\
                    <artifactId>cloudstack</artifactId><version>V</version></project>";
        let bare = bare.replace('V', case.version);
        let project = resolve(&with_tree("healthy", &[("pom.xml", &bare)]));
        assert_eq!(project.jdk.accepted, case.jdk.0, "{}", case.version);
        let from: Vec<&str> =
            project.jdk.asked_by.iter().map(|asked| asked.file.as_str()).collect();
        assert_eq!(from, ["table of cloudstack"]);
        assert!(project.jdk.asked_by[0].text.contains(case.line), "{:?}", project.jdk.asked_by);
    }
}

#[test]
fn a_line_that_the_table_does_not_know_takes_the_nearest_below_and_says_so() {
    let tree = |version| resolve(&with_tree("healthy", &[("pom.xml", &pom(version, "11"))]));
    let project = tree("4.24.0.0-SNAPSHOT");
    let release = project.release.unwrap();
    assert_eq!((release.line.as_str(), release.known), ("4.23", false));
    let said = &project.jdk.asked_by.last().unwrap().text;
    assert_eq!(said, "line 4.23, the nearest line that onramp knows, seen 2026-07-24");
    let release = tree("4.2.1").release.unwrap();
    assert_eq!((release.line.as_str(), release.known), ("4.3", false));
}

#[test]
fn a_tree_that_has_moved_on_from_its_line_knows_better() {
    let project = resolve(&with_tree("healthy", &[("pom.xml", &pom("4.13.1.0", "11"))]));
    assert_eq!((project.jdk.accepted, project.jdk.recommended), (vec![11], 11));
}

#[test]
fn the_floor_that_an_old_pom_wrote_is_read_from_it() {
    let pom = pom("4.7.1", "1.7").replace(
        "<properties>",
        "<prerequisites>\n<maven>3.9.1</maven>\n</prerequisites><properties>",
    );
    let project = resolve(&with_tree("healthy", &[("pom.xml", &pom)]));
    assert_eq!(project.maven.requirement.as_deref(), Some(">=3.9.1"));
    let asked = &project.maven.asked_by[0];
    assert_eq!((asked.file.as_str(), asked.line, asked.counts), ("pom.xml", Some(4), true));
}
