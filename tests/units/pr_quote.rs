//! Commit messages in Markdown, read back by a CommonMark parser that knows nothing of ours.

use onramp::pr::quote::{code_block, code_span, prose};
use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// What GitHub turns on beyond CommonMark.
pub(super) fn parse(text: &str) -> Parser<'_> {
    let tables = Options::ENABLE_TABLES | Options::ENABLE_TASKLISTS | Options::ENABLE_FOOTNOTES;
    let rest = Options::ENABLE_STRIKETHROUGH | Options::ENABLE_GFM | Options::ENABLE_MATH;
    Parser::new_ext(text, tables | rest)
}

/// Text as a page shows it, runs between two elements joined; code and links left out.
pub(super) fn shown(markdown: &str) -> Vec<String> {
    let (mut runs, mut skipping) = (vec![String::new()], 0);
    for event in parse(markdown) {
        match event {
            Event::Start(Tag::CodeBlock(_) | Tag::Link { .. }) => skipping += 1,
            Event::End(TagEnd::CodeBlock | TagEnd::Link) => skipping -= 1,
            Event::Text(text) if skipping == 0 => runs.last_mut().unwrap().push_str(&text),
            Event::Text(_) => {}
            _ => runs.push(String::new()),
        }
    }
    runs.into_iter().filter(|run| !run.is_empty()).collect()
}

/// Whether GitHub would notify somebody: `@` and a name, not inside a word.
pub(super) fn mentions(run: &str) -> bool {
    let starts = |at: usize| {
        let before = run[..at].chars().next_back();
        let after = run[at + 1..].chars().next();
        let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        !before.is_some_and(word) && after.is_some_and(|c| c.is_ascii_alphanumeric())
    };
    run.match_indices('@').any(|(at, _)| starts(at))
}

#[test]
fn prose_keeps_words_and_loses_meaning() {
    let cases = [
        ("thanks @ada-l and (@org/team)", "thanks `@ada-l` and (`@org/team`)"),
        ("ask ada@example.org", "ask ada@example.org"),
        ("@a`b`@c", "`@a` `b` `@c`"),
        ("<img src=x> & <!-- x -->", "&lt;img src=x&gt; &amp; &lt;!-- x --&gt;"),
        ("&#64;ada \\@ada", "&amp;#64;ada \\\\`@ada`"),
        ("## Types", "\\## Types"),
        ("#12 is no heading", "#12 is no heading"),
        ("- [x] Bug fix", "\\- \\[x] Bug fix"),
        ("![pixel](http://x.example/p.png)", "!\\[pixel](<http://x.example/p.png>)"),
        ("see https://example.org/a_b?c=1&d=@e.", "see <https://example.org/a_b?c=1&d=@e>."),
        ("use `a < b @c` or ``x", "use `a < b @c` or \\`\\`x"),
        ("---", "\\---"),
        ("===", "\\==="),
        ("from $HOME", "from $HOME"),
        ("$HOME or $PWD", "\\$HOME or \\$PWD"),
        ("4. next", "4\\. next"),
        ("red \u{1b}[31m\r\nhidden\u{202e}", "red \\\\x1b\\[31m\\\\x0d\\\\nhidden\\\\u{202e}"),
    ];
    for (text, wanted) in cases {
        assert_eq!(prose(text), wanted, "{text:?}");
    }
}

#[test]
fn code_cannot_be_closed_from_inside() {
    assert_eq!(code_span("a`b``c"), "```a`b``c```");
    assert_eq!(code_span("`a"), "`` `a ``");
    assert_eq!(code_block(&["```", "````x"]), ["`````", "```", "````x", "`````"]);
}

proptest! {
    #[test]
    fn prose_reads_back_as_it_was(text in "[ -~é]{0,60}") {
        // These keep a meaning within the line, or become code.
        let text: String = text.chars().filter(|c| !"`@*_~".contains(*c)).collect();
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        prop_assert_eq!(shown(&prose(&text)).concat(), text);
    }

    #[test]
    fn spans_read_back_as_they_were(text in "[a`@<\\\\]{1,12}") {
        let events: Vec<Event<'_>> = parse(&code_span(&text)).map(Event::into_static).collect();
        prop_assert_eq!(&events[1], &Event::Code(text.into()));
        prop_assert_eq!(events.len(), 3);
    }

    #[test]
    fn nobody_is_mentioned(text in "[a@`<>&#;_*\\\\$. /:\\[\\]é-]{0,40}", url in "(https://)?[@a./`]{0,9}") {
        for text in [format!("{text}{url}"), format!("{url}{text}")] {
            let quoted = prose(&text);
            for run in shown(&quoted) {
                prop_assert!(!mentions(&run), "{:?} → {:?}", text, quoted);
            }
            for event in parse(&quoted) {
                let html = matches!(event, Event::Html(_) | Event::InlineHtml(_));
                prop_assert!(!html, "{:?} → {:?}", text, quoted);
            }
        }
    }
}
