//! What can be chosen for a new key: by options, or in answer to questions that explain each
//! choice. Makes nothing.

use crate::cli::Session;
use crate::cli::trouble::Trouble;
use crate::fix::Wish;
use crate::fix::key::{self, Algorithm, Expiry};
use crate::text::{Line, Tone, clean_line};

/// What is proposed.
const TWO_YEARS: &str = "2y";

/// A new key.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct KeyChoices {
    /// Kind of a new key: ed25519 or rsa4096
    #[arg(long, value_name = "KIND", value_parser = algorithm)]
    pub algorithm: Option<Algorithm>,
    /// When a new key ends: 2y, 18m, 90d, a day such as 2028-12-31, or never
    #[arg(long, value_name = "TIME")]
    pub expires: Option<String>,
    /// Read the passphrase of a new key from this open file; without it, gpg asks
    ///
    /// Its first line is the passphrase, the newline at its end no part of it. onramp hands it to
    /// gpg through a pipe: it shows in no command line, environment, log or file.
    #[arg(long, value_name = "N", conflicts_with = "no_passphrase")]
    pub passphrase_fd: Option<u32>,
    /// Keep a new key without a passphrase: whoever gets at its file can sign as you
    #[arg(long)]
    pub no_passphrase: bool,
}

fn algorithm(text: &str) -> Result<Algorithm, String> {
    let names = Algorithm::ALL.map(Algorithm::name).join(" or ");
    Algorithm::of(text).ok_or_else(|| format!("it is {names}"))
}

impl KeyChoices {
    /// The expiry that was given.
    ///
    /// # Errors
    /// One that is none, or is over.
    pub(in crate::cli) fn expiry(&self, now: i64) -> Result<Option<Expiry>, Trouble> {
        let read = |text: &String| {
            key::expiry(text, now).map_err(|why| {
                Trouble::usage(format!("--expires {}: {why}", clean_line(text)))
                    .remedy("two years are usual: --expires 2y; it can be prolonged at any time")
            })
        };
        self.expires.as_ref().map(read).transpose()
    }

    /// What the options say, held against the clock.
    ///
    /// # Errors
    /// An expiry that is none.
    pub(in crate::cli) fn wish(&self, now: i64) -> Result<Wish, Trouble> {
        let algorithm = self.algorithm.map(|algorithm| algorithm.name().to_owned());
        let expires = self.expiry(now)?.map(|expiry| expiry.gpg);
        Ok(Wish { algorithm, expires, another: false })
    }
}

/// Asks for whatever is left open.
///
/// # Errors
/// No answer any more.
pub(in crate::cli) fn complete(session: &Session<'_>, wish: &mut Wish) -> Result<(), Trouble> {
    if wish.algorithm.is_none() {
        wish.algorithm = Some(ask_algorithm(session)?.name().to_owned());
    }
    if wish.expires.is_none() {
        wish.expires = Some(ask_expiry(session)?.gpg);
    }
    Ok(())
}

/// Which kind of key.
fn ask_algorithm(session: &Session<'_>) -> Result<Algorithm, Trouble> {
    session.terminal.complain(Line::toned(Tone::Strong, "Which kind of key?"));
    for (number, algorithm) in (1..).zip(Algorithm::ALL) {
        let text = format!("  {number}  {:<9} {}", algorithm.title(), algorithm.reason());
        session.terminal.complain(Line::plain(text));
    }
    asked(session, "1 or 2 (1) ", |answer| match answer {
        "" | "1" => Ok(Algorithm::Ed25519),
        "2" => Ok(Algorithm::Rsa4096),
        other => Algorithm::of(other).ok_or_else(|| "it is 1 or 2".to_owned()),
    })
}

/// Until when.
fn ask_expiry(session: &Session<'_>) -> Result<Expiry, Trouble> {
    session.terminal.complain(Line::toned(Tone::Strong, "How long is it to last?"));
    session.terminal.complain(Line::plain(
        "  a key that is lost ends by itself; one in use can be prolonged at any time",
    ));
    let now = session.bench.now();
    asked(session, "2y, 18m, 90d, 2028-12-31 or never (2y) ", |answer| {
        key::expiry(if answer.is_empty() { TWO_YEARS } else { answer }, now)
    })
}

/// Asks until the answer is one.
///
/// # Errors
/// No answer any more.
pub(in crate::cli) fn asked<T>(
    session: &Session<'_>,
    question: &str,
    read: impl Fn(&str) -> Result<T, String>,
) -> Result<T, Trouble> {
    loop {
        let answer = session.terminal.ask(&Line::plain(question)).ok_or_else(|| {
            Trouble::usage("there was no answer, so nothing was done")
                .remedy("run it again; `--help` names an option for every question")
        })?;
        match read(&answer) {
            Ok(answer) => return Ok(answer),
            Err(why) => session.terminal.complain(Line::plain(format!("  {why}"))),
        }
    }
}
