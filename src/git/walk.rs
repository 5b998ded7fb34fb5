//! Walks a history newest first, as `git log` does, and reads each commit exactly once: libgit2's
//! own walk reads it for its parents and leaves it to be read again for its content.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

use git2::{OdbObject, Oid, Repository};

use super::Unreadable;
use super::commit::absent;
use super::odb::Objects;

/// How many commits that do not count are looked at once no others are left: clocks differ, and
/// one that lags may hide that a commit does not count. As many as git looks at.
const SLACK: u32 = 5;

/// The commits that `tips` have and `hidden` have not, newest first. Each is handed to `visit` as
/// it is read; one that turned out later not to count is not among those that are returned.
pub(super) fn walk(
    repository: &Repository,
    tips: &[Oid],
    hidden: &[Oid],
    visit: &mut dyn FnMut(Oid, &OdbObject<'_>),
) -> Result<Vec<Oid>, Unreadable> {
    let objects = Objects::once(repository)?;
    let mut walk = Walk::over(repository, &objects);
    for (ends, counts) in [(hidden, false), (tips, true)] {
        for end in ends {
            walk.meet(*end, counts)?;
        }
    }
    let mut found = Vec::new();
    let (mut slack, mut last) = (SLACK, i64::MAX);
    while let Some(Waiting { time, id, object, .. }) = walk.waiting.pop() {
        let counts = walk.leave(id, object.data())?;
        if counts {
            visit(id, &object);
            found.push(id);
            last = time;
            continue;
        }
        let newest = walk.waiting.peek().map(|waiting| waiting.time);
        slack = match newest {
            Some(newest) if newest >= last || walk.counting > 0 => SLACK,
            _ => slack - 1,
        };
        if slack == 0 {
            break;
        }
    }
    found.retain(|id| walk.seen.get(id).is_some_and(|seen| seen.counts));
    Ok(found)
}

struct Walk<'r> {
    repository: &'r Repository,
    objects: &'r Objects<'r>,
    waiting: BinaryHeap<Waiting<'r>>,
    /// How many of those waiting count.
    counting: usize,
    seen: HashMap<Oid, Seen>,
    /// The parents of all that were left, each commit's in a row.
    parents: Vec<Oid>,
}

/// A commit that was met and whose turn has not come.
struct Waiting<'r> {
    time: i64,
    /// Of those of one moment, the first that was met goes first.
    turn: Reverse<usize>,
    id: Oid,
    object: OdbObject<'r>,
}

#[derive(Clone, Copy)]
struct Seen {
    /// It is reached from a tip, and so far from nothing hidden.
    counts: bool,
    /// Where its parents stand, once its turn has come.
    parents: Option<(usize, usize)>,
}

impl<'r> Walk<'r> {
    fn over(repository: &'r Repository, objects: &'r Objects<'r>) -> Self {
        let (waiting, seen, parents) = (BinaryHeap::new(), HashMap::new(), Vec::new());
        Self { repository, objects, waiting, counting: 0, seen, parents }
    }

    /// Puts a commit among those waiting, or notes of one that was met before that it does not
    /// count, nor anything it descends from.
    fn meet(&mut self, id: Oid, counts: bool) -> Result<(), Unreadable> {
        if self.seen.contains_key(&id) {
            if !counts {
                self.hide(id);
            }
            return Ok(());
        }
        let object = self.objects.read(id).map_err(|error| absent(self.repository, id, &error))?;
        let turn = Reverse(self.seen.len());
        self.seen.insert(id, Seen { counts, parents: None });
        self.counting += usize::from(counts);
        self.waiting.push(Waiting { time: time(object.data()), turn, id, object });
        Ok(())
    }

    fn hide(&mut self, id: Oid) {
        let mut open = vec![id];
        while let Some(id) = open.pop() {
            let Some(seen) = self.seen.get_mut(&id).filter(|seen| seen.counts) else { continue };
            seen.counts = false;
            match seen.parents {
                Some((from, to)) => open.extend_from_slice(&self.parents[from..to]),
                None => self.counting -= 1,
            }
        }
    }

    /// Meets the parents of a commit whose turn has come, and says whether it counts.
    fn leave(&mut self, id: Oid, raw: &[u8]) -> Result<bool, Unreadable> {
        let from = self.parents.len();
        self.parents.extend(parents(raw));
        let to = self.parents.len();
        let counts = self.seen.get_mut(&id).is_some_and(|seen| {
            seen.parents = Some((from, to));
            seen.counts
        });
        self.counting -= usize::from(counts);
        for place in from..to {
            self.meet(self.parents[place], counts)?;
        }
        Ok(counts)
    }
}

impl PartialEq for Waiting<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Waiting<'_> {}

impl PartialOrd for Waiting<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Waiting<'_> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.time, self.turn).cmp(&(other.time, other.turn))
    }
}

/// The lines of a commit's head, up to the blank one.
fn head(raw: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = raw;
    std::iter::from_fn(move || {
        let end = memchr::memchr(b'\n', rest)?;
        let (line, after) = rest.split_at(end);
        rest = &after[1..];
        (!line.is_empty()).then_some(line)
    })
}

/// The parents a commit names: git reads them right below the tree and nowhere else.
fn parents(raw: &[u8]) -> impl Iterator<Item = Oid> {
    let lines = head(raw).skip(1).map_while(|line| line.strip_prefix(b"parent "));
    lines.map_while(|id| Oid::from_str(std::str::from_utf8(id).ok()?).ok())
}

/// When a commit was made, by its own word; the epoch where it does not say.
fn time(raw: &[u8]) -> i64 {
    let committer = head(raw).find_map(|line| line.strip_prefix(b"committer "));
    let after = committer.and_then(|line| Some(&line[memchr::memrchr(b'>', line)? + 1..]));
    let word = after.and_then(|after| std::str::from_utf8(after).ok()?.split_whitespace().next());
    word.and_then(|word| word.parse().ok()).unwrap_or_default()
}
