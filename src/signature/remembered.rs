//! How the arithmetic of signatures came out on earlier runs, so that a history judged once costs
//! little the second time.
//!
//! Only sums are remembered: whether a key's numbers, a signature's numbers and the bytes it covers
//! fit each other, which is the same for ever. What time, trust and policy make of them is judged
//! anew on every run, so nothing a user changes can leave an old verdict behind. Each entry is a
//! mark that only a secret in the user's state folder can make, over everything that goes into the
//! sum: a file that was damaged, cut, copied from another machine or put there by someone else
//! merely answers less, and never turns bad into good. Whoever can read the secret owns the
//! account. Nothing is kept in a work tree, and where nothing can be kept all works without.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use ring::hmac::{Context, HMAC_SHA256, Key, sign};
use ring::rand::{SecureRandom, SystemRandom};

use crate::pgp::sums::Sums;
use crate::sys::{Access, System, Workbench};

/// Goes up whenever the same bytes could come out otherwise.
const RULES: &str = concat!("onramp ", env!("CARGO_PKG_VERSION"), " sums 1");
/// Most entries of one generation. Two are kept: what no run asked for while one filled up falls
/// out with the next.
const GENERATION: usize = 1 << 18;
const HEADER: usize = 24;
const MARK: usize = 16;
/// Length of the secret.
const SECRET: usize = 32;

type Mark = [u8; MARK];

/// What earlier runs found, and what this one adds.
pub struct Remembered {
    place: Option<Place>,
    key: Key,
    /// What the secret is, where it is new and has to be kept first.
    new_secret: Option<[u8; SECRET]>,
    recent: Vec<Mark>,
    older: Vec<Mark>,
    /// Marks that belong into the recent generation and are not in it yet.
    fresh: Mutex<Vec<Mark>>,
}

/// Where all lies.
#[derive(Debug)]
struct Place {
    file: PathBuf,
    secret: PathBuf,
}

impl Remembered {
    /// Remembers nothing and keeps nothing.
    #[must_use]
    pub fn nothing() -> Self {
        Self::at(None, [0; SECRET], None)
    }

    /// What this user's earlier runs found. Files of others, files that others could have written
    /// to, and files inside `tree` count as absent.
    #[must_use]
    pub fn open(system: &dyn System, tree: Option<&Path>) -> Self {
        Place::of(system, tree).map_or_else(Self::nothing, |place| Self::lying_at(system, place))
    }

    /// The same with folders of one's own choice, for a file each.
    #[must_use]
    pub fn open_in(system: &dyn System, cache: &Path, state: &Path) -> Self {
        Self::lying_at(system, Place::new(cache, state))
    }

    fn lying_at(system: &dyn System, place: Place) -> Self {
        let secret = system.read_private(&place.secret, SECRET as u64).ok();
        if let Some(secret) = secret.and_then(|bytes| <[u8; SECRET]>::try_from(bytes).ok()) {
            let mut remembered = Self::at(Some(place), secret, None);
            (remembered.recent, remembered.older) = remembered.read(system).unwrap_or_default();
            return remembered;
        }
        let mut secret = [0; SECRET];
        match SystemRandom::new().fill(&mut secret) {
            Ok(()) => Self::at(Some(place), secret, Some(secret)),
            Err(_) => Self::nothing(),
        }
    }

    fn at(place: Option<Place>, secret: [u8; SECRET], new_secret: Option<[u8; SECRET]>) -> Self {
        let own = sign(&Key::new(HMAC_SHA256, &secret), RULES.as_bytes());
        Self {
            place,
            key: Key::new(HMAC_SHA256, own.as_ref()),
            new_secret,
            recent: Vec::new(),
            older: Vec::new(),
            fresh: Mutex::default(),
        }
    }

    fn find(&self, holds: &Mark, fails: &Mark) -> Option<bool> {
        let among = |marks: &[Mark], mark| marks.binary_search(mark).is_ok();
        for (mark, outcome) in [(holds, true), (fails, false)] {
            if among(&self.recent, mark) {
                return Some(outcome);
            }
            if among(&self.older, mark) {
                self.learn(*mark);
                return Some(outcome);
            }
        }
        None
    }

    fn learn(&self, mark: Mark) {
        // A panic elsewhere cannot leave the list half changed.
        self.fresh.lock().unwrap_or_else(PoisonError::into_inner).push(mark);
    }

    /// The marks that say of a question that it holds, and that it does not.
    fn marks(&self, question: &[&[u8]]) -> [Mark; 2] {
        let mut context = Context::with_key(&self.key);
        for part in question {
            // With its length, so that no two questions read alike.
            context.update(&(part.len() as u64).to_le_bytes());
            context.update(part);
        }
        let tag = context.sign();
        let (mut holds, mut fails) = (Mark::default(), Mark::default());
        holds.copy_from_slice(&tag.as_ref()[..MARK]);
        fails.copy_from_slice(&tag.as_ref()[MARK..]);
        [holds, fails]
    }

    /// Keeps what this run found for the next. What another run kept meanwhile stays, unless both
    /// write in the same moment: then one of them has worked for nothing.
    ///
    /// # Errors
    /// Why it could not be kept; all that was kept before still stands.
    pub fn keep(&self, bench: &dyn Workbench) -> io::Result<()> {
        let Some(place) = &self.place else { return Ok(()) };
        let mut fresh = self.fresh.lock().unwrap_or_else(PoisonError::into_inner);
        if fresh.is_empty() {
            return Ok(());
        }
        place.prepare(bench)?;
        if let Some(secret) = &self.new_secret {
            bench.write(&place.secret, secret, Access::Private)?;
        }
        let (mut recent, older) = self.read(bench).unwrap_or_default();
        recent.append(&mut fresh);
        recent.sort_unstable();
        recent.dedup();
        let (recent, older) =
            if recent.len() > GENERATION { (Vec::new(), recent) } else { (recent, older) };
        bench.write(&place.file, &self.written(&recent, &older), Access::Private)
    }

    fn written(&self, recent: &[Mark], older: &[Mark]) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(HEADER + (recent.len() + older.len()) * MARK);
        bytes.extend(self.title());
        bytes.extend((recent.len() as u64).to_le_bytes());
        for mark in recent.iter().chain(older.iter().take(GENERATION * 2)) {
            bytes.extend(mark);
        }
        bytes
    }

    /// What the file begins with: another secret or other rules make another one.
    fn title(&self) -> Mark {
        self.marks(&[b"title"])[0]
    }

    /// Both generations, as the file holds them now.
    fn read(&self, system: &dyn System) -> Option<(Vec<Mark>, Vec<Mark>)> {
        let limit = HEADER + 4 * GENERATION * MARK;
        let bytes = system.read_private(&self.place.as_ref()?.file, limit as u64).ok()?;
        let (title, rest) = bytes.split_first_chunk::<MARK>()?;
        let (count, rest) = rest.split_first_chunk::<8>()?;
        let count = usize::try_from(u64::from_le_bytes(*count)).ok()?;
        let (marks, []) = rest.as_chunks::<MARK>() else { return None };
        if *title != self.title() {
            return None;
        }
        let (recent, older) = marks.split_at_checked(count)?;
        Some((recent.to_vec(), older.to_vec()))
    }
}

impl Sums for Remembered {
    fn settle(&self, question: &[&[u8]], work: &mut dyn FnMut() -> Option<bool>) -> Option<bool> {
        if self.place.is_none() {
            return work();
        }
        let [holds, fails] = self.marks(question);
        if let Some(known) = self.find(&holds, &fails) {
            return Some(known);
        }
        let outcome = work()?;
        self.learn(if outcome { holds } else { fails });
        Some(outcome)
    }
}

impl fmt::Debug for Remembered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Not the secret.
        f.debug_struct("Remembered").field("place", &self.place).finish_non_exhaustive()
    }
}

impl Place {
    fn new(cache: &Path, state: &Path) -> Self {
        Self { file: cache.join("sums"), secret: state.join("sums.secret") }
    }

    /// The user's folders for caches and for state, where they are no part of a work tree.
    fn of(system: &dyn System, tree: Option<&Path>) -> Option<Self> {
        let folder = |variable: &str, usual: &str| {
            let set = system.env(variable).map(PathBuf::from).filter(|path| path.is_absolute());
            Some(set.or_else(|| Some(system.home()?.join(usual)))?.join("onramp"))
        };
        let cache = folder("XDG_CACHE_HOME", ".cache")?;
        let state = folder("XDG_STATE_HOME", ".local/state")?;
        let real = |path: &Path| {
            let mut above = path.ancestors();
            above.find_map(|folder| system.real_path(folder).ok())
        };
        let tree = tree.and_then(real);
        let inside = |path: &Path| {
            let real = real(path);
            tree.as_ref().is_some_and(|tree| real.is_none_or(|real| real.starts_with(tree)))
        };
        if inside(&cache) || inside(&state) {
            return None;
        }
        Some(Self::new(&cache, &state))
    }

    /// Makes both folders, private. Nothing is made in folders of somebody else, which a user
    /// acting for another would leave behind there.
    fn prepare(&self, bench: &dyn Workbench) -> io::Result<()> {
        for file in [&self.file, &self.secret] {
            let Some(folder) = file.parent() else { continue };
            let mut above = folder.ancestors();
            let owner = above.find_map(|folder| bench.owner(folder).ok());
            if owner != Some(bench.user()) {
                return Err(io::Error::other(format!(
                    "{} belongs to another user",
                    folder.display()
                )));
            }
            bench.create_private_folder(folder)?;
        }
        Ok(())
    }
}
