//! What git's last words mean when a transfer fails, and what helps. A table, read in order.
//! Works on text made with `LC_ALL=C`; anything it does not know is shown as it is.

/// A known failure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// What went wrong, a sentence without full stop.
    pub what: &'static str,
    /// What to do.
    pub remedy: &'static str,
    /// git's line that says so.
    pub line: String,
    /// A proxy is to blame.
    pub proxy: bool,
    /// The disk is to blame.
    pub disk: bool,
}

/// Signs in git's, curl's and ssh's messages; the sentence; the remedy.
const KNOWN: &[(&[&str], &str, &str)] = &[
    (
        &["No space left on device", "Out of diskspace", "Disk quota exceeded"],
        "the disk is full",
        "make room, or clone somewhere else, then run the same command again",
    ),
    (
        &["407", "Proxy Authentication Required"],
        "the proxy asks for a login",
        "put name and password into the proxy's address, as in http://name:password@proxy:8080, or \
         ask the people who run it",
    ),
    (&["Could not resolve proxy"], "the proxy's name is unknown", "correct the proxy's address"),
    (
        &[
            "Could not resolve host",
            "Could not resolve hostname",
            "Temporary failure in name resolution",
        ],
        "the server's name is unknown here",
        "check the network connection and, behind a company's firewall, whether a proxy must be set \
         (https_proxy)",
    ),
    (
        &[
            "SSL certificate problem",
            "certificate verification failed",
            "server certificate",
            "SSL: no alternative certificate",
        ],
        "the server's certificate is not trusted here",
        "where a company inspects connections, let git know its certificate: git config --global \
         http.sslCAInfo FILE",
    ),
    (
        &["TLS", "SSL_ERROR", "SSL_connect", "gnutls_handshake"],
        "no secure connection came about",
        "check the date of this machine and whether a proxy stands between",
    ),
    (
        &["Host key verification failed"],
        "the server's SSH key is not known here",
        "connect once with ssh to see and accept it, or use the https address",
    ),
    (
        &[
            "Permission denied (publickey",
            "Authentication failed",
            "could not read Username",
            "could not read Password",
            "terminal prompts disabled",
            "returned error: 401",
            "returned error: 403",
        ],
        "the server wants to know who you are",
        "check the address; for a repository of your own, sign in first (for GitHub: gh auth login)",
    ),
    (
        &["not found in upstream", "Couldn't find remote ref", "couldn't find remote ref"],
        "the server has no such branch",
        "name another with --base",
    ),
    (
        &[
            "returned error: 404",
            "Repository not found",
            "' not found",
            "does not appear to be a git repository",
            "does not exist",
        ],
        "there is no repository at this address",
        "check the address",
    ),
    (
        &[
            "Operation too slow",
            "Operation timed out",
            "Connection timed out",
            "Connection timeout",
        ],
        "the server fell silent",
        "run the same command again, from a better connection if there is one",
    ),
    (
        &[
            "Connection refused",
            "Failed to connect",
            "Couldn't connect",
            "Network is unreachable",
            "No route to host",
        ],
        "the server cannot be reached",
        "check the network connection and, behind a company's firewall, whether a proxy must be set \
         (https_proxy)",
    ),
    (
        &[
            "early EOF",
            "hung up unexpectedly",
            "transfer closed",
            "RPC failed",
            "Connection reset",
            "unexpected disconnect",
            "Recv failure",
            "Empty reply",
        ],
        "the connection was cut",
        "run the same command again",
    ),
];

/// Finds the known failure that git's last lines tell of.
#[must_use]
pub fn explain(lines: &[String]) -> Option<Failure> {
    KNOWN.iter().find_map(|(signs, what, remedy)| {
        let line = lines.iter().find(|line| signs.iter().any(|sign| line.contains(sign)))?;
        Some(Failure {
            what,
            remedy,
            line: line.clone(),
            proxy: what.starts_with("the proxy"),
            disk: what.starts_with("the disk"),
        })
    })
}
