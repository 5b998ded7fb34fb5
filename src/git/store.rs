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

use super::odb::hash;
use super::{Unreadable, open};

/// Repositories remembered: the one looked at and the one before it.
const REMEMBERED: usize = 2;
/// Memory for content that other content is told apart from, in bytes.
const BASES: usize = 48 << 20;
/// Memory for content that was read, in bytes, and the largest that is kept.
const KEPT: usize = 64 << 20;
const LARGEST: usize = 4 << 20;
/// Memory for unpacking one object, in bytes; libgit2 is left to see to what takes more.
pub(super) const ROOM: usize = 40 << 20;

/// An open repository, and the faster way to its objects.
pub(super) struct Opened {
    repository: Repository,
    store: Option<Shared>,
}

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
}

/// The stores of the repositories that were looked at last, so that many questions share them.
#[derive(Clone, Default)]
pub(super) struct Stores(Arc<Mutex<Vec<(PathBuf, Shared)>>>);

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
        Ok(Opened { repository, store })
    }

    fn of(&self, folder: PathBuf) -> Option<Shared> {
        let mut stores = lock(&self.0);
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
    buffer: Vec<u8>,
    kept: HashMap<Oid, Object>,
    /// Ids of what is kept, oldest first.
    order: VecDeque<Oid>,
    /// Bytes that are kept.
    held: usize,
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
        Some(Self { handle, buffer: Vec::new(), kept, order, held: 0 })
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
            let gone = self.kept.remove(&oldest);
            self.held -= gone.map_or(0, |object| object.data.len());
        }
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

fn name(id: Oid) -> gix_hash::ObjectId {
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
