//! How long a build will still take, and what is said of it.

use std::collections::BTreeMap;

use onramp::maven::events::{Event, Events};
use onramp::maven::graph::Graph;
use onramp::maven::pace::{Known, Pace, Shown};
use onramp::maven::progress::{Progress, Timings};
use onramp::maven::timeline::Timeline;
use proptest::prelude::*;

const NAMES: [&str; 5] = ["a", "b", "c", "d", "e"];

/// Five modules that wait for each other in turn; with `threads` they wait for `a` alone.
fn known(threads: usize, earlier: Option<[f64; 5]>, sources: [usize; 5]) -> Known {
    let needs = (0..5).map(|at: usize| match (at, threads) {
        (0, _) => Vec::new(),
        (at, 1) => vec![at - 1],
        _ => vec![0],
    });
    let times = |times: [f64; 5]| -> BTreeMap<String, f64> {
        NAMES.iter().map(|name| (*name).to_owned()).zip(times).collect()
    };
    Known {
        graph: Graph::new(needs.collect()),
        names: NAMES.iter().map(|name| ((*name).to_owned(), (*name).to_owned())).collect(),
        earlier: earlier.map(times),
        sources: sources.into(),
    }
}

/// A build followed by the clock.
struct Build {
    progress: Progress,
    timeline: Timeline,
    pace: Pace,
}

impl Build {
    fn new(known: &Known, threads: usize) -> Self {
        let mut progress = Progress::new(Timings::default());
        for name in NAMES {
            progress.apply(&Event::Ordered(name.into()));
        }
        if threads > 1 {
            progress.apply(&Event::Threads(threads));
        }
        let pace = Pace::of(progress.order(), known);
        Self { progress, timeline: Timeline::default(), pace }
    }

    fn take(&mut self, event: &Event, at: f64) {
        self.progress.apply(event);
        self.timeline.take(event, at, &self.progress);
    }

    fn start(&mut self, name: &str, at: f64) {
        let place = NAMES.iter().position(|other| *other == name).map(|place| (place + 1, 5));
        self.take(&Event::Started { artifact: name.into(), name: name.into(), place }, at);
    }

    fn left(&self, at: f64) -> Option<f64> {
        let mut timeline = self.timeline.clone();
        timeline.advance(at);
        self.pace.left(&self.progress, &timeline, at)
    }
}

#[track_caller]
fn near(left: Option<f64>, expected: f64) {
    let left = left.expect("a time left");
    assert!((left - expected).abs() < 0.01, "{left} is not {expected}");
}

#[test]
fn an_earlier_build_tells_from_the_start() {
    let mut build = Build::new(&known(1, Some([10.0, 10.0, 10.0, 10.0, 60.0]), [0; 5]), 1);
    build.start("a", 0.0);
    near(build.left(0.0), 100.0);
    near(build.left(4.0), 96.0);
    build.start("b", 10.0);
    near(build.left(10.0), 90.0);
}

#[test]
fn a_slower_machine_is_noticed() {
    let mut build = Build::new(&known(1, Some([10.0; 5]), [0; 5]), 1);
    build.start("a", 0.0);
    build.start("b", 30.0);
    build.start("c", 60.0);
    let left = build.left(60.0).unwrap();
    assert!((75.0..90.0).contains(&left), "nearly three times as long: {left}");
}

#[test]
fn sizes_tell_only_once_a_pace_is_seen() {
    let mut build = Build::new(&known(1, None, [70, 70, 70, 70, 570]), 1);
    build.start("a", 0.0);
    build.start("b", 5.0);
    build.start("c", 10.0);
    assert_eq!(build.left(12.0), None, "two modules are no ground");
    build.start("d", 15.0);
    near(build.left(15.0), 5.0 + 30.0);
}

#[test]
fn several_at_a_time_share_what_is_left() {
    let mut build = Build::new(&known(2, Some([10.0; 5]), [0; 5]), 2);
    build.start("a", 0.0);
    near(build.left(0.0), 30.0);
    build.start("b", 10.0);
    build.start("c", 10.0);
    near(build.left(10.0), 20.0);
    near(build.left(15.0), 15.0);
}

#[test]
fn what_goes_on_after_its_install_is_not_counted_back() {
    let mut build = Build::new(&known(2, None, [1; 5]), 2);
    let goal = |goal: &str| Event::Goal { goal: goal.into(), artifact: "a".into() };
    build.start("a", 0.0);
    build.take(&goal("install:3.1.4:install"), 1.0);
    assert_eq!((build.timeline.over(), build.progress.done()), (1, 1));
    build.take(&goal("japicmp:0.23.1:cmp"), 2.0);
    assert_eq!((build.timeline.over(), build.progress.done()), (1, 0), "it was told to be done");
    build.take(&Event::Ended(true), 3.0);
    assert_eq!((build.timeline.over(), build.progress.done()), (1, 1), "and not twice");
}

#[test]
fn downloads_do_not_count_against_the_pace() {
    let mut build = Build::new(&known(1, Some([10.0; 5]), [0; 5]), 1);
    build.start("a", 0.0);
    let (repository, url) = ("central".to_owned(), "https://r.example.org/a/b/1/b.jar".to_owned());
    build.take(&Event::Downloading { repository: repository.clone(), url: url.clone() }, 1.0);
    build.take(&Event::Downloaded { repository, url, bytes: Some(5) }, 61.0);
    near(build.left(61.0), 49.0);
    build.start("b", 70.0);
    near(build.left(70.0), 40.0);
    assert!((build.timeline.transfers.seconds - 60.0).abs() < 0.01);
}

proptest! {
    #[test]
    fn it_is_never_nonsense(starts in proptest::collection::vec(0.0..500.0_f64, 5), threads in 1..5_usize, measured: bool) {
        let mut starts = starts;
        starts.sort_by(f64::total_cmp);
        let mut build = Build::new(&known(threads, measured.then_some([3.0, 0.0, 7.0, f64::NAN, 1e9]), [3; 5]), threads);
        let mut shown = Shown::default();
        for (name, at) in NAMES.iter().zip(starts) {
            build.start(name, at);
            let left = build.left(at);
            prop_assert!(left.is_none_or(|left| left.is_finite() && left >= 0.0), "{left:?}");
            shown.take(left, at);
            prop_assert!(shown.say().is_none_or(|said| !said.contains('-') && !said.starts_with("0 ")));
        }
    }
}

#[test]
fn what_is_shown_goes_with_the_clock_and_does_not_jump() {
    let mut shown = Shown::default();
    assert_eq!(shown.say(), None);
    shown.take(Some(100.0), 0.0);
    assert_eq!(shown.say().as_deref(), Some("1:40 min"));
    shown.take(Some(1000.0), 0.5);
    assert_eq!(
        shown.say().as_deref(),
        Some("2:30 min"),
        "half a second does not make it ten times as much"
    );
    let mut last = 0.0;
    for second in 1..60 {
        shown.take(Some(1000.0 - f64::from(second)), f64::from(second));
        last = f64::from(second);
    }
    assert_eq!(shown.say().as_deref(), Some("16 min"));
    shown.take(None, last);
    assert_eq!(shown.say().as_deref(), Some("16 min"), "not knowing takes nothing back");
    let mut end = Shown::default();
    end.take(Some(2.0), 0.0);
    assert_eq!(end.say(), None, "too little to say");
    end.take(Some(2.0), 100_000.0);
    assert_eq!(end.say(), None);
}

#[test]
fn a_whole_log_with_two_modules_at_a_time() {
    let log = "[INFO] Reactor Build Order:\n[INFO] \n[INFO] a  [jar]\n[INFO] b  [jar]\n[INFO] c  [jar]\n[INFO] \n\
               [INFO] Using the MultiThreadedBuilder implementation with a thread count of 2\n\
               [INFO] --< g:a >--\n[INFO] Building a 1 [1/3]\n[INFO] --- jar:1:jar (x) @ a ---\n\
               [INFO] --< g:b >--\n[INFO] Building b 1 [2/3]\n[INFO] --- jar:1:jar (x) @ b ---\n\
               [INFO] --< g:c >--\n[INFO] Building c 1 [3/3]\n\
               [INFO] a .... SUCCESS [  2.000 s]\n[INFO] b .... SUCCESS [  1.000 s]\n\
               [INFO] c .... FAILURE [  3.000 s]\n[INFO] BUILD FAILURE\n";
    let mut progress = Progress::new(Timings::default());
    let mut timeline = Timeline::default();
    let mut at = 0.0;
    let mut events = Events::new();
    events.feed(log.as_bytes(), &mut |_, event| {
        at += 0.5;
        if let Some(event) = event {
            progress.apply(&event);
            timeline.take(&event, at, &progress);
        }
    });
    assert_eq!((progress.done(), progress.total()), (2, Some(3)));
    let seconds: Vec<f64> = (0..3).map(|place| timeline.seconds(place)).collect();
    assert_eq!(seconds, [2.0, 1.0, 2.0], "Maven's own measure, as far as the clock has gone");
    assert_eq!(timeline.spans[0].goals.len(), 1);
}
