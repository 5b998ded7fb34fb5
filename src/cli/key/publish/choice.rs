//! Which key and which server: the one that is named, else the one that the user's own settings
//! lead to. What a work tree sets counts for neither.

use crate::cli::Session;
use crate::cli::args::Global;
use crate::cli::checks::Checks;
use crate::cli::trouble::Trouble;
use crate::net::key_server::{Server, Servers};
use crate::pgp::Key;

/// The table of key servers.
const SERVERS: &str = "apache/key-servers.yaml";
/// The stage of checks that keys belong to: the others need not be read.
const STAGE: &str = "identity";

/// The server, by the table that is part of onramp or the user's own; a work tree brings none.
pub(super) fn server(
    session: &Session<'_>,
    global: &Global,
    named: Option<&str>,
) -> Result<Server, Trouble> {
    let checks = Checks::read(session.bench, global, &[STAGE.to_owned()])?;
    let text = checks.packs.tables.get(SERVERS);
    let text = text.ok_or_else(|| Trouble::usage(format!("there is no table {SERVERS}")))?;
    let servers = Servers::read(SERVERS, text).map_err(Trouble::usage)?;
    let remedy = || {
        let names: Vec<&str> = servers.names().collect();
        format!("known are {}: say --server with one of them", names.join(" and "))
    };
    match named {
        Some(named) => servers.named(named).map_err(|why| {
            Trouble::usage(format!("no key is sent to {named}: {why}")).remedy(remedy())
        }),
        None => servers
            .usual()
            .ok_or_else(|| Trouble::usage("no key server is the usual one").remedy(remedy())),
    }
}

/// The GnuPG home, and the fingerprint of the key.
pub(super) fn key(session: &Session<'_>, named: Option<&str>) -> Result<(String, String), Trouble> {
    let keyring = session.machine.world().keyring;
    let spaceless = named.map(without_blanks);
    let listing = keyring
        .secret_keys(spaceless.as_deref())
        .map_err(|why| Trouble::failed(format!("your keys could not be read: {}", why.0)))?;
    let home = listing.home;
    if let [only] = &listing.keys[..] {
        return Ok((home, only.fingerprint.clone()));
    }
    if listing.keys.is_empty() {
        return Err(match (named, listing.nothing) {
            (Some(named), None) => Trouble::usage(format!("no key of yours answers to `{named}`"))
                .remedy("`onramp key show` lists your keys"),
            (_, nothing) => {
                let why = nothing.unwrap_or_else(|| format!("{home} holds none"));
                Trouble::usage(format!("there is no key to publish: {why}"))
                    .remedy("`onramp key new` makes one")
            }
        });
    }
    let chosen = if named.is_some() { None } else { by_settings(session, &listing.keys) };
    match chosen {
        Some(key) => Ok((home, key.fingerprint.clone())),
        None => Err(several(&listing.keys)),
    }
}

/// People copy fingerprints in groups of four.
pub(super) fn without_blanks(named: &str) -> String {
    let joined: String = named.split_whitespace().collect();
    let hex = joined.bytes().all(|byte| byte.is_ascii_hexdigit());
    if hex { joined } else { named.to_owned() }
}

/// The key that the user's git signs with, else the only one with the user's address.
fn by_settings<'a>(session: &Session<'_>, keys: &'a [Key]) -> Option<&'a Key> {
    let names = ["user.signingkey", "user.email"];
    let settings = session.machine.world().git.settings(None, &names).unwrap_or_default();
    let value = |name: &str| settings.iter().find(|setting| setting.name == name);
    if let Some(id) = value("user.signingkey") {
        let id = id.value.trim_end_matches('!');
        let id = id.strip_prefix("0x").unwrap_or(id);
        let named = keys.iter().find(|key| key.answers_to(id));
        if named.is_some() {
            return named;
        }
    }
    let email = &value("user.email")?.value;
    let mut carrying = keys.iter().filter(|key| key.carries(email));
    carrying.next().filter(|_| carrying.next().is_none())
}

fn several(keys: &[Key]) -> Trouble {
    let names = keys.iter().map(|key| {
        let name = key.user_ids.first().map_or("no name", |name| &name.text);
        format!("{}  {name}", key.fingerprint)
    });
    let names: Vec<String> = names.collect();
    Trouble::usage(format!("there are several keys to choose from:\n{}", names.join("\n")))
        .remedy("name one by its fingerprint: `onramp key publish FINGERPRINT`")
}
