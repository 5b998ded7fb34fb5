//! Probes that are programs of somebody's own: the examples as they stand, where plug-ins are
//! found, what they are handed, and that nothing of a work tree is run.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use snapbox::{assert_data_eq, str};

use crate::support::packs::Brought;
use crate::support::process::Output;
use crate::support::world::{TestWorld, write, write_script};

fn example() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/private-pack")
}

/// A world with Python, which may be a script that needs more of the machine than its name.
fn with_python() -> TestWorld {
    let world = TestWorld::new();
    let mut path = world.programs().into_os_string();
    path.push(":");
    path.push(std::env::var_os("PATH").unwrap_or_default());
    world.with_variable("PATH", path)
}

fn run(world: &TestWorld, folder: &Path, packs: &Path, more: &[&str]) -> Output {
    let fixed = ["--offline", "--checks", packs.to_str().unwrap()];
    world.onramp(folder, &[&fixed, more].concat())
}

fn findings(world: &TestWorld, folder: &Path, packs: &Path, check: &str) -> Vec<(String, String)> {
    let output = run(world, folder, packs, &["check", check, "--report", "json"]);
    let report: Value = serde_json::from_slice(&output.out)
        .unwrap_or_else(|error| panic!("{error}: {}", output.stderr()));
    let text = |finding: &Value, name: &str| finding[name].as_str().unwrap().to_owned();
    let findings = report["findings"].as_array().unwrap().iter();
    findings.map(|finding| (text(finding, "outcome"), text(finding, "text"))).collect()
}

fn pairs(wanted: &[(&str, &str)]) -> Vec<(String, String)> {
    wanted.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
}

/// A pack with one check on one plug-in, which prints what it was asked and handed.
fn packs(world: &TestWorld, plugin: &Path) -> PathBuf {
    let packs = world.path("packs");
    let check = "title: t\nseverity: error\nprobe: { mine: { of: \"{{ platform.os }}\" } }\n\
                 pass: found.good\nsay: \"{{ found.by }}\"\nwhy: w\nsource: s\n";
    write(&packs.join("mine/machine/try.yaml"), check);
    write_script(plugin, &answering("the first"));
    packs
}

fn answering(by: &str) -> String {
    format!(
        "#!/bin/sh\necho '{{\"onramp\": 1, \"found\": {{\"good\": true, \"by\": \"{by}\"}}}}'\n"
    )
}

#[test]
fn the_example_in_shell_tells_of_each_file() {
    let world = TestWorld::new().with_program("find");
    let look = || findings(&world, &world.work(), &example(), "private-files");
    let none = [("skip", "no file of your home folder holds passwords")];
    assert_eq!(look(), pairs(&none));
    let (open, shut) = (world.home().join(".netrc"), world.home().join(".m2/settings.xml"));
    write(&open, "machine x");
    write(&shut, "<settings/>");
    let mode = |path: &Path, mode: u32| {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    };
    mode(&open, 0o644);
    mode(&shut, 0o600);
    let told = [
        ("fail", "other people on this machine can read ~/.netrc"),
        ("pass", "only you can read ~/.m2/settings.xml"),
    ];
    assert_eq!(look(), pairs(&told));
    let shown = run(&world, &world.work(), &example(), &["check", "private-files"]).stdout();
    assert!(shown.contains("chmod 600 ~/.netrc"), "{shown}");
}

#[test]
fn the_example_in_python_tells_of_each_file() {
    let world = with_python();
    let look = |folder: &Path| findings(&world, folder, &example(), "file-sizes");
    assert_eq!(look(&world.work()), pairs(&[("skip", "not inside a work tree")]));
    let tree = world.cloudstack();
    let told = look(&tree);
    assert!(told[0].1.starts_with("none of "), "{told:?}");
    write(&tree.join("docs/film.bin"), vec![0; 6 << 20]);
    write(&tree.join("a/film.bin"), vec![0; 6 << 20]);
    write(&tree.join("a/picture.bin"), vec![0; 2 << 20]);
    write(&tree.join("target/film.bin"), vec![0; 6 << 20]);
    let told = [
        ("warn", "a/film.bin has 6 MiB"),
        ("pass", "a/picture.bin has 2 MiB"),
        ("pass", "docs/film.bin has 6 MiB"),
    ];
    assert_eq!(look(&tree), pairs(&told));
}

#[test]
fn the_example_with_a_pattern_needs_no_plug_in() {
    let world = TestWorld::new();
    let look = || findings(&world, &world.work(), &example(), "company-address");
    assert_eq!(look(), pairs(&[("warn", "your commits carry ada@example.org")]));
    world.git(&world.work(), &["config", "--global", "user.email", "ada@ACME.example"]);
    assert_eq!(look(), pairs(&[("pass", "your commits carry ada@ACME.example")]));
}

#[test]
fn the_examples_are_listed_and_explained() {
    let world = with_python();
    let list = run(&world, &world.work(), &example(), &["list"]);
    assert_eq!(list.code, Some(0), "{}", list.stderr());
    for word in ["acme/machine\n", "  private-files ", "acme/patch\n", "  file-sizes "] {
        assert!(list.stdout().contains(word), "{}", list.stdout());
    }
    let explained = run(&world, &world.work(), &example(), &["explain", "file-sizes"]).stdout();
    assert!(explained.contains("looks at   large files in the work tree, by"), "{explained}");
}

#[test]
fn a_pack_is_held_against_what_its_plug_in_says_of_itself() {
    let world = with_python();
    let packs = world.path("packs");
    let file = packs.join("mine/machine/try.yaml");
    let check = fs::read_to_string(example().join("acme/patch/file-sizes.yaml")).unwrap();
    fs::create_dir_all(&packs).unwrap();
    symlink(example().join("_probes"), packs.join("_probes")).unwrap();
    write(&file, check.replace("it.size <", "it.sise <").replace("at_least:", "at_leas:"));
    let refused = run(&world, &world.work(), &packs, &["list"]);
    assert_eq!(refused.code, Some(2));
    let said = refused.stderr();
    for what in [
        "probe `large-files` takes no `at_leas`; did you mean `at_least`?",
        "probe `large-files` needs `at_least`",
        "`it.sise`: there is no `sise`; did you mean `size`?",
    ] {
        assert!(said.contains(what), "{said}");
    }
    // Where it is run, it says so itself.
    let told = findings(&world, &world.cloudstack(), &packs, "mine/machine/try");
    assert_eq!(told[0].0, "unknown", "{told:?}");
    assert!(told[0].1.contains("takes `at_least`"), "{told:?}");
}

#[test]
fn plug_ins_are_found_beside_packs_and_on_path_in_order() {
    let world = TestWorld::new();
    let packs = packs(&world, &world.programs().join("onramp-probe-mine"));
    let by = || findings(&world, &world.work(), &packs, "try")[0].clone();
    assert_eq!(by(), ("pass".into(), "the first".into()));
    let own = world.home().join(".config/onramp/checks/_probes/onramp-probe-mine");
    write_script(&own, &answering("the own one"));
    assert_eq!(by().1, "the own one");
    write_script(&packs.join("_probes/onramp-probe-mine"), &answering("of the pack"));
    assert_eq!(by().1, "of the pack");
    let later = world.path("later");
    write_script(&later.join("_probes/onramp-probe-mine"), &answering("of the later pack"));
    write(
        &later.join("mine/machine/other.yaml"),
        fs::read(packs.join("mine/machine/try.yaml")).unwrap(),
    );
    let both = ["try", "--verbose", "--checks", packs.to_str().unwrap(), "--checks"];
    let both = [&["check"], &both[..], &[later.to_str().unwrap()]].concat();
    let shown = world.onramp(&world.work(), &both).stdout();
    assert!(shown.contains("of the later pack"), "{shown}");
}

#[test]
fn a_plug_in_is_handed_the_request_and_nothing_of_the_environment() {
    let world = TestWorld::new()
        .with_program("env")
        .with_program("sort")
        .with_program("cat")
        .with_variable("GITHUB_TOKEN", "secret")
        .with_variable("PYTHONPATH", "/tmp");
    let tree = world.cloudstack();
    let plugin = world.programs().join("onramp-probe-mine");
    let packs = packs(&world, &plugin);
    let script = "#!/bin/sh\n{ echo \"$*\"; pwd; env | sort; } >\"$HOME/handed\"\ncat >\"$HOME/asked\"\n\
                  echo '{\"onramp\": 1, \"found\": {\"good\": true, \"by\": \"me\"}}'\n";
    write_script(&plugin, script);
    assert_eq!(findings(&world, &tree, &packs, "try")[0].0, "pass");
    let asked = fs::read_to_string(world.home().join("asked")).unwrap();
    assert_eq!(asked.matches('\n').count(), 1, "{asked}");
    let asked: Value = serde_json::from_str(&asked).unwrap();
    let wanted = json!({
        "onramp": 1, "do": "observe", "arguments": { "of": std::env::consts::OS },
        "tree": tree.to_str().unwrap(), "deadline": 5.0, "deep": false, "offline": true,
    });
    assert_eq!(asked, wanted);
    let handed = fs::read_to_string(world.home().join("handed")).unwrap();
    let names: Vec<&str> = handed.lines().map(|line| line.split('=').next().unwrap()).collect();
    let extra = ["_", "OLDPWD", "SHLVL"];
    let names: Vec<_> = names.into_iter().filter(|name| !extra.contains(name)).collect();
    assert_eq!(names, ["observe", "/", "HOME", "LANG", "LC_ALL", "PATH", "PWD"], "{handed}");
}

#[test]
fn nothing_of_the_work_tree_is_run_however_it_is_reached() {
    let world = TestWorld::new();
    let tree = world.cloudstack();
    let inside = tree.join("bin/onramp-probe-mine");
    let packs = packs(&world, &inside);
    write_script(&inside, &format!("#!/bin/sh\n: >'{}'\n", world.path("sprung").display()));
    let refused = |world: &TestWorld, packs: &Path| {
        let told = findings(world, &tree, packs, "try");
        assert_eq!(told[0].0, "unknown", "{told:?}");
        assert!(told[0].1.contains("looking runs nothing of it"), "{told:?}");
        let explained = run(world, &tree, packs, &["explain", "mine/machine/try"]);
        assert!(explained.stdout().contains("looking"), "{}", explained.stdout());
        assert!(!world.path("sprung").exists(), "the tree's program ran");
    };
    // By a link on PATH, by a folder of PATH in the tree, by a link to such a folder.
    symlink(&inside, world.programs().join("onramp-probe-mine")).unwrap();
    refused(&world, &packs);
    fs::remove_file(world.programs().join("onramp-probe-mine")).unwrap();
    symlink(tree.join("bin"), world.path("elsewhere")).unwrap();
    let mut world = world;
    for folder in [tree.join("bin"), world.path("elsewhere")] {
        let path = format!("{}:{}", folder.display(), world.programs().display());
        world = world.with_variable("PATH", path);
        refused(&world, &packs);
    }
    // Beside the checks, which may be read from the tree, but not run.
    let programs = world.programs();
    world = world.with_variable("PATH", programs);
    symlink(tree.join("bin"), packs.join("_probes")).unwrap();
    refused(&world, &packs);
    fs::rename(&packs, tree.join("packs")).unwrap();
    fs::remove_file(tree.join("packs/_probes")).unwrap();
    fs::rename(tree.join("bin"), tree.join("packs/_probes")).unwrap();
    refused(&world, &tree.join("packs"));
}

#[test]
fn a_relative_folder_of_path_is_no_place_for_plug_ins() {
    let world = TestWorld::new();
    let packs = packs(&world, &world.work().join("onramp-probe-mine"));
    let path = format!(".:{}", world.programs().display());
    let world = world.with_variable("PATH", path);
    let output = run(&world, &world.work(), &packs, &["check", "try"]);
    assert_eq!(output.code, Some(2));
    assert!(output.stderr().contains("there is no probe `mine`"), "{}", output.stderr());
}

#[test]
fn a_wrong_name_is_held_against_the_plug_ins_as_well() {
    let world = TestWorld::new();
    let packs = packs(&world, &world.path("packs/_probes/onramp-probe-licences"));
    let file = packs.join("mine/machine/try.yaml");
    let check = fs::read_to_string(&file).unwrap();
    for (name, hint) in [("licence", "licences"), ("tol", "tool")] {
        write(&file, check.replace("{ mine:", &format!("{{ {name}:")));
        let output = run(&world, &world.work(), &packs, &["check", "try"]);
        assert_eq!(output.code, Some(2));
        let wanted = format!("there is no probe `{name}`; did you mean `{hint}`?");
        assert!(output.stderr().contains(&wanted), "{}", output.stderr());
    }
    // Nothing that a path is made of is a name, even where it leads to a program.
    write(&file, check.replace("{ mine:", "{ ../_probes/onramp-probe-licences:"));
    let said = run(&world, &world.work(), &packs, &["check", "try"]).stderr();
    assert!(said.contains("there is no probe `../_probes/onramp-probe-licences`"), "{said}");
}

#[test]
fn a_replay_needs_no_plug_in_to_judge_again() {
    let world = TestWorld::new().with_program("find");
    write(&world.home().join(".netrc"), "machine x");
    let first = ["check", "private-files", "--report", "json:r.json", "--report", "human"];
    assert_eq!(run(&world, &world.work(), &example(), &first).code, Some(1));
    fs::remove_file(world.home().join(".netrc")).unwrap();
    let again = run(&world, &world.work(), &example(), &["check", "--replay", "r.json"]);
    assert_data_eq!(again.code.unwrap_or_default().to_string(), str!["1"]);
    assert!(again.stdout().contains("can read ~/.netrc"), "{}", again.stdout());
}

#[test]
fn a_trusted_tree_brings_plug_ins_and_the_users_own_go_before() {
    let tree = Brought::new();
    tree.check("mine/machine/own", "error", "mine: {}", "found.good and found.by != 'tree'");
    write_script(&tree.path("_probes/onramp-probe-mine"), &answering("tree"));
    let look = || {
        let output = tree.typed(&["--offline", "check", "own"], "");
        (output.code, output.stdout())
    };
    let (code, told) = look();
    assert!(code == Some(3) && told.contains("could not be told"), "{code:?} {told}");
    tree.trust();
    let (code, told) = look();
    assert_eq!(code, Some(1), "it was asked, and says that it is the tree's: {told}");
    write_script(&tree.world.programs().join("onramp-probe-mine"), &answering("user"));
    let (code, told) = look();
    assert_eq!(code, Some(0), "{told}");
}
