//! The commands in a step's `run:`, one by one, and the words of a plain one. Reads no more of the
//! shell than can be read for certain; what a shell would have to work out is left whole.

/// Words that only hold a script together.
const FRAME: [&str; 8] = ["fi", "done", "then", "else", "do", "{", "}", "esac"];
/// Commands of one step that are looked at.
const COMMANDS: usize = 500;

/// The commands of a script: remarks gone, long lines joined, parted at `&&` and `;`. What a here
/// document holds belongs to its command.
#[must_use]
pub fn commands(script: &str) -> Vec<String> {
    let mut commands = Vec::new();
    let mut lines = script.lines();
    while let Some(line) = lines.next() {
        let mut whole = line.trim().to_owned();
        while whole.ends_with('\\') {
            whole.pop();
            let Some(more) = lines.next() else { break };
            whole.push_str(more.trim());
        }
        if let Some(end) = here_document(&whole) {
            lines.by_ref().take_while(|line| line.trim() != end).for_each(drop);
        }
        if whole.starts_with('#') || commands.len() >= COMMANDS {
            continue;
        }
        let parts = parted(&whole).into_iter().map(|part| part.trim().to_owned());
        commands.extend(parts.filter(|part| !part.is_empty() && !FRAME.contains(&&**part)));
    }
    commands
}

/// The word that ends a here document which a line begins.
fn here_document(line: &str) -> Option<String> {
    let (_, after) = line.split_once("<<")?;
    let after = after.trim_start_matches('-').trim_start();
    let word = after.split_whitespace().next()?.trim_matches(['\'', '"']);
    (!word.is_empty() && !after.starts_with('<')).then(|| word.to_owned())
}

fn parted(line: &str) -> Vec<&str> {
    let (mut parts, mut from, mut quote, mut depth) = (Vec::new(), 0, None, 0_i32);
    for (at, c) in line.char_indices() {
        match (quote, c) {
            (Some(open), c) if open == c => quote = None,
            (None, '"' | '\'' | '`') => quote = Some(c),
            (None, '(' | '{') => depth += 1,
            (None, ')' | '}') => depth -= 1,
            (None, ';') if depth <= 0 => {
                parts.push(&line[from..at]);
                from = at + 1;
            }
            (None, '&') if depth <= 0 && line[at..].starts_with("&& ") => {
                parts.push(&line[from..at]);
                from = at + 2;
            }
            _ => {}
        }
    }
    parts.push(&line[from..]);
    parts
}

/// How a workflow asks for the number of cores.
pub const CORES: &str = "$(nproc)";

/// The words of a plain command; `None` where a shell would do more than part them. `$(nproc)` may
/// stand in a word.
#[must_use]
pub fn words(command: &str) -> Option<Vec<String>> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    let mut rest = command;
    while let Some(c) = rest.chars().next() {
        if quote != Some('\'')
            && let Some(after) = rest.strip_prefix(CORES)
        {
            word.get_or_insert_default().push_str(CORES);
            rest = after;
            continue;
        }
        rest = &rest[c.len_utf8()..];
        match (quote, c) {
            (Some(open), c) if open == c => quote = None,
            (Some('"'), '$' | '`' | '\\') | (None, '$' | '`' | '\\') => return None,
            (Some(_), c) => word.get_or_insert_default().push(c),
            (None, '"' | '\'') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, '|' | '&' | ';' | '<' | '>' | '(' | ')' | '*' | '?' | '[' | '{' | '#' | '!') => {
                return None;
            }
            (None, '~') if word.is_none() => return None,
            (None, c) if c.is_whitespace() => words.extend(word.take()),
            (None, c) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    quote.is_none().then_some(words)
}
