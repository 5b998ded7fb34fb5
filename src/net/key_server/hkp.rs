//! Speaks the HTTP Keyserver Protocol inside TLS. Believes no status: most servers say 200 to
//! everything, so that only reading back tells whether a key was taken.

use crate::net::https::{Form, Https};

use super::refusal::{Refusal, refused};

/// Hands over a key in ASCII armour; what the server says to that, on one line.
///
/// # Errors
/// Why the server did not answer or refused.
pub fn add(https: &Https, armoured: &str) -> Result<String, Refusal> {
    let answer = https.post("/pks/add", Form::Fields(&[("keytext", armoured)]))?;
    match answer.status {
        200..=299 => Ok(super::refusal::said(&answer.body)),
        _ => Err(refused(&answer)),
    }
}

/// The server's copy of a key in ASCII armour; none where it has none.
///
/// # Errors
/// Why the server did not answer or refused.
pub fn get(https: &Https, fingerprint: &str) -> Result<Option<Vec<u8>>, Refusal> {
    let path = format!("/pks/lookup?op=get&options=mr&search=0x{fingerprint}");
    let answer = https.get(&path)?;
    match answer.status {
        200..=299 => Ok(Some(answer.body)),
        404 => Ok(None),
        _ => Err(refused(&answer)),
    }
}
