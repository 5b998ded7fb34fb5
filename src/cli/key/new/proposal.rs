//! What will be made and changed: the plan, and the screen that shows it before anyone agrees.

use super::answers::Complete;
use super::existing::described;
use super::setup::Setup;
use crate::cli::Session;
use crate::cli::making::Workshop;
use crate::cli::trouble::Trouble;
use crate::fix::key::{Algorithm, expiry};
use crate::fix::{Act, Facts, Person, Place, Plan, Step};
use crate::pack::repair::{Later, Value};
use crate::sys::System;
use crate::text::{Line, Tone, clean_line};

/// One setting, as it is and as it will be.
struct Change {
    name: &'static str,
    old: String,
    new: Value,
}

/// What will be done.
pub(super) struct Proposal {
    /// The steps.
    pub(super) plan: Plan,
    /// What they depend on.
    pub(super) facts: Facts,
    /// The key that is used, where none is made.
    pub(super) used: Option<String>,
    rows: Vec<(&'static str, Vec<String>)>,
    warnings: Vec<String>,
    changes: Vec<Change>,
}

impl Proposal {
    /// Works it out.
    pub(super) fn new(
        session: &Session<'_>,
        setup: &Setup,
        answers: &Complete,
        workshop: Workshop,
    ) -> Result<Self, Trouble> {
        let file = match &answers.place {
            Place::User => Setup::user_file(session.bench)?,
            Place::Clone(file) => file.clone(),
        };
        let used = answers.use_key.as_ref().map(|key| key.fingerprint.clone());
        let changes = changes(setup, answers, used.as_deref());
        let known = Person { name: Some(answers.name.clone()), email: Some(answers.email.clone()) };
        let facts = Facts {
            known,
            place: answers.place.clone(),
            settings: file.display().to_string(),
            wish: answers.wish.clone(),
            ..Facts::default()
        };
        let mut rows = key_rows(session, answers, &workshop);
        rows.push(("git", vec![format!("{}, {}", facts.settings, reach(&answers.place))]));
        Ok(Self {
            plan: plan(answers, &changes),
            warnings: warnings(session.bench, setup, answers, used.as_deref()),
            facts,
            used,
            rows,
            changes,
        })
    }

    /// Whether a key is made.
    pub(super) fn makes_key(&self) -> bool {
        self.used.is_none()
    }

    /// The screen.
    pub(super) fn lines(&self, width: usize) -> Vec<Line> {
        let title = match (self.plan.steps.is_empty(), self.makes_key()) {
            (true, _) => "Nothing is left to do",
            (false, true) => "This will be made and changed",
            (false, false) => "This will be changed",
        };
        let mut lines = vec![Line::new(), Line::toned(Tone::Strong, title)];
        for (label, texts) in &self.rows {
            for (at, text) in texts.iter().enumerate() {
                let label = if at == 0 { label } else { "" };
                let label = Line::toned(Tone::Dim, format!("  {label:<11} "));
                lines.extend(label.hanging(Tone::Plain, text, width));
            }
        }
        for change in &self.changes {
            let new = match &change.new {
                Value::Text(text) => clean_line(text),
                Value::Later(_) => "the new key".to_owned(),
            };
            let label = Line::toned(Tone::Dim, format!("  {:<11} ", ""))
                .and(Tone::Strong, format!("{:<16} ", change.name));
            lines.extend(label.hanging(Tone::Plain, &format!("{} → {new}", change.old), width));
        }
        if !self.changes.is_empty() {
            let text = "`onramp fix --undo` puts git's settings back as they are now; keys stay";
            lines.extend(Line::toned(Tone::Dim, "  undo        ").hanging(
                Tone::Plain,
                text,
                width,
            ));
        }
        for warning in &self.warnings {
            lines.extend(Line::toned(Tone::Warn, "  ! ").hanging(Tone::Plain, warning, width));
        }
        lines.push(Line::new());
        lines
    }
}

fn reach(place: &Place) -> &'static str {
    match place {
        Place::User => "for all your repositories",
        Place::Clone(_) => "for this clone only",
    }
}

fn key_rows(
    session: &Session<'_>,
    answers: &Complete,
    workshop: &Workshop,
) -> Vec<(&'static str, Vec<String>)> {
    if let Some(key) = &answers.use_key {
        return vec![("key", vec![described(key)])];
    }
    let algorithm = answers.wish.algorithm.as_deref().unwrap_or_default();
    let title = Algorithm::of(algorithm).map_or("", Algorithm::title);
    let expires = answers.wish.expires.as_deref().unwrap_or_default();
    let end = match expiry(expires, session.bench.now()).ok().and_then(|expiry| expiry.day) {
        Some(day) => format!("ends on {day}"),
        None => "never ends".to_owned(),
    };
    let passphrase = match answers.open {
        true => "none",
        false => "yours; it protects the file of the key",
    };
    vec![
        (
            "key",
            vec![
                format!("{title}, {end}"),
                "one key that signs, without subkeys: git and the forge need no more".to_owned(),
            ],
        ),
        ("name", vec![format!("{} <{}>", clean_line(&answers.name), clean_line(&answers.email))]),
        ("passphrase", vec![passphrase.to_owned()]),
        (
            "kept in",
            vec![format!(
                "{}, with a certificate to revoke it that only you can read",
                workshop.home.display()
            )],
        ),
    ]
}

/// What git is to be told that it is not told yet.
fn changes(setup: &Setup, answers: &Complete, used: Option<&str>) -> Vec<Change> {
    let key = used.map_or(Value::Later(Later::NewKey), |key| Value::Text(key.to_owned()));
    let wanted = [
        ("user.name", Value::Text(answers.name.clone())),
        ("user.email", Value::Text(answers.email.clone())),
        ("user.signingkey", key),
        ("gpg.format", Value::Text("openpgp".to_owned())),
        ("commit.gpgsign", Value::Text("true".to_owned())),
    ];
    let change = |(name, new): (&'static str, Value)| {
        let now = setup.at(&answers.place, name).map(|setting| setting.value.as_str());
        let same = match &new {
            Value::Text(text) if name == "gpg.format" => now.is_none_or(|now| now == text),
            Value::Text(text) => now == Some(text.as_str()),
            Value::Later(_) => false,
        };
        let old = now.map_or_else(|| "not set".to_owned(), clean_line);
        (!same).then_some(Change { name, old, new })
    };
    wanted.into_iter().filter_map(change).collect()
}

fn plan(answers: &Complete, changes: &[Change]) -> Plan {
    let step = |act, needs: &[usize]| Step {
        act,
        reasons: Vec::new(),
        needs: needs.iter().copied().collect(),
    };
    let make = answers.use_key.is_none().then(|| {
        let algorithm = answers.wish.algorithm.clone().unwrap_or_default();
        let expires = answers.wish.expires.clone().unwrap_or_default();
        step(Act::MakeKey { algorithm, expires }, &[])
    });
    let settings: Vec<(String, Value)> =
        changes.iter().map(|change| (change.name.to_owned(), change.new.clone())).collect();
    let needs: &[usize] = if make.is_some() { &[0] } else { &[] };
    let set = (!settings.is_empty()).then(|| step(Act::SetTogether { settings }, needs));
    Plan { steps: make.into_iter().chain(set).collect(), by_hand: Vec::new() }
}

/// What deserves a second thought.
fn warnings(
    system: &dyn System,
    setup: &Setup,
    answers: &Complete,
    used: Option<&str>,
) -> Vec<String> {
    let mut warnings = Vec::new();
    let mut warn = |holds: bool, text: &str| {
        if holds {
            warnings.push(text.to_owned());
        }
    };
    let makes = answers.use_key.is_none();
    warn(
        makes && answers.wish.expires.as_deref() == Some("never"),
        "a key without an end stays valid for ever should you lose it and its revocation \
         certificate; two years that you prolong are safer",
    );
    warn(
        makes && answers.open,
        "without a passphrase, whoever gets at the file of the key can sign as you",
    );
    warn(
        answers.email.contains("noreply"),
        "this is an address that hides your own: the forge knows that it is yours, and no mail \
         reaches you there. Key servers cannot confirm it, so `onramp key publish` is of little \
         use",
    );
    let variables = ["GIT_COMMITTER_EMAIL", "GIT_AUTHOR_EMAIL", "EMAIL"];
    for name in &variables[..2] {
        let other = system.env(name).is_some_and(|value| value.to_str() != Some(&answers.email));
        let text = format!("{name} is set to another address, and commits carry that one");
        warn(other, &text);
    }
    let wanted = [("user.signingkey", used), ("commit.gpgsign", Some("true"))];
    let wanted = wanted.into_iter().chain([("gpg.format", Some("openpgp"))]);
    for (name, value) in wanted.filter(|_| answers.place == Place::User) {
        let own = setup.own(name).filter(|own| Some(own.value.as_str()) != value);
        let own = own.map(|own| clean_line(&own.value));
        let text = format!(
            "this clone sets {name} to {} itself, which wins here: --local changes that",
            own.as_deref().unwrap_or_default()
        );
        warn(own.is_some(), &text);
    }
    warnings
}
