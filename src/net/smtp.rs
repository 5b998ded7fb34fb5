//! Asks a mail server how it takes mail: greeting, what it offers, encryption. Sends EHLO,
//! STARTTLS and QUIT and nothing of the user's: no name, no login, no mail.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::Instant;

use super::connect::left;
use super::tls::{self, Handshake};

/// Longest answer read.
const ANSWER_LIMIT: usize = 64 * 1024;

/// How a connection to a mail server is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encryption {
    /// Asked for in plain text first: STARTTLS.
    Asked,
    /// From the first byte on.
    FromTheStart,
}

/// What a mail server showed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shown {
    /// Whether it offers encryption; none where it was not asked or gave no answer.
    pub offers_encryption: Option<bool>,
    /// The handshake, where it came to one.
    pub handshake: Option<Handshake>,
    /// Why it did not, a fragment.
    pub problem: Option<String>,
}

/// Talks to the mail server at the other end.
pub(super) fn talk(stream: TcpStream, host: &str, encryption: Encryption, until: Instant) -> Shown {
    let mut shown = Shown::default();
    let ready = match encryption {
        Encryption::FromTheStart => Ok(stream),
        Encryption::Asked => ask(stream, until, &mut shown),
    };
    match ready.and_then(|stream| tls::shake_hands(stream, host, until)) {
        Ok(handshake) => shown.handshake = Some(handshake),
        Err(problem) => shown.problem = Some(problem),
    }
    shown
}

/// Leads the conversation up to the point where encryption begins.
fn ask(mut stream: TcpStream, until: Instant, shown: &mut Shown) -> Result<TcpStream, String> {
    expect(&mut stream, "the connection", 220, until)?;
    say(&mut stream, "EHLO [127.0.0.1]", until)?;
    let offers = expect(&mut stream, "EHLO", 250, until)?;
    let named =
        |line: &str| line.get(4..).is_some_and(|it| it.trim().eq_ignore_ascii_case("STARTTLS"));
    let offered = offers.lines().any(named);
    shown.offers_encryption = Some(offered);
    if !offered {
        // Politeness; what it answers no longer matters.
        let _ = say(&mut stream, "QUIT", until);
        return Err("it offers no STARTTLS".to_owned());
    }
    say(&mut stream, "STARTTLS", until)?;
    expect(&mut stream, "STARTTLS", 220, until)?;
    Ok(stream)
}

fn say(stream: &mut TcpStream, line: &str, until: Instant) -> Result<(), String> {
    let written = stream
        .set_write_timeout(Some(left(until)))
        .and_then(|()| stream.write_all(format!("{line}\r\n").as_bytes()));
    written.map_err(|error| format!("it hung up before {line}: {error}"))
}

/// Reads one answer, which may have several lines, and holds its code against the one wanted.
fn expect(stream: &mut TcpStream, to: &str, wanted: u16, until: Instant) -> Result<String, String> {
    let mut answer = Vec::new();
    let mut byte = [0u8; 1];
    // Byte by byte, so that nothing of the encrypted part is swallowed.
    while !is_whole(&answer) {
        if Instant::now() >= until || answer.len() >= ANSWER_LIMIT {
            return Err(format!("{to} was not answered in time"));
        }
        let read = stream.set_read_timeout(Some(left(until))).and_then(|()| stream.read(&mut byte));
        match read {
            Ok(0) => return Err(format!("it hung up instead of answering ({to})")),
            Ok(_) => answer.push(byte[0]),
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                return Err(format!("{to} was not answered in time"));
            }
            Err(error) => return Err(format!("the connection broke ({to}): {error}")),
        }
    }
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let last = answer.trim_end().lines().last().unwrap_or("");
    let code = last.get(..3).and_then(|digits| digits.parse::<u16>().ok());
    match code {
        Some(code) if code == wanted => Ok(answer),
        Some(_) => Err(format!("it answered {to} with: {last}")),
        None => Err(format!("its answer to {to} is no SMTP")),
    }
}

/// Whether the last line is there: its code is followed by a blank or by nothing.
fn is_whole(answer: &[u8]) -> bool {
    let Some(text) = answer.strip_suffix(b"\n") else { return false };
    let last = text.rsplit(|byte| *byte == b'\n').next().unwrap_or(text);
    last.get(3) != Some(&b'-')
}
