//! Reads addresses as git, Maven and people write them. Pure; nothing is looked up.

use std::fmt;
use std::net::Ipv6Addr;

/// Where to connect.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Target {
    /// The protocol.
    pub scheme: Scheme,
    /// Host name or address, lower case; an IPv6 address without brackets.
    pub host: String,
    /// The port, the protocol's own where none is written.
    pub port: u16,
    /// The address without user name, password, query and fragment.
    pub shown: String,
}

/// Protocols that lead to another host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scheme {
    /// Without encryption; proxies apply.
    Http,
    /// With encryption; proxies apply.
    Https,
    /// Directly, whatever the proxy.
    Ssh,
    /// git's own protocol, directly.
    Git,
}

/// Why an address leads to no host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotATarget {
    /// It names a folder or file of this machine.
    Local,
    /// It is written wrongly; a fragment says how.
    Malformed(String),
}

impl Scheme {
    fn read(text: &str) -> Option<Self> {
        match text.to_ascii_lowercase().as_str() {
            "http" | "dav" => Some(Self::Http),
            "https" | "davs" => Some(Self::Https),
            "ssh" | "git+ssh" | "ssh+git" | "sftp" => Some(Self::Ssh),
            "git" => Some(Self::Git),
            _ => None,
        }
    }

    /// Its word in addresses.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
            Self::Ssh => "ssh",
            Self::Git => "git",
        }
    }

    fn port(self) -> u16 {
        match self {
            Self::Http => 80,
            Self::Https => 443,
            Self::Ssh => 22,
            Self::Git => 9418,
        }
    }
}

impl fmt::Display for NotATarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Local => f.write_str("it names a folder of this machine"),
            Self::Malformed(reason) => f.write_str(reason),
        }
    }
}

impl std::error::Error for NotATarget {}

/// Reads `https://host/path`, `ssh://user@host:port/path`, `user@host:path` and their kin.
///
/// # Errors
/// That it leads to this machine's own files, or what is wrong with it.
pub fn parse(address: &str) -> Result<Target, NotATarget> {
    let address = address.trim();
    let malformed = |what: &str| NotATarget::Malformed(what.to_owned());
    if address.is_empty() {
        return Err(malformed("the address is empty"));
    }
    if address.chars().any(|c| c.is_control() || c == ' ') {
        return Err(malformed("the address holds blanks or control characters"));
    }
    let Some((scheme, rest)) = address.split_once("://") else {
        return short_form(address);
    };
    if scheme.eq_ignore_ascii_case("file") {
        return Err(NotATarget::Local);
    }
    let scheme = Scheme::read(scheme)
        .ok_or_else(|| NotATarget::Malformed(format!("the protocol `{scheme}` is not known")))?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let place = authority.rsplit_once('@').map_or(authority, |(_, place)| place);
    let (host, port) = host_and_port(place)?;
    let path = path.split(['?', '#']).next().unwrap_or("");
    Ok(target(scheme, host, port, path))
}

/// `user@host:path`, which git takes for ssh, as long as no slash stands before the colon.
fn short_form(address: &str) -> Result<Target, NotATarget> {
    let after_host = if address.contains('[') { address.find("]:").map(|at| at + 1) } else { None };
    let Some(colon) = after_host.or_else(|| address.find(':')) else {
        return Err(NotATarget::Local);
    };
    if address.find('/').is_some_and(|slash| slash < colon) {
        return Err(NotATarget::Local);
    }
    let (place, path) = (&address[..colon], &address[colon + 1..]);
    let place = place.rsplit_once('@').map_or(place, |(_, place)| place);
    let (host, port) = host_and_port(place)?;
    Ok(target(Scheme::Ssh, host, port, &format!("/{}", path.trim_start_matches('/'))))
}

fn target(scheme: Scheme, host: String, port: Option<u16>, path: &str) -> Target {
    let written = port.map(|port| format!(":{port}")).unwrap_or_default();
    let shown = format!("{}://{}{written}{path}", scheme.word(), bracketed(&host));
    Target { scheme, host, port: port.unwrap_or(scheme.port()), shown }
}

/// A host as it stands in an address.
#[must_use]
pub fn bracketed(host: &str) -> String {
    if host.contains(':') { format!("[{host}]") } else { host.to_owned() }
}

/// Splits `host`, `host:port`, `[v6]` and `[v6]:port`.
pub(super) fn host_and_port(place: &str) -> Result<(String, Option<u16>), NotATarget> {
    let malformed = |what: String| NotATarget::Malformed(what);
    let (host, port) = match place.strip_prefix('[') {
        Some(rest) => {
            let (host, port) = rest
                .split_once(']')
                .ok_or_else(|| malformed("a bracket is not closed".to_owned()))?;
            // A zone such as `%eth0` belongs to this machine and is kept as it is.
            let bare = host.split('%').next().unwrap_or(host);
            if bare.parse::<Ipv6Addr>().is_err() {
                return Err(malformed(format!("`{host}` is no IPv6 address")));
            }
            (host, port.strip_prefix(':').or(port.is_empty().then_some("")))
        }
        None => match place.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (place, Some("")),
        },
    };
    let port = port.ok_or_else(|| malformed(format!("`{place}` is no host with a port")))?;
    let host = host.trim_end_matches('.');
    if host.is_empty() || host.contains([':', '@', '\\', '"', '<', '>']) && !place.starts_with('[')
    {
        return Err(malformed("the address names no host".to_owned()));
    }
    let port = match port {
        "" => None,
        digits => match digits.parse::<u16>() {
            Ok(port) if port > 0 => Some(port),
            _ => return Err(malformed(format!("`{digits}` is no port"))),
        },
    };
    Ok((host.to_ascii_lowercase(), port))
}
