//! `key publish`: shows what would become public for ever, asks, hands the public key to one key
//! server over HTTPS, reads it back and compares. Sends nothing without consent for this key and
//! this server, nothing in the open, and never a secret key.

mod after;
mod choice;
mod consent;
mod copy;
mod shown;

use std::path::Path;
use std::time::Instant;

use clap::Args;

use crate::cli::Session;
use crate::cli::args::Global;
use crate::cli::trouble::Trouble;
use crate::exit::Exit;
use crate::net::key_server::Server;
use crate::net::proxy::{self, GitProxy, Way};
use crate::observation::Unknown;
use crate::pgp::export::{self, Names, Public};
use crate::pgp::transfer::{Kind, Transfer};
use crate::sys::Kind as PathKind;

/// Put your public key on a key server.
///
/// Shows first what becomes public and what that means, and asks; what is on a key server stays
/// there. Reads the key back afterwards and compares it with what was sent. Without a terminal it
/// needs --yes and --server; in CI the key's whole fingerprint as well.
#[derive(Debug, Args)]
pub struct PublishArgs {
    /// The key, by fingerprint, id or address; the one that git signs with where none is named
    #[arg(value_name = "KEY")]
    pub key: Option<String>,
    /// The key server, such as keyserver.ubuntu.com or hkps://HOST:PORT
    #[arg(long, value_name = "SERVER")]
    pub server: Option<String>,
    /// Publish only the names with this address; may be given more than once
    #[arg(long, value_name = "ADDRESS")]
    pub only: Vec<String>,
    /// Publish names that you have revoked as well, as revoked
    #[arg(long)]
    pub revoked_names: bool,
    /// Send nothing: read the server's copy and compare it with yours
    #[arg(long, conflicts_with = "yes")]
    pub check: bool,
    /// Show what would become public; send nothing
    #[arg(long, conflicts_with_all = ["yes", "check"])]
    pub dry_run: bool,
    /// Agree without being asked; needs --server
    #[arg(short, long)]
    pub yes: bool,
}

/// What would be published.
struct Parcel {
    /// The bytes that are sent.
    armoured: String,
    /// The same, taken apart.
    transfer: Transfer,
    /// The same, as gpg reads it.
    public: Public,
    /// Names on the key that stay at home.
    left_out: Vec<String>,
    /// The key's revocation certificate, where GnuPG keeps it.
    revocation: Option<String>,
}

/// Where to.
struct Destination {
    server: Server,
    way: Way,
}

impl Parcel {
    fn fingerprint(&self) -> &str {
        self.public.fingerprint()
    }

    /// The addresses on it, without repetition.
    fn addresses(&self) -> Vec<String> {
        let mut addresses: Vec<String> = Vec::new();
        for name in self.public.names.iter().filter(|name| !name.revoked) {
            let email = name.email.iter().filter(|email| !addresses.contains(*email));
            let email: Vec<String> = email.cloned().collect();
            addresses.extend(email);
        }
        addresses
    }
}

/// Runs the step.
///
/// # Errors
/// No key, no server that would do, no consent, a server that cannot be believed or reached, a copy
/// that is not what was sent.
pub(super) fn publish(
    session: &Session<'_>,
    global: &Global,
    args: &PublishArgs,
) -> anyhow::Result<Exit> {
    if !args.dry_run {
        online(global)?;
    }
    let server = choice::server(session, global, args.server.as_deref())?;
    let (home, fingerprint) = choice::key(session, args.key.as_deref())?;
    let destination = Destination { way: way(session, &server), server };
    let home = Path::new(&home);
    let parcel = parcel(session, home, &fingerprint, args)?;
    let terminal = &session.terminal;
    if args.check {
        return copy::check(session, &parcel, &destination);
    }
    terminal.data(&shown::lines(&parcel, &destination, terminal.width))?;
    if args.dry_run {
        terminal.data(&shown::not_sent())?;
        return Ok(Exit::Success);
    }
    consent::consent(session, args, &parcel, &destination.server)?;
    let start = Instant::now();
    let outcome = copy::publish(session, &parcel, &destination)?;
    terminal.data(&after::lines(&parcel, &destination.server, &outcome, start, terminal.width))?;
    Ok(Exit::Success)
}

fn online(global: &Global) -> Result<(), Trouble> {
    if global.offline {
        return Err(Trouble::usage(
            "a key server lies on the network, and --offline leaves that alone",
        )
        .remedy("say --dry-run to see what would be published"));
    }
    Ok(())
}

/// The way git would take, by the user's own settings: a work tree has no say in it.
fn way(session: &Session<'_>, server: &Server) -> Way {
    let settings = session.machine.world().git.proxies(None).unwrap_or_default();
    let settings: Vec<GitProxy> =
        settings.into_iter().map(|(url, proxy)| GitProxy { url, proxy }).collect();
    let variable =
        |name: &str| session.bench.env(name).map(|value| value.to_string_lossy().into_owned());
    proxy::way_for_git(&server.target(), &settings, &variable)
}

/// Takes the key out of the keyring as it would be sent, and makes sure of what that is.
fn parcel(
    session: &Session<'_>,
    home: &Path,
    fingerprint: &str,
    args: &PublishArgs,
) -> Result<Parcel, Trouble> {
    let bench = session.bench;
    let take = |names: &Names| export::export(bench, home, fingerprint, names).map_err(unreadable);
    let read = |armoured: &[u8]| {
        Transfer::read(armoured)
            .map_err(|why| Trouble::failed(format!("what gpg gives for {fingerprint}: {why}")))
    };
    let everything = read(&take(&Names { only: Vec::new(), revoked: true })?)?;
    let mut names = Names { only: args.only.clone(), revoked: args.revoked_names };
    let mut armoured = take(&names)?;
    let mut transfer = read(&armoured)?;
    let withdrawn = withdrawn(&take(&Names { revoked: true, ..names.clone() })?, &transfer)?;
    if !withdrawn.is_empty() && consent::also_withdrawn(session, args, &withdrawn) {
        names.revoked = true;
        armoured = take(&names)?;
        transfer = read(&armoured)?;
    }
    let public = export::inspect(bench, home, &armoured).map_err(unreadable)?;
    if public.fingerprint() != fingerprint || public.names.is_empty() {
        return Err(none_left(fingerprint, args));
    }
    known(&transfer, &public)?;
    let certificate = home.join("openpgp-revocs.d").join(format!("{fingerprint}.rev"));
    let there = bench.kind(&certificate) == Some(PathKind::File);
    Ok(Parcel {
        armoured: String::from_utf8_lossy(&armoured).into_owned(),
        left_out: lacking(&everything, &transfer),
        revocation: there.then(|| certificate.display().to_string()),
        transfer,
        public,
    })
}

/// Makes sure that everything in the bytes is shown: names and subkeys, and nothing besides.
fn known(transfer: &Transfer, public: &Public) -> Result<(), Trouble> {
    let of = |wanted: fn(&Kind) -> bool| transfer.kinds().filter(wanted).count();
    let names = of(|kind| matches!(kind, Kind::Name(_)));
    let keys = of(|kind| matches!(kind, Kind::Primary | Kind::Subkey(_)));
    let all = of(|_| true);
    if (names, keys) == (public.names.len(), public.parts.len()) && all == names + keys {
        return Ok(());
    }
    Err(Trouble::failed(
        "your public key holds something that cannot be shown here; nothing was sent",
    )
    .remedy("look at it with `gpg --export KEY | gpg --list-packets`"))
}

/// The names that only a copy with the revoked ones has.
fn withdrawn(with: &[u8], transfer: &Transfer) -> Result<Vec<String>, Trouble> {
    let with = Transfer::read(with).map_err(Trouble::failed)?;
    Ok(lacking(&with, transfer))
}

/// The names of one copy that another lacks.
fn lacking(all: &Transfer, some: &Transfer) -> Vec<String> {
    let missing = all.against(some).missing.into_iter().filter(|piece| !piece.signature);
    let names = missing.filter_map(|piece| match piece.of {
        Kind::Name(name) => Some(name),
        _ => None,
    });
    names.collect()
}

fn none_left(fingerprint: &str, args: &PublishArgs) -> Trouble {
    if args.only.is_empty() {
        return Trouble::usage(format!("the key {fingerprint} bears no name that is still valid"))
            .remedy("a key without a name helps nobody; --revoked-names publishes it as it is");
    }
    Trouble::usage(format!("no name on the key {fingerprint} has the address you named"))
        .remedy("`onramp key show` lists the names on your keys")
}

#[expect(clippy::needless_pass_by_value, reason = "the shape map_err wants")]
fn unreadable(why: Unknown) -> Trouble {
    Trouble::failed(format!("your public key could not be read: {}", why.0))
        .remedy("`onramp key show` tells more about your keys")
}
