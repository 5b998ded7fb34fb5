//! The server that git is told to hand mail to, and how it takes it: whether it answers, whether it
//! encrypts, with which version of TLS. Where git is told of none, nobody is asked. Sends no mail
//! and no login.

use std::path::Path;
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::change::unknown;
use super::{Kind, World};
use crate::git::Setting;
use crate::net::{Encryption, Failure, Route, Target, explain, target};
use crate::observation::Unknown;

/// Longest attempt to connect, name look-up included.
const DEADLINE: Duration = Duration::from_secs(3);
const NAMES: [&str; 4] = [
    "sendemail.smtpserver",
    "sendemail.smtpserverport",
    "sendemail.smtpencryption",
    "sendemail.identity",
];

/// Looks at the way out for mail.
pub struct Mail;

/// Where to look.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Arguments {
    /// A folder in a work tree, whose own settings count too.
    #[serde(default)]
    tree: Option<String>,
}

/// What was found.
#[derive(Debug, Default, Serialize, JsonSchema)]
pub struct Found {
    /// Whether git is told where mail goes.
    present: bool,
    /// The program that takes it, where it is no server.
    program: Option<String>,
    /// The server.
    server: Option<String>,
    /// Its port.
    port: Option<u16>,
    /// How git would encrypt: `tls` after asking, `ssl` from the start, `none`.
    encryption: String,
    /// Whether the server answers; none where that cannot be told, or nobody was asked.
    reachable: Option<bool>,
    /// Whether it offers to encrypt; none where it was not asked.
    offers_encryption: Option<bool>,
    /// Version of TLS agreed on, such as `1.3`.
    tls: Option<String>,
    /// Why this machine would not believe its certificate.
    doubt: Option<String>,
    /// What went wrong, a fragment.
    problem: Option<String>,
}

impl Kind for Mail {
    type Arguments = Arguments;
    type Found = Found;
    const NAME: &'static str = "mail";
    const WAITS: bool = true;

    fn observe(world: World<'_>, arguments: Arguments) -> Result<Found, Unknown> {
        let tree = arguments.tree.as_deref().map(Path::new);
        let mut found = settings(world, tree)?;
        if let (Some(server), Some(port)) = (found.server.clone(), found.port) {
            ask(world, &server, port, &mut found);
        }
        Ok(found)
    }
}

/// What git is told; a set of settings that `sendemail.identity` names comes before the rest.
fn settings(world: World<'_>, tree: Option<&Path>) -> Result<Found, Unknown> {
    let read = |names: &[&str]| world.git.settings(tree, names).map_err(unknown);
    let general = read(&NAMES)?;
    let of = |settings: &[Setting], end: &str| {
        let found = settings.iter().find(|setting| setting.name.ends_with(end));
        found.map(|setting| setting.value.trim().to_owned()).filter(|value| !value.is_empty())
    };
    let own = match of(&general, ".identity") {
        Some(identity) => {
            let names = NAMES[..3].iter().filter_map(|name| name.strip_prefix("sendemail."));
            let names: Vec<String> =
                names.map(|name| format!("sendemail.{identity}.{name}")).collect();
            read(&names.iter().map(String::as_str).collect::<Vec<_>>())?
        }
        None => Vec::new(),
    };
    let value = |end: &str| of(&own, end).or_else(|| of(&general, end));
    let encryption = match value(".smtpencryption").as_deref() {
        Some("ssl") => "ssl",
        Some("tls") => "tls",
        _ => "none",
    };
    let server = value(".smtpserver");
    let program = server.clone().filter(|server| server.starts_with('/'));
    let port = value(".smtpserverport").and_then(|port| port.parse().ok());
    let usual = match encryption {
        "ssl" => 465,
        "tls" => 587,
        _ => 25,
    };
    Ok(Found {
        present: server.is_some(),
        server: server.filter(|_| program.is_none()),
        port: program.is_none().then(|| port.unwrap_or(usual)),
        program,
        encryption: encryption.to_owned(),
        ..Found::default()
    })
}

fn ask(world: World<'_>, server: &str, port: u16, found: &mut Found) {
    // Read as an address, so that what is no host is not looked up.
    let target = match target::parse(&format!("ssh://{server}:{port}")) {
        Ok(target) => target,
        Err(reason) => {
            found.problem = Some(format!("`{server}` is no host: {reason}"));
            return;
        }
    };
    let encryption =
        if found.encryption == "ssl" { Encryption::FromTheStart } else { Encryption::Asked };
    match world.net.mail(&target, encryption, DEADLINE) {
        Ok(shown) => {
            found.reachable = Some(true);
            found.offers_encryption = shown.offers_encryption;
            found.problem = shown.problem;
            found.doubt = shown.handshake.as_ref().and_then(|it| it.doubt.clone());
            found.tls = shown.handshake.map(|handshake| handshake.version);
        }
        Err(failure) => not_reached(&failure, &target, found),
    }
}

fn not_reached(failure: &Failure, target: &Target, found: &mut Found) {
    let told = explain::settles(failure, target, &Route::Direct);
    found.reachable = told.then_some(false);
    found.problem = Some(explain::sentence(failure, target, &Route::Direct, DEADLINE));
}
