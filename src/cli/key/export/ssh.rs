//! The SSH key that git signs with, for the forge: its public line. The private half is never
//! opened.

use std::path::PathBuf;

use super::{Exported, Told};
use crate::cli::Session;
use crate::cli::trouble::Trouble;
use crate::sys;
use crate::text::clean_line;

/// A public key is this long at most.
const LARGEST: u64 = 64 << 10;

/// Exports the key that git names.
pub(super) fn export(
    session: &Session<'_>,
    told: &Told,
    page: Option<String>,
) -> Result<Exported, Trouble> {
    let key = told.value("user.signingkey").ok_or_else(|| {
        Trouble::failed("git signs with SSH here, but user.signingkey names no key")
            .remedy("git config --global user.signingkey ~/.ssh/id_ed25519.pub")
    })?;
    let inline = key.strip_prefix("key::").or_else(|| key.starts_with("ssh-").then_some(key));
    let (text, from) = match inline {
        Some(text) => (text.to_owned(), "git's settings".to_owned()),
        None => {
            let file = public(session, key)?;
            let shown = clean_line(&file.to_string_lossy());
            let bytes = session.bench.read(&file, LARGEST).map_err(|error| {
                Trouble::failed(format!("{shown} cannot be read: {error}"))
                    .remedy("`ssh-keygen -y -f KEY > KEY.pub` writes the public half anew")
            })?;
            (String::from_utf8_lossy(&bytes).into_owned(), shown)
        }
    };
    let line = line(&text).ok_or_else(|| {
        Trouble::failed(format!("{from} holds no public SSH key"))
            .remedy("let user.signingkey name the file that ends in .pub")
    })?;
    Ok(Exported {
        text: format!("{line}\n"),
        said: vec![format!("the SSH key of {from}")],
        page,
        choose: Some("and choose the key type: Signing Key"),
    })
}

/// The file of the public half.
fn public(session: &Session<'_>, key: &str) -> Result<PathBuf, Trouble> {
    let file = format!("{}.pub", key.trim_end_matches(".pub"));
    sys::opened_out(session.bench, &file).ok_or_else(|| Trouble::failed("HOME is not set"))
}

/// The one line of a public key: its kind, the key, and a comment.
fn line(text: &str) -> Option<&str> {
    let line = text.trim();
    let mut words = line.split(' ');
    let (kind, key) = (words.next()?, words.next()?);
    let known = ["ssh-", "ecdsa-sha2-", "sk-"].iter().any(|start| kind.starts_with(start));
    let base64 = |c: u8| c.is_ascii_alphanumeric() || b"+/=".contains(&c);
    let one = !line.contains(char::is_control);
    (known && one && key.starts_with("AAAA") && key.bytes().all(base64)).then_some(line)
}
