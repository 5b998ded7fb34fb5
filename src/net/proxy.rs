//! Which way a tool would go: directly or through which proxy. Pure: the variables and settings
//! are handed in. Follows curl and git for git's addresses, and Maven's own rules for Maven's,
//! which reads no variables.

mod exempt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::target::{NotATarget, Scheme, Target, bracketed, host_and_port};

pub use exempt::{exempt, maven_exempt};

/// The way to a target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Route {
    /// Straight there.
    Direct,
    /// Through a proxy.
    Through(Proxy),
    /// The setting that names the proxy cannot be understood; a fragment says which and why.
    Unclear(String),
}

/// A proxy. Its login, should there be one, is known to exist and never kept.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Proxy {
    /// How it is spoken to.
    pub kind: ProxyKind,
    /// Host.
    pub host: String,
    /// Port.
    pub port: u16,
    /// The variable or setting that names it, fit for a sentence.
    pub named_by: String,
    /// Whether that setting holds a user name or password.
    pub login: bool,
}

/// How a proxy is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ProxyKind {
    /// Plain HTTP.
    Http,
    /// HTTP inside TLS.
    Https,
    /// SOCKS of any version.
    Socks,
}

/// git's proxy settings, from its configuration.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GitProxy {
    /// The address of `http.<url>.proxy`; none for `http.proxy`.
    #[serde(default)]
    pub url: Option<String>,
    /// The proxy; empty to use none.
    pub proxy: String,
}

/// One active `<proxy>` of Maven's settings.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MavenProxy {
    /// `http` or `https`.
    #[serde(default)]
    pub protocol: Option<String>,
    /// Host.
    pub host: String,
    /// Port.
    pub port: u16,
    /// Whether a user name is set.
    #[serde(default)]
    pub login: bool,
    /// Hosts reached directly, as Maven writes them: `*.example.org|localhost`.
    #[serde(default)]
    pub non_proxy_hosts: Option<String>,
    /// The settings file it stands in.
    #[serde(default)]
    pub file: Option<String>,
}

/// The way git and curl would take. `variable` looks up one environment variable; an empty one
/// counts as unset.
pub fn for_git(
    target: &Target,
    settings: &[GitProxy],
    variable: &dyn Fn(&str) -> Option<String>,
) -> Route {
    way_for_git(target, settings, variable).route
}

/// A way for whoever goes it.
#[derive(Clone, PartialEq, Eq)]
pub struct Way {
    /// The way.
    pub route: Route,
    /// The proxy's address with its login, which is for the proxy alone and never shown.
    pub address: Option<String>,
}

/// Like [`for_git`], with what it takes to go there.
pub fn way_for_git(
    target: &Target,
    settings: &[GitProxy],
    variable: &dyn Fn(&str) -> Option<String>,
) -> Way {
    let direct = Way { route: Route::Direct, address: None };
    // An empty setting switches the proxy off.
    let named = named_for_git(target, settings, variable).filter(|(_, value)| !value.is_empty());
    let Some((named_by, value)) = named else { return direct };
    let route = through(&value, named_by);
    let address = match &route {
        Route::Through(proxy) => Some(whole(&value, proxy)),
        Route::Direct | Route::Unclear(_) => None,
    };
    Way { route, address }
}

/// A proxy's address with everything in it that may be left out.
fn whole(value: &str, proxy: &Proxy) -> String {
    let (scheme, rest) = value.trim().split_once("://").unwrap_or(("http", value.trim()));
    let authority = rest.split(['/', '?', '#']).next().unwrap_or("");
    let login = authority.rsplit_once('@').map(|(login, _)| format!("{login}@"));
    let (login, place) = (login.unwrap_or_default(), bracketed(&proxy.host));
    format!("{}://{login}{place}:{}", scheme.to_ascii_lowercase(), proxy.port)
}

/// The variable or setting that names the proxy, and its value.
fn named_for_git(
    target: &Target,
    settings: &[GitProxy],
    variable: &dyn Fn(&str) -> Option<String>,
) -> Option<(String, String)> {
    if !matches!(target.scheme, Scheme::Http | Scheme::Https) {
        return None;
    }
    let except = ["no_proxy", "NO_PROXY"].iter().find_map(|name| variable(name));
    if except.is_some_and(|except| exempt(&target.host, &except)) {
        return None;
    }
    if let Some(setting) = git_setting(target, settings) {
        return Some(setting);
    }
    // HTTP_PROXY in capitals is left out on purpose: a web server could set it (CVE-2016-5385).
    let own: &[&str] = match target.scheme {
        Scheme::Https => &["https_proxy", "HTTPS_PROXY"],
        _ => &["http_proxy"],
    };
    let mut names = own.iter().chain(&["all_proxy", "ALL_PROXY"]);
    names.find_map(|name| Some(((*name).to_owned(), variable(name)?)))
}

/// The most specific `http.<url>.proxy`, else the last `http.proxy`.
fn git_setting(target: &Target, settings: &[GitProxy]) -> Option<(String, String)> {
    let fits = |setting: &&GitProxy| match &setting.url {
        None => true,
        Some(url) => covers(url, target),
    };
    let length = |setting: &&GitProxy| setting.url.as_ref().map_or(0, String::len);
    let best = settings.iter().filter(fits).max_by_key(length)?;
    let name = match &best.url {
        Some(url) => format!("git's http.{}.proxy", shown(url)),
        None => "git's http.proxy".to_owned(),
    };
    Some((name, best.proxy.trim().to_owned()))
}

fn shown(url: &str) -> String {
    super::target::parse(url).map_or_else(|_| url.to_owned(), |target| target.shown)
}

fn covers(url: &str, target: &Target) -> bool {
    let Ok(scope) = super::target::parse(url) else { return false };
    let same_host = match scope.host.strip_prefix("*.") {
        // git lets a star stand for one label.
        Some(rest) => target.host.split_once('.').is_some_and(|(_, tail)| tail == rest),
        None => scope.host == target.host,
    };
    let path = |address: &str| {
        let rest = address.split_once("://").map_or("", |(_, rest)| rest);
        rest.find('/').map_or_else(String::new, |at| rest[at..].trim_end_matches('/').to_owned())
    };
    let (scope_path, target_path) = (path(&scope.shown), path(&target.shown));
    let below = target_path
        .strip_prefix(scope_path.as_str())
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    same_host && scope.scheme == target.scheme && scope.port == target.port && below
}

/// The way Maven would take: the first active proxy of the address's protocol, for https also one
/// for http, that does not leave the host out.
#[must_use]
pub fn for_maven(target: &Target, settings: &[MavenProxy]) -> Route {
    let protocols: &[&str] = match target.scheme {
        Scheme::Https => &["https", "http"],
        Scheme::Http => &["http"],
        Scheme::Ssh | Scheme::Git => return Route::Direct,
    };
    let applies = |proxy: &&MavenProxy| {
        let except = proxy.non_proxy_hosts.as_deref().unwrap_or("");
        !maven_exempt(&target.host, except)
    };
    let of = |protocol: &&str| {
        settings.iter().filter(applies).find(|proxy| {
            proxy.protocol.as_deref().unwrap_or("http").eq_ignore_ascii_case(protocol)
        })
    };
    let Some(proxy) = protocols.iter().find_map(of) else {
        return Route::Direct;
    };
    let file = proxy.file.as_deref().unwrap_or("Maven's settings");
    Route::Through(Proxy {
        kind: ProxyKind::Http,
        host: proxy.host.clone(),
        port: proxy.port,
        named_by: format!("the proxy in {file}"),
        login: proxy.login,
    })
}

fn through(value: &str, named_by: String) -> Route {
    match read(value, named_by.clone()) {
        Ok(proxy) => Route::Through(proxy),
        Err(NotATarget::Local) => Route::Unclear(format!("{named_by} names no proxy")),
        Err(NotATarget::Malformed(why)) => {
            Route::Unclear(format!("{named_by} cannot be understood: {why}"))
        }
    }
}

/// Reads `host`, `host:port` and `protocol://user:password@host:port/`. As in curl, a proxy
/// without protocol speaks HTTP, and without port listens at 1080, with TLS at 443.
fn read(value: &str, named_by: String) -> Result<Proxy, NotATarget> {
    let value = value.trim();
    let (scheme, rest) = value.split_once("://").unwrap_or(("http", value));
    let kind = match scheme.to_ascii_lowercase().as_str() {
        "http" => ProxyKind::Http,
        "https" => ProxyKind::Https,
        "socks" | "socks4" | "socks4a" | "socks5" | "socks5h" => ProxyKind::Socks,
        other => {
            return Err(NotATarget::Malformed(format!("the protocol `{other}` is not known")));
        }
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or("");
    let (login, place) = match authority.rsplit_once('@') {
        Some((login, place)) => (!login.is_empty(), place),
        None => (false, authority),
    };
    let (host, port) = host_and_port(place)?;
    let port = port.unwrap_or(if kind == ProxyKind::Https { 443 } else { 1080 });
    Ok(Proxy { kind, host, port, named_by, login })
}
