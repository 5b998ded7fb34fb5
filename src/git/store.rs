//! The objects of a clone, read through gitoxide, which unpacks them several times as fast as
//! libgit2. Only content that is what its id says counts; libgit2 is asked for everything else, so
//! that each refusal is its own. Keeps some of what was read for the next question; fetches nothing.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::ops::Deref;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use git2::{ObjectType, Oid, Repository};
use gix_object::Find;
use gix_odb::{HandleArc, Header};
use gix_pack::cache::lru::MemoryCappedHashmap;

use super::beginnings::Beginnings;
use super::history::between;
use super::memory::Memory;
use super::odb::hash;
use super::parting::{self, Parting};
use super::{Unreadable, open};

/// Repositories remembered: the one looked at and the one before it.
const REMEMBERED: usize = 2;
/// Pairs of commits of which it is remembered how they are related.
const PARTINGS: usize = 256;
/// Ranges of which the commits are remembered.
const WALKS: usize = 8;
/// Memory for content that other content is told apart from, in bytes.
const BASES: usize = 48 << 20;
/// Memory for content that was read, in bytes, beside what others hold anyway, and the largest that
/// is kept. Memory that is touched for the first time costs as much as unpacking what it takes.
const KEPT: usize = 48 << 20;
const LENT: usize = 128 << 20;
const LARGEST: usize = 4 << 20;
/// Memory for unpacking one object, in bytes; libgit2 is left to see to what takes more.
pub(super) const ROOM: usize = 40 << 20;

/// An open repository, and the faster way to its objects.
pub(super) struct Opened {
    repository: Repository,
    store: Option<Shared>,
    partings: Partings,
    walks: Walks,
}

type Partings = Memory<Parting, (PathBuf, Oid, Oid)>;
type Walks = Memory<(Vec<Oid>, u64), (PathBuf, Oid, Oid, usize)>;

impl Deref for Opened {
    type Target = Repository;

    fn deref(&self) -> &Repository {
        &self.repository
    }
}

impl Opened {
    /// An object that is what its id says; none where libgit2 has to be asked.
    pub(super) fn object(&self, id: Oid) -> Option<Object> {
        lock(self.store.as_ref()?).object(id)
    }

    /// The size of an object in bytes, as git noted it; none where libgit2 has to be asked.
    pub(super) fn size(&self, id: Oid) -> Option<u64> {
        lock(self.store.as_ref()?).size(id)
    }

    /// How an object begins: `most` bytes, or all of a shorter one; none where it would have to be
    /// read in full.
    pub(super) fn beginning(&self, id: &str, most: usize) -> Option<Vec<u8>> {
        lock(self.store.as_ref()?).beginning(Oid::from_str(id).ok()?, most)
    }

    /// Where `tip` left the history of `base`.
    pub(super) fn parting(&self, tip: Oid, base: Oid) -> Result<Parting, Unreadable> {
        let key = (self.repository.path().to_owned(), tip, base);
        let found = self.partings.of(key, || parting::find(&self.repository, tip, base));
        found.map(|parting| *parting)
    }

    /// Ids of the commits in `base..head`, newest first, at most `limit`, with the number of all.
    pub(super) fn between(
        &self,
        base: Oid,
        head: Oid,
        limit: usize,
    ) -> Result<(Vec<Oid>, u64), Unreadable> {
        let key = (self.repository.path().to_owned(), base, head, limit);
        let walked = self.walks.of(key, || between(&self.repository, base, head, limit));
        walked.map(|walked| (*walked).clone())
    }
}

/// The stores of the repositories that were looked at last, and how their commits are related, so
/// that many questions share them.
#[derive(Clone)]
pub(super) struct Stores {
    shared: Arc<Mutex<Vec<(PathBuf, Shared)>>>,
    partings: Partings,
    walks: Walks,
}

impl Default for Stores {
    fn default() -> Self {
        let (partings, walks) = (Memory::of_at_most(PARTINGS), Memory::of_at_most(WALKS));
        Self { shared: Arc::default(), partings, walks }
    }
}

type Shared = Arc<Mutex<Store>>;

impl fmt::Debug for Stores {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stores").finish_non_exhaustive()
    }
}

impl Stores {
    /// Opens the repository that `tree` lies in.
    pub(super) fn open(&self, tree: &Path) -> Result<Opened, Unreadable> {
        let repository = open::open(tree)?;
        let store = self.of(repository.commondir().join("objects"));
        let (partings, walks) = (self.partings.clone(), self.walks.clone());
        Ok(Opened { repository, store, partings, walks })
    }

    fn of(&self, folder: PathBuf) -> Option<Shared> {
        let mut stores = lock(&self.shared);
        if let Some((_, store)) = stores.iter().find(|(known, _)| *known == folder) {
            return Some(Arc::clone(store));
        }
        let store = Arc::new(Mutex::new(Store::at(folder.clone())?));
        stores.insert(0, (folder, Arc::clone(&store)));
        stores.truncate(REMEMBERED);
        Some(store)
    }
}

/// What is locked here is whole at any moment: a panic elsewhere breaks nothing.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// An object that was read.
#[derive(Clone)]
pub(super) struct Object {
    pub(super) kind: ObjectType,
    pub(super) data: Arc<[u8]>,
}

struct Store {
    handle: HandleArc,
    beginnings: Option<Beginnings>,
    buffer: Vec<u8>,
    kept: HashMap<Oid, Object>,
    /// Ids of what is kept for its own sake, oldest first.
    order: VecDeque<Oid>,
    /// Bytes that are kept for their own sake.
    held: usize,
    /// Bytes that are kept since others held them as well.
    lent: usize,
}

impl Store {
    fn at(folder: PathBuf) -> Option<Self> {
        let options = gix_odb::store::init::Options {
            alloc_limit_bytes: Some(ROOM),
            ..gix_odb::store::init::Options::default()
        };
        // libgit2 replaces no object by another, and so neither do we.
        let replaced = &mut std::iter::empty();
        let opened = gix_odb::Store::at_opts(folder, gix_hash::Kind::Sha1, replaced, options);
        let mut handle = Arc::new(opened.ok()?).to_cache_arc();
        // What is not here now, libgit2 looks for anew.
        handle.refresh_never();
        handle.set_pack_cache(|| Box::new(MemoryCappedHashmap::new(BASES)));
        let (kept, order) = (HashMap::new(), VecDeque::new());
        let beginnings = None;
        Some(Self { handle, beginnings, buffer: Vec::new(), kept, order, held: 0, lent: 0 })
    }

    fn object(&mut self, id: Oid) -> Option<Object> {
        if let Some(object) = self.kept.get(&id) {
            return Some(object.clone());
        }
        let object = unharmed(|| {
            let read = self.handle.try_find(&name(id), &mut self.buffer).ok()??;
            let kind = kind(read.kind);
            let whole = hash(kind, read.data) == id.as_bytes();
            whole.then(|| Object { kind, data: Arc::from(read.data) })
        })?;
        self.keep(id, &object);
        Some(object)
    }

    fn keep(&mut self, id: Oid, object: &Object) {
        if object.data.len() > LARGEST {
            // The next ones need not as much.
            self.buffer = Vec::new();
            return;
        }
        self.held += object.data.len();
        self.order.push_back(id);
        self.kept.insert(id, object.clone());
        while self.held > KEPT {
            let Some(oldest) = self.order.pop_front() else { return };
            let Some(object) = self.kept.get(&oldest) else { return };
            self.held -= object.data.len();
            if Arc::strong_count(&object.data) > 1 && self.lent < LENT {
                self.lent += object.data.len();
            } else {
                self.kept.remove(&oldest);
            }
        }
    }

    fn beginning(&mut self, id: Oid, most: usize) -> Option<Vec<u8>> {
        if let Some(object) = self.kept.get(&id) {
            return Some(object.data[..object.data.len().min(most)].to_vec());
        }
        let beginnings =
            self.beginnings.get_or_insert_with(|| Beginnings::of(self.handle.store_ref()));
        unharmed(|| beginnings.get(id, most))
    }

    fn size(&self, id: Oid) -> Option<u64> {
        if let Some(object) = self.kept.get(&id) {
            return Some(object.data.len() as u64);
        }
        unharmed(|| self.handle.try_header(&name(id)).ok()?.map(|header| header.size()))
    }
}

/// gitoxide gives up some damaged packs with a panic; libgit2 says what is wrong with them.
fn unharmed<T>(read: impl FnOnce() -> Option<T>) -> Option<T> {
    catch_unwind(AssertUnwindSafe(read)).ok().flatten()
}

pub(super) fn name(id: Oid) -> gix_hash::ObjectId {
    let mut bytes = [0; 20];
    bytes.copy_from_slice(id.as_bytes());
    gix_hash::ObjectId::Sha1(bytes)
}

fn kind(kind: gix_object::Kind) -> ObjectType {
    match kind {
        gix_object::Kind::Tree => ObjectType::Tree,
        gix_object::Kind::Blob => ObjectType::Blob,
        gix_object::Kind::Commit => ObjectType::Commit,
        gix_object::Kind::Tag => ObjectType::Tag,
    }
}
