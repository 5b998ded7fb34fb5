//! Settings as `key show` tells them: what the tree sets, what names nothing, and programs that are
//! absent, unknown or hung.

use std::path::Path;

use onramp::signing::shape::{Kept, Works};
use onramp::sys::recorded::Recorded;
use snapbox::{assert_data_eq, str};

use crate::support::keyrings::*;

#[test]
fn what_the_tree_sets_is_marked_and_explained() {
    let answer = settings(&FINE)
        + &one("local", "/home/ada/tree/.git/config", "user.signingkey", ADA)
        + &one("local", "/home/ada/tree/.git/config", "gpg.program", "/usr/bin/gpg")
        + &one("worktree", "/w/config.worktree", "gpg.ssh.allowedsignersfile", "signers");
    let shown = told(&answer, &holds(vec![ada()]));
    assert_eq!(shown.works, Works::Unknown);
    assert_data_eq!(
        screen(&shown),
        str![[r#"
? whether git can sign here could not be told
  ? this clone's own settings have /usr/bin/gpg sign commits (gpg.program in
    /home/ada/tree/.git/config), and onramp does not start it
    → git config --file /home/ada/tree/.git/config --unset-all gpg.program

  key       08045932CF9E717D0C8A98EFC2D6862407A2B876 (ed25519)
  names     Ada Lovelace <ada@example.org>, the address you commit with
  lasts     expires in 400 days, on 2027-10-26
  kept      in /home/ada/.gnupg, with a revocation certificate
  good for  certifying, signing
  git       signs every commit and tag, with /usr/bin/gpg
  told by   user.signingkey in /home/ada/tree/.git/config

git's settings
  user.signingkey = 08045932CF9E717D0C8A98EFC2D6862407A2B876
    yours, in /home/ada/.gitconfig; overridden below
  user.signingkey = 08045932CF9E717D0C8A98EFC2D6862407A2B876
    this tree's own, in /home/ada/tree/.git/config
    commits in this clone are signed with this key, not with your usual one
  gpg.program = /usr/bin/gpg
    this tree's own, in /home/ada/tree/.git/config
    git starts this program to sign and to judge signatures, in this clone
    alone; onramp never does
  gpg.ssh.allowedSignersFile = signers
    this tree's own, in /w/config.worktree
    git takes the tree's word for whose SSH signatures are good; onramp never
    does

"#]]
    );
}

#[test]
fn another_address_than_the_keys() {
    let answer = but("user.email", "ada@work.example");
    let shown = told(&answer, &holds(vec![ada()]));
    let remedy = format!("gpg --quick-add-uid {ADA} 'Ada Lovelace <ada@work.example>'");
    fails(&shown, "you commit as ada@work.example, but key", &remedy);

    let hostile = but("user.email", "$(touch x)@example.org");
    let shown = told(&hostile, &holds(vec![ada()]));
    fails(&shown, "you commit as", "'Ada Lovelace <$(touch x)@example.org>'");

    let machine = machine(&settings(&FINE), "env: { GIT_COMMITTER_EMAIL: bot@example.org }");
    let shown = shown_on(&machine);
    fails(&shown, "you commit as bot@example.org", "unset GIT_COMMITTER_EMAIL");
}

#[test]
fn programs_that_are_not_there_or_not_known() {
    let shown = told(&but("gpg.program", "/opt/none"), &holds(vec![ada()]));
    let unset = "git config --file /home/ada/.gitconfig --unset-all gpg.program";
    fails(&shown, "git is to sign with /opt/none (gpg.program in /home/ada/.gitconfig)", unset);
    // Both names are one setting, so the later one counts.
    let both = but("gpg.program", "/opt/none") + &settings(&[("gpg.openpgp.program", "gpg")]);
    assert_eq!(told(&both, &holds(vec![ada()])).works, Works::Yes);

    let machine = machine(&but("gpg.program", "/opt/sign"), "  /opt/sign: ''");
    let shown = shown_on(&machine);
    assert_eq!(shown.works, Works::Unknown);
    assert!(shown.problems[0].what.contains("cannot be told without starting it"));

    let nonsense = told(&but("gpg.format", "pgp"), &holds(vec![ada()]));
    fails(&nonsense, "gpg.format is pgp, which git does not know", "--unset-all gpg.format");
    let fits = told(&but("user.signingkey", "~/.ssh/id.pub"), &holds(vec![ada()]));
    fails(&fits, "is the SSH key ~/.ssh/id.pub, but git signs with OpenPGP", "gpg.format ssh");
}

#[test]
fn git_or_gpg_that_is_absent_hung_or_refuses() {
    let ring = holds(vec![ada()]);
    let absent = Recorded::read("files: { /usr/bin/gpg: program }").unwrap();
    fails(&shown(&absent, &ring), "git is not installed", "onramp fix");

    let trouble = |answer: &str| {
        let line = "git --no-pager config --list -z --show-scope --show-origin";
        Recorded::read(&format!("trouble:\n  {line}: {answer}")).unwrap()
    };
    let hung = shown(&trouble("{ hangs: true }"), &ring);
    assert_eq!(hung.works, Works::Unknown);
    assert!(hung.why.unwrap().contains("did not answer within 5 s"));
    let broken =
        trouble("{ code: 128, err: 'fatal: bad config line 3 in file /home/ada/.gitconfig' }");
    fails(&shown(&broken, &ring), "bad config line 3 in file /home/ada/.gitconfig", "mend");
    let old = trouble("{ code: 129, err: \"error: unknown option `show-scope'\" }");
    assert!(shown(&old, &ring).why.unwrap().contains("too old"));

    let hung = told(&settings(&FINE), &Ring { hung: true, ..Ring::default() });
    assert_eq!((hung.works, hung.keys.len()), (Works::Unknown, 0));
    let nothing = Some("there are no keys yet: no folder /home/ada/.gnupg".to_owned());
    let none = told(&settings(&FINE), &Ring { nothing, ..Ring::default() });
    fails(&none, "there are no keys yet", "onramp key new");
    let orphans = told(&settings(&FINE), &Ring::default());
    fails(&orphans, "holds secret keys, but their public halves are missing", "onramp key new");
}

#[test]
fn a_home_that_others_may_use() {
    let open = machine(&settings(&FINE), "modes: { /home/ada/.gnupg: 493 }");
    warns(&shown_on(&open), "other users of this machine may look", "chmod 700 /home/ada/.gnupg");
    let foreign = machine(&settings(&FINE), "owners: { /home/ada/.gnupg: 0 }");
    warns(&shown_on(&foreign), "belongs to another user", "sudo chown");
    let fixed = machine(&settings(&FINE), "read_only: [/home/ada/.gnupg]");
    warns(&shown_on(&fixed), "gpg may not write to", "chmod u+w");
}

#[test]
fn no_address_and_addresses_by_variable() {
    let nobody = settings(&[("user.signingkey", ADA), ("user.useconfigonly", "true")]);
    let shown = told(&nobody, &holds(vec![ada()]));
    fails(&shown, "git commits nothing", "git config --global user.email YOUR@ADDRESS");
    let by_variable = machine(&nobody, "env: { EMAIL: ada@example.org }");
    assert_eq!(shown_on(&by_variable).works, Works::Yes);
    let two = machine(&settings(&FINE), "env: { GIT_AUTHOR_EMAIL: bot@example.org }");
    warns(&shown_on(&two), "git would commit work of bot@example.org", "unset GIT_AUTHOR_EMAIL");
}

#[test]
fn ssh_keys_in_files_agents_and_nowhere() {
    const PUBLIC: &str =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ1+R7Bz8CVnYhpGEVfqpwpEGGXLdJvLFmCLJ5dJ7Y9K ada";
    let with = |key: &str| {
        settings(&[
            ("user.email", "ada@example.org"),
            ("commit.gpgsign", "true"),
            ("gpg.format", "ssh"),
            ("user.signingkey", key),
        ])
    };
    let keygen = "  /usr/bin/ssh-keygen: program\n";
    let files = format!(
        "{keygen}  /home/ada/.ssh/id.pub: {PUBLIC}\n  /home/ada/.ssh/id: ''\n  /home/ada/.ssh/lone.pub: {PUBLIC}\n  /home/ada/.ssh/bare: ''"
    );
    let on = |key: &str, more: &str| {
        shown(&machine(&with(key), &format!("{files}\n{more}")), &Ring::default())
    };
    let fine = on("~/.ssh/id.pub", "");
    assert_eq!((fine.works, fine.keys[0].kept), (Works::Yes, Kept::Disk), "{fine:#?}");
    warns(
        &fine,
        "gpg.ssh.allowedSignersFile is not set",
        "echo ada@example.org \"$(cat ~/.ssh/id.pub)\"",
    );
    assert_data_eq!(
        screen(&fine),
        str![[r#"
✓ git can sign here
  key       /home/ada/.ssh/id.pub (ssh-ed25519)
  kept      beside its public half
  git       signs every commit; tags where you ask for it, with
            /usr/bin/ssh-keygen
  told by   user.signingkey in /home/ada/.gitconfig

  · gpg.ssh.allowedSignersFile is not set, so git shows your own signatures as
    if there were none
    → echo ada@example.org "$(cat ~/.ssh/id.pub)" >> ~/.ssh/allowed_signers
      git config --global gpg.ssh.allowedSignersFile ~/.ssh/allowed_signers

"#]]
    );
    fails(&on("~/.ssh/none", ""), "none.pub is not there or cannot be read", "ssh-keygen -t");
    fails(&on("~/.ssh/lone.pub", ""), "no SSH agent runs", "ssh-add");
    let agent = "env: { SSH_AUTH_SOCK: /run/agent }";
    assert_eq!(on("~/.ssh/lone.pub", agent).works, Works::Unknown);
    assert_eq!(on(&format!("key::{PUBLIC}"), agent).works, Works::Unknown);
    assert_eq!(on("~/.ssh/bare", "").works, Works::Unknown, "only the secret half is there");
    fails(&on(&format!("key::{PUBLIC}"), ""), "no SSH agent runs", "ssh-add");
    let none = settings(&[("user.email", "ada@example.org"), ("gpg.format", "ssh")]);
    let none = |more: &str| shown(&machine(&format!("{none}{more}"), keygen), &Ring::default());
    fails(&none(""), "user.signingkey names no key, and git signs with SSH", "ssh-keygen -t");
    let chosen = none(&settings(&[("gpg.ssh.defaultkeycommand", "ssh-add -L")]));
    assert_eq!(chosen.works, Works::Unknown);
    let smime = told(&but("gpg.format", "x509"), &holds(vec![ada()]));
    assert!(smime.problems.iter().any(|problem| problem.what.contains("S/MIME")));
}

#[test]
fn the_checks_that_problems_name_are_there() {
    let checks = Path::new(env!("CARGO_MANIFEST_DIR")).join("checks");
    let sources = ["mod.rs", "ring.rs", "care.rs", "settings.rs", "ssh.rs"];
    let mut seen = 0;
    for source in sources {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/signing").join(source);
        let text = std::fs::read_to_string(path).unwrap();
        for id in text.split('"').filter(|word| word.starts_with("apache/")) {
            assert!(checks.join(format!("{id}.yaml")).exists(), "{source} names {id}");
            seen += 1;
        }
    }
    assert!(seen > 8);
}
