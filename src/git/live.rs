//! Answers for this machine's repositories, through git2. Each question opens the repository afresh,
//! so answers can be asked for in parallel.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use super::address::Rewrite;
use super::memory::Memory;
use super::rewritten::{self, Rewritten};
use super::settings::Places;
use super::store::{Opened, Stores};
use super::{
    Addition, Additions, Aim, Authored, Backup, Branch, Change, Changes, Commits, Content, Fitting,
    Link, Mailmap, Merge, Message, Object, ObjectId, Own, Patch, Repositories, Setting, Signable,
    SignedObject, State, Status, Stop, Tracked, Unreadable, Wanted, additions, aim, alike, authors,
    backup, branch, changes, fetched, fit, mailmap, merge, message, open, own, patch, range,
    remotes, replay, settings, signable, status, tracked,
};
use crate::sys::System;

/// This machine's repositories.
#[derive(Debug, Clone, Default)]
pub struct Live {
    places: Places,
    stores: Stores,
    files: Memory<Vec<Change>>,
    patches: Memory<Patch>,
    rewritten: Vec<Rewritten>,
    /// The change with the files that are as if committed: there is one to a run.
    as_if: Arc<OnceLock<Result<Arc<Patch>, Unreadable>>>,
}

impl Live {
    /// Honours `GIT_CONFIG_GLOBAL`, `GIT_CONFIG_SYSTEM` and `GIT_CONFIG_NOSYSTEM`, as git does.
    #[must_use]
    pub fn new(system: &dyn System) -> Self {
        let file = |name: &str| system.env(name).map(PathBuf::from);
        let off = system.env("GIT_CONFIG_NOSYSTEM").is_some_and(|value| !is_no(&value));
        let machine = if off { Some(None) } else { file("GIT_CONFIG_SYSTEM").map(Some) };
        Self {
            places: Places {
                user: file("GIT_CONFIG_GLOBAL").map(|file| vec![file]),
                system: machine,
            },
            stores: Stores::default(),
            files: Memory::default(),
            patches: Memory::default(),
            rewritten: Vec::new(),
            as_if: Arc::default(),
        }
    }

    /// The same, answering for changes as if these files stood so in one more commit on the head.
    #[must_use]
    pub fn as_if(self, rewritten: Vec<Rewritten>) -> Self {
        Self { rewritten, as_if: Arc::default(), ..self }
    }

    /// A repository for questions about changes, and what they are about in it.
    fn changed(&self, tree: &Path, wanted: &Wanted) -> Result<(Opened, Wanted), Unreadable> {
        let repository = self.stores.open(tree)?;
        let mut wanted = wanted.clone();
        if !self.rewritten.is_empty() {
            let commit = rewritten::commit(&repository, &wanted, &self.rewritten)?;
            wanted.head = Some(commit.to_string());
        }
        Ok((repository, wanted))
    }
}

fn is_no(value: &OsString) -> bool {
    ["0", "false", "no", "off"].iter().any(|no| value.eq_ignore_ascii_case(no))
}

impl Repositories for Live {
    fn state(&self, tree: &Path) -> Result<State, Unreadable> {
        open::state(&open::open(tree)?)
    }

    fn branch(&self, tree: &Path, wanted: &Wanted) -> Result<Branch, Unreadable> {
        branch::branch(&self.stores.open(tree)?, wanted)
    }

    fn commits(&self, tree: &Path, wanted: &Wanted, limit: usize) -> Result<Commits, Unreadable> {
        range::commits(&self.stores.open(tree)?, wanted, limit)
    }

    fn contains(&self, tree: &Path, commit: &str) -> Result<bool, Unreadable> {
        branch::contains(&open::open(tree)?, commit)
    }

    fn fetched_request(&self, tree: &Path) -> Result<Option<String>, Unreadable> {
        fetched::request(&open::open(tree)?)
    }

    fn messages(
        &self,
        tree: &Path,
        wanted: &Wanted,
        limit: usize,
    ) -> Result<Vec<Message>, Unreadable> {
        message::messages(&self.stores.open(tree)?, wanted, limit)
    }

    fn signed(
        &self,
        tree: &Path,
        wanted: &Wanted,
        limit: usize,
    ) -> Result<Vec<SignedObject>, Unreadable> {
        range::signed(&self.stores.open(tree)?, wanted, limit)
    }

    fn aim(
        &self,
        tree: &Path,
        words: &str,
        read: &mut dyn FnMut(Signable),
    ) -> Result<Aim, Unreadable> {
        aim::aim(&open::open(tree)?, words, read)
    }

    fn signables(
        &self,
        tree: &Path,
        ids: &[ObjectId],
        room: usize,
    ) -> Result<Vec<Result<Signable, Unreadable>>, Unreadable> {
        signable::signables(&open::open(tree)?, ids, room)
    }

    fn mailmap(&self, tree: &Path, revision: &str) -> Result<Option<Mailmap>, Unreadable> {
        mailmap::mailmap(&open::open(tree)?, revision)
    }

    fn authored(
        &self,
        tree: &Path,
        revision: &str,
        limit: u64,
        is_theirs: &dyn Fn(&str, &str) -> bool,
    ) -> Result<Authored, Unreadable> {
        authors::authored(&open::open(tree)?, revision, limit, is_theirs)
    }

    fn names(&self, tree: &Path) -> Result<Vec<String>, Unreadable> {
        aim::names(&open::open(tree)?)
    }

    fn changes(&self, tree: &Path, wanted: &Wanted) -> Result<Changes, Unreadable> {
        let (repository, wanted) = self.changed(tree, wanted)?;
        changes::changes(&repository, &wanted, &self.files)
    }

    fn contents(
        &self,
        tree: &Path,
        objects: &[Object],
        limit: u64,
    ) -> Result<Vec<Content>, Unreadable> {
        let (repository, _) = self.changed(tree, &Wanted::default())?;
        Ok(objects.iter().map(|object| changes::content(&repository, object, limit)).collect())
    }

    fn beginnings(
        &self,
        tree: &Path,
        ids: &[&str],
        most: usize,
        tell: &mut dyn FnMut(usize, &[u8]),
    ) -> Result<(), Unreadable> {
        let repository = self.stores.open(tree)?;
        for (at, id) in ids.iter().enumerate() {
            if let Some(beginning) = repository.beginning(id, most) {
                tell(at, &beginning);
            }
        }
        Ok(())
    }

    fn patch(&self, tree: &Path, wanted: &Wanted) -> Result<Arc<Patch>, Unreadable> {
        let read = |wanted: &Wanted| {
            let (repository, wanted) = self.changed(tree, wanted)?;
            patch::patch(&repository, &wanted, (&self.files, &self.patches))
        };
        match self.rewritten.is_empty() {
            true => read(wanted),
            // Making the commit takes longer than reading it, so that is done once.
            false => self.as_if.get_or_init(|| read(wanted)).clone(),
        }
    }

    fn tracked(&self, tree: &Path, project: &str) -> Result<Vec<Tracked>, Unreadable> {
        tracked::tracked(&open::open(tree)?, project)
    }

    fn fits(
        &self,
        tree: &Path,
        wanted: &Wanted,
        references: &[String],
    ) -> Result<Vec<Fitting>, Unreadable> {
        fit::fits(&self.stores.open(tree)?, wanted, references)
    }

    fn own(&self, tree: &Path, wanted: &Wanted) -> Result<Own, Unreadable> {
        own::own(&open::open(tree)?, wanted)
    }

    fn chain(&self, tree: &Path, from: &str, to: &str) -> Result<Vec<Link>, Unreadable> {
        own::chain(&open::open(tree)?, from, to)
    }

    fn replay(&self, tree: &Path, onto: &str, links: &[Link]) -> Result<Option<Stop>, Unreadable> {
        replay::replay(&open::open(tree)?, onto, links)
    }

    fn lacking(&self, tree: &Path, from: &str, to: &str) -> Result<Vec<String>, Unreadable> {
        own::lacking(&self.stores.open(tree)?, from, to)
    }

    fn backups(&self, tree: &Path, branch: &str) -> Result<Vec<Backup>, Unreadable> {
        backup::backups(&open::open(tree)?, branch)
    }

    fn alike(&self, tree: &Path, commit: &str, path: &str) -> Result<Vec<String>, Unreadable> {
        alike::alike(&open::open(tree)?, commit, path)
    }

    fn additions(
        &self,
        tree: &Path,
        wanted: &Wanted,
        limit: usize,
        read: &mut dyn FnMut(Addition<'_>),
    ) -> Result<Additions, Unreadable> {
        let (repository, wanted) = self.changed(tree, wanted)?;
        additions::additions(&repository, &wanted, limit, read)
    }

    fn merge(&self, tree: &Path, wanted: &Wanted) -> Result<Merge, Unreadable> {
        merge::merge(&self.stores.open(tree)?, wanted)
    }

    fn status(&self, tree: &Path) -> Result<Status, Unreadable> {
        status::status(&open::open(tree)?)
    }

    fn settings(&self, tree: Option<&Path>, names: &[&str]) -> Result<Vec<Setting>, Unreadable> {
        let repository = tree.map(open::open).transpose()?;
        settings::settings(repository.as_ref(), &self.places, names)
    }

    fn rewrites(&self, tree: Option<&Path>) -> Result<Vec<Rewrite>, Unreadable> {
        let repository = tree.map(open::open).transpose()?;
        Ok(remotes::rewrites(&settings::config(repository.as_ref(), &self.places)?))
    }

    fn proxies(&self, tree: Option<&Path>) -> Result<Vec<(Option<String>, String)>, Unreadable> {
        let repository = tree.map(open::open).transpose()?;
        settings::proxies(&settings::config(repository.as_ref(), &self.places)?)
    }
}
