//! Trailers: the lines at the end of a message that credit people, such as `Co-authored-by`. Reads
//! them as git does; who deserves credit is nobody's business here.

use schemars::JsonSchema;
use serde::Serialize;

/// A trailer at the end of a message, such as `Signed-off-by`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Trailer {
    /// Before the colon.
    pub key: String,
    /// The same in lower case.
    pub word: String,
    /// After it.
    pub value: String,
    /// The e-mail address in it, where it reads `Name <address>`.
    pub address: Option<String>,
}

/// The trailers of a message.
pub(super) fn of(message: &[u8]) -> Vec<Trailer> {
    // libgit2 takes a line of dashes for the end of a message; git does so only for mails.
    let end = [b"title\n\n", last_paragraph(message)].concat();
    // A message with a NUL has no trailers that git would see.
    git2::message_trailers_bytes(end).map_or_else(
        |_| Vec::new(),
        |found| found.iter().map(|(key, value)| trailer(key, value)).collect(),
    )
}

/// The last paragraph; nothing where the title is all there is.
fn last_paragraph(message: &[u8]) -> &[u8] {
    let message = message.trim_ascii_end();
    let (mut start, mut at) = (message.len(), 0);
    for line in message.split_inclusive(|byte| *byte == b'\n') {
        at += line.len();
        if line.trim_ascii().is_empty() {
            start = at;
        }
    }
    &message[start..]
}

fn trailer(key: &[u8], value: &[u8]) -> Trailer {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (key, value) = (text(key), text(value));
    Trailer { word: key.to_lowercase(), address: address(&value), key, value }
}

/// The address of `Name <address>`; none without a name or of what is no address.
fn address(value: &str) -> Option<String> {
    let (name, rest) = value.trim().strip_suffix('>')?.split_once('<')?;
    let (user, host) = rest.split_once('@')?;
    let whole = |part: &str| !part.is_empty() && !part.contains([' ', '<', '>', '@']);
    (!name.trim().is_empty() && whole(user) && whole(host)).then(|| rest.to_owned())
}

/// Lines that name a co-author above the last paragraph, and only there. Where the hosting site
/// has squashed commits, their messages stand above its line of dashes and are no mistake.
pub(super) fn lost(message: &[u8], trailers: &[Trailer]) -> Vec<String> {
    const SIGN: &str = "co-authored-by:";
    const SQUASHED: &str = "---------";
    let text = String::from_utf8_lossy(message);
    if text.lines().any(|line| line == SQUASHED) {
        return Vec::new();
    }
    let value = |line: &str| {
        let after = line.get(..SIGN.len()).filter(|word| word.eq_ignore_ascii_case(SIGN))?;
        Some(line[after.len()..].trim().to_owned())
    };
    let end = String::from_utf8_lossy(last_paragraph(message)).into_owned();
    let named = |value: &str| {
        end.contains(value) || trailers.iter().any(|trailer| trailer.value.trim() == value)
    };
    let lines = text.lines().map(str::trim);
    let lost = lines.filter(|line| value(line).is_some_and(|value| !named(&value)));
    lost.map(ToOwned::to_owned).collect()
}
