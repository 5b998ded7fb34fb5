//! Signatures that stand in a file of their own, as releases have them: finds each in the file, or
//! says what the file holds instead. Pure.

/// What a file is that holds no detached signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Other {
    /// Text with a signature around it.
    ClearSigned,
    /// A message with its content inside.
    Message,
    /// Public keys.
    Keys,
    /// A private key.
    Secret,
    /// A checksum.
    Checksum,
    /// Nothing at all.
    Empty,
    /// Anything else.
    Unknown,
}

const BEGIN: &[u8] = b"-----BEGIN ";
const PGP: &[u8] = b"-----BEGIN PGP SIGNATURE-----";
const SSH: &[u8] = b"-----BEGIN SSH SIGNATURE-----";
const X509: &[u8] = b"-----BEGIN SIGNED MESSAGE-----";

/// The signatures in a file, each as a commit would carry it.
///
/// # Errors
/// What it holds instead.
pub fn signatures(content: &[u8]) -> Result<Vec<Vec<u8>>, Other> {
    let blocks = blocks(content);
    if blocks.is_empty() {
        return if is_packet(content) { Ok(vec![armor(content)]) } else { Err(bare(content)) };
    }
    if let Some(other) = blocks.iter().find_map(|block| other(block)) {
        return Err(other);
    }
    let known = |block: &&&[u8]| [PGP, SSH, X509].iter().any(|mark| block.starts_with(mark));
    let found: Vec<_> = blocks.iter().filter(known).map(|block| block.to_vec()).collect();
    if found.is_empty() { Err(Other::Unknown) } else { Ok(found) }
}

/// The file cut before each line that begins something.
fn blocks(content: &[u8]) -> Vec<&[u8]> {
    let mut starts = Vec::new();
    let mut at = 0;
    for line in content.split_inclusive(|byte| *byte == b'\n') {
        if line.starts_with(BEGIN) {
            starts.push(at);
        }
        at += line.len();
    }
    let ends = starts.iter().skip(1).chain(std::iter::once(&at));
    starts.iter().zip(ends).map(|(from, to)| &content[*from..*to]).collect()
}

fn other(block: &[u8]) -> Option<Other> {
    let begins = |mark: &str| block.starts_with(mark.as_bytes());
    if begins("-----BEGIN PGP SIGNED MESSAGE-----") {
        Some(Other::ClearSigned)
    } else if begins("-----BEGIN PGP MESSAGE-----") {
        Some(Other::Message)
    } else if begins("-----BEGIN PGP PUBLIC KEY BLOCK-----") {
        Some(Other::Keys)
    } else if block.windows(12).take(64).any(|part| part == b" PRIVATE KEY") {
        Some(Other::Secret)
    } else {
        None
    }
}

/// Whether it begins like an OpenPGP packet that holds a signature.
fn is_packet(content: &[u8]) -> bool {
    matches!(content, [0x88 | 0x89 | 0x8a | 0xc2, ..])
}

/// What a file without any block is.
fn bare(content: &[u8]) -> Other {
    let first = content.split(|byte| byte.is_ascii_whitespace()).find(|word| !word.is_empty());
    match first {
        None => Other::Empty,
        Some(word) if word.len() >= 32 && word.iter().all(u8::is_ascii_hexdigit) => Other::Checksum,
        Some(_) if matches!(content[0], 0x99 | 0x98 | 0xc6) => Other::Keys,
        Some(_) => Other::Unknown,
    }
}

/// Puts armour around a signature packet.
fn armor(packet: &[u8]) -> Vec<u8> {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = [PGP, b"\n\n"].concat();
    for (number, chunk) in packet.chunks(3).enumerate() {
        if number > 0 && number % 16 == 0 {
            text.push(b'\n');
        }
        let bits =
            [16, 8, 0].iter().zip(chunk).fold(0, |bits, (by, byte)| bits | u32::from(*byte) << by);
        for place in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * place) & 63) as usize];
            text.push(if place <= chunk.len() { digit } else { b'=' });
        }
    }
    text.extend_from_slice(b"\n-----END PGP SIGNATURE-----\n");
    text
}
