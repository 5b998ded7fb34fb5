//! Probe `openpgp_key`: the user's own OpenPGP keys and what keeps each from signing.
//! Starts no agent, makes no file, and reads nothing secret into the observation.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::observation::Unknown;
use crate::pgp::key::{Part, Secret, day};
use crate::pgp::{Key, Keyring, Listing};

use super::{Given, Kind, World};

/// See the module.
pub struct OpenpgpKey;

/// What to look for.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Arguments {
    /// The commit e-mail, where one is configured.
    #[serde(default)]
    pub email: Option<String>,
    /// git's `user.signingkey`, where one is configured.
    #[serde(default)]
    pub signing_key: Option<String>,
}

/// What was found.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Found {
    /// Whether there is a secret key at all.
    pub present: bool,
    /// Whether gpg is installed.
    pub gpg: bool,
    /// The GnuPG home, whether or not it exists.
    pub home: String,
    /// Why there is no secret key, a fragment.
    pub reason: Option<String>,
    /// The commit e-mail asked for.
    pub email: Option<String>,
    /// The key asked for.
    pub signing_key: Option<String>,
    /// The secret keys: those asked for, or all where none of those is here.
    pub keys: Vec<Own>,
    /// Those of them that could sign today.
    pub usable: Vec<Own>,
    /// Whether a key asked for is among them.
    pub named: bool,
    /// Whether a usable one carries the commit e-mail.
    pub matches: bool,
}

/// One secret key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Own {
    /// Fingerprint of the primary key.
    pub fingerprint: String,
    /// Its long key id.
    pub key_id: String,
    /// Fingerprint of the part that would sign.
    pub signs_with: Option<String>,
    /// Algorithm of the part that would sign, else of the primary key.
    pub algorithm: String,
    /// Its length in bits.
    pub bits: Option<u32>,
    /// Its curve.
    pub curve: Option<String>,
    /// The day it was made.
    pub created: Option<String>,
    /// The last day it may sign; none for a key that does not expire.
    pub expires: Option<String>,
    /// Whole days until then, negative once it is past; none for a key that does not expire.
    pub days_left: Option<i64>,
    /// The key has expired.
    pub expired: bool,
    /// The key is revoked.
    pub revoked: bool,
    /// The key is switched off.
    pub disabled: bool,
    /// It could sign today.
    pub can_sign: bool,
    /// The secret part lies on a card.
    pub card: bool,
    /// Names on the key.
    pub user_ids: Vec<String>,
    /// E-mail addresses on the key.
    pub emails: Vec<String>,
    /// What keeps it from signing, or makes that doubtful.
    pub problem: Option<String>,
}

impl Kind for OpenpgpKey {
    type Arguments = Arguments;
    type Found = Found;
    const NAME: &'static str = "openpgp_key";
    const UNTRUSTED: Option<&'static [(&'static str, Given)]> = Some(&[
        ("email", Given::Only(&["run.email"])),
        ("signing_key", Given::Only(&["run.signing_key"])),
    ]);

    fn observe(world: World<'_>, arguments: Arguments) -> Result<Found, Unknown> {
        look(world.keyring, world.system.now(), arguments)
    }
}

/// Looks through a keyring; `now` is the machine's clock in seconds.
///
/// # Errors
/// Why the keyring could not be read.
pub fn look(keyring: &dyn Keyring, now: i64, arguments: Arguments) -> Result<Found, Unknown> {
    let Arguments { email, signing_key } = arguments;
    let hint = signing_key.as_deref().or(email.as_deref());
    let mut listing = keyring.secret_keys(hint)?;
    let named = hint.is_some() && !listing.keys.is_empty();
    if hint.is_some() && !named && listing.nothing.is_none() {
        listing = keyring.secret_keys(None)?;
    }
    let Listing { gpg, home, nothing, keys, .. } = listing;
    let keys: Vec<Own> = keys.iter().map(|key| own(key, now)).collect();
    let usable: Vec<Own> = keys.iter().filter(|key| key.can_sign).cloned().collect();
    let carried = |email: &String| usable.iter().any(|key| carries(key, email));
    let matches = email.as_ref().is_some_and(carried);
    let present = !keys.is_empty();
    // Private keys whose public half is missing are of no use to gpg.
    let orphaned = || format!("{home} holds secret keys, but their public halves are missing");
    let reason = (!present).then(|| nothing.unwrap_or_else(orphaned));
    Ok(Found { present, gpg, home, reason, email, signing_key, keys, usable, named, matches })
}

fn carries(key: &Own, email: &str) -> bool {
    key.emails.iter().any(|own| own.eq_ignore_ascii_case(email.trim()))
}

fn own(key: &Key, now: i64) -> Own {
    let signer = key.signer();
    let primary = key.primary();
    let shown = signer.or(primary).cloned().unwrap_or_default();
    let expires = [primary, signer].into_iter().flatten().filter_map(|part| part.expires).min();
    Own {
        fingerprint: key.fingerprint.clone(),
        key_id: primary.map(|part| part.key_id.clone()).unwrap_or_default(),
        signs_with: signer.map(|part| part.fingerprint.clone()),
        algorithm: shown.algorithm,
        bits: shown.bits,
        curve: shown.curve,
        created: shown.created.and_then(day),
        expires: expires.and_then(day),
        days_left: expires.map(|expires| expires.saturating_sub(now).div_euclid(86_400)),
        expired: primary.is_some_and(|part| part.expired),
        revoked: key.revoked,
        disabled: key.disabled,
        can_sign: signer.is_some(),
        card: shown.secret == Secret::Card,
        user_ids: key.user_ids.iter().map(|id| id.text.clone()).collect(),
        emails: key.user_ids.iter().filter_map(|id| id.email.clone()).collect(),
        problem: problem(key, signer, now),
    }
}

fn problem(key: &Key, signer: Option<&Part>, now: i64) -> Option<String> {
    if let Some(signer) = signer {
        let early = signer.created.filter(|created| *created > now.saturating_add(86_400));
        return early.and_then(day).map(|day| {
            format!("it was made on {day}, in the future: the clock of this machine may be wrong")
        });
    }
    let primary = key.primary();
    let expired = primary.filter(|part| part.expired);
    if key.revoked {
        return Some("it is revoked".to_owned());
    }
    if let Some(part) = expired {
        return Some(match part.expires.and_then(day) {
            Some(day) => format!("it expired on {day}"),
            None => "it has expired".to_owned(),
        });
    }
    if key.disabled {
        return Some("it is disabled".to_owned());
    }
    Some(part_problem(key).to_owned())
}

fn part_problem(key: &Key) -> &'static str {
    let signing: Vec<&Part> = key.parts.iter().filter(|part| part.signs).collect();
    if signing.is_empty() {
        "it was not made for signing"
    } else if signing.iter().all(|part| part.expired || part.unusable) {
        "its signing subkey has expired or is revoked"
    } else {
        "the secret part that signs is not on this machine"
    }
}
