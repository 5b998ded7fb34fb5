//! Opens TCP connections and asks an HTTP proxy for a tunnel. Name look-ups block, and nothing can
//! stop them, so each runs in a thread that is left behind when time is up.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{IpAddr, SocketAddr, TcpStream, ToSocketAddrs};
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use super::proxy::{Proxy, ProxyKind, Route};
use super::smtp::{self, Encryption, Shown};
use super::target::{Target, bracketed};
use super::{Connector, Failure, Reach, Waiting};
use crate::text::without_error_numbers;

/// Longest answer of a proxy that is read; its first line is all that counts.
const ANSWER_LIMIT: usize = 8 * 1024;
/// Addresses of one host tried, all at the same time.
const ADDRESSES: usize = 8;

/// Finds the addresses of a name.
pub trait Resolver: Send + Sync {
    /// The addresses; may block for as long as it likes.
    ///
    /// # Errors
    /// That the name is not known or nobody could be asked.
    fn look_up(&self, host: &str) -> io::Result<Vec<IpAddr>>;
}

/// The system's own resolver.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemResolver;

impl Resolver for SystemResolver {
    fn look_up(&self, host: &str) -> io::Result<Vec<IpAddr>> {
        Ok((host, 0).to_socket_addrs()?.map(|address| address.ip()).collect())
    }
}

/// Real connections.
#[derive(Clone)]
pub struct Sockets {
    resolver: Arc<dyn Resolver>,
}

impl Default for Sockets {
    fn default() -> Self {
        Self::with(Arc::new(SystemResolver))
    }
}

impl Sockets {
    /// With another resolver.
    #[must_use]
    pub fn with(resolver: Arc<dyn Resolver>) -> Self {
        Self { resolver }
    }

    fn attempt(&self, target: &Target, route: &Route, until: Instant) -> Result<(), Failure> {
        match route {
            Route::Direct => self.connect(&target.host, target.port, until).map(drop),
            Route::Through(proxy) => self.through(target, proxy, until),
            Route::Unclear(why) => Err(Failure::Unclear(why.clone())),
        }
    }

    fn through(&self, target: &Target, proxy: &Proxy, until: Instant) -> Result<(), Failure> {
        let stream = self
            .connect(&proxy.host, proxy.port, until)
            .map_err(|failure| Failure::NoProxy(Box::new(failure)))?;
        match proxy.kind {
            ProxyKind::Http => tunnel(stream, target, until),
            ProxyKind::Https | ProxyKind::Socks => Err(Failure::BehindProxy),
        }
    }

    fn connect(&self, host: &str, port: u16, until: Instant) -> Result<TcpStream, Failure> {
        let addresses = self.addresses(host, until)?;
        if let [only] = addresses[..] {
            return open(SocketAddr::new(only, port), until);
        }
        let (sender, outcomes) = mpsc::channel();
        for address in addresses.into_iter().take(ADDRESSES) {
            let sender = sender.clone();
            spawn(move || {
                let outcome = open(SocketAddr::new(address, port), until);
                // Whoever asked may have its answer already.
                let _ = sender.send(outcome);
            })?;
        }
        drop(sender);
        first(&outcomes, until)
    }

    fn addresses(&self, host: &str, until: Instant) -> Result<Vec<IpAddr>, Failure> {
        if let Ok(address) = host.parse() {
            return Ok(vec![address]);
        }
        let (sender, answer) = mpsc::channel();
        let (resolver, name) = (Arc::clone(&self.resolver), host.to_owned());
        spawn(move || {
            let _ = sender.send(resolver.look_up(&name));
        })?;
        match answer.recv_timeout(left(until)) {
            Ok(Ok(addresses)) if addresses.is_empty() => {
                Err(Failure::NameUnknown("the name has no address".to_owned()))
            }
            Ok(Ok(addresses)) => Ok(addresses),
            Ok(Err(error)) => Err(Failure::NameUnknown(words(&error))),
            Err(_) => Err(Failure::TimedOut(Waiting::Name)),
        }
    }
}

impl Connector for Sockets {
    fn reach(&self, target: &Target, route: &Route, deadline: Duration) -> Reach {
        let start = Instant::now();
        let failure = self.attempt(target, route, start + deadline).err();
        let millis = u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
        Reach { failure, millis }
    }

    fn look_up(&self, host: &str, deadline: Duration) -> Result<Vec<IpAddr>, Failure> {
        self.addresses(host, Instant::now() + deadline)
    }

    fn mail(
        &self,
        target: &Target,
        encryption: Encryption,
        deadline: Duration,
    ) -> Result<Shown, Failure> {
        let stream = self.connect(&target.host, target.port, Instant::now() + deadline)?;
        Ok(smtp::talk(stream, &target.host, encryption, Instant::now() + deadline))
    }
}

fn spawn(work: impl FnOnce() + Send + 'static) -> Result<(), Failure> {
    let started = thread::Builder::new().name("reach".to_owned()).spawn(work);
    started.map(drop).map_err(|error| Failure::Unreachable(format!("no thread: {error}")))
}

pub(super) fn left(until: Instant) -> Duration {
    // Zero would mean "for ever" to a socket.
    until.saturating_duration_since(Instant::now()).max(Duration::from_millis(1))
}

fn open(address: SocketAddr, until: Instant) -> Result<TcpStream, Failure> {
    TcpStream::connect_timeout(&address, left(until)).map_err(|error| match error.kind() {
        ErrorKind::ConnectionRefused => Failure::Refused,
        ErrorKind::TimedOut | ErrorKind::WouldBlock => Failure::TimedOut(Waiting::Connection),
        _ => Failure::Unreachable(words(&error)),
    })
}

/// The first connection that stands, else the failure that tells most: a host that refuses is
/// there, one that is silent may be, and one without a way tells nothing.
fn first(
    outcomes: &mpsc::Receiver<Result<TcpStream, Failure>>,
    until: Instant,
) -> Result<TcpStream, Failure> {
    let rank = |failure: &Failure| match failure {
        Failure::Refused => 2,
        Failure::TimedOut(_) => 1,
        _ => 0,
    };
    let mut failures = Vec::new();
    loop {
        match outcomes.recv_timeout(left(until)) {
            Ok(Ok(stream)) => return Ok(stream),
            Ok(Err(failure)) => failures.push(failure),
            Err(RecvTimeoutError::Timeout) => {
                failures.push(Failure::TimedOut(Waiting::Connection));
                break;
            }
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    let telling = failures.into_iter().max_by_key(rank);
    Err(telling.unwrap_or(Failure::TimedOut(Waiting::Connection)))
}

/// Asks for a tunnel without naming the user, and hangs up as soon as the proxy has answered.
fn tunnel(mut stream: TcpStream, target: &Target, until: Instant) -> Result<(), Failure> {
    let place = format!("{}:{}", bracketed(&target.host), target.port);
    let request = format!("CONNECT {place} HTTP/1.1\r\nHost: {place}\r\n\r\n");
    let odd = |error: io::Error| match error.kind() {
        ErrorKind::TimedOut | ErrorKind::WouldBlock => Failure::TimedOut(Waiting::Proxy),
        _ => Failure::ProxyOdd(words(&error)),
    };
    stream.set_write_timeout(Some(left(until))).map_err(odd)?;
    stream.write_all(request.as_bytes()).map_err(odd)?;
    let mut answer = Vec::new();
    let mut chunk = [0u8; 512];
    while !answer.contains(&b'\n') && answer.len() < ANSWER_LIMIT {
        if Instant::now() >= until {
            return Err(Failure::TimedOut(Waiting::Proxy));
        }
        stream.set_read_timeout(Some(left(until))).map_err(odd)?;
        match stream.read(&mut chunk).map_err(odd)? {
            0 => break,
            count => answer.extend_from_slice(&chunk[..count]),
        }
    }
    match status(&answer) {
        Some(200..=299) => Ok(()),
        Some(407) => Err(Failure::ProxyLogin),
        Some(status) => Err(Failure::ProxyRefused(status)),
        None if answer.is_empty() => Err(Failure::ProxyOdd("it hung up".to_owned())),
        None => Err(Failure::ProxyOdd("its answer is no HTTP".to_owned())),
    }
}

/// The number in `HTTP/1.1 407 Proxy Authentication Required`, a whole line.
fn status(answer: &[u8]) -> Option<u16> {
    let end = answer.iter().position(|byte| *byte == b'\n')?;
    let line = &answer[..end];
    let mut words = std::str::from_utf8(line).ok()?.split_ascii_whitespace();
    words.next()?.starts_with("HTTP/").then_some(())?;
    words.next()?.parse().ok().filter(|status| (100..600).contains(status))
}

/// The system's words without Rust's frame around them.
pub(super) fn words(error: &io::Error) -> String {
    let text = without_error_numbers(&error.to_string());
    let text = text.strip_prefix("failed to lookup address information: ").unwrap_or(&text);
    let mut letters = text.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect::<String>())
}
