//! The stage: one command that signs in a private folder which is gone when it ends, however it
//! ends, and the reading of what it tells. Knows neither keys nor verdicts.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use crate::cli::Session;
use crate::sys::{Command, RunError};
use crate::sys::{Ended, Stream};

/// Signs, and tells all that came of it.
const STAGE: &str = include_str!("stage.sh");
/// Stands between git and the program that signs.
const PROGRAM: &str = include_str!("program.sh");
/// Room for everything it tells; the largest part is a commit.
const LIMIT: usize = 4 * 1024 * 1024;

/// What the stage needs.
pub(super) struct Wanted {
    /// The shell.
    pub(super) shell: PathBuf,
    /// git.
    pub(super) git: PathBuf,
    /// The program that signs, as it is set.
    pub(super) program: String,
    /// `openpgp`, `ssh` or `x509`.
    pub(super) format: String,
    /// git's settings, as arguments.
    pub(super) settings: Vec<String>,
    /// `gpgconf`, where an agent that signing starts is to be ended.
    pub(super) end_agent: Option<PathBuf>,
    /// How long signing may take.
    pub(super) patience: Duration,
    /// Whether a person may be asked at this terminal.
    pub(super) interactive: bool,
}

/// What came of it.
#[derive(Debug, Default)]
pub(super) struct Staged {
    /// By name: `author`, `committer`, `commit.err`, `said`, `raw`, `verified`, `letter`.
    parts: BTreeMap<String, Vec<u8>>,
    /// How long signing took.
    pub(super) seconds: Option<f64>,
    /// It was ended because the time was up.
    pub(super) timed_out: bool,
    /// Why nothing could be tried at all.
    pub(super) unusable: Option<String>,
}

impl Staged {
    /// One part as text.
    pub(super) fn text(&self, name: &str) -> String {
        String::from_utf8_lossy(self.bytes(name)).trim_end().to_owned()
    }

    /// One part as it came.
    pub(super) fn bytes(&self, name: &str) -> &[u8] {
        self.parts.get(name).map_or(&[], Vec::as_slice)
    }

    /// Whether there is a signed commit.
    pub(super) fn signed(&self) -> bool {
        self.text("commit.code") == "0" && !self.bytes("raw").is_empty()
    }

    /// Name and address of an identity, its time left out.
    pub(super) fn person(&self, name: &str) -> Option<String> {
        let text = self.text(name);
        let end = text.rfind('>')?;
        Some(text[..=end].to_owned())
    }
}

/// Runs it; a signal comes back as its number, once everything is gone.
pub(super) fn stage(session: &Session<'_>, wanted: &Wanted) -> Result<Staged, i32> {
    let mut told = Vec::new();
    let mut clock = Clock::default();
    let mut sink = |stream: Stream, bytes: &[u8]| {
        if stream == Stream::Out && told.len() < LIMIT {
            told.extend_from_slice(bytes);
            clock.note(&told);
        }
    };
    let ended = session.bench.stream(&command(session, wanted), &mut sink);
    let mut staged = Staged { parts: read(&told), ..Staged::default() };
    match ended {
        Ok(Ended::Interrupted(signal)) | Err(RunError::Interrupted(signal)) => return Err(signal),
        Err(RunError::TimedOut(..)) => staged.timed_out = true,
        Err(error) => staged.unusable = Some(error.to_string()),
        Ok(Ended::Exited(Some(0))) => {}
        Ok(Ended::Exited(_)) => {
            staged.unusable = Some("git could not make a repository to try in".to_owned());
        }
    }
    staged.seconds = clock.seconds();
    Ok(staged)
}

fn command(session: &Session<'_>, wanted: &Wanted) -> Command {
    let bench = session.bench;
    let none = PathBuf::new();
    let mut command = Command::work(&wanted.shell)
        .scratch_file("stage.sh", STAGE)
        .scratch_file("program", PROGRAM)
        .args(["stage.sh"])
        .args(&wanted.settings)
        // Nothing but the signature is tried: no hook, no housekeeping.
        .args(["-c", "core.hooksPath=/dev/null", "-c", "gc.auto=0", "-c", "maintenance.auto=false"])
        .with("ONRAMP_GIT", &wanted.git)
        .with("ONRAMP_PROGRAM", &wanted.program)
        .with("ONRAMP_FORMAT", &wanted.format)
        .with("ONRAMP_END_AGENT", wanted.end_agent.as_ref().unwrap_or(&none))
        .with("ONRAMP_TMPDIR", bench.env("TMPDIR").unwrap_or_default())
        .with("GIT_CONFIG_NOSYSTEM", "1")
        .with("GIT_CONFIG_GLOBAL", "/dev/null")
        .within(wanted.patience);
    for name in bench.env_names() {
        let text = name.to_string_lossy().into_owned();
        let dropped =
            ["GIT_CONFIG_COUNT", "GIT_CONFIG_PARAMETERS", "GIT_CONFIG", "GIT_TEMPLATE_DIR"]
                .contains(&text.as_str())
                || text.starts_with("GIT_TRACE")
                || text.starts_with("GIT_DEFAULT_");
        if dropped {
            command = command.without(name);
        }
    }
    // git's complaints are read in English; the passphrase is typed in the user's own letters.
    if let Some(all) = bench.env("LC_ALL") {
        command = command.without("LC_ALL").with("LC_CTYPE", all);
    }
    command = command.with("LC_MESSAGES", "C");
    if let Some(home) = relative_home(session) {
        command = command.with("GNUPGHOME", home);
    }
    if wanted.interactive { command.at_terminal() } else { command }
}

/// GNUPGHOME as it leads from where onramp was started: signing happens elsewhere.
fn relative_home(session: &Session<'_>) -> Option<OsString> {
    let home = PathBuf::from(session.bench.env("GNUPGHOME")?);
    let here = session.bench.current_dir().ok()?;
    Some(here.join(home).into_os_string())
}

/// When signing began and ended, by the marks in what is told.
#[derive(Default)]
struct Clock {
    begun: Option<Instant>,
    ended: Option<Instant>,
}

impl Clock {
    fn note(&mut self, told: &[u8]) {
        let has = |mark: &[u8]| told.windows(mark.len()).any(|window| window == mark);
        if self.begun.is_none() && has(b"= signing 0\n") {
            self.begun = Some(Instant::now());
        }
        if self.begun.is_some() && self.ended.is_none() && has(b"= signed 0\n") {
            self.ended = Some(Instant::now());
        }
    }

    fn seconds(&self) -> Option<f64> {
        Some(self.ended?.duration_since(self.begun?).as_secs_f64())
    }
}

/// Reads `= NAME LENGTH`, the bytes and a line feed, over and over.
fn read(mut told: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut parts = BTreeMap::new();
    while let Some(end) = told.iter().position(|byte| *byte == b'\n') {
        let head = String::from_utf8_lossy(&told[..end]).into_owned();
        let rest = &told[end + 1..];
        let Some((name, length)) = head.strip_prefix("= ").and_then(|head| head.split_once(' '))
        else {
            break;
        };
        let length = length.parse().unwrap_or(usize::MAX).min(rest.len());
        parts.insert(name.to_owned(), rest[..length].to_vec());
        told = rest.get(length + 1..).unwrap_or_default();
    }
    parts
}
