//! `onramp key publish` against servers that misbehave, and against the interface of
//! keys.openpgp.org, played by its documentation.

use std::sync::{Arc, Mutex};

use crate::support::process::Output;
use crate::support::publishing::{HOST, Publishing};
use crate::support::tls_proxy::{Behind, Reply, Request, TlsProxy};
use crate::support::world::write;

fn played(reply: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Publishing {
    Publishing::behind(Behind::Played(Box::new(reply)))
}

fn status(line: &str) -> Reply {
    (line.to_owned(), Vec::new())
}

#[track_caller]
fn ends(done: &Output, code: i32, why: &str) {
    let said = format!("{}{}", done.stdout(), done.stderr());
    assert_eq!(done.code, Some(code), "{said}");
    assert!(said.contains(why), "{why}\n{said}");
}

#[test]
fn a_server_that_says_yes_and_keeps_nothing_is_found_out() {
    let own = played(|request| match request.line.starts_with("POST") {
        true => ("200 OK".to_owned(), b"Key block added to key server database".to_vec()),
        false => status("404 Not found"),
    });
    let done = own.agreed();
    ends(&done, 1, "does not have your key");
    let said = "it had said «Key block added to key server database»";
    assert!(done.stderr().contains(said), "{}", done.stderr());
}

#[test]
fn a_refusal_is_told_with_what_to_do() {
    for (line, said, why) in [
        ("429 Too Many Requests\r\nRetry-After: 60", "", "(HTTP 429), again in 60 s"),
        ("503 Service Unavailable", "<h1>Under repair</h1>", "(HTTP 503): «Under repair»"),
        ("413 Payload Too Large", "", "the key is too large for it"),
        ("400 Bad Request", "{\"error\":\"No \\u001b[31mgo\"}", "(HTTP 400): «No \\x1b[31mgo»"),
        ("302 Found\r\nLocation: https://evil.example/add", "", "https://evil.example/add"),
    ] {
        let own = played(move |_| (line.to_owned(), said.into()));
        let done = own.agreed();
        ends(&done, 1, why);
        assert!(done.stderr().contains("did not take your key"), "{}", done.stderr());
        assert_eq!(own.proxy.requests().len(), 1);
    }
}

#[test]
fn a_connection_that_is_cut_leaves_it_open_whether_the_key_arrived() {
    let own = Publishing::behind(Behind::Cut);
    let done = own.agreed();
    ends(&done, 3, "is not known");
    assert!(done.stderr().contains("--check"), "{}", done.stderr());
}

#[test]
fn a_certificate_of_nobody_known_ends_it_before_anything_is_sent() {
    let mut own = Publishing::behind(Behind::Cut);
    let other = TlsProxy::start(Behind::Cut, &[HOST]);
    let certificate = other.certificate(&own.world.home());
    own.world = own.world.with_variable("SSL_CERT_FILE", certificate);
    let done = own.agreed();
    ends(&done, 1, "nobody this system believes in has issued it");
    assert!(done.stderr().contains("nothing was sent"), "{}", done.stderr());
    assert_eq!(own.proxy.requests(), []);
}

#[test]
fn a_certificate_for_another_host_ends_it_before_anything_is_sent() {
    let mut own = Publishing::behind(Behind::Cut);
    let other = TlsProxy::start(Behind::Cut, &["keys.example"]);
    let certificate = other.certificate(&own.world.home());
    own.world = own.world.with_variable("SSL_CERT_FILE", certificate);
    let server = format!("{HOST}:{}", other.port);
    let done = own.publish(&[&own.fingerprint, "--server", &server, "--yes"]);
    ends(&done, 1, "it belongs to another host");
    assert_eq!(other.requests(), []);
}

#[test]
fn a_server_that_is_not_there_is_named() {
    let own = Publishing::behind(Behind::Cut);
    // Nobody listens where only the system may.
    let done = own.publish(&[&own.fingerprint, "--server", "127.0.0.1:1", "--yes"]);
    ends(&done, 1, "nothing answers at port 1 of 127.0.0.1");
}

#[test]
fn without_certificates_nobody_is_believed() {
    let mut own = Publishing::behind(Behind::Cut);
    let empty = own.world.path("empty.pem");
    write(&empty, "");
    own.world = own.world.with_variable("SSL_CERT_FILE", empty);
    ends(&own.agreed(), 2, "no certificates of its own to believe in");
    assert_eq!(own.proxy.connections(), 0);
}

/// A server that keeps what it gets and gives back what `change` makes of it.
fn keeping(change: impl Fn(String) -> String + Send + Sync + 'static) -> Publishing {
    let kept = Mutex::new(String::new());
    played(move |request| {
        let mut kept = kept.lock().unwrap();
        if request.line.starts_with("POST /pks/add ") {
            *kept = field(&request.body);
            return status("200 OK");
        }
        ("200 OK".to_owned(), change(kept.clone()).into_bytes())
    })
}

/// The one field of a form.
fn field(body: &str) -> String {
    let text = body.strip_prefix("keytext=").expect("one field").replace('+', " ");
    let mut pieces = text.split('%');
    let mut plain = pieces.next().unwrap().to_owned();
    for piece in pieces {
        plain.push(char::from(u8::from_str_radix(&piece[..2], 16).unwrap()));
        plain.push_str(&piece[2..]);
    }
    plain
}

#[test]
fn a_copy_that_is_what_was_sent_is_good() {
    let own = keeping(|key| key);
    ends(&own.agreed(), 0, "nothing is missing");
    let sent = field(&own.proxy.requests()[0].body);
    assert!(sent.starts_with("-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n"), "{sent}");
    assert!(!sent.contains("PRIVATE"), "{sent}");
}

#[test]
fn a_copy_that_is_another_key_is_not_believed() {
    let other = Publishing::behind(Behind::Cut);
    let foreign = other.gpg(&["--armor", "--export", &other.fingerprint]).stdout();
    let own = keeping(move |_| foreign.clone());
    ends(&own.agreed(), 1, "gives another key in place of yours");
}

#[test]
fn a_copy_that_lacks_something_is_told_by_what_it_lacks() {
    let first = Arc::new(Mutex::new(None));
    let keep = Arc::clone(&first);
    let own = keeping(move |key| keep.lock().unwrap().get_or_insert(key).clone());
    ends(&own.agreed(), 0, "nothing is missing");
    own.gpg(&["--quick-add-uid", &own.fingerprint, "Ada <ada@elsewhere.org>"]);
    own.gpg(&["--quick-add-key", &own.fingerprint, "cv25519", "encr", "1y"]);
    let done = own.agreed();
    ends(&done, 1, "lacks the name Ada <ada@elsewhere.org>, the subkey ");
}

#[test]
fn a_copy_that_is_no_key_is_said_to_be_none() {
    let own = keeping(|_| "<html>Welcome!</html>".to_owned());
    ends(&own.agreed(), 1, "cannot be read: it is no key in ASCII armour");
    let own = keeping(|key| key[..key.len() / 2].to_owned());
    ends(&own.agreed(), 1, "cannot be read");
}

#[test]
fn a_flood_is_not_read_to_its_end() {
    let own = keeping(|_| "x".repeat(9 << 20));
    ends(&own.agreed(), 3, "is larger than 8 MiB");
}

/// What a played keys.openpgp.org knows.
#[derive(Default)]
struct Known {
    fingerprint: String,
    /// The key without its names.
    bare: String,
    /// What was handed over.
    whole: String,
    /// Whether the owner of the address has followed the link.
    confirmed: bool,
}

impl Known {
    fn answer(&mut self, request: &Request) -> Reply {
        let json = || serde_json::from_str::<serde_json::Value>(&request.body).unwrap();
        match request.line.split(' ').nth(1).unwrap() {
            "/vks/v1/upload" => {
                json()["keytext"].as_str().unwrap().clone_into(&mut self.whole);
                self.told(if self.confirmed { "published" } else { "unpublished" })
            }
            "/vks/v1/request-verify" => {
                let asked = json();
                assert_eq!(asked["token"], "t0k3n");
                assert_eq!(asked["addresses"], serde_json::json!(["ada@example.org"]));
                self.told("pending")
            }
            path => {
                assert_eq!(path, format!("/vks/v1/by-fingerprint/{}", self.fingerprint));
                let copy = if self.confirmed { &self.whole } else { &self.bare };
                ("200 OK".to_owned(), copy.clone().into_bytes())
            }
        }
    }

    fn told(&self, standing: &str) -> Reply {
        let told = serde_json::json!({
            "key_fpr": self.fingerprint,
            "status": { "ada@example.org": standing },
            "token": "t0k3n",
        });
        ("200 OK".to_owned(), told.to_string().into_bytes())
    }
}

/// Somebody with a key, and the server that they name in a table of their own.
fn verifying() -> (Publishing, Arc<Mutex<Known>>) {
    let known: Arc<Mutex<Known>> = Arc::default();
    let server = Arc::clone(&known);
    let own = played(move |request| server.lock().unwrap().answer(request));
    let filter = ["--armor", "--export-filter", "keep-uid=mbox = nobody", "--export"];
    let bare = own.gpg(&[&filter[..], &[&own.fingerprint]].concat()).stdout();
    let fingerprint = own.fingerprint.clone();
    *known.lock().unwrap() = Known { fingerprint, bare, ..Known::default() };
    let table = format!(
        "- server: {}\n  speaks: vks\n  default: true\n  becomes: it mails {{addresses}} a link\n  \
         next: soon\n  source: a test\n",
        own.server
    );
    write(&own.world.path("checks/apache/key-servers.yaml"), table);
    (own, known)
}

impl Publishing {
    #[track_caller]
    fn there(&self, arguments: &[&str]) -> Output {
        let checks = self.world.path("checks").display().to_string();
        self.publish(&[&["--checks", &checks, &self.fingerprint], arguments].concat())
    }
}

#[test]
fn names_that_wait_for_a_click_are_no_mismatch() {
    let (own, known) = verifying();
    let done = own.there(&["--server", &own.server, "--yes"]);
    ends(&done, 0, "has your key, read back and compared");
    let said = done.stdout();
    assert!(said.contains("it mails ada@example.org a link"), "{said}");
    assert!(said.contains("mails a link to ada@example.org: click it"), "{said}");
    assert!(said.contains("not yet   Ada Lovelace <ada@example.org>"), "{said}");
    assert!(!said.contains("nothing is missing"), "{said}");
    known.lock().unwrap().confirmed = true;
    // The table's own default needs no naming.
    ends(&own.there(&["--check"]), 0, "nothing is missing");
}

#[test]
fn a_mail_that_cannot_be_sent_is_told() {
    let (own, known) = verifying();
    let fingerprint = own.fingerprint.clone();
    drop(known);
    let reply = move |request: &Request| match request.line.contains("request-verify") {
        true => ("503 Service Unavailable".to_owned(), b"{\"error\":\"Try again\"}".to_vec()),
        false => Known { fingerprint: fingerprint.clone(), ..Known::default() }.told("unpublished"),
    };
    let other = TlsProxy::start(Behind::Played(Box::new(reply)), &[HOST]);
    let server = format!("{HOST}:{}", other.port);
    let table = own.world.path("checks/apache/key-servers.yaml");
    let text = std::fs::read_to_string(&table).unwrap().replace(&own.server, &server);
    write(&table, text);
    let certificate = other.certificate(&own.world.home());
    let own = Publishing { world: own.world.with_variable("SSL_CERT_FILE", certificate), ..own };
    let done = own.there(&["--server", &server, "--yes"]);
    ends(
        &done,
        1,
        "did not mail the link that your name needs: it is out of order (HTTP 503): «Try again»",
    );
}
