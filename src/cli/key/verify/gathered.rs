//! What is read of a history before the first signature is judged: what all of them call their
//! keys, so that the keyring is asked once, and as many of the objects as there is room for, so
//! that they need not be read again. Judges nothing.

use std::collections::VecDeque;

use crate::git::{ObjectId, Signable, Unreadable};
use crate::signature::{Makers, Object, Signed};

/// Bytes of objects in memory at a time.
pub(super) const ROOM: usize = 12 << 20;
/// Objects whose keys' names are read at a time.
const BATCH: usize = 1_000;

/// Reads objects in order until there is no more room, and one at least.
type Read<'a> = dyn Fn(&[ObjectId]) -> Result<Vec<Result<Signable, Unreadable>>, Unreadable> + 'a;

/// The objects that were read, in order.
#[derive(Default)]
pub(super) struct Gathered {
    makers: Makers,
    batch: Vec<Signable>,
    kept: VecDeque<Signable>,
    used: usize,
    any: bool,
}

impl Gathered {
    /// Takes an object that was read.
    pub(super) fn take(&mut self, signable: Signable) {
        self.any = true;
        self.batch.push(signable);
        if self.batch.len() == BATCH {
            self.put_away();
        }
    }

    fn put_away(&mut self) {
        let signed: Vec<_> = self.batch.iter().map(signed).collect();
        self.makers.add(&signed);
        for signable in self.batch.drain(..) {
            let size = signable.signed.payload.len()
                + signable.signed.signature.as_ref().map_or(0, Vec::len);
            self.used = self.used.saturating_add(size);
            if self.used <= ROOM {
                self.kept.push_back(signable);
            }
        }
    }

    /// Reads everything, where nothing was read so far.
    pub(super) fn fill(&mut self, ids: &[ObjectId], read: &Read<'_>) -> Result<(), Unreadable> {
        let mut rest = if self.any { &[] } else { ids };
        while !rest.is_empty() {
            let found = read(&rest[..rest.len().min(BATCH)])?;
            rest = &rest[found.len().min(rest.len())..];
            found.into_iter().flatten().for_each(|signable| self.take(signable));
        }
        self.put_away();
        Ok(())
    }

    /// What all signatures call their keys.
    pub(super) fn makers(&mut self) -> Makers {
        std::mem::take(&mut self.makers)
    }

    /// The first of these objects, at least one: those that were kept, else read again.
    pub(super) fn next(
        &mut self,
        ids: &[ObjectId],
        read: &Read<'_>,
    ) -> Result<Vec<Object<'static>>, Unreadable> {
        let kept: Vec<_> = ids.iter().map_while(|id| self.kept(*id)).collect();
        if !kept.is_empty() {
            return Ok(kept);
        }
        let objects = ids.iter().zip(read(ids)?).map(|(id, read)| match read {
            Ok(signable) => Object::InHistory(Box::new(signable)),
            Err(why) => Object::Absent(id.to_string(), why),
        });
        Ok(objects.collect())
    }

    /// An object that was kept; those before it turned out not to belong.
    fn kept(&mut self, id: ObjectId) -> Option<Object<'static>> {
        let name = id.to_string();
        let before = self.kept.iter().position(|kept| kept.signed.commit == name)?;
        self.kept.drain(..before);
        self.kept.pop_front().map(|kept| Object::InHistory(Box::new(kept)))
    }
}

fn signed(signable: &Signable) -> Signed<'_> {
    let signature = signable.signed.signature.as_deref();
    Signed { payload: &signable.signed.payload, signature }
}
