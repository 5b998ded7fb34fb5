//! Hands the key over, reads the server's copy back and compares. Believes the copy alone, never
//! what a server says of itself.

use crate::cli::Session;
use crate::cli::trouble::Trouble;
use crate::exit::Exit;
use crate::net::https::{self, Https, Patience};
use crate::net::key_server::vks::{self, Standing, Taken};
use crate::net::key_server::{Protocol, Refusal, Server, Why, hkp};
use crate::pgp::transfer::{Kind, Piece};
use crate::text::{Line, Tone};

use super::{Destination, Parcel};

/// What came of it.
pub(super) struct Outcome {
    /// The server's copy, compared.
    pub(super) copy: Copy,
    /// The addresses that the server mails a link to.
    pub(super) mailed: Vec<String>,
}

/// A copy that holds all it can.
pub(super) struct Copy {
    /// Names that the server keeps back until their owner has followed a link.
    pub(super) waiting: Vec<String>,
    /// What it has besides: earlier uploads, signatures of others.
    pub(super) extra: usize,
}

/// Hands the key over and reads it back.
pub(super) fn publish(
    session: &Session<'_>,
    parcel: &Parcel,
    destination: &Destination,
) -> Result<Outcome, Trouble> {
    let server = &destination.server;
    let name = server.name();
    let https = connect(destination)?;
    session.terminal.say(Line::toned(Tone::Dim, format!("sending it to {name} …")));
    let Sent { mailed, said } = send(&https, parcel, server)?;
    session.terminal.say(Line::toned(Tone::Dim, "reading it back …"));
    let copy = read_back(&https, parcel, server).map_err(|refusal| {
        let what =
            format!("{name} was sent your key, and it could not be read back: {}", refusal.what);
        Trouble::new(Exit::Incomplete, what).remedy(look_again(parcel, server))
    })?;
    let copy = copy.map_err(|trouble| match said.as_str() {
        "" => trouble,
        said => Trouble { what: format!("{}; it had said «{said}»", trouble.what), ..trouble },
    })?;
    Ok(Outcome { copy, mailed })
}

/// Reads the server's copy and says how it compares.
pub(super) fn check(
    session: &Session<'_>,
    parcel: &Parcel,
    destination: &Destination,
) -> anyhow::Result<Exit> {
    let server = &destination.server;
    let copy = read_back(&connect(destination)?, parcel, server).map_err(|refusal| {
        let what = format!("the copy on {} could not be read: {}", server.name(), refusal.what);
        Trouble::new(Exit::Incomplete, what).remedy(reason_to_hope(refusal.why))
    })??;
    session.terminal.data(&super::after::compared(
        parcel,
        server,
        &copy,
        session.terminal.width,
    ))?;
    Ok(Exit::Success)
}

fn connect(destination: &Destination) -> Result<Https, Trouble> {
    let roots = https::system_certificates().map_err(|why| {
        Trouble::usage(format!("no server can be believed: {why}"))
            .remedy("install your system's package of certificates, often named ca-certificates")
    })?;
    let (target, way) = (destination.server.target(), destination.way.clone());
    Https::new(target, way, &roots, Patience::default())
        .map_err(|why| Trouble::usage(why).remedy("correct that setting, then try again"))
}

/// What a server said to a key.
struct Sent {
    /// The addresses to which it mails a link.
    mailed: Vec<String>,
    /// Its own words, which prove nothing.
    said: String,
}

fn send(https: &Https, parcel: &Parcel, server: &Server) -> Result<Sent, Trouble> {
    let refused = |refusal| not_taken(refusal, parcel, server);
    match server.protocol {
        Protocol::Hkp => hkp::add(https, &parcel.armoured)
            .map(|said| Sent { mailed: Vec::new(), said })
            .map_err(refused),
        Protocol::Vks => {
            let taken = vks::upload(https, &parcel.armoured).map_err(refused)?;
            if !taken.fingerprint.eq_ignore_ascii_case(parcel.fingerprint()) {
                let what = format!("{} says it took another key", server.name());
                return Err(Trouble::failed(what).remedy(look_again(parcel, server)));
            }
            let mailed = ask_for_mail(https, &taken, parcel, server)?;
            Ok(Sent { mailed, said: String::new() })
        }
    }
}

fn ask_for_mail(
    https: &Https,
    taken: &Taken,
    parcel: &Parcel,
    server: &Server,
) -> Result<Vec<String>, Trouble> {
    // As the server writes them: it may change capital letters.
    let own = parcel.addresses();
    let standing = |taken: &Taken, wanted: Standing| -> Vec<String> {
        let standing = taken.status.iter().filter(|(_, standing)| **standing == wanted);
        let same = |address: &&String| own.iter().any(|own| own.eq_ignore_ascii_case(address));
        standing.map(|(address, _)| address).filter(same).cloned().collect()
    };
    let unpublished = standing(taken, Standing::Unpublished);
    if unpublished.is_empty() {
        return Ok(standing(taken, Standing::Pending));
    }
    let asked = vks::request_mail(https, &taken.token, &unpublished).map_err(|refusal| {
        let what = format!(
            "{} has your key, and did not mail the link that your name needs: {}",
            server.name(),
            refusal.what
        );
        Trouble::failed(what).remedy("the same command asks again")
    })?;
    Ok(standing(&asked, Standing::Pending))
}

fn not_taken(refusal: Refusal, parcel: &Parcel, server: &Server) -> Trouble {
    let Refusal { why, what } = refusal;
    let name = server.name();
    match why {
        Why::BrokenOff => Trouble::new(
            Exit::Incomplete,
            format!("whether your key reached {name} is not known: {what}"),
        )
        .remedy(look_again(parcel, server)),
        Why::Odd => Trouble::new(Exit::Incomplete, format!("{name} was sent your key: {what}"))
            .remedy(look_again(parcel, server)),
        Why::NotReached => Trouble::failed(format!("not published, nothing was sent: {what}"))
            .remedy(reason_to_hope(why)),
        Why::NotNow | Why::Refused => {
            Trouble::failed(format!("{name} did not take your key: {what}"))
                .remedy(reason_to_hope(why))
        }
    }
}

fn reason_to_hope(why: Why) -> &'static str {
    match why {
        Why::NotReached => {
            "see that the name is right and the network is there; where a proxy looks into \
             encrypted traffic, its certificate must be among the system's"
        }
        Why::NotNow | Why::BrokenOff => "try again later, or name another server with --server",
        Why::Refused | Why::Odd => "name another server with --server",
    }
}

fn look_again(parcel: &Parcel, server: &Server) -> String {
    let fingerprint = parcel.fingerprint();
    format!("look there with `onramp key publish {fingerprint} --check --server {}`", server.name())
}

/// The server's copy: why there is none to be had, or why it is not the right one.
fn read_back(
    https: &Https,
    parcel: &Parcel,
    server: &Server,
) -> Result<Result<Copy, Trouble>, Refusal> {
    let copy = match server.protocol {
        Protocol::Hkp => hkp::get(https, parcel.fingerprint())?,
        Protocol::Vks => vks::get(https, parcel.fingerprint())?,
    };
    Ok(copy.map_or_else(|| Err(absent(server)), |copy| compare(&copy, parcel, server)))
}

fn absent(server: &Server) -> Trouble {
    Trouble::failed(format!("{} does not have your key", server.name())).remedy(
        "some servers need some minutes: look again with --check, then try again or name another \
         with --server",
    )
}

fn compare(copy: &[u8], parcel: &Parcel, server: &Server) -> Result<Copy, Trouble> {
    let name = server.name();
    let other = parcel.transfer.same_in(copy).map_err(|why| {
        Trouble::failed(format!("what {name} gives as your key cannot be read: {why}"))
            .remedy("name another server with --server")
    })?;
    let Some(other) = other else {
        return Err(Trouble::failed(format!("{name} gives another key in place of yours"))
            .remedy("do not trust this server; name another with --server"));
    };
    let difference = parcel.transfer.against(&other);
    let shy = server.protocol == Protocol::Vks;
    let (mut waiting, mut missing) = (Vec::new(), Vec::new());
    for piece in &difference.missing {
        match &piece.of {
            Kind::Name(name) if shy && !piece.signature => waiting.push(name.clone()),
            _ => missing.push(words(piece, parcel)),
        }
    }
    if missing.is_empty() {
        return Ok(Copy { waiting, extra: difference.extra.len() });
    }
    missing.dedup();
    let what = format!("the copy on {name} lacks {}", missing.join(", "));
    Err(Trouble::failed(what).remedy(
        "look again with --check in some minutes; if it still lacks that, name another server with \
         --server",
    ))
}

fn words(piece: &Piece, parcel: &Parcel) -> String {
    let of = match &piece.of {
        Kind::Primary => "the key itself".to_owned(),
        Kind::Name(name) => format!("the name {name}"),
        Kind::Picture => "a picture".to_owned(),
        Kind::Subkey(at) => {
            let part = parcel.public.parts.get(at + 1);
            format!("the subkey {}", part.map_or("", |part| &part.fingerprint))
        }
        Kind::Other => "a part of it".to_owned(),
    };
    if piece.signature { format!("your signature on {of}") } else { of }
}
