//! Commit messages that an attacker or an accident wrote, in drafts: they stay words.

use onramp::pr::quote::hidden;
use onramp::pr::template::{Role, Template};
use proptest::prelude::*;
use pulldown_cmark::{Event, LinkType, Tag};
use regex::Regex;

use super::pr_draft::{FILLED, drafted};
use super::pr_kind::commit;
use super::pr_quote::{mentions, parse, shown};
use super::pr_template::{TODAY, any_template};

/// What an attacker or an accident puts into a commit message.
fn any_message() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "### Types of changes",
        "## x",
        "#",
        "- [x] Bug fix",
        "- [ ] a",
        "* [X] y",
        "1. z",
        "1. [x] q",
        "<!--",
        "-->",
        "<b>",
        "</details>",
        "<script>alert(1)</script>",
        "@ada",
        "@org/team",
        "a@b.example",
        "`",
        "``",
        "```",
        "````java",
        "~~~",
        "===",
        "---",
        "| a | b |",
        "|---|---|",
        "[a]: http://x.example",
        "[^1]: note",
        "![i](http://x.example/i.png)",
        "[l](javascript:alert)",
        "https://x.example/@ada?a=<b>",
        "&lt;",
        "&#64;ada",
        "\\",
        "\\@ada",
        "\u{1b}[31m",
        "\u{202e}",
        "\u{0}",
        "\r",
        "    @ada",
        "\t@ada",
        "> quoted @ada",
        "$$",
        ":::",
        "**bold",
        "_@ada_",
        "word",
        "Fixes: #1",
        "Fixes #2 @ada",
        "so it closes GH-3",
        "resolved:\u{200b} #4",
        "fixes\n#5",
        "_fixes_ #6 fix: owner/name#7",
        "fixes https://github.com/apache/cloudstack/issues/8",
        "<!-- fixes #9 -->",
        "<details><summary>x</summary>",
        "\u{200b}\u{2060}\u{ad}hidden\u{3164}",
        "é@ada",
        "-",
        "+",
        "%%{",
        "<https://x.example>",
        "<ada@x.example>",
        "+++",
        "term\n: definition",
        "[!NOTE]",
        "> [!NOTE]",
    ]);
    let ending = prop::sample::select(vec!["\n", "\n\n", " ", "", "\n  ", "\n    "]);
    prop::collection::vec((piece, ending), 0..16)
        .prop_map(|parts| parts.into_iter().flat_map(|(piece, end)| [piece, end]).collect())
}

/// Everything of a page that is not plain words.
fn structure(body: &str) -> (Vec<String>, usize) {
    let (mut seen, mut ticked) = (Vec::new(), 0);
    for event in parse(body) {
        match event {
            Event::Start(Tag::Heading { level, .. }) => seen.push(format!("{level}")),
            Event::TaskListMarker(on) => {
                seen.push("box".into());
                ticked += usize::from(on);
            }
            _ => {}
        }
    }
    (seen, ticked)
}

proptest! {
    #[test]
    fn hostile_messages_stay_words(
        subject in any_message(), body in any_message(), more in any_message(), several in any::<bool>(),
    ) {
        let subject = subject.replace('\n', " ");
        let mut commits = vec![commit("1a2b3c4", &subject, &body, &["A.java"])];
        if several {
            commits.push(commit("5d6e7f8", &subject, &more, &["B.java"]));
        }
        let draft = drafted(TODAY, &commits);
        let (seen, ticked) = structure(&draft.body);
        prop_assert_eq!(seen, structure(TODAY).0, "{}", draft.body);
        prop_assert_eq!(ticked, 1, "{}", draft.body);
        let own = drafted(TODAY, &[commit("1a2b3c4", "x", "", &["A.java"])]).body + FILLED;
        for event in parse(&draft.body) {
            match event {
                Event::Html(html) | Event::InlineHtml(html) => {
                    prop_assert!(html.trim().is_empty() || html.lines().all(|line| own.contains(line)), "{html:?} in {}", draft.body);
                }
                Event::Start(Tag::Link { link_type, .. }) => prop_assert_eq!(link_type, LinkType::Autolink),
                Event::Start(Tag::Image { .. } | Tag::Table(_) | Tag::FootnoteDefinition(_) | Tag::DefinitionList)
                | Event::FootnoteReference(_) => prop_assert!(false, "{}", draft.body),
                _ => {}
            }
        }
        let closes = Regex::new(r"(?i-u)\b(fix(es|ed)?|close[sd]?|resolve[sd]?)[:\s]+(#|gh-)\d").unwrap();
        for run in shown(&draft.body) {
            // Only what is on a line of its own closes, and the author is told of it.
            let own = run.lines().all(|line| line.starts_with("Fixes: #") || !closes.is_match(line));
            prop_assert!(own, "{run:?} in {}", draft.body);
            prop_assert!(!mentions(&run), "{run:?} in {}", draft.body);
        }
        let safe = |c: char| c == '\n' || !(c.is_control() || hidden(c));
        prop_assert!(draft.body.chars().all(safe) && draft.title.chars().all(|c| !c.is_control()));
    }

    #[test]
    fn filling_keeps_the_template(text in any_template(), body in any_message()) {
        let draft = drafted(&text, &[commit("1a2b3c4", "fix it", &body, &["A.java"])]);
        let template = Template::read(&text);
        let mut out = draft.body.split_inclusive('\n');
        for line in &template.lines {
            let filled = matches!(line.role, Role::Tick(..) | Role::Placeholder | Role::LinkPlace);
            let same = |other: &str| {
                other == format!("{}{}", line.text, line.ending)
                    || line.ending.is_empty() && other.trim_end_matches(['\r', '\n']) == line.text
            };
            prop_assert!(filled || out.any(same), "lost {:?} of {:?} in {:?}", line, text, draft.body);
        }
    }
}
