//! Which key and which of its names are meant: what is named, else what git signs with, else what
//! the person says.

use super::{ExportArgs, Told};
use crate::cli::Session;
use crate::cli::key::new::existing::described;
use crate::cli::making::choices::asked;
use crate::cli::trouble::Trouble;
use crate::pgp::{Key, Listing};
use crate::text::{Line, Tone, clean_line};

/// The key.
pub(super) fn key(
    session: &Session<'_>,
    told: &Told,
    args: &ExportArgs,
    listing: Listing,
) -> Result<Key, Trouble> {
    if let Some(why) = listing.nothing.filter(|_| listing.keys.is_empty()) {
        return Err(Trouble::failed(why).remedy("`onramp key new` makes a key"));
    }
    let keys = listing.keys;
    if let Some(id) = &args.key {
        let meant = |key: &Key| key.answers_to(bare(id)) || key.carries(id);
        let named: Vec<Key> = keys.into_iter().filter(meant).collect();
        let none = || {
            Trouble::usage(format!("no key of yours answers to {}", clean_line(id)))
                .remedy("`onramp key show` lists them; name a fingerprint or 16 digits of an id")
        };
        return if named.is_empty() { Err(none()) } else { one_of(session, named) };
    }
    let signing = told.value("user.signingkey").map(|id| id.trim_end_matches('!'));
    let git = signing.and_then(|id| {
        keys.iter().find(|key| key.answers_to(bare(id)) || key.carries(id)).cloned()
    });
    match git {
        Some(key) => {
            if told.by_tree() {
                let text = "this clone chose the key, by its own user.signingkey";
                session.terminal.complain(Line::toned(Tone::Warn, "! ").and(Tone::Plain, text));
            }
            Ok(key)
        }
        None => one_of(session, keys),
    }
}

/// An id without the mark of a hexadecimal number.
fn bare(id: &str) -> &str {
    id.strip_prefix("0x").unwrap_or(id)
}

fn one_of(session: &Session<'_>, mut keys: Vec<Key>) -> Result<Key, Trouble> {
    if let (1, Some(key)) = (keys.len(), keys.first()) {
        return Ok(key.clone());
    }
    let terminal = &session.terminal;
    terminal.complain(Line::toned(Tone::Strong, "You have several keys:"));
    for (number, key) in (1..).zip(&keys) {
        terminal.complain(Line::plain(format!("  {number}  {}", described(key))));
    }
    if !terminal.interactive() {
        return Err(Trouble::usage("which of them is meant cannot be told")
            .remedy("name its fingerprint: onramp key export FINGERPRINT"));
    }
    let at = asked(session, "which one? ", |answer| {
        let number = answer.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
        number.filter(|at| *at < keys.len()).ok_or_else(|| "a number of the list".to_owned())
    })?;
    Ok(keys.swap_remove(at))
}

/// The address whose names are exported; none for all of them.
pub(super) fn address(
    told: &Told,
    args: &ExportArgs,
    key: &Key,
) -> Result<Option<String>, Trouble> {
    let names: Vec<String> = key.user_ids.iter().map(|id| clean_line(&id.text)).collect();
    if let Some(email) = &args.email {
        // The filter that gpg is given has words of its own.
        let plain = !email.contains(['|', '&']) && !email.contains(char::is_whitespace);
        if plain && key.carries(email) {
            return Ok(Some(email.trim().to_lowercase()));
        }
        let what = format!("no name on the key carries {}", clean_line(email));
        return Err(Trouble::usage(what).remedy(format!("it carries {}", names.join(", "))));
    }
    if args.all_names || key.user_ids.len() < 2 {
        return Ok(None);
    }
    let own = told.value("user.email").filter(|email| key.carries(email));
    let own = own.filter(|email| !email.contains(['|', '&']));
    own.map(|email| Some(email.trim().to_lowercase())).ok_or_else(|| {
        Trouble::usage(format!("the key has several names: {}", names.join(", ")))
            .remedy("say --email ADDRESS for those that the forge is to see, or --all-names")
    })
}
