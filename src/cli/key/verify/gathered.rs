//! What is read of a history before the first signature is judged: what all of them call their
//! keys, so that the keyring is asked once, and as many of the objects as there is room for, so
//! that they need not be read again. Judges nothing.

use std::collections::VecDeque;

use crate::git::{ObjectId, Signable, Unreadable};
use crate::signature::{Makers, Object, Opened, Signed};

/// Bytes of objects in memory at a time.
pub(super) const ROOM: usize = 12 << 20;
/// Objects read at a time.
const BATCH: usize = 1_000;

/// Reads objects in order until there is no more room, and one at least.
type Read<'a> = dyn Fn(&[ObjectId]) -> Result<Vec<Result<Signable, Unreadable>>, Unreadable> + 'a;

/// The objects that were read, in order.
#[derive(Default)]
pub(super) struct Gathered {
    makers: Makers,
    kept: VecDeque<(Box<Signable>, Opened)>,
    used: usize,
    any: bool,
}

impl Gathered {
    /// Takes an object that was read.
    pub(super) fn take(&mut self, signable: Signable) {
        self.any = true;
        let signature = signable.signed.signature.as_deref();
        let opened = self.makers.add(&Signed::new(&signable.signed.payload, signature));
        // Out of its armour it is there once more, and a little shorter.
        let size = signable.signed.payload.len() + 2 * signature.map_or(0, <[u8]>::len);
        self.used = self.used.saturating_add(size);
        if self.used <= ROOM {
            self.kept.push_back((Box::new(signable), opened));
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
            Ok(signable) => Object::InHistory(Box::new(signable), None),
            Err(why) => Object::Absent(id.to_string(), why),
        });
        Ok(objects.collect())
    }

    /// An object that was kept; those before it turned out not to belong.
    fn kept(&mut self, id: ObjectId) -> Option<Object<'static>> {
        let name = id.to_string();
        let before = self.kept.iter().position(|kept| kept.0.signed.commit == name)?;
        self.kept.drain(..before);
        self.kept.pop_front().map(|(kept, opened)| Object::InHistory(kept, opened))
    }
}
