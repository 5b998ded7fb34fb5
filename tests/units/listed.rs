//! git's settings as `git config --list` tells them: read without a panic, whatever stands there.

use std::path::Path;

use onramp::git::listed::{question, read};
use onramp::git::{Level, Listed};
use onramp::sys::recorded::Recorded;
use proptest::prelude::*;

fn all(answer: &[u8]) -> Vec<Listed> {
    read(answer, |_| true)
}

#[test]
fn every_value_has_its_place() {
    let answer = b"system\0file:/etc/gitconfig\0user.email\nroot@box\0\
        global\0file:/home/ada/.gitconfig\0commit.gpgsign\0\
        local\0file:/tmp/inc\0user.email\na\nb\0\
        worktree\0file:/x/config.worktree\0gpg.program\n\0\
        command\0command line:\0user.signingkey\nABC\0";
    let listed = all(answer);
    let seen: Vec<(&str, Option<&str>, Level, Option<&str>)> = listed
        .iter()
        .map(|one| (one.name.as_str(), one.value.as_deref(), one.level, one.file.as_deref()))
        .collect();
    assert_eq!(
        seen,
        [
            ("user.email", Some("root@box"), Level::System, Some("/etc/gitconfig")),
            ("commit.gpgsign", None, Level::Global, Some("/home/ada/.gitconfig")),
            ("user.email", Some("a\nb"), Level::Local, Some("/tmp/inc")),
            ("gpg.program", Some(""), Level::Worktree, Some("/x/config.worktree")),
            ("user.signingkey", Some("ABC"), Level::Command, None),
        ]
    );
    assert!(listed[2].level.of_tree() && listed[3].level.of_tree() && !listed[4].level.of_tree());
}

#[test]
fn what_nobody_asked_for_is_not_kept() {
    let answer = b"global\0file:/g\0http.extraheader\nAuthorization: secret\0\
        global\0file:/g\0user.email\nada@example.org\0";
    let kept = read(answer, |name| name == "user.email");
    assert_eq!(kept.len(), 1);
    assert!(!format!("{kept:?}").contains("secret"));
}

#[test]
fn an_answer_that_is_cut_off_loses_its_end_only() {
    let whole = b"global\0file:/g\0user.name\nAda\0global\0file:/g\0user.email\nada@example.org\0";
    for end in 0..whole.len() {
        let listed = all(&whole[..end]);
        assert!(listed.len() <= 2);
        assert!(listed.iter().all(|one| one.name.starts_with("user.")), "{end}: {listed:?}");
    }
}

#[test]
fn the_question_names_the_tree_and_nothing_of_it_runs_along() {
    let machine = Recorded::read(
        "env: { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: user.email, GIT_CONFIG_VALUE_0: '', \
         GIT_DIR: /elsewhere, GIT_CONFIG: /one/file, XDG_CONFIG_HOME: /home/ada/x }",
    )
    .unwrap();
    let question = question(&machine, "/usr/bin/git".into(), Some(Path::new("/tree/.git")));
    assert_eq!(question.folder, None, "asked from the root folder");
    let set = |name: &str| {
        let mut all = question.variables.iter().filter(|(key, _)| key == name);
        let last = all.next_back().and_then(|(_, value)| value.clone());
        last.map(|value| value.into_string().unwrap())
    };
    assert_eq!(set("GIT_DIR").as_deref(), Some("/tree/.git"));
    assert_eq!(set("GIT_CONFIG_VALUE_0").as_deref(), Some(""), "empty is a value");
    assert_eq!(set("XDG_CONFIG_HOME").as_deref(), Some("/home/ada/x"));
    assert_eq!(set("GIT_TRACE2").as_deref(), Some("0"));
    assert_eq!(set("GIT_CONFIG"), None);
}

proptest! {
    #[test]
    fn garbage_is_no_reason_to_panic(answer in proptest::collection::vec(any::<u8>(), 0..400)) {
        let listed = all(&answer);
        prop_assert!(listed.iter().all(|one| !one.name.is_empty()));
    }

    #[test]
    fn near_garbage_neither(answer in "((global|local|lo)?\0(file:[a-z/]{0,4}|x)?\0[a-z.\n]{0,6}\0?){0,6}") {
        let listed = all(answer.as_bytes());
        prop_assert!(listed.len() <= answer.split('\0').count());
    }
}
