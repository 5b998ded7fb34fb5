//! Who the user is, as far as only they can say: a name and an e-mail address. Both are checked
//! and never made up.

use crate::pack::expression::reachable;
use crate::text::clean_line;

/// Longest name or address that is taken; real ones are far shorter.
const LONGEST: usize = 200;
/// What stands for somebody else's name in guides.
const NOBODY: [&str; 2] = ["your name", "you"];

/// What is known of the user.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Person {
    /// The name.
    pub name: Option<String>,
    /// The e-mail address.
    pub email: Option<String>,
}

/// A name as commits and keys can carry it, blanks at the ends removed.
///
/// # Errors
/// Why it cannot be one, a fragment.
pub fn name(text: &str) -> Result<String, &'static str> {
    let text = plain(text)?;
    if text.contains(['<', '>', '(', ')']) {
        return Err("a name holds no brackets: keys put an address and a comment in them");
    }
    if NOBODY.iter().any(|nobody| text.eq_ignore_ascii_case(nobody)) {
        return Err("it stands for somebody's name");
    }
    if !text.chars().any(char::is_alphanumeric) {
        return Err("a name holds letters");
    }
    Ok(text)
}

/// An e-mail address at which somebody can be reached.
///
/// # Errors
/// Why it cannot be one, a fragment.
pub fn email(text: &str) -> Result<String, &'static str> {
    let text = plain(text)?;
    if text.contains(|c: char| c.is_whitespace() || "<>()\"',;:\\".contains(c)) {
        return Err("an address holds no blanks, brackets or quotes");
    }
    if text.matches('@').count() != 1 {
        return Err("an address has the form name@example.org");
    }
    if !reachable(&text) {
        return Err("the address belongs to nobody, so nobody could answer you");
    }
    Ok(text)
}

fn plain(text: &str) -> Result<String, &'static str> {
    let text = text.trim();
    if text.is_empty() {
        return Err("it is empty");
    }
    if text.len() > LONGEST {
        return Err("it is too long");
    }
    if clean_line(text) != text {
        return Err("it holds control characters");
    }
    if text.starts_with('-') {
        return Err("it begins with a hyphen and would be taken for an option");
    }
    Ok(text.to_owned())
}
