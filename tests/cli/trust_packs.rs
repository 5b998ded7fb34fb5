//! Twenty and more work trees whose `.onramp` is up to no good, under every command that looks:
//! none gains a process, a hang, a crash or a pass, and each is refused by name.

use std::fs::{self, File};
use std::os::unix::fs::symlink;
use std::path::Path;

use crate::support::packs::Brought;
use crate::support::world::write_script;

/// A pack and what onramp must say about it; nothing where it is simply not heeded.
type Hostile = (&'static str, fn(&Brought), &'static str);

const HOSTILE: &[Hostile] = &[
    (
        "an id with dots",
        |here| {
            here.check("mine/machine/..up", "warn", "cores: {}", "true");
        },
        "is part of an id, which has only small letters",
    ),
    (
        "an id that reads as an option",
        |here| {
            here.check("mine/machine/--trust-tree", "warn", "cores: {}", "true");
        },
        "is part of an id, which has only small letters",
    ),
    (
        "an id that colours the screen",
        |here| {
            here.check("mine/machine/\u{1b}[31mred", "warn", "cores: {}", "true");
        },
        "is part of an id, which has only small letters",
    ),
    (
        "too deep a check",
        |here| {
            here.check("mine/machine/more/deep", "warn", "cores: {}", "true");
        },
        "a check lies at PACK/STAGE/NAME.yaml",
    ),
    (
        "a link to a file of the user's",
        |here| {
            fs::create_dir_all(here.path("checks/mine/machine")).expect("a new folder");
            let target = here.world.home().join(".gitconfig");
            symlink(target, here.path("checks/mine/machine/own.yaml")).expect("a new link");
        },
        "is a link",
    ),
    (
        "a link inside",
        |here| {
            here.check("mine/machine/one", "warn", "cores: {}", "true");
            symlink("one.yaml", here.path("checks/mine/machine/two.yaml")).expect("a new link");
        },
        "is a link",
    ),
    (
        "a link out of the tree",
        |here| {
            fs::create_dir(here.path("")).expect("a new folder");
            symlink("/", here.path("checks")).expect("a new link");
        },
        "is a link",
    ),
    (
        "a loop of links",
        |here| {
            fs::create_dir(here.path("")).expect("a new folder");
            symlink(".", here.path("checks")).expect("a new link");
        },
        "is a link",
    ),
    (
        "a dead link",
        |here| {
            fs::create_dir(here.path("")).expect("a new folder");
            symlink("nowhere", here.path("waivers.yaml")).expect("a new link");
        },
        "is a link",
    ),
    (
        "a link to a device",
        |here| {
            fs::create_dir(here.path("")).expect("a new folder");
            symlink("/dev/zero", here.path("severities.yaml")).expect("a new link");
        },
        "is a link",
    ),
    ("a pipe", |here| pipe(here, "checks/mine/machine/waits.yaml"), "is a pipe or a device"),
    ("a pipe for a program", |here| pipe(here, "_probes/onramp-probe-x"), "is a pipe or a device"),
    (
        "a file in the folder's place",
        |here| {
            fs::write(here.tree.join(".onramp"), "checks").expect("a new file");
        },
        ".onramp is a file",
    ),
    (
        "a huge file",
        |here| {
            fs::create_dir(here.path("")).expect("a new folder");
            let file = File::create(here.path("severities.yaml")).expect("a new file");
            file.set_len(50 << 30).expect("a file with holes");
        },
        "larger than a pack may be",
    ),
    (
        "a large check",
        |here| {
            here.write("checks/mine/machine/long.yaml", &"# long\n".repeat(60_000));
        },
        "larger than 256 KiB",
    ),
    (
        "too many files",
        |here| {
            for number in 0..1100 {
                here.write(&format!("checks/mine/machine/c{number}.yaml"), "");
            }
        },
        "too many files or folders",
    ),
    (
        "a well of folders",
        |here| {
            fs::create_dir_all(here.path(&"a/".repeat(40))).expect("new folders");
        },
        "too many files or folders",
    ),
    (
        "an alias bomb",
        |here| {
            let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
            for level in 1..10 {
                let items = vec![format!("*a{}", level - 1); 10].join(", ");
                text += &format!("a{level}: &a{level} [{items}]\n");
            }
            here.write("checks/mine/machine/bomb.yaml", &text);
        },
        "bomb.yaml",
    ),
    (
        "a well of brackets",
        |here| {
            here.write("severities.yaml", &"[".repeat(100_000));
        },
        "severities.yaml",
    ),
    (
        "a key twice",
        |here| {
            here.check("mine/machine/twice", "warn", "cores: {}", "true\npass: false");
        },
        "twice.yaml",
    ),
    (
        "bytes that are no text",
        |here| {
            here.write("severities.yaml", "");
            fs::write(here.path("severities.yaml"), [0xff, 0xfe, 0x00]).expect("our file");
        },
        "not UTF-8 text",
    ),
    (
        "a program to start",
        |here| {
            here.check("mine/machine/tool", "warn", "tool: evil", "true");
        },
        "neither run, reached nor read",
    ),
    (
        "a program by its path",
        |here| {
            write_script(&here.tree.join("run"), &script(here));
            let path = here.tree.join("run");
            here.check("mine/machine/tool", "warn", &format!("tool: {}", path.display()), "true");
        },
        "neither run, reached nor read",
    ),
    (
        "a program with options",
        |here| {
            let tool = "tool: { name: git, version_args: ['-c', 'alias.x=!evil', 'x'] }";
            here.check("mine/machine/tool", "warn", tool, "true");
        },
        "neither run, reached nor read",
    ),
    (
        "a probe of its own",
        |here| {
            here.script("_probes/onramp-probe-canary");
            here.check("mine/machine/own", "warn", "canary: {}", "true");
        },
        "neither run, reached nor read",
    ),
    (
        "a probe that is called like one of onramp's",
        |here| {
            here.script("_probes/onramp-probe-cores");
            here.check("mine/machine/own", "warn", "cores: {}", "true");
        },
        "not trusted",
    ),
    (
        "a folder of the user's to look into",
        |here| {
            let probe = format!("git_config: {{ tree: '{}' }}", here.world.home().display());
            here.check("mine/machine/spy", "warn", &probe, "true");
        },
        "neither run, reached nor read",
    ),
    (
        "a folder hidden in an expression",
        |here| {
            let probe = "git_config: { tree: \"{{ run.tree }}/../home\" }";
            here.check("mine/machine/spy", "warn", probe, "true");
        },
        "neither run, reached nor read",
    ),
    (
        "a JVM to start",
        |here| {
            here.check("mine/machine/jvm", "warn", "jdk: { deep: true }", "true");
        },
        "neither run, reached nor read",
    ),
    (
        "a password among git's settings",
        |here| {
            let probe = "git_settings: { values: { sendemail.smtppass: [] } }";
            here.check("mine/machine/spy", "warn", probe, "true");
        },
        "neither run, reached nor read",
    ),
    (
        "an address to connect to",
        |here| {
            let urls = "reach: { urls: [{ url: 'http://127.0.0.1:9', what: x }] }";
            here.check("mine/machine/call", "warn", urls, "true");
        },
        "neither run, reached nor read",
    ),
    (
        "another's check with a weaker condition",
        |here| {
            here.check("apache/machine/git", "error", "tool: git", "true");
        },
        "would ask for something else",
    ),
    (
        "a check in another's place",
        |here| {
            here.check(
                "mine/machine/mine",
                "warn",
                "cores: {}",
                "true\nreplaces: apache/machine/jdk",
            );
        },
        "would stand in for",
    ),
    (
        "policies",
        |here| {
            here.write("checks/apache/_policies.yaml", "guide: { severity: { git: advice } }\n");
        },
        "would set values",
    ),
    (
        "a table of causes",
        |here| {
            here.write("checks/cloudstack/build-failures.yaml", "[]\n");
        },
        "would set values",
    ),
];

fn script(here: &Brought) -> String {
    format!("#!/bin/sh\n: > '{}'\n", here.canary().display())
}

fn pipe(here: &Brought, below: &str) {
    let path = here.path(below);
    fs::create_dir_all(path.parent().expect("a folder above")).expect("a new folder");
    let made = std::process::Command::new("mkfifo").arg(path).status().expect("mkfifo");
    assert!(made.success());
}

#[test]
fn none_gains_anything() {
    assert!(HOSTILE.len() >= 30);
    let (first, second) = HOSTILE.split_at(HOSTILE.len() / 2);
    std::thread::scope(|scope| {
        let one = scope.spawn(|| first.iter().for_each(gains_nothing));
        second.iter().for_each(gains_nothing);
        one.join().expect("the packs of the other half, see above");
    });
}

fn gains_nothing((name, arm, told): &Hostile) {
    let here = Brought::new();
    arm(&here);
    let own = here.world.onramp(&here.world.work(), &["check", "machine", "--offline"]);
    for arguments in [
        &["check", "machine", "--offline"][..],
        &["check", "machine", "--offline", "--deep"],
        &["list"],
        &["trust", "--show"],
        &["trust"],
    ] {
        let output = here.onramp(arguments);
        let said = format!("{}{}", output.stdout(), output.stderr());
        assert!(!here.sprung(), "{name}: {arguments:?} ran something");
        let code = output.code.unwrap_or_else(|| panic!("{name}: killed: {said}"));
        assert!(![70, 101].contains(&code), "{name}: {arguments:?}: {said}");
        assert!(!said.contains('\u{1b}'), "{name}: {arguments:?}: {said}");
        assert!(!here.state().exists(), "{name}: {arguments:?} trusted something");
    }
    let output = here.onramp(&["check", "machine", "--offline"]);
    let said = output.stdout().split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains(told), "{name}: no «{told}» in\n{}", output.stdout());
    let verdicts = |text: &str| text.lines().filter(|line| line.starts_with("  ✗")).count();
    assert_eq!(verdicts(&own.stdout()), verdicts(&output.stdout()), "{name}");
    assert!(Path::new(&here.tree).exists());
}
