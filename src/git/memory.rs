//! What was told before, so that many questions about one thing cost one reading. Things are told
//! apart by the ids of commits, so no answer is ever out of date.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use git2::Repository;

use super::Unreadable;
use super::range::Range;

/// Changes remembered: the one looked at and the one before it.
const CHANGES: usize = 2;

/// A change: the repository, and the ids of base, merge base and head.
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
type Slots<K, T> = Vec<(K, Slot<T>)>;

/// Answers given before, the newest first.
#[derive(Debug, Clone)]
pub(super) struct Memory<T, K = Key> {
    slots: Arc<Mutex<Slots<K, T>>>,
    most: usize,
}

impl<T> Default for Memory<T> {
    fn default() -> Self {
        Self::of_at_most(CHANGES)
    }
}

impl<T, K: PartialEq> Memory<T, K> {
    /// Keeps no more than so many answers.
    pub(super) fn of_at_most(most: usize) -> Self {
        Self { slots: Arc::default(), most }
    }

    /// What was read of something, or is now.
    pub(super) fn of(&self, key: K, read: impl FnOnce() -> Result<T, Unreadable>) -> Answer<T> {
        let slot = self.slot(key);
        slot.get_or_init(|| read().map(Arc::new)).clone()
    }

    fn slot(&self, key: K) -> Slot<T> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, slot)) = slots.iter().find(|(known, _)| *known == key) {
            return Arc::clone(slot);
        }
        let slot = Slot::default();
        slots.insert(0, (key, Arc::clone(&slot)));
        slots.truncate(self.most);
        slot
    }
}
