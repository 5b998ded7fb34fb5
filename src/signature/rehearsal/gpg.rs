//! Why gpg or gpgsm made no signature, told from its status lines and from what the keyring says
//! of the user's own keys. Codes count, not wording: gpg translates its messages.

use crate::pgp::Key;
use crate::pgp::key::{Part, Secret, day};
use crate::text::clean_line;

use super::{Agent, Attempt, Ended, Problem};

// Codes of libgpg-error; the upper half of a number says who reports it.
const BAD_PASSPHRASE: u32 = 11;
const NO_SECRET_KEY: u32 = 17;
const UNUSABLE_SECRET_KEY: u32 = 54;
const TIMEOUT: u32 = 62;
const NO_AGENT: u32 = 77;
const NO_PINENTRY: u32 = 85;
const BAD_PIN: u32 = 87;
const CANCELLED: [u32; 2] = [99, 198];
const CARD: std::ops::RangeInclusive<u32> = 108..=119;
const END_OF_FILE: u32 = 16383;
const SYSTEM: u32 = 32768;

/// Have the terminal named to gpg, now and whenever one is opened.
const NAME_TERMINAL: &str = "echo 'export GPG_TTY=$(tty)' >> ~/.bashrc && export GPG_TTY=$(tty)";

/// What gpg's status lines say.
#[derive(Debug, Default)]
struct Said<'a> {
    /// The code of the failure.
    code: Option<u32>,
    /// The kind of pinentry that was started, and the terminal it was given.
    pinentry: Option<(&'a str, Option<&'a str>)>,
    /// The last complaint.
    complaint: Option<&'a str>,
}

fn read(text: &str) -> Said<'_> {
    let mut said = Said::default();
    for line in text.lines() {
        let Some(status) = line.strip_prefix("[GNUPG:] ") else {
            if !line.trim().is_empty() {
                said.complaint = Some(line.trim());
            }
            continue;
        };
        let words: Vec<&str> = status.split(' ').collect();
        match words[..] {
            ["FAILURE", "sign", code, ..] => {
                said.code = code.parse::<u32>().ok().map(|code| code & 0xffff);
            }
            ["PINENTRY_LAUNCHED", _, ref rest @ ..] => {
                let terminal = rest.get(2).filter(|name| name.starts_with('/'));
                said.pinentry = Some((rest.first().unwrap_or(&""), terminal.copied()));
            }
            _ => {}
        }
    }
    said
}

/// Why there is no signature.
pub(super) fn diagnose(attempt: &Attempt<'_>) -> Problem {
    let said = read(attempt.said);
    if let Ended::Waited(seconds) = attempt.ended {
        return waited(attempt, &said, seconds);
    }
    let smime = attempt.setup.format == "x509";
    let key = meant(attempt);
    match said.code {
        Some(NO_SECRET_KEY | UNUSABLE_SECRET_KEY) if !smime => no_key(attempt, key),
        Some(NO_AGENT) => agent_absent(),
        Some(NO_PINENTRY) => Problem::new(
            "no-pinentry",
            "gpg has to ask for your passphrase and found no program that asks (a pinentry)",
            "install pinentry-curses, or mend pinentry-program in gpg-agent.conf, then \
             gpgconf --kill gpg-agent",
        ),
        Some(code) if CANCELLED.contains(&code) => Problem::new(
            "cancelled",
            "the passphrase was asked for and not given",
            "onramp key rehearse again, and type the passphrase of your key",
        ),
        Some(BAD_PASSPHRASE | BAD_PIN) => Problem::new(
            "wrong-passphrase",
            "the passphrase was wrong",
            "onramp key rehearse again; a forgotten passphrase cannot be found again, and \
             `onramp key new` makes another key",
        ),
        Some(TIMEOUT) => waited(attempt, &said, 0),
        _ if key.is_some_and(on_card) => card(),
        Some(code) if CARD.contains(&code) => card(),
        Some(END_OF_FILE) => Problem::new(
            "pinentry-failed",
            "the program that asks for your passphrase (pinentry) ended without an answer",
            "gpgconf --kill gpg-agent, then onramp key rehearse again; should it end again, \
             install another, such as pinentry-curses",
        ),
        Some(code) if code >= SYSTEM && said.pinentry.is_some() => terminal(attempt, &said),
        _ if attempt.agent == Agent::Absent && attempt.said.contains("agent") => agent_absent(),
        _ if smime => certificate(attempt, &said),
        _ => other(attempt, &said),
    }
}

fn agent_absent() -> Problem {
    let says = "gpg-agent, which holds your secret key, does not run and could not be started";
    Problem::new("agent-absent", says, "gpgconf --launch gpg-agent says why")
}

fn card() -> Problem {
    let says = "the secret half of your key is on a smart card or token, which did not sign";
    let remedy = "put it in; `gpg --card-status` tells whether gpg sees it";
    Problem::new("card", says, remedy)
}

/// gpg-agent was asked whether it is there, and did not answer.
pub(super) fn agent_hung() -> Problem {
    Problem::new(
        "agent-hung",
        "gpg-agent, which holds your secret key, runs and does not answer; git would wait for it \
         without end",
        "end it with pkill -KILL gpg-agent; the next signature starts another",
    )
}

fn waited(attempt: &Attempt<'_>, said: &Said<'_>, seconds: u64) -> Problem {
    let Some((_, place)) = said.pinentry else {
        return agent_hung();
    };
    let place = place.map_or_else(|| "in a window".to_owned(), |place| format!("on {place}"));
    let long = if seconds > 0 { format!(" for {seconds} s") } else { String::new() };
    if attempt.interactive {
        let says = format!("the passphrase was asked for {place}{long}, and nobody typed it");
        let remedy = if wrong_terminal(attempt).is_some() {
            "export GPG_TTY=$(tty), for GPG_TTY names another terminal than this one"
        } else {
            "onramp key rehearse again, and type the passphrase where it is asked for"
        };
        return Problem::new("waited", says, remedy).perhaps();
    }
    let says = format!(
        "the passphrase was asked for {place}{long}; nobody is at a terminal here to type it"
    );
    Problem::new("waited", says, AT_TERMINAL).perhaps()
}

/// Without a terminal the agent has to know the passphrase.
const AT_TERMINAL: &str = "run onramp key rehearse in a terminal, or open the key there first: \
                           echo test | gpg --clearsign";

fn wrong_terminal<'a>(attempt: &Attempt<'a>) -> Option<(&'a str, &'a str)> {
    let (named, own) = (attempt.gpg_tty?, attempt.terminal?);
    (named != own).then_some((named, own))
}

/// The pinentry had no terminal to ask at.
fn terminal(attempt: &Attempt<'_>, said: &Said<'_>) -> Problem {
    let named = said.pinentry.and_then(|(_, place)| place);
    if !attempt.interactive {
        let says = match named {
            Some(place) => format!(
                "gpg has to ask for your passphrase, and GPG_TTY names {place}, where nobody can \
                 be asked"
            ),
            None => {
                "gpg has to ask for your passphrase, and there is no terminal to ask at".to_owned()
            }
        };
        return Problem::new("no-terminal", says, AT_TERMINAL).perhaps();
    }
    match named {
        None => Problem::new(
            "no-gpg-tty",
            "gpg has to ask for your passphrase and does not know this terminal: GPG_TTY is not \
             set",
            NAME_TERMINAL,
        ),
        Some(place) => {
            let own = attempt.terminal.unwrap_or("this terminal");
            let says = format!("gpg asks for your passphrase on {place}, for GPG_TTY says so");
            let says = if place == own { says } else { format!("{says}; you are at {own}") };
            Problem::new("wrong-terminal", says, "export GPG_TTY=$(tty)")
        }
    }
}

fn on_card(key: &Key) -> bool {
    key.signer().is_some_and(|part| part.secret == Secret::Card)
}

/// The user's key that gpg was told to take.
pub(super) fn meant<'a>(attempt: &Attempt<'a>) -> Option<&'a Key> {
    let keys = &attempt.keys?.keys;
    let named = attempt.setup.key.as_deref();
    let fits = |key: &&Key| match named {
        Some(name) => names(key, name),
        None => attempt.committer.and_then(address).is_some_and(|email| key.carries(email)),
    };
    let mut fitting = keys.iter().filter(fits);
    let first = fitting.next();
    fitting.chain(first).find(|key| key.signer().is_some()).or(first)
}

fn names(key: &Key, name: &str) -> bool {
    let id = name.trim_start_matches("0x").trim_end_matches('!').replace(' ', "");
    let id = id.to_ascii_uppercase();
    let hex = id.len() >= 8 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    if hex {
        return key.parts.iter().any(|part| part.fingerprint.ends_with(&id));
    }
    let words = name.trim_matches(['<', '>', '=']).to_lowercase();
    key.user_ids.iter().any(|id| id.text.to_lowercase().contains(&words))
}

/// The address in `Name <address>`.
pub(super) fn address(person: &str) -> Option<&str> {
    person.trim().strip_suffix('>')?.rsplit_once('<').map(|(_, address)| address)
}

fn no_key(attempt: &Attempt<'_>, key: Option<&Key>) -> Problem {
    if let Some(key) = key {
        return useless(key);
    }
    let own: &[Key] = attempt.keys.map_or(&[], |listing| &listing.keys);
    let usable = own.iter().find(|key| key.signer().is_some());
    if own.is_empty() {
        return none();
    }
    if let Some(named) = &attempt.setup.key {
        let says = format!(
            "user.signingkey names {}, and there is no secret key of that name here",
            clean_line(named)
        );
        let remedy = usable.map_or_else(
            || "onramp key new".to_owned(),
            |key| format!("git config --global user.signingkey {}", key.fingerprint),
        );
        return Problem::new("key-not-here", says, remedy);
    }
    let committer = attempt.committer.unwrap_or("your address");
    let email = address(committer).unwrap_or(committer);
    let Some(key) = usable else {
        let says = format!("no key of yours that could sign names {}", clean_line(email));
        return Problem::new("no-key-for-address", says, "onramp key new");
    };
    let names = key.user_ids.iter().filter_map(|id| id.email.as_deref()).collect::<Vec<_>>();
    let says = format!(
        "user.signingkey is not set, so git asks for a key that names {}; yours names {}",
        clean_line(email),
        clean_line(&names.join(", "))
    );
    let person = crate::text::shell_word(committer);
    let remedy = format!("gpg --quick-add-uid {} {person}", key.fingerprint);
    Problem::new("no-key-for-address", says, remedy)
}

/// There is no key at all.
pub(super) fn none() -> Problem {
    Problem::new("no-secret-key", "you have no OpenPGP key to sign with", "onramp key new")
}

/// The key that was meant is here, and cannot sign.
fn useless(key: &Key) -> Problem {
    let id = &key.fingerprint;
    if key.revoked {
        let says = format!("your key {id} is revoked, and nothing takes that back");
        return Problem::new("key-revoked", says, "onramp key new");
    }
    let signing: Vec<&Part> = key.parts.iter().filter(|part| part.signs).collect();
    let ended = key.primary().filter(|part| part.expired);
    let ended = ended.or(signing.iter().copied().find(|part| part.expired));
    if let Some(part) = ended {
        let since = part.expires.and_then(day).map(|day| format!(" on {day}")).unwrap_or_default();
        let which = if part.fingerprint == *id { "key" } else { "signing subkey of key" };
        let says = format!("your {which} {id} expired{since}");
        let more = if part.fingerprint == *id { "" } else { " '*'" };
        let remedy = format!("gpg --quick-set-expire {id} 2y{more}");
        return Problem::new("key-expired", says, remedy);
    }
    if key.disabled {
        let remedy = format!("gpg --edit-key {id} enable quit");
        return Problem::new("key-disabled", format!("your key {id} is switched off"), remedy);
    }
    if signing.is_empty() {
        let says = format!("your key {id} was not made for signing");
        let remedy = format!("gpg --quick-add-key {id} ed25519 sign 2y");
        return Problem::new("key-not-for-signing", says, remedy);
    }
    let says = format!("the secret part of your key {id} that signs is not on this machine");
    let remedy = "bring it from the machine where the key was made: gpg --export-secret-keys there, \
                  gpg --import here; or onramp key new";
    Problem::new("key-not-here", says, remedy)
}

fn certificate(attempt: &Attempt<'_>, said: &Said<'_>) -> Problem {
    let why = said.complaint.map(|line| format!(": {}", clean_line(line))).unwrap_or_default();
    let program = clean_line(&attempt.setup.program);
    let says = format!(
        "gpg.format is x509, so git signs with a certificate (S/MIME) through {program}, which \
         found none it could use{why}"
    );
    let remedy = "gpgsm --import YOUR-CERTIFICATE.p12, where an authority gave you one; without, \
                  git config --global gpg.format openpgp signs with an OpenPGP key";
    Problem::new("no-certificate", says, remedy)
}

fn other(attempt: &Attempt<'_>, said: &Said<'_>) -> Problem {
    let program = clean_line(&attempt.setup.program);
    let why = said.complaint.map(clean_line);
    let says = match why {
        Some(line) => format!("{program} signed nothing and said: {line}"),
        None => format!("{program} signed nothing and did not say why"),
    };
    let remedy = match &attempt.setup.program_set {
        Some(name) => {
            format!("git config --global --unset {name}, should {program} not be what you want")
        }
        None => "echo test | gpg --clearsign shows all that gpg says".to_owned(),
    };
    Problem::new("program-failed", says, remedy)
}
