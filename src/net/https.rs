//! Asks an HTTPS server and tells it what the user agreed to tell. Believes only certificates that
//! this system vouches for, follows no redirect, reads no more than a bound and waits no longer
//! than its patience; keeps no connection, no cookie and no login.

use std::io::{self, ErrorKind};
use std::sync::Arc;
use std::time::Duration;

use rustls::crypto::ring;
use rustls::pki_types::CertificateDer;
use ureq::tls::{Certificate, RootCerts, TlsConfig};
use ureq::{Agent, Error, Proxy, Timeout};

use super::connect::words;
use super::proxy::{Route, Way};
use super::target::{Target, bracketed};
use super::tls;

/// Most bytes of an answer that are read: a key that strangers flooded with signatures has some.
const ANSWER_LIMIT: u64 = 8 << 20;

/// How long to wait.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// For the name, the connection and the encryption.
    pub connect: Duration,
    /// For a whole request with its answer.
    pub whole: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { connect: Duration::from_secs(10), whole: Duration::from_secs(30) }
    }
}

/// One server, and the way to it.
pub struct Https {
    agent: Agent,
    target: Target,
    route: Route,
    patience: Patience,
}

/// What is sent along.
pub enum Form<'a> {
    /// Fields of a form.
    Fields(&'a [(&'a str, &'a str)]),
    /// JSON.
    Json(String),
}

/// What a server answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Its status.
    pub status: u16,
    /// Its content.
    pub body: Vec<u8>,
    /// Where it sends on to.
    pub location: Option<String>,
    /// How many seconds it asks to wait.
    pub retry_after: Option<u64>,
}

/// Why there was no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failed {
    /// A fragment that names the host, and the proxy where there is one.
    pub what: String,
    /// Whether something of the request may have arrived.
    pub sent: bool,
}

/// The certificates that this system believes in.
///
/// # Errors
/// That there are none, and why.
pub fn system_certificates() -> Result<Vec<CertificateDer<'static>>, String> {
    let found = rustls_native_certs::load_native_certs();
    if !found.certs.is_empty() {
        return Ok(found.certs);
    }
    let why = found.errors.first().map(|error| format!(": {error}")).unwrap_or_default();
    Err(format!("this system has no certificates of its own to believe in{why}"))
}

impl Https {
    /// To a server by a way, believing these certificates.
    ///
    /// # Errors
    /// A fragment that says why there is no such way.
    pub fn new(
        target: Target,
        way: Way,
        roots: &[CertificateDer<'static>],
        patience: Patience,
    ) -> Result<Self, String> {
        if let Route::Unclear(why) = way.route {
            return Err(why);
        }
        let roots: Vec<_> =
            roots.iter().map(|root| Certificate::from_der(root).to_owned()).collect();
        let tls = TlsConfig::builder()
            .unversioned_rustls_crypto_provider(Arc::new(ring::default_provider()))
            .root_certs(RootCerts::new_with_certs(&roots))
            .build();
        let proxy = way.address.as_deref().map(Proxy::new).transpose();
        let proxy = proxy.map_err(|_| "the proxy's address cannot be understood".to_owned())?;
        let agent = Agent::config_builder()
            .https_only(true)
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .max_idle_connections(0)
            .user_agent("onramp")
            .timeout_connect(Some(patience.connect))
            .timeout_global(Some(patience.whole))
            .proxy(proxy)
            .tls_config(tls)
            .build()
            .new_agent();
        Ok(Self { agent, target, route: way.route, patience })
    }

    /// Reads what lies at a path.
    ///
    /// # Errors
    /// Why there was no answer.
    pub fn get(&self, path: &str) -> Result<Answer, Failed> {
        let answer = self.agent.get(self.address(path)).call();
        answer.and_then(read).map_err(|error| Failed { sent: false, ..self.failed(&error) })
    }

    /// Hands something over.
    ///
    /// # Errors
    /// Why there was no answer.
    pub fn post(&self, path: &str, form: Form<'_>) -> Result<Answer, Failed> {
        let request = self.agent.post(self.address(path));
        let answer = match form {
            Form::Fields(fields) => request.send_form(fields.iter().copied()),
            Form::Json(text) => request.content_type("application/json").send(text),
        };
        answer.and_then(read).map_err(|error| self.failed(&error))
    }

    fn address(&self, path: &str) -> String {
        format!("https://{}:{}{path}", bracketed(&self.target.host), self.target.port)
    }

    fn failed(&self, error: &Error) -> Failed {
        let (what, sent) = self.story(error);
        let what = match &self.route {
            Route::Through(proxy) => format!(
                "through the proxy {}:{} from {}: {what}",
                bracketed(&proxy.host),
                proxy.port,
                proxy.named_by
            ),
            Route::Direct | Route::Unclear(_) => what,
        };
        Failed { what, sent }
    }

    /// What happened, and whether the request may have arrived.
    fn story(&self, error: &Error) -> (String, bool) {
        let Target { host, port, .. } = &self.target;
        let seconds = |patience: Duration| patience.as_secs_f32();
        let connect = seconds(self.patience.connect);
        match error {
            Error::Timeout(Timeout::Resolve) => {
                (format!("looking up the name {host} took longer than {connect} s"), false)
            }
            Error::Timeout(Timeout::Connect) => {
                (format!("{host}:{port} did not answer within {connect} s"), false)
            }
            Error::Timeout(_) => {
                let whole = seconds(self.patience.whole);
                (format!("{host}:{port} had not answered within {whole} s"), true)
            }
            Error::HostNotFound => (format!("the name {host} has no address"), false),
            Error::ConnectProxyFailed(why) => {
                (format!("it does not connect to {host}: {why}"), false)
            }
            Error::Rustls(error) => distrust(host, error),
            Error::Io(error) => self.interrupted(error),
            Error::BodyExceedsLimit(limit) => {
                (format!("the answer of {host} is larger than {} MiB", limit >> 20), true)
            }
            other => (format!("{host}:{port} did not speak as expected: {other}"), true),
        }
    }

    fn interrupted(&self, error: &io::Error) -> (String, bool) {
        let Target { host, port, .. } = &self.target;
        if let Some(error) = error.get_ref().and_then(|inner| inner.downcast_ref()) {
            return distrust(host, error);
        }
        match error.kind() {
            ErrorKind::ConnectionRefused => {
                (format!("nothing answers at port {port} of {host}"), false)
            }
            ErrorKind::NetworkUnreachable | ErrorKind::HostUnreachable => {
                (format!("no way leads to {host}: {}", words(error)), false)
            }
            _ if error.to_string().starts_with("failed to lookup") => {
                (format!("the name {host} cannot be looked up: {}", words(error)), false)
            }
            ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset | ErrorKind::BrokenPipe => {
                (format!("{host}:{port} hung up before it had answered"), true)
            }
            _ => (format!("the connection to {host} broke: {}", words(error)), true),
        }
    }
}

/// Why a server was not believed; nothing of a request is sent before that.
fn distrust(host: &str, error: &rustls::Error) -> (String, bool) {
    match error {
        rustls::Error::InvalidCertificate(_) => {
            (format!("the certificate of {host} is not believed: {}", tls::words(error)), false)
        }
        rustls::Error::InvalidMessage(_) => (format!("{host} does not speak TLS there"), false),
        other => (format!("{host} cannot be spoken to safely: {other}"), true),
    }
}

fn read(answer: ureq::http::Response<ureq::Body>) -> Result<Answer, Error> {
    let header = |name: &str| {
        answer
            .headers()
            .get(name)
            .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
    };
    let (location, retry) = (header("location"), header("retry-after"));
    let status = answer.status().as_u16();
    let body = answer.into_body().into_with_config().limit(ANSWER_LIMIT).read_to_vec()?;
    Ok(Answer {
        status,
        body,
        location,
        retry_after: retry.and_then(|wait| wait.trim().parse().ok()),
    })
}
