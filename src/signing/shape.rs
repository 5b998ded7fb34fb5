//! What `onramp key show` tells, as a published shape: settings, keys and what is wrong with them.
//! Values only. Text from outside is on one line, with control characters made visible.

use schemars::JsonSchema;
use serde::Serialize;

use crate::git::Level;
use crate::signature::strength::Strength;

/// Version of this shape; it grows when a field changes its meaning or goes away.
pub const VERSION: u32 = 1;

/// Everything that is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(title = "What onramp key show tells")]
pub struct Shown {
    /// Version of this shape.
    pub version: u32,
    /// Whether a signature by what git would use here will be good.
    pub works: Works,
    /// Why not, or why that could not be told; a fragment.
    pub why: Option<String>,
    /// What git is told.
    pub git: Git,
    /// Where OpenPGP keys are kept.
    pub gnupg: Gnupg,
    /// Every key of the user's that signs or once did, the one that git uses first.
    pub keys: Vec<Key>,
    /// What is wrong, the worst first.
    pub problems: Vec<Problem>,
}

/// Whether a signature will be good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Works {
    /// As far as looking can tell.
    Yes,
    /// It will not be made, or prove nothing.
    No,
    /// It could not be told.
    Unknown,
}

/// What git is told about signing and about who commits.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Git {
    /// `openpgp`, `ssh` or `x509`, or what else `gpg.format` says.
    pub format: String,
    /// The program that would sign, as it is told.
    pub program: String,
    /// Where that is; none where it is not there.
    pub program_path: Option<String>,
    /// The key that git is told to sign with.
    pub key: Option<Told>,
    /// The committer's name.
    pub name: Option<Told>,
    /// The committer's e-mail address, which a signature is held against.
    pub email: Option<Told>,
    /// Whether every commit is signed.
    pub signs_commits: bool,
    /// Whether every tag is signed.
    pub signs_tags: bool,
    /// Every setting that has to do with it, in git's order.
    pub settings: Vec<Setting>,
    /// Variables that override settings.
    pub variables: Vec<Variable>,
}

/// A value and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Told {
    /// The value.
    pub value: String,
    /// The setting and its file, or the variable.
    pub from: String,
    /// It came with the work tree.
    pub of_tree: bool,
}

/// One value of one setting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Setting {
    /// Its name, such as `user.signingkey`.
    pub name: String,
    /// Its value; none where it is named without one, which means yes.
    pub value: Option<String>,
    /// Whose it is.
    pub level: Level,
    /// The file it stands in; none for one that was set in passing.
    pub file: Option<String>,
    /// It takes effect; another of the same name overrides it otherwise.
    pub counts: bool,
    /// It came with the work tree.
    pub of_tree: bool,
    /// What that means for signing here.
    pub means: Option<String>,
}

/// An environment variable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// Where OpenPGP keys are kept.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Gnupg {
    /// Whether gpg is installed.
    pub present: bool,
    /// The GnuPG home, whether or not it exists.
    pub home: Option<String>,
    /// Why no keys are listed; a fragment.
    pub nothing: Option<String>,
}

/// What kind of key it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum KeyKind {
    /// Of GnuPG.
    Openpgp,
    /// Of OpenSSH.
    Ssh,
}

/// Where the secret half is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Kept {
    /// In a file on this machine.
    Disk,
    /// On a smart card.
    Card,
    /// In an agent, if anywhere: no file of it lies here.
    Agent,
    /// Not here.
    Away,
}

/// Whether a key can sign, and what keeps it from that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// It can.
    Usable,
    /// Its owner withdrew it.
    Revoked,
    /// Its last day is over.
    Expired,
    /// Its owner switched it off.
    Disabled,
    /// It was made for something else.
    NotForSigning,
    /// Its last day is not over, but that of the part that signs is.
    PartExpired,
    /// The part that signs was withdrawn.
    PartRevoked,
    /// The secret half that signs is elsewhere.
    SecretAway,
}

/// One key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Key {
    /// Of GnuPG or of OpenSSH.
    pub kind: KeyKind,
    /// git would sign with it here.
    pub used: bool,
    /// Whether it could sign today, and what keeps it from that.
    pub state: State,
    /// The same in words, with dates; none where it could. A fragment.
    pub why_not: Option<String>,
    /// Fingerprint of the primary key; of an SSH key none.
    pub fingerprint: Option<String>,
    /// Fingerprint of the part that would sign.
    pub signs_with: Option<String>,
    /// Algorithm of the part that would sign, else of the primary key.
    pub algorithm: String,
    /// Its length.
    pub bits: Option<u64>,
    /// Its curve.
    pub curve: Option<String>,
    /// How much its signatures prove.
    pub strength: Strength,
    /// The names on it, the first hundred.
    pub user_ids: Vec<String>,
    /// The addresses in these.
    pub emails: Vec<String>,
    /// How many names are on it.
    pub user_id_count: usize,
    /// It carries the commit e-mail; none where that is unknown, or for a kind without names.
    pub carries_email: Option<bool>,
    /// What all its parts together may do: `certify`, `sign`, `encrypt`, `authenticate`.
    pub capabilities: Vec<String>,
    /// The day it was made.
    pub created: Option<String>,
    /// The last day it may sign; none for one that does not expire.
    pub expires: Option<String>,
    /// Whole days until then, negative once it is past.
    pub days_left: Option<i64>,
    /// That it was revoked.
    pub revoked: Option<Revoked>,
    /// Where the secret half of the part that would sign is.
    pub kept: Kept,
    /// The primary key's secret half is elsewhere: names and dates are changed there.
    pub primary_away: bool,
    /// Whether a revocation certificate lies beside the keys; none for a kind without.
    pub revocation_certificate: Option<bool>,
    /// The file that holds an SSH key's public half.
    pub file: Option<String>,
}

/// When and why a key was revoked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Revoked {
    /// The day.
    pub on: Option<String>,
    /// The reason, in words for people.
    pub reason: Option<String>,
    /// What its owner wrote about it.
    pub note: Option<String>,
}

/// How much a problem matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Weight {
    /// A signature will not be made, or prove nothing.
    Error,
    /// It could not be told whether one will.
    Unknown,
    /// Likely to cost time.
    Warn,
    /// Worth knowing.
    Advice,
}

/// Something that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Problem {
    /// How much it matters.
    pub weight: Weight,
    /// Fingerprint of the key, or the setting, that it is about.
    pub about: Option<String>,
    /// What is wrong; a fragment.
    pub what: String,
    /// What to type, a line for each command.
    pub remedy: Option<String>,
    /// The check that holds it, for `onramp explain`.
    pub check: Option<String>,
}

impl Key {
    /// Whether it could sign today.
    #[must_use]
    pub fn can_sign(&self) -> bool {
        self.state == State::Usable
    }
}

impl Problem {
    /// A problem that nothing is known to help against yet.
    pub fn new(weight: Weight, what: impl Into<String>) -> Self {
        Self { weight, about: None, what: what.into(), remedy: None, check: None }
    }

    /// Says what to type.
    #[must_use]
    pub fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }

    /// Says which key or setting it is about.
    #[must_use]
    pub fn about(mut self, about: impl Into<String>) -> Self {
        self.about = Some(about.into());
        self
    }

    /// Names the check that explains it.
    #[must_use]
    pub fn check(mut self, check: &str) -> Self {
        self.check = Some(check.to_owned());
        self
    }
}
