//! Bare connections, through the user's own proxy: can a host be reached at all? Asks for no page,
//! and sends nothing of the user's: no name, no login, no cookie. Only `https` and, on top of it,
//! `key_server` hand something over: what the user agreed to publish.
//!
//! `target` reads addresses and `proxy` decides the way (both pure), `connect` goes it, `explain`
//! says in words how it ended. `smtp` asks a mail server how it takes mail, `tls` shakes hands.

mod connect;
pub mod explain;
pub mod https;
pub mod key_server;
pub mod proxy;
mod smtp;
pub mod target;
mod tls;

use std::net::IpAddr;
use std::time::Duration;

pub use connect::{Resolver, Sockets, SystemResolver};
pub use proxy::{Proxy, Route};
pub use smtp::{Encryption, Shown};
pub use target::Target;
pub use tls::Handshake;

/// Makes connections: the live one uses sockets, a recorded machine has none.
pub trait Connector: Send + Sync {
    /// Tries to reach a target by a route, name look-up included, and hangs up at once.
    fn reach(&self, target: &Target, route: &Route, deadline: Duration) -> Reach;

    /// The addresses of a name, as the system's own resolver gives them; at least one.
    ///
    /// # Errors
    /// That there are none, or why that cannot be told.
    fn look_up(&self, host: &str, deadline: Duration) -> Result<Vec<IpAddr>, Failure>;

    /// Asks a mail server how it takes mail, directly; `deadline` is for connecting, and again for
    /// the conversation.
    ///
    /// # Errors
    /// Why it was not reached.
    fn mail(
        &self,
        target: &Target,
        encryption: Encryption,
        deadline: Duration,
    ) -> Result<Shown, Failure>;
}

/// A recorded machine's network: nobody wrote down what would have answered.
#[derive(Debug, Clone, Copy, Default)]
pub struct Absent;

impl Connector for Absent {
    fn reach(&self, _target: &Target, _route: &Route, _deadline: Duration) -> Reach {
        Reach { failure: Some(not_recorded()), millis: 0 }
    }

    fn look_up(&self, _host: &str, _deadline: Duration) -> Result<Vec<IpAddr>, Failure> {
        Err(not_recorded())
    }

    fn mail(
        &self,
        _target: &Target,
        _encryption: Encryption,
        _deadline: Duration,
    ) -> Result<Shown, Failure> {
        Err(not_recorded())
    }
}

fn not_recorded() -> Failure {
    Failure::Unclear("what this machine could reach was not recorded".to_owned())
}

/// How an attempt ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reach {
    /// Why not, or why it cannot be told; none where the host answered.
    pub failure: Option<Failure>,
    /// How long it took.
    pub millis: u64,
}

/// Why a host was not reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// No address is known for the name, in the resolver's words.
    NameUnknown(String),
    /// The host answered, but nothing listens at the port.
    Refused,
    /// No answer in time; whether for the name or the connection.
    TimedOut(Waiting),
    /// No way leads there, in the system's words.
    Unreachable(String),
    /// The proxy itself could not be reached.
    NoProxy(Box<Failure>),
    /// The proxy refused to connect, with this status.
    ProxyRefused(u16),
    /// The proxy wants a login.
    ProxyLogin,
    /// The proxy answered something that is no HTTP, or hung up.
    ProxyOdd(String),
    /// The setting that names the proxy cannot be understood; a fragment.
    Unclear(String),
    /// The proxy is there; what lies behind it cannot be asked without TLS or SOCKS.
    BehindProxy,
}

/// What was waited for when time ran out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waiting {
    /// The address of a name.
    Name,
    /// A connection.
    Connection,
    /// The proxy's word.
    Proxy,
}
