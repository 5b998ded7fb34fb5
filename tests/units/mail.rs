//! Asking mail servers, all of them on loopback: what each manner of answering comes to.

use std::io;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Duration;

use onramp::net::{Connector, Encryption, Failure, Resolver, Shown, Sockets, Target, target};
use rustls::version::{TLS12, TLS13};

use crate::support::mail_server::{Manner, start};

/// Knows the server by the name in its certificate.
struct Here;

impl Resolver for Here {
    fn look_up(&self, _: &str) -> io::Result<Vec<IpAddr>> {
        Ok(vec![Ipv4Addr::LOCALHOST.into()])
    }
}

fn at(port: u16) -> Target {
    target::parse(&format!("ssh://here.example:{port}")).unwrap()
}

fn ask(manner: Manner, encryption: Encryption) -> Shown {
    let sockets = Sockets::with(Arc::new(Here));
    sockets.mail(&at(start(manner)), encryption, Duration::from_secs(3)).unwrap()
}

fn problem(lines: &'static [&'static str]) -> String {
    let shown = ask(Manner::Says(lines), Encryption::Asked);
    assert_eq!(shown.handshake, None);
    shown.problem.unwrap()
}

#[test]
fn the_version_agreed_on_and_the_doubt_about_the_certificate_are_told() {
    let cases = [
        (Manner::Encrypts(&TLS13), Encryption::Asked, "1.3", Some(true)),
        (Manner::Encrypts(&TLS12), Encryption::Asked, "1.2", Some(true)),
        (Manner::EncryptsAtOnce(&TLS13), Encryption::FromTheStart, "1.3", None),
    ];
    for (manner, encryption, version, offers) in cases {
        let shown = ask(manner, encryption);
        let handshake = shown.handshake.unwrap_or_else(|| panic!("{:?}", shown.problem));
        assert_eq!((handshake.version.as_str(), shown.offers_encryption), (version, offers));
        assert!(handshake.doubt.is_some(), "nobody believes in a certificate made for a test");
    }
}

#[test]
fn a_server_that_does_not_encrypt_says_so_in_words() {
    assert_eq!(problem(&["220 here", "250 SIZE 1000"]), "it offers no STARTTLS");
    assert_eq!(
        problem(&["220 here", "250-x\r\n250 STARTTLS", "454 TLS not available"]),
        "it answered STARTTLS with: 454 TLS not available"
    );
    assert_eq!(problem(&["554 go away"]), "it answered the connection with: 554 go away");
    assert_eq!(problem(&["HTTP/1.1 400 Bad Request"]), "its answer to the connection is no SMTP");
    let plain = ask(Manner::Says(&["220 here"]), Encryption::FromTheStart);
    assert!(plain.problem.is_some() && plain.handshake.is_none(), "{plain:?}");
}

#[test]
fn a_silent_server_is_left_when_time_is_up() {
    let sockets = Sockets::with(Arc::new(Here));
    let port = start(Manner::IsSilent);
    let shown = sockets.mail(&at(port), Encryption::Asked, Duration::from_millis(200)).unwrap();
    assert_eq!(shown.problem.as_deref(), Some("the connection was not answered in time"));
}

#[test]
fn a_closed_port_is_a_failure_to_reach_it() {
    let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let sockets = Sockets::with(Arc::new(Here));
    let failure = sockets.mail(&at(port), Encryption::Asked, Duration::from_secs(3)).unwrap_err();
    assert_eq!(failure, Failure::Refused);
}
