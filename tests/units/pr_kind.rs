//! Which type of change a set of commits is.

use onramp::pr::change::{Change, Commit};
use onramp::pr::kind::{Kind, decide};

pub(super) fn commit(short: &str, subject: &str, body: &str, files: &[&str]) -> Commit {
    Commit {
        id: short.repeat(6).chars().take(40).collect(),
        short: short.into(),
        subject: subject.into(),
        body: body.into(),
        merge: false,
        foreign: false,
        files: files.iter().map(|&file| file.to_owned()).collect(),
    }
}

pub(super) fn change(commits: &[Commit]) -> Change {
    let files: Vec<String> = commits.iter().flat_map(|commit| commit.files.clone()).collect();
    Change::of(commits, &files, Some("apache/cloudstack"), &["ui/".to_owned()])
}

fn kind_of(commits: &[(&str, &[&str])]) -> (Kind, String, bool) {
    let commits: Vec<Commit> =
        commits.iter().map(|(subject, files)| commit("1a2b3c4", subject, "", files)).collect();
    let files: Vec<String> = commits.iter().flat_map(|commit| commit.files.clone()).collect();
    let decision = decide(&commits, &files);
    (decision.kind, decision.reason, decision.unsure)
}

#[test]
fn one_commit() {
    let java: &[&str] = &["server/src/main/java/A.java"];
    let cases: [(&str, &[&str], Kind); 15] = [
        ("kvm: fix volume size", java, Kind::Bug),
        ("server: NPE in login is fixed", java, Kind::Bug),
        ("Add support for disk offerings", java, Kind::Feature),
        ("ui: rename a variable", java, Kind::Cleanup),
        ("improve start-up time", java, Kind::Enhancement),
        ("api!: drop the old parameter", java, Kind::Breaking),
        ("prefix handling of addresses", java, Kind::Enhancement),
        ("add a test", &["server/src/test/java/ATest.java"], Kind::Test),
        ("add marvin test", &["test/integration/smoke/test_a.py"], Kind::Test),
        ("fix lint", &["ui/tests/unit/a.spec.js"], Kind::Test),
        ("bump plugin", &["pom.xml", "server/pom.xml"], Kind::Build),
        ("add job", &[".github/workflows/a.yml"], Kind::Build),
        ("fix typo", &["README.md"], Kind::Docs),
        ("fix template", &[".github/PULL_REQUEST_TEMPLATE.md"], Kind::Docs),
        ("add", &["README.md", "server/A.java"], Kind::Feature),
    ];
    for (subject, files, wanted) in cases {
        assert_eq!(kind_of(&[(subject, files)]).0, wanted, "{subject}");
    }
}

#[test]
fn the_reason_is_said() {
    let java: &[&str] = &["A.java"];
    let (_, reason, unsure) = kind_of(&[("kvm: fix volume size", java)]);
    assert_eq!(
        (reason.as_str(), unsure),
        ("\"kvm: fix volume size\" (1a2b3c4) says \"fix\"", false)
    );
    let (kind, reason, unsure) = kind_of(&[("volume size in bytes", java)]);
    assert_eq!((kind, unsure), (Kind::Enhancement, true));
    assert!(reason.ends_with("so this is a guess"), "{reason}");
    assert!(kind_of(&[("add null check", java)]).2, "a feature or a fix: the author knows");
    let (kind, reason, unsure) = kind_of(&[("refactor a", java), ("fix b", java)]);
    assert_eq!((kind, unsure), (Kind::Cleanup, true));
    assert!(reason.contains("comes first; \"fix b\""), "{reason}");
}

#[test]
fn tests_that_come_along_do_not_decide() {
    let commits: [(&str, &[&str]); 2] = [
        ("add a test for it", &["src/test/java/ATest.java"]),
        ("fix it", &["src/main/java/A.java"]),
    ];
    let (kind, _, unsure) = kind_of(&commits);
    assert_eq!((kind, unsure), (Kind::Bug, false));
}

#[test]
fn links_only_where_a_commit_says_so() {
    let java = &["A.java"];
    let commits = [
        commit(
            "a",
            "size (see #1, prefix #2, not fixed in #3)",
            "Fixes: #12\nfixes #13, #14",
            java,
        ),
        commit(
            "b",
            "more",
            "Closes https://github.com/Apache/CloudStack/issues/15\nResolves other/repo#16",
            java,
        ),
        commit("c", "again", "Fixes #12\n\nCloses:\n#99", java),
    ];
    let seen = change(&commits);
    assert_eq!(seen.closes, ["#12", "#13", "#15"]);
    assert_eq!(seen.decision.kind, Kind::Bug);
    let left = [
        "other/repo#16 is not closed, as b says: it is another project's",
        "#99 is not closed: c says it in passing; add \"Fixes: #99\" if this request does",
    ];
    assert_eq!(seen.not_closed, left);
}

#[test]
fn only_the_authors_own_statements_close() {
    let java = &["A.java"];
    let mut foreign = commit("f", "kvm: fix it", "Fixes: #7\n\nThis fixes #8.", java);
    foreign.foreign = true;
    let own = commit("a", "Fix #9: keep the size (fixes #10)", "It fixes\n#11 as well", java);
    let seen = change(&[foreign, own]);
    assert_eq!(seen.closes, ["#9", "#10"]);
    let told: Vec<&str> =
        seen.not_closed.iter().map(|note| note.split(' ').next().unwrap()).collect();
    assert_eq!(told, ["#7", "#8", "#11"]);
    assert!(seen.not_closed[0].contains("is by somebody else"), "{:?}", seen.not_closed);
}

#[test]
fn titles_are_taken_never_made() {
    let java = &["A.java"];
    let mut merge = commit("m", "Merge branch 'main'", "", &[]);
    merge.merge = true;
    let seen = change(&[
        merge,
        commit("f", "fixup! kvm: fix it", "", java),
        commit("a", "kvm: fix  it\u{1b}", "", java),
        commit("b", "kvm: fix more", "", java),
    ]);
    assert_eq!(seen.title, "kvm: fix it\\x1b");
    assert_eq!(seen.title_from, "the first of 2 commits, all about kvm");
    assert_eq!(change(&[]).title, "");
}

#[test]
fn screens_are_files_of_the_interface() {
    let seen = change(&[commit(
        "a",
        "x",
        "",
        &[
            "ui/src/A.vue",
            "ui/tests/unit/a.spec.js",
            "gui/b",
            "test/README.md",
            "a/src/main/java/com/test/B.java",
        ],
    )]);
    assert_eq!(seen.screens, ["ui/src/A.vue"]);
    assert_eq!(seen.tests, ["ui/tests/unit/a.spec.js"]);
}
