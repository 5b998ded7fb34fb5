//! Lines mended one by one: what is the branch's own changes, and nothing else.

use onramp::fix::commit::{Branch, commands};
use onramp::fix::header::{header, with_header};
use onramp::fix::mend::{Mend, Own, mend};
use onramp::pack::mend::Way;
use proptest::prelude::*;

use crate::support::cloudstack::LICENCE;

fn whole() -> Own {
    Own::new(vec![1..=u64::MAX], Vec::new())
}

#[track_caller]
fn becomes(text: &str, ways: &[Way], own: &Own, wanted: &str) {
    let mends: Vec<Mend> = ways.iter().map(|way| Mend { way: *way, line: None }).collect();
    let mended = mend(text.as_bytes(), own, &mends);
    assert_eq!(String::from_utf8_lossy(&mended), wanted);
    assert_eq!(mend(&mended, own, &mends), mended, "a second time changes nothing");
}

#[test]
fn each_way_does_what_it_says() {
    let cases: [(Way, &str, &str); 15] = [
        (Way::CutBlanks, "a \nb\t \n\u{c}\nc", "a\nb\n\nc"),
        (Way::CutBlanks, "a \r\nb", "a\r\nb"),
        (Way::CutBlanksOfMarkdown, "a  \nb   \nc \n  \nd\t\n", "a  \nb  \nc\n\nd\n"),
        (Way::EndOnce, "a", "a\n"),
        (Way::EndOnce, "a\r\nb", "a\r\nb\r\n"),
        (Way::EndOnce, "a\n\n\n", "a\n"),
        (Way::EndOnce, "\n\n", ""),
        (Way::EndLinesAlike, "a\r\nb\nc\n", "a\nb\nc\n"),
        (Way::EndLinesAlike, "a\r\nb\nc\r\n", "a\r\nb\r\nc\r\n"),
        (Way::EndLinesAsUnix, "a\r\nb\nc\r\n", "a\nb\nc\n"),
        (Way::DropByteOrderMark, "\u{feff}a\n", "a\n"),
        (Way::Indent, "\ta\n  \tb\tc\n", "    a\n    b\tc\n"),
        (Way::Indent, "String a = \"\"\"\n\tb\"\"\";\n", "String a = \"\"\"\n\tb\"\"\";\n"),
        (Way::MayRun, "a \n", "a \n"),
        (Way::DropImport, "import a.B;\n", "import a.B;\n"),
    ];
    for (way, text, wanted) in cases {
        becomes(text, &[way], &whole(), wanted);
    }
}

#[test]
fn only_lines_of_the_branch_change() {
    let own = Own::new(vec![2..=2, 4..=9], vec![5..=6]);
    becomes("a \nb \nc \nd \ne \nf ", &[Way::CutBlanks], &own, "a \nb\nc \nd\ne \nf ");
    becomes("a\r\nb\r\nc\r\nd\n", &[Way::EndLinesAlike], &own, "a\r\nb\r\nc\r\nd\r\n");
    // The end belongs to somebody else, or to work that was not committed yet.
    becomes("a\nb\nc", &[Way::EndOnce], &own, "a\nb\nc");
    becomes("a\nb\nc\nd\n\n\n", &[Way::EndOnce], &own, "a\nb\nc\nd\n\n\n");
}

#[test]
fn an_import_goes_by_its_line_and_only_if_it_is_one() {
    let text = b"package a;\nimport b.C;\nimport b.D;\nclass E {}\n";
    let drop = |lines: &[u64]| {
        let mends: Vec<Mend> =
            lines.iter().map(|line| Mend { way: Way::DropImport, line: Some(*line) }).collect();
        String::from_utf8(mend(text, &whole(), &mends)).unwrap()
    };
    assert_eq!(drop(&[2]), "package a;\nimport b.D;\nclass E {}\n");
    assert_eq!(drop(&[2, 3]), "package a;\nclass E {}\n");
    assert_eq!(drop(&[0, 1, 4, 9]), String::from_utf8_lossy(text));
}

#[test]
fn several_ways_work_in_an_order_that_needs_no_second_run() {
    let text = "\u{feff}# a\r\nb \n  \n\n";
    let ways = [Way::EndOnce, Way::CutBlanks, Way::EndLinesAlike, Way::DropByteOrderMark];
    becomes(text, &ways, &whole(), "# a\nb\n");
}

#[test]
fn the_words_to_commit_fit_the_branch() {
    let one = Branch { commits: 1, pushed: false, nothing_else: false };
    assert_eq!(
        commands(&one, &["a b.txt", "-c"], &[]),
        ["git commit --amend --no-edit -- 'a b.txt' -c"]
    );
    let pushed = Branch { pushed: true, ..one.clone() };
    assert_eq!(
        commands(&pushed, &["a"], &[]),
        ["git commit --amend --no-edit -- a", "git push --force-with-lease"]
    );
    let several = Branch { commits: 3, pushed: true, nothing_else: true };
    let many: Vec<String> = (0..20).map(|number| format!("f{number}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    assert_eq!(
        commands(&several, &many, &[]),
        ["git commit --message \"Clean up what the checks found\" --all", "git push"]
    );
    assert_eq!(
        commands(&one, &["a"], &["b"]),
        ["git add --patch -- b", "git add -- a", "git commit --amend --no-edit"]
    );
}

/// The words of the licence, each line after a sign.
fn licence(sign: &str) -> String {
    LICENCE.lines().map(|line| format!("{sign}{line}").trim_end().to_owned() + "\n").collect()
}

#[test]
fn a_header_is_taken_over_with_its_signs() {
    let hashes = licence("# ");
    assert_eq!(
        header(format!("#!/bin/sh\n{hashes}\necho\n").as_bytes()),
        Some(hashes.clone() + "\n")
    );
    assert_eq!(header(format!("#!/bin/sh\n#\n{hashes}echo\n").as_bytes()), Some(hashes.clone()));
    let dashes = licence("-- ");
    assert_eq!(header(format!("{dashes}SELECT 1;\n").as_bytes()), Some(dashes));
    let block = format!("/*\n{} */\n", licence(" * "));
    assert_eq!(header(format!("{block}package a;\n").as_bytes()), Some(block));
    let markup = format!("<!--\n{}-->\n", licence("  "));
    assert_eq!(header(format!("<?xml version=\"1.0\"?>\n{markup}<a/>\n").as_bytes()), Some(markup));
    for other in [
        String::new(),
        "# Copyright 2020 Somebody\n".to_owned() + &licence("").replace("Licensed to", "Given to"),
        format!("/*\n * Copyright 2020 Somebody\n{} */\n", licence(" * ")),
        licence(""),
        hashes.replace("# \"License\"", "\"License\""),
    ] {
        assert_eq!(header(other.as_bytes()), None, "{other}");
    }
}

#[test]
fn a_header_goes_below_what_must_stand_first() {
    let cases = [
        ("a\n", "# L\na\n"),
        ("#!/bin/sh\na\n", "#!/bin/sh\n# L\na\n"),
        (
            "#!/usr/bin/python3\n# -*- coding: utf-8 -*-\na\n",
            "#!/usr/bin/python3\n# -*- coding: utf-8 -*-\n# L\na\n",
        ),
        ("<?xml version=\"1.0\"?>\n<a/>\n", "<?xml version=\"1.0\"?>\n# L\n<a/>\n"),
        ("a\r\nb\r\n", "# L\r\na\r\nb\r\n"),
        ("", "# L\n"),
    ];
    for (text, wanted) in cases {
        assert_eq!(String::from_utf8(with_header(text.as_bytes(), "# L\n")).unwrap(), wanted);
    }
}

proptest! {
    #[test]
    fn whatever_the_text_a_second_time_changes_nothing(
        text in proptest::collection::vec(prop_oneof![
            Just(b' '), Just(b'\t'), Just(b'\n'), Just(b'\r'), Just(b'a'), any::<u8>()
        ], 0..200),
        from in 1_u64..9,
        length in 0_u64..9,
    ) {
        let own = Own::new(vec![from..=from + length], Vec::new());
        let ways = [Way::Indent, Way::CutBlanks, Way::EndLinesAsUnix];
        let mends: Vec<Mend> = ways.into_iter().map(|way| Mend { way, line: None }).collect();
        let mended = mend(&text, &own, &mends);
        prop_assert_eq!(mend(&mended, &own, &mends), mended.clone());
        let lines = |text: &[u8]| text.split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect::<Vec<_>>();
        for (number, (old, new)) in (1..).zip(lines(&text).into_iter().zip(lines(&mended))) {
            prop_assert!(old == new || (from..=from + length).contains(&number));
        }
    }
}
