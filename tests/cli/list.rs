//! `onramp list` and `onramp explain`: words for people, never the templates behind them; and what
//! becomes of an output that nobody takes.

use std::path::Path;

use snapbox::{assert_data_eq, str};

use crate::support::process::Output;
use crate::support::scale;
use crate::support::world::{TestWorld, write};

#[test]
fn a_check_is_explained_in_words() {
    let world = TestWorld::new();
    let output = world.onramp(&world.work(), &["explain", "jdk"]);
    assert_eq!(output.code, Some(0), "{}", output.stderr());
    assert_data_eq!(
        output.stdout(),
        str![[r#"
the build uses a JDK that the project accepts
apache/machine/jdk

why        Maven starts the JDK that JAVA_HOME names, not always the one `java
           -version` shows. A wrong one often shows up as a confusing failure
           far into the build, such as `Invalid CEN header` in a jar that is in
           order.
if not     a failure: it stops the road
policies   guide: a failure; jdk.accepted is 11 or 17
           upstream: a failure; jdk.accepted is 11, 17 or 21
looks at   jdk
fix        shown by `onramp check jdk` for this machine
or         onramp fix jdk (it shows what it can do here, and asks)
source     the work tree's own files, and what is known of its release line

"#]]
    );
    let more = world.onramp(&world.work(), &["explain", "jdk", "--verbose"]).stdout();
    assert!(more.contains("holds if") && more.contains("checks/apache/machine/jdk.yaml"), "{more}");
}

#[test]
fn no_explanation_shows_a_template() {
    let world = TestWorld::new();
    let list = world.onramp(&world.work(), &["list"]).stdout();
    let ids = ids(&list);
    let mut explained = 0;
    for id in ids {
        let output = world.onramp(&world.work(), &["explain", &id]);
        assert_eq!(output.code, Some(0), "{}", output.stderr());
        let text = output.stdout();
        assert!(!text.contains("{{") && !text.contains("{%"), "{text}");
        explained += 1;
    }
    assert!(explained >= 45, "{list}");
}

/// The ids that a list shows: headings joined with the names below them.
fn ids(list: &str) -> Vec<String> {
    let mut heading = "";
    let mut ids = Vec::new();
    for line in list.lines() {
        match line.strip_prefix("  ") {
            Some(row) if !row.starts_with(' ') => {
                ids.extend(row.split(' ').next().map(|name| format!("{heading}/{name}")));
            }
            None if line.matches('/').count() == 1 => heading = line,
            _ => {}
        }
    }
    ids
}

fn into(world: &TestWorld, arguments: &str, redirected: &str) -> Output {
    let script = format!("'{}' {arguments} {redirected}", env!("CARGO_BIN_EXE_onramp"));
    world.run(&world.work(), Path::new("/bin/sh"), &["-c", &script], b"")
}

#[test]
fn a_closed_output_ends_in_silence() {
    let world = TestWorld::new();
    for arguments in ["list", "explain jdk", "schema", "clone --dry-run", "--help"] {
        let script = "| :";
        let output = into(&world, arguments, script);
        assert_eq!(output.stderr(), "", "{arguments}");
    }
}

#[test]
fn a_full_device_is_told_in_a_sentence() {
    if !Path::new("/dev/full").exists() {
        return;
    }
    let world = TestWorld::new();
    for arguments in ["list", "explain jdk", "schema", "clone --dry-run", "check cores", "--help"] {
        let output = into(&world, arguments, "> /dev/full");
        assert_eq!(output.code, Some(2), "{arguments}: {}", output.stderr());
        assert_data_eq!(
            output.stderr(),
            str![[r#"
onramp: standard output cannot be written: there is no room left where it leads
  → make room there, or send the output elsewhere

"#]]
        );
    }
}

#[test]
fn ten_thousand_checks_are_listed() {
    let world = TestWorld::new();
    let packs = world.path("packs");
    for (path, text) in (0..10_000).map(scale::check) {
        write(&packs.join(path), text);
    }
    let output = world.onramp(&world.work(), &["list", "--checks", packs.to_str().unwrap()]);
    assert_eq!(output.code, Some(0), "{}", output.stderr());
    assert_eq!(output.stdout().matches("\n  c0").count(), 10_000);
}
