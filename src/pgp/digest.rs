//! Hashes of what a signature covers. Which of them may be believed is another question.

use std::borrow::Cow;

use ring::digest::{self, Algorithm};
use ripemd::Digest as _;

use super::packet::Signature;

/// The hash of some bytes by an algorithm's number; `None` for one that gpg does not know either.
pub(super) fn of(number: u8, bytes: &[u8]) -> Option<Vec<u8>> {
    Some(match number {
        3 => ripemd::Ripemd160::digest(bytes).to_vec(),
        11 => sha2::Sha224::digest(bytes).to_vec(),
        number => digest::digest(fast(number)?, bytes).as_ref().to_vec(),
    })
}

/// Those that the fast library has.
fn fast(number: u8) -> Option<&'static Algorithm> {
    Some(match number {
        2 => &digest::SHA1_FOR_LEGACY_USE_ONLY,
        8 => &digest::SHA256,
        9 => &digest::SHA384,
        10 => &digest::SHA512,
        _ => return None,
    })
}

/// Length of a hash in bytes.
pub(super) fn length(number: u8) -> usize {
    match number {
        1 => 16,
        2 | 3 => 20,
        11 => 28,
        8 => 32,
        9 => 48,
        10 => 64,
        _ => 0,
    }
}

/// Everything that is hashed for a signature over some content.
pub(super) fn covered(payload: &[u8], signature: &Signature<'_>) -> Vec<u8> {
    const TEXT: u8 = 1;
    let content = if signature.class == TEXT { as_text(payload) } else { Cow::Borrowed(payload) };
    with_trailer(&content, signature)
}

/// Bytes and what the signature adds of itself.
pub(super) fn with_trailer(content: &[u8], signature: &Signature<'_>) -> Vec<u8> {
    let covered = signature.covered;
    let mut bytes = Vec::with_capacity(content.len() + covered.len() + 6);
    bytes.extend_from_slice(content);
    bytes.extend_from_slice(covered);
    if signature.version == 4 {
        let length = u32::try_from(covered.len()).unwrap_or(u32::MAX);
        bytes.extend_from_slice(&[4, 0xff]);
        bytes.extend_from_slice(&length.to_be_bytes());
    }
    bytes
}

/// A text signature is over lines that end as those of mails do, whatever they end in here.
fn as_text(payload: &[u8]) -> Cow<'_, [u8]> {
    let mut text = Vec::with_capacity(payload.len() + payload.len() / 32);
    for line in payload.split_inclusive(|byte| *byte == b'\n') {
        let Some(content) = line.strip_suffix(b"\n") else {
            text.extend_from_slice(line);
            break;
        };
        let end = content.iter().rposition(|byte| *byte != b'\r').map_or(0, |last| last + 1);
        text.extend_from_slice(&content[..end]);
        text.extend_from_slice(b"\r\n");
    }
    Cow::Owned(text)
}
