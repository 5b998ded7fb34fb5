//! The plan in words: what each step runs, as it would be typed, why, with whose rights, and how it
//! is taken back. What is shown is what is run: both come from the same words.

use super::plan::{Act, ByHand, Facts, Place, Plan, Step};
use crate::pack::repair::{Later, Value};
use crate::pgp::making;
use crate::text::{Line, Tone, clean_line, shell_word};

/// What stands where a value is not known yet.
const NAME: &str = "YOUR NAME";
const EMAIL: &str = "YOUR@ADDRESS";
const NEW_KEY: &str = "THE-NEW-KEY";

impl Step {
    /// Its commands, word by word. `made` is the fingerprint of the key made before, once it is.
    #[must_use]
    pub fn commands(&self, facts: &Facts, made: Option<&str>) -> Vec<Vec<String>> {
        vec![match &self.act {
            // onramp does it itself.
            Act::Mend { .. } => return Vec::new(),
            Act::Install { packager, packages } => {
                raised(facts, packager.root, packager.install(packages, facts.silent))
            }
            Act::Set { key, value } => setting(key, value, facts, made),
            Act::SetTogether { settings } => {
                let each = settings.iter().map(|(key, value)| setting(key, value, facts, made));
                return each.collect();
            }
            Act::MakeKey { algorithm, expires } => {
                let algorithm = facts.wish.algorithm.as_ref().unwrap_or(algorithm);
                let expires = facts.wish.expires.as_ref().unwrap_or(expires);
                making::words(&user_id(facts), algorithm, expires, facts.wish.another)
            }
            Act::AddAddress { key } => {
                words(&["gpg", "--batch", "--quick-add-uid", key, &user_id(facts)])
            }
        }]
    }

    /// What it runs, as a person would type it; in words where onramp runs nothing for it.
    #[must_use]
    pub fn typed(&self, facts: &Facts, made: Option<&str>) -> String {
        let commands: Vec<String> =
            self.commands(facts, made).iter().map(|words| typed(words)).collect();
        if commands.is_empty() { self.title() } else { commands.join(" && ") }
    }

    /// What it comes to, a fragment.
    #[must_use]
    pub fn title(&self) -> String {
        match &self.act {
            Act::Install { packages, .. } => format!("install {}", packages.join(", ")),
            Act::Set { key, .. } => format!("set {key} for your git"),
            Act::SetTogether { settings } => {
                let keys: Vec<&str> = settings.iter().map(|(key, _)| key.as_str()).collect();
                format!("set {} for your git", keys.join(", "))
            }
            Act::MakeKey { .. } => "make an OpenPGP key that signs".to_owned(),
            Act::AddAddress { key } => format!("put your address on key {key}"),
            Act::Mend { file, mends } => {
                let mut words: Vec<&str> = mends.iter().map(|mend| mend.way.words()).collect();
                words.dedup();
                format!("{}: {}", clean_line(file), words.join(", "))
            }
        }
    }

    /// With whose rights it runs.
    fn rights(&self, facts: &Facts) -> String {
        match (&self.act, &facts.raise) {
            (Act::Install { packager, .. }, _) if !packager.root => {
                "yours; downloads from Homebrew".to_owned()
            }
            (Act::Install { .. }, _) if facts.root => {
                "root's, which you have; downloads from the distribution".to_owned()
            }
            (Act::Install { .. }, raise) => {
                let raise = raise.as_deref().unwrap_or("sudo");
                format!("root's, through {raise}; downloads from the distribution")
            }
            (Act::Set { .. } | Act::SetTogether { .. }, _) => {
                format!("yours; writes {}", facts.settings)
            }
            (Act::Mend { .. }, _) => "yours; writes this file in the work tree".to_owned(),
            _ => "yours; gpg asks for a passphrase and writes to its own home".to_owned(),
        }
    }

    /// How it is taken back.
    fn undo(&self, facts: &Facts) -> String {
        match &self.act {
            Act::Install { packager, packages } => {
                let fresh: Vec<String> = packages
                    .iter()
                    .filter(|name| !facts.installed.contains(*name))
                    .cloned()
                    .collect();
                if fresh.is_empty() {
                    return "not at all: the packages were there before, and this renews them"
                        .to_owned();
                }
                let words = raised(facts, packager.root, packager.remove(&fresh, facts.silent));
                format!("`onramp fix --undo` runs `{}`", typed(&words))
            }
            Act::Set { .. } | Act::SetTogether { .. } => {
                format!("`onramp fix --undo` puts {} back as it was, byte for byte", facts.settings)
            }
            Act::Mend { .. } => {
                "`onramp fix --undo` puts the file back as it was, byte for byte".to_owned()
            }
            Act::MakeKey { .. } => {
                "by hand: onramp never removes a key, nor anything of GnuPG's".to_owned()
            }
            Act::AddAddress { key } => {
                format!("by hand: `gpg --quick-revoke-uid {key} {}`", shell_word(&user_id(facts)))
            }
        }
    }
}

/// The words that set something for git.
fn setting(key: &str, value: &Value, facts: &Facts, made: Option<&str>) -> Vec<String> {
    let value = match value {
        Value::Text(text) => text.clone(),
        Value::Later(Later::Name) => given(facts.given.name.as_ref(), None, NAME),
        Value::Later(Later::Email) => given(facts.given.email.as_ref(), None, EMAIL),
        Value::Later(Later::NewKey) => made.unwrap_or(NEW_KEY).to_owned(),
    };
    match &facts.place {
        Place::User => words(&["git", "config", "--global", key, &value]),
        Place::Clone(file) => {
            words(&["git", "config", "--file", &file.to_string_lossy(), key, &value])
        }
    }
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

fn given(first: Option<&String>, second: Option<&String>, blank: &str) -> String {
    first.or(second).map_or_else(|| blank.to_owned(), Clone::clone)
}

/// Name and address for a key: as commits will carry them.
#[must_use]
pub fn user_id(facts: &Facts) -> String {
    let name = given(facts.known.name.as_ref(), facts.given.name.as_ref(), NAME);
    let email = given(facts.known.email.as_ref(), facts.given.email.as_ref(), EMAIL);
    format!("{name} <{email}>")
}

/// Words with root's rights, where they take them.
#[must_use]
pub fn raised(facts: &Facts, root: bool, words: Vec<String>) -> Vec<String> {
    let raise = facts.raise.clone().filter(|_| root && !facts.root);
    raise.into_iter().chain(words).collect()
}

/// A command as a person would type it.
#[must_use]
pub fn typed(words: &[String]) -> String {
    let words: Vec<String> = words.iter().map(|word| shell_word(word)).collect();
    words.join(" ")
}

/// The whole plan.
#[must_use]
pub fn lines(plan: &Plan, facts: &Facts, width: usize) -> Vec<Line> {
    let mut lines = Vec::new();
    for number in 0..plan.steps.len() {
        lines.extend(step(plan, number, facts, width));
        lines.push(Line::new());
    }
    if !plan.by_hand.is_empty() {
        lines.push(Line::toned(Tone::Strong, "by hand"));
        plan.by_hand.iter().for_each(|entry| lines.extend(by_hand(entry, width)));
    }
    lines
}

/// One step of it, numbered from 1 for people.
#[must_use]
pub fn step(plan: &Plan, number: usize, facts: &Facts, width: usize) -> Vec<Line> {
    let Some(step) = plan.steps.get(number) else { return Vec::new() };
    let mut lines = Line::toned(Tone::Strong, format!("{:>2}  ", number + 1)).hanging(
        Tone::Strong,
        &step.title(),
        width,
    );
    let mended = match &step.act {
        Act::Mend { file, .. } => {
            Some((file, facts.files.get(file).and_then(|it| it.as_ref().ok())))
        }
        _ => None,
    };
    if mended.is_none() {
        lines.extend(label("command").remedy(&step.typed(facts, None), width));
    }
    for (at, (check, text)) in step.reasons.iter().enumerate() {
        let reason = format!("{text} ({check})");
        let label = if at == 0 { "why" } else { "" };
        lines.extend(self::label(label).hanging(Tone::Plain, &reason, width));
    }
    lines.extend(label("rights").hanging(Tone::Plain, &step.rights(facts), width));
    lines.extend(label("undo").hanging(Tone::Plain, &step.undo(facts), width));
    if !step.needs.is_empty() {
        let needs: Vec<String> = step.needs.iter().map(|at| format!("{}", at + 1)).collect();
        lines.extend(label("waits for").hanging(Tone::Plain, &needs.join(", "), width));
    }
    if let Some((file, Some(mended))) = mended {
        lines.extend(mended.difference(file));
    }
    lines
}

fn label(text: &str) -> Line {
    Line::toned(Tone::Dim, format!("    {text:<9}  "))
}

fn by_hand(entry: &ByHand, width: usize) -> Vec<Line> {
    let text = format!("{} ({})", clean_line(&entry.text), entry.check);
    let mut lines = Line::toned(Tone::Dim, "  - ").hanging(Tone::Plain, &text, width);
    if let Some(because) = &entry.because {
        lines.extend(Line::plain("    ").hanging(Tone::Dim, because, width));
    }
    if let Some(fix) = &entry.fix {
        lines.extend(Line::toned(Tone::Dim, "    → ").remedy(fix, width));
    }
    lines
}
