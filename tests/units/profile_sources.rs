//! Where a tree says which versions it wants, whatever Apache project it is: enforcer rules, parents,
//! matrices, version files; and what is left out because nobody could read it in the file.

use onramp::maven::enforcer::Range;
use onramp::profile::{self, Open, Project, RawProject};
use serde_json::json;

use super::profile::{ROOT, packs, resolve, with_tree};

const HEAD: &str = "<project>\n<groupId>org.apache.sample</groupId><artifactId>sample</artifactId><version>1</version>\n";

fn tree(pom: &str, files: &[(&str, &str)]) -> Project {
    let pom = format!("{HEAD}{pom}\n</project>");
    let files: Vec<_> = files.iter().copied().chain([("pom.xml", pom.as_str())]).collect();
    resolve(&with_tree("healthy", &files))
}

fn enforcing(rule: &str, version: &str) -> String {
    format!(
        "<build><plugins><plugin><artifactId>maven-enforcer-plugin</artifactId><executions><execution>\
         <configuration><rules>\n<{rule}><version>{version}</version></{rule}>\n</rules></configuration>\
         </execution></executions></plugin></plugins></build>"
    )
}

fn ends(project: &Project) -> (u64, u64) {
    let accepted = &project.jdk.accepted;
    (accepted[0], accepted[accepted.len() - 1])
}

/// A range, releases inside and outside of it, and the requirement that it is.
type Reading = (&'static str, &'static [u64], &'static [u64], Option<&'static str>);

#[test]
fn ranges_read_as_maven_reads_them() {
    let cases: &[Reading] = &[
        ("17", &[17, 21], &[8, 11], Some(">=17.0.0")),
        ("1.8", &[8, 11, 25], &[7], Some(">=1.8.0")),
        ("[11,18)", &[11, 17], &[8, 18, 21], Some(">=11.0.0, <18.0.0")),
        // An update of 17 is past 17, and Maven refuses it.
        ("[11,17]", &[11, 16], &[17, 21], Some(">=11.0.0, <=17.0.0")),
        ("[1.8,9),[11,)", &[8, 11, 17], &[9, 10], Some(">=1.8.0")),
        ("(,21)", &[8, 17], &[21, 25], Some("<21.0.0")),
        ("[11.0.10,)", &[11, 17], &[8], Some(">=11.0.10")),
        ("(3.6.2,4.0.0-rc-1]", &[], &[], Some(">3.6.2, <=4.0.0")),
    ];
    for (text, inside, outside, requirement) in cases {
        let range = Range::read(text).unwrap_or_else(|| panic!("{text}"));
        assert!(inside.iter().all(|feature| range.admits_java(*feature)), "{text}");
        assert!(!outside.iter().any(|feature| range.admits_java(*feature)), "{text}");
        assert_eq!(range.requirement().as_deref(), *requirement, "{text}");
    }
    for text in ["${java.version}", "", "[17", "17)", "[a,b]", "[1,2,3]", "latest", "[,"] {
        assert_eq!(Range::read(text), None, "{text}");
    }
}

#[test]
fn enforcer_rules_are_the_requirement() {
    let project = tree(&enforcing("requireJavaVersion", "[17,)"), &[]);
    assert_eq!(ends(&project), (17, 25));
    let asked = &project.jdk.asked_by[0];
    assert_eq!(
        (asked.meaning.as_str(), asked.value.as_str(), asked.line),
        ("allows", "[17,)", Some(4))
    );

    let project = tree(&enforcing("requireMavenVersion", "[3.9.5,4)"), &[]);
    assert_eq!(project.maven.requirement.as_deref(), Some(">=3.9.5, <4.0.0"));
    let project = tree(&enforcing("requireMavenVersion", "3.3.9"), &[]);
    assert_eq!(project.maven.requirement.as_deref(), Some(">=3.3.9"), "less than the usual floor");
}

#[test]
fn rules_that_are_off_or_cannot_be_read_ask_for_nothing() {
    let rule = enforcing("requireJavaVersion", "[21,)");
    let off = rule.replace("<rules>", "<skip>true</skip><rules>");
    let unbound = rule.replace("<execution>", "<execution><phase>none</phase>");
    let unread = rule.replace("[21,)", "${minimal.from.a.released.parent}");
    let profile = format!("<profiles><profile><id>site</id>{rule}</profile></profiles>");
    for pom in [off, unbound, unread, profile] {
        let project = tree(&pom, &[]);
        assert_eq!(ends(&project).0, 8, "{pom}");
        assert!(project.jdk.says.is_empty(), "{pom}");
    }
}

#[test]
fn properties_of_a_parent_in_the_tree_count_and_a_child_overrides_what_they_name() {
    let root = "<parent><groupId>org.apache.sample</groupId><artifactId>sample-parent</artifactId><version>1</version>\
                <relativePath>build/parent</relativePath></parent><properties><level>17</level></properties>";
    let parent = "<project><groupId>org.apache.sample</groupId><artifactId>sample-parent</artifactId><version>1</version>\n\
                  <properties><level>8</level>\n<maven.compiler.release>${level}</maven.compiler.release>\n\
                  <minimalMavenBuildVersion>3.9</minimalMavenBuildVersion></properties></project>";
    let project = tree(root, &[("build/parent/pom.xml", parent)]);
    let asked = &project.jdk.asked_by[0];
    assert_eq!(
        (asked.file.as_str(), asked.line, asked.value.as_str()),
        ("build/parent/pom.xml", Some(3), "17")
    );
    assert_eq!(ends(&project).0, 17);
    assert_eq!(project.maven.requirement.as_deref(), Some(">=3.9"));

    // Another artifact at that place is not the parent, and a path out of the tree is not followed.
    let other = parent.replace("sample-parent", "something-else");
    assert!(tree(root, &[("build/parent/pom.xml", &other)]).jdk.says.is_empty());
    let out = root.replace("build/parent", "../../elsewhere");
    assert!(tree(&out, &[]).jdk.says.is_empty());
}

#[test]
fn a_matrix_gives_every_release_that_is_out() {
    let workflow = "\
on: [push]
env:
  LEGACY: '8'
jobs:
  build:
    strategy:
      matrix:
        # the releases of the day
        java: [ 11, 17, '21' ] # 26 is next
        exclude:
          - java: 9
        include:
          - os: ubuntu-latest
            java: 27-ea
          - java: 25
    steps:
      - uses: actions/setup-java@v4
        with:
          java-version: ${{ matrix.java }}
      - run: |
          java-version: 6
  other:
    strategy:
      matrix:
        java:
          - 19
    steps:
      - with:
          java-version: ${{ env.LEGACY }}
      - with:
          java-version: ${{ fromJSON(needs.plan.outputs.java) }}
";
    let project = tree("", &[(".github/workflows/ci.yml", workflow)]);
    let told: Vec<_> =
        project.jdk.asked_by.iter().map(|asked| (asked.value.as_str(), asked.line)).collect();
    assert_eq!(
        told,
        [("11", Some(9)), ("17", Some(9)), ("21", Some(9)), ("25", Some(15)), ("8", Some(3))]
    );
    assert_eq!((ends(&project), project.jdk.recommended), ((8, 25), 17));
    let said = &project.jdk.says[0];
    assert_eq!(
        (said.place.as_str(), said.more, said.value.as_str()),
        (".github/workflows/ci.yml:9", 2, "8, 11, 17, 21, 25")
    );
}

#[test]
fn what_nobody_uses_and_nothing_rules_out_is_untold() {
    let workflow = "jobs:\n  a:\n    steps:\n      - with:\n          java-version: |\n            17\n            21\n";
    let pom = "<properties><maven.compiler.release>11</maven.compiler.release></properties>";
    let project = tree(pom, &[(".github/workflows/ci.yml", workflow)]);
    assert_eq!(ends(&project), (17, 21));
    let untold = project.jdk.untold.unwrap();
    assert_eq!((untold.from, untold.to), (11, None));

    // Class files for Java 7 are the last that a compiler up to 19 makes.
    let project =
        tree("<properties><maven.compiler.target>1.7</maven.compiler.target></properties>", &[]);
    assert_eq!(ends(&project), (7, 17));
    assert_eq!(project.jdk.untold.unwrap().to, Some(19));
}

#[test]
fn hostile_files_say_nothing_and_cost_nothing() {
    let deep = "- ".repeat(100_000) + "java-version: 6";
    let wide = "java-version: [".to_owned() + &"6,".repeat(100_000);
    let odd = [
        "\u{0}\u{1b}[31m",
        "java-version: 6\u{202e}",
        "? [\n",
        ": : :\n",
        "a: &a [*a, *a]\n",
        "- - - -",
        "java-version: [[[[",
        "\"java-version\": 'x",
    ];
    let huge = "# java-version\n".repeat(30_000);
    for text in odd.into_iter().chain([deep.as_str(), wide.as_str(), huge.as_str()]) {
        let project = tree("", &[(".github/workflows/x.yml", text), (".java-version", text)]);
        assert!(project.jdk.accepted.len() < 100);
    }
}

#[test]
fn files_that_contradict_each_other_are_told_and_others_are_not() {
    let pom = "<properties><maven.compiler.release>11</maven.compiler.release></properties>";
    let ci = |versions: &str| {
        format!("jobs:\n  a:\n    steps:\n      - with:\n          java-version: [{versions}]\n")
    };
    let told = |java: &str, versions: &str| {
        let ci = ci(versions);
        let project = tree(pom, &[(".java-version", java), (".github/workflows/a.yml", &ci)]);
        let stated = project.stated.into_iter().find(|stated| stated.name == "jdk").unwrap();
        (stated.agree, stated.file, stated.line)
    };
    assert_eq!(told("17", "11, 17, 21"), (true, None, None));
    assert_eq!(told("11.0", "17"), (false, Some(".java-version".into()), Some(1)));
    assert_eq!(told("8", "8"), (false, Some(".java-version".into()), Some(1)));
    let one = tree(pom, &[]);
    assert!(one.stated.is_empty(), "one place contradicts nobody: {:?}", one.stated);
}

#[test]
fn the_wrapper_is_named_and_asks_for_nothing() {
    let wrapper =
        "distributionUrl=https://repo.example.org/apache-maven/3.9.9/apache-maven-3.9.9-bin.zip\n";
    let project = tree("", &[(".mvn/wrapper/maven-wrapper.properties", wrapper)]);
    assert_eq!(project.maven.requirement.as_deref(), Some(">=3.6.3"));
    assert_eq!(project.maven.recommended.as_deref(), Some("3.9.9"));
}

#[test]
fn the_default_branch_is_the_one_the_clone_knows() {
    let id = "1f0c5e2d3b4a59687766554433221100ffeeddcc";
    let mut machine = with_tree("healthy", &[("pom.xml", &format!("{HEAD}</project>"))]);
    let mut git = |name: &str, text: &str| {
        machine.files.insert(format!("{ROOT}/.git/{name}"), text.to_owned());
    };
    git("HEAD", "ref: refs/heads/topic\n");
    git(
        "packed-refs",
        &format!(
            "# pack-refs with: peeled\n{id} refs/heads/topic\n{id} refs/remotes/origin/trunk\n"
        ),
    );
    let project = resolve(&machine);
    assert_eq!(
        (project.branches.default.as_str(), project.branches.maintained.len()),
        ("trunk", 1)
    );

    machine.files.insert(
        format!("{ROOT}/.git/refs/remotes/origin/HEAD"),
        "ref: refs/remotes/origin/develop\n".into(),
    );
    let project = resolve(&machine);
    assert_eq!(project.branches.maintained, ["develop", "trunk"]);
}

#[test]
fn every_place_carries_the_commit() {
    let id = "1f0c5e2d3b4a59687766554433221100ffeeddcc";
    let mut machine = with_tree(
        "healthy",
        &[("pom.xml", &format!("{HEAD}</project>")), (".java-version", "17\n")],
    );
    machine
        .files
        .insert(format!("{ROOT}/.git"), "gitdir: /home/ada/main/.git/worktrees/one\n".into());
    let own = "/home/ada/main/.git/worktrees/one";
    machine.files.insert(format!("{own}/HEAD"), "ref: refs/heads/one\n".into());
    machine.files.insert(format!("{own}/commondir"), "../..\n".into());
    machine.files.insert("/home/ada/main/.git/refs/heads/one".into(), format!("{id}\n"));
    let project = resolve(&machine);
    assert_eq!(project.jdk.asked_by[0].revision.as_deref(), Some(id));
    let values = profile::values(&project);
    let value = |name: &str| values.iter().find(|value| value.name == name).unwrap();
    assert_eq!(value("jdk.recommended").origin, ".java-version:1@1f0c5e2d3b, 17");
    assert_eq!(value("maven.requirement").value, ">=3.6.3");
    assert!(
        value("maven.requirement").origin.starts_with("table of apache"),
        "{:?}",
        value("maven.requirement")
    );
}

#[test]
fn a_partial_project_lies_over_another_value_by_value() {
    let packs = packs();
    let (raw, _) = packs.project("cloudstack").unwrap();
    let again: RawProject = serde_json::from_value(serde_json::to_value(&raw).unwrap()).unwrap();
    assert_eq!(again, RawProject { origins: Default::default(), ..raw });

    let over = json!({ "jdk": { "within": [11, 17] }, "maven": { "requirement": ">=3.6.3" } });
    let (open, _) = packs.opened("cloudstack").unwrap();
    let laid = open.overlay(over, "policy sample").unwrap().closed().unwrap();
    let jdk = laid.jdk.clone().unwrap();
    assert_eq!((jdk.within, jdk.recommended), (Some(vec![11, 17]), Some(17)));
    let machine = with_tree("healthy", &[]);
    let project = profile::resolve(&machine, "cloudstack", laid, "the test".into(), None).unwrap();
    assert_eq!(project.jdk.accepted, [11, 17]);
    let values = profile::values(&project);
    let origin = |name: &str| &values.iter().find(|value| value.name == name).unwrap().origin;
    assert!(origin("maven.requirement").starts_with("policy sample"));
    assert!(
        origin("jdk.accepted").ends_with("narrowed by policy sample"),
        "{}",
        origin("jdk.accepted")
    );
    assert_eq!(origin("memory.minimum"), "table of cloudstack, seen 2026-07-24");
    let memory = values.iter().find(|valued| valued.name == "memory.minimum").unwrap();
    assert_eq!(memory.value, "4 GiB");
    assert_eq!(origin("git.requirement"), "table of apache");
}

#[test]
fn a_narrowing_that_leaves_nothing_is_not_heeded() {
    let (open, _) = packs().opened("cloudstack").unwrap();
    let over = json!({ "jdk": { "within": [11, 17] } });
    let raw = open.overlay(over, "policy sample").unwrap().closed().unwrap();
    let pom = "<project><groupId>org.apache.cloudstack</groupId><artifactId>cloudstack</artifactId><version>4.13.1.0</version></project>";
    let machine = with_tree("healthy", &[("pom.xml", pom)]);
    let tree = profile::Tree::read(&machine, std::path::Path::new(ROOT));
    let project =
        profile::resolve(&machine, "cloudstack", raw, "the test".into(), Some(&tree)).unwrap();
    assert_eq!(project.jdk.accepted, [8]);
}

#[test]
fn unknown_keys_and_missing_values_are_named() {
    for (over, named) in [
        (json!({ "jdk": { "witin": [11] } }), "witin"),
        (json!({ "maven": { "sources": [{ "pom": ["a"], "enforcer": "b" }] } }), "one place"),
        (json!({ "maven": { "sources": [{ "workflow": "java-version" }] } }), "go together"),
        (json!(7), "name: value"),
    ] {
        let nothing = Open::of(&RawProject::default()).unwrap();
        let problem = nothing.overlay(over, "a test").and_then(|laid| laid.closed()).unwrap_err();
        assert!(problem.contains(named), "{problem}");
    }
    let machine = with_tree("healthy", &[]);
    let part: RawProject = serde_json::from_value(json!({ "jdk": { "otherwise": [17] }, "maven": { "requirement": ">=3.8" }, "branches": { "default": "main" }, "git": { "requirement": ">=2.30" }, "memory": { "minimum": 1 } })).unwrap();
    let problem = profile::resolve(&machine, "mine", part, String::new(), None).unwrap_err();
    assert_eq!(problem, "project `mine` gives no `memory.recommended`");
}

#[test]
fn a_project_without_an_address_of_its_own_is_found_at_the_forge() {
    for (connection, address) in [
        (
            "scm:git:https://gitbox.apache.org/repos/asf/sample-tools.git",
            Some("https://github.com/apache/sample-tools.git"),
        ),
        ("scm:git:git@gitbox.apache.org:sample", Some("https://github.com/apache/sample.git")),
        (
            "scm:git:https://gitbox.apache.org/repos/asf?p=sample.git",
            Some("https://github.com/apache/sample.git"),
        ),
        ("scm:git:https://host/-oProxyCommand", None),
        ("scm:git:https://host/${name}", None),
    ] {
        let project = tree(&format!("<scm><connection>{connection}</connection></scm>"), &[]);
        assert_eq!(project.repository.as_deref(), address, "{connection}");
    }
}
