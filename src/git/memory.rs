//! What was told of a change before, so that many questions about one cost one reading. Changes are
//! told apart by the ids of commits, so no answer is ever out of date.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use git2::Repository;

use super::Unreadable;
use super::range::Range;

/// Changes remembered: the one looked at and the one before it.
const REMEMBERED: usize = 2;

/// The repository, and the ids of base, merge base and head.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Key(PathBuf, String, String, String);

impl Key {
    pub(super) fn of(repository: &Repository, range: &Range) -> Self {
        let from = range.base.merge_base.clone().unwrap_or_default();
        Self(repository.path().to_owned(), range.base.id.clone(), from, range.head.to_string())
    }
}

type Answer<T> = Result<Arc<T>, Unreadable>;
type Slot<T> = Arc<OnceLock<Answer<T>>>;
type Slots<T> = Vec<(Key, Slot<T>)>;

/// Answers given before.
#[derive(Debug, Clone)]
pub(super) struct Memory<T>(Arc<Mutex<Slots<T>>>);

impl<T> Default for Memory<T> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<T> Memory<T> {
    /// What was read of a change, or is now.
    pub(super) fn of(&self, key: Key, read: impl FnOnce() -> Result<T, Unreadable>) -> Answer<T> {
        let slot = self.slot(key);
        slot.get_or_init(|| read().map(Arc::new)).clone()
    }

    fn slot(&self, key: Key) -> Slot<T> {
        let mut slots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, slot)) = slots.iter().find(|(known, _)| *known == key) {
            return Arc::clone(slot);
        }
        let slot = Slot::default();
        slots.insert(0, (key, Arc::clone(&slot)));
        slots.truncate(REMEMBERED);
        slot
    }
}
