//! From needs and facts to a plan: each thing once, in an order that works, and nothing odd.

use std::collections::BTreeSet;
use std::sync::Arc;

use clap::Parser;
use onramp::cli::Session;
use onramp::cli::args::{Arguments, Verb};
use onramp::cli::fix::{propose, shown};
use onramp::cli::terminal::{Terminal, render};
use onramp::fix::{Act, Facts, Need, Person, Plan, plan, words};
use onramp::judge::Remedy;
use onramp::pack::repair::{Later, Value};
use onramp::probe::Machine;
use onramp::sys::recorded::Recorded;
use snapbox::{assert_data_eq, str};

fn facts() -> Facts {
    Facts {
        family: "debian".into(),
        packager: true,
        raise: Some("sudo".into()),
        settings: "/home/ada/.gitconfig".into(),
        ..Facts::default()
    }
}

fn need(check: &str, remedies: &[Remedy]) -> Need {
    Need {
        check: check.into(),
        title: format!("{check} is well"),
        text: format!("{check} is not well"),
        fix: Some(format!("mend {check}")),
        remedies: remedies.to_vec(),
    }
}

fn packages(names: &[&str]) -> Remedy {
    Remedy::Install(names.iter().map(|name| (*name).to_owned()).collect())
}

fn text(key: &str, value: &str) -> Remedy {
    Remedy::Set(key.into(), Value::Text(value.into()))
}

fn later(key: &str, value: Later) -> Remedy {
    Remedy::Set(key.into(), Value::Later(value))
}

fn key() -> Remedy {
    Remedy::MakeKey { algorithm: "ed25519".into(), expires: "2y".into() }
}

fn commands(plan: &Plan, facts: &Facts) -> Vec<String> {
    plan.steps.iter().map(|step| step.typed(facts, None)).collect()
}

fn by_hand(plan: &Plan) -> Vec<(&str, Option<&str>)> {
    plan.by_hand.iter().map(|entry| (&*entry.check, entry.because.as_deref())).collect()
}

#[test]
fn a_bare_machine_gets_one_plan() {
    let machine = Arc::new(Recorded::read(include_str!("../machines/bare.yaml")).unwrap());
    let terminal =
        Terminal { out_colour: false, err_colour: false, live: false, quiet: false, width: 84 };
    let session = Session {
        bench: &*machine,
        machine: Machine::recorded(Arc::<Recorded>::clone(&machine)),
        terminal,
    };
    let words = ["onramp", "--offline", "fix", "--dry-run", "git", "maven", "jdk", "openpgp-key"];
    let arguments = Arguments::parse_from(words);
    let Some(Verb::Fix(args)) = &arguments.verb else { panic!("another verb") };
    let proposal = propose(&session, &arguments.global, args).unwrap();
    let lines = shown(&proposal, 84);
    let shown: String = lines.iter().map(|line| render(line, false) + "\n").collect();
    assert_data_eq!(
        shown,
        str![[r#"
Apache CloudStack · Debian GNU/Linux 12 (bookworm)
2 steps

 1  install git, openjdk-17-jdk, maven, gnupg
    command    sudo apt-get install git openjdk-17-jdk maven gnupg
    why        there is no git on PATH (apache/machine/git)
               JAVA_HOME is not set and there is no java on PATH
               (apache/machine/jdk)
               there is no mvn on PATH (apache/machine/maven)
               gpg is not installed (apache/identity/openpgp-key)
    rights     root's, through sudo; downloads from the distribution
    undo       `onramp fix --undo` runs `sudo apt-get remove git openjdk-17-jdk
               maven gnupg`

 2  make an OpenPGP key that signs
    command    gpg --batch --quick-generate-key 'YOUR NAME <YOUR@ADDRESS>' ed25519 sign 2y
    why        gpg is not installed (apache/identity/openpgp-key)
    rights     yours; gpg asks for a passphrase and writes to its own home
    undo       by hand: onramp never removes a key, nor anything of GnuPG's
    waits for  1


"#]]
    );
}

#[test]
fn every_package_comes_in_one_command_and_every_setting_once() {
    let needs = [
        need("machine/git", &[packages(&["git"])]),
        need("machine/git-again", &[packages(&["git"])]),
        need("machine/maven", &[packages(&["maven", "git"])]),
        need("identity/one", &[text("user.signingkey", "ABCD")]),
        need("identity/two", &[text("user.signingKey", "EF01"), text("commit.gpgsign", "true")]),
    ];
    let facts = facts();
    let plan = plan(&needs, &facts);
    let wanted = [
        "sudo apt-get install git maven",
        "git config --global user.signingkey ABCD",
        "git config --global commit.gpgsign true",
    ];
    assert_eq!(commands(&plan, &facts), wanted);
    assert_eq!(plan.steps[0].reasons.len(), 3);
    assert_eq!(plan.steps[1].reasons.len(), 2);
    assert_eq!(by_hand(&plan), []);
}

#[test]
fn steps_come_in_an_order_that_works_and_wait_for_what_they_need() {
    let needs = [
        need(
            "identity/signing",
            &[later("user.signingkey", Later::NewKey), text("commit.gpgsign", "true")],
        ),
        need("identity/key", &[packages(&["gnupg"]), key()]),
        need("identity/git", &[later("user.name", Later::Name), later("user.email", Later::Email)]),
    ];
    let given = Person { name: Some("Ada L".into()), email: Some("ada@calculus.org".into()) };
    let facts = Facts { given, silent: true, root: true, ..facts() };
    let plan = plan(&needs, &facts);
    let wanted = [
        "apt-get install --yes gnupg",
        "git config --global user.name 'Ada L'",
        "git config --global user.email ada@calculus.org",
        "gpg --batch --quick-generate-key 'Ada L <ada@calculus.org>' ed25519 sign 2y",
        "git config --global user.signingkey THE-NEW-KEY",
        "git config --global commit.gpgsign true",
    ];
    assert_eq!(commands(&plan, &facts), wanted);
    let needs: Vec<Vec<usize>> =
        plan.steps.iter().map(|step| step.needs.iter().copied().collect()).collect();
    assert_eq!(needs, [vec![], vec![], vec![], vec![0], vec![3], vec![4]]);
    let made = plan.steps[4].commands(&facts, Some("ABCD")).concat();
    assert_eq!(made.last().map(String::as_str), Some("ABCD"));
}

#[test]
fn a_setting_that_names_a_new_key_needs_one_in_the_plan() {
    let steps = [later("user.signingkey", Later::NewKey), text("commit.gpgsign", "true")];
    let plan = plan(&[need("identity/signing", &steps)], &facts());
    assert_eq!(plan.steps, []);
    let because = Some("it needs a key that can sign, and there is none");
    assert_eq!(by_hand(&plan), [("identity/signing", because)]);
}

#[test]
fn what_cannot_be_done_here_is_left_to_the_user_with_the_reason() {
    let git = [need("machine/git", &[packages(&["git"])])];
    let cases = [
        (Facts { family: "other".into(), ..facts() }, "onramp does not know the package program"),
        (Facts { packager: false, ..facts() }, "there is no apt-get on PATH"),
        (Facts { raise: None, ..facts() }, "there is no sudo on PATH"),
        (
            Facts { unheard: BTreeSet::from(["git".to_owned()]), ..facts() },
            "apt-get knows no package git (`sudo apt-get update` renews its list)",
        ),
    ];
    for (facts, because) in cases {
        let plan = plan(&git, &facts);
        assert_eq!(plan.steps, []);
        let said = plan.by_hand[0].because.as_deref().unwrap();
        assert!(said.contains(because), "{said}");
        assert_eq!(plan.by_hand[0].fix.as_deref(), Some("mend machine/git"));
    }
    for odd in ["-o", "a b", "$(id)", "../x", "a;b", ""] {
        let plan = plan(&[need("machine/odd", &[packages(&[odd])])], &facts());
        assert_eq!(plan.steps, [], "{odd}");
    }
    // A family that the check does not name.
    assert_eq!(plan(&[need("machine/git", &[packages(&[])])], &facts()).steps, []);
}

#[test]
fn a_check_without_repair_is_by_hand_and_so_is_what_a_check_leaves() {
    let hand = Remedy::ByHand("open a new terminal".into());
    let needs = [
        need("patch/no-merges", &[]),
        need("patch/no-merges", &[]),
        need("identity/signing", &[text("commit.gpgsign", "true"), hand]),
    ];
    let plan = plan(&needs, &facts());
    assert_eq!(plan.steps.len(), 1);
    assert_eq!(by_hand(&plan), [("patch/no-merges", None), ("identity/signing", None)]);
    assert_eq!(plan.by_hand[1].fix.as_deref(), Some("open a new terminal"));
}

#[test]
fn only_what_git_does_not_know_is_asked_for() {
    let known = Person { name: Some("Ada".into()), email: None };
    let facts = Facts { known, ..facts() };
    let unknown = |needs: &[Need]| plan::unknown(needs, &facts);
    assert_eq!(unknown(&[need("a", &[packages(&["git"])])]), (false, false));
    assert_eq!(unknown(&[need("a", &[key()])]), (false, true));
    assert_eq!(unknown(&[need("a", &[later("user.name", Later::Name)])]), (true, false));
}

#[test]
fn packages_that_were_there_are_not_taken_back() {
    let facts = Facts { installed: BTreeSet::from(["git".to_owned()]), ..facts() };
    let undo = |names: &[&str]| {
        let plan = plan(&[need("machine/git", &[packages(names)])], &facts);
        assert!(matches!(&plan.steps[0].act, Act::Install { .. }));
        let lines = words::lines(&plan, &facts, 200);
        lines.iter().map(|line| render(line, false) + "\n").collect::<String>()
    };
    assert!(undo(&["git", "maven"]).contains("runs `sudo apt-get remove maven`"));
    assert!(undo(&["git"]).contains("not at all: the packages were there before"));
}
