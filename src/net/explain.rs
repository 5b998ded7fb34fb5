//! Says in words why a host was not reached, and whether that settles it. Pure.

use std::time::Duration;

use super::proxy::{Proxy, Route};
use super::target::{Scheme, Target};
use super::{Failure, Waiting};

/// One word for a failure, as it stands in observations.
#[must_use]
pub fn word(failure: &Failure) -> &'static str {
    match failure {
        Failure::NameUnknown(_) => "name-unknown",
        Failure::Refused => "refused",
        Failure::TimedOut(_) => "timed-out",
        Failure::Unreachable(_) => "unreachable",
        Failure::NoProxy(_) => "no-proxy",
        Failure::ProxyRefused(_) => "proxy-refused",
        Failure::ProxyLogin => "proxy-login",
        Failure::ProxyOdd(_) => "proxy-odd",
        Failure::Unclear(_) => "unclear-setting",
        Failure::BehindProxy => "behind-proxy",
    }
}

/// Whether a failure tells that git and Maven could not reach the host either.
#[must_use]
pub fn settles(failure: &Failure, target: &Target, route: &Route) -> bool {
    match failure {
        // Many proxies allow tunnels for https alone; plain http goes through them otherwise.
        Failure::ProxyRefused(_) => target.scheme != Scheme::Http,
        // A login that is set up was kept back.
        Failure::ProxyLogin => !matches!(route, Route::Through(proxy) if proxy.login),
        Failure::Unclear(_) | Failure::BehindProxy => false,
        _ => true,
    }
}

/// A sentence fragment that names the host, the proxy and the setting it comes from.
#[must_use]
pub fn sentence(failure: &Failure, target: &Target, route: &Route, limit: Duration) -> String {
    match route {
        Route::Through(proxy) => through(failure, target, proxy, limit),
        Route::Direct | Route::Unclear(_) => direct(failure, &target.host, target.port, limit),
    }
}

fn through(failure: &Failure, target: &Target, proxy: &Proxy, limit: Duration) -> String {
    let Target { host, port, .. } = target;
    let seconds = limit.as_secs();
    let named = format!("the proxy {}:{} from {}", proxy.host, proxy.port, proxy.named_by);
    match failure {
        Failure::NoProxy(inner) => {
            let inner = direct(inner, &proxy.host, proxy.port, limit);
            format!("{named} cannot be reached: {inner}")
        }
        Failure::ProxyRefused(status) => {
            format!("{named} does not connect to {host}:{port} (HTTP {status})")
        }
        Failure::ProxyLogin if proxy.login => {
            format!("{named} wants a login; yours was not sent, so {host} could not be asked")
        }
        Failure::ProxyLogin => {
            format!("{named} wants a login, and {} holds none", proxy.named_by)
        }
        Failure::TimedOut(Waiting::Proxy) => format!("{named} did not answer within {seconds} s"),
        Failure::ProxyOdd(what) => format!("{named} gave no proper answer: {what}"),
        Failure::BehindProxy => {
            format!("{named} is there, but whether it leads to {host} cannot be asked here")
        }
        other => direct(other, host, *port, limit),
    }
}

fn direct(failure: &Failure, host: &str, port: u16, limit: Duration) -> String {
    let seconds = limit.as_secs();
    match failure {
        Failure::NameUnknown(why) => format!("the name {host} cannot be looked up: {why}"),
        Failure::Refused => format!("{host} refuses connections at port {port}"),
        Failure::TimedOut(Waiting::Name) => {
            format!("looking up the name {host} took longer than {seconds} s")
        }
        Failure::TimedOut(_) => format!("{host}:{port} did not answer within {seconds} s"),
        Failure::Unreachable(why) => format!("no way leads to {host}: {why}"),
        Failure::Unclear(why) => why.clone(),
        other => format!("{host}:{port} was not reached: {}", word(other)),
    }
}
