//! How contents begin, without unpacking all of them: a licence stands in the first lines of a file.
//! Answers only for what lies whole in a pack; anything else is to be read in full. What it gives is
//! not held against the id, as a part cannot be: git does not do so either.

use flate2::{Decompress, FlushDecompress};
use git2::Oid;
use gix_hash::Kind;
use gix_odb::store::structure::Record;
use gix_pack::Bundle;
use gix_pack::data::entry::Header;

use super::store::name;

/// Packs looked into; git itself makes one of them long before there are as many.
const PACKS: usize = 64;

/// The packs of one store.
pub(super) struct Beginnings {
    packs: Vec<Bundle>,
    inflate: Decompress,
}

impl Beginnings {
    /// Opens the packs of a store; those that cannot be opened have no answer.
    pub(super) fn of(store: &gix_odb::Store) -> Self {
        let records = store.structure().unwrap_or_default().into_iter();
        let indexes = records.filter_map(|record| match record {
            Record::Index { path, .. } => Some(path),
            _ => None,
        });
        let opened = indexes.take(PACKS).filter_map(|path| Bundle::at(path, Kind::Sha1).ok());
        let packs = opened.collect();
        Self { packs, inflate: Decompress::new(true) }
    }

    /// The first `most` bytes of an object, or all of it where it has fewer.
    pub(super) fn get(&mut self, id: Oid, most: usize) -> Option<Vec<u8>> {
        let id = name(id);
        let found = self.packs.iter().find_map(|pack| Some((pack, pack.index.lookup(id)?)));
        let (Bundle { pack, index }, at) = found?;
        let entry = pack.entry(index.pack_offset_at_index(at)).ok()?;
        if entry.header != Header::Blob {
            return None;
        }
        let packed = pack.entry_slice(entry.data_offset..u64::try_from(pack.pack_end()).ok()?)?;
        let mut beginning = vec![0; most.min(usize::try_from(entry.decompressed_size).ok()?)];
        self.inflate.reset(true);
        self.inflate.decompress(packed, &mut beginning, FlushDecompress::None).ok()?;
        let whole = self.inflate.total_out() == beginning.len() as u64;
        whole.then_some(beginning)
    }
}
