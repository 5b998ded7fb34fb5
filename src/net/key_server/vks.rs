//! Speaks the interface of keys.openpgp.org inside TLS: a key is shown at once, the names on it
//! only after their owner has followed a link in a mail.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::net::https::{Answer, Form, Https};

use super::refusal::{Refusal, Why, refused};

/// What the server says of a key that it took.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Taken {
    /// Fingerprint of the key, as the server reads it.
    #[serde(rename = "key_fpr")]
    pub fingerprint: String,
    /// How each address on it stands.
    pub status: BTreeMap<String, Standing>,
    /// Proves in later requests that the key was handed over by us.
    pub token: String,
}

/// How an address stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Standing {
    /// Its owner was not asked.
    Unpublished,
    /// It is shown.
    Published,
    /// The key says that it is its own no more.
    Revoked,
    /// A link was mailed, and nobody has followed it.
    Pending,
}

#[derive(Serialize)]
struct Upload<'a> {
    keytext: &'a str,
}

#[derive(Serialize)]
struct Request<'a> {
    token: &'a str,
    addresses: &'a [String],
    locale: [&'a str; 1],
}

/// Hands over a key in ASCII armour.
///
/// # Errors
/// Why the server did not answer or refused.
pub fn upload(https: &Https, armoured: &str) -> Result<Taken, Refusal> {
    taken(&https.post("/vks/v1/upload", json(&Upload { keytext: armoured })?)?)
}

/// Has the server mail a link to each address.
///
/// # Errors
/// Why the server did not answer or refused.
pub fn request_mail(https: &Https, token: &str, addresses: &[String]) -> Result<Taken, Refusal> {
    let request = Request { token, addresses, locale: ["en_US"] };
    taken(&https.post("/vks/v1/request-verify", json(&request)?)?)
}

/// The server's copy of a key in ASCII armour; none where it has none.
///
/// # Errors
/// Why the server did not answer or refused.
pub fn get(https: &Https, fingerprint: &str) -> Result<Option<Vec<u8>>, Refusal> {
    let answer = https.get(&format!("/vks/v1/by-fingerprint/{fingerprint}"))?;
    match answer.status {
        200 => Ok(Some(answer.body)),
        404 => Ok(None),
        _ => Err(refused(&answer)),
    }
}

fn json(value: &impl Serialize) -> Result<Form<'static>, Refusal> {
    let text = serde_json::to_string(value)
        .map_err(|error| Refusal::new(Why::NotReached, error.to_string()))?;
    Ok(Form::Json(text))
}

fn taken(answer: &Answer) -> Result<Taken, Refusal> {
    if answer.status != 200 {
        return Err(refused(answer));
    }
    serde_json::from_slice(&answer.body)
        .map_err(|_| Refusal::new(Why::Odd, "its answer cannot be understood"))
}
