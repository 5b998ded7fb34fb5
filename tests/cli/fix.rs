//! `onramp fix` as a whole, in a home of its own: the plan, consent, what is done, and the verdict
//! after it.

use std::fs;
use std::path::Path;

use onramp::sys::{Real, System};

use crate::support::fixing::{ADA, fix, fresh, run, settings};
use crate::support::packs::Brought;
use crate::support::process::Output;
use crate::support::world::{TestWorld, write};

fn both(output: &Output) -> String {
    output.stdout() + &output.stderr()
}

#[test]
fn a_fresh_home_becomes_one_that_signs_and_back() {
    let world = fresh();
    let output = fix(&world, &[&["identity", "--yes"], &ADA[..]].concat());
    assert_eq!(output.code, Some(0), "{}", both(&output));
    assert!(output.stdout().contains(" ok"), "{}", output.stdout());
    let onramp = env!("CARGO_BIN_EXE_onramp");
    let check = run(&world, onramp, &["--offline", "check", "identity"]);
    assert_eq!(check.code, Some(0), "{}", both(&check));
    assert!(!check.stdout().contains('✗') && !check.stdout().contains('!'), "{}", check.stdout());

    let tree = world.path("signed");
    world.git(&world.work(), &["init", "--quiet", tree.to_str().unwrap()]);
    world.git(&tree, &["commit", "--quiet", "--allow-empty", "--message", "it signs"]);
    let signed = world.git(&tree, &["log", "-1", "--format=%G? %an <%ae>"]);
    assert_eq!(signed, "G Ada Lovelace <ada@calculus.org>");

    let keys = keys(&world);
    let undone = fix(&world, &["--undo", "--yes"]);
    assert_eq!(undone.code, Some(0), "{}", both(&undone));
    assert!(!settings(&world).exists());
    assert_eq!(self::keys(&world), keys, "keys stay");
    let said = undone.stderr();
    assert!(said.contains("stays: onramp never removes keys, nor anything of GnuPG's"), "{said}");
    assert!(said.contains("gpg --delete-secret-and-public-key "), "{said}");
    let again = fix(&world, &["--undo", "--yes"]);
    assert_eq!(again.code, Some(0));
    assert!(again.stdout().contains("is taken back"), "{}", both(&again));
}

fn keys(world: &TestWorld) -> Vec<std::ffi::OsString> {
    let folder = world.home().join(".gnupg/private-keys-v1.d");
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
    let keys: Vec<_> = names.collect();
    assert_eq!(keys.len(), 1);
    keys
}

#[test]
fn without_consent_nothing_is_done() {
    for more in [&[][..], &["--dry-run"]] {
        let world = fresh();
        let output = fix(&world, &[&["identity"], more].concat());
        assert_eq!(output.code, Some(1), "{}", both(&output));
        let plan = output.stdout();
        assert!(plan.contains("git config --global user.name 'YOUR NAME'"), "{plan}");
        assert_eq!(output.stderr().contains("nothing was done"), more.is_empty());
        assert!(!settings(&world).exists() && !world.home().join(".local").exists());
    }
}

#[test]
fn who_the_user_is_is_never_made_up() {
    let world = fresh();
    let cases: [(&[&str], &str); 6] = [
        (&["--yes"], "add --name NAME --email ADDRESS"),
        (&["--yes", "--name", "Ada"], "add --email ADDRESS"),
        (&["--yes", "--name", "Your Name", "--email", "ada@calculus.org"], "stands for somebody"),
        (&["--yes", "--name", "Ada\u{1b}[2J", "--email", "ada@calculus.org"], "control characters"),
        (&["--yes", "--name", "Ada", "--email", "ada@laptop.local"], "belongs to nobody"),
        (&["--yes", "--name", "Ada", "--email=-oProxy@calculus.org"], "begins with a hyphen"),
    ];
    for (arguments, says) in cases {
        let output = fix(&world, &[&["identity"], arguments].concat());
        assert_eq!(output.code, Some(2), "{arguments:?}: {}", both(&output));
        assert!(output.stderr().contains(says), "{arguments:?}: {}", output.stderr());
        assert!(!settings(&world).exists());
    }
}

/// On a terminal: the name, the address, what the key is to be, then a word for each step.
fn typed(world: &TestWorld, arguments: &str, answers: &str) -> Output {
    let onramp = env!("CARGO_BIN_EXE_onramp");
    let line = format!("env -u GIT_CONFIG_GLOBAL '{onramp}' --offline fix {arguments}");
    let script = which::which("script").unwrap();
    let words = ["--quiet", "--return", "--command", &line, "/dev/null"];
    world.run(&world.work(), &script, &words, answers.as_bytes())
}

#[test]
fn each_step_can_be_refused() {
    if which::which("script").is_err() {
        return;
    }
    let world = fresh().with_program("env").with_variable("SHELL", "/bin/sh");
    let answers = "Ada Lovelace\nnobody\nada@calculus.org\n2\n1y\ny\nn\nno\nq\n";
    let output = typed(&world, "identity", answers);
    let said = output.stdout();
    assert!(said.contains("an address has the form name@example.org"), "{said}");
    assert!(said.contains("<ada@calculus.org>' rsa4096 sign 1y"), "{said}");
    assert!(
        said.contains("set user.signingkey for your git: left out, it waits for step 3"),
        "{said}"
    );
    let written = fs::read_to_string(settings(&world)).unwrap();
    assert_eq!(written, "[user]\n\tname = Ada Lovelace\n");
    // The verdict after it, in which the address is still missing.
    assert_eq!(output.code, Some(1), "{said}");

    let undone = typed(&world, "--undo", "n\n");
    assert_eq!(undone.code, Some(0), "{}", undone.stdout());
    assert!(settings(&world).exists());
    typed(&world, "--undo", "y\n");
    assert!(!settings(&world).exists());
}

/// apt-get, dpkg-query and sudo that only write down what they were asked.
fn packaged(remv: &str) -> Option<TestWorld> {
    if Real::default().platform().family != "debian" {
        return None;
    }
    let apt = format!(
        "#!/bin/sh\necho \"apt-get $*\" >> \"$HOME/log\"\ncase \"$1\" in\n\
         install) : > \"$HOME/installed\" ;;\n--simulate) echo 'Remv maven [3.8]'; echo '{remv}' ;;\n\
         remove) rm \"$HOME/installed\" ;;\nesac\n"
    );
    let world = TestWorld::new().with_program("rm").with_script("apt-get", &apt);
    let dpkg = "#!/bin/sh\ntest -e \"$HOME/installed\" && echo installed\n";
    let sudo = "#!/bin/sh\necho \"sudo $*\" >> \"$HOME/log\"\nexec \"$@\"\n";
    Some(
        world
            .with_script("dpkg-query", dpkg)
            .with_script("sudo", sudo)
            .with_script("id", "#!/bin/sh\necho 1000\n"),
    )
}

fn log(world: &TestWorld) -> String {
    fs::read_to_string(world.home().join("log")).unwrap_or_default()
}

#[test]
fn packages_are_installed_through_sudo_and_only_those_are_removed() {
    let Some(world) = packaged("") else { return };
    let output = fix(&world, &["apache/machine/maven", "--yes"]);
    // The package brought no mvn, so the verdict after it is as before.
    assert_eq!(output.code, Some(1), "{}", both(&output));
    assert!(output.stdout().contains("root's, through sudo"), "{}", output.stdout());
    assert_eq!(log(&world), "sudo apt-get install --yes maven\napt-get install --yes maven\n");
    fs::remove_file(world.home().join("log")).unwrap();
    let undone = fix(&world, &["--undo", "--yes"]);
    assert_eq!(undone.code, Some(0), "{}", both(&undone));
    let wanted = "apt-get --simulate remove maven\nsudo apt-get remove --yes maven\n\
                  apt-get remove --yes maven\n";
    assert_eq!(log(&world), wanted);
}

#[test]
fn packages_that_were_there_or_are_needed_stay() {
    let Some(world) = packaged("Remv builder [1] (maven)") else { return };
    assert_eq!(fix(&world, &["apache/machine/maven", "--yes"]).code, Some(1));
    let undone = fix(&world, &["--undo", "--yes"]);
    assert_eq!(undone.code, Some(1), "{}", both(&undone));
    assert!(undone.stderr().contains("maven stay, for something else needs them by now"));
    assert!(undone.stderr().contains("by hand: `sudo apt-get remove --yes maven`"));
    assert!(!log(&world).contains("apt-get remove"));

    let again = fix(&world, &["apache/machine/maven", "--yes"]);
    assert!(again.stdout().contains("the packages were there before"), "{}", again.stdout());
    let undone = fix(&world, &["--undo", "--yes"]);
    assert_eq!(undone.code, Some(0), "{}", both(&undone));
    assert!(!log(&world).contains("apt-get remove"));
}

#[test]
fn without_sudo_the_step_is_left_to_the_user() {
    let Some(world) = packaged("") else { return };
    fs::remove_file(world.programs().join("sudo")).unwrap();
    let output = fix(&world, &["apache/machine/maven", "--yes"]);
    assert_eq!(output.code, Some(1));
    let said = output.stdout();
    assert!(said.contains("nothing that onramp could do"), "{said}");
    assert!(said.contains("it takes root's rights, and there is no sudo on PATH"), "{said}");
    assert_eq!(log(&world), "");
}

#[test]
fn a_package_that_nobody_offers_holds_up_no_other() {
    let Some(world) = packaged("") else { return };
    let world = world.with_script("apt-cache", "#!/bin/sh\nexit 100\n");
    let output = fix(&world, &["apache/machine/maven", "--yes"]);
    assert_eq!(output.code, Some(1));
    assert!(output.stdout().contains("apt-get knows no package maven"), "{}", output.stdout());
    assert_eq!(log(&world), "");
}

#[test]
fn a_package_program_that_fails_is_told() {
    let Some(world) = packaged("") else { return };
    fs::remove_file(world.programs().join("apt-get")).unwrap();
    let world = world.with_script("apt-get", "#!/bin/sh\necho 'E: no such package'\nexit 100\n");
    let output = fix(&world, &["apache/machine/maven", "--yes"]);
    assert_eq!(output.code, Some(1));
    let said = output.stderr();
    assert!(said.contains("E: no such package"), "{said}");
    assert!(said.contains("install maven: sudo ended with 100"), "{said}");
    assert!(!output.stdout().contains("E: "), "standard output is for data");
}

#[test]
fn a_signal_during_a_step_leaves_the_record_right() {
    let Some(world) = packaged("") else { return };
    for name in ["apt-get", "id"] {
        fs::remove_file(world.programs().join(name)).unwrap();
    }
    let stopped = "#!/bin/sh\n: > \"$HOME/installed\"\nkill -INT $PPID\nexec sleep 600\n";
    let world = world
        .with_program("sleep")
        .with_script("id", "#!/bin/sh\necho 0\n")
        .with_script("apt-get", stopped);
    let output = fix(&world, &["apache/machine/maven", "--yes"]);
    assert_eq!(output.code, Some(130), "{}", both(&output));
    assert!(output.stderr().contains("`onramp fix --undo` takes it back"), "{}", output.stderr());
    let list = fix(&world, &["--list"]).stdout();
    assert!(list.contains("cut short   apt-get install --yes maven"), "{list}");
    let plan = fix(&world, &["--undo", "--dry-run"]).stdout();
    assert!(plan.contains("runs `apt-get remove maven`"), "{plan}");
}

#[test]
fn a_mentor_plans_for_the_machine_of_a_report() {
    let world = fresh();
    let report = world.work().join("r.json");
    let wanted = format!("json:{}", report.display());
    let onramp = env!("CARGO_BIN_EXE_onramp");
    run(&world, onramp, &["--offline", "check", "identity", "--report", &wanted]);
    let elsewhere = TestWorld::new();
    let report = report.to_str().unwrap();
    let output = fix(&elsewhere, &["--replay", report, "--dry-run"]);
    assert_eq!(output.code, Some(1), "{}", both(&output));
    let plan = output.stdout();
    assert!(plan.contains("git config --global user.name 'YOUR NAME'"), "{plan}");
    assert!(plan.contains("gpg --batch --quick-generate-key"), "{plan}");
    let here = fix(&elsewhere, &["--replay", report, "--yes"]);
    assert_eq!(here.code, Some(2), "a plan for another machine is never run here");
}

#[test]
fn a_check_points_to_the_fix_where_there_is_one() {
    let world = fresh();
    let onramp = env!("CARGO_BIN_EXE_onramp");
    let check = |more: &[&str]| run(&world, onramp, &[&["--offline", "check"], more].concat());
    let hint = "onramp fix can mend some of this";
    let failing = check(&["identity"]);
    assert_eq!(failing.code, Some(1));
    assert!(failing.stderr().contains(hint), "{}", both(&failing));
    // Nobody reads on, wants to hear more, or can be helped.
    for silent in [
        &["identity", "--report", "json"][..],
        &["identity", "--report", "human:told"],
        &["identity", "--quiet"],
        &["cores"],
        &["maven-heap"],
    ] {
        let output = check(silent);
        assert!(!both(&output).contains(hint), "{silent:?}: {}", both(&output));
    }
}

#[test]
fn nothing_to_fix_is_said() {
    let world = fresh();
    let check = |pass: &str| {
        let check = format!(
            "title: it is well\nseverity: error\nprobe: {{ cores: {{}} }}\npass: {pass}\nsay: odd\n\
             why: It must.\nsource: us\nunsure:\n  - {{ if: not {pass}, say: who knows }}\n"
        );
        write(&world.path("packs/mine/machine/odd.yaml"), check);
        let packs = world.path("packs");
        fix(&world, &["--checks", packs.to_str().unwrap(), "mine/machine/odd"])
    };
    let well = check("true");
    assert_eq!(well.code, Some(0), "{}", both(&well));
    assert!(well.stdout().ends_with("there is nothing to fix\n"), "{}", well.stdout());
    let untold = check("false");
    assert_eq!(untold.code, Some(3), "{}", both(&untold));
    assert!(untold.stdout().contains("not everything could be told"), "{}", untold.stdout());
    assert_eq!(fix(&world, &["--undo"]).code, Some(0));
    assert_eq!(fix(&world, &["--list"]).stdout(), "no fix is on record\n");
    let wrong = fix(&world, &["--undo=20200101T000000Z"]);
    assert_eq!(wrong.code, Some(2));
    assert!(!Path::new(&world.home().join(".local")).exists());
}

#[test]
fn no_step_comes_from_a_work_tree_whether_trusted_or_not() {
    let text = "title: all is well\nseverity: error\nprobe: { cores: {} }\npass: 'false'\n\
                say: seen\nwhy: Because.\nfix: { any: git push --force }\nsource: us\nrepair:\n  \
                - install: { debian: [evil] }\n  - git: { key: core.pager, value: evil }\n";
    // One of its own, and one in the place of a check of ours that has steps.
    for id in ["mine/machine/odd", "apache/machine/git"] {
        let here = Brought::new();
        here.write(&format!("checks/{id}.yaml"), text);
        for trusted in [false, true] {
            let mut words = vec!["--offline", "fix", "machine", "--yes"];
            words.extend(trusted.then_some("--trust-tree"));
            let output = here.onramp(&words);
            let plan = output.stdout().split_whitespace().collect::<Vec<_>>().join(" ");
            let stands = format!("({id})");
            assert_eq!(plan.contains(&stands), trusted || id.starts_with("mine"), "{plan}");
            let (steps, by_hand) = plan.split_once("by hand").expect("something by hand");
            assert!(!steps.contains(&stands) && !plan.contains("evil"), "{id} {trusted}: {plan}");
            let marked = "git push --force (from this work tree's .onramp, not trusted)";
            assert_eq!(by_hand.contains("git push --force"), by_hand.contains(&stands), "{plan}");
            assert_eq!(by_hand.contains(marked), !trusted && id.starts_with("mine"), "{plan}");
            words.splice(1..4, ["explain", id]);
            let told = here.onramp(&words).stdout();
            let ours = !trusted && id.starts_with("apache");
            assert_eq!(told.contains("onramp fix"), ours, "{id} {trusted}: {told}");
        }
        let settings = fs::read_to_string(here.world.home().join(".gitconfig")).unwrap();
        assert!(!settings.contains("pager"), "{settings}");
    }
}
