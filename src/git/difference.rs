//! The lines in which two texts differ, as people read them. Takes texts and returns lines; needs
//! no repository.

use std::ops::RangeInclusive;

use git2::{DiffOptions, Patch};
use imara_diff::sources::byte_lines;
use imara_diff::{Algorithm, Diff, InternedInput};

/// How one line came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// It is in both.
    Same,
    /// It is only in the new text.
    Added,
    /// It is only in the old text.
    Gone,
}

/// The lines that differ, with two around them; none where the texts are equal or are no text.
#[must_use]
pub fn difference(old: &[u8], new: &[u8]) -> Vec<(Change, String)> {
    let mut options = DiffOptions::new();
    options.context_lines(2);
    let Ok(patch) = Patch::from_buffers(old, None, new, None, Some(&mut options)) else {
        return Vec::new();
    };
    let mut lines = Vec::new();
    for hunk in 0..patch.num_hunks() {
        for line in 0..patch.num_lines_in_hunk(hunk).unwrap_or(0) {
            let Ok(line) = patch.line_in_hunk(hunk, line) else { continue };
            let Some(change) = change(line.origin()) else { continue };
            let text = String::from_utf8_lossy(line.content());
            lines.push((change, text.trim_end_matches('\n').to_owned()));
        }
    }
    lines
}

/// What libgit2 says of a line; nothing where it only tells of a missing line break.
fn change(origin: char) -> Option<Change> {
    Some(match origin {
        '+' => Change::Added,
        '-' => Change::Gone,
        ' ' => Change::Same,
        _ => return None,
    })
}

/// Lines that differ, with those around them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hunk {
    /// Where it lies in both texts, as in `@@ -3,7 +3,6 @@`.
    pub place: String,
    /// Its lines with their line breaks.
    pub lines: Vec<(Change, Vec<u8>)>,
}

/// The difference between two texts as `git diff` shows it, with three lines around each.
#[must_use]
pub fn hunks(old: &[u8], new: &[u8]) -> Vec<Hunk> {
    let mut options = DiffOptions::new();
    options.context_lines(3).force_text(true);
    let Ok(patch) = Patch::from_buffers(old, None, new, None, Some(&mut options)) else {
        return Vec::new();
    };
    (0..patch.num_hunks()).filter_map(|index| hunk(&patch, index)).collect()
}

fn hunk(patch: &Patch<'_>, index: usize) -> Option<Hunk> {
    let (hunk, count) = patch.hunk(index).ok()?;
    let place = format!(
        "@@ -{},{} +{},{} @@",
        hunk.old_start(),
        hunk.old_lines(),
        hunk.new_start(),
        hunk.new_lines()
    );
    let lines = (0..count).filter_map(|line| patch.line_in_hunk(index, line).ok());
    let lines = lines.filter_map(|line| Some((change(line.origin())?, line.content().to_vec())));
    Some(Hunk { place, lines: lines.collect() })
}

/// Bytes at both ends that are compared at a time.
const BLOCK: usize = 1024;

/// The one-based lines of the new text that the old one lacks, in order.
#[must_use]
pub fn added(old: &[u8], new: &[u8]) -> Vec<RangeInclusive<u64>> {
    let (before, old, new) = without_equal_ends(old, new);
    let input = InternedInput::new(byte_lines(old), byte_lines(new));
    let mut difference = Diff::compute(Algorithm::Myers, &input);
    // Of the places where a line could have come in, git names the last.
    difference.postprocess_no_heuristic(&input);
    let hunks = difference.hunks().map(|hunk| hunk.after).filter(|after| !after.is_empty());
    hunks.map(|after| before + u64::from(after.start) + 1..=before + u64::from(after.end)).collect()
}

/// Both texts without the whole lines at their ends that are the same, but for a few, and the number
/// of those at the beginning. git leaves the last ones out as well before it lists bare changes: to
/// compare bytes costs less than to take them apart into lines.
fn without_equal_ends<'t>(old: &'t [u8], new: &'t [u8]) -> (u64, &'t [u8], &'t [u8]) {
    let blocks = old.chunks_exact(BLOCK).zip(new.chunks_exact(BLOCK));
    let same = BLOCK * blocks.take_while(|(old, new)| old == new).count();
    let head = memchr::memrchr(b'\n', &old[..same]).map_or(0, |end| end + 1);
    let before = memchr::memchr_iter(b'\n', &old[..head]).count() as u64;
    let (old, new) = (&old[head..], &new[head..]);
    let blocks = old.rchunks_exact(BLOCK).zip(new.rchunks_exact(BLOCK));
    let same = BLOCK * blocks.take_while(|(old, new)| old == new).count();
    let kept = memchr::memchr(b'\n', &old[old.len() - same..]).map_or(same, |end| end + 1);
    let tail = same - kept;
    (before, &old[..old.len() - tail], &new[..new.len() - tail])
}

/// The text of some lines, given in order, with the number of the first line of each.
pub(super) fn parts<'t>(
    text: &'t [u8],
    lines: &[RangeInclusive<u64>],
) -> impl Iterator<Item = (u64, &'t [u8])> {
    let (mut rest, mut next) = (text, 1);
    lines.iter().map(move |range| {
        let (_, after) = rest.split_at(length(rest, range.start() - next));
        let (part, after) = after.split_at(length(after, range.end() - range.start() + 1));
        (rest, next) = (after, range.end().saturating_add(1));
        (*range.start(), part)
    })
}

/// The bytes that so many lines take.
fn length(text: &[u8], lines: u64) -> usize {
    let Some(last) = usize::try_from(lines).ok().and_then(|lines| lines.checked_sub(1)) else {
        return 0;
    };
    memchr::memchr_iter(b'\n', text).nth(last).map_or(text.len(), |end| end + 1)
}
