//! Reaching hosts: loopback listeners stand in for them. No name is ever looked up for real: names
//! go to a resolver of the test's own.

use std::io::{self, Read, Write};
use std::net::{IpAddr, Ipv4Addr, TcpListener};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use onramp::net::{
    Connector, Encryption, Failure, Reach, Resolver, Route, Shown, Sockets, Target, Waiting, target,
};
use onramp::probe::reach::{Arguments, Item, reach};
use onramp::sys::recorded::Recorded;

const SHORT: Duration = Duration::from_millis(300);

/// Knows one name.
struct OneName;

impl Resolver for OneName {
    fn look_up(&self, host: &str) -> io::Result<Vec<IpAddr>> {
        match host {
            "here.example" => Ok(vec![Ipv4Addr::LOCALHOST.into()]),
            "nowhere.example" => Ok(Vec::new()),
            _ => Err(io::Error::other("Name or service not known")),
        }
    }
}

/// Answers when the test is over, if ever.
struct Stuck(Mutex<Receiver<()>>);

impl Resolver for Stuck {
    fn look_up(&self, _host: &str) -> io::Result<Vec<IpAddr>> {
        let _ = self.0.lock().unwrap().recv();
        Err(io::Error::other("too late"))
    }
}

fn listener() -> (TcpListener, u16) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    (listener, port)
}

/// A port where nothing listens: one that was free a moment ago.
fn closed() -> u16 {
    listener().1
}

/// A proxy that answers every request alike and hands over what it was asked.
fn proxy(answer: &'static str) -> (u16, Receiver<String>) {
    let (listener, port) = listener();
    let (sender, asked) = channel();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut request = Vec::new();
            let mut byte = [0u8];
            while !request.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap() == 1 {
                request.push(byte[0]);
            }
            stream.write_all(answer.as_bytes()).unwrap();
            if sender.send(String::from_utf8(request).unwrap()).is_err() {
                return;
            }
        }
    });
    (port, asked)
}

fn straight(host: &str, port: u16) -> Option<Failure> {
    let target = target::parse(&format!("https://{host}:{port}/x")).unwrap();
    Sockets::with(Arc::new(OneName)).reach(&target, &Route::Direct, SHORT).failure
}

#[test]
fn direct_connections() {
    let (_listener, open) = listener();
    assert_eq!(straight("127.0.0.1", open), None);
    assert_eq!(straight("here.example", open), None);
    assert_eq!(straight("127.0.0.1", closed()), Some(Failure::Refused));
    let unknown = straight("gone.example", open);
    assert_eq!(unknown, Some(Failure::NameUnknown("name or service not known".into())));
    assert!(matches!(straight("nowhere.example", open), Some(Failure::NameUnknown(_))));
}

#[test]
fn a_name_that_is_never_answered_is_left_behind() {
    let (_hold, never) = channel();
    let sockets = Sockets::with(Arc::new(Stuck(Mutex::new(never))));
    let target = target::parse("https://slow.example/").unwrap();
    let reached = sockets.reach(&target, &Route::Direct, SHORT);
    assert_eq!(reached.failure, Some(Failure::TimedOut(Waiting::Name)));
    assert!(reached.millis >= 300 && reached.millis < 3000, "{}", reached.millis);
}

/// Looks from a recorded machine with the given variables and proxies.
fn look(env: &str, arguments: &str) -> Vec<Item> {
    let machine = Recorded::read(&format!("env: {{ {env} }}\nfolders: [/srv/maven]")).unwrap();
    let arguments: Arguments = serde_json::from_str(arguments).unwrap();
    reach(&machine, &Sockets::with(Arc::new(OneName)), &arguments).targets
}

fn one(env: &str, url: &str) -> Item {
    look(env, &format!(r#"{{"urls": [{{"url": "{url}", "what": "it"}}]}}"#)).pop().unwrap()
}

const TARGET: &str = "https://user:s3cret@far.example/apache/x.git";

#[test]
fn through_a_proxy_that_lets_us() {
    let (port, asked) = proxy("HTTP/1.1 200 Connection established\r\n\r\n");
    let item = one(&format!("https_proxy: 'http://ada:s3cret@127.0.0.1:{port}'"), TARGET);
    assert_eq!((item.reachable, item.error, item.reason.clone()), (Some(true), None, None));
    assert_eq!(item.via, format!("127.0.0.1:{port} (https_proxy)"));
    assert_eq!(item.url, "https://far.example/apache/x.git");
    let request = asked.recv().unwrap();
    assert_eq!(request, "CONNECT far.example:443 HTTP/1.1\r\nHost: far.example:443\r\n\r\n");
}

#[test]
fn proxies_that_do_not() {
    let login = "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n\r\n";
    let cases = [
        (login, "", Some(false), "proxy-login", "wants a login, and https_proxy holds none"),
        (login, "ada:s3cret@", None, "proxy-login", "yours was not sent"),
        ("HTTP/1.0 403 Forbidden\r\n\r\n", "", Some(false), "proxy-refused", "(HTTP 403)"),
        ("HTTP/1.1 503 No\r\n\r\n", "", Some(false), "proxy-refused", "(HTTP 503)"),
        ("220 mail ready\r\n", "", Some(false), "proxy-odd", "is no HTTP"),
    ];
    for (answer, login, reachable, error, says) in cases {
        let (port, _asked) = proxy(answer);
        let item = one(&format!("https_proxy: 'http://{login}127.0.0.1:{port}'"), TARGET);
        assert_eq!((item.reachable, item.error), (reachable, Some(error)), "{answer}");
        let reason = item.reason.unwrap();
        assert!(reason.contains(says) && !reason.contains("s3cret"), "{reason}");
        assert!(reason.contains(&format!("127.0.0.1:{port} from https_proxy")), "{reason}");
    }
    let item = one(&format!("https_proxy: '127.0.0.1:{}'", closed()), TARGET);
    assert_eq!(item.error, Some("no-proxy"));
    assert!(item.reason.unwrap().contains("cannot be reached: 127.0.0.1 refuses connections"));
}

#[test]
fn a_proxy_that_accepts_and_says_nothing_times_out() {
    let (listener, port) = listener();
    let target = target::parse(TARGET).unwrap();
    let env = move |name: &str| (name == "https_proxy").then(|| format!("127.0.0.1:{port}"));
    let route = onramp::net::proxy::for_git(&target, &[], &env);
    let reached = Sockets::default().reach(&target, &route, SHORT);
    assert_eq!(reached.failure, Some(Failure::TimedOut(Waiting::Proxy)));
    drop(listener);
}

#[test]
fn what_lies_beyond_some_proxies_stays_open() {
    let (_listener, port) = listener();
    let socks = one(&format!("all_proxy: 'socks5h://127.0.0.1:{port}'"), TARGET);
    assert_eq!((socks.reachable, socks.error), (None, Some("behind-proxy")));
    let (port, _asked) = proxy("HTTP/1.1 405 No\r\n\r\n");
    let plain = one(&format!("http_proxy: '127.0.0.1:{port}'"), "http://far.example/maven2");
    assert_eq!((plain.reachable, plain.error), (None, Some("proxy-refused")));
    let unclear = one("https_proxy: 'quic://p'", TARGET);
    assert_eq!((unclear.reachable, unclear.error), (None, Some("unclear-setting")));
}

/// Counts trips and answers none.
struct Counter(Mutex<Vec<String>>);

impl Connector for Counter {
    fn reach(&self, target: &Target, _route: &Route, _deadline: Duration) -> Reach {
        self.0.lock().unwrap().push(format!("{}:{}", target.host, target.port));
        Reach { failure: Some(Failure::Refused), millis: 1 }
    }
    fn look_up(&self, _: &str, _: Duration) -> Result<Vec<IpAddr>, Failure> {
        Err(Failure::Refused)
    }
    fn mail(&self, _: &Target, _: Encryption, _: Duration) -> Result<Shown, Failure> {
        Err(Failure::Refused)
    }
}

#[test]
fn each_host_and_way_is_tried_once() {
    let machine = Recorded::read("env: { https_proxy: 'p:1' }").unwrap();
    let arguments = r#"{"urls": [
        {"url": "https://a.example/one", "what": "one", "file": "pom.xml", "line": 7, "tool": "maven"},
        {"url": "https://a.example/two", "what": "two", "tool": "maven", "mirror_of": "central"},
        {"url": "https://a.example/three", "what": "three"},
        {"url": "https://a.example:8443/four", "what": "four"}]}"#;
    let counter = Counter(Mutex::default());
    let found = reach(&machine, &counter, &serde_json::from_str(arguments).unwrap());
    assert_eq!(counter.0.into_inner().unwrap().len(), 3);
    assert!(found.present);
    let first = &found.targets[0];
    assert_eq!(
        (first.what.as_str(), first.file.as_deref(), first.line),
        ("one", Some("pom.xml"), Some(7))
    );
    assert_eq!(first.via, "direct");
    let hint = "https_proxy is set, but Maven does not read it";
    assert!(first.reason.as_ref().unwrap().contains(hint), "{:?}", first.reason);
    assert_eq!(found.targets[1].mirror_of.as_deref(), Some("central"));
    assert_eq!(found.targets[2].via, "p:1 (https_proxy)");
}

#[test]
fn folders_and_riddles() {
    let here = one("", "file:///srv/maven");
    assert_eq!((here.reachable, here.via.as_str()), (Some(true), "local"));
    let gone = one("", "/srv/gone");
    assert_eq!((gone.reachable, gone.error), (Some(false), Some("no-folder")));
    let riddle = one("", "s3://ada:s3cret@bucket/x");
    assert_eq!((riddle.reachable, riddle.error), (None, Some("address")));
    assert!(!riddle.url.contains("s3cret"), "{}", riddle.url);
}
