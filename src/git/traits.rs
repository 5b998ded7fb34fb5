//! What can be told of a changed file beside its text: how it ends, what its lines end in, whether
//! it is a script, where a link leads. Observes; which of it is wrong is for checks to say.

use schemars::JsonSchema;
use serde::Serialize;

/// The traits of one file; none where they do not apply or could not be read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Traits {
    /// Holds bytes that no text does.
    pub binary: Option<bool>,
    /// Begins with the three bytes that some editors put before UTF-8.
    pub byte_order_mark: Option<bool>,
    /// How it ends: `one` line break, `none`, `several`, or `empty` for a file without content.
    pub final_newline: Option<String>,
    /// What its lines end in: `lf`, `crlf`, `cr`, `mixed`, or `none`.
    pub endings: Option<String>,
    /// What the old version's lines ended in.
    pub old_endings: Option<String>,
    /// Begins with `#!`.
    pub script: Option<bool>,
    /// Where a link leads, foreign bytes replaced.
    pub link_target: Option<String>,
    /// A link into this tree that leads nowhere.
    pub link_broken: Option<bool>,
    /// A file that holds what was the target of a link in the same place.
    pub was_link: Option<bool>,
    /// Another path of the tree that differs in upper and lower case only.
    pub collides_with: Option<String>,
    /// Why the content could not be read.
    pub unread: Option<String>,
}

/// Extensions that pre-commit takes for no text, whatever a file holds.
const BINARY: [&str; 41] = [
    "ai", "asar", "avif", "bmp", "bz2", "bz3", "dll", "ear", "eot", "eps", "exe", "fits", "ggb",
    "gif", "gz", "icns", "ico", "jar", "jpeg", "jpg", "mscz", "otf", "p12", "pdf", "png", "pyz",
    "pyzw", "so", "swf", "tar", "tgz", "tif", "tiff", "ttf", "war", "wav", "webp", "whl", "woff",
    "woff2", "zip",
];

/// The traits of a file with this path and content.
pub(super) fn of(path: &str, bytes: &[u8]) -> Traits {
    let name = path.rsplit('/').next().unwrap_or(path);
    let extension = name.rsplit_once('.').filter(|(stem, _)| !stem.is_empty());
    let extension = extension.map(|(_, extension)| extension.to_ascii_lowercase());
    let named_binary = extension.is_some_and(|extension| BINARY.contains(&extension.as_str()));
    if named_binary || is_binary(bytes) {
        return Traits { binary: Some(true), ..Traits::default() };
    }
    Traits {
        binary: Some(false),
        byte_order_mark: Some(bytes.starts_with(b"\xef\xbb\xbf")),
        final_newline: Some(ending(bytes).to_owned()),
        endings: Some(endings(bytes).to_owned()),
        script: Some(bytes.starts_with(b"#!")),
        ..Traits::default()
    }
}

/// As pre-commit tells text: no control characters in the first KiB but those that texts have. A
/// NUL within git's own 8,000 bytes counts as well.
pub(super) fn is_binary(bytes: &[u8]) -> bool {
    let odd = |byte: &u8| matches!(byte, 0..=6 | 14..=26 | 28..=31 | 127);
    let beginning = |most: usize| &bytes[..bytes.len().min(most)];
    beginning(1024).iter().any(odd) || memchr::memchr(0, beginning(8000)).is_some()
}

fn ending(bytes: &[u8]) -> &'static str {
    let breaks = |byte: &u8| matches!(byte, b'\n' | b'\r');
    let Some(last) = bytes.iter().rposition(|byte| !breaks(byte)) else {
        return if bytes.is_empty() { "empty" } else { "several" };
    };
    match &bytes[last + 1..] {
        [] => "none",
        [_] | b"\r\n" => "one",
        _ => "several",
    }
}

/// What the lines of some content end in.
pub(super) fn endings(bytes: &[u8]) -> &'static str {
    let cr = memchr::memchr_iter(b'\r', bytes).any(|at| bytes.get(at + 1) != Some(&b'\n'));
    let crlf = memchr::memmem::find(bytes, b"\r\n").is_some();
    let lf = memchr::memchr_iter(b'\n', bytes).any(|at| at == 0 || bytes[at - 1] != b'\r');
    match (lf, crlf, cr) {
        (false, false, false) => "none",
        (true, false, false) => "lf",
        (false, true, false) => "crlf",
        (false, false, true) => "cr",
        _ => "mixed",
    }
}
