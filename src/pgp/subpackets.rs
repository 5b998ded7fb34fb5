//! Reads the two areas of a signature that carry its details: one that the signature covers, and
//! one that anybody may have changed since. Which of them counts for what is gpg's rule. Pure.

use super::packet::Input;

/// Longest area that gpg reads.
pub(super) const LONGEST: usize = 10_000;

const CREATED: u8 = 2;
const LIFETIME: u8 = 3;
const KEY_ID: u8 = 16;
const NOTATION: u8 = 20;
const REASON: u8 = 29;
const EMBEDDED: u8 = 32;
const FINGERPRINT: u8 = 33;
const KEY_BLOCK: u8 = 38;
/// Kinds that gpg understands where one is marked as critical.
const UNDERSTOOD: [u8; 20] =
    [2, 3, 4, 5, 6, 7, 9, 11, 12, 16, 21, 22, 24, 25, 26, 27, 29, 30, 32, FINGERPRINT];
const KNOWN_NOTATION: &[u8] = b"preferred-email-encoding@pgp.com";

/// What the areas say.
#[derive(Debug, Default)]
pub(super) struct Areas<'a> {
    pub(super) created: u32,
    pub(super) lifetime: u32,
    pub(super) fingerprint: Option<&'a [u8]>,
    pub(super) key_id: [u8; 8],
    pub(super) critical: bool,
    pub(super) embedded: Option<&'a [u8]>,
    pub(super) reason: Option<&'a [u8]>,
}

/// Reads both areas. An area that cannot be walked counts as demanding something unknown.
pub(super) fn read<'a>(hashed: &'a [u8], unhashed: &'a [u8]) -> Areas<'a> {
    let (covered, first) = walk(hashed);
    let (loose, second) = walk(unhashed);
    let kind = |area: &[(u8, &'a [u8])], kind: u8| {
        area.iter().find(|(other, _)| *other & 0x7f == kind).map(|(_, data)| *data)
    };
    let key_id = kind(&covered, KEY_ID).or_else(|| kind(&loose, KEY_ID));
    let fingerprint = kind(&covered, FINGERPRINT).filter(|data| data.len() == 21 && data[0] == 4);
    Areas {
        created: seconds(kind(&covered, CREATED)),
        lifetime: seconds(kind(&covered, LIFETIME)),
        fingerprint: fingerprint.map(|data| &data[1..]),
        key_id: key_id.and_then(|id| id.first_chunk().copied()).unwrap_or_default(),
        critical: first || second || covered.iter().chain(&loose).any(|one| demands(*one)),
        embedded: kind(&covered, EMBEDDED).or_else(|| kind(&loose, EMBEDDED)),
        reason: kind(&covered, REASON),
    }
}

/// Every subpacket with its kind, and whether the area ends before its time.
fn walk(area: &[u8]) -> (Vec<(u8, &[u8])>, bool) {
    let (mut input, mut found) = (Input(area), Vec::new());
    while !input.0.is_empty() {
        match subpacket(&mut input) {
            Some(one) => found.push(one),
            None => return (found, true),
        }
    }
    (found, false)
}

fn subpacket<'a>(input: &mut Input<'a>) -> Option<(u8, &'a [u8])> {
    let length = match input.byte()? {
        first @ 0..=191 => usize::from(first),
        255 => input.number(4)?,
        first => (usize::from(first) - 192) * 256 + input.number(1)? + 192,
    };
    let (kind, data) = input.take(length)?.split_first()?;
    Some((*kind, data))
}

fn demands((kind, data): (u8, &[u8])) -> bool {
    let understood = match kind & 0x7f {
        KEY_BLOCK => data.first() == Some(&0),
        NOTATION => notation(data) == Some(KNOWN_NOTATION),
        kind => UNDERSTOOD.contains(&kind),
    };
    kind & 0x80 != 0 && !understood
}

fn notation(data: &[u8]) -> Option<&[u8]> {
    let length = Input(data.get(4..)?).number(2)?;
    data.get(8..)?.get(..length)
}

fn seconds(data: Option<&[u8]>) -> u32 {
    data.and_then(|data| data.first_chunk().copied()).map_or(0, u32::from_be_bytes)
}
