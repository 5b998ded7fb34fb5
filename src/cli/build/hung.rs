//! A build that says nothing for long: when that is told, and what its JVMs are doing meanwhile.
//! Ends nothing and changes nothing; the dumps lie beside the log, as private as it is.

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use crate::host::jvm::{self, Jvm};
use crate::maven::record::Silence;
use crate::sys::{Access, Workbench};
use crate::text::{Line, Tone, duration as time};

/// How long Maven may say nothing. Long compilers and tests are silent for minutes.
const USUAL: Duration = Duration::from_secs(600);
/// JVMs that are looked at: Maven itself and the newest of those it started.
const JVMS: usize = 4;
/// Seconds that nobody looked, beyond which the machine must have been asleep.
const ASLEEP: f64 = 30.0;

/// What `--hung-after` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Patience {
    /// So long.
    For(Duration),
    /// For ever.
    Endless,
}

impl Default for Patience {
    fn default() -> Self {
        Self::For(USUAL)
    }
}

impl FromStr for Patience {
    type Err = String;

    /// Reads `90s`, `10m`, `1h`, `never`; a bare number counts minutes.
    fn from_str(text: &str) -> Result<Self, String> {
        if text == "never" {
            return Ok(Self::Endless);
        }
        let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let scale = match &text[digits.len()..] {
            "s" => 1,
            "" | "m" => 60,
            "h" => 3600,
            _ => 0,
        };
        let seconds = digits.parse::<u32>().ok().map(|number| u64::from(number) * scale);
        match seconds {
            Some(seconds @ 1..) => Ok(Self::For(Duration::from_secs(seconds))),
            _ => Err("write it as `90s`, `10m` or `1h`, or as `never`".to_owned()),
        }
    }
}

/// When the silence of a build is told.
pub struct Quiet {
    after: Option<f64>,
    /// Since when nothing was printed.
    since: f64,
    /// When somebody last looked.
    looked: f64,
    /// How often this silence was told.
    told: i32,
    /// Dumps taken so far.
    taken: usize,
}

impl Quiet {
    /// Listens from now on.
    #[must_use]
    pub fn new(patience: Patience) -> Self {
        let after = match patience {
            Patience::For(duration) => Some(duration.as_secs_f64()),
            Patience::Endless => None,
        };
        Self { after, since: 0.0, looked: 0.0, told: 0, taken: 0 }
    }

    /// Something was printed; how long nothing was, where that had been told.
    pub fn heard(&mut self, at: f64) -> Option<f64> {
        let lasted = (self.told > 0).then_some(at - self.since);
        (self.since, self.looked, self.told) = (at, at, 0);
        lasted
    }

    /// When somebody last looked.
    #[must_use]
    pub fn looked(&self) -> f64 {
        self.looked
    }

    /// How long to wait before looking again.
    #[must_use]
    pub fn patience(&self, at: f64) -> Option<Duration> {
        let left = (self.next()? - at).max(0.05);
        Some(Duration::from_secs_f64(left))
    }

    /// Seconds of silence, if it is time to tell of it. `wait` is how long this look was to come
    /// after the last one.
    pub fn due(&mut self, at: f64, wait: f64) -> Option<f64> {
        let missed = at - self.looked - wait;
        if missed > ASLEEP {
            self.since += missed;
        }
        self.looked = at;
        if at < self.next()? {
            return None;
        }
        self.told += 1;
        Some(at - self.since)
    }

    /// Once after the time, then after twice and four times as long again, and so on.
    fn next(&self) -> Option<f64> {
        let after = self.after?;
        Some(self.since + after * (2.0_f64.powi((self.told + 1).min(20)) - 1.0))
    }

    /// Looks at the JVMs of the build and keeps what their threads do.
    pub(super) fn look(&mut self, place: &Look<'_>, at: f64) -> (Silence, Vec<Line>) {
        let jvms = jvm::of_group(place.bench, place.leader, place.jdk);
        let newest = jvms.len().saturating_sub(JVMS - 1).max(1);
        let chosen = jvms.iter().take(1).chain(jvms.get(newest..).unwrap_or_default());
        let (mut said, mut dumps) = (Vec::new(), String::new());
        for jvm in chosen {
            said.extend(one(place, jvm, &mut dumps));
        }
        if jvms.is_empty() {
            said.push("none of its processes is a JVM that can be asked".to_owned());
        }
        let (file, trouble) = self.keep(place, &dumps);
        let silence = Silence {
            from: self.since,
            seconds: at - self.since,
            threads: said,
            file: file.as_ref().and_then(|file| Some(file.file_name()?.to_string_lossy().into())),
        };
        let lines = told(&silence, place, file.as_deref(), trouble);
        (silence, lines)
    }

    fn keep(&mut self, place: &Look<'_>, dumps: &str) -> (Option<PathBuf>, Option<String>) {
        if dumps.is_empty() {
            return (None, None);
        }
        self.taken += 1;
        let file = place.log.with_extension(format!("threads-{}.txt", self.taken));
        match place.bench.write(&file, dumps.as_bytes(), Access::Private) {
            Ok(()) => (Some(file), None),
            Err(error) => (None, Some(format!("{}: {error}", file.display()))),
        }
    }
}

/// Where to look.
pub(super) struct Look<'a> {
    /// The machine.
    pub(super) bench: &'a dyn Workbench,
    /// The process that was started, and its group.
    pub(super) leader: i32,
    /// The JDK of the build.
    pub(super) jdk: &'a Path,
    /// The log, beside which dumps are kept.
    pub(super) log: &'a Path,
    /// What the build is at, such as `surefire:test of core`.
    pub(super) busy: Option<&'a str>,
    /// Columns.
    pub(super) width: usize,
}

/// Asks one JVM; what its threads do, in a line each.
fn one(place: &Look<'_>, jvm: &Jvm, dumps: &mut String) -> Vec<String> {
    let name = format!("{} (process {})", jvm.role, jvm.process);
    match jvm::dump(place.bench, place.jdk, jvm.process) {
        Ok(text) => {
            dumps.push_str(&format!("==== {name}\n{text}\n"));
            let lines = jvm::summary(&jvm::parse(&text));
            if lines.is_empty() {
                return vec![format!("{name}: all threads wait for work")];
            }
            lines.iter().map(|line| format!("{name}: {line}")).collect()
        }
        Err(reason) => vec![format!("{name} does not tell: {reason}")],
    }
}

fn told(
    silence: &Silence,
    place: &Look<'_>,
    file: Option<&Path>,
    trouble: Option<String>,
) -> Vec<Line> {
    let at = place.busy.map(|busy| format!(" at {busy}")).unwrap_or_default();
    let text = format!(
        "nothing was printed for {}{at}; the build goes on, nothing was ended",
        time(silence.seconds)
    );
    let mut lines = Line::new().hanging(Tone::Warn, &text, place.width);
    for thread in &silence.threads {
        lines.extend(Line::plain("  ").hanging(Tone::Plain, thread, place.width));
    }
    if let Some(file) = file {
        lines.push(Line::toned(Tone::Dim, format!("  thread dumps: {}", file.display())));
    }
    if let Some(trouble) = trouble {
        let text = format!("  the thread dumps were not kept: {trouble}");
        lines.push(Line::toned(Tone::Warn, text));
    }
    lines
}
