//! A home in which nobody has set anything up: no settings of git's, no key, and a pinentry that
//! gives the passphrase without asking anyone.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use super::process::Output;
use super::world::{TestWorld, write, write_script};

/// Who the tests say they are.
pub(crate) const ADA: [&str; 4] = ["--name", "Ada Lovelace", "--email", "ada@calculus.org"];

/// A pinentry that answers every question for a passphrase with the same one.
const PINENTRY: &str = "#!/bin/sh
echo 'OK ready'
while read -r line; do
  case $line in
    GETPIN*) echo 'D secret'; echo OK ;;
    BYE*) echo OK; exit 0 ;;
    *) echo OK ;;
  esac
done
";

/// A world with git and gpg and nothing set up.
pub(crate) fn fresh() -> TestWorld {
    let world = TestWorld::new().with_program("gpg");
    fs::remove_file(settings(&world)).unwrap();
    let gnupg = world.home().join(".gnupg");
    write_script(&world.path("pinentry"), PINENTRY);
    let agent = format!("pinentry-program {}\n", world.path("pinentry").display());
    write(&gnupg.join("gpg-agent.conf"), agent);
    fs::set_permissions(&gnupg, fs::Permissions::from_mode(0o700)).unwrap();
    world
}

/// The file of the user's git settings.
pub(crate) fn settings(world: &TestWorld) -> PathBuf {
    world.home().join(".gitconfig")
}

/// Runs `onramp --offline fix` as at home, where no variable names the file of the settings.
#[track_caller]
pub(crate) fn fix<A: AsRef<OsStr>>(world: &TestWorld, arguments: &[A]) -> Output {
    run(
        world,
        env!("CARGO_BIN_EXE_onramp"),
        &[&["--offline", "fix"].map(OsStr::new)[..], &all(arguments)].concat(),
    )
}

/// Runs a program in the same surroundings.
#[track_caller]
pub(crate) fn run<A: AsRef<OsStr>>(world: &TestWorld, program: &str, arguments: &[A]) -> Output {
    let words = ["-u", "GIT_CONFIG_GLOBAL", program].map(OsStr::new);
    let words = [&words[..], &all(arguments)].concat();
    world.run(&world.work(), Path::new("/usr/bin/env"), &words, b"")
}

fn all<A: AsRef<OsStr>>(arguments: &[A]) -> Vec<&OsStr> {
    arguments.iter().map(AsRef::as_ref).collect()
}
