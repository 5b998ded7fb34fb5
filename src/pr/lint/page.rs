//! Looks at the page as a whole: what swallows the rest of it, what readers cannot see, what is
//! longer than the forge takes, and what looks like a box and is none.

use super::super::quote::hidden;
use super::super::roles::Open;
use super::super::template::{Role, Template};
use super::Fault;
use super::rule::Rule;

/// Longest text of a request that GitHub takes, in characters.
const LONGEST: usize = 65_536;

pub(super) fn look(page: &Template, found: &mut Vec<Fault>) {
    found.extend(page.open.map(left_open));
    let length: usize = page.lines.iter().map(|line| line.text.chars().count() + 1).sum();
    if length > LONGEST {
        let what = format!("the text has {length} characters, and GitHub takes {LONGEST}");
        let remedy = "shorten it; logs go into a file or a gist";
        found.push(Fault::new(
            Rule::TooLong,
            Some(page.lines.len().saturating_sub(1)),
            what,
            remedy,
        ));
    }
    for (index, line) in page.lines.iter().enumerate() {
        if let Some(c) = line.text.chars().find(|c| hidden(*c)) {
            found.push(Fault::new(
                Rule::HiddenText,
                Some(index),
                format!("a character that readers cannot see: U+{:04X}", u32::from(c)),
                "take it out; copying from a web page often brings it along",
            ));
        }
        if line.role == Role::Text && looks_like_box(&line.text) {
            found.push(Fault::new(
                Rule::BoxForm,
                Some(index),
                "this looks like a box, but GitHub shows it as text",
                "write it as - [x] text, with no blank beside the x",
            ));
        }
    }
}

fn left_open(open: Open) -> Fault {
    let (rule, line, what, remedy) = match open {
        Open::Comment(line) => (
            Rule::CommentOpen,
            line,
            "a comment begins here and never ends: readers see nothing of what follows",
            "close it with -->",
        ),
        Open::Swallowing(line) => (
            Rule::CommentOpen,
            line,
            "a comment begins here and ends with the next one: readers see nothing of what is between",
            "close it with --> where it should end",
        ),
        Open::Fence(line) => (
            Rule::CodeOpen,
            line,
            "a block of code begins here and never ends: all that follows is shown as code",
            "close it with the same signs on a line of their own",
        ),
    };
    Fault::new(rule, Some(line), what, remedy)
}

/// `- [ x]`, `-[x]`, `- [x]text`, `- (x)` and the like.
fn looks_like_box(line: &str) -> bool {
    let Some(item) = line.trim_start().strip_prefix(['-', '*', '+']) else { return false };
    let item = item.trim_start();
    let Some(inner) = item.strip_prefix('[') else { return false };
    let Some((mark, label)) = inner.split_once(']') else { return false };
    // `[x](address)` is a link.
    mark.chars().count() <= 3
        && matches!(mark.trim(), "" | "x" | "X")
        && !label.starts_with(['(', '[', ':'])
}
