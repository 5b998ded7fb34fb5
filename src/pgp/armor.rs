//! Takes ASCII armour off a signature (RFC 9580, section 6). Pure, bounded, forgiving of the
//! checksum: what a signature is worth is settled elsewhere.

/// Longest signature looked at. An Ed25519 one takes 230 bytes, an RSA-4096 one 850.
const LIMIT: usize = 64 * 1024;

/// The bytes in the first armoured block; `None` where there is no whole one.
pub(super) fn strip(text: &[u8]) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(text.get(..text.len().min(LIMIT))?).ok()?;
    let mut lines = text.lines().map(str::trim_end);
    lines.find(|line| line.starts_with("-----BEGIN PGP "))?;
    // Armour headers such as `Version: …` end with a blank line.
    lines.find(|line| line.is_empty())?;
    let mut digits = String::new();
    for line in lines {
        if line.starts_with("-----END PGP ") {
            return decode(&digits);
        }
        // A line that begins with `=` is the checksum.
        if !line.starts_with('=') {
            digits.push_str(line);
        }
    }
    None
}

fn decode(digits: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(digits.len() / 4 * 3);
    let (mut pending, mut bits) = (0u32, 0u32);
    for digit in digits.trim_end_matches('=').bytes() {
        pending = (pending << 6) | u32::from(value(digit)?);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from((pending >> bits) & 0xff).ok()?);
            pending &= (1 << bits) - 1;
        }
    }
    Some(bytes)
}

fn value(digit: u8) -> Option<u8> {
    Some(match digit {
        b'A'..=b'Z' => digit - b'A',
        b'a'..=b'z' => digit - b'a' + 26,
        b'0'..=b'9' => digit - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    })
}
