//! What is kept of a build: warnings once, tests, the critical path; and what is made of it.

use onramp::maven::evidence;
use onramp::maven::graph::Graph;
use onramp::maven::record::{Asked, Downloads, Ending, Goal, Module, ModuleEnding, Record};
use onramp::maven::recorder::{Known, Recorder, short};
use onramp::maven::timeline::Timeline;
use onramp::maven::{surefire, warnings};
use onramp::report::build::text::headline;
use onramp::report::build::{compare, page};

/// A record of modules, each waiting for the one that it names.
fn record(seconds: f64, modules: &[(&str, f64, f64)]) -> Record {
    let (_, progress) = evidence::read(b"");
    let known = Known {
        started: 1_800_000_000,
        seconds,
        ending: Ending::Passed,
        asked: Asked { goals: "install".into(), threads: 2, jdk: Some(17), maven: None },
        graph: &Graph::default(),
        artifacts: &[],
    };
    let mut record = Recorder::new("/tree").record(&progress, &Timeline::default(), known);
    record.modules =
        modules.iter().map(|(name, from, seconds)| module(name, *from, *seconds)).collect();
    record
}

fn module(name: &str, from: f64, seconds: f64) -> Module {
    Module {
        artifact: name.into(),
        name: name.into(),
        ending: ModuleEnding::Built,
        from,
        seconds,
        fetching: 0.0,
        needs: Vec::new(),
        goals: Vec::new(),
    }
}

fn text(lines: &[onramp::text::Line]) -> String {
    let line = |line: &onramp::text::Line| {
        line.0.iter().map(|(_, text)| text.as_str()).collect::<String>()
    };
    lines.iter().map(|each| line(each) + "\n").collect()
}

#[test]
fn a_warning_counts_once_however_often_it_is_said() {
    let mut reader = warnings::Reader::new("/tree");
    for line in 1..=300 {
        let new = reader.take(&format!(" /tree/a/A.java:[{line},4] raw type"), line, Some("a"));
        assert_eq!(new, line == 1);
    }
    assert!(!reader.take(" ---", 301, None), "a line without a word says nothing");
    for line in 0..1000 {
        reader.take(&format!("warning {line}"), line, None);
    }
    let warnings = reader.warnings;
    assert_eq!((warnings.lines, warnings.different.len(), warnings.beyond), (1300, 500, 501));
    let first = &warnings.different[0];
    assert_eq!((first.text.as_str(), first.count, first.line), ("raw type", 300, 1));
    assert_eq!(first.place.as_deref(), Some("a/A.java:[1,4]"));
}

#[test]
fn what_stands_in_a_frame_is_one_warning() {
    let mut reader = warnings::Reader::new("/tree");
    let frame = "*".repeat(60);
    for line in [
        frame.as_str(),
        "* Your build is parallel, but *",
        "* a plug-in is not. *",
        &frame,
        "other",
    ] {
        reader.take(line, 8, None);
    }
    let texts: Vec<&str> = reader.warnings.different.iter().map(|w| w.text.as_str()).collect();
    assert_eq!(texts, ["Your build is parallel, but a plug-in is not.", "other"]);
    let mut open = warnings::Reader::new("/tree");
    open.take(&frame, 1, None);
    for line in 0..40 {
        open.take(&format!("warning {line}"), line, None);
    }
    assert!(open.warnings.different.len() > 20, "a frame that never ends hides nothing more");
}

#[test]
fn the_place_of_a_warning_is_told_apart_from_its_text() {
    for (text, place, said) in [
        (
            "/tree/a/B.java: Some input files are odd.",
            Some("a/B.java"),
            "Some input files are odd.",
        ),
        (
            "/tree/a/B.java: /tree/a/B.java uses odd things.",
            Some("a/B.java"),
            "this file uses odd things.",
        ),
        ("/else/x/B.kt:7:3: odd", Some("/else/x/B.kt:7:3"), "odd"),
        (
            "'build.plugins.plugin.version' is missing. @ line 3",
            None,
            "'build.plugins.plugin.version' is missing. @ line 3",
        ),
        ("see https://e.org/a.html: it tells", None, "see https://e.org/a.html: it tells"),
        ("a/B.java:", None, "a/B.java:"),
    ] {
        let mut reader = warnings::Reader::new("/tree/");
        reader.take(text, 1, None);
        let warning = &reader.warnings.different[0];
        assert_eq!((warning.place.as_deref(), warning.text.as_str()), (place, said));
    }
}

#[test]
fn test_classes_of_every_surefire() {
    let mut reader = surefire::Reader::default();
    for line in [
        "[INFO] Running org.example.ATest",
        "[INFO] Tests run: 3, Failures: 0, Errors: 0, Skipped: 1, Time elapsed: 0.05 s - in org.example.ATest",
        "[ERROR] Tests run: 2, Failures: 1, Errors: 1, Skipped: 0, Time elapsed: 1.794 s <<< FAILURE! -- in org.example.BTest",
        "Running org.example.CTest",
        "Tests run: 4, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 1,000.5 sec",
        "[INFO] Tests run: 9, Failures: 1, Errors: 1, Skipped: 1",
        "Tests run: many, Failures: 0",
        "Running org.example.DTest",
        "Running org.example.ETest",
        "Tests run: 1, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 2,000 sec",
    ] {
        reader.take(line, Some("a"));
    }
    let tests = reader.tests;
    assert_eq!((tests.classes, tests.counts.run, tests.counts.failed), (4, 10, 1));
    assert_eq!(tests.slowest[0].name, "org.example.CTest");
    assert_eq!(tests.failed[0].name, "org.example.BTest");
}

#[test]
fn goals_are_named_shortly() {
    assert_eq!(short("maven-compiler-plugin:3.8.1:compile"), "compiler:compile");
    assert_eq!(short("compiler:3.8.1:compile"), "compiler:compile");
    assert_eq!(short("exec-maven-plugin:1.2.1:exec"), "exec:exec");
    assert_eq!(short("apache-rat-plugin:0.16:check"), "apache-rat:check");
    assert_eq!(short("odd"), "odd");
}

#[test]
fn two_runs_of_the_same_build_do_not_differ() {
    let modules = [("a", 0.0, 10.0), ("b", 10.0, 20.0)];
    let noisy = [("a", 0.0, 11.0), ("b", 11.0, 18.0)];
    let said = text(&compare::lines(&record(30.0, &modules), &record(32.0, &noisy), &|_| false));
    assert_eq!(said, "as fast as before: 32 s, before 30 s\n");
}

#[test]
fn a_slower_machine_is_no_slower_module() {
    let names = ["a", "b", "c", "d", "e"];
    let before: Vec<_> = names.map(|name| (name, 0.0, 10.0)).into();
    let mut now: Vec<_> = names.map(|name| (name, 0.0, 20.0)).into();
    now[4].2 = 60.0;
    let said = text(&compare::lines(&record(50.0, &before), &record(140.0, &now), &|_| false));
    assert!(said.starts_with("1:30 min (180 %) slower: 2:20 min, before 50 s\n"), "{said}");
    assert!(said.contains("an ordinary module took 2.0 times as long"), "{said}");
    assert!(
        said.contains(
            "modules    e: 1:00 min instead of 10 s, 40 s (200 %) slower than the others\n"
        ),
        "{said}"
    );
    assert!(!said.contains(" a: "), "{said}");
}

#[test]
fn what_was_fetched_is_no_slower_module() {
    let (mut before, mut now) =
        (record(90.0, &[("a", 0.0, 80.0)]), record(20.0, &[("a", 0.0, 10.0)]));
    (before.modules[0].fetching, before.downloads.seconds) = (70.0, 70.0);
    (before.downloads.files, before.downloads.bytes) = (3, 2048);
    let said = text(&compare::lines(&before, &now, &|_| false));
    assert!(said.starts_with("1:10 min (78 %) faster: 20 s, before 1:30 min\n"), "{said}");
    let told =
        "downloads  none, before 3 files, 2 KiB, in 1:10 min; the modules' times are without it\n";
    assert!(said.contains(told) && !said.contains("a: "), "{said}");
    // As many files, far sooner.
    now.downloads = Downloads { seconds: 2.0, ..before.downloads.clone() };
    let said = text(&compare::lines(&before, &now, &|_| false));
    assert!(said.contains("downloads  3 files, 2 KiB, in 2 s, before 3 files"), "{said}");
}

#[test]
fn goals_of_a_module_that_failed_are_no_faster() {
    let of = |ending, seconds| {
        let mut record = record(seconds, &[("a", 0.0, seconds), ("b", 0.0, 5.0)]);
        let goal = |seconds| Goal { goal: "surefire:3:test".into(), from: 0.0, seconds };
        record.modules[0].goals = vec![goal(seconds)];
        record.modules[0].ending = ending;
        record.modules[1].goals = vec![goal(5.0)];
        record
    };
    let told =
        |now: &Record| text(&compare::lines(&of(ModuleEnding::Built, 60.0), now, &|_| false));
    let failed = told(&of(ModuleEnding::Failed, 2.0));
    assert!(!failed.contains("surefire") && !failed.contains("a: "), "{failed}");
    let slower = told(&of(ModuleEnding::Built, 90.0));
    assert!(slower.contains("surefire:test: 30 s (46 %) slower, 1:35 min"), "{slower}");
}

#[test]
fn what_was_built_once_only_stands_apart_from_its_label() {
    let (before, now) = (record(30.0, &[("a", 0.0, 10.0)]), record(30.0, &[("b", 0.0, 50.0)]));
    let said = text(&compare::lines(&before, &now, &|_| false));
    assert!(said.contains("only now   b\nno longer  a\n"), "{said}");
    let mut failed = record(2.0, &[]);
    (failed.ending, failed.chosen) = (Ending::Failed, Some(7));
    let said = text(&[headline(&failed)]);
    assert!(said.starts_with("failed after 2 s, before the first module, begun"), "{said}");
}

#[test]
fn a_page_of_hostile_names_is_still_a_page() {
    let name = "</title><script>alert(1)</script>\"'&\u{202e}@BODY@";
    let mut record = record(5.0, &[(name, 0.0, 2.0), ("b", 1.0, 0.0), ("c", 0.0, f64::MAX)]);
    record.critical_path = vec![name.into(), "b".into()];
    record.asked.goals = name.into();
    let html = page::write(&record, name, &|_| false);
    assert!(!html.contains("<script") && !html.contains('\u{202e}'), "{html}");
    assert_eq!(html.matches("</title>").count(), 1 + html.matches("<title>").count() - 1);
    assert!(!html.contains("NaN") && !html.contains("inf"), "{html}");
    let svg = &html[html.find("<svg").unwrap()..html.find("</svg>").unwrap() + 6];
    let mut reader = quick_xml::Reader::from_str(svg);
    loop {
        match reader.read_event() {
            Ok(quick_xml::events::Event::Eof) => break,
            Ok(_) => {}
            Err(error) => panic!("{error}: {svg}"),
        }
    }
}
