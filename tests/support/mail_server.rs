//! A mail server on loopback: says what it is told to, line by line, and shakes hands over TLS with
//! a certificate made for the test. Takes no mail.

use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

use rustls::crypto::ring;
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::{ServerConfig, ServerConnection, SupportedProtocolVersion};

/// What the server does with the one connection it takes.
pub(crate) enum Manner {
    /// Speaks SMTP, offers STARTTLS, and encrypts with this version.
    Encrypts(&'static SupportedProtocolVersion),
    /// Encrypts from the first byte on.
    EncryptsAtOnce(&'static SupportedProtocolVersion),
    /// Says these lines, each in answer to one of the client's, the first unasked.
    Says(&'static [&'static str]),
    /// Says nothing and keeps the line open.
    IsSilent,
}

/// Starts it and tells its port.
pub(crate) fn start(manner: Manner) -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        // How the conversation ends is the client's to tell.
        let _ = serve(stream, &manner);
    });
    port
}

fn serve(mut stream: TcpStream, manner: &Manner) -> std::io::Result<()> {
    match manner {
        Manner::Encrypts(version) => {
            let lines =
                ["220 here ESMTP", "250-here\r\n250-PIPELINING\r\n250 STARTTLS", "220 go on"];
            say(&mut stream, &lines)?;
            shake_hands(stream, version)
        }
        Manner::EncryptsAtOnce(version) => shake_hands(stream, version),
        Manner::Says(lines) => {
            say(&mut stream, lines)?;
            let mut rest = String::new();
            BufReader::new(stream).read_line(&mut rest).map(drop)
        }
        Manner::IsSilent => BufReader::new(stream).read_line(&mut String::new()).map(drop),
    }
}

/// One line, then one more for each line of the client's.
fn say(stream: &mut TcpStream, lines: &[&str]) -> std::io::Result<()> {
    let mut client = BufReader::new(stream.try_clone()?);
    for (count, line) in lines.iter().enumerate() {
        if count > 0 {
            client.read_line(&mut String::new())?;
        }
        stream.write_all(format!("{line}\r\n").as_bytes())?;
    }
    Ok(())
}

fn shake_hands(
    mut stream: TcpStream,
    version: &'static SupportedProtocolVersion,
) -> std::io::Result<()> {
    let made = rcgen::generate_simple_self_signed(vec!["here.example".to_owned()]).unwrap();
    let key = PrivatePkcs8KeyDer::from(made.signing_key.serialize_der());
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_protocol_versions(&[version])
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key.into())
        .unwrap();
    let mut connection = ServerConnection::new(Arc::new(config)).unwrap();
    while connection.is_handshaking() {
        connection.complete_io(&mut stream)?;
    }
    BufReader::new(stream).read_line(&mut String::new()).map(drop)
}
