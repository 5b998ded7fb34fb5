//! Which bytes of a commit or tag its signature covers, exactly as git tells them apart. Never
//! judges a signature.

use schemars::JsonSchema;
use serde::Serialize;

/// What kind of signature a commit carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum SignatureKind {
    /// OpenPGP.
    Openpgp,
    /// An SSH key.
    Ssh,
    /// X.509, as gpgsm makes it.
    X509,
    /// Something else, or more than one.
    Other,
    /// None.
    None,
}

/// What a signature covers, and the signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedObject {
    /// Full id of the commit or tag.
    pub commit: String,
    /// The bytes that were signed: the object without its signature.
    pub payload: Vec<u8>,
    /// The signature as it stands in the object, line breaks restored; none where unsigned.
    pub signature: Option<Vec<u8>>,
    /// The kind of it.
    pub kind: SignatureKind,
    /// What of the object no signature covers, whatever git says of it.
    pub uncovered: Option<Uncovered>,
}

/// Bytes that anybody could have added without breaking the signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Uncovered {
    /// A header that begins with `gpgsig` and is no signature to git.
    Header,
    /// Text behind the signature's last line.
    Behind,
}

/// A first line that git takes for the beginning of a signature.
const BEGINNINGS: [(&[u8], SignatureKind); 4] = [
    (b"-----BEGIN PGP SIGNATURE-----", SignatureKind::Openpgp),
    (b"-----BEGIN PGP MESSAGE-----", SignatureKind::Openpgp),
    (b"-----BEGIN SIGNED MESSAGE-----", SignatureKind::X509),
    (b"-----BEGIN SSH SIGNATURE-----", SignatureKind::Ssh),
];

/// Parts a raw commit into what was signed and the signature, as git does: the signature's header
/// lines are taken out, their leading blanks too, and nothing else is changed. The values of
/// several such headers are joined; headers that merely begin with `gpgsig` belong to neither.
#[must_use]
pub fn split(commit: String, raw: &[u8]) -> SignedObject {
    let Parts { payload, signature, found, other } = parts(raw);
    let kind = match found {
        0 => SignatureKind::None,
        1 => kind(&signature),
        _ => SignatureKind::Other,
    };
    let behind = found > 0 && ends_early(&signature);
    let uncovered = match (behind, other) {
        (true, _) => Some(Uncovered::Behind),
        (false, true) => Some(Uncovered::Header),
        (false, false) => None,
    };
    let signature = (found > 0).then_some(signature);
    SignedObject { commit, payload, signature, kind, uncovered }
}

/// Parts a raw tag: its signature begins with the last line that could begin one, and goes on to
/// the end.
#[must_use]
pub fn split_tag(tag: String, raw: &[u8]) -> SignedObject {
    let (covered, signature) = raw.split_at(signature_of_tag(raw));
    let Parts { payload, other, found, .. } = parts(covered);
    let uncovered = if ends_early(signature) {
        Some(Uncovered::Behind)
    } else {
        (other || found > 0).then_some(Uncovered::Header)
    };
    let (signature, kind) = match signature {
        [] => (None, SignatureKind::None),
        signature => (Some(signature.to_vec()), kind(signature)),
    };
    SignedObject { commit: tag, payload, signature, kind, uncovered }
}

/// An object without its signature headers, and their values.
struct Parts {
    payload: Vec<u8>,
    signature: Vec<u8>,
    /// Number of signature headers.
    found: usize,
    /// There are headers that merely begin like one.
    other: bool,
}

fn parts(raw: &[u8]) -> Parts {
    let (mut pieces, mut found, mut other) = (Vec::<Piece<'_>>::with_capacity(4), 0, false);
    let (mut at, mut begun, mut inside) = (0, 0, Header::Kept);
    while at < raw.len() && !raw[at..].starts_with(b"\n") {
        let end = memchr::memchr(b'\n', &raw[at..]).map_or(raw.len(), |end| at + end + 1);
        let line = &raw[at..end];
        if !line.starts_with(b" ") {
            let header = Header::of(line);
            found += usize::from(header == Header::Signature);
            other |= header == Header::Other;
            if header != inside {
                pieces.push(Piece { header: inside, bytes: &raw[begun..at] });
                (begun, inside) = (at, header);
            }
        }
        at = end;
    }
    pieces.push(Piece { header: inside, bytes: &raw[begun..at] });
    // The message is covered as it is.
    pieces.push(Piece { header: Header::Kept, bytes: &raw[at..] });
    let signature = joined(&pieces, Header::Signature, unfolded);
    Parts { payload: joined(&pieces, Header::Kept, |bytes| [bytes]), signature, found, other }
}

/// Header lines in a row that belong to the same, or the message.
struct Piece<'a> {
    header: Header,
    bytes: &'a [u8],
}

/// All pieces of a kind in a row, in hardly more room than they take: of a long history many are
/// kept.
fn joined<'a, I: IntoIterator<Item = &'a [u8]>>(
    pieces: &[Piece<'a>],
    wanted: Header,
    parts: impl Fn(&'a [u8]) -> I,
) -> Vec<u8> {
    let wanted = || pieces.iter().filter(move |piece| piece.header == wanted);
    let mut whole = Vec::with_capacity(wanted().map(|piece| piece.bytes.len()).sum());
    for part in wanted().flat_map(|piece| parts(piece.bytes)) {
        whole.extend_from_slice(part);
    }
    whole
}

/// The value of signature headers, line by line: what stands behind the name and the blanks.
fn unfolded(header: &[u8]) -> impl Iterator<Item = &[u8]> {
    header.split_inclusive(|byte| *byte == b'\n').map(|line| {
        line.strip_prefix(b"gpgsig ").or_else(|| line.strip_prefix(b" ")).unwrap_or(line)
    })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Header {
    /// The signature.
    Signature,
    /// Left out of what is covered, and no signature either.
    Other,
    /// Covered.
    Kept,
}

impl Header {
    fn of(line: &[u8]) -> Self {
        if line.starts_with(b"gpgsig ") {
            Self::Signature
        } else if line.starts_with(b"gpgsig") {
            Self::Other
        } else {
            Self::Kept
        }
    }
}

/// Where the signature of a tag begins; its end where there is none.
fn signature_of_tag(raw: &[u8]) -> usize {
    let (mut at, mut found) = (0, raw.len());
    for line in raw.split_inclusive(|byte| *byte == b'\n') {
        if BEGINNINGS.iter().any(|(mark, _)| line.starts_with(mark)) {
            found = at;
        }
        at += line.len();
    }
    found
}

/// Whether more than blanks follows the line that ends a signature.
fn ends_early(signature: &[u8]) -> bool {
    let mut dashes = memchr::memmem::find_iter(signature, b"-----END ");
    let end = dashes.find(|at| *at == 0 || signature[at - 1] == b'\n').unwrap_or(signature.len());
    let behind = memchr::memchr(b'\n', &signature[end..]).map(|line| &signature[end + line..]);
    behind.is_some_and(|behind| !behind.trim_ascii().is_empty())
}

/// git takes for a signature only what begins like one, to the byte.
fn kind(signature: &[u8]) -> SignatureKind {
    let known = BEGINNINGS.iter().find(|(mark, _)| signature.starts_with(mark));
    known.map_or(SignatureKind::Other, |(_, kind)| *kind)
}
