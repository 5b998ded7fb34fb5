//! An OpenPGP key for the forge: as little as it needs, and nothing secret.

use std::path::Path;

use super::{ExportArgs, Exported, Told, choose};
use crate::cli::Session;
use crate::cli::trouble::Trouble;
use crate::pgp::Key;
use crate::pgp::export::{self, Names};
use crate::pgp::key::day;
use crate::text::clean_line;

const BEGIN: &str = "-----BEGIN PGP PUBLIC KEY BLOCK-----\n";
const END: &str = "-----END PGP PUBLIC KEY BLOCK-----\n";

/// Exports the key that is meant.
pub(super) fn export(
    session: &Session<'_>,
    told: &Told,
    args: &ExportArgs,
    page: Option<String>,
) -> Result<Exported, Trouble> {
    let listing = session.machine.world().keyring.secret_keys(None);
    let listing = listing
        .map_err(|unknown| Trouble::failed(format!("your keys cannot be listed: {}", unknown.0)))?;
    let home = listing.home.clone();
    let key = choose::key(session, told, args, listing)?;
    let address = choose::address(told, args, &key)?;
    let text = ask(session, &home, &key, address.as_deref())?;
    let said = said(told, &key, address.as_deref());
    Ok(Exported { text, said, page, choose: None })
}

fn ask(
    session: &Session<'_>,
    home: &str,
    key: &Key,
    address: Option<&str>,
) -> Result<String, Trouble> {
    let refused = |why: &str| {
        Trouble::failed(format!("gpg gave no public key that could be handed on: {why}"))
            .remedy("`gpg --check-signatures` shows what is wrong with your keys")
    };
    let names = Names { only: address.into_iter().map(ToOwned::to_owned).collect(), revoked: true };
    let armoured = export::export(session.bench, Path::new(home), &key.fingerprint, &names)
        .map_err(|unknown| refused(&unknown.0))?;
    let text = String::from_utf8(armoured).unwrap_or_default();
    let one = text.starts_with(BEGIN)
        && text.ends_with(END)
        && text.matches("-----BEGIN ").count() == 1
        && text.is_ascii();
    if one { Ok(text) } else { Err(refused("its answer is not one block of a public key")) }
}

fn said(told: &Told, key: &Key, address: Option<&str>) -> Vec<String> {
    let carried = |id: &crate::pgp::key::UserId| {
        address.is_none_or(|address| {
            id.email.as_ref().is_some_and(|email| email.eq_ignore_ascii_case(address))
        })
    };
    let (with, without): (Vec<_>, Vec<_>) = key.user_ids.iter().partition(|id| carried(id));
    let names = |ids: &[&crate::pgp::key::UserId]| {
        let names: Vec<String> = ids.iter().map(|id| clean_line(&id.text)).collect();
        names.join(", ")
    };
    let mut said =
        vec![format!("the public half of key {}, with {}", key.fingerprint, names(&with))];
    if !without.is_empty() {
        said.push(format!("left out: {} (--all-names exports all)", names(&without)));
    }
    if key.revoked {
        said.push("this key is revoked: the forge will show nothing that it signs as good".into());
    } else if let Some(end) = key.primary().filter(|part| part.expired).map(|part| part.expires) {
        let end = end.and_then(day).unwrap_or_default();
        said.push(format!(
            "this key ended on {end}: `gpg --quick-set-expire {} 2y` prolongs it, then export it \
             again",
            key.fingerprint
        ));
    }
    if let Some(email) = told.value("user.email").filter(|email| !key.carries(email)) {
        said.push(format!(
            "no name on it carries {}, with which you commit: the forge will not show your commits \
             as verified",
            clean_line(email)
        ));
    }
    said
}
