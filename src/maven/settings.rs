//! Maven's settings: which way a request to a repository really goes. [`load`] reads the user's and
//! the installation's settings.xml; [`Settings::route`] is pure and answers, for one repository,
//! the address asked, the mirror that took over, and the proxy in between:
//!
//! ```text
//! let settings = settings::load(system, Some(maven_home))?;
//! let route = settings.route("central", "https://repo.maven.apache.org/maven2");
//! // connect to route.url, through route.proxy, unless route.blocked
//! ```
//!
//! Secrets stay where they are: no user name or password is read, and addresses lose theirs.

use std::fmt;
use std::path::{Path, PathBuf};

use super::xml::{self, Element};
use crate::sys::System;

const LARGEST: u64 = 4 << 20;

/// What the settings say, the user's before the installation's.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings {
    /// Mirrors in the order Maven asks them.
    pub mirrors: Vec<Mirror>,
    /// Active proxies in order.
    pub proxies: Vec<Proxy>,
    /// Local repository, where set; Maven's own default is `~/.m2/repository`.
    pub local_repository: Option<PathBuf>,
    /// Whether Maven is told never to go out.
    pub offline: bool,
}

/// A repository that stands in for others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mirror {
    /// Id.
    pub id: String,
    /// What it stands in for: `*`, `external:*`, `central,!here`.
    pub mirror_of: String,
    /// Address.
    pub url: String,
    /// Requests are refused instead, as Maven does for plain http since 3.8.1.
    pub blocked: bool,
}

/// A proxy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proxy {
    /// Id, or empty.
    pub id: String,
    /// Protocol of the repositories it serves: `http` or `https`.
    pub protocol: String,
    /// Host.
    pub host: String,
    /// Port.
    pub port: u16,
    /// Hosts asked directly, as `*.example.org|localhost`.
    pub non_proxy_hosts: String,
    /// Whether a user name is set.
    pub has_credentials: bool,
}

/// The way a request goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// Address asked in the end, without credentials.
    pub url: String,
    /// Id of the mirror that took over.
    pub mirror: Option<String>,
    /// Maven refuses to ask.
    pub blocked: bool,
    /// Proxy in between.
    pub proxy: Option<Proxy>,
}

/// A settings file that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingsError {
    /// The file.
    pub file: PathBuf,
    /// One-based line, where there is one.
    pub line: Option<u64>,
    /// What is wrong.
    pub what: String,
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = self.line.map(|line| format!(":{line}")).unwrap_or_default();
        write!(f, "{}{line}: {}", self.file.display(), self.what)
    }
}

impl std::error::Error for SettingsError {}

/// Reads `~/.m2/settings.xml` and `<maven home>/conf/settings.xml`; files that are not there say
/// nothing.
///
/// # Errors
/// The file and line of what cannot be read, which stops Maven as well.
pub fn load(system: &dyn System, maven_home: Option<&Path>) -> Result<Settings, SettingsError> {
    let user = system.home().map(|home| home.join(".m2/settings.xml"));
    let global = maven_home.map(|home| home.join("conf/settings.xml"));
    let mut merged = Settings::default();
    for file in user.into_iter().chain(global) {
        let error = |line, what: String| SettingsError { file: file.clone(), line, what };
        match system.read(&file, LARGEST) {
            Ok(bytes) => {
                let lookup = |name: &str| variable(system, name);
                let settings = parse(&bytes, &lookup)
                    .map_err(|malformed| error(Some(malformed.line), malformed.what))?;
                merged.add(settings);
            }
            Err(missing) if missing.kind() == std::io::ErrorKind::NotFound => {}
            Err(denied) => return Err(error(None, denied.to_string())),
        }
    }
    Ok(merged)
}

fn variable(system: &dyn System, name: &str) -> Option<String> {
    match name.strip_prefix("env.") {
        Some(name) => system.env(name)?.into_string().ok(),
        None if name == "user.home" => Some(system.home()?.to_string_lossy().into_owned()),
        None => None,
    }
}

/// Reads one settings.xml. `lookup` gives the values of `${env.NAME}` and `${user.home}`.
///
/// # Errors
/// The line and kind of the first mistake.
pub fn parse(
    bytes: &[u8],
    lookup: &dyn Fn(&str) -> Option<String>,
) -> Result<Settings, xml::Malformed> {
    let root = xml::parse(bytes, "settings")?;
    let value = |element: &Element, name| expand(element.text_of(name).unwrap_or(""), lookup);
    let mirrors = root.items("mirrors", "mirror").map(|element| Mirror {
        id: value(element, "id"),
        mirror_of: value(element, "mirrorOf"),
        url: without_credentials(&value(element, "url")),
        blocked: value(element, "blocked") == "true",
    });
    let active = |element: &&Element| value(element, "active") != "false";
    let proxies = root.items("proxies", "proxy").filter(active).map(|element| Proxy {
        id: value(element, "id"),
        protocol: element.text_of("protocol").unwrap_or("http").to_ascii_lowercase(),
        host: value(element, "host"),
        port: value(element, "port").parse().unwrap_or(8080),
        non_proxy_hosts: value(element, "nonProxyHosts"),
        has_credentials: element.text_of("username").is_some(),
    });
    let local = root.text_of("localRepository").map(|text| expand(text, lookup).into());
    Ok(Settings {
        mirrors: mirrors.collect(),
        proxies: proxies.collect(),
        local_repository: local,
        offline: value(&root, "offline") == "true",
    })
}

fn expand(text: &str, lookup: &dyn Fn(&str) -> Option<String>) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        let Some((name, tail)) = after.split_once('}') else { break };
        out.push_str(before);
        match lookup(name) {
            Some(value) => out.push_str(&value),
            None => out.extend(["${", name, "}"]),
        }
        rest = tail;
    }
    out + rest
}

/// Takes `user:password@` out of an address.
pub(super) fn without_credentials(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let end = rest.find('/').unwrap_or(rest.len());
    let host = rest[..end].rfind('@').map_or(0, |at| at + 1);
    format!("{scheme}://{}", &rest[host..])
}

impl Settings {
    /// Adds settings that give way to these: an id that is known already is left out.
    pub fn add(&mut self, weaker: Self) {
        let known = self.mirrors.len();
        for mirror in weaker.mirrors {
            if !self.mirrors[..known].iter().any(|own| own.id == mirror.id) {
                self.mirrors.push(mirror);
            }
        }
        let known = self.proxies.len();
        for proxy in weaker.proxies {
            let same = |own: &Proxy| !own.id.is_empty() && own.id == proxy.id;
            if !self.proxies[..known].iter().any(same) {
                self.proxies.push(proxy);
            }
        }
        self.local_repository = self.local_repository.take().or(weaker.local_repository);
        self.offline |= weaker.offline;
    }

    /// The way to the repository of that id and address.
    #[must_use]
    pub fn route(&self, id: &str, url: &str) -> Route {
        let mirror = self.mirror(id, url);
        let target = mirror.map_or_else(|| without_credentials(url), |mirror| mirror.url.clone());
        Route {
            mirror: mirror.map(|mirror| mirror.id.clone()),
            blocked: mirror.is_some_and(|mirror| mirror.blocked),
            proxy: self.proxy(&target).cloned(),
            url: target,
        }
    }

    /// A mirror of exactly that id wins over patterns, as in Maven.
    fn mirror(&self, id: &str, url: &str) -> Option<&Mirror> {
        let exact = self.mirrors.iter().find(|mirror| mirror.mirror_of == id);
        exact.or_else(|| self.mirrors.iter().find(|mirror| covers(&mirror.mirror_of, id, url)))
    }

    /// The first active proxy for the protocol; https falls back to one for http, as in Maven.
    fn proxy(&self, url: &str) -> Option<&Proxy> {
        let (protocol, host) = protocol_and_host(url);
        let usable = |wanted: &str| {
            let fits = |proxy: &&Proxy| proxy.protocol == wanted && !direct(proxy, host);
            self.proxies.iter().find(fits)
        };
        match protocol {
            "https" => usable("https").or_else(|| usable("http")),
            "http" => usable("http"),
            _ => None,
        }
    }
}

/// Whether `mirrorOf` covers a repository: Maven's own rules, where a name or its `!` decides and
/// the wildcards only suggest.
fn covers(mirror_of: &str, id: &str, url: &str) -> bool {
    let mut covered = false;
    for part in mirror_of.split(',').map(str::trim) {
        match part {
            "*" => covered = true,
            "external:*" => covered |= external(url),
            "external:http:*" => covered |= external(url) && protocol_and_host(url).0 == "http",
            part if part == id => return true,
            part if part.strip_prefix('!') == Some(id) => return false,
            _ => {}
        }
    }
    covered
}

fn external(url: &str) -> bool {
    let (protocol, host) = protocol_and_host(url);
    protocol != "file" && host != "localhost" && host != "127.0.0.1"
}

fn protocol_and_host(url: &str) -> (&str, &str) {
    let (protocol, rest) = url.split_once(':').unwrap_or(("", url));
    let rest = rest.trim_start_matches('/');
    let authority = rest.split('/').next().unwrap_or("");
    let host = authority.rsplit('@').next().unwrap_or("");
    let host = match host.strip_prefix('[') {
        Some(literal) => literal.split(']').next().unwrap_or(""),
        None => host.split(':').next().unwrap_or(""),
    };
    (protocol, host)
}

/// Whether the proxy leaves that host alone: patterns with `*`, parted by `|`, in any case.
fn direct(proxy: &Proxy, host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    let patterns = proxy.non_proxy_hosts.split('|').map(str::trim);
    patterns.filter(|p| !p.is_empty()).any(|p| matches(&p.to_ascii_lowercase(), &host))
}

fn matches(pattern: &str, text: &str) -> bool {
    let Some((head, tail)) = pattern.split_once('*') else { return pattern == text };
    let Some(rest) = text.strip_prefix(head) else { return false };
    let mut ends = rest.char_indices().map(|(at, _)| at).chain([rest.len()]);
    ends.any(|at| matches(tail, &rest[at..]))
}
