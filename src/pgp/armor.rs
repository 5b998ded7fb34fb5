//! Takes ASCII armour off signatures exactly as gpg does, because git takes gpg's word for what an
//! object's signature says: all blocks are joined, junk is skipped, a wrong checksum ends it. What
//! gpg puts up with although nobody writes it is noted, so that no verdict rests on it. Pure.

/// Longest signature looked at. An Ed25519 one takes 230 bytes, an RSA-4096 one 850.
const LIMIT: usize = 64 * 1024;
/// Kinds of blocks that gpg opens.
const KINDS: [&[u8]; 6] = [
    b"PGP MESSAGE",
    b"PGP PUBLIC KEY BLOCK",
    b"PGP SIGNATURE",
    b"PGP ARMORED FILE",
    b"PGP PRIVATE KEY BLOCK",
    b"PGP SECRET KEY BLOCK",
];
const CLEAR_SIGNED: &[u8] = b"PGP SIGNED MESSAGE";
const SEVERAL_BLOCKS: &str = "it consists of several blocks";

/// What lay in the armour.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Stripped {
    /// The bytes of all blocks.
    pub(super) bytes: Vec<u8>,
    /// Where the bytes of a line END begin that gpg read as data, for want of a checksum.
    pub(super) end: Option<usize>,
    /// What nobody writes and gpg puts up with, a fragment.
    pub(super) odd: Option<&'static str>,
    /// There is text behind the last block.
    pub(super) trailing: bool,
}

/// The bytes in the armoured blocks.
///
/// # Errors
/// A fragment that says why gpg reads nothing here.
pub(super) fn strip(text: &[u8]) -> Result<Stripped, &'static str> {
    if text.len() > LIMIT {
        return Err("the signature is longer than any that is made");
    }
    strip_any(text)
}

/// Like [`strip`], however long it is.
pub(super) fn strip_any(text: &[u8]) -> Result<Stripped, &'static str> {
    let (mut input, mut found, mut blocks) = (Input(text), Stripped::default(), 0);
    found.bytes.reserve_exact(text.len() / 4 * 3);
    while let Some(kind) = input.begin(&mut found, blocks) {
        if kind == CLEAR_SIGNED {
            found.odd = Some("a clear-signed text follows the signature");
            break;
        }
        input.headers(&mut found);
        let start = found.bytes.len();
        let padded = input.data(&mut found);
        if padded && !input.checksum_holds(&found.bytes[start..]) {
            // A later block that is damaged ends reading; what came before it counts.
            found.bytes.truncate(start);
            found.odd = Some("a damaged block follows the signature");
            return if blocks == 0 { Err("its checksum is wrong") } else { Ok(found) };
        }
        input.rest_of_end(&mut found);
        blocks += 1;
    }
    match blocks {
        0 => Err("it holds no armoured block"),
        1 => Ok(found),
        _ => Ok(Stripped { odd: Some(SEVERAL_BLOCKS), ..found }),
    }
}

impl Stripped {
    /// Outside of a block gpg takes a line that begins like a packet for packets without armour,
    /// and all that follows with it.
    fn note_packet(&mut self, line: &[u8]) {
        if line.first().is_some_and(|byte| byte & 0x80 != 0) {
            self.odd = Some("bytes that are no text stand beside its armour");
        }
    }
}

struct Input<'a>(&'a [u8]);

impl<'a> Input<'a> {
    /// One line with its line feed.
    fn line(&mut self) -> Option<&'a [u8]> {
        let end = memchr::memchr(b'\n', self.0).map_or(self.0.len(), |end| end + 1);
        let (line, rest) = self.0.split_at(end);
        self.0 = rest;
        (!line.is_empty()).then_some(line)
    }

    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    /// The kind of the next block.
    fn begin(&mut self, found: &mut Stripped, blocks: usize) -> Option<&'a [u8]> {
        while let Some(line) = self.line() {
            found.note_packet(line);
            let line = line.trim_ascii_end();
            let kind =
                line.strip_prefix(b"-----BEGIN ").and_then(|line| line.strip_suffix(b"-----"));
            if let Some(kind) = kind.filter(|kind| *kind == CLEAR_SIGNED || KINDS.contains(kind)) {
                return Some(kind);
            }
            // gpg takes some of these for a beginning, such as one that ends with a NUL.
            if line.starts_with(b"-----BEGIN ") {
                found.odd = Some("a line BEGIN of its armour is not as it should be");
            }
            found.trailing |= blocks > 0 && !line.is_empty();
        }
        None
    }

    /// Armour headers end with a blank line. The first line that is none is data already.
    fn headers(&mut self, found: &mut Stripped) {
        loop {
            let before = self.0;
            let Some(line) = self.line() else { return };
            if line.iter().all(u8::is_ascii_whitespace) {
                return;
            }
            let colon = memchr::memchr(b':', line);
            let after = colon.and_then(|colon| line.get(colon + 1));
            if !matches!(after, Some(b' ' | b'\n' | b'\r')) {
                found.odd = Some("its armour lacks the blank line");
                self.0 = before;
                return;
            }
        }
    }

    /// Reads data up to a `=`, or to the end where there is none.
    fn data(&mut self, found: &mut Stripped) -> bool {
        let (mut pending, mut bits) = (0u32, 0u32);
        loop {
            if bits == 0 {
                self.whole_groups(&mut found.bytes);
            }
            let next = self.byte();
            if bits == 6 && matches!(next, None | Some(b'=')) {
                // gpg makes a byte of a last digit that stands alone.
                found.odd = Some("its armour ends in the middle of a byte");
                found.bytes.push(low_byte(pending << 2));
            }
            let Some(byte) = next.filter(|byte| *byte != b'=') else { return next.is_some() };
            let Some(digit) = value(byte) else {
                match byte {
                    b'-' if found.end.is_none() => {
                        found.end = Some(found.bytes.len());
                        self.behind_end(found);
                    }
                    b' ' | b'\t' | b'\r' | b'\n' => {}
                    _ if found.end.is_some() => {}
                    _ => found.odd = Some("its armour holds characters that do not belong there"),
                }
                continue;
            };
            pending = (pending << 6) | digit;
            bits += 6;
            if bits >= 8 {
                bits -= 8;
                found.bytes.push(low_byte(pending >> bits));
                pending &= (1 << bits) - 1;
            }
        }
    }

    /// Reads groups of four digits, of which data consists but for its edges: byte by byte it would
    /// cost more than everything else about a signature that is known already.
    fn whole_groups(&mut self, into: &mut Vec<u8>) {
        while let Some((group, rest)) = self.0.split_first_chunk::<4>() {
            let [a, b, c, d] = group.map(|digit| DIGITS[usize::from(digit)]);
            if (a | b | c | d) & NO_DIGIT != 0 {
                return;
            }
            let bits = u32::from(a) << 18 | u32::from(b) << 12 | u32::from(c) << 6 | u32::from(d);
            into.extend_from_slice(&bits.to_be_bytes()[1..]);
            self.0 = rest;
        }
    }

    /// Without a checksum gpg swallows the line END and whatever follows it.
    fn behind_end(&self, found: &mut Stripped) {
        let end = memchr::memchr(b'\n', self.0).unwrap_or(self.0.len());
        let behind = self.0[end..].trim_ascii();
        found.trailing |= !behind.is_empty();
        if memchr::memmem::find(behind, b"-----BEGIN PGP").is_some() {
            found.odd = Some(SEVERAL_BLOCKS);
        }
    }

    /// Reads the checksum behind a `=`; one that is missing counts as right.
    fn checksum_holds(&mut self, data: &[u8]) -> bool {
        while let [b'\n' | b' ' | b'\r' | b'\t' | b'=', rest @ ..] = self.0 {
            self.0 = rest;
        }
        let (mut sum, mut digits) = (0u32, 0);
        while digits < 4 {
            let Some(digit) = self.byte().and_then(value) else { break };
            sum = (sum << 6) | digit;
            digits += 1;
        }
        digits == 0 || (digits == 4 && sum == crc24(data))
    }

    /// gpg compares nothing of the line that ends a block.
    fn rest_of_end(&mut self, found: &mut Stripped) {
        let Some(mut line) = self.line() else { return };
        if line.trim_ascii().is_empty() {
            line = self.line().unwrap_or_default();
        }
        found.note_packet(line);
        let line = line.trim_ascii();
        // The first dash went with the search for a checksum.
        let ends = without_dashes(line).starts_with(b"END PGP ");
        found.trailing |= !ends && !line.is_empty();
    }
}

fn without_dashes(line: &[u8]) -> &[u8] {
    let start = line.iter().position(|byte| *byte != b'-').unwrap_or(line.len());
    &line[start..]
}

fn low_byte(number: u32) -> u8 {
    number.to_le_bytes()[0]
}

fn value(digit: u8) -> Option<u32> {
    let value = DIGITS[usize::from(digit)];
    (value & NO_DIGIT == 0).then_some(u32::from(value))
}

/// Marks what is no digit.
const NO_DIGIT: u8 = 0x80;

const DIGITS: [u8; 256] = {
    let digits = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut table = [NO_DIGIT; 256];
    let mut value = 0;
    while value < 64 {
        table[digits[value as usize] as usize] = value;
        value += 1;
    }
    table
};

/// The checksum of RFC 4880, section 6.1.
fn crc24(data: &[u8]) -> u32 {
    data.iter().fold(0x00b7_04ce, |sum, byte| {
        (sum << 8 & 0x00ff_ffff) ^ CRC[usize::from(low_byte(sum >> 16) ^ byte)]
    })
}

const CRC: [u32; 256] = {
    let mut table = [0u32; 256];
    let mut first = 0;
    while first < 256 {
        let mut sum = (first as u32) << 16;
        let mut bit = 0;
        while bit < 8 {
            sum <<= 1;
            if sum & 0x0100_0000 != 0 {
                sum ^= 0x0186_4cfb;
            }
            bit += 1;
        }
        table[first] = sum & 0x00ff_ffff;
        first += 1;
    }
    table
};
