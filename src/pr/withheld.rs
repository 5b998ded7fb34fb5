//! Keeps secrets and the names of private machines and people out of a request. Replaces them by
//! words that show something was taken out, and tells what it was; never shows it.

use std::sync::Arc;

use regex::{Regex, bytes};

use crate::secret::Rules;

/// A shape that secrets have, as the checks of a patch know it.
#[derive(Debug, Clone)]
pub struct Shape {
    /// What it is, in words.
    pub name: String,
    /// How it looks.
    pub pattern: bytes::Regex,
    /// How a line looks that only speaks of one.
    pub unless: Option<bytes::Regex>,
}

/// What is kept out.
#[derive(Debug, Clone, Default)]
pub struct Withheld {
    rules: Option<Arc<Rules>>,
    shapes: Vec<Shape>,
    names: Vec<Name>,
}

/// A name of this machine or its user, or a shape that private names have.
#[derive(Debug, Clone)]
struct Name {
    what: &'static str,
    pattern: Regex,
    /// What stands in its place.
    instead: String,
}

/// Something that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// The line, counted from 0.
    pub line: usize,
    /// What it is, in words.
    pub what: String,
    /// A secret; otherwise a private name.
    pub secret: bool,
}

/// The names of the machine and of who sits at it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Here {
    /// The machine's name.
    pub host: Option<String>,
    /// The user's.
    pub user: Option<String>,
    /// The home folder.
    pub home: Option<String>,
}

/// What the rules call a private key.
const KEY_RULE: &str = "private-key";

/// Addresses and names that lead nowhere outside of a private network.
const PRIVATE: [(&str, &str); 2] = [
    (
        r"(?-u)\b(?:10(?:\.\d{1,3}){3}|192\.168(?:\.\d{1,3}){2}|172\.(?:1[6-9]|2\d|3[01])(?:\.\d{1,3}){2})\b",
        "a private address",
    ),
    (
        r"(?i-u)\b[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9-]+)*\.(?:local|internal|lan|corp|intranet|localdomain|home\.arpa)\b",
        "an internal host name",
    ),
];

/// First words of Java's packages, which end like host names at times.
const PACKAGES: [&str; 10] =
    ["com", "org", "net", "io", "java", "javax", "jdk", "sun", "edu", "jakarta"];

/// Names that many machines and people bear, and that are words as well.
const COMMON: [&str; 22] = [
    "admin",
    "agent",
    "apache",
    "build",
    "builder",
    "centos",
    "cloud",
    "cloudstack",
    "debian",
    "docker",
    "fedora",
    "guest",
    "host",
    "jenkins",
    "localhost",
    "management",
    "root",
    "runner",
    "test",
    "ubuntu",
    "user",
    "vagrant",
];

impl Withheld {
    /// Keeps out secrets of these shapes and the names of this machine.
    #[must_use]
    pub fn new(shapes: Vec<Shape>, here: &Here) -> Self {
        let mut names: Vec<Name> = Vec::new();
        let mut add = |pattern: &str, what, instead: &str| {
            let pattern = Regex::new(pattern);
            names.extend(pattern.map(|pattern| Name {
                what,
                pattern,
                instead: instead.to_owned(),
            }));
        };
        let home = here.home.as_deref().map(|home| home.trim_end_matches('/'));
        if let Some(home) = home.filter(|home| home.len() > 1) {
            add(&format!(r"{}\b", regex::escape(home)), "your home folder", "~");
        }
        let short = here.host.as_deref().and_then(|host| host.split('.').next());
        let hosts = [here.host.as_deref(), short].into_iter().flatten();
        for (name, what) in hosts
            .map(|host| (host, "the name of your machine"))
            .chain(here.user.as_deref().map(|user| (user, "your user name")))
        {
            let common = COMMON.contains(&name.to_lowercase().as_str());
            if name.chars().count() >= 3 && !common {
                add(&format!(r"\b{}\b", regex::escape(name)), what, &words(what));
            }
        }
        for (pattern, what) in PRIVATE {
            add(pattern, what, &words(what));
        }
        Self { rules: None, shapes, names }
    }

    /// Keeps out what these rules take for a secret as well.
    #[must_use]
    pub fn by(self, rules: Rules) -> Self {
        Self { rules: Some(Arc::new(rules)), ..self }
    }

    /// The text without what is kept out, and what that was.
    #[must_use]
    pub fn clear(&self, text: &str) -> (String, Vec<Hit>) {
        let (text, mut hits) = self.without_ruled(text);
        let (mut out, mut in_key) = (Vec::new(), false);
        for (index, line) in text.split('\n').enumerate() {
            if in_key && of_key(line) {
                in_key = !line.contains("-----END");
                continue;
            }
            let mut found = |what: &str, secret| {
                hits.push(Hit { line: index, what: what.to_owned(), secret });
            };
            let (line, key) = self.without_secrets(line, &mut found);
            in_key = key;
            out.push(self.without_names(line, &mut found));
        }
        (out.join("\n"), hits)
    }

    /// What of the text is kept out.
    #[must_use]
    pub fn find(&self, text: &str) -> Vec<Hit> {
        self.clear(text).1
    }

    /// The text without what the rules take for a secret, each line where it was.
    fn without_ruled(&self, text: &str) -> (String, Vec<Hit>) {
        let found = self.rules.as_ref().map(|rules| rules.scan("", text.as_bytes()));
        let mut found = found.unwrap_or_default();
        // A key has a shape of its own, which sees one that is cut short as well.
        found.retain(|hit| hit.rule != KEY_RULE && !hit.place.is_empty());
        found.sort_by_key(|hit| hit.place.start);
        let (mut out, mut hits, mut last) = (Vec::new(), Vec::new(), 0);
        for hit in &found {
            if hit.place.start < last {
                continue;
            }
            let what = format!("a secret ({})", hit.rule);
            let bytes = text.as_bytes();
            let breaks = |part: &[u8]| memchr::memchr_iter(b'\n', part).count();
            out.extend_from_slice(&bytes[last..hit.place.start]);
            out.extend_from_slice(words(&what).as_bytes());
            out.extend(std::iter::repeat_n(b'\n', breaks(&bytes[hit.place.clone()])));
            last = hit.place.end;
            hits.push(Hit { line: breaks(&bytes[..hit.place.start]), what, secret: true });
        }
        out.extend_from_slice(&text.as_bytes()[last..]);
        (String::from_utf8_lossy(&out).into_owned(), hits)
    }

    /// The line, and whether a key begins in it that goes on below.
    fn without_secrets(&self, line: &str, found: &mut impl FnMut(&str, bool)) -> (String, bool) {
        let (mut line, mut key) = (line.to_owned(), false);
        for shape in &self.shapes {
            let only_named =
                shape.unless.as_ref().is_some_and(|unless| unless.is_match(line.as_bytes()));
            let Some(hit) = shape.pattern.find(line.as_bytes()).filter(|_| !only_named) else {
                continue;
            };
            found(&shape.name, true);
            let words = words(&shape.name);
            if shape.name.contains("private key") {
                let begin = line.find("-----BEGIN").unwrap_or(hit.start());
                let begin = line.floor_char_boundary(begin);
                key = !line[begin..].contains("-----END");
                line.truncate(begin);
                line.push_str(&words);
            } else {
                let words = bytes::NoExpand(words.as_bytes());
                let clear = shape.pattern.replace_all(line.as_bytes(), words);
                line = String::from_utf8_lossy(&clear).into_owned();
            }
        }
        (line, key)
    }

    fn without_names(&self, line: String, found: &mut impl FnMut(&str, bool)) -> String {
        let mut line = line;
        for name in &self.names {
            let mut out = String::with_capacity(line.len());
            let mut last = 0;
            for hit in name.pattern.find_iter(&line) {
                if stands_alone(&line, hit.start(), hit.end()) {
                    found(name.what, false);
                    out.push_str(&line[last..hit.start()]);
                    out.push_str(&name.instead);
                    last = hit.end();
                }
            }
            out.push_str(&line[last..]);
            line = out;
        }
        line
    }
}

/// What stands in the place of something.
fn words(what: &str) -> String {
    let what = what.trim_start_matches("an ").trim_start_matches("a ").trim_start_matches("your ");
    format!("[{} taken out]", what.trim_start_matches("the "))
}

/// Whether a line goes on with a key: letters without blanks, a header, or its end.
fn of_key(line: &str) -> bool {
    let line = line.trim();
    let header = line.split_once(": ").is_some_and(|(name, _)| {
        name.contains('-') || matches!(name, "Comment" | "Encryption" | "Version")
    });
    line.contains("-----END") || header || !line.contains(' ')
}

/// Whether what was found is a name of its own: no part of a longer one, of a file's path, or of
/// one of Java's packages.
fn stands_alone(line: &str, start: usize, end: usize) -> bool {
    let (before, after) = (&line[..start], &line[end..]);
    let first = line[start..end].split('.').next().unwrap_or_default().to_lowercase();
    let dotted =
        line[start..end].contains('.') && line[start..].starts_with(|c: char| c.is_alphabetic());
    let goes_on = {
        let mut rest = after.chars();
        matches!(rest.next(), Some('.' | '-' | '_'))
            && rest.next().is_some_and(char::is_alphanumeric)
    };
    let came_from = before.ends_with(['.', '-', '_'])
        || dotted && before.ends_with('/') && !before.ends_with("//");
    let package = dotted && PACKAGES.contains(&first.as_str());
    !(goes_on || came_from || package)
}
