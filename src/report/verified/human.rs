//! Verdicts for a person at a screen: one line an object, then what they come to and what to do.

use crate::signature::{Row, Standing, Word};
use crate::text::{Line, Tone, clean_line};

use super::Head;
use super::tally::{Count, Tally};
use crate::report::human::Style;

/// Width of the column of verdicts and of that of keys.
const VERDICT: usize = 19;
const KEY: usize = 18;
/// Fewest characters of a subject.
const SUBJECT: usize = 20;
/// Most keys named in the summary of one verdict.
const KEYS: usize = 5;

/// What is judged, and by which keys.
#[must_use]
pub fn head(head: &Head, style: Style) -> Vec<Line> {
    if style.quiet {
        return Vec::new();
    }
    let keys = match &head.keys.keyring {
        Some(file) => format!("by the keys in {file}, for which you vouch"),
        None => "by the keys in your keyring".to_owned(),
    };
    let first = Line::toned(Tone::Strong, clean_line(&head.asked));
    let mut lines = vec![first.and(Tone::Dim, format!(" · {keys}"))];
    if let (Some(hash), true) = (&head.keys.keyring_sha256, style.verbose) {
        lines.push(Line::toned(Tone::Dim, format!("  SHA-256 of it: {hash}")));
    }
    for note in &head.notes {
        lines.extend(Line::toned(Tone::Warn, "  ! ").hanging(Tone::Plain, note, style.width));
    }
    lines.push(Line::new());
    lines
}

/// One object.
#[must_use]
pub fn row(row: &Row, style: Style) -> Vec<Line> {
    if style.quiet && row.outcome == Standing::Pass {
        return Vec::new();
    }
    let (mark, tone) = mark(row.outcome);
    let name = name(row);
    let key = row.key.as_deref().map(short_key).unwrap_or_default();
    let used = 2 + name.chars().count() + 1 + VERDICT + KEY;
    // A file has no subject; who signed it is what one wants to know.
    let subject = row.subject.as_deref().or(row.signer.as_deref());
    let subject = clean_line(subject.unwrap_or_default());
    let subject = cut(&subject, style.width.saturating_sub(used).max(SUBJECT));
    let said = words(row.verdict, row.outcome);
    let line = Line::toned(tone, mark).and(Tone::Plain, [" ", &name, " "].concat());
    let line = line.and(tone, padded(said, VERDICT));
    let rest = padded(&key, KEY) + &subject;
    let mut lines = vec![line.and(Tone::Plain, rest.trim_end())];
    let beside = |text: &str| Line::plain("    ").hanging(Tone::Dim, text, style.width);
    if let Some(reason) = row.reason.as_deref().filter(|_| style.verbose || tells_more(row)) {
        lines.extend(beside(&clean_line(reason)));
    }
    lines.extend(row.notes.iter().flat_map(|note| beside(&clean_line(note))));
    if style.verbose {
        lines.extend(details(row).iter().flat_map(|detail| beside(detail)));
    }
    lines
}

fn details(row: &Row) -> Vec<String> {
    let mut details = Vec::new();
    if let Some(signer) = &row.signer {
        details.push(format!("signed by {}", clean_line(signer)));
    }
    if let Some(fingerprint) = row.fingerprint.as_ref().or(row.key.as_ref()) {
        details.push(format!("key {}", clean_line(fingerprint)));
    }
    if let Some(time) = row.created.map(crate::report::told::moment) {
        details.push(format!("made {time}, by its own word"));
    }
    details
}

/// Ids, and names of tags and files.
fn name(row: &Row) -> String {
    let id = |id: &String| id.get(..10).unwrap_or(id).to_owned();
    let name = row.tag.as_ref().or(row.file.as_ref()).map(|name| clean_line(name));
    row.commit.as_ref().map(id).or(name).unwrap_or_default()
}

/// The reasons that the verdict and the key do not say already.
fn tells_more(row: &Row) -> bool {
    match row.verdict {
        Word::MissingKey => row.key.is_none(),
        // Its key has expired since.
        Word::ForgeSigned => row.git == Some('Y'),
        Word::Unsigned => false,
        _ => true,
    }
}

fn mark(outcome: Standing) -> (&'static str, Tone) {
    match outcome {
        Standing::Pass => ("✓", Tone::Good),
        Standing::Fail => ("✗", Tone::Bad),
        Standing::Unknown => ("!", Tone::Odd),
    }
}

fn words(verdict: Word, outcome: Standing) -> &'static str {
    match verdict {
        Word::Good if outcome == Standing::Fail => "good, but weak",
        Word::Good => "good",
        Word::Untrusted => "not trusted",
        Word::GoodExpiredKey => "key expired",
        Word::GoodExpiredSignature => "signature expired",
        Word::GoodRevokedKey => "key revoked",
        Word::Bad => "bad",
        Word::MissingKey => "key not here",
        Word::Unsupported => "not supported",
        Word::Unchecked => "not checked",
        Word::Unsigned => "not signed",
        Word::ForgeSigned if outcome == Standing::Unknown => "forge key not here",
        Word::ForgeSigned => "by the forge",
        Word::IdentityMismatch => "somebody else's",
    }
}

/// The end of a fingerprint is what people compare first; of an SSH key's it is the beginning.
fn short_key(key: &str) -> String {
    let key = clean_line(key);
    match key.strip_prefix("SHA256:") {
        Some(rest) => rest.chars().take(16).collect(),
        None => key.get(key.len().saturating_sub(16)..).unwrap_or(&key).to_owned(),
    }
}

/// Filled up with blanks. Formatting does the same at thrice the cost, which tells in a long
/// history.
fn padded(text: &str, width: usize) -> String {
    [text, &" ".repeat(width.saturating_sub(text.chars().count()))].concat()
}

fn cut(text: &str, width: usize) -> String {
    match text.char_indices().nth(width) {
        Some(_) => text.chars().take(width.saturating_sub(1)).chain(['…']).collect(),
        None => text.to_owned(),
    }
}

/// What it all comes to: by verdict, with what to do, and where that leaves the reader.
#[must_use]
pub fn tail(tally: &Tally, vouched: bool, cut: Option<&str>, style: Style) -> Vec<Line> {
    let mut lines = Vec::new();
    if let Some(reason) = cut {
        lines.push(Line::new());
        lines.extend(Line::toned(Tone::Odd, "! ").hanging(Tone::Plain, reason, style.width));
    }
    if style.quiet {
        return lines;
    }
    for outcome in [Standing::Fail, Standing::Unknown] {
        for count in tally.counts.iter().filter(|count| count.outcome == outcome) {
            lines.push(Line::new());
            lines.extend(group(count, vouched, style));
        }
    }
    lines.push(Line::new());
    lines.extend(
        asides(tally, vouched)
            .iter()
            .flat_map(|aside| Line::toned(Tone::Dim, "· ").hanging(Tone::Dim, aside, style.width)),
    );
    lines.push(verdict(tally, cut.is_some()));
    lines
}

fn group(count: &Count, vouched: bool, style: Style) -> Vec<Line> {
    let (mark, tone) = mark(count.outcome);
    let said = words(count.verdict, count.outcome);
    let mut lines = vec![Line::toned(tone, format!("{mark} {} {said}", count.objects))];
    let (means, remedy) = advice(count, vouched);
    lines.extend(Line::plain("  ").hanging(Tone::Plain, means, style.width));
    for (key, times) in count.keys.iter().take(KEYS) {
        lines.push(Line::plain(format!("  {times:>6} × {}", clean_line(key))));
    }
    let more = count.keys.len().saturating_sub(KEYS);
    if more > 0 {
        lines.push(Line::toned(Tone::Dim, format!("           and {more} more keys")));
    }
    lines.extend(Line::toned(Tone::Dim, "  → ").remedy(&remedy, style.width));
    lines
}

/// How to have keys believed: gpg knows nothing of SSH keys, whose fingerprints say so.
fn believing(count: &Count, key: &str) -> String {
    let by_ssh = count.keys.iter().filter(|(key, _)| key.starts_with("SHA256:")).count();
    let sign = format!("gpg --lsign-key {key}");
    let list = "write \"ADDRESS ssh-ed25519 AAAA…\" with their public key into a file outside of this work tree, then git config --global gpg.ssh.allowedSignersFile FILE";
    let then = match by_ssh {
        0 => format!("then {sign}"),
        all if all == count.keys.len() => list.to_owned(),
        _ => format!("then {sign}; for one of SSH, which begins with SHA256:, {list}"),
    };
    format!("compare the fingerprint with its owner by another way than mail, {then}")
}

/// What a verdict means, and what to do about it.
fn advice(count: &Count, vouched: bool) -> (&'static str, String) {
    let key = match count.keys.as_slice() {
        [(key, _)] => clean_line(key),
        _ => "FINGERPRINT".to_owned(),
    };
    let (means, remedy) = match count.verdict {
        Word::Good => (
            "they are intact, but by a hash or a key that can be broken",
            "ask their makers to sign with SHA-256 or better (digest-algo SHA512 in gpg.conf), by an Ed25519 or RSA 4096 key".to_owned(),
        ),
        Word::Untrusted => (
            "they are intact, but nothing says whose the keys are",
            believing(count, &key),
        ),
        Word::GoodExpiredKey => (
            "they are intact, but the keys have expired, before or since",
            "get the renewed keys from their owners or the project's KEYS file; where a key is yours, gpg --quick-set-expire FINGERPRINT 2y".to_owned(),
        ),
        Word::GoodExpiredSignature => (
            "their makers let them hold until a day that has passed",
            "ask for a new signature".to_owned(),
        ),
        Word::GoodRevokedKey => (
            "their keys were revoked, so somebody else may have made them",
            "ask the owners why, and for signatures by their new keys".to_owned(),
        ),
        Word::Bad => (
            "the content is not what was signed, or the signature is damaged",
            "do not use it: get it again from where it came from, and tell its maker if that does not help".to_owned(),
        ),
        Word::MissingKey if vouched => (
            "the file you named does not hold the keys, so nobody can say whether they hold",
            "get the current KEYS file over https from the project's own site; if the keys are not \
             in that either, ask the project whose they are"
                .to_owned(),
        ),
        Word::MissingKey => (
            "nobody can say whether they hold without the keys",
            "get the project's KEYS file over https from its own site, or the key from its owner; compare the fingerprint by another way; then add --keyring KEYS".to_owned(),
        ),
        Word::ForgeSigned => (
            "they name the forge's own key, which is not here, so that is only what they say",
            "get the key from the forge's own page over https (GitHub: https://github.com/web-flow.gpg), compare its fingerprint with the forge's documentation, then gpg --import it".to_owned(),
        ),
        Word::IdentityMismatch => (
            "they are intact, but by keys of other people than those named",
            "where the work is yours, set user.email to an address on your key and commit again; where you carried it over, say so; else ask the author to sign".to_owned(),
        ),
        Word::Unsigned => (
            "nobody vouches for them",
            "where they are yours and not merged yet, `onramp branch sign` signs them; `onramp key rehearse` tells whether signing works".to_owned(),
        ),
        Word::Unsupported => (
            "onramp does not check signatures of this kind",
            "git verify-commit and git verify-tag may know more, in a clone that you trust".to_owned(),
        ),
        Word::Unchecked => (
            "they could not be checked here",
            "do what the reasons above say, then run it again".to_owned(),
        ),
    };
    (means, remedy)
}

/// What is worth knowing besides, a sentence each.
fn asides(tally: &Tally, vouched: bool) -> Vec<String> {
    let mut asides = Vec::new();
    if vouched && tally.counts.iter().any(|count| count.verdict == Word::Good) {
        let text = "git and gpg themselves would call what is good here not trusted (U), as they \
                    cannot know that you vouch for that file";
        asides.push(text.to_owned());
    }
    if tally
        .counts
        .iter()
        .any(|count| count.verdict == Word::ForgeSigned && count.outcome == Standing::Pass)
    {
        let text = "what the forge signed says that it made the commit for whoever was logged in, \
                    not that the author signed it";
        asides.push(text.to_owned());
    }
    if tally.co_authored {
        let text = "Co-authored-by credits somebody who wrote along; it is a line of text, and the \
                    signature is not theirs";
        asides.push(text.to_owned());
    }
    if tally.signed_off {
        let text = "Signed-off-by says that somebody may hand the work in; anybody can type it, \
                    and it is no signature";
        asides.push(text.to_owned());
    }
    asides
}

/// Where that leaves the reader.
fn verdict(tally: &Tally, cut: bool) -> Line {
    let (total, good) = (tally.total(), tally.of(Standing::Pass));
    let (bad, open) = (tally.of(Standing::Fail), tally.of(Standing::Unknown));
    if total == 1 && !cut {
        return match (bad, open) {
            (1, _) => Line::toned(Tone::Bad, "✗ it does not hold"),
            (_, 1) => Line::toned(Tone::Odd, "! it could not be told"),
            _ => Line::toned(Tone::Good, "✓ it holds"),
        };
    }
    if bad > 0 {
        let rest = if open > 0 { format!(", {open} could not be told") } else { String::new() };
        return Line::toned(Tone::Bad, format!("✗ {bad} of {total} do not hold{rest}, {good} do"));
    }
    if open > 0 {
        return Line::toned(
            Tone::Odd,
            format!("! {open} of {total} could not be told, {good} hold"),
        );
    }
    if cut {
        return Line::toned(Tone::Odd, format!("! {good} hold, and not all could be looked at"));
    }
    Line::toned(Tone::Good, format!("✓ all {total} hold"))
}
