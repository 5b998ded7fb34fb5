//! Base64 as OpenSSH reads it: white space anywhere, padding required, no stray bits.

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The bytes; `None` where ssh-keygen would refuse the text.
#[must_use]
pub fn decode(text: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut held, mut count, mut padding) = (0_u32, 0_usize, 0_usize);
    for letter in text.iter().filter(|letter| !is_space(**letter)) {
        if *letter == b'=' {
            padding += 1;
            continue;
        }
        if padding > 0 {
            return None;
        }
        held = held << 6 | u32::from(value(*letter)?);
        count += 1;
        if count == 4 {
            bytes.extend(&held.to_be_bytes()[1..]);
            (held, count) = (0, 0);
        }
    }
    let rest = match (count, padding) {
        (0, 0) => return Some(bytes),
        (2, 2) if held & 0xf == 0 => (held << 12).to_be_bytes(),
        (3, 1) if held & 0x3 == 0 => (held << 6).to_be_bytes(),
        _ => return None,
    };
    bytes.extend(&rest[1..count]);
    Some(bytes)
}

/// The text, without padding.
#[must_use]
pub fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let bits = chunk.iter().fold(0_u32, |sum, byte| sum << 8 | u32::from(*byte));
        let bits = bits << (8 * (3 - chunk.len()));
        for place in 0..=chunk.len() {
            text.push(char::from(DIGITS[(bits >> (18 - 6 * place) & 63) as usize]));
        }
    }
    text
}

/// What C calls white space.
fn is_space(letter: u8) -> bool {
    matches!(letter, b' ' | b'\t'..=b'\r')
}

fn value(letter: u8) -> Option<u8> {
    Some(match letter {
        b'A'..=b'Z' => letter - b'A',
        b'a'..=b'z' => letter - b'a' + 26,
        b'0'..=b'9' => letter - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    })
}
