//! Probe `signatures`: what the signature of each commit since the base is worth.
//! Joins commits, keyring and the user's own word on SSH keys; believes nothing of the work tree's
//! configuration, and judges nothing about policy.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::git;
use crate::observation::Unknown;
use crate::pgp::Keyring;
use crate::signature::{self, Signed, Signers, Trust, Verdict, Word, binding};

use super::change::{Change, unknown};
use super::{Given, Kind, World};

/// A commit with what its signature covers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedObject {
    /// Full id.
    pub commit: String,
    /// Id for people.
    pub short: String,
    /// First line of the message.
    pub subject: String,
    /// The author's address.
    pub author_email: String,
    /// The bytes a signature covers.
    pub payload: Vec<u8>,
    /// The signature as it stands in the commit.
    pub signature: Option<Vec<u8>>,
}

/// Which commits, and which keys are hosting sites' own.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Arguments {
    /// Which change.
    pub change: Change,
    /// Fingerprints or long ids of keys with which hosting sites sign.
    #[serde(default)]
    pub forge_keys: Vec<String>,
    /// Most commits looked at.
    #[serde(default)]
    pub limit: Option<usize>,
}

/// What was found.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Found {
    /// Always true: commits can be looked at wherever there is a work tree.
    pub present: bool,
    /// The base that was used.
    pub base: Option<String>,
    /// Newest first, as git lists them.
    pub commits: Vec<Item>,
}

/// One commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Item {
    /// Full id.
    pub commit: String,
    /// Id for people.
    pub short: String,
    /// First line of the message.
    pub subject: String,
    /// What the signature is worth.
    pub verdict: Word,
    /// Fingerprint or id of the key.
    pub key: Option<String>,
    /// First name on the key.
    pub signer: Option<String>,
    /// The secret key is this user's.
    pub own: bool,
    /// The letter that git prints for it, or `?`.
    pub git: char,
    /// Fingerprint of the key or subkey that signed, where the signature holds.
    pub fingerprint: Option<String>,
    /// Whether the key was valid when the signature says it was made.
    pub then: Option<bool>,
    /// Algorithm of the key, such as `RSA`; none where the key is not known.
    pub algorithm: Option<String>,
    /// Its length in bits.
    pub bits: Option<u32>,
    /// Hash algorithm of the signature.
    pub hash: Option<String>,
    /// Whether that hash can be forged.
    pub weak: bool,
    /// Why the verdict is not `good`.
    pub reason: Option<String>,
    /// The author's address.
    pub author_email: String,
    /// Whether the key carries the author's address; none where the key is not known.
    pub email_matches: Option<bool>,
}

/// See the module.
pub struct Signatures;

/// Most commits looked at unless a check says otherwise.
const LIMIT: usize = 10_000;

impl Kind for Signatures {
    type Arguments = Arguments;
    type Found = Found;
    const NAME: &'static str = "signatures";
    const UNTRUSTED: Option<&'static [(&'static str, Given)]> = Some(super::HISTORY);

    fn observe(world: World<'_>, arguments: Arguments) -> Result<Found, Unknown> {
        let limit = arguments.limit.unwrap_or(LIMIT);
        let (tree, wanted) = arguments.change.wanted()?;
        let range = world.git.commits(&tree, &wanted, limit).map_err(unknown)?;
        let signed = world.git.signed(&tree, &wanted, limit).map_err(unknown)?;
        let objects: Vec<SignedObject> =
            range.commits.into_iter().zip(signed).map(joined).collect();
        // Reading the list of signers costs more than judging one commit.
        let by_ssh =
            |object: &SignedObject| object.signature.as_deref().is_some_and(signature::by_ssh);
        let signers = objects
            .iter()
            .any(by_ssh)
            .then(|| Signers::of_user(world.system, world.git, Some(&tree)));
        let trust = Trust { forge_keys: &arguments.forge_keys, signers: signers.as_ref() };
        let commits = judge_objects(&objects, world.keyring, trust);
        Ok(Found { present: true, base: Some(range.base.reference), commits })
    }
}

fn joined((commit, signed): (git::Commit, git::SignedObject)) -> SignedObject {
    SignedObject {
        commit: commit.commit,
        short: commit.short,
        subject: commit.subject,
        author_email: commit.author.email,
        payload: signed.payload,
        signature: signed.signature,
    }
}

/// Judges commits, in order.
pub fn judge_objects(
    objects: &[SignedObject],
    keyring: &dyn Keyring,
    trust: Trust<'_>,
) -> Vec<Item> {
    let signed: Vec<Signed<'_>> = objects
        .iter()
        .map(|object| Signed::new(&object.payload, object.signature.as_deref()))
        .collect();
    let verdicts = signature::judge(&signed, keyring, trust);
    objects.iter().zip(verdicts).map(|(object, verdict)| item(object, verdict)).collect()
}

fn item(object: &SignedObject, verdict: Verdict) -> Item {
    let matches = binding::speaks_for(&verdict.emails, &object.author_email);
    Item {
        commit: object.commit.clone(),
        short: object.short.clone(),
        subject: object.subject.clone(),
        verdict: verdict.word,
        email_matches: verdict.signer.is_some().then_some(matches),
        key: verdict.key,
        signer: verdict.signer,
        own: verdict.own,
        git: verdict.git,
        fingerprint: verdict.fingerprint,
        then: verdict.then,
        algorithm: verdict.algorithm,
        bits: verdict.bits,
        hash: verdict.hash,
        weak: verdict.weak,
        reason: verdict.reason,
        author_email: object.author_email.clone(),
    }
}
