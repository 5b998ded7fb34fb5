//! What `key show` tells, as lines for people: short where all is well. Pure; the terminal cleans
//! and prints.

use crate::signing::shape::{Git, Kept, Key, KeyKind, Problem, Setting, Shown, Weight, Works};
use crate::signing::told::{spelled, whose};
use crate::text::{Line, Tone};

/// Columns of the words before a value.
const LABEL: usize = 10;
/// Other keys that are shown unless everything is wanted.
const OTHERS: usize = 10;
/// Names of a key that are shown unless everything is wanted.
const NAMES: usize = 3;

/// The whole screen.
#[must_use]
pub fn lines(shown: &Shown, width: usize, verbose: bool) -> Vec<Line> {
    let screen = Screen { width, verbose };
    let mut lines = vec![head(shown)];
    let problems: Vec<Line> = shown.problems.iter().flat_map(|one| screen.problem(one)).collect();
    let used = shown.keys.iter().find(|key| key.used);
    if shown.works != Works::Yes {
        lines.extend(problems.clone());
        lines.push(Line::new());
    }
    lines.extend(used.map(|key| screen.used(key, shown)).unwrap_or_default());
    lines.extend(screen.git(&shown.git));
    if shown.works == Works::Yes && !problems.is_empty() {
        lines.push(Line::new());
        lines.extend(problems);
    }
    lines.extend(screen.others(&shown.keys));
    lines.extend(screen.settings(&shown.git));
    lines
}

fn head(shown: &Shown) -> Line {
    let (tone, sign, words) = match shown.works {
        Works::Yes => (Tone::Good, "✓ ", "git can sign here"),
        Works::No => (Tone::Bad, "✗ ", "git cannot sign here so that it counts"),
        Works::Unknown => (Tone::Odd, "? ", "whether git can sign here could not be told"),
    };
    Line::toned(tone, sign).and(Tone::Strong, words)
}

struct Screen {
    width: usize,
    verbose: bool,
}

impl Screen {
    fn row(&self, label: &str, text: &str) -> Vec<Line> {
        let label = Line::toned(Tone::Dim, format!("  {label:<LABEL$}"));
        label.hanging(Tone::Plain, text, self.width)
    }

    /// The key that git uses.
    fn used(&self, key: &Key, shown: &Shown) -> Vec<Line> {
        let mut lines = self.row("key", &title(key));
        if let Some(part) =
            key.signs_with.as_ref().filter(|part| key.fingerprint.as_ref() != Some(part))
        {
            lines.extend(self.row("subkey", &format!("{part} signs")));
        }
        lines.extend(self.names(key, &shown.git));
        if key.kind == KeyKind::Openpgp && key.revoked.is_none() {
            lines.extend(self.row("lasts", &lasts(key)));
        }
        lines.extend(self.row("kept", &kept(key, shown.gnupg.home.as_deref())));
        if key.kind == KeyKind::Openpgp {
            lines.extend(self.row("good for", &uses(key)));
        }
        lines
    }

    fn names(&self, key: &Key, git: &Git) -> Vec<Line> {
        let email = git.email.as_ref().map(|told| told.value.to_lowercase());
        let yours = |name: &str| {
            email.as_ref().is_some_and(|email| {
                let name = name.to_lowercase();
                name == *email || name.ends_with(&format!("<{email}>"))
            })
        };
        // The name that counts comes first.
        let mut names: Vec<&String> = key.user_ids.iter().collect();
        names.sort_by_key(|name| !yours(name));
        let most = if self.verbose { names.len() } else { NAMES };
        let mut lines = Vec::new();
        for name in names.iter().take(most) {
            let label = if lines.is_empty() { "names" } else { "" };
            let ours = if yours(name) { ", the address you commit with" } else { "" };
            lines.extend(self.row(label, &format!("{}{ours}", short(name))));
        }
        let more = key.user_id_count.saturating_sub(most.min(names.len()));
        if more > 0 {
            lines.extend(self.row("", &format!("and {more} more")));
        }
        lines
    }

    /// What git does with it, in a row or two.
    fn git(&self, git: &Git) -> Vec<Line> {
        let what = match (git.signs_commits, git.signs_tags) {
            (true, true) => "signs every commit and tag",
            (true, false) => "signs every commit; tags where you ask for it",
            (false, true) => "signs every tag; commits where you ask for it",
            (false, false) => "signs where you ask for it",
        };
        let program = git.program_path.as_ref().unwrap_or(&git.program);
        let mut lines = self.row("git", &format!("{what}, with {program}"));
        if let Some(key) = &git.key {
            lines.extend(self.row("told by", &key.from));
        }
        lines
    }

    fn problem(&self, problem: &Problem) -> Vec<Line> {
        let (tone, sign) = match problem.weight {
            Weight::Error => (Tone::Bad, "✗"),
            Weight::Unknown => (Tone::Odd, "?"),
            Weight::Warn => (Tone::Warn, "!"),
            Weight::Advice => (Tone::Dim, "·"),
        };
        let sign = Line::toned(tone, format!("  {sign} "));
        let mut lines = sign.hanging(Tone::Plain, &short(&problem.what), self.width);
        if let Some(remedy) = &problem.remedy {
            lines.extend(Line::toned(Tone::Dim, "    → ").remedy(remedy, self.width));
        }
        if let Some(check) = problem.check.as_ref().filter(|_| self.verbose) {
            lines.push(Line::toned(Tone::Dim, format!("      onramp explain {check}")));
        }
        lines
    }

    fn others(&self, keys: &[Key]) -> Vec<Line> {
        let others: Vec<&Key> = keys.iter().filter(|key| !key.used).collect();
        if others.is_empty() {
            return Vec::new();
        }
        let other = if others.len() < keys.len() { "other " } else { "" };
        let heading = match others.len() {
            1 => format!("1 {other}key of yours"),
            count => format!("{count} {other}keys of yours"),
        };
        let mut lines = vec![Line::new(), Line::toned(Tone::Strong, heading)];
        let most = if self.verbose { others.len() } else { OTHERS };
        for key in others.iter().take(most) {
            let (tone, sign) = if key.can_sign() { (Tone::Good, "✓") } else { (Tone::Dim, "·") };
            let state = key.why_not.clone().unwrap_or_else(|| lasts(key));
            let name = key.user_ids.first().map(|name| format!("; {}", short(name)));
            let text = format!("{}: {state}{}", title(key), name.unwrap_or_default());
            let sign = Line::toned(tone, format!("  {sign} "));
            lines.extend(sign.hanging(Tone::Plain, &text, self.width));
        }
        if others.len() > most {
            let more = format!("  and {} more; `--verbose` shows them", others.len() - most);
            lines.push(Line::toned(Tone::Dim, more));
        }
        lines
    }

    /// Settings that come from the tree or override one another; all of them where asked for.
    fn settings(&self, git: &Git) -> Vec<Line> {
        let contested =
            |one: &Setting| git.settings.iter().filter(|other| other.name == one.name).count() > 1;
        let worth = |one: &&Setting| self.verbose || one.of_tree || contested(one);
        let mut settings: Vec<&Setting> = git.settings.iter().filter(worth).collect();
        let first = |one: &Setting| git.settings.iter().position(|other| other.name == one.name);
        // What overrides stands below what it overrides.
        settings.sort_by_key(|one| first(one));
        let variables = git.variables.iter().filter(|_| self.verbose);
        if settings.is_empty() && variables.clone().count() == 0 {
            return Vec::new();
        }
        let mut lines = vec![Line::new(), Line::toned(Tone::Strong, "git's settings")];
        for one in settings {
            lines.extend(self.setting(one));
        }
        for variable in variables {
            let name = Line::plain(format!("  {} = ", variable.name));
            lines.extend(name.hanging(Tone::Plain, &short(&variable.value), self.width));
        }
        lines
    }

    fn setting(&self, one: &Setting) -> Vec<Line> {
        let value = short(one.value.as_deref().unwrap_or("true"));
        let tone = if one.counts { Tone::Plain } else { Tone::Dim };
        let name = Line::toned(tone, format!("  {} = ", spelled(&one.name)));
        let mut lines = name.hanging(tone, &value, self.width);
        let file = one.file.as_ref().map(|file| format!(", in {file}")).unwrap_or_default();
        let counts = if one.counts { "" } else { "; overridden below" };
        let whose = format!("{}{file}{counts}", whose(one.level));
        let tone = if one.of_tree { Tone::Warn } else { Tone::Dim };
        lines.extend(Line::plain("    ").hanging(tone, &whose, self.width));
        if let Some(means) = &one.means {
            lines.extend(Line::plain("    ").hanging(Tone::Plain, means, self.width));
        }
        lines
    }
}

/// Its fingerprint or file, with its kind.
fn title(key: &Key) -> String {
    let name = key.fingerprint.as_ref().or(key.file.as_ref()).cloned();
    let name = name.unwrap_or_else(|| "in user.signingkey itself".to_owned());
    let kind = match (&key.curve, key.bits) {
        (Some(curve), _) => curve.clone(),
        (None, Some(bits)) => format!("{} of {bits} bits", key.algorithm),
        (None, None) => key.algorithm.clone(),
    };
    format!("{name} ({kind})")
}

fn uses(key: &Key) -> String {
    let words = key.capabilities.iter().map(|word| match word.as_str() {
        "certify" => "certifying",
        "sign" => "signing",
        "encrypt" => "encrypting",
        _ => "authenticating",
    });
    words.collect::<Vec<_>>().join(", ")
}

fn lasts(key: &Key) -> String {
    match (&key.expires, key.days_left) {
        (Some(day), Some(days)) if days < 0 => format!("expired on {day}"),
        (Some(day), Some(0)) => format!("expires today, {day}"),
        (Some(day), Some(1)) => format!("expires in 1 day, on {day}"),
        (Some(day), Some(days)) => format!("expires in {days} days, on {day}"),
        _ => "does not expire".to_owned(),
    }
}

fn kept(key: &Key, home: Option<&str>) -> String {
    let place = match (key.kept, key.kind) {
        (Kept::Disk, KeyKind::Openpgp) => format!("in {}", home.unwrap_or("the GnuPG home")),
        (Kept::Disk, KeyKind::Ssh) => "beside its public half".to_owned(),
        (Kept::Card, KeyKind::Openpgp) => "on a smart card".to_owned(),
        (Kept::Card, KeyKind::Ssh) => "on a security key".to_owned(),
        (Kept::Agent, _) => "in your SSH agent, if anywhere".to_owned(),
        (Kept::Away, _) => "not on this machine".to_owned(),
    };
    let certificate = match key.revocation_certificate {
        Some(true) => ", with a revocation certificate",
        _ => "",
    };
    let away = if key.primary_away && key.kept != Kept::Away {
        "; its primary part is elsewhere, and only subkeys are here"
    } else {
        ""
    };
    format!("{place}{certificate}{away}")
}

/// What fits on a screen of something that may be a megabyte long.
fn short(text: &str) -> String {
    const MOST: usize = 200;
    if text.chars().count() <= MOST {
        return text.to_owned();
    }
    text.chars().take(MOST).chain("…".chars()).collect()
}
