//! Looking at a work tree runs nothing of it, shows nothing raw and changes nothing: every hostile
//! tree under every command that only looks. Beside it, the proof that each trap is one.

use onramp::text::clean;

use crate::support::hostile::{Ground, SECRET, TRAPS, Trap};
use crate::support::process::Output;
use crate::support::world::TestWorld;

/// Every command but `build`.
const COMMANDS: &[&[&str]] = &[
    &[],
    &["check", "--offline"],
    &["check", "patch", "--offline"],
    &["check", "machine", "--deep", "--offline"],
    &["pr"],
    &["pr", "--next"],
    &["trust", "--show"],
    &["list"],
    &["explain", "apache/machine/git"],
    &["fix", "--offline"],
    &["key", "show"],
    ADOPT,
];

/// The one that may change the tree, so it comes last.
const ADOPT: &[&str] = &["clone", "--adopt"];

#[test]
fn there_are_at_least_ten() {
    assert!(TRAPS.len() >= 10);
}

#[test]
fn every_trap_is_one() {
    each(|trap| {
        let ground = Ground::set(trap);
        assert!(!ground.sprung(), "{} sprang before anyone came", trap.name);
        for line in trap.naive {
            let output = ground.shell(line);
            assert!(
                ground.sprung(),
                "{}: «{line}» sprang nothing:\n{}{}",
                trap.name,
                output.stdout(),
                output.stderr()
            );
            ground.disarm();
        }
    });
}

#[test]
fn no_command_springs_one() {
    each(|trap| {
        let ground = Ground::set(trap);
        for arguments in COMMANDS {
            let what = format!("{}: onramp {}", trap.name, arguments.join(" "));
            let before = ground.picture();
            let output = ground.onramp(arguments);
            assert!(!ground.sprung(), "{what} ran code of the tree");
            ended_well(&what, &output);
            if let Some(shown) = raw(&output) {
                panic!("{what} showed {shown}");
            }
            if *arguments != ADOPT {
                assert!(before == ground.picture(), "{what} changed the tree or the home folder");
            }
        }
    });
}

#[test]
fn what_was_typed_is_shown_clean() {
    let world = TestWorld::new();
    for arguments in [
        &["explain", "\u{1b}[31m"][..],
        &["--\u{1b}]0;owned\u{7}"],
        &["check", "\u{9b}31m\r"],
        &["check", "--report", "\u{202e}"],
        &["check", "--checks", "\u{1b}[2J"],
    ] {
        let output = world.onramp(&world.work(), arguments);
        assert_eq!(output.code, Some(2), "{arguments:?}: {}", output.stderr());
        assert_eq!(raw(&output), None, "{arguments:?}");
    }
}

#[test]
fn the_loud_tree_is_loud() {
    let trap = TRAPS.iter().find(|trap| trap.name == "names and messages").expect("that trap");
    let ground = Ground::set(trap);
    let output = ground.shell("git --no-pager log -1 --format='%an %s'");
    assert!(raw(&output).is_some(), "git log showed it clean: {}", output.stdout());
}

/// Runs the same for every trap, two at a time: most of it is waiting for processes.
fn each(of: fn(&Trap)) {
    std::thread::scope(|scope| {
        let (first, second) = TRAPS.split_at(TRAPS.len() / 2);
        let one = scope.spawn(|| first.iter().for_each(of));
        second.iter().for_each(of);
        one.join().expect("the traps of the other half, see above");
    });
}

fn ended_well(what: &str, output: &Output) {
    let said = format!("{}{}", output.stdout(), output.stderr());
    let code = output.code.unwrap_or_else(|| panic!("{what} was killed by a signal:\n{said}"));
    assert!(![101, 70].contains(&code), "{what} ended with {code}:\n{said}");
    assert!(!said.contains("unrecognized subcommand"), "{what} is no command:\n{said}");
    assert!(!said.contains(SECRET), "{what} showed what lies outside the tree:\n{said}");
}

/// What a terminal would have obeyed, escaped; `None` where there is nothing.
fn raw(output: &Output) -> Option<String> {
    [&output.out, &output.err].into_iter().find_map(|stream| {
        let Ok(text) = std::str::from_utf8(stream) else {
            return Some(format!("bytes that are no text: {}", stream.escape_ascii()));
        };
        let cleaned = clean(text);
        (cleaned != text).then(|| format!("control characters:\n{cleaned}"))
    })
}
