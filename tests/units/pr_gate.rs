//! The gate as a pure function: the last check of the patch and what is here now.

use onramp::pr::gate::Gate;
use onramp::results::{BasePoint, Counts, Here, PatchCheck, Recorded, Tree};

fn now() -> Here {
    Here {
        onramp: "1".into(),
        commit: Some("c".into()),
        tree: Some(Tree::default()),
        base: Some(BasePoint { name: "main".into(), tip: "b".into(), parting: None }),
        policy: Some("guide".into()),
        digest: Some("d".into()),
    }
}

fn check(exit: u8, open: usize, unknown: usize) -> Recorded<PatchCheck> {
    let details = PatchCheck {
        fail_on: "error".into(),
        open: vec!["apache/patch/x".into(); open],
        excused: 0,
    };
    let counts = Counts { unknown, ..Counts::default() };
    let line = "45 of 45 checks hold".to_owned();
    Recorded { exit, counts, line, ..Recorded::new(now(), details) }
}

fn why(result: &Recorded<PatchCheck>) -> String {
    let gate = Gate::of(Some(result), &now(), None);
    let (why, command) = gate.shut().expect("shut");
    assert_eq!(command, "onramp check patch");
    why.to_owned()
}

#[test]
fn what_is_open_is_counted() {
    assert_eq!(why(&check(1, 1, 0)), "1 check of the patch fails");
    assert_eq!(why(&check(1, 2, 0)), "2 checks of the patch fail");
    assert_eq!(why(&check(3, 1, 1)), "1 check of the patch could not be told");
    assert_eq!(why(&check(3, 2, 2)), "2 checks of the patch could not be told");
    assert_eq!(why(&check(1, 2, 1)), "2 checks of the patch fail or could not be told");
}

#[test]
fn a_check_that_passed_opens_it_and_says_what_was_excused() {
    let mut passed = check(0, 0, 0);
    assert_eq!(Gate::of(Some(&passed), &now(), None), Gate::Open("45 of 45 checks hold".into()));
    passed.details.excused = 2;
    let gate = Gate::of(Some(&passed), &now(), None);
    assert_eq!(gate, Gate::Open("45 of 45 checks hold, 2 findings excused".into()));
    assert_eq!(gate.shut(), None);
}

#[test]
fn without_a_check_it_is_shut_and_the_base_asked_for_goes_into_the_command() {
    let gate = Gate::of(None, &now(), Some("4.2; rm"));
    let wanted = ("the patch was not checked yet", "onramp check patch --base '4.2; rm'");
    assert_eq!(gate.shut(), Some(wanted));
}
