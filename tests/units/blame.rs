//! Whose fault a failure is, from what ran where: every case, and those that tell nothing.

use std::path::Path;

use onramp::maven::blame::{Failing, Ran, Verdict, verdict};
use onramp::maven::catalogue::Kind;
use onramp::maven::evidence;
use onramp::maven::explain::explain;

use super::failures::catalogue;

fn failing(module: &str, mark: &str, kind: Kind) -> Failing {
    Failing {
        module: Some(module.to_owned()),
        marks: [mark.to_owned()].into(),
        kind: Some(kind),
        what: mark.to_owned(),
        ..Failing::default()
    }
}

fn failed(module: &str, mark: &str, kind: Kind) -> Ran {
    Ran::Failed(vec![failing(module, mark, kind)])
}

#[test]
fn what_fails_with_the_change_only_is_told_from_the_rest() {
    let tests = |marks: &[&str]| Failing {
        marks: marks.iter().map(|mark| (*mark).to_owned()).collect(),
        ..failing("till", "", Kind::User)
    };
    let first = [tests(&["TillTest.adds", "TillTest.two"])];
    let again = [Ran::Failed(first.to_vec())];
    let of = |base: &[Failing]| verdict(&first, &again, Some(&Ran::Failed(base.to_vec())));
    assert_eq!(of(&first), Verdict::Base);
    let own = Verdict::Partly(vec!["till/TillTest.adds".to_owned()]);
    assert_eq!(of(&[tests(&["TillTest.two"])]), own);
    // Another module is another failure, whatever it is called.
    let both = [tests(&["test-failures"]), failing("shop", "test-failures", Kind::User)];
    let again = [Ran::Failed(both.to_vec())];
    let base = Ran::Failed(vec![both[1].clone()]);
    let own = Verdict::Partly(vec!["till/test-failures".to_owned()]);
    assert_eq!(verdict(&both, &again, Some(&base)), own);
}

#[test]
fn each_case_has_its_verdict() {
    let user = || failing("till", "TillTest.sums", Kind::User);
    let again = || failed("till", "TillTest.sums", Kind::User);
    let other = || failed("till", "TillTest.other", Kind::User);
    let network = || failing("till", "unknown-host", Kind::Network);
    let offline = || failed("cellar", "repository-slow", Kind::Network);
    let machine = || failing("till", "disk-full", Kind::Machine);
    let full = || failed("till", "disk-full", Kind::Machine);
    let gone = || Ran::Absent("test TillTest.sums".to_owned());
    let untold = |why: &str| Verdict::Untold(why.to_owned());
    let cases = [
        (user(), vec![again()], Some(Ran::Passed), Verdict::Mine),
        (user(), vec![again()], Some(gone()), Verdict::Mine),
        (user(), vec![again()], Some(again()), Verdict::Base),
        (user(), vec![Ran::Passed, Ran::Passed], None, Verdict::Flaky),
        (user(), vec![Ran::Passed, again()], None, Verdict::Flaky),
        (network(), vec![offline()], Some(offline()), Verdict::Network),
        (network(), vec![Ran::Passed, Ran::Passed], None, Verdict::Network),
        // What the change asks for and nobody has.
        (network(), vec![offline()], Some(Ran::Passed), Verdict::Mine),
        (machine(), vec![full()], Some(full()), Verdict::Machine),
        (machine(), vec![full()], Some(Ran::Passed), Verdict::Mine),
        (
            user(),
            vec![other()],
            None,
            untold("here it fails otherwise than at first: TillTest.other"),
        ),
        (
            user(),
            vec![again()],
            Some(other()),
            untold("the base fails as well, but otherwise: TillTest.other"),
        ),
        (
            user(),
            vec![again()],
            Some(offline()),
            untold("the base fails as well, but otherwise: repository-slow"),
        ),
        (user(), vec![again()], None, untold("it was not tried on the base")),
    ];
    for (number, (first, again, base, expected)) in cases.into_iter().enumerate() {
        assert_eq!(verdict(&[first], &again, base.as_ref()), expected, "case {number}");
    }
}

#[test]
fn the_same_failure_looks_the_same_wherever_the_tree_lies() {
    let log = |root: &str| {
        format!(
            "[INFO] ---< org.example:till >---\n[INFO] Building Shop Till 1.0  [2/5]\n\
             [ERROR] {root}/till/src/A.java:[5,22] cannot find symbol\n  symbol:   variable gone\n\
             [ERROR] Failed to execute goal g:maven-compiler-plugin:3:compile (x) on project till: Compilation failure -> [Help 1]\n"
        )
    };
    let of = |root: &str, log: &str| {
        let (evidence, progress) = evidence::read(log.as_bytes());
        Failing::of(&explain(&evidence, &progress, &catalogue(), &[]), Path::new(root))
    };
    let one = of("/t", &log("/t"));
    assert_eq!(one, of("/home/ada/other", &log("/home/ada/other")));
    assert_eq!(one.name(), "till/till/src/A.java: cannot find symbol: variable gone");
    let odd = |folder: &str, number: u32| {
        of(
            "/t",
            &format!(
                "[ERROR] Failed to execute goal g:odd-plugin:1:do (x) on project till: {folder} is the wrong one of {number} -> [Help 1]\n"
            ),
        )
    };
    assert_eq!(
        odd("/t/a", 12).marks,
        odd("/x/b", 7).marks,
        "numbers and folders are no difference"
    );
}
