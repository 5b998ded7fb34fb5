//! A commit, tag or file with the verdict on it: joins what a signature is worth with who is named
//! as its maker, and says what that comes to. Pure.

use schemars::JsonSchema;
use serde::Serialize;

use crate::git::{Mailmap, Signable, SignableKind, Uncovered, Unreadable};

use super::binding::{self, People};
use super::judge::{By, Opened, Signed, by_ssh, judge_by};
use super::strength::{Strength, strength};
use super::verdict::{Verdict, Word};

/// What was signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Object<'a> {
    /// A commit or tag, with its signature out of the armour where that was done.
    InHistory(Box<Signable>, Opened),
    /// One that is not here: its id, and why.
    Absent(String, Unreadable),
    /// A file: the name it was given, its content, and one signature over it.
    File(&'a str, &'a [u8], &'a [u8]),
}

impl Object<'_> {
    /// Whether an SSH key signed it.
    #[must_use]
    pub fn by_ssh(&self) -> bool {
        self.signed().and_then(|signed| signed.signature).is_some_and(by_ssh)
    }

    /// What is covered, and the signature; none where it is not here.
    #[must_use]
    pub fn signed(&self) -> Option<Signed<'_>> {
        match self {
            Self::InHistory(signable, opened) => {
                let signature = signable.signed.signature.as_deref();
                Some(Signed::new(&signable.signed.payload, signature).with(opened))
            }
            Self::Absent(..) => None,
            Self::File(_, payload, signature) => Some(Signed::new(payload, Some(signature))),
        }
    }
}

/// What a verdict comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Standing {
    /// The signature holds, by a key that counts.
    Pass,
    /// It does not, or it is not its author's.
    Fail,
    /// That could not be told.
    Unknown,
}

/// One object with its verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Row {
    /// Full id, where it is a commit.
    pub commit: Option<String>,
    /// Name, where it is a tag; its full id where it has none.
    pub tag: Option<String>,
    /// Name, where it is a file.
    pub file: Option<String>,
    /// First line of the message of a commit or tag.
    pub subject: Option<String>,
    /// What the signature is worth.
    pub verdict: Word,
    /// What that comes to.
    pub outcome: Standing,
    /// The letter that `git log --format=%G?` has for it, with the same keys; none for a file, and
    /// where git has none.
    pub git: Option<char>,
    /// Fingerprint of the key or subkey that signed, where the signature holds.
    pub fingerprint: Option<String>,
    /// Fingerprint of the primary key, or what the signature says of its maker.
    pub key: Option<String>,
    /// The key's first name.
    pub signer: Option<String>,
    /// Why it is not simply good, a fragment.
    pub reason: Option<String>,
    /// When it was signed, by the signature's own word; seconds since the epoch.
    pub created: Option<i64>,
    /// Whether the key was valid then; none where that cannot be told.
    pub then: Option<bool>,
    /// Hash algorithm of the signature.
    pub hash: Option<String>,
    /// Algorithm of the key that signed, where it is known.
    pub algorithm: Option<String>,
    /// Its length in bits.
    pub bits: Option<u32>,
    /// Whether that hash or the key can be broken.
    pub weak: bool,
    /// The author's address.
    pub author_email: Option<String>,
    /// Whether the key speaks for it; none where the key is not known.
    pub author_matches: Option<bool>,
    /// Address of the committer, or of who made the tag.
    pub committer_email: Option<String>,
    /// Whether the key speaks for it; none where the key is not known.
    pub committer_matches: Option<bool>,
    /// What else should be known of it, as fragments.
    pub notes: Vec<String>,
}

/// What a row is judged by, besides its signature.
pub struct Context<'a> {
    /// Somebody vouched for every key that is here.
    pub vouched: bool,
    /// The name that a tag was asked for by.
    pub tag: Option<&'a str>,
    /// The project's `.mailmap`, and where it was read; asked for only where it could matter.
    pub mailmap: &'a dyn Fn() -> Option<&'a (Mailmap, String)>,
}

/// How much a key like the one that signed proves; unknown where the key is.
fn strength_of(verdict: &Verdict) -> Strength {
    strength(verdict.algorithm.as_deref().unwrap_or_default(), verdict.bits.map(u64::from))
}

/// Judges objects, in order.
#[must_use]
pub fn rows(objects: &[Object<'_>], by: By<'_>, context: &Context<'_>) -> Vec<Row> {
    let signed: Vec<_> = objects.iter().filter_map(Object::signed).collect();
    let mut verdicts = judge_by(&signed, by).into_iter();
    let row = |object: &Object<'_>| {
        let verdict = object.signed().and_then(|_| verdicts.next());
        let verdict =
            verdict.unwrap_or_else(|| Verdict::plain(Word::Unchecked, '?', "it is not here"));
        Row::new(object, verdict, context)
    };
    objects.iter().map(row).collect()
}

impl Row {
    /// Joins an object with its verdict.
    #[must_use]
    pub fn new(object: &Object<'_>, mut verdict: Verdict, context: &Context<'_>) -> Self {
        let mut row = Self::of(&mut verdict, context.vouched);
        match object {
            Object::File(name, _, signature) => {
                row.file = Some((*name).to_owned());
                row.git = None;
                if by_ssh(signature) {
                    let reason = "an SSH key signed it: `ssh-keygen -Y verify` checks such files";
                    row.reason = Some(reason.to_owned());
                }
            }
            Object::Absent(id, why) => {
                row.commit = Some(id.clone());
                row.git = None;
                row.reason = Some(why.to_string());
            }
            Object::InHistory(signable, _) => row.name(signable, &verdict, context),
        }
        if row.verdict == Word::Good {
            row.weigh(&verdict);
        }
        row.outcome = row.standing();
        row
    }

    /// Takes over what only the row tells: a long history has many.
    fn of(verdict: &mut Verdict, vouched: bool) -> Self {
        let reason = match (&verdict.key, verdict.word) {
            (Some(key), Word::MissingKey) if vouched => {
                Some(format!("its key {key} is not among those you vouch for"))
            }
            _ => verdict.reason.take(),
        };
        Self {
            commit: None,
            tag: None,
            file: None,
            subject: None,
            verdict: verdict.word,
            outcome: Standing::Unknown,
            git: verdict.git.is_ascii_uppercase().then_some(verdict.git),
            fingerprint: verdict.fingerprint.take(),
            key: verdict.key.take(),
            signer: verdict.signer.clone(),
            reason,
            created: verdict.created,
            then: verdict.then,
            hash: verdict.hash.take(),
            algorithm: verdict.algorithm.clone(),
            bits: verdict.bits,
            weak: verdict.weak || strength_of(verdict) == Strength::Weak,
            author_email: None,
            author_matches: None,
            committer_email: None,
            committer_matches: None,
            notes: Vec::new(),
        }
    }

    fn name(&mut self, signable: &Signable, verdict: &Verdict, context: &Context<'_>) {
        let id = signable.signed.commit.clone();
        let people = match signable.kind {
            SignableKind::Commit => {
                self.commit = Some(id);
                People::Commit(signable.author.as_ref(), signable.committer.as_ref())
            }
            SignableKind::Tag => {
                let name = context.tag.map(ToOwned::to_owned);
                self.tag = name.or_else(|| signable.tag.clone()).or(Some(id));
                People::Tag(signable.committer.as_ref())
            }
        };
        self.subject = Some(signable.subject.clone());
        self.author_email = signable.author.as_ref().map(|person| person.email.clone());
        self.committer_email = signable.committer.as_ref().map(|person| person.email.clone());
        self.bind(verdict, people, context);
        self.cover(signable);
        self.hold_name(signable, context.tag);
    }

    /// Holds the key against the people; the `.mailmap` is asked for where they differ.
    fn bind(&mut self, verdict: &Verdict, people: People<'_>, context: &Context<'_>) {
        let known = verdict.signer.is_some() || !verdict.emails.is_empty();
        if !known && self.verdict != Word::Good {
            return;
        }
        let mut bond = binding::bind(&verdict.emails, people, None);
        if bond.mismatch.is_some()
            && let Some((mailmap, place)) = (context.mailmap)()
        {
            bond = binding::bind(&verdict.emails, people, Some(mailmap));
            if bond.mapped {
                self.notes.push(format!("{place} says whose addresses they are"));
            }
        }
        self.author_matches = bond.author;
        self.committer_matches = Some(bond.committer);
        match (self.verdict, bond.mismatch) {
            (Word::Good, Some(mismatch)) => {
                self.verdict = Word::IdentityMismatch;
                self.reason = Some(mismatch);
            }
            // Whoever judged the signature knew no mailmap.
            (Word::IdentityMismatch, None) => {
                self.verdict = Word::Good;
                self.reason = None;
            }
            _ => {}
        }
    }

    /// A signature that holds proves no more than its hash and its key do.
    fn weigh(&mut self, verdict: &Verdict) {
        let bits = verdict.bits.unwrap_or_default();
        let algorithm = verdict.algorithm.as_deref().unwrap_or_default();
        if verdict.weak {
            let hash = self.hash.as_deref().unwrap_or("a weak hash");
            self.reason = Some(format!("it rests on {hash}, which can be forged"));
            return;
        }
        match strength_of(verdict) {
            Strength::Weak => {
                let weak = "is too weak to prove anything";
                self.reason = Some(format!("its {algorithm} key of {bits} bits {weak}"));
            }
            Strength::Short => self
                .notes
                .push(format!("its {algorithm} key has {bits} bits; Apache asks 4096 of new ones")),
            Strength::Strong | Strength::Unknown => {}
        }
    }

    /// What nobody signed must not look signed.
    fn cover(&mut self, signable: &Signable) {
        match (signable.signed.uncovered, signable.kind) {
            (Some(Uncovered::Behind), SignableKind::Tag) if self.holds() => {
                self.verdict = Word::Unsupported;
                self.reason =
                    Some("text stands behind its signature, which covers none of it".into());
            }
            (Some(Uncovered::Behind), _) if self.holds() && self.reason.is_none() => {
                self.notes.push("text stands behind its signature, which covers none of it".into());
            }
            (Some(Uncovered::Header), _) => {
                self.notes.push(
                    "it has a second signature header, which nothing covers or checks".into(),
                );
            }
            _ => {}
        }
    }

    /// A tag that was signed by another name is none of this name.
    fn hold_name(&mut self, signable: &Signable, asked: Option<&str>) {
        let (Some(asked), Some(own)) = (asked, &signable.tag) else { return };
        if asked != own && self.holds() {
            self.verdict = Word::Bad;
            self.reason =
                Some(format!("it was signed as the tag {own}, and stands here as {asked}"));
        }
    }

    /// Whether the arithmetic holds, whoever the key belongs to.
    fn holds(&self) -> bool {
        use Word::{ForgeSigned, IdentityMismatch, Untrusted};
        use Word::{Good, GoodExpiredKey, GoodExpiredSignature, GoodRevokedKey};
        matches!(
            self.verdict,
            Good | Untrusted
                | IdentityMismatch
                | ForgeSigned
                | GoodExpiredKey
                | GoodExpiredSignature
                | GoodRevokedKey
        )
    }

    fn standing(&self) -> Standing {
        match self.verdict {
            Word::Good if self.weak => Standing::Fail,
            Word::Good => Standing::Pass,
            // Without the forge's key it is the forge's signature by its own word only.
            Word::ForgeSigned if self.fingerprint.is_none() => Standing::Unknown,
            Word::ForgeSigned => Standing::Pass,
            Word::MissingKey | Word::Unchecked | Word::Unsupported => Standing::Unknown,
            Word::Untrusted
            | Word::GoodExpiredKey
            | Word::GoodRevokedKey
            | Word::GoodExpiredSignature
            | Word::Bad
            | Word::Unsigned
            | Word::IdentityMismatch => Standing::Fail,
        }
    }
}
