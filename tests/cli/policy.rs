//! `--policy`: what is required depends on who asks, and every report says who did.

use serde_json::Value;

use crate::support::packs::Brought;
use crate::support::process::Output;
use crate::support::world::{TestWorld, write, write_script};

const OFFLINE: &str = "--offline";

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.out)
        .unwrap_or_else(|error| panic!("{error}: {}{}", output.stdout(), output.stderr()))
}

fn old_git() -> TestWorld {
    let mut world = TestWorld::new();
    std::fs::remove_file(world.programs().join("git")).unwrap();
    world = world.with_script("git", "#!/bin/sh\necho git version 2.20.1\n");
    world
}

#[test]
fn the_same_machine_fails_the_guide_and_passes_upstream() {
    let world = old_git();
    let check = |more: &[&str]| {
        world.onramp(&world.work(), &[&[OFFLINE, "check", "apache/machine/git"], more].concat())
    };
    let guide = check(&[]);
    assert_eq!(guide.code, Some(1), "{}", guide.stderr());
    assert!(!guide.stdout().contains("policy"), "{}", guide.stdout());
    let upstream = check(&["--policy", "upstream"]);
    assert_eq!(upstream.code, Some(0), "{}", upstream.stderr());
    let head = upstream.stdout().split("\n\n").next().unwrap_or_default().replace('\n', " ");
    assert!(head.ends_with(" · policy upstream"), "{}", upstream.stdout());
    assert!(upstream.stdout().contains("! git 2.20.1"), "{}", upstream.stdout());
    assert_eq!(check(&["--policy", "upstream", "--strict"]).code, Some(1));
    assert_eq!(json(&check(&["--report", "json"]))["policy"], "guide");
}

#[test]
fn variable_and_file_choose_it_as_well() {
    let world = old_git();
    write(&world.home().join(".config/onramp/config.yaml"), "policy: upstream\n");
    let check = [OFFLINE, "check", "apache/machine/git"];
    assert_eq!(world.onramp(&world.work(), &check).code, Some(0));
    let world = world.with_variable("ONRAMP_POLICY", "guide");
    assert_eq!(world.onramp(&world.work(), &check).code, Some(1));
}

#[test]
fn a_report_is_judged_again_by_its_own_policy_or_by_the_one_named() {
    let world = old_git();
    let made = [OFFLINE, "check", "apache/machine/git", "--report", "json:r.json"];
    assert_eq!(world.onramp(&world.work(), &made).code, Some(1));
    let again = ["check", "--replay", "r.json"];
    assert_eq!(world.onramp(&world.work(), &again).code, Some(1));
    let upstream = [&again[..], &["--policy", "upstream", "--report", "json"]].concat();
    let upstream = world.onramp(&world.work(), &upstream);
    assert_eq!(upstream.code, Some(0), "{}", upstream.stderr());
    let report = json(&upstream);
    assert_eq!(report["policy"], "upstream");
    assert_eq!(report["project"]["maven"]["requirement"], ">=3.6.3");
    assert_eq!(report["findings"][0]["severity"], "advice");
    // Another machine's settings change no verdict.
    write(&world.home().join(".config/onramp/config.yaml"), "policy: upstream\n");
    assert_eq!(world.onramp(&world.work(), &again).code, Some(1));
}

/// A home of a JDK that says which release it is, and cannot be started.
fn jdk(world: &TestWorld, version: &str) -> String {
    let home = world.path("jdk");
    write(&home.join("release"), format!("JAVA_VERSION=\"{version}\"\nIMPLEMENTOR=\"Nobody\"\n"));
    for program in ["java", "javac"] {
        write_script(&home.join("bin").join(program), "#!/bin/sh\nexit 1\n");
    }
    write(&home.join("lib/modules"), "");
    home.to_str().unwrap().to_owned()
}

#[test]
fn the_jdks_follow_the_policy_here_and_where_the_report_is_judged_again() {
    let world = TestWorld::new();
    let home = jdk(&world, "21.0.5");
    let world = world.with_variable("JAVA_HOME", home);
    let tree = world.cloudstack();
    let check = [OFFLINE, "check", "apache/machine/jdk"];
    let guide = world.onramp(&tree, &[&check[..], &["--report", "json:r.json"]].concat());
    assert_eq!(guide.code, Some(1), "{}", guide.stderr());
    let upstream = [&check[..], &["--policy", "upstream", "--report", "json:u.json"]].concat();
    assert_eq!(world.onramp(&tree, &upstream).code, Some(0));

    let again = |file: &str, policy: &str| {
        let file = tree.join(file);
        let arguments =
            ["check", "--replay", file.to_str().unwrap(), "--policy", policy, "--report", "json"];
        let output = TestWorld::new();
        let output = output.onramp(&output.work(), &arguments);
        (output.code, json(&output)["project"]["jdk"].clone())
    };
    for (file, policy, code, accepted) in [
        ("r.json", "guide", 1, vec![11, 17]),
        ("r.json", "upstream", 0, vec![11, 17, 21]),
        ("u.json", "upstream", 0, vec![11, 17, 21]),
        ("u.json", "guide", 1, vec![11, 17]),
    ] {
        let (ended, jdk) = again(file, policy);
        assert_eq!(ended, Some(code), "{file} {policy}");
        assert_eq!(jdk["accepted"], serde_json::json!(accepted), "{file} {policy}");
        assert_eq!(jdk["recommended"], 17);
        let places = jdk["asked_by"].as_array().unwrap();
        assert!(places.iter().any(|place| place["file"] == ".java-version"), "{places:?}");
    }
}

#[test]
fn list_names_it_and_explain_tells_how_each_treats_the_check() {
    let world = TestWorld::new();
    let list = world.onramp(&world.work(), &["list", "--policy", "upstream"]).stdout();
    assert!(list.contains("judged by the policy upstream\n"), "{list}");
    let row = |id: &str| list.lines().find(|line| line.contains(id)).unwrap().to_owned();
    assert!(row("  git ").contains("  advice   git is recent"), "{list}");
    assert!(row("  disk ").contains("  failure  there is"), "{list}");
    let explain = world.onramp(&world.work(), &["explain", "signed"]).stdout();
    assert!(explain.contains("policies   guide: a failure\n"), "{explain}");
    assert!(
        explain.contains("\n           upstream: advice, because the project does not require"),
        "{explain}"
    );
    let explain = world.onramp(&world.work(), &["explain", "apache/machine/maven"]).stdout();
    assert!(explain.contains("upstream: a failure; maven.requirement is >=3.6.3\n"), "{explain}");
}

#[test]
fn a_policy_of_ones_own_joins_from_a_folder_of_checks() {
    let world = old_git();
    let own =
        "ours:\n  extends: upstream\n  severity: { machine/git: { is: error, because: of us } }\n";
    write(&world.path("packs/cloudstack/_policies.yaml"), own);
    let packs = world.path("packs");
    let packs = packs.to_str().unwrap();
    let check = ["--checks", packs, "--policy", "ours", OFFLINE, "check", "apache/machine/git"];
    let output = world.onramp(&world.work(), &check);
    assert_eq!(output.code, Some(1), "{}", output.stderr());
    assert!(output.stdout().contains("ours\n\nmachine\n"), "{}", output.stdout());

    write(&world.path("packs/cloudstack/_policies.yaml"), "ours: { severity: { gti: warn } }\n");
    let output = world.onramp(&world.work(), &check);
    assert_eq!(output.code, Some(2));
    assert!(output.stderr().contains("did you mean `git`?"), "{}", output.stderr());
    assert!(output.stderr().contains("_policies.yaml:1:21"), "{}", output.stderr());
    let output = world.onramp(&world.work(), &["--policy", "upstrem", "list"]);
    assert_eq!(output.code, Some(2));
    assert!(output.stderr().contains("did you mean `upstream`?"), "{}", output.stderr());
}

#[test]
fn what_a_work_tree_raises_no_policy_lowers() {
    let here = Brought::new();
    here.write("severities.yaml", "apache/machine/git: error\n");
    std::fs::remove_file(here.world.programs().join("git")).unwrap();
    let check = [OFFLINE, "check", "apache/machine/git", "--policy", "upstream"];
    let output = here.world.onramp(&here.tree, &check);
    assert_eq!(output.code, Some(1), "{}{}", output.stdout(), output.stderr());
    // Nor may it bring policies before it is trusted.
    here.write("checks/apache/_policies.yaml", "upstream: { severity: { git: advice } }\n");
    let output = here.world.onramp(&here.tree, &check);
    assert_eq!(output.code, Some(1), "{}{}", output.stdout(), output.stderr());
}

#[test]
fn another_project_is_not_held_to_the_guide_of_cloudstack() {
    let world = TestWorld::new();
    let tree = world.path("elsewhere");
    world.git(&world.work(), &["init", "--quiet", tree.to_str().unwrap()]);
    let pom = "<project><groupId>org.apache.elsewhere</groupId><artifactId>elsewhere</artifactId>\
               <version>1</version></project>";
    write(&tree.join("pom.xml"), pom);
    let policy = |arguments: &[&str]| {
        let config = world.onramp(&tree, &[&["config"], arguments].concat()).stdout();
        let row = config.lines().find(|line| line.trim_start().starts_with("policy "));
        row.and_then(|row| row.split_whitespace().nth(1)).map(ToOwned::to_owned)
    };
    assert_eq!(policy(&[]).as_deref(), Some("upstream"));
    assert_eq!(policy(&["--policy", "guide"]).as_deref(), Some("guide"));
    assert_eq!(policy(&["--project", "cloudstack"]).as_deref(), Some("guide"));
}
