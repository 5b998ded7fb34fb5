//! The options of a line in an allowed-signers file, letter by letter as ssh-keygen takes them.

use super::clock::{Clock, Moment};
use super::key::is_blank;

/// What the options of a line say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Options {
    pub(super) authority: bool,
    pub(super) namespaces: Option<Vec<u8>>,
    pub(super) valid_after: Option<Moment>,
    pub(super) valid_before: Option<Moment>,
}

/// Where the options end: at the first blank outside of quotes.
pub(super) fn end(text: &[u8]) -> Result<usize, &'static str> {
    let (mut at, mut quoted) = (0, false);
    while at < text.len() && (quoted || !is_blank(text[at])) {
        if text[at] == b'\\' && text.get(at + 1) == Some(&b'"') {
            at += 1;
        } else if text[at] == b'"' {
            quoted = !quoted;
        }
        at += 1;
    }
    if quoted && at >= text.len() { Err("a quote is not closed") } else { Ok(at.min(text.len())) }
}

/// Reads the options.
pub(super) fn read(text: &[u8], clock: &Clock) -> Result<Options, &'static str> {
    let mut options = Options::default();
    let mut rest = text;
    while !rest.is_empty() {
        rest = one(rest, &mut options, clock)?;
        match rest {
            [] => break,
            [b','] => return Err("an option is missing behind the last comma"),
            [b',', more @ ..] => rest = more,
            _ => return Err("it has an option that is not known"),
        }
    }
    match (options.valid_after, options.valid_before) {
        (Some(after), Some(before)) if before.keygen <= after.keygen => {
            Err("its valid-before is not later than its valid-after")
        }
        _ => Ok(options),
    }
}

/// Takes one option; what is none is left standing.
fn one<'a>(text: &'a [u8], options: &mut Options, clock: &Clock) -> Result<&'a [u8], &'static str> {
    if let Some(rest) = after(text, b"cert-authority") {
        options.authority = true;
        return Ok(rest);
    }
    if let Some(rest) = after(text, b"namespaces=") {
        let (value, rest) = quoted(rest)?;
        if options.namespaces.replace(value).is_some() {
            return Err("it names namespaces twice");
        }
        return Ok(rest);
    }
    for (name, slot) in [
        (&b"valid-after="[..], &mut options.valid_after),
        (&b"valid-before="[..], &mut options.valid_before),
    ] {
        if let Some(rest) = after(text, name) {
            let (value, rest) = quoted(rest)?;
            let moment = clock.moment(&value).ok_or("it has a time that cannot be read")?;
            if slot.replace(moment).is_some() {
                return Err("it names a time twice");
            }
            return Ok(rest);
        }
    }
    Ok(text)
}

/// The text behind a name, in any case.
fn after<'a>(text: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    let (head, rest) = text.split_at_checked(name.len())?;
    head.eq_ignore_ascii_case(name).then_some(rest)
}

/// A value in quotes, `\"` standing for a quote, and what follows.
fn quoted(text: &[u8]) -> Result<(Vec<u8>, &[u8]), &'static str> {
    let mut rest = text.strip_prefix(b"\"").ok_or("an option's value is not in quotes")?;
    let mut value = Vec::new();
    loop {
        rest = match rest {
            [] => return Err("a quote is not closed"),
            [b'"', rest @ ..] => return Ok((value, rest)),
            [b'\\', b'"', rest @ ..] => {
                value.push(b'"');
                rest
            }
            [letter, rest @ ..] => {
                value.push(*letter);
                rest
            }
        };
    }
}
