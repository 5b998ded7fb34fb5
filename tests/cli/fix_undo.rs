//! `onramp fix --undo`: every file as it was, byte for byte, whatever it looked like and wherever
//! the run was cut off; and never over somebody else's change.

use std::fs;
use std::os::unix::fs::{PermissionsExt, chown, symlink};
use std::path::{Path, PathBuf};
use std::time::Duration;

use onramp::sys::{Real, Workbench};

use crate::support::fixing::{ADA, fix, fresh, settings};
use crate::support::process::Output;
use crate::support::world::{TestWorld, write, write_script};

const ODD: &str =
    "# mine\r\n[alias]\r\n\tst = status ; short\r\n\n[user] ; nobody yet\n[core]\neditor = \"vi\"";

fn identity(world: &TestWorld, more: &[&str]) -> Output {
    fix(world, &[&["git-identity", "--yes"], &ADA[..], more].concat())
}

fn undo(world: &TestWorld) -> Output {
    fix(world, &["--undo", "--yes"])
}

#[track_caller]
fn there_and_back(world: &TestWorld, file: &Path) {
    let before = fs::read(file).ok();
    let mode = |file: &Path| fs::metadata(file).ok().map(|file| file.permissions().mode());
    let mode_before = mode(file);
    let done = identity(world, &[]);
    assert_eq!(done.code, Some(0), "{}{}", done.stdout(), done.stderr());
    let between = fs::read_to_string(file).unwrap();
    assert!(between.contains("ada@calculus.org"), "{between}");
    let undone = undo(world);
    assert_eq!(undone.code, Some(0), "{}{}", undone.stdout(), undone.stderr());
    assert_eq!(fs::read(file).ok(), before);
    assert_eq!(mode(file), mode_before);
}

#[test]
fn a_file_that_was_not_there_is_gone_again() {
    let world = fresh();
    there_and_back(&world, &settings(&world));
    assert!(!settings(&world).exists());
}

#[test]
fn odd_formatting_comments_and_access_come_back() {
    for mode in [0o644, 0o600, 0o444, 0o640] {
        let world = fresh();
        write(&settings(&world), ODD);
        fs::set_permissions(settings(&world), fs::Permissions::from_mode(mode)).unwrap();
        there_and_back(&world, &settings(&world));
    }
    let world = fresh();
    write(&settings(&world), "");
    there_and_back(&world, &settings(&world));
}

#[test]
fn a_link_stays_a_link() {
    for content in [Some(ODD), None] {
        let world = fresh();
        let real = world.home().join("dotfiles");
        fs::create_dir(&real).unwrap();
        let real = real.join("gitconfig");
        content.iter().for_each(|content| write(&real, content));
        symlink(&real, settings(&world)).unwrap();
        there_and_back(&world, &real);
        assert!(fs::symlink_metadata(settings(&world)).unwrap().is_symlink());
    }
}

#[test]
fn the_file_that_git_would_write_is_the_one_put_back() {
    let world = fresh();
    let other = world.home().join(".config/git/config");
    write(&other, ODD);
    there_and_back(&world, &other);
    assert!(!settings(&world).exists());
}

#[test]
fn what_somebody_changed_since_is_left_alone() {
    let world = fresh();
    let odd = format!("{ODD}\n");
    write(&settings(&world), &odd);
    identity(&world, &[]);
    let mut mine = fs::read_to_string(settings(&world)).unwrap();
    mine.push_str("[color]\n\tui = auto\n");
    write(&settings(&world), &mine);
    let undone = undo(&world);
    assert_eq!(undone.code, Some(1), "{}", undone.stderr());
    let said = undone.stderr();
    assert_eq!(said.matches("was changed since and is left alone").count(), 1, "{said}");
    assert!(said.contains("What differs:\n    + [color]\n    +     ui = auto\n"), "{said}");
    assert!(said.contains("waits for step 2, which wrote it later"), "{said}");
    assert_eq!(fs::read_to_string(settings(&world)).unwrap(), mine);
    // With that change gone the way back is open.
    write(&settings(&world), mine.replace("[color]\n\tui = auto\n", ""));
    assert_eq!(undo(&world).code, Some(0));
    assert_eq!(fs::read_to_string(settings(&world)).unwrap(), odd);
}

/// A git that kills onramp when it is to write a setting: before it does so, or after.
fn deadly(world: TestWorld, after: bool) -> TestWorld {
    let git = which::which("git").unwrap();
    let git = git.display();
    fs::remove_file(world.programs().join("git")).unwrap();
    let write = if after { format!("'{git}' \"$@\"\n") } else { String::new() };
    let deadly = format!(
        "#!/bin/sh\ncase \"$*\" in 'config --global user.email '*)\n{write}kill -9 $PPID; exit 0 ;;\n\
         esac\nexec '{git}' \"$@\"\n"
    );
    world.with_script("git", &deadly)
}

#[test]
fn a_killed_run_is_taken_back() {
    for after in [false, true] {
        for content in [Some(ODD), None] {
            let world = deadly(fresh(), after);
            content.iter().for_each(|content| write(&settings(&world), content));
            let killed = identity(&world, &[]);
            assert_eq!(killed.code, None, "{}", killed.stderr());
            let written = fs::read_to_string(settings(&world)).unwrap();
            assert_eq!(written.contains("ada@calculus.org"), after, "{written}");
            let list = fix(&world, &["--list"]).stdout();
            assert!(list.contains("cut short   git config --global user.email"), "{list}");
            let undone = undo(&world);
            assert_eq!(undone.code, Some(0), "{}", undone.stderr());
            let now = fs::read_to_string(settings(&world)).ok();
            assert_eq!(now.as_deref(), content);
        }
    }
}

#[test]
fn a_setting_that_git_refuses_changes_nothing() {
    let world = fresh();
    let twice = "[user]\n\temail = a@laptop.local\n\temail = b@laptop.local\n";
    write(&settings(&world), twice);
    let output = identity(&world, &[]);
    assert_eq!(output.code, Some(1));
    assert!(
        output.stderr().contains("set user.email for your git: git says: "),
        "{}",
        output.stderr()
    );
    assert_eq!(undo(&world).code, Some(0));
    assert_eq!(fs::read_to_string(settings(&world)).unwrap(), twice);
}

#[test]
fn one_fix_at_a_time_and_each_by_its_name() {
    let world = fresh();
    identity(&world, &[]);
    let list = fix(&world, &["--list"]).stdout();
    let name = list.split(' ').next().unwrap().to_owned();
    assert!(list.contains("can be taken back"), "{list}");
    let undone = fix(&world, &[&format!("--undo={name}"), "--yes"]);
    assert_eq!(undone.code, Some(0), "{}", undone.stderr());
    assert!(fix(&world, &["--list"]).stdout().contains(&format!("{name}  taken back")));
    let record = world.home().join(".local/state/onramp/fixes").join(name).join("record.json");
    assert_eq!(fs::metadata(record).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn two_fixes_never_mix() {
    let world = fresh();
    let lock = world.home().join(".local/state/onramp/fixes/lock");
    let held = Real::default().lock(&lock, Duration::ZERO).unwrap();
    let output = identity(&world, &[]);
    assert_eq!(output.code, Some(1));
    assert!(output.stderr().contains("another `onramp fix` is at work"), "{}", output.stderr());
    assert!(!settings(&world).exists());
    drop(held);
}

#[test]
fn a_record_that_cannot_be_read_is_not_passed_over() {
    let world = fresh();
    identity(&world, &[]);
    let newer = world.home().join(".local/state/onramp/fixes/99990101T000000Z/record.json");
    write(&newer, "{\"version\":9}");
    let undone = undo(&world);
    assert_eq!(undone.code, Some(1), "{}", undone.stdout());
    assert!(undone.stderr().contains("99990101T000000Z cannot be used"), "{}", undone.stderr());
    assert!(settings(&world).exists());
    assert!(fix(&world, &["--list"]).stdout().contains("99990101T000000Z  cannot be used"));
}

#[test]
fn a_record_of_another_user_takes_nothing_back() {
    if !rustix::process::geteuid().is_root() {
        // Only root can give a file away.
        return;
    }
    for part in ["", "record.json"] {
        let world = fresh();
        identity(&world, &[]);
        let made = fs::read(settings(&world)).unwrap();
        let fixes = world.home().join(".local/state/onramp/fixes");
        let mut folders = fs::read_dir(&fixes).unwrap().map(|entry| entry.unwrap().path());
        let folder = folders.find(|path| path.is_dir()).unwrap();
        chown(folder.join(part), Some(65534), None).unwrap();
        let undone = undo(&world);
        assert_eq!(undone.code, Some(1), "{}", undone.stdout());
        assert!(undone.stderr().contains("cannot be used"), "{}", undone.stderr());
        assert_eq!(fs::read(settings(&world)).unwrap(), made);
    }
}

/// Runs onramp where a folder has no room left; `None` where such a folder cannot be made.
fn full(world: &TestWorld, folder: &Path, arguments: &str) -> Option<Output> {
    let tools = ["unshare", "mount", "dd"].map(which::which);
    let [Ok(unshare), Ok(mount), Ok(dd)] = tools else { return None };
    fs::create_dir_all(folder).unwrap();
    let script = world.path("full.sh");
    let (onramp, at) = (env!("CARGO_BIN_EXE_onramp"), folder.display());
    let keep = settings(world);
    let keep = if keep.starts_with(folder) {
        format!("cp '{0}' '{0}.kept'", keep.display())
    } else {
        ":".into()
    };
    let text = format!(
        "#!/bin/sh\n'{}' -t tmpfs -o size=64k none '{at}' || exit 99\n{keep} 2>&-\n\
         printf '[core]\\n\\teditor = vi\\n' > '{at}/.gitconfig'\n\
         '{}' if=/dev/zero of='{at}/rest' bs=1k status=none 2>&-\n\
         unset GIT_CONFIG_GLOBAL\n'{onramp}' --offline fix {arguments}\ncode=$?\n\
         while read -r line; do echo \"kept: $line\"; done < '{at}/.gitconfig'\nexit $code\n",
        mount.display(),
        dd.display()
    );
    write_script(&script, &text);
    let words: [PathBuf; 4] = ["-rm".into(), "/bin/sh".into(), script, PathBuf::new()];
    let output = world.run(&world.work(), &unshare, &words[..3], b"");
    (!matches!(output.code, Some(99)) && !output.stderr().contains("unshare failed"))
        .then_some(output)
}

#[test]
fn without_room_for_the_record_nothing_is_done() {
    let world = fresh();
    write(&settings(&world), ODD);
    let state = world.home().join(".local");
    let arguments = "git-identity --yes --name Ada --email ada@calculus.org";
    let Some(output) = full(&world, &state, arguments) else { return };
    assert_eq!(output.code, Some(1), "{}", output.stderr());
    assert!(output.stderr().contains("there is no room left"), "{}", output.stderr());
    assert_eq!(fs::read_to_string(settings(&world)).unwrap(), ODD);
}

#[test]
fn without_room_for_the_settings_they_stay_as_they_are() {
    let world = fresh();
    let state = world.path("state");
    let world = world.with_variable("XDG_STATE_HOME", state);
    let arguments = "git-identity --yes --name Ada --email ada@calculus.org";
    let Some(output) = full(&world, &world.home(), arguments) else { return };
    assert_eq!(output.code, Some(1), "{}", output.stderr());
    assert!(output.stderr().contains("there is no room left where"), "{}", output.stderr());
    assert!(output.stdout().ends_with("kept: [core]\nkept: editor = vi\n"), "{}", output.stdout());
}
