//! Answers for the repositories of a recorded machine: with nothing, as none is here to be read.

use std::path::Path;
use std::sync::Arc;

use super::address::Rewrite;
use super::{
    Addition, Additions, Aim, Authored, Backup, Branch, Changes, Commits, Content, Fitting, Link,
    Mailmap, Merge, Message, Object, ObjectId, Own, Patch, Repositories, Setting, Signable,
    SignedObject, State, Status, Stop, Tracked, Unreadable, Wanted,
};

/// No repositories at all: what a recorded machine has.
#[derive(Debug, Clone, Copy, Default)]
pub struct Absent;

impl Repositories for Absent {
    fn state(&self, _: &Path) -> Result<State, Unreadable> {
        Err(Unreadable::Recorded)
    }

    fn branch(&self, _: &Path, _: &Wanted) -> Result<Branch, Unreadable> {
        Err(Unreadable::Recorded)
    }

    fn commits(&self, _: &Path, _: &Wanted, _: usize) -> Result<Commits, Unreadable> {
        Err(Unreadable::Recorded)
    }

    fn contains(&self, _: &Path, _: &str) -> Result<bool, Unreadable> {
        Err(Unreadable::Recorded)
    }

    fn fetched_request(&self, _: &Path) -> Result<Option<String>, Unreadable> {
        Err(Unreadable::Recorded)
    }

    fn messages(&self, _: &Path, _: &Wanted, _: usize) -> Result<Vec<Message>, Unreadable> {
        Err(Unreadable::Recorded)
    }

    fn signed(&self, _: &Path, _: &Wanted, _: usize) -> Result<Vec<SignedObject>, Unreadable> {
        Err(Unreadable::Recorded)
    }

    fn aim(&self, _: &Path, _: &str, _: &mut dyn FnMut(Signable)) -> Result<Aim, Unreadable> {
        Err(Unreadable::Recorded)
    }

    fn signables(
        &self,
        _: &Path,
        _: &[ObjectId],
        _: usize,
    ) -> Result<Vec<Result<Signable, Unreadable>>, Unreadable> {
        Err(Unreadable::Recorded)
    }

    fn mailmap(&self, _: &Path, _: &str) -> Result<Option<Mailmap>, Unreadable> {
        Err(Unreadable::Recorded)
    }

    fn authored(
        &self,
        _: &Path,
        _: &str,
        _: u64,
        _: &dyn Fn(&str, &str) -> bool,
    ) -> Result<Authored, Unreadable> {
        Err(Unreadable::Recorded)
    }

    fn names(&self, _: &Path) -> Result<Vec<String>, Unreadable> {
        Err(Unreadable::Recorded)
    }

    fn changes(&self, _: &Path, _: &Wanted) -> Result<Changes, Unreadable> {
        Err(Unreadable::Recorded)
    }

    fn contents(&self, _: &Path, _: &[Object], _: u64) -> Result<Vec<Content>, Unreadable> {
        Err(Unreadable::Recorded)
    }

    fn beginnings(
        &self,
        _: &Path,
        _: &[&str],
        _: usize,
        _: &mut dyn FnMut(usize, &[u8]),
    ) -> Result<(), Unreadable> {
        Err(Unreadable::Recorded)
    }

    fn patch(&self, _: &Path, _: &Wanted) -> Result<Arc<Patch>, Unreadable> {
        Err(Unreadable::Recorded)
    }

    fn tracked(&self, _: &Path, _: &str) -> Result<Vec<Tracked>, Unreadable> {
        Err(Unreadable::Recorded)
    }

    fn fits(&self, _: &Path, _: &Wanted, _: &[String]) -> Result<Vec<Fitting>, Unreadable> {
        Err(Unreadable::Recorded)
    }

    fn own(&self, _: &Path, _: &Wanted) -> Result<Own, Unreadable> {
        Err(Unreadable::Recorded)
    }

    fn chain(&self, _: &Path, _: &str, _: &str) -> Result<Vec<Link>, Unreadable> {
        Err(Unreadable::Recorded)
    }

    fn replay(&self, _: &Path, _: &str, _: &[Link]) -> Result<Option<Stop>, Unreadable> {
        Err(Unreadable::Recorded)
    }

    fn lacking(&self, _: &Path, _: &str, _: &str) -> Result<Vec<String>, Unreadable> {
        Err(Unreadable::Recorded)
    }

    fn backups(&self, _: &Path, _: &str) -> Result<Vec<Backup>, Unreadable> {
        Err(Unreadable::Recorded)
    }

    fn alike(&self, _: &Path, _: &str, _: &str) -> Result<Vec<String>, Unreadable> {
        Err(Unreadable::Recorded)
    }

    fn additions(
        &self,
        _: &Path,
        _: &Wanted,
        _: usize,
        _: &mut dyn FnMut(Addition<'_>),
    ) -> Result<Additions, Unreadable> {
        Err(Unreadable::Recorded)
    }

    fn merge(&self, _: &Path, _: &Wanted) -> Result<Merge, Unreadable> {
        Err(Unreadable::Recorded)
    }

    fn status(&self, _: &Path) -> Result<Status, Unreadable> {
        Err(Unreadable::Recorded)
    }

    fn settings(&self, _: Option<&Path>, _: &[&str]) -> Result<Vec<Setting>, Unreadable> {
        Err(Unreadable::Recorded)
    }

    fn rewrites(&self, _: Option<&Path>) -> Result<Vec<Rewrite>, Unreadable> {
        Err(Unreadable::Recorded)
    }

    fn proxies(&self, _: Option<&Path>) -> Result<Vec<(Option<String>, String)>, Unreadable> {
        Err(Unreadable::Recorded)
    }
}
