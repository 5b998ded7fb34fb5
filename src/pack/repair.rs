//! What a check lets `onramp fix` do: few kinds of steps, declared in its YAML, so that a plan can
//! say exactly what will happen and how it is taken back. There is no shell among them, and nothing
//! here runs anything.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_saphyr::Spanned;

use super::mend::{RawMend, Way};
use super::model::Text;

/// One step, as written: a condition and exactly one of the other keys.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawRepair {
    /// An expression that must hold for the step to be needed.
    #[serde(default, rename = "if")]
    pub condition: Option<Text>,
    /// Packages of the distribution's own.
    #[serde(default)]
    pub install: Option<RawPackages>,
    /// A setting of git's, for the user and not for one work tree.
    #[serde(default)]
    pub git: Option<RawSetting>,
    /// A new OpenPGP key that signs, with the name and address that commits carry.
    #[serde(default)]
    pub key: Option<RawKey>,
    /// The name and address that commits carry, added to the user's OpenPGP key.
    #[serde(default)]
    pub address: Option<RawAddress>,
    /// A file of the change, in the work tree.
    #[serde(default)]
    pub mend: Option<RawMend>,
    /// What is left to the user once the other steps are done.
    #[serde(default)]
    pub by_hand: Option<Text>,
}

/// Packages by family; a family that is not named is mended by hand.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawPackages {
    /// Debian, Ubuntu and their children, by apt-get.
    pub debian: Vec<Text>,
    /// Fedora, RHEL and their children, by dnf.
    pub fedora: Vec<Text>,
    /// SUSE and its children, by zypper.
    pub suse: Vec<Text>,
    /// Arch Linux, by pacman.
    pub arch: Vec<Text>,
    /// Alpine Linux, by apk.
    pub alpine: Vec<Text>,
    /// macOS, by Homebrew.
    pub macos: Vec<Text>,
}

/// A setting: its value is either a template or known only later.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawSetting {
    /// Its name, such as `user.email`.
    pub key: Text,
    /// Its value.
    #[serde(default)]
    pub value: Option<Text>,
    /// Who knows its value.
    #[serde(default)]
    pub from: Option<Later>,
}

/// A value that no check can know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Later {
    /// The user's name: they are asked.
    Name,
    /// The user's e-mail address: they are asked.
    Email,
    /// The fingerprint of the key that a step before this one makes.
    NewKey,
}

/// A new key.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawKey {
    /// As gpg names it, such as `ed25519`.
    pub algorithm: Text,
    /// When it expires, such as `2y`.
    pub expires: Text,
}

/// A name and address for a key.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawAddress {
    /// The key's fingerprint.
    pub key: Text,
}

/// One step that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repair {
    /// Must hold for the step to be needed.
    pub condition: Option<String>,
    /// What is to be done; texts are templates.
    pub act: Act,
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Install packages, by family.
    Install(BTreeMap<&'static str, Vec<String>>),
    /// Set something for the user's git.
    Set(String, Value),
    /// Make a key.
    MakeKey {
        /// As gpg names it.
        algorithm: String,
        /// As gpg reads it.
        expires: String,
    },
    /// Add the user's name and address to the key with this fingerprint.
    AddAddress(String),
    /// Mend a file of the change.
    Mend {
        /// Its path from the root of the work tree.
        file: String,
        /// What is done to it.
        way: Way,
        /// The line that this is about.
        line: Option<String>,
    },
    /// Leave it to the user.
    ByHand(String),
}

/// A setting's value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A text.
    Text(String),
    /// Not known to the check.
    Later(Later),
}

impl RawRepair {
    /// Every template in the step.
    pub(super) fn templates(&self) -> Vec<&Text> {
        let mut templates: Vec<&Text> = self.by_hand.iter().collect();
        if let Some(packages) = &self.install {
            templates.extend(packages.families().into_iter().flat_map(|(_, names)| names));
        }
        templates.extend(self.git.iter().filter_map(|setting| setting.value.as_ref()));
        templates.extend(self.key.iter().flat_map(|key| [&key.algorithm, &key.expires]));
        templates.extend(self.address.iter().map(|address| &address.key));
        templates.extend(self.mend.iter().flat_map(RawMend::templates));
        templates
    }

    /// What is wrong with the step beyond its texts: the part of it, and what to say.
    pub(super) fn complaint(&self) -> Option<(String, String)> {
        let kinds = [
            self.install.is_some(),
            self.git.is_some(),
            self.key.is_some(),
            self.address.is_some(),
            self.mend.is_some(),
            self.by_hand.is_some(),
        ];
        if kinds.into_iter().filter(|named| *named).count() != 1 {
            let what =
                "a step of `repair` does one of install, git, key, address, mend and by_hand";
            return Some((String::new(), what.to_owned()));
        }
        if let Some(mend) = &self.mend {
            return mend.complaint();
        }
        let setting = self.git.as_ref()?;
        let name = &setting.key.value;
        if !is_setting(name) {
            let what = format!("`{name}` is no name of a git setting, such as `user.email`");
            return Some((name.clone(), what));
        }
        if setting.value.is_some() == setting.from.is_some() {
            let what = "a git setting takes either `value` or `from`".to_owned();
            return Some((name.clone(), what));
        }
        None
    }

    fn act(self) -> Option<Act> {
        if let Some(packages) = self.install {
            return Some(Act::Install(packages.built()));
        }
        if let Some(setting) = self.git {
            let text = setting.value.map(|text| Value::Text(text.value));
            let value = text.or(setting.from.map(Value::Later))?;
            return Some(Act::Set(setting.key.value, value));
        }
        if let Some(key) = self.key {
            let (algorithm, expires) = (key.algorithm.value, key.expires.value);
            return Some(Act::MakeKey { algorithm, expires });
        }
        if let Some(RawMend { file, by: way, line }) = self.mend {
            let (file, line) = (file.value, line.map(|line| line.value));
            return Some(Act::Mend { file, way, line });
        }
        let address = self.address.map(|address| Act::AddAddress(address.key.value));
        address.or_else(|| self.by_hand.map(|text| Act::ByHand(text.value)))
    }
}

impl RawPackages {
    fn families(&self) -> [(&'static str, &Vec<Text>); 6] {
        [
            ("debian", &self.debian),
            ("fedora", &self.fedora),
            ("suse", &self.suse),
            ("arch", &self.arch),
            ("alpine", &self.alpine),
            ("macos", &self.macos),
        ]
    }

    fn built(&self) -> BTreeMap<&'static str, Vec<String>> {
        let named = self.families().into_iter().filter(|(_, names)| !names.is_empty());
        let words = |names: &Vec<Text>| names.iter().map(|name| name.value.clone()).collect();
        named.map(|(family, names)| (family, words(names))).collect()
    }
}

/// `section.name` or `section.anything.name`, as git wants it.
fn is_setting(name: &str) -> bool {
    let word = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_alphabetic())
            && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    let parts = name.split_once('.').zip(name.rsplit_once('.'));
    let whole = parts.is_some_and(|((section, _), (_, last))| word(section) && word(last));
    whole && !name.chars().any(char::is_control)
}

/// The steps of a check.
pub(super) fn built(raw: Vec<Spanned<RawRepair>>) -> Vec<Repair> {
    let step = |mut raw: RawRepair| {
        let condition = raw.condition.take().map(|text| text.value);
        Some(Repair { condition, act: raw.act()? })
    };
    raw.into_iter().filter_map(|raw| step(raw.value)).collect()
}
