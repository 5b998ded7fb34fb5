//! SHA-256 in the form people compare: lower-case hexadecimal. Proves that text is unchanged, never
//! who wrote it.

use std::fmt::Write;

use sha2::{Digest, Sha256};

/// The digest of some text.
#[must_use]
pub(super) fn sha256(text: &str) -> String {
    let mut hex = String::with_capacity(64);
    for byte in Sha256::digest(text.as_bytes()) {
        // Writing to a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}
