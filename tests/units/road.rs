//! The road as a pure function: facts in, the one next command out.

use std::collections::BTreeMap;

use onramp::cli::journey::facts::{Clone, Facts, Network, Place, Remotes};
use onramp::cli::journey::step::{State, Step};
use onramp::cli::journey::steps::steps;
use onramp::finding::{Finding, Outcome, Severity};
use onramp::git::HeadState;
use onramp::pr::gate::Gate;
use onramp::pr::next::{Origin, Pushed, Whereabouts};
use onramp::results::{Build, HandOver, Here, Recorded};

const PROJECT: &str = "https://github.com/apache/cloudstack.git";

fn finding(check: &str, outcome: Outcome, fix: Option<&str>) -> Finding {
    Finding {
        check: format!("apache/{check}"),
        title: "it is so".into(),
        outcome,
        severity: Severity::Error,
        text: format!("{check} seen"),
        why: "because".into(),
        fix: fix.map(Into::into),
        upstream: None,
        source: "us".into(),
        place: None,
        from: None,
        excused: None,
    }
}

fn fine() -> Vec<Finding> {
    ["machine/git", "identity/key", "patch/signed"]
        .map(|check| finding(check, Outcome::Pass, None))
        .to_vec()
}

fn clone() -> Clone {
    Clone {
        folder: "/home/ada/cloudstack".into(),
        branch: Some("my-change".into()),
        head: HeadState::Branch,
        commit: Some("1".into()),
        on_base: false,
        operation: None,
        base: Some("main".into()),
        commits: 1,
        remotes: Remotes { project: Some("upstream".into()), upstream: true, adoptable: true },
        topic: true,
        changed: Vec::new(),
        untracked: Vec::new(),
        build: Some(built(true)),
        gate: Gate::Open("45 of 45 checks hold".into()),
        handed: None,
        here: Whereabouts {
            has_origin: false,
            has_upstream: true,
            project: PROJECT.into(),
            origin: Origin::Fork("https://github.com/ada/cloudstack.git".into()),
            branch: Some("my-change".into()),
            base: "main".into(),
            pushed: Pushed::Same,
        },
    }
}

fn built(passed: bool) -> Recorded<Build> {
    let details = Build {
        passed,
        modules: Some(3),
        goals: "install".into(),
        jdk: None,
        maven: None,
        partial: false,
    };
    let here = Here { commit: Some("1".into()), ..Here::default() };
    Recorded { seconds: 600, exit: u8::from(!passed), ..Recorded::new(here, details) }
}

fn road(more: &[Finding], place: Place) -> Vec<Step> {
    let network = BTreeMap::from([
        ("apache/machine/maven-repositories".to_owned(), Network::Maven),
        ("apache/machine/git-host".to_owned(), Network::Git),
    ]);
    let findings = fine().into_iter().chain(more.iter().cloned()).collect();
    steps(&Facts { findings, network, place, offline: false })
}

fn command(road: &[Step]) -> &str {
    road.iter().find_map(|step| step.next.as_ref()).map_or("", |next| &next.command)
}

fn at(road: &[Step], name: &str) -> Step {
    road.iter().find(|step| step.name == name).cloned().unwrap()
}

fn inside(change: impl FnOnce(&mut Clone)) -> Place {
    let mut clone = clone();
    change(&mut clone);
    Place::Clone(Box::new(clone))
}

fn outside() -> Place {
    Place::Outside("/home/ada".into())
}

/// Each case: what is told of it, where the user is, and the command that comes next.
fn lead_on<const N: usize>(cases: [(&str, Place, &str); N]) {
    for (case, place, wanted) in cases {
        let road = road(&[], place);
        assert_eq!(command(&road), wanted, "{case}: {road:#?}");
        assert_eq!(road.len(), 7, "{case}");
        assert!(!command(&road).contains('\n'), "{case}");
    }
}

#[test]
fn each_place_has_its_own_way_to_a_branch() {
    lead_on([
        ("no clone", outside(), "onramp clone"),
        (
            "beside the clone",
            Place::Beside("/home/ada".into(), "cloudstack".into()),
            "cd cloudstack",
        ),
        (
            "inside something else",
            Place::Occupied("/home/ada/my blog is a repository".into(), "/home/ada".into()),
            "cd /home/ada && onramp clone",
        ),
        (
            "on main, the topic branch there",
            inside(|clone| (clone.on_base, clone.commits) = (true, 0)),
            "git switch my-change",
        ),
        (
            "on main, no topic branch",
            inside(|clone| (clone.on_base, clone.topic) = (true, false)),
            "git switch -c my-change",
        ),
        (
            "commits on main, the topic branch there",
            inside(|clone| clone.on_base = true),
            "git switch -c my-change-2",
        ),
        (
            "detached",
            inside(|clone| (clone.head, clone.commits) = (HeadState::Detached, 0)),
            "git switch my-change",
        ),
        (
            "in a rebase",
            inside(|clone| {
                (clone.head, clone.operation) = (HeadState::Detached, Some("rebase".into()));
            }),
            "git status",
        ),
        (
            "only a fork known",
            inside(|clone| (clone.remotes.project, clone.remotes.upstream) = (None, false)),
            "onramp clone --adopt",
        ),
        ("upstream never fetched", inside(|clone| clone.base = None), "git fetch upstream"),
    ]);
}

#[test]
fn each_stand_of_the_work_has_its_own_way_on() {
    lead_on([
        ("not built", inside(|clone| clone.build = None), "onramp pr"),
        (
            "not built, not pushed",
            inside(|clone| (clone.build, clone.here.pushed) = (None, Pushed::Absent)),
            "onramp build",
        ),
        ("no commit", inside(|clone| clone.commits = 0), "git commit -S"),
        (
            "files and no commit",
            inside(|clone| (clone.commits, clone.changed) = (0, vec!["a b.txt".into()])),
            "git add 'a b.txt' && git commit -S",
        ),
        (
            "an unknown file before the push",
            inside(|clone| {
                (clone.here.pushed, clone.untracked) = (Pushed::Behind, vec!["new.txt".into()]);
            }),
            "git add new.txt && git commit -S",
        ),
        (
            "an unknown file after the push",
            inside(|clone| clone.untracked = vec!["notes".into()]),
            "onramp pr",
        ),
        (
            "not pushed",
            inside(|clone| clone.here.pushed = Pushed::Absent),
            "git push -u origin my-change",
        ),
        (
            "amended after the push",
            inside(|clone| clone.here.pushed = Pushed::Diverged),
            "git push --force-with-lease origin my-change",
        ),
        (
            "no fork yet",
            inside(|clone| {
                (clone.here.origin, clone.here.pushed) = (Origin::Absent, Pushed::Absent)
            }),
            "git remote add origin https://github.com/YOUR-NAME/cloudstack.git",
        ),
        (
            "a fork that is still to be filled in",
            inside(|clone| {
                clone.here.origin = Origin::Fork("https://github.com/YOUR-NAME/cloudstack".into());
            }),
            "git remote set-url origin https://github.com/YOUR-NAME/cloudstack.git",
        ),
        ("all done", inside(|_| ()), "onramp pr"),
        ("a failed build, pushed", inside(|clone| clone.build = Some(built(false))), "onramp pr"),
    ]);
}

#[test]
fn signing_comes_before_the_clone_and_holds_up_no_commit() {
    let fix = "git config --global commit.gpgsign true, with the key that it names";
    let warned = [finding("identity/signing", Outcome::Warn, Some(fix))];
    let first = road(&warned, outside());
    assert_eq!(command(&first), "git config --global commit.gpgsign true");
    let identity = at(&first, "identity");
    assert_eq!(identity.state, State::Open);
    assert_eq!(identity.next.unwrap().why.as_deref(), Some("with the key that it names"));
    assert_eq!(command(&road(&warned, inside(|_| ()))), "onramp pr");
}

#[test]
fn the_network_holds_up_only_what_needs_it() {
    let git = [finding("machine/git-host", Outcome::Fail, Some("open a page in a browser"))];
    let maven = [finding("machine/maven-repositories", Outcome::Fail, None)];
    let fresh = |clone: &mut Clone| (clone.commits, clone.build) = (0, None);
    let waiting = |clone: &mut Clone| (clone.here.pushed, clone.build) = (Pushed::Absent, None);
    for (seen, place, wanted) in [
        (&git, outside(), "onramp check git-host"),
        (&maven, outside(), "onramp clone"),
        (&maven, inside(fresh), "onramp check maven-repositories"),
        (&maven, inside(waiting), "git push -u origin my-change"),
        (&git, inside(waiting), "onramp build"),
        (&git, inside(|_| ()), "onramp pr"),
    ] {
        let road = road(seen, place);
        assert_eq!(at(&road, "machine").state, State::Fails);
        assert_eq!(command(&road), wanted, "{road:#?}");
    }
}

#[test]
fn what_could_not_be_told_is_no_tick_and_no_wall() {
    let odd = [finding("machine/jdk", Outcome::Unknown, None)];
    let road = road(&odd, outside());
    let machine = at(&road, "machine");
    assert_eq!(machine.state, State::Unsure);
    assert_eq!(machine.text, "1 of 2 checks hold, 1 could not be told: machine/jdk seen");
    assert_eq!(command(&road), "onramp clone");
}

#[test]
fn checks_are_counted_and_not_what_they_found() {
    let often = vec![finding("machine/reach", Outcome::Pass, None); 9];
    assert_eq!(at(&road(&often, outside()), "machine").text, "2 of 2 checks hold");
    let failing = vec![finding("machine/jdk", Outcome::Fail, None); 3];
    assert_eq!(at(&road(&failing, outside()), "machine").text, "machine/jdk seen");
}

#[test]
fn states_say_what_they_are() {
    let states = |road: &[Step]| road.iter().map(|step| step.state).collect::<Vec<_>>();
    use State::{Done, Fails, Later, Open};
    assert_eq!(states(&road(&[], outside())), [Done, Done, Open, Later, Later, Later, Later]);
    let failed = inside(|clone| clone.build = Some(built(false)));
    assert_eq!(states(&road(&[], failed)), [Done, Done, Done, Fails, Done, Done, Open]);
    let idle = inside(|clone| clone.commits = 0);
    assert_eq!(states(&road(&[], idle)), [Done, Done, Done, Done, Open, Later, Later]);
    let push = at(&road(&[], inside(|_| ())), "push");
    assert_eq!(push.text, "my-change is on your fork, as of the last push or fetch");
}

/// A request handed over from this branch, as it was at this commit.
fn handed(branch: &str, commit: &str, address: Option<&str>) -> Option<Recorded<HandOver>> {
    let details = HandOver { branch: branch.into(), address: address.map(Into::into) };
    let here = Here { commit: Some(commit.into()), ..Here::default() };
    Some(Recorded::new(here, details))
}

#[test]
fn a_request_that_was_handed_over_is_known_again() {
    let request = |handed: Option<Recorded<HandOver>>| {
        let road = road(&[], inside(|clone| clone.handed = handed));
        let request = at(&road, "request");
        (request.state, request.text, request.next.map(|next| next.command))
    };
    let address = "https://github.com/apache/cloudstack/pull/9";
    let (state, text, next) = request(handed("my-change", "0", Some(address)));
    assert_eq!((state, next), (State::Done, None), "a push brings it up to date");
    assert_eq!(text, format!("{address}; `onramp pr --next` says what happens now"));
    let (state, _, next) = request(handed("my-change", "1", None));
    assert_eq!((state, next.as_deref()), (State::Unsure, Some("onramp pr --next")));
    for other in [handed("my-change", "0", None), handed("other", "1", Some(address)), None] {
        let (state, text, next) = request(other);
        assert_eq!((state, text.as_str()), (State::Open, "ready: onramp pr"));
        assert_eq!(next.as_deref(), Some("onramp pr"));
    }
}

#[test]
fn a_fix_on_the_wrong_base_comes_before_build_and_push() {
    let moved = "onramp branch retarget 4.20; if the bug is in main alone, say so with --base main";
    let failing = [
        finding("patch/final-newline", Outcome::Fail, Some("add a line break at the end")),
        finding("patch/fix-base", Outcome::Fail, Some(moved)),
    ];
    let fresh = |clone: &mut Clone| {
        (clone.here.pushed, clone.build) = (Pushed::Absent, None);
        clone.gate = Gate::Absent;
    };
    let told = road(&failing, inside(fresh));
    assert_eq!(command(&told), "onramp branch retarget 4.20");
    let why = at(&told, "patch").next.unwrap().why.unwrap();
    assert!(why.contains("in main alone"), "{why}");
    let chosen = |clone: &mut Clone| clone.here.pushed = Pushed::Absent;
    let road = road(&failing[1..], inside(chosen));
    assert_eq!(command(&road), "git push -u origin my-change", "checked against that base");
    assert_eq!(at(&road, "patch").state, State::Done);
}

#[test]
fn offline_nothing_waits_for_a_build() {
    let network = BTreeMap::new();
    let place = inside(|clone| (clone.here.pushed, clone.build) = (Pushed::Absent, None));
    let road = steps(&Facts { findings: fine(), network, place, offline: true });
    assert_eq!(command(&road), "git push -u origin my-change");
    assert!(at(&road, "build").text.contains("--offline leaves alone"));
}

#[test]
fn a_fault_of_the_machine_that_holds_nothing_up_says_so() {
    let maven = [finding("machine/maven-repositories", Outcome::Fail, None)];
    let text = at(&road(&maven, inside(|_| ())), "machine").text;
    assert!(text.ends_with("not in your way now, `onramp check machine` tells more"), "{text}");
}
