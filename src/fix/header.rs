//! The licence header that a new file should have, taken from a file of the same kind: the same
//! words, comment signs and blank lines. Pure; what is no plain Apache header is not taken.

/// How the header's words begin and end, comment signs and line breaks aside.
const BEGINS: &str = "licensed to the apache software foundation (asf) under one or more";
const ENDS: &str = "limitations under the license.";
/// Words of a header, in characters; one with more says something of its own.
const LONGEST: usize = 1000;
/// Lines among which it is looked for.
const LINES: usize = 60;

/// Comments that go over several lines.
const BLOCKS: [(&str, &str); 2] = [("/*", "*/"), ("<!--", "-->")];

/// The header of a file, with its comment signs and at most one blank line after it.
#[must_use]
pub fn header(text: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(text).ok()?;
    let lines: Vec<&str> = text.lines().take(LINES).collect();
    let start = past_first_lines(&lines);
    let block = BLOCKS
        .iter()
        .find(|(open, _)| lines.get(start).is_some_and(|it| it.trim_start().starts_with(open)));
    let (start, end) = match block {
        Some((_, close)) => {
            (start, lines[start..].iter().position(|line| line.contains(close))? + start)
        }
        None => in_line_comments(&lines)?,
    };
    let part = &lines[start..=end];
    let words = words(part);
    let plain = words.starts_with(BEGINS) && words.ends_with(ENDS) && words.len() <= LONGEST;
    let blank = lines.get(end + 1).is_some_and(|line| line.trim().is_empty());
    plain.then(|| part.join("\n") + if blank { "\n\n" } else { "\n" })
}

/// Lines that must stay the first of a file.
fn past_first_lines(lines: &[&str]) -> usize {
    let first = |line: &&&str| {
        let line = line.trim_start_matches('\u{feff}');
        line.starts_with("#!") || line.starts_with("<?") || line.trim().is_empty() || coding(line)
    };
    lines.iter().take_while(first).count()
}

/// What tells Python a file's encoding, in its first two lines.
fn coding(line: &str) -> bool {
    line.starts_with('#') && line.contains("coding")
}

/// From the line with the first words to the one with the last, all begun by the same sign.
fn in_line_comments(lines: &[&str]) -> Option<(usize, usize)> {
    let lower: Vec<String> = lines.iter().map(|line| line.to_lowercase()).collect();
    let start = lower.iter().position(|line| line.contains("licensed to the apache software"))?;
    let end = start
        + lower[start..].iter().position(|line| line.trim_end().ends_with("under the license."))?;
    let sign = lines[start].split_whitespace().next()?;
    let comment = !sign.chars().any(char::is_alphanumeric);
    let alike = lines[start..=end].iter().all(|line| line.starts_with(sign));
    (comment && alike).then_some((start, end))
}

fn words(lines: &[&str]) -> String {
    let sign = |c: char| !c.is_alphanumeric() && !"().\"".contains(c);
    let lines = lines.iter().map(|line| line.trim_matches(sign).to_lowercase());
    let words: Vec<String> = lines
        .flat_map(|line| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
        .collect();
    words.join(" ")
}

/// The text with a header where it belongs: at the top, after what must stand before it.
#[must_use]
pub fn with_header(text: &[u8], header: &str) -> Vec<u8> {
    let mut start = if text.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    for line in text[start..].split_inclusive(|byte| *byte == b'\n').take(2) {
        let shown = String::from_utf8_lossy(line);
        let first = shown.starts_with("#!") || shown.starts_with("<?xml") || coding(&shown);
        if !first || !shown.ends_with('\n') {
            break;
        }
        start += line.len();
    }
    let windows =
        text.split(|byte| *byte == b'\n').next().is_some_and(|line| line.ends_with(b"\r"));
    let header = if windows { header.replace('\n', "\r\n") } else { header.to_owned() };
    [&text[..start], header.as_bytes(), &text[start..]].concat()
}
