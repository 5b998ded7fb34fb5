//! What `onramp fix` knows of people, package programs and the way back, and what a check may ask
//! of it.

use onramp::cli::workspace::vocabulary;
use onramp::fix::record::{WayBack, difference, way_back};
use onramp::fix::{Packager, Record, State, Trace, person};
use onramp::pack::load::{File, Packs};
use onramp::pack::{Engine, Origin};
use proptest::prelude::*;
use snapbox::{assert_data_eq, str};

#[test]
fn names_and_addresses_are_those_of_somebody() {
    for name in ["Ada Lovelace", "李雷", "O'Brien, Jr.", "X"] {
        assert_eq!(person::name(&format!(" {name}\n")).as_deref(), Ok(name));
    }
    for name in ["", "  ", "Your Name", "-x", "a\nb", "<ada>", "...", "\u{202e}ada", "a\0b"] {
        assert!(person::name(name).is_err(), "{name:?}");
    }
    assert!(person::name(&"a".repeat(201)).is_err());
    for email in ["ada@calculus.org", "ada+git@users.noreply.github.com"] {
        assert_eq!(person::email(email).as_deref(), Ok(email));
    }
    let nobody = ["", "ada", "a@b@c.org", "ada@laptop", "ada@host.local", "a b@c.org", "-a@b.org"];
    for email in nobody.into_iter().chain(["<a@b.org>", "a@b.org\n>x", "you@example.org"]) {
        assert!(person::email(email).is_err(), "{email:?}");
    }
}

#[test]
fn each_family_is_spoken_to_in_its_own_words() {
    let packages = ["git".to_owned(), "maven".to_owned()];
    let spoken = |family: &str| {
        let packager = Packager::of(family).unwrap();
        let said = [
            packager.install(&packages, false),
            packager.install(&packages, true),
            packager.remove(&packages, false),
            packager.installed("git"),
            packager.rehearsal(&packages).unwrap_or_default(),
        ];
        said.map(|words| words.join(" ")).join("\n") + "\n"
    };
    let all = ["debian", "fedora", "suse", "arch", "alpine", "macos"].map(spoken).join("\n");
    assert_data_eq!(
        all,
        str![[r#"
apt-get install git maven
apt-get install --yes git maven
apt-get remove git maven
dpkg-query --show --showformat=${db:Status-Status} git
apt-get --simulate remove git maven

dnf install git maven
dnf install --assumeyes git maven
dnf remove git maven
rpm --query --quiet git
rpm --erase --test git maven

zypper install git maven
zypper --non-interactive install git maven
zypper remove git maven
rpm --query --quiet git
rpm --erase --test git maven

pacman -S git maven
pacman -S --noconfirm git maven
pacman -R git maven
pacman -Q git


apk add git maven
apk add git maven
apk del git maven
apk info --installed git


brew install git maven
brew install git maven
brew uninstall git maven
brew list --versions git


"#]]
    );
    assert!(Packager::of("other").is_none());
}

#[test]
fn what_package_programs_answer_is_understood() {
    let debian = Packager::of("debian").unwrap();
    assert!(debian.says_installed(true, "installed"));
    assert!(!debian.says_installed(true, "config-files"));
    assert!(!debian.says_installed(false, ""));
    let maven = ["maven".to_owned()];
    assert!(!debian.says_needed(true, "Reading…\nRemv maven:all [3.8.7-1]\n", &maven));
    assert!(debian.says_needed(true, "Remv maven [3]\nRemv maven-debian-helper [2]\n", &maven));
    assert!(debian.says_needed(false, "", &maven));
}

proptest! {
    #[test]
    fn the_way_back_never_goes_over_a_change(
        before in proptest::option::of("[ab]{0,3}"),
        after in "[ab]{0,3}",
        now in proptest::option::of("[ab]{0,3}"),
    ) {
        let bytes = |text: &Option<String>| text.clone().map(String::into_bytes);
        let (before, now) = (bytes(&before), bytes(&now));
        let after = after.into_bytes();
        match way_back(before.as_deref(), Some(&after), now.as_deref()) {
            WayBack::AsBefore => prop_assert_eq!(now, before),
            WayBack::Restore => prop_assert_eq!(now, Some(after)),
            WayBack::Changed => prop_assert!(now != before && now != Some(after)),
        }
    }
}

#[test]
fn only_the_lines_that_differ_are_shown() {
    let shown = difference(b"a\nb\nc\n", b"a\nx\ny\nc\n");
    assert_eq!(shown, ["- b", "+ x", "+ y"]);
    assert_eq!(difference(b"a\n", b"a\n"), [""; 0]);
    assert_eq!(difference(b"", b"a"), ["+ a (without an end of line)"]);
}

#[test]
fn a_record_of_a_newer_onramp_is_read() {
    let text = r#"{"version":1,"started":5,"mood":"fine","steps":[{"title":"t","command":"c",
        "state":"begun","took":3,"trace":{"settings":{"file":"/f","existed":true,"more":1}}}]}"#;
    let record: Record = serde_json::from_str(text).unwrap();
    assert_eq!(record.steps[0].state, State::Begun);
    assert!(matches!(&record.steps[0].trace, Trace::Settings { existed: true, .. }));
    assert!(!record.undone());
}

fn problems(repair: &str) -> String {
    let check = "title: it is well\nseverity: warn\nprobe: { tool: git }\npass: found.present\n\
                 say: git\nwhy: It must.\nsource: us\nrepair:\n";
    let file = File {
        path: "mine/machine/try.yaml".into(),
        origin: Origin::Folder("packs".into()),
        content: format!("{check}{repair}").into(),
    };
    let packs = Packs::read(vec![file], &Engine::default(), vocabulary);
    let texts: Vec<String> = packs.problems.iter().map(ToString::to_string).collect();
    texts.join("\n")
}

#[test]
fn a_mistake_in_repair_is_pointed_at() {
    let fine = "  - if: not found.present\n    install: { debian: [\"git-{{ platform.arch }}\"] }\n\
                \x20 - git: { key: user.email, from: email }\n  - by_hand: open a new terminal\n";
    assert_eq!(problems(fine), "");
    let cases = [
        ("  - if: true\n", "does one of install, git, key, address, mend and by_hand"),
        ("  - { by_hand: a, address: { key: b } }\n", "does one of"),
        ("  - git: { key: email, value: a }\n", "`email` is no name of a git setting"),
        ("  - git: { key: user.email }\n", "takes either `value` or `from`"),
        ("  - git: { key: user.email, value: a, from: email }\n", "takes either"),
        ("  - git: { key: user.email, from: age }\n", "age"),
        ("  - mend: { file: a, by: drop_import }\n", "`drop_import` needs a `line`"),
        ("  - mend: { file: a, by: end_once, line: 3 }\n", "only `drop_import` takes a `line`"),
        ("  - mend: { file: a, by: magic }\n", "magic"),
        ("  - run: rm -rf /\n", "unknown field `run`"),
        ("  - install: { windows: [git] }\n", "unknown field `windows`"),
        ("  - install: { debian: [\"{{ found.nme }}\"] }\n", "there is no `nme`"),
        ("  - { if: found.vrsion, by_hand: a }\n", "did you mean `version`?"),
    ];
    for (repair, says) in cases {
        let shown = problems(repair);
        assert!(shown.contains(says) && shown.contains("try.yaml:9:"), "{repair}: {shown}");
    }
}
