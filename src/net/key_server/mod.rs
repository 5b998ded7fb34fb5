//! Key servers: which there are, as a table says, and how their names are read. Pure; `hkp` and
//! `vks` speak with them, always inside TLS and with nobody else.

pub mod hkp;
mod refusal;
pub mod vks;

use serde::Deserialize;

use super::target::{Scheme, Target, bracketed, host_and_port};

pub use refusal::{Refusal, Why};

/// The port of HTTPS.
const PORT: u16 = 443;
/// The entry that speaks for every server that is not listed.
const ANY: &str = "*";

/// How a server is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Protocol {
    /// The HTTP Keyserver Protocol, which nearly all servers speak.
    Hkp,
    /// The Verifying Key Server's own, of keys.openpgp.org.
    Vks,
}

/// One server, as written.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    server: String,
    speaks: Protocol,
    #[serde(default)]
    default: bool,
    becomes: String,
    next: String,
    #[serde(rename = "source")]
    _source: String,
}

/// One server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    /// Host name or address, an IPv6 address without brackets.
    pub host: String,
    /// Port.
    pub port: u16,
    /// How it is spoken to.
    pub protocol: Protocol,
    /// What publishing there means; `{addresses}` stands for those on the key.
    pub becomes: String,
    /// What happens afterwards, and when.
    pub next: String,
}

impl Server {
    /// Its name as people write it: the port stands there where it is not the usual one.
    #[must_use]
    pub fn name(&self) -> String {
        match self.port {
            PORT => bracketed(&self.host),
            port => format!("{}:{port}", bracketed(&self.host)),
        }
    }

    /// Where to connect.
    #[must_use]
    pub fn target(&self) -> Target {
        Target {
            scheme: Scheme::Https,
            host: self.host.clone(),
            port: self.port,
            shown: format!("hkps://{}", self.name()),
        }
    }
}

/// The servers that are known.
#[derive(Debug, Clone)]
pub struct Servers(Vec<Entry>);

impl Servers {
    /// Reads a table, given with its name.
    ///
    /// # Errors
    /// The name with the mistake and its place.
    pub fn read(name: &str, text: &str) -> Result<Self, String> {
        let entries: Vec<Entry> =
            serde_saphyr::from_str(text).map_err(|error| format!("{name}: {error}"))?;
        if let Some(twice) = entries.iter().enumerate().find_map(|(at, entry)| {
            entries[..at].iter().any(|other| other.server == entry.server).then_some(&entry.server)
        }) {
            return Err(format!("{name}: `{twice}` stands twice"));
        }
        for entry in entries.iter().filter(|entry| entry.server != ANY) {
            host_and_port(&entry.server).map_err(|why| format!("{name}: {why}"))?;
        }
        Ok(Self(entries))
    }

    /// The server that is taken where nobody names one.
    #[must_use]
    pub fn usual(&self) -> Option<Server> {
        let entry = self.0.iter().find(|entry| entry.default)?;
        self.named(&entry.server).ok()
    }

    /// The names of those listed.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|entry| entry.server.as_str()).filter(|name| *name != ANY)
    }

    /// The server that somebody names as `hkps://host:port`, `https://host` or `host`.
    ///
    /// # Errors
    /// Why it is none that a key could be sent to.
    pub fn named(&self, text: &str) -> Result<Server, String> {
        let place = place(text.trim())?;
        let (host, port) = host_and_port(place).map_err(|why| why.to_string())?;
        let port = port.unwrap_or(PORT);
        let same = |entry: &&Entry| {
            host_and_port(&entry.server)
                .is_ok_and(|(other, at)| other == host && at.unwrap_or(PORT) == port)
        };
        let any = || self.0.iter().find(|entry| entry.server == ANY);
        let entry = self
            .0
            .iter()
            .find(same)
            .or_else(any)
            .ok_or_else(|| format!("the table of key servers says nothing of {host}"))?;
        Ok(Server {
            host,
            port,
            protocol: entry.speaks,
            becomes: entry.becomes.clone(),
            next: entry.next.clone(),
        })
    }
}

/// Host and port of what was written.
fn place(text: &str) -> Result<&str, String> {
    let (scheme, rest) = text.split_once("://").unwrap_or(("hkps", text));
    match scheme.to_ascii_lowercase().as_str() {
        "hkps" | "https" => {}
        "hkp" | "http" => {
            return Err(format!(
                "{scheme}:// sends everything in the open, and anybody on the way could change it"
            ));
        }
        other => return Err(format!("key servers are not spoken to by `{other}`")),
    }
    let place = rest.strip_suffix('/').unwrap_or(rest);
    if place.contains(['/', '?', '#', '@']) || place.chars().any(|c| c.is_control() || c == ' ') {
        return Err("only a host, and a port if need be, can be named".to_owned());
    }
    Ok(place)
}
