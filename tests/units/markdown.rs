//! Markdown pages, read back by a CommonMark parser.

use onramp::finding::{Excuse, Outcome, Place, Severity};
use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::github::{any_finding, finding};
use crate::support::report::{report, told};

/// What the page holds beside words: tags opened, and the text of each cell.
fn read(page: &str) -> (Vec<String>, Vec<String>) {
    let (mut tags, mut cells, mut inside) = (Vec::new(), Vec::new(), None::<String>);
    for event in Parser::new_ext(page, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH) {
        match event {
            Event::Start(Tag::TableCell) => inside = Some(String::new()),
            Event::End(TagEnd::TableCell) => cells.extend(inside.take()),
            Event::Start(tag) => {
                let name = format!("{tag:?}");
                tags.push(name.split(['(', ' ']).next().unwrap_or_default().to_owned());
            }
            Event::Html(text) | Event::InlineHtml(text) => panic!("HTML: {text}"),
            Event::Text(text) | Event::Code(text) => {
                inside.iter_mut().for_each(|cell| cell.push_str(&text));
            }
            _ => {}
        }
    }
    (tags, cells)
}

fn page(findings: Vec<onramp::finding::Finding>) -> String {
    told("markdown", &report(findings), Severity::Error).0
}

#[test]
fn what_comes_from_outside_stays_words() {
    let hostile = "a | b <img src=x> [link](http://evil) ![i](x) `code | x` **b** @apache/all #12 \
                   ~~no~~ $x$ :tada: https://evil\n# head\n```\n---";
    let mut bad = finding(Outcome::Fail, hostile);
    bad.place = Some(Place { file: Some("a|b.md".into()), line: Some(2), commit: None });
    bad.fix = Some("```\n</details>\nrun `this`\n````".into());
    let page = page(vec![bad, finding(Outcome::Unknown, "no network")]);
    let (tags, cells) = read(&page);
    let wanted = hostile.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(cells[6], wanted, "{page}");
    assert_eq!(cells[7], "a|b.md:2");
    assert_eq!(cells[8], "? could not be told");
    assert_eq!(cells.len(), 12, "{page}");
    assert!(page.contains("`@apache/all`") && page.contains("`#12`"), "{page}");
    let allowed = ["Heading", "Paragraph", "Table", "TableHead", "TableRow", "CodeBlock", "Link"];
    assert!(tags.iter().all(|tag| allowed.contains(&tag.as_str())), "{tags:?}\n{page}");
    assert_eq!(tags.iter().filter(|tag| *tag == "Link").count(), 2, "sources alone\n{page}");
    assert!(page.starts_with("## onramp: something failed\n\n1 failed · 1 could not be told\n"));
}

#[test]
fn what_is_excused_says_why() {
    let mut old = finding(Outcome::Fail, "old");
    old.excused = Some(Excuse::Waiver { reason: "next week".into(), until: "2027-01-31".into() });
    let page = page(vec![finding(Outcome::Pass, "fine"), old]);
    assert!(page.starts_with("## onramp: nothing failed\n"), "{page}");
    assert!(page.contains("\n1 excused · 1 ok\n") && page.contains("○ excused"), "{page}");
    assert!(page.contains("old (waived until 2027-01-31\\: next week)"), "{page}");
}

#[test]
fn a_place_that_the_words_name_is_not_said_twice() {
    let mut bad = finding(Outcome::Fail, "a.sh has no licence header");
    bad.place = Some(Place { file: Some("a.sh".into()), line: None, commit: None });
    let page = page(vec![bad]);
    assert!(page.contains("\n\na.sh has no licence header\n"), "{page}");
}

proptest! {
    #[test]
    fn no_finding_writes_markdown(findings in prop::collection::vec(any_finding(), 0..12)) {
        let open = findings.iter().filter(|finding| finding.outcome > Outcome::Skip).count();
        let page = page(findings);
        let (tags, cells) = read(&page);
        let rows = if open > 0 { (open + 1) * 4 } else { 0 };
        prop_assert_eq!(cells.len(), rows, "{}", page);
        let count = |name: &str| tags.iter().filter(|tag| *tag == name).count();
        prop_assert_eq!(count("Heading"), count("Link") + 1, "{}", page);
        let forbidden = ["Image", "List", "BlockQuote", "Emphasis", "Strong", "Strikethrough"];
        prop_assert!(!tags.iter().any(|tag| forbidden.contains(&tag.as_str())), "{}", page);
        let safe = page.chars().all(|c| c == '\n' || !c.is_control());
        prop_assert!(safe, "{}", page);
    }
}
