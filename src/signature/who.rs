//! Who a commit or tag says made it, and when, read from the bytes that were signed and split as
//! git splits them. Believes none of it.

/// A commit's or tag's own word on who and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Who {
    /// Addresses of author and committer, or of the tagger.
    pub(super) addresses: Vec<String>,
    /// The author as they are written, or the tagger.
    pub(super) author: String,
    /// When it was committed or tagged.
    pub(super) when: When,
    /// A tag: whatever follows its signature is covered by nothing.
    pub(super) tag: bool,
}

/// A date as git hands it to those who check signatures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum When {
    /// Seconds since the epoch.
    At(i64),
    /// Zero or not readable: git hands over none.
    Unset,
    /// Beyond what git can count; it gives up on such a commit.
    Beyond,
}

/// Reads them; `None` where git finds nobody who committed or tagged, and so looks at no
/// signature.
pub(super) fn who(payload: &[u8]) -> Option<Who> {
    let tag = payload.starts_with(b"object ");
    let role: &[u8] = if tag { b"tagger " } else { b"committer " };
    let signer = header(payload, role).filter(|line| !line.is_empty())?;
    let (address, when) = split(signer)?;
    let author = header(payload, b"author ").unwrap_or(signer);
    let written = split(author).map(|(address, _)| address);
    let mut addresses: Vec<String> = written.into_iter().chain([address]).collect();
    addresses.dedup();
    let end = author.iter().rposition(|byte| *byte == b'>').map_or(author.len(), |at| at + 1);
    let author = String::from_utf8_lossy(&author[..end]).into_owned();
    Some(Who { addresses, author, when, tag })
}

fn header<'a>(payload: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    let lines = payload.split(|byte| *byte == b'\n').take_while(|line| !line.is_empty());
    lines.into_iter().find_map(|line| line.strip_prefix(name))
}

/// The address between the first brackets, and the date behind the last.
fn split(line: &[u8]) -> Option<(String, When)> {
    let open = line.iter().position(|byte| *byte == b'<')? + 1;
    let close = open + line[open..].iter().position(|byte| *byte == b'>')?;
    let last = line.iter().rposition(|byte| *byte == b'>')? + 1;
    let address = String::from_utf8_lossy(&line[open..close]).into_owned();
    Some((address, date(&line[last..]).unwrap_or(When::Unset)))
}

/// Digits and a zone, or nothing.
fn date(text: &[u8]) -> Option<When> {
    let text = text.trim_ascii_start();
    let count = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (digits, zone) = text.split_at(count);
    let zone = zone.trim_ascii_start();
    if digits.is_empty() || !matches!(zone, [b'+' | b'-', b'0'..=b'9', ..]) {
        return None;
    }
    let digits = std::str::from_utf8(digits).ok()?;
    Some(match digits.parse::<i64>() {
        Ok(0) => When::Unset,
        Ok(time) => When::At(time),
        Err(_) => When::Beyond,
    })
}
