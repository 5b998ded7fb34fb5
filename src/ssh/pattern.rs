//! Patterns of OpenSSH: `*` and `?` over bytes, in lists with `!` for what must not match. Takes
//! time in proportion to text and pattern, whatever a hostile pattern looks like.

/// Longest pattern in a list, as in OpenSSH; a list with a longer one matches nothing.
const LONGEST: usize = 1023;

/// Whether a pattern covers a whole text.
pub(super) fn matches(text: &[u8], pattern: &[u8]) -> bool {
    let (mut at, mut place) = (0, 0);
    // Where to go on when the text after the last `*` does not fit.
    let mut star: Option<(usize, usize)> = None;
    while at < text.len() {
        match pattern.get(place) {
            Some(b'*') => {
                star = Some((place + 1, at));
                place += 1;
            }
            Some(letter) if *letter == b'?' || *letter == text[at] => {
                at += 1;
                place += 1;
            }
            _ => match star {
                Some((after, from)) => {
                    star = Some((after, from + 1));
                    (place, at) = (after, from + 1);
                }
                None => return false,
            },
        }
    }
    pattern[place..].iter().all(|letter| *letter == b'*')
}

/// Whether a list, parted by commas, has a pattern that covers the text and none with `!` that
/// does.
pub(super) fn list(text: &[u8], patterns: &[u8]) -> bool {
    let mut covered = false;
    let mut rest = patterns;
    while !rest.is_empty() {
        let (negated, body) = match rest.strip_prefix(b"!") {
            Some(body) => (true, body),
            None => (false, rest),
        };
        let end = body.iter().position(|byte| *byte == b',').unwrap_or(body.len());
        if end >= LONGEST {
            return false;
        }
        if matches(text, &body[..end]) {
            if negated {
                return false;
            }
            covered = true;
        }
        rest = body.get(end + 1..).unwrap_or_default();
    }
    covered
}
