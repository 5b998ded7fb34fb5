//! What a build says to the person: before, while, and after it. Lines only; `failed` has those of
//! a failure.

use std::path::Path;

use super::way_on::way_on;
use super::{BuildArgs, Ready, USUAL, Way};
use crate::maven::progress::Progress;
use crate::maven::run::typed;
use crate::maven::tuning::{Note, Weight};
use crate::sys::System;
pub(super) use crate::text::duration as time;
use crate::text::{Line, Tone, shell_word, wrap, wrap_remedy};

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
    let jdk = format!("{feature}{}: {}", plan.jdk.home.display(), plan.jdk.why);
    lines.extend(labelled("JDK", &jdk, width));
    for note in &plan.maven.notes {
        lines.extend(labelled("Maven", note, width));
    }
    lines.extend(way(&plan.way, width));
    lines.extend(resumed(&ready.args, width));
    lines.extend(tuning(&ready.tuning.notes, width));
    for problem in ready.reactor.problems.iter().take(3) {
        let line = problem.line.map(|line| format!(":{line}")).unwrap_or_default();
        let text = format!("{}{line}: {}", problem.file.display(), problem.what);
        lines.extend(labelled("pom", &text, width));
    }
    lines
}

/// What was chosen, in one breath, and with its reason what is the user's own or short. All
/// reasons fill a screen, and are for who asks.
fn tuning(notes: &[Note], width: usize) -> Vec<Line> {
    let of = |weight| notes.iter().filter(move |note| note.weight == weight);
    let chosen: Vec<&str> = of(Weight::Chosen).map(|note| note.what.as_str()).collect();
    let mut lines = Vec::new();
    if !chosen.is_empty() {
        let why = "`onramp build --explain-tuning` says why";
        lines.extend(labelled("tuning", &format!("{}; {why}", chosen.join(", ")), width));
    }
    for note in of(Weight::Told) {
        lines.extend(labelled("tuning", &format!("{}: {}", note.what, note.why), width));
    }
    lines
}

/// The profile, where there is more to it than the usual command.
fn way(way: &Way, width: usize) -> Vec<Line> {
    let told = way.name != USUAL || !way.notes.is_empty();
    let about = Some(format!("{}: {}", way.name, way.about)).filter(|_| told);
    let all = about.iter().chain(&way.notes);
    all.flat_map(|text| labelled("profile", text, width)).collect()
}

/// Where a build goes on that is to go on by itself.
fn resumed(args: &BuildArgs, width: usize) -> Vec<Line> {
    let text = match &args.resume_from {
        _ if !args.resume => return Vec::new(),
        Some(module) => format!("at {module}, where the last build stopped"),
        None => "from the start: the last build had finished no module".to_owned(),
    };
    labelled("resumed", &text, width)
}

/// Instead of a build that has nothing to do.
pub(super) fn nothing(why: &str, width: usize) -> Vec<Line> {
    let mut lines = Line::toned(Tone::Good, "nothing to build: ").hanging(Tone::Good, why, width);
    lines.push(then("onramp build"));
    lines
}

/// Instead of the build: all of the above and the command.
pub(super) fn plan(ready: &Ready, width: usize) -> Vec<Line> {
    let mut lines = start(ready, width);
    let maven = &ready.plan.maven;
    let version = maven.version.as_deref().unwrap_or("of unknown version");
    lines.extend(labelled("Maven", &format!("{version}, {}", maven.program.display()), width));
    lines.push(Line::plain(format!("would run in {}:", ready.plan.root.display())));
    lines.push(Line::toned(Tone::Command, format!("  {}", typed(&ready.command))));
    lines
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
    lines.push(log_line(facts));
    lines.push(then("onramp check patch"));
    lines
}

/// After Ctrl-C.
pub(super) fn stopped(
    system: &dyn System,
    ready: &Ready,
    progress: &Progress,
    width: usize,
    facts: &Facts<'_>,
) -> Vec<Line> {
    let of = progress.total().map(|total| format!(" of {total}")).unwrap_or_default();
    let (done, are) = (progress.done(), if progress.done() == 1 { "is" } else { "are" });
    let done = format!("stopped; {done}{of} modules {are} built");
    let mut lines = vec![Line::toned(Tone::Warn, done)];
    lines.extend(way_on(system, ready, progress, &[]).lines(ready.args.clone(), width));
    lines.push(log_line(facts));
    lines
}

/// What to type next.
pub(super) fn then(command: impl Into<String>) -> Line {
    Line::new().and(Tone::Dim, "then       ").and(Tone::Command, command)
}

pub(super) fn log_line(facts: &Facts<'_>) -> Line {
    Line::new().and(Tone::Dim, format!("whole log  {}", facts.log.display()))
}

/// The command that goes on, with what the user gave this time.
pub(in crate::cli) fn again(args: &BuildArgs, module: Option<&str>) -> String {
    let mut words = vec!["onramp".to_owned()];
    words.extend(args.around.iter().cloned());
    words.push("build".to_owned());
    for (name, value) in [("--profile", &args.profile), ("--base", &args.base)] {
        words.extend(value.iter().flat_map(|value| [name.to_owned(), value.clone()]));
    }
    for (flag, given) in [
        ("--wrapper", args.wrapper),
        ("--daemon", args.daemon),
        ("--cache", args.cache),
        ("--anyway", args.anyway),
    ] {
        words.extend(given.then(|| flag.to_owned()));
    }
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
    let words: Vec<String> = words.iter().map(|word| shell_word(word)).collect();
    words.join(" ")
}

/// Text behind a label, its later rows below the first.
pub(super) fn labelled(label: &str, text: &str, width: usize) -> Vec<Line> {
    Line::toned(Tone::Dim, format!("{label:<11}")).rows(Tone::Plain, wrap(text, beside(width)))
}

/// The same for what to do: commands stay whole, so that they can be copied.
pub(super) fn advised(label: &str, text: &str, width: usize) -> Vec<Line> {
    let rows = wrap_remedy(text, beside(width));
    Line::toned(Tone::Dim, format!("{label:<11}")).rows(Tone::Plain, rows)
}

fn beside(width: usize) -> usize {
    width.saturating_sub(11).max(20)
}

pub(super) fn cut(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let kept: String = text.chars().take(width.saturating_sub(3)).collect();
    format!("{kept}...")
}
