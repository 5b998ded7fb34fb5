//! The answers that a key takes: from options, else from the person at the terminal. Where there
//! is none, everything that is missing is named at once.

use super::NewArgs;
use super::existing::{described, existing};
use super::setup::Setup;
use crate::cli::Session;
use crate::cli::fix::person::given;
use crate::cli::making::choices::{self, asked};
use crate::cli::trouble::Trouble;
use crate::fix::{Person, Place, Wish, person};
use crate::pgp::Key;
use crate::text::{Line, Tone, clean_line};

/// What the options say.
pub(super) struct Answers {
    person: Person,
    wish: Wish,
}

/// All of it.
pub(super) struct Complete {
    /// Name on commits and key.
    pub(super) name: String,
    /// Address on both.
    pub(super) email: String,
    /// What the key is to be.
    pub(super) wish: Wish,
    /// A key that is there already and is used instead.
    pub(super) use_key: Option<Key>,
    /// Whose settings are written.
    pub(super) place: Place,
    /// There will be no passphrase.
    pub(super) open: bool,
}

impl Answers {
    /// Reads the options.
    pub(super) fn given(session: &Session<'_>, args: &NewArgs) -> Result<Self, Trouble> {
        let person = given(args.name.as_ref(), args.email.as_ref())?;
        let wish = args.key.wish(session.bench.now())?;
        if !session.terminal.interactive() {
            nothing_missing(args)?;
        }
        Ok(Self { person, wish })
    }

    /// Asks for the rest.
    pub(super) fn complete(
        self,
        session: &Session<'_>,
        setup: &Setup,
        args: &NewArgs,
    ) -> Result<Complete, Trouble> {
        let Self { person, mut wish } = self;
        let name = match person.name {
            Some(name) => name,
            None => ask_for(
                session,
                "your name",
                known(setup, "user.name", person::name),
                person::name,
            )?,
        };
        let email = match person.email {
            Some(email) => email,
            None => {
                let known = known(setup, "user.email", person::email);
                ask_for(session, "your e-mail address", known, person::email)?
            }
        };
        let there = existing(session, &email);
        let use_key = if args.another { None } else { chosen(session, &there.usable)? };
        if use_key.is_none() {
            choices::complete(session, &mut wish)?;
        }
        wish.another = there.any;
        let place = place(session, setup, args)?;
        let open = args.key.no_passphrase;
        Ok(Complete { name, email, wish, use_key, place, open })
    }
}

/// Without a terminal, every answer has to be there.
fn nothing_missing(args: &NewArgs) -> Result<(), Trouble> {
    let asked = [
        ("--name NAME", args.name.is_none()),
        ("--email ADDRESS", args.email.is_none()),
        ("--algorithm ed25519|rsa4096", args.key.algorithm.is_none()),
        ("--expires TIME", args.key.expires.is_none()),
        ("--global or --local", !args.global && !args.local),
        ("--yes", !args.yes && !args.dry_run),
    ];
    let missing: Vec<&str> =
        asked.iter().filter(|(_, missing)| *missing).map(|(option, _)| *option).collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(Trouble::usage(format!(
        "nobody can be asked here, so these options are missing: {}",
        missing.join(", ")
    ))
    .remedy(
        "onramp key new --name 'Ada Lovelace' --email ada@lovelace.dev --algorithm ed25519 \
             --expires 2y --global --yes",
    ))
}

/// What git knows already, where it is fit to be proposed.
fn known<E>(setup: &Setup, name: &str, check: fn(&str) -> Result<String, E>) -> Option<String> {
    check(&setup.here(name)?.value).ok()
}

fn ask_for(
    session: &Session<'_>,
    what: &str,
    known: Option<String>,
    check: fn(&str) -> Result<String, &'static str>,
) -> Result<String, Trouble> {
    let proposed = known.as_ref().map(|known| format!(" ({})", clean_line(known)));
    let proposed = proposed.unwrap_or_default();
    let question =
        format!("{what}, as commits and the key carry it for everyone to see{proposed}: ");
    asked(session, &question, |answer| match (&known, answer) {
        (Some(known), "") => Ok(known.clone()),
        _ => check(answer).map_err(str::to_owned),
    })
}

/// Which key that is there already to use; none to make one.
fn chosen(session: &Session<'_>, usable: &[Key]) -> Result<Option<Key>, Trouble> {
    let Some(first) = usable.first() else { return Ok(None) };
    let terminal = &session.terminal;
    let have = match usable.len() {
        1 => "You have a key for this address that can sign:".to_owned(),
        more => format!("You have {more} keys for this address that can sign:"),
    };
    terminal.complain(Line::toned(Tone::Strong, have));
    for (number, key) in (1..).zip(usable) {
        terminal.complain(Line::plain(format!("  {number}  {}", described(key))));
    }
    if !terminal.interactive() {
        let text = "the first is used; --another makes one more";
        terminal.complain(Line::toned(Tone::Dim, text));
        return Ok(Some(first.clone()));
    }
    let question = "use number 1? A number uses that one, n makes one more (1) ";
    let question = if usable.len() == 1 { "use it? n makes one more [Y/n] " } else { question };
    asked(session, question, |answer| match answer.to_lowercase().as_str() {
        "" | "y" | "yes" => Ok(Some(first.clone())),
        "n" | "no" => Ok(None),
        other => {
            let number = other.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
            let key = number.and_then(|number| usable.get(number));
            key.cloned().map(Some).ok_or_else(|| "it is y, n or a number of the list".to_owned())
        }
    })
}

fn place(session: &Session<'_>, setup: &Setup, args: &NewArgs) -> Result<Place, Trouble> {
    if args.global {
        return Ok(Place::User);
    }
    let clone = || setup.clone_file(session).map(Place::Clone);
    if args.local {
        return clone();
    }
    if setup.tree.is_none() {
        return Ok(Place::User);
    }
    session.terminal.complain(Line::toned(Tone::Strong, "Where is git to sign with it?"));
    session.terminal.complain(Line::plain("  1  in all your repositories"));
    session.terminal.complain(Line::plain("  2  in this clone only"));
    let local = asked(session, "1 or 2 (1) ", |answer| match answer {
        "" | "1" => Ok(false),
        "2" => Ok(true),
        _ => Err("it is 1 or 2".to_owned()),
    })?;
    if local { clone() } else { Ok(Place::User) }
}
