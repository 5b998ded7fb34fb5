//! `onramp key new` at a terminal: what it asks, what it takes for an answer, and what stands when
//! somebody stops it.

use std::fs;

use snapbox::str;

use crate::support::fixing::{fresh, settings};
use crate::support::process::Output;
use crate::support::world::{TestWorld, write, write_script};

/// Types the answers, a line each.
#[track_caller]
fn typed(world: &TestWorld, arguments: &[&str], answers: &str) -> Output {
    world.at_terminal(&world.work(), &[&["key", "new"], arguments].concat(), answers)
}

fn screen(output: &Output) -> String {
    output.stdout().replace("\r\n", "\n")
}

#[test]
fn a_newcomer_is_led_to_a_key() {
    let world = fresh();
    let output = typed(&world, &[], "Ada Lovelace\nada\nada@calculus.org\n3\n1\n\ny\n");
    let said = screen(&output);
    assert_eq!(output.code, Some(0), "{said}");
    world.assert().eq(
        said,
        str![[r#"
...
your name, as commits and the key carry it for everyone to see: your e-mail address, as commits and the key carry it for everyone to see:   an address has the form name@example.org
your e-mail address, as commits and the key carry it for everyone to see: Which kind of key?
  1  Ed25519   small, fast and strong; right unless a rule says otherwise
  2  RSA 4096  where a rule or an old server asks for RSA; takes seconds to make
1 or 2 (1)   it is 1 or 2
1 or 2 (1) How long is it to last?
  a key that is lost ends by itself; one in use can be prolonged at any time
2y, 18m, 90d, 2028-12-31 or never (2y) 
This will be made and changed
  key         Ed25519, ends on [..]
...
do this? [y/N] → gpg --batch --quick-generate-key 'Ada Lovelace <ada@calculus.org>' ed25519 sign 2y
gpg asks for a passphrase on its own screen, twice; onramp never sees it
...
✓ made, and git signs with it
...
  export GPG_TTY=$(tty)
  onramp key rehearse  proves that git can sign with it
  onramp key export    brings it to the forge
  onramp key publish   puts it on a key server; optional, and public for ever

"#]],
    );
    assert!(fs::read_to_string(settings(&world)).unwrap().contains("gpgsign = true"));
}

#[test]
fn without_a_yes_nothing_is_made() {
    let world = fresh();
    for last in ["n\n", "\n", "what\n", ""] {
        let answers = format!("Ada Lovelace\nada@calculus.org\n\n\n{last}\u{4}");
        let output = typed(&world, &[], &answers);
        let said = screen(&output);
        assert_eq!(output.code, Some(1), "{said}");
        assert!(said.contains("nothing was made and nothing was changed"), "{said}");
    }
    assert!(!settings(&world).exists() && !world.home().join(".local").exists());
    let gone = typed(&world, &[], "Ada Lovelace\n\u{4}");
    assert_eq!(gone.code, Some(2), "{}", screen(&gone));
    assert!(screen(&gone).contains("there was no answer, so nothing was done"));
}

#[test]
fn what_git_knows_is_proposed_and_a_key_that_is_there_used() {
    let world = fresh();
    let known = "[user]\n\tname = Ada Lovelace\n\temail = ada@calculus.org\n";
    write(&settings(&world), known);
    let made = typed(&world, &["--algorithm", "ed25519", "--expires", "1y"], "\n\ny\n");
    assert_eq!(made.code, Some(0), "{}", screen(&made));
    assert!(screen(&made).contains("for everyone to see (Ada Lovelace): "), "{}", screen(&made));
    write(&settings(&world), known);
    let used = typed(&world, &[], "\n\n\ny\n");
    let said = screen(&used);
    assert_eq!(used.code, Some(0), "{said}");
    assert!(said.contains("You have a key for this address that can sign:"), "{said}");
    assert!(said.contains("This will be changed"), "{said}");
    assert!(!said.contains("--quick-generate-key"), "{said}");
    let more = typed(&world, &["--no-passphrase"], "\n\nn\n\n\ny\n");
    let said = screen(&more);
    assert_eq!(more.code, Some(0), "{said}");
    assert!(said.contains("gpg --batch --yes --quick-generate-key"), "{said}");
}

#[test]
fn the_clone_or_all_repositories_is_asked_in_a_clone() {
    let world = fresh();
    let tree = world.tree();
    world.git(&world.work(), &["init", "--quiet", tree.to_str().unwrap()]);
    let words = ["-C", tree.to_str().unwrap(), "--name", "Ada", "--email", "ada@calculus.org"];
    let words = [&words[..], &["--algorithm", "ed25519", "--expires", "2y"]].concat();
    let output = typed(&world, &words, "2\ny\n");
    let said = screen(&output);
    assert_eq!(output.code, Some(0), "{said}");
    assert!(said.contains("2  in this clone only"), "{said}");
    assert!(fs::read_to_string(tree.join(".git/config")).unwrap().contains("gpgsign = true"));
    assert!(!settings(&world).exists());
}

/// A pinentry that has the terminal's owner press Ctrl-C as soon as it asks, and waits.
const STOPPED: &str = "#!/bin/sh
echo 'OK ready'
while read -r line; do
  case $line in
    GETINFO*pid*) echo \"D $$\"; echo OK ;;
    GETPIN*) read -r onramp < \"${0%/*}/onramp\"; kill -INT $onramp; read -r more ;;
    *) echo OK ;;
  esac
done
";

#[test]
fn a_signal_while_the_passphrase_is_asked_for_leaves_no_key() {
    let world = fresh();
    write_script(&world.path("pinentry"), STOPPED);
    let onramp = env!("CARGO_BIN_EXE_onramp");
    let told = world.path("onramp");
    let line = format!(
        "echo $$ > '{}'; exec '{onramp}' key new --name Ada --email ada@calculus.org \
         --algorithm ed25519 --expires 2y --global --yes",
        told.display()
    );
    let output = world.run(&world.work(), "/bin/sh".as_ref(), &["-c", &line], b"");
    let said = output.stderr();
    assert_eq!(output.code, Some(130), "{said}");
    assert!(said.contains("no key was made\nstopped; nothing of it was done"), "{said}");
    assert!(!settings(&world).exists());
    let folder = world.home().join(".gnupg/private-keys-v1.d");
    assert_eq!(fs::read_dir(folder).map_or(0, Iterator::count), 0);
}

#[test]
fn a_signal_while_the_key_is_made_leaves_a_whole_one_and_gits_settings_alone() {
    let world = fresh();
    // gpg, which has the terminal's owner press Ctrl-C the moment it begins in earnest.
    let gpg = which::which("gpg").unwrap();
    let stopping = format!(
        "#!/bin/sh\ncase \"$*\" in *--quick-generate-key*) kill -INT $PPID ;; esac\nexec {} \"$@\"\n",
        gpg.display()
    );
    fs::remove_file(world.programs().join("gpg")).unwrap();
    let world = world.with_script("gpg", &stopping);
    let words = ["key", "new", "--name", "Ada", "--email", "ada@calculus.org", "--no-passphrase"];
    let more = ["--algorithm", "ed25519", "--expires", "2y", "--global", "--yes"];
    let output = world.onramp(&world.work(), &[&words[..], &more].concat());
    let said = output.stderr();
    assert_eq!(output.code, Some(130), "{said}");
    assert!(said.contains("stopping as soon as gpg is done, so that no half of a key"), "{said}");
    assert!(said.contains("was made, whole; git does not sign with it yet"), "{said}");
    assert!(said.contains("stopped; the key stays, and `onramp key new` finds it"), "{said}");
    assert!(!settings(&world).exists());
    let again = world.onramp(&world.work(), &[&words[..], &more].concat());
    assert_eq!(again.code, Some(0), "{}", again.stderr());
    assert!(again.stderr().contains("You have a key for this address"), "{}", again.stderr());
}
