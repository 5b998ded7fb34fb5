//! The address that opens a prefilled pull request in a browser. Builds text only: nothing is
//! opened or sent, and of a remote's address nothing is kept but owner and name, so that no
//! password in it can reach a screen.

use super::template::{Role, Template};

/// Longest address, in bytes, that servers and browsers take without complaint.
const LONGEST: usize = 8000;
/// Longest title GitHub takes, in characters.
const LONGEST_TITLE: usize = 256;

/// A repository on GitHub.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repository {
    /// User or organisation.
    pub owner: String,
    /// Its name, without `.git`.
    pub name: String,
}

impl Repository {
    /// Reads owner and name from a remote's address: `https`, `ssh`, `git` or `git@host:path`.
    ///
    /// # Errors
    /// The host's name where it is not GitHub, or a word for an address that names no host.
    pub fn of(url: &str) -> Result<Self, String> {
        let (host, path) = host_and_path(url).ok_or("a folder on this machine")?;
        if !matches!(host.as_str(), "github.com" | "www.github.com" | "ssh.github.com") {
            return Err(host);
        }
        let path = path.trim_matches('/');
        let (owner, name) = path.split_once('/').ok_or(host.as_str())?;
        let name = name.strip_suffix(".git").unwrap_or(name);
        let fits = |part: &str| {
            let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
            !part.is_empty() && part.chars().all(allowed)
        };
        if fits(owner) && fits(name) {
            Ok(Self { owner: owner.to_owned(), name: name.to_owned() })
        } else {
            Err(host)
        }
    }

    /// `owner/name`.
    #[must_use]
    pub fn slug(&self) -> String {
        format!("{}/{}", self.owner, self.name)
    }
}

/// The host in lower case, without user, password and port, and the path.
fn host_and_path(url: &str) -> Option<(String, &str)> {
    let (authority, path) = match url.split_once("://") {
        Some((_, rest)) => {
            let (authority, path) = rest.split_once('/')?;
            (authority, path)
        }
        None => url.split_once(':').filter(|(host, _)| !host.contains('/'))?,
    };
    let host = authority.rsplit('@').next().unwrap_or(authority);
    let host = host.split(':').next().unwrap_or(host).to_ascii_lowercase();
    (!host.is_empty()).then_some((host, path))
}

/// What a request goes from and to.
#[derive(Debug, Clone, Copy)]
pub struct Route<'a> {
    /// The project's repository.
    pub project: &'a Repository,
    /// The fork the branch was pushed to.
    pub fork: &'a Repository,
    /// The branch it should be merged into.
    pub base: &'a str,
    /// The branch with the change.
    pub branch: &'a str,
}

/// An address to open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// The address.
    pub url: String,
    /// Whether the text in it was shortened.
    pub shortened: bool,
}

/// Builds the address. A text too long for it is cut after a whole block and says where the rest
/// is: in `file`, or, without one, in what `onramp pr` prints.
#[must_use]
pub fn address(route: &Route<'_>, title: &str, body: &str, file: Option<&str>) -> Address {
    let whole: String = title.chars().take(LONGEST_TITLE).collect();
    let stem = format!("{}?expand=1&title={}", page(route), encoded(&whole, ""));
    let with = |text: &str| format!("{stem}&body={}", encoded(&text.replace("\r\n", "\n"), ""));
    let url = with(body);
    if url.len() < LONGEST {
        return Address { url, shortened: false };
    }
    let rest = match file {
        Some(file) => format!("the file {file}"),
        None => "what `onramp pr` prints".to_owned(),
    };
    let note = format!("**Shortened to fit into the address: replace all of this by {rest}.**\n");
    let longest = cuts(body).into_iter().rev().map(|cut| with(&format!("{cut}{note}")));
    let fitting = longest.into_iter().find(|url| url.len() < LONGEST);
    let bare = page(route);
    Address {
        url: fitting.unwrap_or(if stem.len() < LONGEST { stem } else { bare }),
        shortened: true,
    }
}

fn page(route: &Route<'_>) -> String {
    let Route { project, fork, base, branch } = route;
    let head = match (fork.owner == project.owner, fork.name == project.name) {
        (true, true) => encoded(branch, "/"),
        (_, true) => format!("{}:{}", fork.owner, encoded(branch, "/")),
        _ => format!("{}:{}:{}", fork.owner, fork.name, encoded(branch, "/")),
    };
    format!("https://github.com/{}/compare/{}...{head}", project.slug(), encoded(base, "/"))
}

/// The beginnings of a text that end after a block, shortest first; the first is empty.
fn cuts(body: &str) -> Vec<&str> {
    let (mut end, mut cuts) = (0, vec![""]);
    for line in &Template::read(body).lines {
        end += line.text.len() + line.ending.len();
        if line.role == Role::Blank {
            cuts.push(&body[..end]);
        }
    }
    cuts
}

/// Percent-encoding by RFC 3986: all but unreserved characters and those in `also`.
fn encoded(text: &str, also: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    for byte in text.bytes() {
        let c = char::from(byte);
        if c.is_ascii_alphanumeric() || "-._~".contains(c) || also.contains(c) {
            out.push(c);
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}
