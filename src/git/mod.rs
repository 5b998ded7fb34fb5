//! Local git through git2: reading a work tree and its history without running anything of it. Where
//! many objects are read, gitoxide unpacks them first; what it cannot read, git2 is asked for.
//!
//! Neither runs filters, hooks, monitors or the `git` program, or fetches anything: an object
//! a partial clone promised is named as missing, with the command that brings it. The one thing
//! this layer writes is [`adopt`]'s remote and branch. Network work is described in [`remote`] as
//! commands for the user's own `git`.

mod absent;
mod additions;
pub mod address;
pub mod adopt;
mod aim;
mod alike;
mod authors;
pub mod backup;
mod base;
mod beginnings;
mod branch;
mod changes;
mod commit;
pub mod difference;
mod fetched;
mod fit;
mod history;
pub mod listed;
mod live;
mod mailmap;
mod memory;
mod merge;
mod message;
mod names;
mod odb;
mod open;
mod own;
mod parting;
mod patch;
pub mod range;
pub mod remote;
mod remotes;
mod replay;
pub mod rewrite;
mod rewritten;
mod settings;
mod signable;
mod signed;
mod status;
mod store;
mod tracked;
mod trailers;
mod traits;
mod trees;
pub mod trouble;
mod unreadable;
mod walk;

use std::path::Path;
use std::sync::Arc;

pub use absent::Absent;
pub use additions::{Addition, Additions};
pub use aim::{Aim, AimKind, ObjectId};
pub use authors::Authored;
pub use backup::Backup;
pub use base::{Base, Candidate};
pub use branch::{Branch, Foreign, Pushed};
pub use changes::{Change, Changes, Content, Object};
pub use commit::{Commit, Person};
pub use fit::Fitting;
pub use listed::{Level, Listed};
pub use live::Live;
pub use mailmap::Mailmap;
pub use merge::{Conflict, Merge};
pub use message::Message;
pub use open::{Head, HeadState, State};
pub use own::{Link, Own};
pub use patch::{Patch, Patched, Text};
pub use range::Commits;
pub use remotes::{Remote, Remotes};
pub use replay::Stop;
pub use rewritten::Rewritten;
pub use settings::{Places, Scope, Setting, is_yes};
pub use signable::{Signable, SignableKind};
pub use signed::{SignatureKind, SignedObject, Uncovered, split, split_tag};
pub use status::{Entry, Status};
pub use tracked::Tracked;
pub use trailers::Trailer;
pub use traits::Traits;
pub use unreadable::Unreadable;

/// Which part of the history is meant.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// The commit looked at; the current one where absent.
    pub head: Option<String>,
    /// What it is compared with; found among the maintained branches where absent.
    pub base: Option<String>,
    /// Address of the project's repository, in any spelling.
    pub repository: String,
    /// The maintained branches, the default branch first.
    pub branches: Vec<String>,
}

/// Reads work trees: [`Live`] uses git2, a recorded machine has [`Absent`].
///
/// `tree` is a folder in the work tree or a bare repository. Names and messages are handed on as
/// text with foreign bytes replaced; only [`SignedObject`] holds them as they are.
pub trait Repositories: Send + Sync {
    /// What kind of repository `tree` lies in and where its head stands.
    ///
    /// # Errors
    /// The reason it cannot be read; see [`Unreadable`].
    fn state(&self, tree: &Path) -> Result<State, Unreadable>;

    /// The branch, what it is based on, and where it was pushed.
    ///
    /// # Errors
    /// The reason it cannot be read.
    fn branch(&self, tree: &Path, wanted: &Wanted) -> Result<Branch, Unreadable>;

    /// The commits since the base, newest first, at most `limit`.
    ///
    /// # Errors
    /// The reason they cannot be told, [`Unreadable::NoBase`] among them.
    fn commits(&self, tree: &Path, wanted: &Wanted, limit: usize) -> Result<Commits, Unreadable>;

    /// Whether the current commit is `commit`, by full id, or descends from it; one that is not
    /// here is no ancestor.
    ///
    /// # Errors
    /// The reason it cannot be told.
    fn contains(&self, tree: &Path, commit: &str) -> Result<bool, Unreadable>;

    /// The pull request that is checked out, as a phrase that says how that shows; `None` where
    /// none is.
    ///
    /// # Errors
    /// The reason it cannot be told.
    fn fetched_request(&self, tree: &Path) -> Result<Option<String>, Unreadable>;

    /// The messages of the commits since the base, newest first, with the files each touches.
    ///
    /// # Errors
    /// The reason they cannot be told.
    fn messages(
        &self,
        tree: &Path,
        wanted: &Wanted,
        limit: usize,
    ) -> Result<Vec<Message>, Unreadable>;

    /// What each of these commits signs, byte for byte, in the same order.
    ///
    /// # Errors
    /// The reason they cannot be told.
    fn signed(
        &self,
        tree: &Path,
        wanted: &Wanted,
        limit: usize,
    ) -> Result<Vec<SignedObject>, Unreadable>;

    /// What a revision, a range or a tag's name leads to. The commits of a range go to `read` as the
    /// history is walked, in the same order, so that none has to be read again; there may be some
    /// among them that turned out not to belong to it, and a shallow clone hands over none.
    ///
    /// # Errors
    /// The reason it cannot be told, [`Unreadable::Revision`] among them.
    fn aim(
        &self,
        tree: &Path,
        words: &str,
        read: &mut dyn FnMut(Signable),
    ) -> Result<Aim, Unreadable>;

    /// What these commits and tags sign, in order, and who made them: as many as fit into `room`
    /// bytes, and the first at least, so that a long history is never in memory as a whole.
    ///
    /// # Errors
    /// Where the repository cannot be read; an object that is not here is an item of its own.
    fn signables(
        &self,
        tree: &Path,
        ids: &[ObjectId],
        room: usize,
    ) -> Result<Vec<Result<Signable, Unreadable>>, Unreadable>;

    /// The `.mailmap` of a revision; none where it has none.
    ///
    /// # Errors
    /// The reason it cannot be read.
    fn mailmap(&self, tree: &Path, revision: &str) -> Result<Option<Mailmap>, Unreadable>;

    /// Whether somebody has commits in the history of `revision`, told by name and address of each
    /// author, among the newest `limit` ones.
    ///
    /// # Errors
    /// The reason it cannot be told.
    fn authored(
        &self,
        tree: &Path,
        revision: &str,
        limit: u64,
        is_theirs: &dyn Fn(&str, &str) -> bool,
    ) -> Result<Authored, Unreadable>;

    /// Short names of branches and tags, at most a few thousand: for saying which was meant.
    ///
    /// # Errors
    /// The reason they cannot be read.
    fn names(&self, tree: &Path) -> Result<Vec<String>, Unreadable>;

    /// The files that differ between the merge base and the head.
    ///
    /// # Errors
    /// The reason they cannot be told.
    fn changes(&self, tree: &Path, wanted: &Wanted) -> Result<Changes, Unreadable>;

    /// The content of files, each of at most `limit` bytes, in the order asked for.
    ///
    /// # Errors
    /// Where the repository cannot be read; a missing object is a [`Content`] of its own.
    fn contents(
        &self,
        tree: &Path,
        objects: &[Object],
        limit: u64,
    ) -> Result<Vec<Content>, Unreadable>;

    /// Tells how files begin, by their place among these full ids: `most` bytes, or all of a shorter
    /// one. Silent on those that would have to be read in full for it.
    ///
    /// # Errors
    /// Where the repository cannot be read.
    fn beginnings(
        &self,
        tree: &Path,
        ids: &[&str],
        most: usize,
        tell: &mut dyn FnMut(usize, &[u8]),
    ) -> Result<(), Unreadable>;

    /// The files that differ between the merge base and the head, with their text. Asked again
    /// for the same commits, it answers from memory.
    ///
    /// # Errors
    /// The reason they cannot be told; of a single file, the file itself tells it.
    fn patch(&self, tree: &Path, wanted: &Wanted) -> Result<Arc<Patch>, Unreadable>;

    /// The project's branches, as this clone last saw them; `project` is its address.
    ///
    /// # Errors
    /// The reason they cannot be told.
    fn tracked(&self, tree: &Path, project: &str) -> Result<Vec<Tracked>, Unreadable>;

    /// How the whole change fits onto each of these branches, as they are known here.
    ///
    /// # Errors
    /// The reason it cannot be told of any; of a single one, its own answer tells it.
    fn fits(
        &self,
        tree: &Path,
        wanted: &Wanted,
        references: &[String],
    ) -> Result<Vec<Fitting>, Unreadable>;

    /// The commits that are the branch's own, and what they stand on.
    ///
    /// # Errors
    /// The reason they cannot be told.
    fn own(&self, tree: &Path, wanted: &Wanted) -> Result<Own, Unreadable>;

    /// The commits behind `from` up to `to`, oldest first.
    ///
    /// # Errors
    /// The reason they cannot be told.
    fn chain(&self, tree: &Path, from: &str, to: &str) -> Result<Vec<Link>, Unreadable>;

    /// The first of these commits, oldest first, that does not fit onto `onto` and those before it.
    ///
    /// # Errors
    /// The reason it cannot be told, an object that a partial clone lacks among them.
    fn replay(&self, tree: &Path, onto: &str, links: &[Link]) -> Result<Option<Stop>, Unreadable>;

    /// Ids of the contents that are not here and that files need to go from one commit to another.
    ///
    /// # Errors
    /// The reason they cannot be told.
    fn lacking(&self, tree: &Path, from: &str, to: &str) -> Result<Vec<String>, Unreadable>;

    /// The steps on a branch that can be taken back, newest first.
    ///
    /// # Errors
    /// The reason they cannot be told.
    fn backups(&self, tree: &Path, branch: &str) -> Result<Vec<Backup>, Unreadable>;

    /// Paths of files in a commit, by full id, that have the same ending as this path; those in the
    /// nearest folder first, and only some.
    ///
    /// # Errors
    /// The reason they cannot be told.
    fn alike(&self, tree: &Path, commit: &str, path: &str) -> Result<Vec<String>, Unreadable>;

    /// Hands the lines that each commit since the base brings to `read`, of the newest `limit`
    /// commits and oldest first.
    ///
    /// # Errors
    /// The reason they cannot be told; of a single file, the answer tells it.
    fn additions(
        &self,
        tree: &Path,
        wanted: &Wanted,
        limit: usize,
        read: &mut dyn FnMut(Addition<'_>),
    ) -> Result<Additions, Unreadable>;

    /// Whether the head still merges into its base, as that is known here.
    ///
    /// # Errors
    /// The reason it cannot be told, an object that a partial clone lacks among them.
    fn merge(&self, tree: &Path, wanted: &Wanted) -> Result<Merge, Unreadable>;

    /// What differs between head, index and files. Ignored files do not count.
    ///
    /// # Errors
    /// The reason it cannot be read; a bare repository has no files.
    fn status(&self, tree: &Path) -> Result<Status, Unreadable>;

    /// The settings of these names that take effect, as git would read them in `tree`, or outside
    /// of any.
    ///
    /// # Errors
    /// The reason they cannot be read.
    fn settings(&self, tree: Option<&Path>, names: &[&str]) -> Result<Vec<Setting>, Unreadable>;

    /// The user's rules for rewriting addresses, as git would apply them in `tree`.
    ///
    /// # Errors
    /// The reason they cannot be read.
    fn rewrites(&self, tree: Option<&Path>) -> Result<Vec<address::Rewrite>, Unreadable>;

    /// The proxies in git's settings: `http.proxy`, and the address of each `http.<url>.proxy`.
    ///
    /// # Errors
    /// The reason they cannot be read.
    fn proxies(&self, tree: Option<&Path>) -> Result<Vec<(Option<String>, String)>, Unreadable>;
}
