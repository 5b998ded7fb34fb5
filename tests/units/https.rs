//! HTTPS: patience, proxies and addresses, on loopback.

use std::io::{BufRead, BufReader, Write, copy};
use std::net::{Ipv4Addr, Ipv6Addr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use onramp::net::https::{Failed, Form, Https, Patience};
use onramp::net::proxy::{GitProxy, Way, way_for_git};
use onramp::net::{Route, Target, target};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use crate::support::tls_proxy::{Behind, TlsProxy};

const SHORT: Patience =
    Patience { connect: Duration::from_millis(300), whole: Duration::from_millis(600) };

fn roots(proxy: &TlsProxy) -> Vec<CertificateDer<'static>> {
    vec![CertificateDer::from_pem_slice(proxy.authority.as_bytes()).unwrap()]
}

fn to(port: u16) -> Target {
    target::parse(&format!("https://127.0.0.1:{port}")).unwrap()
}

fn direct() -> Way {
    Way { route: Route::Direct, address: None }
}

fn hello() -> TlsProxy {
    let reply = |_: &_| ("200 OK".to_owned(), b"hello".to_vec());
    TlsProxy::start(Behind::Played(Box::new(reply)), &["127.0.0.1", "::1"])
}

fn https(proxy: &TlsProxy, way: Way, patience: Patience) -> Https {
    Https::new(to(proxy.port), way, &roots(proxy), patience).unwrap()
}

#[test]
fn a_form_arrives_as_it_was_meant() {
    let proxy = hello();
    let https = https(&proxy, direct(), Patience::default());
    let answer = https.post("/add", Form::Fields(&[("text", "a+b c&d=é\n")])).unwrap();
    assert_eq!((answer.status, answer.body.as_slice()), (200, b"hello".as_slice()));
    let request = &proxy.requests()[0];
    assert_eq!(request.line, "POST /add HTTP/1.1");
    assert_eq!(request.body, "text=a%2Bb+c%26d%3D%C3%A9%0A");
}

#[test]
fn a_server_that_never_answers_is_not_waited_for() {
    let proxy = TlsProxy::start(Behind::Stall, &["127.0.0.1"]);
    let start = Instant::now();
    let failed = https(&proxy, direct(), SHORT).post("/", Form::Json("{}".to_owned())).unwrap_err();
    assert!(failed.sent && failed.what.contains("had not answered within 0.6 s"), "{failed:?}");
    assert!(start.elapsed() < Duration::from_secs(5));
}

#[test]
fn a_port_that_never_speaks_tls_is_not_waited_for() {
    let silent = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = silent.local_addr().unwrap().port();
    let https = Https::new(to(port), direct(), &roots(&hello()), SHORT).unwrap();
    let failed = https.post("/", Form::Json("{}".to_owned())).unwrap_err();
    assert!(!failed.sent && failed.what.contains("did not answer within 0.3 s"), "{failed:?}");
}

#[test]
fn a_port_that_speaks_something_else_is_said_to() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let _ = stream.write_all(b"220 mail.example ESMTP\r\n");
        let _ = BufReader::new(stream).read_line(&mut String::new());
    });
    let https = Https::new(to(port), direct(), &roots(&hello()), Patience::default()).unwrap();
    let failed = https.post("/", Form::Json("{}".to_owned())).unwrap_err();
    let what = "127.0.0.1 does not speak TLS there".to_owned();
    assert_eq!(failed, Failed { what, sent: false });
}

#[test]
fn an_address_of_ipv6_is_reached() {
    let Ok(listener) = TcpListener::bind((Ipv6Addr::LOCALHOST, 0)) else {
        // A machine without it has nothing to reach.
        return;
    };
    let proxy = hello();
    let port = listener.local_addr().unwrap().port();
    let behind = proxy.port;
    thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        join(stream, TcpStream::connect((Ipv4Addr::LOCALHOST, behind)).unwrap());
    });
    let there = target::parse(&format!("https://[::1]:{port}")).unwrap();
    let https = Https::new(there, direct(), &roots(&proxy), Patience::default()).unwrap();
    assert_eq!(https.get("/").unwrap().body, b"hello");
}

#[test]
fn a_proxy_is_used_with_its_login_and_sees_no_more_than_the_name() {
    let proxy = hello();
    let (port, heads) = tunnel("200 Connection established");
    let way = way_through(&format!("http://ada:s3cr%40t@127.0.0.1:{port}"));
    let answer = https(&proxy, way, Patience::default()).get("/secret").unwrap();
    assert_eq!(answer.body, b"hello");
    let head = heads.recv().unwrap();
    assert!(head.starts_with(&format!("CONNECT 127.0.0.1:{} HTTP/1.1\r\n", proxy.port)), "{head}");
    // `ada:s3cr@t` in base64.
    assert!(head.contains("Basic YWRhOnMzY3JAdA=="), "{head}");
    assert!(!head.contains("secret"), "{head}");
}

#[test]
fn a_proxy_that_refuses_is_named_without_its_login() {
    let proxy = hello();
    let (port, _heads) = tunnel("403 Forbidden");
    let way = way_through(&format!("ada:s3cret@127.0.0.1:{port}"));
    let failed = https(&proxy, way, Patience::default()).post("/", Form::Json("{}".to_owned()));
    let Failed { what, sent } = failed.unwrap_err();
    assert!(!sent, "{what}");
    let named = format!("through the proxy 127.0.0.1:{port} from git's http.proxy");
    assert!(what.contains(&named) && !what.contains("s3cret"), "{what}");
    assert_eq!(proxy.connections(), 0);
}

#[test]
fn a_proxy_that_cannot_be_understood_ends_it() {
    let proxy = hello();
    let way = way_through("gopher://127.0.0.1");
    let why = Https::new(to(proxy.port), way, &roots(&proxy), SHORT).err().unwrap();
    assert!(why.contains("git's http.proxy cannot be understood"), "{why}");
}

fn way_through(address: &str) -> Way {
    let settings = [GitProxy { url: None, proxy: address.to_owned() }];
    way_for_git(&to(443), &settings, &|_| None)
}

/// An HTTP proxy that answers one request for a tunnel; what it was asked.
fn tunnel(status: &'static str) -> (u16, Receiver<String>) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let (sender, heads) = channel();
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut client = BufReader::new(stream.try_clone().unwrap());
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            client.read_line(&mut head).unwrap();
        }
        write!(stream, "HTTP/1.1 {status}\r\n\r\n").unwrap();
        let place = head.split(' ').nth(1).unwrap().to_owned();
        sender.send(head).unwrap();
        if status.starts_with("200") {
            join(stream, TcpStream::connect(place).unwrap());
        }
    });
    (port, heads)
}

/// Carries bytes both ways until both sides are done.
fn join(one: TcpStream, other: TcpStream) {
    let (mut from, mut to) = (one.try_clone().unwrap(), other.try_clone().unwrap());
    let there = thread::spawn(move || copy(&mut from, &mut to));
    let (mut from, mut to) = (other, one);
    // The client hangs up when it has what it wanted.
    let _ = copy(&mut from, &mut to);
    drop((from, to));
    let _ = there.join();
}
