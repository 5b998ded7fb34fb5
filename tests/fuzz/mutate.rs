//! Makes signatures that nobody made: bytes of the packets changed under armour that is right, so
//! that the change is read at all, or the armour itself changed.

use onramp::signature::by_ssh;

use super::chance::Chance;
use super::corpus::Corpus;

/// A mutation of some signature of the corpus.
pub(super) fn some(chance: &mut Chance, corpus: &Corpus) -> Vec<u8> {
    let text = pick(chance, corpus).to_vec();
    if chance.once_in(3) {
        let mut text = text;
        for _ in 0..=chance.below(4) {
            let other = pick(chance, corpus);
            change(chance, &mut text, other);
        }
        return text;
    }
    let kind = if by_ssh(&text) { "SSH" } else { "PGP" };
    let Some(mut packets) = unarmoured(&text) else { return text };
    let other = unarmoured(pick(chance, corpus)).unwrap_or_default();
    for _ in 0..=chance.below(4) {
        change(chance, &mut packets, &other);
    }
    armoured(kind, &packets)
}

/// The payload, mostly as it was signed.
pub(super) fn payload(chance: &mut Chance, payload: &[u8]) -> Vec<u8> {
    let mut payload = payload.to_vec();
    if chance.once_in(6) {
        let at = chance.below(payload.len());
        payload[at] ^= 1 << chance.below(8);
    }
    payload
}

fn pick<'a>(chance: &mut Chance, corpus: &'a Corpus) -> &'a [u8] {
    let at = chance.below(corpus.signatures.len());
    corpus.signatures.values().nth(at).unwrap()
}

/// Numbers that mean something in a packet: lengths, versions, types, tags, algorithms.
const TELLING: [u8; 24] = [
    0, 1, 2, 3, 4, 5, 6, 8, 16, 17, 18, 19, 22, 27, 33, 0x40, 0x7f, 0x80, 0x88, 0xbf, 0xc0, 0xc2,
    0xe0, 0xff,
];

fn change(chance: &mut Chance, bytes: &mut Vec<u8>, other: &[u8]) {
    let at = chance.below(bytes.len());
    // What decides most stands at the beginning.
    let at = if chance.once_in(2) { at.min(chance.below(48)) } else { at };
    let length = 1 + chance.below(12);
    let end = (at + length).min(bytes.len());
    match chance.below(9) {
        _ if bytes.is_empty() => bytes.push(chance.byte()),
        0 => bytes[at] ^= 1 << chance.below(8),
        1 => bytes[at] = TELLING[chance.below(TELLING.len())],
        2 => bytes[at] = chance.byte(),
        3 => bytes[at] = bytes[at].wrapping_add(if chance.once_in(2) { 1 } else { 255 }),
        4 => drop(bytes.drain(at..end)),
        5 => drop(bytes.splice(at..at, bytes[at..end].to_vec())),
        6 => drop(bytes.splice(at..at, (0..length).map(|_| chance.byte()))),
        7 => bytes.extend_from_slice(other),
        _ => {
            let from = chance.below(other.len());
            let taken = other[from..(from + 2 * length).min(other.len())].to_vec();
            bytes.splice(at..end, taken);
        }
    }
    bytes.truncate(96 * 1024);
}

/// The bytes of the first block; none for text that holds none.
fn unarmoured(text: &[u8]) -> Option<Vec<u8>> {
    let end = if by_ssh(text) { "\n" } else { "\n\n" };
    let body = std::str::from_utf8(text).ok()?.split_once(end)?.1;
    let digits: String =
        body.lines().take_while(|line| !line.starts_with(['=', '-'])).collect::<Vec<_>>().concat();
    let mut bits = 0_u32;
    let (mut count, mut bytes) = (0, Vec::new());
    for digit in digits.bytes().filter(|digit| *digit != b'=') {
        let value = ALPHABET.iter().position(|known| *known == digit)?;
        bits = (bits << 6) | u32::try_from(value).ok()?;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from((bits >> count) & 0xff).ok()?);
        }
    }
    Some(bytes)
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Armour, OpenPGP's with a checksum that is right.
fn armoured(kind: &str, bytes: &[u8]) -> Vec<u8> {
    let checksum = crc24(bytes).to_be_bytes();
    let blank = if kind == "PGP" { "\n" } else { "" };
    let mut text = format!("-----BEGIN {kind} SIGNATURE-----\n{blank}");
    let digits = base64(bytes);
    for line in digits.as_bytes().chunks(64) {
        text.push_str(std::str::from_utf8(line).unwrap());
        text.push('\n');
    }
    if kind == "PGP" {
        text.push_str(&format!("={}\n", base64(&checksum[1..])));
    }
    text.push_str(&format!("-----END {kind} SIGNATURE-----\n"));
    text.into_bytes()
}

fn base64(bytes: &[u8]) -> String {
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let number = (0..3).fold(0_usize, |sum, at| {
            (sum << 8) | usize::from(three.get(at).copied().unwrap_or_default())
        });
        for at in 0..4 {
            let digit = char::from(ALPHABET[(number >> (18 - 6 * at)) & 63]);
            text.push(if at <= three.len() { digit } else { '=' });
        }
    }
    text
}

fn crc24(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x00B7_04CE, |crc, byte| {
        let crc = crc ^ (u32::from(*byte) << 16);
        (0..8).fold(crc, |crc, _| {
            let crc = crc << 1;
            if crc & 0x0100_0000 == 0 { crc } else { crc ^ 0x0186_4CFB }
        })
    })
}
