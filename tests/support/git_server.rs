//! `git http-backend` on loopback: a small HTTP server with one thread a connection. It can cut or
//! hold back the answer that carries the pack, so that a kill half-way happens at a known moment.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};

/// What happens to the next answer that carries a pack.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    None,
    /// The connection ends after so many bytes.
    Cut(usize),
    /// Nothing more comes after so many bytes, and the connection stays open.
    Hold(usize),
    /// Every request is answered with this status and nothing else.
    Refuse(&'static str),
}

pub(crate) struct GitServer {
    port: u16,
    fault: Arc<Mutex<Fault>>,
    held: Receiver<TcpStream>,
}

impl GitServer {
    /// Serves every repository below `root`.
    pub(crate) fn start(root: &Path) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port on loopback");
        let port = listener.local_addr().unwrap().port();
        let fault = Arc::new(Mutex::new(Fault::None));
        let (sender, held) = channel();
        let serving = Serving { root: root.to_owned(), fault: Arc::clone(&fault), held: sender };
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let serving = serving.clone();
                // A client that goes away in the middle is what some tests are about.
                std::thread::spawn(move || drop(serving.answer(stream)));
            }
        });
        Self { port, fault, held }
    }

    pub(crate) fn url(&self, name: &str) -> String {
        format!("http://127.0.0.1:{}/{name}", self.port)
    }

    /// Sets what happens to the next packs.
    pub(crate) fn fail(&self, fault: Fault) {
        *self.fault.lock().unwrap() = fault;
    }

    /// Waits until an answer is held back; it stays so while the handle lives.
    pub(crate) fn held(&self) -> TcpStream {
        self.held.recv_timeout(std::time::Duration::from_secs(60)).expect("a transfer begins")
    }
}

#[derive(Clone)]
struct Serving {
    root: PathBuf,
    fault: Arc<Mutex<Fault>>,
    held: Sender<TcpStream>,
}

struct Request {
    method: String,
    path: String,
    query: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Request {
    fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }
}

impl Serving {
    fn answer(&self, mut stream: TcpStream) -> std::io::Result<()> {
        let mut reader = BufReader::new(stream.try_clone()?);
        let Some(request) = read(&mut reader, &mut stream)? else { return Ok(()) };
        let fault = *self.fault.lock().unwrap();
        if let Fault::Refuse(status) = fault {
            return write!(
                stream,
                "HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            );
        }
        let mut child = self.backend(&request)?;
        child.stdin.take().unwrap().write_all(&request.body)?;
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let (mut status, mut headers) = ("200 OK".to_owned(), String::new());
        for line in out.by_ref().lines() {
            let line = line?;
            match line.strip_prefix("Status: ") {
                _ if line.is_empty() => break,
                Some(text) => status = text.to_owned(),
                None => headers.push_str(&format!("{line}\r\n")),
            }
        }
        write!(stream, "HTTP/1.1 {status}\r\n{headers}Connection: close\r\n\r\n")?;
        let pack = request.body.windows(13).any(|part| part == b"command=fetch");
        self.send(&mut out, stream, if pack { fault } else { Fault::None })?;
        // Cut off, git may still be writing.
        drop(child.kill());
        child.wait().map(drop)
    }

    fn send(&self, out: &mut impl Read, mut to: TcpStream, fault: Fault) -> std::io::Result<()> {
        let limit = match fault {
            Fault::Cut(bytes) | Fault::Hold(bytes) => bytes as u64,
            _ => u64::MAX,
        };
        std::io::copy(&mut out.take(limit), &mut to)?;
        if matches!(fault, Fault::Hold(_)) {
            to.flush()?;
            drop(self.held.send(to));
        }
        Ok(())
    }

    fn backend(&self, request: &Request) -> std::io::Result<Child> {
        Command::new("git")
            .arg("http-backend")
            .env_clear()
            .env("PATH", std::env::var("PATH").unwrap())
            .env("HOME", &self.root)
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_CONFIG_COUNT", "3")
            .env("GIT_CONFIG_KEY_0", "uploadpack.allowFilter")
            .env("GIT_CONFIG_VALUE_0", "true")
            .env("GIT_CONFIG_KEY_1", "uploadpack.allowAnySHA1InWant")
            .env("GIT_CONFIG_VALUE_1", "true")
            .env("GIT_CONFIG_KEY_2", "safe.directory")
            .env("GIT_CONFIG_VALUE_2", "*")
            .env("GIT_PROJECT_ROOT", &self.root)
            .env("GIT_HTTP_EXPORT_ALL", "1")
            .env("REQUEST_METHOD", &request.method)
            .env("PATH_INFO", &request.path)
            .env("QUERY_STRING", &request.query)
            .env("CONTENT_TYPE", request.header("content-type"))
            .env("CONTENT_LENGTH", request.body.len().to_string())
            .env("HTTP_CONTENT_ENCODING", request.header("content-encoding"))
            .env("GIT_PROTOCOL", request.header("git-protocol"))
            .env("REMOTE_ADDR", "127.0.0.1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
    }
}

fn read(reader: &mut impl BufRead, answer: &mut TcpStream) -> std::io::Result<Option<Request>> {
    let mut first = String::new();
    reader.read_line(&mut first)?;
    let mut words = first.split_whitespace();
    let (Some(method), Some(target)) = (words.next(), words.next()) else { return Ok(None) };
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let mut headers = Vec::new();
    for line in reader.by_ref().lines() {
        let line = line?;
        let Some((key, value)) = line.split_once(':') else { break };
        headers.push((key.trim().to_lowercase(), value.trim().to_owned()));
    }
    let mut request = Request {
        method: method.to_owned(),
        path: path.to_owned(),
        query: query.to_owned(),
        headers,
        body: Vec::new(),
    };
    if request.header("expect") == "100-continue" {
        write!(answer, "HTTP/1.1 100 Continue\r\n\r\n")?;
    }
    let length = request.header("content-length").parse().unwrap_or(0);
    reader.take(length).read_to_end(&mut request.body)?;
    Ok(Some(request))
}
