//! The address that opens a new pull request in a browser. Builds text only: nothing is opened or
//! sent, and of a remote's address nothing is kept but owner and name, so that no password in it
//! can reach a screen. One to read has at most the title in it, for percent-encoded a draft fills a
//! screen; one for a browser has the draft as well.

use super::shorten::{Short, shorten};

/// Longest title, in bytes once encoded, that the address still carries: a few lines of a screen.
const LONGEST_TITLE: usize = 160;
/// Longest address, in bytes, for a browser: what GitHub's own `gh pr create --web` allows itself
/// (`shared.ValidURL` in github.com/cli/cli, seen 2026-11-23).
const LONGEST_ADDRESS: usize = 8191;
/// Longest title in it, in bytes once encoded: GitHub takes 256 characters.
const ROOM_FOR_TITLE: usize = 2048;

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

/// Builds the address, with the title where that is short. The text is left to be pasted.
#[must_use]
pub fn address(route: &Route<'_>, title: &str) -> String {
    let page = format!("{}?expand=1", page(route));
    let title = encoded(title, "");
    if title.is_empty() || title.len() > LONGEST_TITLE {
        return page;
    }
    format!("{page}&title={title}")
}

/// An address with the whole request in it, or as much of it as fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filled {
    /// The address.
    pub address: String,
    /// The text in it is not the whole one.
    pub cut: bool,
    /// The title was too long for it.
    pub untitled: bool,
}

/// Builds the address with title and text. `file` is the name of the file with the whole text.
#[must_use]
pub fn filled(route: &Route<'_>, title: &str, body: &str, file: &str) -> Filled {
    let mut start = format!("{}?expand=1", page(route));
    let title = in_query(title);
    let untitled = title.is_empty() || title.len() > ROOM_FOR_TITLE;
    if !untitled {
        start.push_str(&format!("&title={title}"));
    }
    let room = LONGEST_ADDRESS.saturating_sub(start.len() + "&body=".len());
    match shorten(body, file, room, &|text| in_query(text).len()) {
        Some(Short { text, cut }) => {
            let address = format!("{start}&body={}", in_query(&text));
            Filled { address, cut, untitled }
        }
        None => Filled { address: start, cut: true, untitled },
    }
}

/// As a form is encoded: a blank takes one byte instead of three.
fn in_query(text: &str) -> String {
    encoded(text, " /:,").replace(' ', "+")
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
