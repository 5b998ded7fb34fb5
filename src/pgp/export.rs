//! Takes a public key out of the keyring by the `gpg` program, with nothing in it but what others
//! need, and tells what a block of armour holds. Starts no agent and makes no file; never sees a
//! secret key.

use std::path::Path;

use crate::observation::Unknown;
use crate::sys::{Command, System};
use crate::text::clean_line;

use super::key::Part;
use super::listing::{Fields, email, part, unescape};

/// Most bytes of a key that are taken: one that is clean has a few thousand.
const LIMIT: usize = 1 << 20;

/// Which of a key's names go along.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    /// Those with these addresses; all where it is empty.
    pub only: Vec<String>,
    /// Also those that were revoked.
    pub revoked: bool,
}

/// A public key as its bytes say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Public {
    /// The primary key first.
    pub parts: Vec<Part>,
    /// Every name, those revoked among them.
    pub names: Vec<PublicName>,
}

/// A name on a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicName {
    /// The whole of it, control characters made visible.
    pub text: String,
    /// The e-mail address in it.
    pub email: Option<String>,
    /// Whether it was revoked.
    pub revoked: bool,
}

impl Public {
    /// Fingerprint of the primary key.
    #[must_use]
    pub fn fingerprint(&self) -> &str {
        self.parts.first().map_or("", |part| &part.fingerprint)
    }
}

/// The public key in ASCII armour, as it is sent and pasted: newest self-signatures only, nobody
/// else's, no pictures and nothing that is marked as local. `home` is the GnuPG home.
///
/// # Errors
/// Why there is none.
pub fn export(
    system: &dyn System,
    home: &Path,
    fingerprint: &str,
    names: &Names,
) -> Result<Vec<u8>, Unknown> {
    let mut command = gpg(system, home)?
        .args(["--armor", "--no-comments", "--no-emit-version", "--export-options"])
        .args(["export-minimal,no-export-attributes,no-export-local-sigs"])
        .answering_in(LIMIT);
    if let Some(filter) = filter(names)? {
        command = command.args(["--export-filter".to_owned(), format!("keep-uid={filter}")]);
    }
    let armoured = answer(system, &command.args(["--export", "--", fingerprint]))?;
    if armoured.is_empty() {
        return Err(Unknown(format!("gpg knows no public key {fingerprint}")));
    }
    Ok(armoured)
}

/// What a key in ASCII armour holds, as gpg reads it; nothing is imported.
///
/// # Errors
/// That gpg cannot read it.
pub fn inspect(system: &dyn System, home: &Path, armoured: &[u8]) -> Result<Public, Unknown> {
    let command = gpg(system, home)?
        .args(["--with-colons", "--with-fingerprint", "--with-fingerprint", "--show-keys"])
        .fed(armoured)
        .answering_in(LIMIT);
    Ok(read(&String::from_utf8_lossy(&answer(system, &command)?)))
}

/// gpg with no settings of anybody's, no agent, no lock and no trust database.
fn gpg(system: &dyn System, home: &Path) -> Result<Command, Unknown> {
    let program = super::program(system).ok_or_else(|| Unknown::because("gpg is not installed"))?;
    Ok(Command::question(program)
        .args(["--homedir".into(), home.as_os_str().to_owned()])
        .args(["--no-options", "--batch", "--no-tty", "--no-autostart", "--lock-never"])
        .args(["--trust-model", "always", "--no-auto-check-trustdb"]))
}

fn answer(system: &dyn System, command: &Command) -> Result<Vec<u8>, Unknown> {
    let output = system.run(command).map_err(|error| Unknown(error.to_string()))?;
    if output.ok() {
        return Ok(output.out);
    }
    let said = String::from_utf8_lossy(&output.err).into_owned();
    let line = said.lines().next().unwrap_or("it gave no reason");
    Err(Unknown(format!("gpg: {}", clean_line(line.strip_prefix("gpg: ").unwrap_or(line)))))
}

/// gpg's expression for the names that stay; none where all do.
fn filter(names: &Names) -> Result<Option<String>, Unknown> {
    let living = if names.revoked { None } else { Some("revoked -f".to_owned()) };
    if names.only.is_empty() {
        return Ok(living);
    }
    let mut alternatives = Vec::new();
    for address in &names.only {
        // Anything else could be read as more of the expression.
        let plain = |c: char| c.is_alphanumeric() || "._%+-@'/=~".contains(c);
        if !address.contains('@') || !address.chars().all(plain) {
            return Err(Unknown(format!("`{}` is no e-mail address", clean_line(address))));
        }
        let also = living.as_ref().map(|living| format!(" && {living}")).unwrap_or_default();
        alternatives.push(format!("mbox = {address}{also}"));
    }
    Ok(Some(alternatives.join(" || ")))
}

fn read(text: &str) -> Public {
    let mut public = Public::default();
    for line in text.lines() {
        let fields = Fields(line.split(':').collect());
        match fields.at(0) {
            "pub" | "sub" => public.parts.push(part(&fields)),
            "fpr" => {
                if let Some(part) = public.parts.last_mut() {
                    fields.at(9).clone_into(&mut part.fingerprint);
                }
            }
            "uid" => public.names.push(name(&fields)),
            _ => {}
        }
    }
    public
}

fn name(fields: &Fields<'_>) -> PublicName {
    let text = unescape(fields.at(9));
    PublicName {
        email: email(&text).map(clean_line),
        text: clean_line(&text),
        revoked: fields.at(1).contains('r'),
    }
}
