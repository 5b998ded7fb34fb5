//! What a running build says: a counter and a line for each module at work on a screen, a line for
//! each that begins or ends where nothing moves. Lines only.

use crate::maven::progress::{Module, Progress};
use crate::maven::recorder::short;
use crate::maven::timeline::Timeline;
use crate::maven::transfers::Transfers;
use crate::report::build::happening::Happening;
use crate::text::{Line, Tone, duration as time, size};

/// Modules at work that have a line each.
const LANES: usize = 8;

/// The state of a build at one moment.
pub(super) struct Live<'a> {
    /// What is done and what runs.
    pub(super) progress: &'a Progress,
    /// Since when.
    pub(super) timeline: &'a Timeline,
    /// Time left, once known.
    pub(super) left: Option<String>,
    /// Seconds since the build began.
    pub(super) at: f64,
}

impl Live<'_> {
    /// What stands behind the counter.
    pub(super) fn head(&self) -> String {
        let what = match (&self.left, self.progress.started().is_empty()) {
            (_, true) => "reading the project's files".to_owned(),
            _ if self.progress.success.is_some() => "finishing".to_owned(),
            (Some(left), _) => format!("about {left} left"),
            (None, _) => String::new(),
        };
        format!("{}  {what}", clock(self.at)).trim_end().to_owned()
    }

    /// A line for each module at work, and one for what is fetched.
    pub(super) fn lanes(&self) -> Vec<String> {
        let modules = self.progress.started().iter().enumerate();
        let running: Vec<_> = modules.filter(|(_, module)| !module.done).collect();
        let names = running.iter().map(|(_, module)| module.artifact.chars().count());
        let width = names.max().unwrap_or(0).clamp(12, 40);
        let lane = |(place, module): &(usize, &Module)| {
            let goal = module.goal.as_deref().map(short).unwrap_or_default();
            let since = clock(self.timeline.seconds(*place));
            format!("  {:<width$}  {goal:<24} {since:>7}", module.artifact).trim_end().to_owned()
        };
        let mut lanes: Vec<String> = running.iter().take(LANES).map(lane).collect();
        if running.len() > LANES {
            lanes.push(format!("  and {} more", running.len() - LANES));
        }
        if let Some(file) = self.timeline.transfers.fetching() {
            let so_far = amount(&self.timeline.transfers);
            lanes.push(match so_far {
                Some(so_far) => format!("  fetching {file} ({so_far} so far)"),
                None => format!("  fetching {file}"),
            });
        }
        lanes
    }

    /// A module that begins.
    pub(super) fn started(&self, name: &str, place: Option<(usize, usize)>) -> Line {
        let place = place.map(|(k, n)| format!("[{k}/{n}] ")).unwrap_or_default();
        self.stamp().and(Tone::Dim, place).and(Tone::Plain, name)
    }

    /// A module that has ended, as so many others before.
    pub(super) fn ended(&self, place: usize, done: usize) -> Line {
        let name = self.progress.started().get(place).map_or("", |module| module.name.as_str());
        let seconds = time(self.timeline.seconds(place));
        let of = self.progress.total().filter(|total| *total > 1);
        let of = of.map(|total| format!("; {done} of {total} done"));
        let over = self.progress.total().is_some_and(|total| done >= total);
        let left = self.left.as_ref().filter(|_| !over);
        let left = left.map(|left| format!(", about {left} left"));
        let text = format!("{name} took {seconds}");
        let rest = [of, left].into_iter().flatten().collect::<String>();
        self.stamp().and(Tone::Plain, text).and(Tone::Dim, rest)
    }

    /// The same for programs.
    pub(super) fn finished(&self, place: usize, done: usize) -> Happening {
        let module = self.progress.started().get(place);
        Happening::ModuleFinished {
            artifact: module.map(|module| module.artifact.clone()).unwrap_or_default(),
            name: module.map(|module| module.name.clone()).unwrap_or_default(),
            seconds: (self.timeline.seconds(place) * 1000.0).round() / 1000.0,
            done,
            total: self.progress.total(),
            left: self.left.clone(),
        }
    }

    /// When, as minutes and seconds since the build began.
    fn stamp(&self) -> Line {
        Line::toned(Tone::Dim, format!("{:>5} ", clock(self.at)))
    }
}

/// What the build leaves to say about downloads, and about the machine's sleep.
pub(super) fn afterwards(transfers: &Transfers, slept: Option<f64>) -> Vec<Line> {
    let mut lines = Vec::new();
    if let Some(amount) = amount(transfers) {
        let text = format!("downloaded {amount}, in {}", time(transfers.seconds));
        lines.push(Line::toned(Tone::Dim, text));
    }
    if let Some(slept) = slept {
        let text = format!(
            "the clock went on by {} more: the machine slept, or its clock was set; times are \
             without that",
            time(slept)
        );
        lines.push(Line::toned(Tone::Dim, text));
    }
    lines
}

fn amount(transfers: &Transfers) -> Option<String> {
    let all = &transfers.all;
    match (all.files, all.bytes) {
        (0, _) => None,
        (1, bytes) => Some(format!("1 file, {}", size(bytes))),
        (files, bytes) => Some(format!("{files} files, {}", size(bytes))),
    }
}

/// `0:07`, `12:31`, `1:02:03`.
fn clock(seconds: f64) -> String {
    let seconds = seconds.max(0.0) as u64;
    match seconds {
        0..3600 => format!("{}:{:02}", seconds / 60, seconds % 60),
        _ => format!("{}:{:02}:{:02}", seconds / 3600, seconds % 3600 / 60, seconds % 60),
    }
}
