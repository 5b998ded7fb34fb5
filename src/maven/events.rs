//! What a running Maven says, as events. Bytes go in as they come, in any pieces; whole, clean
//! lines and what they mean come out. Never keeps more than one bounded line.

use std::collections::VecDeque;

/// Longest line looked at; the rest of a longer one is passed over.
const LONGEST: usize = 64 * 1024;

/// What a line means.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// The list of modules in build order begins.
    OrderBegins,
    /// One module of that list, by Maven's name.
    Ordered(String),
    /// Several modules are built at a time.
    Threads(usize),
    /// A module starts.
    Started {
        /// Artifact id.
        artifact: String,
        /// Maven's name for it, without its version.
        name: String,
        /// Place among the modules chosen, from 1, and their number; absent when there is one.
        place: Option<(usize, usize)>,
    },
    /// A goal starts.
    Goal {
        /// `maven-compiler-plugin:3.8.1:compile`.
        goal: String,
        /// Artifact id of the module.
        artifact: String,
    },
    /// A file is asked for.
    Downloading {
        /// Repository or mirror id.
        repository: String,
        /// Address.
        url: String,
    },
    /// It came.
    Downloaded {
        /// Repository or mirror id.
        repository: String,
        /// Address.
        url: String,
        /// Its size in bytes as Maven says it, which is rounded.
        bytes: Option<u64>,
    },
    /// A warning.
    Warning,
    /// An error line, without its mark.
    Error(String),
    /// A module in the summary.
    Summary {
        /// Maven's name for it.
        name: String,
        /// How it ended.
        outcome: Outcome,
        /// Seconds it took.
        seconds: Option<f64>,
    },
    /// `BUILD SUCCESS` or `BUILD FAILURE`.
    Ended(bool),
    /// Seconds in all.
    Total(f64),
    /// The module Maven proposes to go on from, as `:artifact`.
    Resume(String),
}

/// How a module ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Built.
    Success,
    /// Failed.
    Failure,
    /// Not reached.
    Skipped,
}

/// Cuts bytes into clean lines and reads them.
#[derive(Debug, Default)]
pub struct Events {
    partial: Vec<u8>,
    dropped: bool,
    in_order: bool,
    /// Artifact ids from banners whose `Building` line is still to come; several threads may have
    /// printed theirs in between.
    banners: VecDeque<String>,
}

impl Events {
    /// A reader at the start of a log.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the next bytes; `each` gets every line they complete, with what it means.
    pub fn feed(&mut self, bytes: &[u8], each: &mut dyn FnMut(&str, Option<Event>)) {
        let mut rest = bytes;
        while let Some(end) = memchr::memchr(b'\n', rest) {
            self.keep(&rest[..end]);
            self.line(each);
            rest = &rest[end + 1..];
        }
        self.keep(rest);
    }

    /// Ends the log: a last line without its line feed counts as well.
    pub fn finish(&mut self, each: &mut dyn FnMut(&str, Option<Event>)) {
        if !self.partial.is_empty() {
            self.line(each);
        }
    }

    fn keep(&mut self, bytes: &[u8]) {
        let room = LONGEST.saturating_sub(self.partial.len());
        self.dropped |= bytes.len() > room;
        self.partial.extend_from_slice(&bytes[..bytes.len().min(room)]);
    }

    fn line(&mut self, each: &mut dyn FnMut(&str, Option<Event>)) {
        let mut line = plain(&self.partial);
        if std::mem::take(&mut self.dropped) {
            line.push_str(" ...");
        }
        self.partial.clear();
        let event = self.read(&line);
        each(&line, event);
    }

    fn read(&mut self, line: &str) -> Option<Event> {
        if let Some(text) = line.strip_prefix("[ERROR]") {
            return Some(error(text.trim()));
        }
        if line.starts_with("[WARNING]") {
            return Some(Event::Warning);
        }
        let text = line.strip_prefix("[INFO] ")?.trim_end();
        if self.in_order {
            if let Some(name) = ordered(text) {
                return Some(Event::Ordered(name));
            }
            // The list is surrounded by empty lines, which `[INFO] ` ones are after trimming.
            self.in_order = text.is_empty();
        }
        if text == "Reactor Build Order:" {
            self.in_order = true;
            return Some(Event::OrderBegins);
        }
        if let Some(artifact) = banner(text) {
            self.banners.push_back(artifact);
            return None;
        }
        if let Some((name, place)) = text.strip_prefix("Building ").and_then(started) {
            let artifact = self.banners.pop_front()?;
            return Some(Event::Started { artifact, name, place });
        }
        information(text)
    }
}

/// Text without escape sequences and control characters. A carriage return starts the line anew,
/// as it does on a screen.
fn plain(bytes: &[u8]) -> String {
    // Nearly every line is of this kind.
    if bytes.iter().all(|byte| matches!(byte, b' '..=b'~')) {
        return String::from_utf8_lossy(bytes).trim_end().to_owned();
    }
    let text = String::from_utf8_lossy(bytes);
    let text = text.trim_end_matches('\r');
    let text = text.rsplit('\r').next().unwrap_or("");
    let stripped = console::strip_ansi_codes(text);
    let visible = stripped.chars().filter(|c| *c == '\t' || !c.is_control());
    visible.collect::<String>().trim_end().to_owned()
}

fn error(text: &str) -> Event {
    match text.strip_prefix("mvn <args> -rf ") {
        Some(module) => Event::Resume(module.trim().to_owned()),
        None => Event::Error(text.to_owned()),
    }
}

/// `Apache CloudStack Utils            [jar]`
fn ordered(text: &str) -> Option<String> {
    let (name, packaging) = text.strip_suffix(']')?.rsplit_once('[')?;
    let name = name.trim_end();
    let word = !packaging.is_empty() && !packaging.contains(char::is_whitespace);
    (word && !name.is_empty()).then(|| name.to_owned())
}

fn information(text: &str) -> Option<Event> {
    if let Some(rest) = text.strip_prefix("--- ") {
        return goal(rest);
    }
    if let Some(rest) = text.strip_prefix("Downloading from ") {
        let (repository, url) = transfer(rest)?;
        return Some(Event::Downloading { repository, url });
    }
    if let Some(rest) = text.strip_prefix("Downloaded from ") {
        let (repository, url) = transfer(rest)?;
        return Some(Event::Downloaded { repository, url, bytes: size(rest) });
    }
    if let Some(rest) = text.strip_prefix("Total time:") {
        return duration(rest).map(Event::Total);
    }
    if let Some(rest) = text.strip_prefix("Using the MultiThreadedBuilder implementation with a") {
        return rest.rsplit(' ').next()?.parse().ok().map(Event::Threads);
    }
    match text {
        "BUILD SUCCESS" => Some(Event::Ended(true)),
        "BUILD FAILURE" => Some(Event::Ended(false)),
        _ => summary(text),
    }
}

/// `maven-clean-plugin:2.5:clean (default-clean) @ cloud-utils ---`; Maven 3.9 says `clean:2.5:clean`.
fn goal(rest: &str) -> Option<Event> {
    let (goal, artifact) = rest.strip_suffix(" ---")?.rsplit_once(" @ ")?;
    let goal = goal.split(" (").next().unwrap_or(goal);
    (goal.matches(':').count() >= 2)
        .then(|| Event::Goal { goal: goal.to_owned(), artifact: artifact.to_owned() })
}

/// `Apache CloudStack Utils 4.23.0.0-SNAPSHOT      [6/146]`, less the version. What a goal says,
/// such as `Building jar: ...`, is told apart by the banner that must stand before.
fn started(rest: &str) -> Option<(String, Option<(usize, usize)>)> {
    let (text, place) = match rest.strip_suffix(']').and_then(|rest| rest.rsplit_once('[')) {
        Some((text, counter)) => {
            let (k, n) = counter.split_once('/')?;
            (text, Some((k.parse().ok()?, n.parse().ok()?)))
        }
        None => (rest, None),
    };
    let (name, _version) = text.trim_end().rsplit_once(' ')?;
    Some((name.trim_end().to_owned(), place))
}

/// `central: https://...` with or without a size behind.
fn transfer(rest: &str) -> Option<(String, String)> {
    let (repository, url) = rest.split_once(": ")?;
    Some((repository.to_owned(), url.split(' ').next()?.to_owned()))
}

/// Bytes of `... (3.1 kB at 640 B/s)`: Maven counts in thousands.
fn size(rest: &str) -> Option<u64> {
    let (amount, _) = rest.rsplit_once(" (")?.1.split_once(" at ")?;
    let (number, unit) = amount.split_once(' ')?;
    let scale = match unit {
        "B" => 1.0,
        "kB" => 1e3,
        "MB" => 1e6,
        "GB" => 1e9,
        _ => return None,
    };
    let number: f64 = number.parse().ok().filter(|number: &f64| (0.0..1e6).contains(number))?;
    Some((number * scale) as u64)
}

/// `-------< org.apache.cloudstack:cloud-utils >-------`
fn banner(text: &str) -> Option<String> {
    let id = text.trim_matches('-').strip_prefix("< ")?.strip_suffix(" >")?;
    let (_, artifact) = id.rsplit_once(':')?;
    (!id.contains(' ')).then(|| artifact.to_owned())
}

/// `Apache CloudStack Utils ...... SUCCESS [01:11 min]`
fn summary(text: &str) -> Option<Event> {
    let (head, time) = match text.strip_suffix(']').and_then(|text| text.rsplit_once(" [")) {
        Some((head, time)) => (head, Some(time)),
        None => (text, None),
    };
    let (name, word) = head.trim_end().rsplit_once(' ')?;
    let outcome = match word {
        "SUCCESS" => Outcome::Success,
        "FAILURE" => Outcome::Failure,
        "SKIPPED" => Outcome::Skipped,
        _ => return None,
    };
    if outcome != Outcome::Skipped && time.is_none() {
        return None;
    }
    let name = name.trim_end_matches(['.', ' ']).to_owned();
    Some(Event::Summary { name, outcome, seconds: time.and_then(duration) })
}

/// Seconds of `12.345 s`, `01:47 min`, `01:02 h`, `23:01 min (Wall Clock)`. A JVM of some locales
/// writes digits of their own.
fn duration(text: &str) -> Option<f64> {
    if !text.is_ascii() {
        return duration(&with_plain_digits(text)?);
    }
    let mut words = text.split_whitespace();
    let (number, unit) = (words.next()?, words.next()?);
    let (high, low) = number.split_once(':').unwrap_or(("0", number));
    let (high, low): (f64, f64) = (high.parse().ok()?, low.parse().ok()?);
    match unit {
        "s" => Some(low),
        "min" => Some(high * 60.0 + low),
        "h" => Some(high * 3600.0 + low * 60.0),
        _ => None,
    }
}

/// The text with digits of other scripts as 0 to 9; none where it holds anything else beyond ASCII.
fn with_plain_digits(text: &str) -> Option<String> {
    // Where the digits of Arabic, Persian, Devanagari, Bengali and Burmese begin.
    let zeros = [0x660, 0x6f0, 0x966, 0x9e6, 0x1040];
    let plain = |c: char| {
        let digit = zeros.iter().find_map(|zero| (c as u32).checked_sub(*zero).filter(|d| *d < 10));
        if c.is_ascii() { Some(c) } else { char::from_digit(digit?, 10) }
    };
    text.chars().map(plain).collect()
}
