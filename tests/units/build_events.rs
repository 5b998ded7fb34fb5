//! Maven's output as events, however it comes in pieces.

use onramp::maven::events::{Event, Events, Outcome};
use onramp::maven::graph::Graph;
use onramp::maven::progress::{Progress, Timings};
use onramp::maven::project::{Reactor, ReactorModule};
use proptest::prelude::*;

const LOG: &str = "\u{1b}[0m\u{1b}[0m[INFO] Scanning for projects...
[INFO] Reactor Build Order:
[INFO] 
[INFO] Shop Tools - Style       [jar]
[INFO] Shop                     [pom]
[INFO] Shop Till                [jar]
[INFO] Shop Cellar              [jar]
[INFO] 
[INFO] ------------------< org.example:style >------------------
[INFO] Building Shop Tools - Style 1.0-SNAPSHOT [1/4]
[INFO] --------------------------------[ jar ]---------------------------------
[INFO] Downloading from central: https://repo.example.org/a/b.jar
[INFO] Downloaded from central: https://repo.example.org/a/b.jar (3.1 kB at 640 B/s)
[INFO] --- maven-jar-plugin:2.4:jar (default-jar) @ style ---
[INFO] Building jar: /home/ada/shop/tools/style/target/style-1.0.jar
[INFO] --- maven-install-plugin:2.4:install (default-install) @ style ---
[WARNING] careful
[INFO] < org.example:shop >
[INFO] Building Shop 1.0-SNAPSHOT                     [2/4]
[INFO] --- install:3.1.2:install (default-install) @ shop ---
[INFO] --------< org.example:till >--------
[INFO] Building Shop Till 1.0-SNAPSHOT                [3/4]
[ERROR] oh dear
[INFO] ------------------------------------------------------------------------
[INFO] Reactor Summary for Shop 1.0-SNAPSHOT:
[INFO] 
[INFO] Shop Tools - Style ................................. SUCCESS [ 14.324 s]
[INFO] Shop ............................................... SUCCESS [01:11 min]
[INFO] Shop Till .......................................... FAILURE [01:02 h]
[INFO] Shop Cellar ........................................ SKIPPED
[INFO] BUILD FAILURE
[INFO] Total time:  23:01 min (Wall Clock)
[ERROR]   mvn <args> -rf :till
";

fn read(pieces: &[&[u8]]) -> (Vec<String>, Vec<Event>) {
    let (mut lines, mut seen) = (Vec::new(), Vec::new());
    let mut events = Events::new();
    let mut each = |line: &str, event: Option<Event>| {
        lines.push(line.to_owned());
        seen.extend(event);
    };
    for piece in pieces {
        events.feed(piece, &mut each);
    }
    events.finish(&mut each);
    (lines, seen)
}

fn summary(name: &str, outcome: Outcome, seconds: Option<f64>) -> Event {
    Event::Summary { name: name.into(), outcome, seconds }
}

fn started(artifact: &str, name: &str, k: usize) -> Event {
    Event::Started { artifact: artifact.into(), name: name.into(), place: Some((k, 4)) }
}

fn goal(goal: &str, artifact: &str) -> Event {
    Event::Goal { goal: goal.into(), artifact: artifact.into() }
}

#[test]
fn every_event_once() {
    let (_, events) = read(&[LOG.as_bytes()]);
    let url = "https://repo.example.org/a/b.jar".to_owned();
    assert_eq!(
        events,
        [
            Event::OrderBegins,
            Event::Ordered("Shop Tools - Style".into()),
            Event::Ordered("Shop".into()),
            Event::Ordered("Shop Till".into()),
            Event::Ordered("Shop Cellar".into()),
            started("style", "Shop Tools - Style", 1),
            Event::Downloading { repository: "central".into(), url: url.clone() },
            Event::Downloaded { repository: "central".into(), url, bytes: Some(3100) },
            goal("maven-jar-plugin:2.4:jar", "style"),
            goal("maven-install-plugin:2.4:install", "style"),
            Event::Warning,
            started("shop", "Shop", 2),
            goal("install:3.1.2:install", "shop"),
            started("till", "Shop Till", 3),
            Event::Error("oh dear".into()),
            summary("Shop Tools - Style", Outcome::Success, Some(14.324)),
            summary("Shop", Outcome::Success, Some(71.0)),
            summary("Shop Till", Outcome::Failure, Some(3720.0)),
            summary("Shop Cellar", Outcome::Skipped, None),
            Event::Ended(false),
            Event::Total(1381.0),
            Event::Resume(":till".into()),
        ]
    );
}

proptest! {
    #[test]
    fn pieces_do_not_matter(cuts in proptest::collection::vec(0..LOG.len(), 0..40)) {
        let mut cuts = cuts;
        cuts.extend([0, LOG.len()]);
        cuts.sort_unstable();
        let pieces: Vec<&[u8]> = cuts.windows(2).map(|w| &LOG.as_bytes()[w[0]..w[1]]).collect();
        prop_assert_eq!(read(&pieces), read(&[LOG.as_bytes()]));
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let (lines, _) = read(&[&bytes]);
        prop_assert!(lines.iter().all(|line| !line.contains(|c: char| c.is_control() && c != '\t')));
    }
}

#[test]
fn odd_bytes_and_endless_lines() {
    let (lines, _) = read(&[b"10%\r50%\r100%\r\n\x1b[1;31m[INFO]\x1b[m a\0b\xff\n"]);
    assert_eq!(lines, ["100%", "[INFO] ab\u{fffd}"]);
    let long = vec![b'x'; 3 << 20];
    let (lines, _) = read(&[&long[..1 << 20], &long[1 << 20..], b"\n[INFO] BUILD SUCCESS"]);
    assert_eq!(lines.len(), 2);
    assert!(lines[0].len() < 70_000 && lines[0].ends_with(" ..."));
}

fn follow(progress: &mut Progress, log: &str) {
    let (_, events) = read(&[log.as_bytes()]);
    events.iter().for_each(|event| progress.apply(event));
}

#[test]
fn one_at_a_time_the_next_start_ends_a_module() {
    let mut progress = Progress::new(Timings::default());
    follow(&mut progress, LOG.split("[ERROR] oh dear").next().unwrap());
    assert_eq!((progress.done(), progress.total()), (2, Some(4)));
    assert_eq!(progress.running().map(|m| m.artifact.as_str()).collect::<Vec<_>>(), ["till"]);
    assert_eq!(progress.resume_from(&[]).as_deref(), Some("till"));
    follow(&mut progress, LOG.split("[ERROR] oh dear").nth(1).unwrap());
    assert_eq!((progress.success, progress.done()), (Some(false), 2));
    assert_eq!(progress.slowest(1), [("Shop Till", 3720.0)]);
    let kept = progress.timings();
    assert_eq!(kept.modules.len(), 2, "only what was built tells how long building takes");
    assert_eq!(Timings::read(&kept.write()), kept);
    assert_eq!(Timings::read(b"{\"modules\": 3}"), Timings::default());
}

const PARALLEL: &str = "[INFO] Reactor Build Order:
[INFO] 
[INFO] One  [jar]
[INFO] Two  [jar]
[INFO] Three  [jar]
[INFO] 
[INFO] Using the MultiThreadedBuilder implementation with a thread count of 2
[INFO] ---< g:one >---
[INFO] ---< g:two >---
[INFO] Building One 1 [1/3]
[INFO] Building Two 1 [2/3]
[INFO] --- maven-jar-plugin:1:jar (x) @ one ---
[INFO] --- maven-install-plugin:1:install (x) @ two ---
";

#[test]
fn several_at_a_time_installing_ends_a_module() {
    let mut progress = Progress::new(Timings::default());
    follow(&mut progress, PARALLEL);
    assert_eq!((progress.done(), progress.total()), (1, Some(3)));
    let running: Vec<_> =
        progress.running().map(|m| (m.artifact.as_str(), m.goal.as_deref())).collect();
    assert_eq!(running, [("one", Some("maven-jar-plugin:1:jar"))]);
    assert_eq!(progress.resume_from(&[]).as_deref(), Some("one"), "though two is done");
}

#[test]
fn a_module_that_never_started_is_found_by_its_name() {
    let mut progress = Progress::new(Timings::default());
    let log =
        PARALLEL.replace("Building One 1", "Building Three 1").replace("< g:one >", "< g:three >");
    follow(&mut progress, &log);
    let names = [("g-one".to_owned(), "One".to_owned())];
    assert_eq!(progress.resume_from(&names).as_deref(), Some("g-one"));
    assert_eq!(progress.resume_from(&[]), None);
}

#[test]
fn what_failed_is_not_done_though_the_next_one_took_its_place() {
    let mut progress = Progress::new(Timings::default());
    let begin = PARALLEL.replace("maven-install-plugin:1:install", "maven-jar-plugin:1:jar");
    follow(&mut progress, &begin);
    // The thread of `two` is free because it failed.
    follow(&mut progress, "[INFO] ---< g:three >---\n[INFO] Building Three 1 [3/3]\n");
    let done = |progress: &Progress| {
        let done = progress.started().iter().filter(|module| module.done);
        done.map(|module| module.artifact.clone()).collect::<Vec<_>>()
    };
    let taken = done(&progress);
    assert_eq!(taken.len(), 1, "{taken:?}");
    let title = titled(&taken[0]);
    follow(&mut progress, &format!("[INFO] {title} ...... FAILURE [  1.250 s]\n"));
    assert!(done(&progress).is_empty(), "{taken:?}");
}

#[test]
fn two_that_start_at_once_are_not_taken_for_each_other() {
    let (one, two) = ("[INFO] Building One 1 [1/3]\n", "[INFO] Building Two 1 [2/3]\n");
    let begin = PARALLEL.replace(&format!("{one}{two}"), &format!("{two}{one}"));
    let log =
        format!("{begin}[INFO] One ... FAILURE [  1.250 s]\n[INFO] Two ... FAILURE [  1 s]\n");
    let mut progress = Progress::new(Timings::default());
    follow(&mut progress, &log);
    assert_eq!(progress.resume_from(&reactor().names()).as_deref(), Some("one"));
    let mut progress =
        Progress::new(Timings::default()).knowing(&reactor(), &Graph::of(&reactor()));
    follow(&mut progress, &log);
    for module in progress.started() {
        assert_eq!(module.name, titled(&module.artifact));
    }
}

#[test]
fn times_in_digits_of_other_scripts() {
    let arabic = "[INFO] Shop ...... SUCCESS [  \u{661}\u{662}.\u{665}\u{660}\u{660} s]";
    assert_eq!(read(&[arabic.as_bytes()]).1, [summary("Shop", Outcome::Success, Some(12.5))]);
    let persian = "[INFO] Total time:  \u{6f0}\u{6f1}:\u{6f4}\u{6f7} min (Wall Clock)";
    assert_eq!(read(&[persian.as_bytes()]).1, [Event::Total(107.0)]);
}

#[test]
fn one_that_starts_tells_that_those_it_waits_for_are_done() {
    let mut progress =
        Progress::new(Timings::default()).knowing(&reactor(), &Graph::of(&reactor()));
    follow(
        &mut progress,
        &PARALLEL.replace("maven-install-plugin:1:install", "maven-jar-plugin:1:jar"),
    );
    assert_eq!(progress.done(), 0, "both are at work");
    follow(&mut progress, "[INFO] ---< g:three >---\n[INFO] Building Three 1 [3/3]\n");
    assert_eq!(progress.done(), 1, "two threads, and three waits for two");
    let running: Vec<_> = progress.running().map(|m| m.artifact.as_str()).collect();
    assert_eq!(running, ["one", "three"]);
    follow(&mut progress, "[INFO] --- maven-site-plugin:1:attach (x) @ two ---\n");
    assert_eq!(progress.done(), 0, "one that goes on was not done");
}

/// `One` for `one`.
fn titled(artifact: &str) -> String {
    format!("{}{}", artifact[..1].to_uppercase(), &artifact[1..])
}

fn reactor() -> Reactor {
    let module = |artifact: &str, needs: &str| {
        let needs = format!("<groupId>g</groupId><artifactId>{needs}</artifactId>");
        let text = format!(
            "<project><groupId>g</groupId><artifactId>{artifact}</artifactId><name>{}</name>\
             <dependencies><dependency>{needs}</dependency></dependencies></project>",
            titled(artifact)
        );
        ReactorModule {
            folder: artifact.into(),
            file: format!("{artifact}/pom.xml").into(),
            pom: onramp::maven::pom::parse(text.as_bytes()).unwrap(),
        }
    };
    let modules = [module("one", "x"), module("two", "x"), module("three", "two")];
    Reactor { modules: modules.into(), problems: Vec::new() }
}
