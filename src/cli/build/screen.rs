//! What a build says to the person: before, while, and after it. Lines only; a failure never takes
//! more than one screen of 24 lines.

use std::path::Path;

use super::{BuildArgs, Ready};
use crate::maven::catalogue::{Cause, Kind};
use crate::maven::explain::{Explanation, Problem};
use crate::maven::progress::Progress;
use crate::maven::run::typed;
use crate::text::{Line, Tone};

/// Lines between the first and the last two of a failure.
const ROOM: usize = 20;
/// Files, lines or tests named; the log has the rest.
const PROBLEMS: usize = 3;

/// How the build went, from outside.
pub(super) struct Facts<'a> {
    /// Seconds from start to end.
    pub(super) seconds: i64,
    /// The log file.
    pub(super) log: &'a Path,
}

/// Before the build: what will run, with what, and why.
pub(super) fn start(ready: &Ready, width: usize) -> Vec<Line> {
    let plan = &ready.plan;
    let mut lines = vec![
        Line::new()
            .and(Tone::Strong, format!("building {} in {}", plan.title, plan.root.display())),
        Line::plain("this runs the code of the work tree: its Maven plug-ins, scripts and tests"),
    ];
    let feature = plan.jdk.feature.map(|feature| format!("{feature}, ")).unwrap_or_default();
    let jdk = format!("{feature}{} ({})", plan.jdk.home.display(), plan.jdk.why);
    lines.extend(labelled("JDK", &jdk, width));
    for note in ready.tuning.notes.iter().filter(|note| !note.aside) {
        lines.extend(labelled("tuning", &format!("{}: {}", note.what, note.why), width));
    }
    for problem in ready.reactor.problems.iter().take(3) {
        let line = problem.line.map(|line| format!(":{line}")).unwrap_or_default();
        let text = format!("{}{line}: {}", problem.file.display(), problem.what);
        lines.extend(labelled("pom", &text, width));
    }
    lines
}

/// Instead of the build: all of the above and the command.
pub(super) fn plan(ready: &Ready, width: usize) -> Vec<Line> {
    let mut lines = start(ready, width);
    let maven = &ready.plan.maven;
    let version = ready.plan.maven_version.as_deref().unwrap_or("of unknown version");
    lines.extend(labelled("Maven", &format!("{version}, {}", maven.display()), width));
    lines.push(Line::plain(format!("would run in {}:", ready.plan.root.display())));
    lines.push(Line::toned(Tone::Command, format!("  {}", typed(&ready.command))));
    lines
}

/// Where nothing moves, a module that starts.
pub(super) fn started(name: &str, place: Option<(usize, usize)>) -> Line {
    let place = place.map(|(k, n)| format!("[{k}/{n}] ")).unwrap_or_default();
    Line::new().and(Tone::Dim, place).and(Tone::Plain, name)
}

/// What the moving line says behind its counter.
pub(super) fn message(progress: &Progress, fetching: Option<&str>, elapsed: i64) -> String {
    let mut parts = Vec::new();
    if let Some(left) = progress.left(elapsed as f64) {
        parts.push(format!("about {} left", time(left)));
    }
    for module in progress.running().take(3) {
        let goal = module.goal.as_deref().and_then(|goal| goal.rsplit(':').next()).unwrap_or("");
        parts.push(format!("{} {goal}", module.artifact).trim_end().to_owned());
    }
    let more = progress.running().count().saturating_sub(3);
    if more > 0 {
        parts.push(format!("and {more} more"));
    }
    if let Some(file) = fetching {
        parts.push(format!("fetching {file}"));
    }
    if parts.is_empty() {
        parts.push(match progress.started().last() {
            Some(module) => format!("finishing {}", module.artifact),
            None => "reading the project's files".into(),
        });
    }
    parts.join(", ")
}

/// After a build that passed.
pub(super) fn built(progress: &Progress, facts: &Facts<'_>) -> Vec<Line> {
    let seconds = progress.seconds.unwrap_or(0.0).max(0.0);
    let seconds = if seconds > 0.0 { seconds } else { facts.seconds as f64 };
    let count = progress.started().len();
    let modules = if count == 1 { "1 module".into() } else { format!("{count} modules") };
    let text = format!("built {modules} in {}", time(seconds));
    let mut lines = vec![Line::toned(Tone::Good, text)];
    let slowest = progress.slowest(3);
    if slowest.len() > 1 {
        let named = slowest.iter().map(|(name, seconds)| format!("{name} {}", time(*seconds)));
        let named: Vec<String> = named.collect();
        lines.push(Line::plain(format!("slowest: {}", named.join(", "))));
    }
    lines.push(Line::toned(Tone::Dim, format!("log: {}", facts.log.display())));
    lines
}

/// After Ctrl-C.
pub(super) fn stopped(ready: &Ready, progress: &Progress, facts: &Facts<'_>) -> Vec<Line> {
    let of = progress.total().map(|total| format!(" of {total}")).unwrap_or_default();
    let done = format!("stopped; {}{of} modules are built", progress.done());
    let resume = progress.resume_from(&ready.reactor.names()).filter(|_| progress.done() > 0);
    vec![
        Line::toned(Tone::Warn, done),
        resume_line(&ready.args, resume.as_deref()),
        log_line(facts),
    ]
}

/// A failure on one screen.
pub(super) struct Failure<'a> {
    /// What was run.
    pub(super) ready: &'a Ready,
    /// Why it failed.
    pub(super) told: &'a Explanation,
    /// Maven's exit code; `None` when a signal from outside ended it.
    pub(super) code: Option<i32>,
    /// Files without a licence header.
    pub(super) files: &'a [String],
    /// Columns.
    pub(super) width: usize,
}

impl Failure<'_> {
    /// The screen.
    pub(super) fn lines(&self, progress: &Progress, facts: &Facts<'_>) -> Vec<Line> {
        let mut lines = vec![self.head(progress, facts)];
        let mut body = self.body();
        body.truncate(ROOM);
        lines.extend(body);
        let built_any = progress.done() > 0;
        let resume = self.told.resume_from.as_deref().filter(|_| built_any);
        lines.push(resume_line(&self.ready.args, resume));
        lines.push(log_line(facts));
        lines
    }

    fn head(&self, progress: &Progress, facts: &Facts<'_>) -> Line {
        let seconds = progress.seconds.unwrap_or(facts.seconds as f64);
        let mut text = format!("the build failed after {}", time(seconds));
        if let Some(module) = &self.told.module {
            text += &format!(" in {module}");
        }
        if let Some(goal) = &self.told.goal {
            text += &format!(", at {goal}");
        }
        Line::toned(Tone::Bad, cut(&text, self.width))
    }

    fn body(&self) -> Vec<Line> {
        let told = self.told;
        let mut lines = Vec::new();
        let killed = matches!(self.code, None | Some(137)) && told.causes.is_empty();
        for problem in told.problems.iter().take(PROBLEMS) {
            lines.extend(self.problem(problem));
        }
        for file in self.files.iter().take(PROBLEMS * 2) {
            lines.push(Line::plain(format!("  {}", cut(file, self.width - 2))));
        }
        let named = told.problems.len().saturating_sub(PROBLEMS)
            + self.files.len().saturating_sub(PROBLEMS * 2);
        if named > 0 {
            lines.push(Line::toned(Tone::Dim, format!("  and {named} more, in the log")));
        }
        if let Some(artifact) = &told.artifact {
            lines.extend(labelled("artifact", artifact, self.width));
        }
        if let Some(repository) = &told.repository {
            let url = told.url.as_deref().map(|url| format!(" ({url})")).unwrap_or_default();
            lines.extend(labelled("repository", &format!("{repository}{url}"), self.width));
        }
        if lines.is_empty() {
            lines.extend(self.essential(killed));
        }
        for cause in told.causes.iter().take(2) {
            lines.extend(self.cause(cause));
        }
        if killed {
            lines.extend(labelled("cause", KILLED, self.width));
        }
        lines
    }

    fn problem(&self, problem: &Problem) -> Vec<Line> {
        let mut place = problem.file.as_deref().map(|file| self.inside(file)).unwrap_or_default();
        if let (true, Some(test)) = (problem.file.is_none(), &problem.rule) {
            place.clone_from(test);
        }
        for number in [problem.line, problem.column].into_iter().flatten() {
            place += &format!(":{number}");
        }
        let rule = problem.rule.as_ref().filter(|_| problem.file.is_some());
        let rule = rule.map(|rule| format!(" [{rule}]")).unwrap_or_default();
        let text = format!("{}{rule}", problem.text);
        vec![
            Line::new().and(Tone::Plain, "  ").and(Tone::Strong, cut(&place, self.width - 2)),
            Line::plain(format!("    {}", cut(&text, self.width - 4))),
        ]
    }

    /// A path as seen from the work tree.
    fn inside(&self, file: &str) -> String {
        let inside = Path::new(file).strip_prefix(&self.ready.plan.root);
        inside.map_or_else(|_| file.to_owned(), |path| path.display().to_string())
    }

    fn essential(&self, killed: bool) -> Vec<Line> {
        let room = if self.told.causes.is_empty() && !killed { 15 } else { 4 };
        let lines = self.told.essential.iter().flat_map(|line| wrap(line, self.width - 2));
        let lines: Vec<String> = lines.collect();
        let first = if killed { lines.len().saturating_sub(room) } else { 0 };
        lines[first..].iter().take(room).map(|line| Line::plain(format!("  {line}"))).collect()
    }

    fn cause(&self, cause: &Cause) -> Vec<Line> {
        let place = match cause.kind {
            Kind::User => "in the change",
            Kind::Machine => "on this machine",
            Kind::Network => "on the network",
            Kind::Project => "in the project",
            Kind::Noise => "no failure",
        };
        let mut lines = labelled("cause", &format!("{place}: {}", cause.cause), self.width);
        lines.extend(labelled("remedy", &cause.remedy, self.width));
        lines
    }
}

const KILLED: &str = "on this machine: Maven was ended from outside without a word; when memory \
                      runs out, the system does that (look at `journalctl -k` or `dmesg`)";

fn resume_line(args: &BuildArgs, module: Option<&str>) -> Line {
    Line::new().and(Tone::Dim, "then       ").and(Tone::Command, again(args, module))
}

fn log_line(facts: &Facts<'_>) -> Line {
    Line::new().and(Tone::Dim, format!("whole log  {}", facts.log.display()))
}

/// The command that goes on, with what the user gave this time.
fn again(args: &BuildArgs, module: Option<&str>) -> String {
    let mut words = vec!["onramp".to_owned(), "build".to_owned()];
    let module = module.map(|module| format!(":{module}")).or(args.resume_from.clone());
    words.extend(module.into_iter().flat_map(|module| ["--resume-from".to_owned(), module]));
    let threads = args.threads.map(|threads| threads.to_string());
    words.extend(threads.into_iter().flat_map(|threads| ["--threads".to_owned(), threads]));
    let jdk = args.jdk.as_ref().map(|jdk| jdk.display().to_string());
    words.extend(jdk.into_iter().flat_map(|jdk| ["--jdk".to_owned(), jdk]));
    if !args.maven.is_empty() {
        words.push("--".into());
        words.extend(args.maven.iter().cloned());
    }
    words.join(" ")
}

pub(super) fn labelled(label: &str, text: &str, width: usize) -> Vec<Line> {
    let lines = wrap(text, width.saturating_sub(11).max(20));
    let label = |first: bool| if first { format!("{label:<11}") } else { " ".repeat(11) };
    let toned = |(at, line): (usize, String)| {
        Line::new().and(Tone::Dim, label(at == 0)).and(Tone::Plain, line)
    };
    lines.into_iter().enumerate().map(toned).collect()
}

/// Breaks text at blanks; a longer word stands alone, for a cut address is of no use.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let length = lines.last().map_or(0, |line| line.chars().count());
        if length > 0 && length + 1 + word.chars().count() > width {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines
}

fn cut(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let kept: String = text.chars().take(width.saturating_sub(3)).collect();
    format!("{kept}...")
}

/// `32 s`, `4:06 min`, `1:02 h`.
pub(super) fn time(seconds: f64) -> String {
    // Rounded and never negative; a figure beyond all bounds is only shown.
    let seconds = seconds.max(0.0).round() as u64;
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{}:{:02} min", seconds / 60, seconds % 60),
        _ => format!("{}:{:02} h", seconds / 3600, seconds % 3600 / 60),
    }
}
