//! How a text is mended: line by line, and only those lines that the branch itself brought. Pure:
//! bytes in, bytes out.

use std::ops::RangeInclusive;

use crate::pack::mend::Way;

/// One thing to do to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mend {
    /// What is done.
    pub way: Way,
    /// The one-based line that it is about, where it is about one.
    pub line: Option<u64>,
}

/// Which lines of a text the branch itself brought.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Own {
    new: Vec<RangeInclusive<u64>>,
    uncommitted: Vec<RangeInclusive<u64>>,
}

impl Own {
    /// Lines that are new, less those that no commit has yet; both in order.
    #[must_use]
    pub fn new(new: Vec<RangeInclusive<u64>>, uncommitted: Vec<RangeInclusive<u64>>) -> Self {
        Self { new, uncommitted }
    }

    fn holds(&self, line: u64) -> bool {
        within(&self.new, line) && !within(&self.uncommitted, line)
    }
}

fn within(ranges: &[RangeInclusive<u64>], line: u64) -> bool {
    let at = ranges.partition_point(|range| *range.end() < line);
    ranges.get(at).is_some_and(|range| range.contains(&line))
}

/// One line: what it holds, what it ends in, and whether it may be touched.
struct Row<'a> {
    number: u64,
    text: Vec<u8>,
    end: &'a [u8],
    own: bool,
}

const UNIX: &[u8] = b"\n";
const WINDOWS: &[u8] = b"\r\n";
const MARK: &[u8] = b"\xef\xbb\xbf";
/// As wide as a tab is taken to be.
const INDENT: usize = 4;

/// The text as it should be.
#[must_use]
pub fn mend(text: &[u8], own: &Own, mends: &[Mend]) -> Vec<u8> {
    let mut mends = mends.to_vec();
    mends.sort_unstable();
    let mut rows = rows(text, own);
    for Mend { way, line } in mends {
        match way {
            Way::DropByteOrderMark => drop_mark(&mut rows),
            Way::DropImport => rows.retain(|row| !(Some(row.number) == line && is_import(row))),
            Way::Indent if holds(text, b"\"\"\"") => {
                // A tab at the start of a line may belong to a text block, and so to its value.
            }
            Way::Indent => each(&mut rows, |text| *text = indented(text)),
            Way::CutBlanks => each(&mut rows, |text| text.truncate(without_blanks(text))),
            Way::CutBlanksOfMarkdown => each(&mut rows, cut_markdown),
            Way::EndLinesAlike => {
                let end = usual(&rows);
                end_in(&mut rows, end);
            }
            Way::EndLinesAsUnix => end_in(&mut rows, UNIX),
            Way::EndOnce => end_once(&mut rows),
            // The header is another file's, and modes are no text.
            Way::AddHeader | Way::MayRun | Way::MayNotRun => {}
        }
    }
    rows.into_iter().flat_map(|row| [row.text, row.end.to_vec()]).flatten().collect()
}

fn rows<'a>(text: &'a [u8], own: &Own) -> Vec<Row<'a>> {
    let lines = (1..).zip(text.split_inclusive(|byte| *byte == b'\n'));
    let row = |(number, line): (u64, &'a [u8])| {
        let length = if line.ends_with(WINDOWS) { 2 } else { usize::from(line.ends_with(UNIX)) };
        let (text, end) = line.split_at(line.len() - length);
        Row { number, text: text.to_vec(), end, own: own.holds(number) }
    };
    lines.map(row).collect()
}

fn each(rows: &mut [Row<'_>], change: impl Fn(&mut Vec<u8>)) {
    rows.iter_mut().filter(|row| row.own).for_each(|row| change(&mut row.text));
}

fn drop_mark(rows: &mut [Row<'_>]) {
    if let Some(first) = rows.first_mut().filter(|row| row.own && row.text.starts_with(MARK)) {
        first.text.drain(..MARK.len());
    }
}

fn is_import(row: &Row<'_>) -> bool {
    row.own && row.text.trim_ascii_start().starts_with(b"import ")
}

fn holds(text: &[u8], sign: &[u8]) -> bool {
    memchr::memmem::find(text, sign).is_some()
}

/// The tabs before the first word widened to blanks; one further on may be part of a string.
fn indented(text: &[u8]) -> Vec<u8> {
    let blank = |byte: &u8| matches!(byte, b' ' | b'\t');
    let start = text.iter().position(|byte| !blank(byte)).unwrap_or(text.len());
    let width = text[..start].iter().fold(0, |width, byte| match byte {
        b'\t' => (width / INDENT + 1) * INDENT,
        _ => width + 1,
    });
    [vec![b' '; width], text[start..].to_vec()].concat()
}

fn without_blanks(text: &[u8]) -> usize {
    // A line break of old Macs among them would become one of Windows.
    let blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r' | 0x0b | 0x0c);
    text.iter().rposition(|byte| !blank(byte)).map_or(0, |last| last + 1)
}

fn cut_markdown(text: &mut Vec<u8>) {
    let (length, breaks) = (without_blanks(text), text.ends_with(b"  "));
    text.truncate(length);
    if breaks && length > 0 {
        text.extend(b"  ");
    }
}

/// What most lines end in, those that may not be touched before all others.
fn usual(rows: &[Row<'_>]) -> &'static [u8] {
    let count = |end: &[u8], all: bool| {
        rows.iter().filter(|row| row.end == end && (all || !row.own)).count()
    };
    let all = count(UNIX, false) + count(WINDOWS, false) == 0;
    if count(WINDOWS, all) > count(UNIX, all) { WINDOWS } else { UNIX }
}

fn end_in<'a>(rows: &mut [Row<'a>], end: &'a [u8]) {
    rows.iter_mut().filter(|row| row.own && !row.end.is_empty()).for_each(|row| row.end = end);
}

fn end_once(rows: &mut Vec<Row<'_>>) {
    while rows.pop_if(|row| row.own && row.text.is_empty()).is_some() {}
    let end = usual(rows);
    if let Some(last) = rows.last_mut().filter(|row| row.own && row.end.is_empty()) {
        last.end = end;
    }
}
