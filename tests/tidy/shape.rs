//! The rules of shape: every file says what it is for, stays small, has a telling name and leaves
//! nothing half done. Pure.

use super::source::Source;

const FILE_LINES: usize = 400;
const FUNCTION_LINES: usize = 80;
const GRAB_BAGS: [&str; 5] = ["utils", "helpers", "common", "manager", "misc"];

/// Code that stands for work not done, and what to do about it.
const UNFINISHED: [(&str, &str); 4] = [
    ("#[ignore", "a test that does not run proves nothing: make it run or remove it"),
    ("todo!", "write the code or leave the function out"),
    ("unimplemented!", "write the code or leave the function out"),
    ("thread::sleep", "waiting a fixed time is right only by luck: wait for the event itself"),
];

/// Words in comments that put work off.
const PUT_OFF: [&str; 2] = ["TODO", "FIXME"];

/// What is wrong with the shape of one file of `src` or `tests`.
pub(crate) fn complaints(source: &Source) -> Vec<String> {
    let mut complaints = Vec::new();
    complaints.extend(purpose(source));
    complaints.extend(length(source));
    complaints.extend(grab_bag(&source.path));
    complaints.extend(long_functions(source));
    complaints.extend(unfinished(source));
    complaints
}

fn purpose(source: &Source) -> Option<String> {
    (!source.text.starts_with("//!")).then(|| {
        format!(
            "{}:1: begin the file with a `//!` paragraph that says what it is for and what it \
             never does",
            source.path
        )
    })
}

fn length(source: &Source) -> Option<String> {
    let lines = source.text.lines().count();
    (lines > FILE_LINES).then(|| {
        format!(
            "{}:{lines}: {lines} lines, and {FILE_LINES} is the most: move one of its subjects to \
             a file of its own",
            source.path
        )
    })
}

fn grab_bag(path: &str) -> Option<String> {
    let stem = path.trim_end_matches(".rs");
    let name = stem.split('/').find(|part| GRAB_BAGS.contains(part))?;
    Some(format!("{path}:1: `{name}` says nothing about what is inside: name the subject"))
}

fn unfinished(source: &Source) -> Vec<String> {
    let code = UNFINISHED.iter().flat_map(|(what, instead)| {
        let found = source.code.match_indices(what);
        found.map(move |(at, _)| source.at(at, &format!("`{what}` is not allowed: {instead}")))
    });
    let comments = PUT_OFF.iter().flat_map(|word| {
        let found = source.comments.match_indices(word);
        found.map(move |(at, _)| {
            source.at(at, &format!("`{word}` puts work off: do it now or file an issue"))
        })
    });
    code.chain(comments).collect()
}

fn long_functions(source: &Source) -> Vec<String> {
    let functions = functions(&source.code).into_iter().filter_map(|(name, from, to)| {
        let lines = source.line(to) - source.line(from) + 1;
        (lines > FUNCTION_LINES).then(|| {
            source.at(
                from,
                &format!(
                    "the function `{name}` has {lines} lines, and {FUNCTION_LINES} is the most: \
                     give its steps names"
                ),
            )
        })
    });
    functions.collect()
}

/// Every function with a body: its name, and the places of `fn` and of its closing brace.
fn functions(code: &str) -> Vec<(String, usize, usize)> {
    let keyword = code
        .match_indices("fn ")
        .filter(|(at, _)| !code[..*at].ends_with(|c: char| c.is_alphanumeric() || c == '_'));
    let functions = keyword.filter_map(|(at, word)| {
        let rest = &code[at + word.len()..];
        let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        if name.is_empty() {
            return None;
        }
        Some((name, at, closing_brace(code, at)?))
    });
    functions.collect()
}

/// The brace that ends the body of the function declared at a place; `None` without a body.
fn closing_brace(code: &str, from: usize) -> Option<usize> {
    let (mut brackets, mut braces) = (0_i32, 0_i32);
    for (at, c) in code[from..].char_indices() {
        match c {
            '(' | '[' => brackets += 1,
            ')' | ']' => brackets -= 1,
            ';' if brackets == 0 && braces == 0 => return None,
            '{' => braces += 1,
            '}' => {
                braces -= 1;
                if braces == 0 {
                    return Some(from + at);
                }
            }
            _ => {}
        }
    }
    None
}
