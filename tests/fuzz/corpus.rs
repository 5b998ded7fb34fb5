//! The corpus: one payload, the public keys it was signed with, and signatures of every shape over
//! it. The keys were made for this and signed nothing else; their secret halves are gone.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use super::oracle::Seen;

/// Most files that are kept of one outcome.
const EACH: usize = 1;

pub(super) struct Corpus {
    folder: PathBuf,
    payload: Vec<u8>,
    /// By file name.
    pub(super) signatures: BTreeMap<String, Vec<u8>>,
}

pub(super) fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus")
}

impl Corpus {
    pub(super) fn read() -> Self {
        let folder = folder();
        let files = fs::read_dir(folder.join("signatures")).unwrap().map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, fs::read(path).unwrap())
        });
        let signatures = files.collect();
        let payload = fs::read(folder.join("payload")).unwrap();
        Self { folder, payload, signatures }
    }

    pub(super) fn payload(&self) -> &[u8] {
        &self.payload
    }

    /// Keeps a signature whose outcome no other has.
    pub(super) fn keep(&mut self, seen: &Seen, signature: &[u8]) {
        let stem = seen.file_stem();
        let alike = self.signatures.keys().filter(|name| name.starts_with(&stem)).count();
        if alike < EACH && signature.len() < 8 * 1024 {
            let name = format!("{stem}.asc");
            fs::write(self.folder.join("signatures").join(&name), signature).unwrap();
            self.signatures.insert(name, signature.to_vec());
        }
    }
}
