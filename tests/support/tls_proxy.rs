//! TLS on loopback with an authority made for the test: in front of another server, or playing one
//! that misbehaves. Counts connections and keeps the requests that came.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use base64::Engine;
use base64::prelude::BASE64_STANDARD as STANDARD;
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, PublicKeyData,
};
use rustls::crypto::ring;
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// One request as it came: its first line, and its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Request {
    pub(crate) line: String,
    pub(crate) body: String,
}

/// An answer to play: status line and headers, content.
pub(crate) type Reply = (String, Vec<u8>);

/// What stands behind the encryption.
pub(crate) enum Behind {
    /// A server at this port.
    Server(u16),
    /// Nobody: each request is answered by the function.
    Played(Box<dyn Fn(&Request) -> Reply + Send + Sync>),
    /// Nobody: the request is read, and the connection cut.
    Cut,
    /// Nobody: the request is read, and no answer comes until the client hangs up.
    Stall,
}

/// A running proxy; lives as long as the test.
pub(crate) struct TlsProxy {
    /// Where it listens.
    pub(crate) port: u16,
    /// The authority's certificate.
    pub(crate) authority: String,
    connections: Arc<AtomicUsize>,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl TlsProxy {
    /// In front of something, with a certificate for these names.
    pub(crate) fn start(behind: Behind, names: &[&str]) -> Self {
        let (config, authority) = certified(names);
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let (connections, requests) = (Arc::default(), Arc::default());
        let proxy = Self {
            port,
            authority,
            connections: Arc::clone(&connections),
            requests: Arc::clone(&requests),
        };
        let behind = Arc::new(behind);
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                connections.fetch_add(1, Ordering::SeqCst);
                let (config, behind) = (Arc::clone(&config), Arc::clone(&behind));
                let requests: Arc<Mutex<Vec<Request>>> = Arc::clone(&requests);
                thread::spawn(move || {
                    let connection = ServerConnection::new(config).unwrap();
                    // How a conversation ends is the client's to tell.
                    let _ = serve(StreamOwned::new(connection, stream), &behind, &requests);
                });
            }
        });
        proxy
    }

    /// Writes the authority's certificate into a folder.
    pub(crate) fn certificate(&self, folder: &Path) -> PathBuf {
        let file = folder.join(format!("authority-{}.pem", self.port));
        std::fs::write(&file, &self.authority).unwrap();
        file
    }

    /// How many connections came.
    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// The requests that came.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }
}

/// A certificate for names, and the authority that vouches for it.
fn certified(names: &[&str]) -> (Arc<ServerConfig>, String) {
    let (own, key) = (KeyPair::generate().unwrap(), KeyPair::generate().unwrap());
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    // Two authorities of one name would be taken for one that signed badly.
    let name = format!("authority {:x?}", &own.der_bytes()[1..9]);
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(params, own).unwrap();
    let names: Vec<String> = names.iter().map(ToString::to_string).collect();
    let own = CertificateParams::new(names).unwrap().signed_by(&key, &authority).unwrap();
    let secret = PrivatePkcs8KeyDer::from(key.serialize_der());
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![own.der().clone()], secret.into())
        .unwrap();
    (Arc::new(config), pem(authority.der()))
}

fn pem(certificate: &[u8]) -> String {
    let text = STANDARD.encode(certificate);
    format!("-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n")
}

type Encrypted = StreamOwned<ServerConnection, TcpStream>;

fn serve(mut stream: Encrypted, behind: &Behind, requests: &Mutex<Vec<Request>>) -> io::Result<()> {
    let (head, request) = read(&mut stream)?;
    requests.lock().unwrap().push(request.clone());
    match behind {
        Behind::Server(port) => {
            let mut server = TcpStream::connect((Ipv4Addr::LOCALHOST, *port))?;
            server.write_all(head.as_bytes())?;
            server.write_all(request.body.as_bytes())?;
            io::copy(&mut server, &mut stream)?;
        }
        Behind::Played(reply) => {
            let (head, body) = reply(&request);
            let length = body.len();
            write!(stream, "HTTP/1.1 {head}\r\nContent-Length: {length}\r\n\r\n")?;
            stream.write_all(&body)?;
        }
        Behind::Cut => return stream.sock.shutdown(Shutdown::Both),
        Behind::Stall => return stream.read(&mut [0]).map(drop),
    }
    stream.conn.send_close_notify();
    stream.flush()
}

/// One request: what comes before its content, and itself.
fn read(stream: &mut Encrypted) -> io::Result<(String, Request)> {
    let mut client = BufReader::new(stream);
    let (mut head, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        if client.read_line(&mut line)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().map_err(io::Error::other)?;
        }
        head.push_str(&line);
        if line.trim().is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    client.read_exact(&mut body)?;
    let line = head.lines().next().unwrap_or_default().to_owned();
    Ok((head, Request { line, body: String::from_utf8_lossy(&body).into_owned() }))
}
