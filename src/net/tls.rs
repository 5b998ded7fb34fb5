//! Shakes hands over TLS and tells the version agreed on and whether the certificate would be
//! believed. A doubtful certificate does not end the handshake, so that both can be told; nothing
//! is ever sent over the connection.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{
    CertificateError, ClientConfig, ClientConnection, DigitallySignedStruct, Error,
    ProtocolVersion, RootCertStore, SignatureScheme,
};

use super::connect::left;

/// How a handshake ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handshake {
    /// The version agreed on, such as `1.3`.
    pub version: String,
    /// Why this machine would not believe the certificate; none where it would.
    pub doubt: Option<String>,
}

/// Shakes hands with `host` over a connection that is open.
///
/// # Errors
/// A fragment that says why there was no handshake.
pub(super) fn shake_hands(
    stream: TcpStream,
    host: &str,
    until: Instant,
) -> Result<Handshake, String> {
    let name = ServerName::try_from(host.to_owned())
        .map_err(|_| format!("`{host}` is no name for a certificate"))?;
    let judge = Arc::new(Judge::new());
    let config = ClientConfig::builder_with_provider(Arc::clone(&judge.provider))
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .dangerous()
        .with_custom_certificate_verifier(Arc::<Judge>::clone(&judge))
        .with_no_client_auth();
    let mut connection =
        ClientConnection::new(Arc::new(config), name).map_err(|error| error.to_string())?;
    let mut stream = Hurried { stream, until };
    while connection.is_handshaking() {
        connection.complete_io(&mut stream).map_err(|error| error.to_string())?;
    }
    let version = match connection.protocol_version() {
        Some(ProtocolVersion::TLSv1_3) => "1.3",
        Some(ProtocolVersion::TLSv1_2) => "1.2",
        _ => return Err("the version agreed on is unknown".to_owned()),
    };
    Ok(Handshake { version: version.to_owned(), doubt: judge.doubt() })
}

/// Believes every certificate for the handshake's sake, and notes what is wrong with it.
#[derive(Debug)]
struct Judge {
    provider: Arc<CryptoProvider>,
    /// What the system's own roots make of it; none where the system has none.
    verifier: Option<Arc<WebPkiServerVerifier>>,
    doubt: Mutex<Option<String>>,
}

impl Judge {
    fn new() -> Self {
        let provider = Arc::new(ring::default_provider());
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        let verifier =
            WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider));
        Self { provider, verifier: verifier.build().ok(), doubt: Mutex::new(None) }
    }

    fn doubt(&self) -> Option<String> {
        self.doubt.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl ServerCertVerifier for Judge {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let doubt = match &self.verifier {
            None => Some("this system has no certificates of its own to believe in".to_owned()),
            Some(verifier) => verifier
                .verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
                .err()
                .map(|error| words(&error)),
        };
        *self.doubt.lock().unwrap_or_else(PoisonError::into_inner) = doubt;
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

/// Why a certificate is not believed, in words.
pub(super) fn words(error: &Error) -> String {
    let Error::InvalidCertificate(error) = error else { return error.to_string() };
    match error {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => "it has expired",
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "it is not valid yet"
        }
        CertificateError::UnknownIssuer => "nobody this system believes in has issued it",
        CertificateError::BadSignature => "the one it names has not signed it",
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "it belongs to another host"
        }
        CertificateError::Revoked => "it was revoked",
        other => return format!("{other:?}"),
    }
    .to_owned()
}

/// A connection that ends when time is up, however slowly the other side drips.
struct Hurried {
    stream: TcpStream,
    until: Instant,
}

impl Hurried {
    fn check(&self) -> io::Result<()> {
        if Instant::now() >= self.until {
            return Err(io::ErrorKind::TimedOut.into());
        }
        Ok(())
    }
}

impl Read for Hurried {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.check()?;
        self.stream.set_read_timeout(Some(left(self.until)))?;
        self.stream.read(buffer)
    }
}

impl Write for Hurried {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        self.check()?;
        self.stream.set_write_timeout(Some(left(self.until)))?;
        self.stream.write(buffer)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}
