//! Recorded results: kept privately, read back strictly, and stale as soon as anything they depend
//! on has changed.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use onramp::results::{
    BasePoint, Build, Ci, Counts, Details, Ended, HandOver, Here, How, PatchCheck, Ran, Recorded,
    Standing, Tree, digest,
};
use onramp::sys::Real;
use tempfile::TempDir;

fn here() -> Here {
    Here {
        onramp: "1.0.0".into(),
        commit: Some("0123456789abcdef".into()),
        tree: Some(Tree::default()),
        base: Some(BasePoint { name: "main".into(), tip: "b1".into(), parting: Some("b0".into()) }),
        policy: Some("guide".into()),
        digest: Some("d".into()),
    }
}

fn check() -> Recorded<PatchCheck> {
    let details = PatchCheck { fail_on: "error".into(), open: Vec::new(), excused: 0 };
    Recorded {
        finished: 5,
        seconds: 2,
        counts: Counts { ok: 12, ..Counts::default() },
        line: "12 of 12 checks hold".into(),
        ..Recorded::new(here(), details)
    }
}

fn ci() -> Recorded<Ci> {
    let step = Ran {
        name: "License check".into(),
        command: None,
        how: How::StandIn,
        ended: Ended::Ok,
        seconds: 1,
    };
    Recorded::new(here(), Ci { steps: vec![step], partial: false })
}

fn build() -> Recorded<Build> {
    let details = Build {
        passed: true,
        modules: Some(146),
        goals: "clean install".into(),
        jdk: Some(17),
        maven: Some("3.9.9".into()),
        partial: false,
    };
    Recorded::new(here(), details)
}

fn handed_over() -> Recorded<HandOver> {
    let address = Some("https://github.com/apache/cloudstack/pull/9".into());
    Recorded::new(here(), HandOver { branch: "my-change".into(), address })
}

fn reasons<D: Details>(result: &Recorded<D>, change: impl FnOnce(&mut Here)) -> String {
    let mut now = here();
    change(&mut now);
    match result.standing(&now) {
        Standing::Fresh => String::new(),
        Standing::Stale(reasons) => reasons.join("; "),
    }
}

fn in_folder(folder: &Path, name: &str, content: &str) {
    fs::create_dir_all(folder.join("onramp")).unwrap();
    fs::write(folder.join("onramp").join(name), content).unwrap();
}

#[test]
fn a_result_is_kept_and_read_back() {
    let folder = TempDir::new().unwrap();
    let system = Real::default();
    assert_eq!(Recorded::<PatchCheck>::read(&system, folder.path()), None);
    check().keep(&system, folder.path()).unwrap();
    ci().keep(&system, folder.path()).unwrap();
    build().keep(&system, folder.path()).unwrap();
    handed_over().keep(&system, folder.path()).unwrap();
    assert_eq!(Recorded::read(&system, folder.path()), Some(check()));
    assert_eq!(Recorded::read(&system, folder.path()), Some(ci()));
    assert_eq!(Recorded::read(&system, folder.path()), Some(build()));
    assert_eq!(Recorded::read(&system, folder.path()), Some(handed_over()));
    for name in ["check-patch.json", "ci.json", "build.json", "handed-over.json"] {
        let file = folder.path().join("onramp").join(name);
        assert_eq!(fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600, "{name}");
    }
}

#[test]
fn fields_of_a_newer_version_are_passed_over_and_another_shape_is_not_read() {
    let folder = TempDir::new().unwrap();
    let system = Real::default();
    check().keep(&system, folder.path()).unwrap();
    let file = folder.path().join("onramp/check-patch.json");
    let text = fs::read_to_string(&file).unwrap();
    let newer = text.replacen('{', "{ \"mood\": [1, 2],", 1);
    fs::write(&file, &newer).unwrap();
    assert_eq!(Recorded::read(&system, folder.path()), Some(check()));
    fs::write(&file, text.replace("\"shape\": 1", "\"shape\": 2")).unwrap();
    assert_eq!(Recorded::<PatchCheck>::read(&system, folder.path()), None);
}

#[test]
fn what_is_broken_huge_or_elsewhere_counts_as_none() {
    let system = Real::default();
    let good = serde_json::to_string(&check()).unwrap();
    let huge = format!("{good}{}", " ".repeat(300 << 10));
    let no_exit = good.replace("\"exit\":0,", "");
    let word = good.replace("\"exit\":0", "\"exit\":\"0\"");
    for (case, content) in [
        ("empty", ""),
        ("cut off", &good[..good.len() / 2]),
        ("a list", "[]"),
        ("too large", &huge),
        ("a field is missing", &no_exit),
        ("a field of another type", &word),
        ("a shape below zero", &good.replace("\"shape\":1", "\"shape\":-1")),
    ] {
        let folder = TempDir::new().unwrap();
        in_folder(folder.path(), "check-patch.json", content);
        assert_eq!(Recorded::<PatchCheck>::read(&system, folder.path()), None, "{case}");
    }
    let (folder, elsewhere) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    in_folder(elsewhere.path(), "check-patch.json", &good);
    symlink(elsewhere.path().join("onramp"), folder.path().join("onramp")).unwrap();
    assert_eq!(Recorded::<PatchCheck>::read(&system, folder.path()), None, "a link leads out");
    let why = check().keep(&system, folder.path()).unwrap_err().to_string();
    assert!(why.contains("leads out of the clone"), "{why}");
    let kept = fs::read_to_string(elsewhere.path().join("onramp/check-patch.json")).unwrap();
    assert_eq!(kept, good, "nothing is written through the link");
}

#[test]
fn a_result_too_large_to_be_read_back_is_not_kept() {
    let folder = TempDir::new().unwrap();
    let mut check = check();
    check.details.open = vec!["apache/patch/signed".repeat(100); 200];
    let why = check.keep(&Real::default(), folder.path()).unwrap_err().to_string();
    assert!(why.contains("larger than"), "{why}");
    assert!(!folder.path().join("onramp/check-patch.json").exists());
}

#[test]
fn the_first_version_s_builds_are_read_and_newer_ones_are_readable_for_it() {
    let folder = TempDir::new().unwrap();
    let system = Real::default();
    let first = r#"{ "head": "0123456789abcdef", "finished": 9, "seconds": 60, "passed": true,
        "modules": 146, "goals": "clean install", "jdk": 17, "maven": "3.8.7", "partial": false }"#;
    in_folder(folder.path(), "build.json", first);
    let read = Recorded::<Build>::read(&system, folder.path()).unwrap();
    assert!(read.passed() && read.details.modules == Some(146) && read.finished == 9);
    assert_eq!(
        reasons(&read, |_| ()),
        "it does not say whether files took part that are not committed"
    );
    let failed = first.replace("true", "false");
    in_folder(folder.path(), "build.json", &failed);
    assert!(!Recorded::<Build>::read(&system, folder.path()).unwrap().passed());

    let written = serde_json::to_value(build()).unwrap();
    for (field, wanted) in [
        ("head", "\"0123456789abcdef\""),
        ("finished", "0"),
        ("seconds", "0"),
        ("passed", "true"),
        ("modules", "146"),
        ("goals", "\"clean install\""),
        ("partial", "false"),
    ] {
        assert_eq!(written[field].to_string(), wanted, "{field}");
    }
}

#[test]
fn a_result_is_fresh_while_all_it_depends_on_is_the_same() {
    assert_eq!(check().standing(&here()), Standing::Fresh);
    assert_eq!(ci().standing(&here()), Standing::Fresh);
    assert_eq!(build().standing(&here()), Standing::Fresh);
}

#[test]
fn each_change_makes_a_check_stale_and_says_so() {
    let told = |change: fn(&mut Here)| reasons(&check(), change);
    let commit = told(|now| now.commit = Some("fedcba9876543210".into()));
    assert_eq!(commit, "it was about 0123456789, and fedcba9876 is checked out");
    assert_eq!(told(|now| now.commit = None), "no commit is checked out");
    assert_eq!(told(|now| now.onramp = "1.1.0".into()), "onramp was 1.0.0 then and is 1.1.0 now");
    assert_eq!(
        told(|now| now.policy = Some("upstream".into())),
        "the policy was guide then and is upstream now"
    );
    assert_eq!(
        told(|now| now.digest = Some("e".into())),
        "the checks or the project's values have changed since"
    );
    let base =
        |change: fn(&mut BasePoint)| reasons(&check(), |now| change(now.base.as_mut().unwrap()));
    assert_eq!(base(|base| base.tip = "b2".into()), "main has moved on since");
    assert_eq!(
        base(|base| base.name = "4.22".into()),
        "it was held against main, and the base is 4.22"
    );
    assert_eq!(
        base(|base| base.parting = None),
        "the commits start from another place on main now"
    );
    assert_eq!(told(|now| now.base = None), "its base main is not the base here any more");
    let changed = |now: &mut Here| now.tree = Some(Tree { changed: true, untracked: false });
    assert_eq!(reasons(&check(), changed), "files are changed and not committed");
    assert_eq!(told(|now| now.tree = None), "whether all files are committed cannot be told");
}

#[test]
fn files_that_git_does_not_know_count_where_the_tree_s_own_tools_run() {
    let untracked = |now: &mut Here| now.tree = Some(Tree { changed: false, untracked: true });
    assert_eq!(reasons(&check(), untracked), "");
    assert_eq!(reasons(&build(), untracked), "there are files that git does not know");
    let mut with = build();
    with.on.tree = Some(Tree { changed: false, untracked: true });
    assert_eq!(reasons(&with, |_| ()), "files took part in it that were not committed");
}

#[test]
fn a_build_depends_on_commit_and_files_alone_and_ci_not_on_the_tip_of_its_base() {
    let elsewhere = |now: &mut Here| {
        (now.onramp, now.policy, now.digest, now.base) = ("2".into(), None, None, None);
    };
    assert_eq!(reasons(&build(), elsewhere), "");
    assert_eq!(reasons(&ci(), |now| now.base.as_mut().unwrap().tip = "b2".into()), "");
    assert_ne!(reasons(&ci(), elsewhere), "");
}

#[test]
fn words_from_a_file_cannot_reach_the_screen_as_they_are() {
    let mut foreign = check();
    foreign.on.onramp = "1\u{1b}[31m".into();
    assert!(!reasons(&foreign, |_| ()).contains('\u{1b}'));
}

#[test]
fn a_digest_tells_lists_of_parts_apart() {
    assert_eq!(digest(["a", "b"]), digest(["a", "b"]));
    assert_ne!(digest(["ab"]), digest(["a", "b"]));
    assert_ne!(digest(["a", "b"]), digest(["b", "a"]));
}
