//! Runs git for a clone: shows its progress, and turns its failures into one sentence.

use std::cell::RefCell;
use std::path::Path;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::super::Session;
use super::super::trouble::Trouble;
use super::place::size;
use super::steps::Job;
use crate::git::remote::{Depth, Messages, Phase, Progress, branches_listed};
use crate::git::trouble::explain;
use crate::sys::{self, Command, RunError, Stream};
use crate::text::{Line, clean_line};

/// How git ended, when it did not fail.
pub(super) enum Ended {
    Well,
    Stopped(i32),
}

/// How a transfer ended, when it did not fail.
pub(super) enum Fetched {
    /// Well; the maintained branches that the server has.
    Well(Vec<String>),
    Stopped(i32),
}

/// Fetches the history into `into`.
pub(super) fn fetch(session: &Session<'_>, job: &Job, into: &Path) -> Result<Fetched, Trouble> {
    let screen = Screen::new(session, &format!("cloning {}", job.plan.title));
    let mut wanted = job.plan.branches.clone();
    if !wanted.contains(&job.base) {
        wanted.push(job.base.clone());
    }
    let asked = git(session, job, &screen, &job.git.list(&job.plan.repository, &wanted))?;
    let there = match asked {
        (Ended::Stopped(signal), _) => return Ok(Fetched::Stopped(signal)),
        (Ended::Well, out) => branches_listed(&out),
    };
    if !there.contains(&job.base) {
        return Err(no_branch(job, &there));
    }
    let command = job.git.transfer(&job.plan.repository, job.depth, &job.base, into);
    Ok(match git(session, job, &screen, &command)?.0 {
        Ended::Well => Fetched::Well(there),
        Ended::Stopped(signal) => Fetched::Stopped(signal),
    })
}

fn no_branch(job: &Job, there: &[String]) -> Trouble {
    let trouble = Trouble::usage(format!("{} has no branch {}", job.plan.repository, job.base));
    if there.is_empty() {
        return trouble.remedy("name one of its branches with --base");
    }
    trouble.remedy(format!("choose with --base: {}", there.join(", ")))
}

/// Sets the remotes, makes the topic branch and writes its files.
pub(super) fn prepare(
    session: &Session<'_>,
    job: &Job,
    tree: &Path,
    branches: &[String],
) -> Result<Ended, Trouble> {
    let screen = Screen::new(session, "writing files");
    let mut commands = Vec::new();
    // A full clone has all branches, and a shallow one would fetch a tree for each.
    if job.depth == Depth::Partial && branches != [job.base.clone()] {
        commands.extend(job.git.follow(tree, branches));
    }
    if let Some(fork) = &job.fork {
        let fetch = "+refs/heads/*:refs/remotes/origin/*";
        commands.push(job.git.set(tree, "remote.origin.url", fork));
        commands.push(job.git.set(tree, "remote.origin.fetch", fetch));
        commands.push(job.git.set(tree, "remote.pushDefault", "origin"));
    }
    commands.push(job.git.checkout(
        tree,
        &job.topic,
        &format!("refs/remotes/upstream/{}", job.base),
    ));
    for command in commands {
        if let (Ended::Stopped(signal), _) = git(session, job, &screen, &command)? {
            return Ok(Ended::Stopped(signal));
        }
    }
    Ok(Ended::Well)
}

/// Runs one command to its end; its standard output is handed back.
fn git(
    session: &Session<'_>,
    job: &Job,
    screen: &Screen,
    command: &Command,
) -> Result<(Ended, Vec<u8>), Trouble> {
    let mut messages = Messages::default();
    let mut out = Vec::new();
    let ended = session.bench.stream(command, &mut |stream, bytes| match stream {
        Stream::Out if out.len() < command.output_limit => out.extend_from_slice(bytes),
        Stream::Out => {}
        Stream::Err => {
            if let Some(progress) = messages.feed(bytes) {
                screen.show(&progress);
            }
        }
    });
    match ended {
        Ok(sys::Ended::Exited(Some(0))) => Ok((Ended::Well, out)),
        Ok(sys::Ended::Interrupted(signal)) | Err(RunError::Interrupted(signal)) => {
            Ok((Ended::Stopped(signal), out))
        }
        Ok(sys::Ended::Exited(code)) => Err(failure(session, job, code, &messages.lines())),
        Err(error) => Err(Trouble::failed(error.to_string())),
    }
}

/// One sentence for what git said, with its last words below.
fn failure(session: &Session<'_>, job: &Job, code: Option<i32>, lines: &[String]) -> Trouble {
    let place = job.target.parent().unwrap_or(&job.target);
    let last: Vec<_> = lines.iter().rev().take(5).rev().map(|line| clean_line(line)).collect();
    let words = last.iter().map(|line| format!("\n  git: {line}")).collect::<String>();
    let Some(known) = explain(lines) else {
        let code = code.map_or_else(|| "a signal".to_owned(), |code| format!("code {code}"));
        return Trouble::failed(format!("git ended with {code}{words}"))
            .remedy("git's last words say why; run the same command again once that is mended");
    };
    let url = crate::git::address::shown(&job.plan.repository);
    let what = if known.disk {
        let free = session.bench.disk_space(place).map_or(0, |space| space.free);
        let (needs, free) = (size(job.needs), size(free));
        format!("{}: {} needs about {needs} and has {free} free", known.what, place.display())
    } else if known.proxy {
        format!("{} ({})", known.what, proxy(session))
    } else {
        format!("{}: {url}", known.what)
    };
    Trouble::failed(format!("{what}{words}")).remedy(known.remedy)
}

/// Where the proxy's address comes from, in the order git looks.
fn proxy(session: &Session<'_>) -> String {
    use crate::git::Repositories;
    let git = crate::git::Live::new(session.bench);
    let setting = git.settings(None, &["http.proxy"]).unwrap_or_default().into_iter().next();
    if let Some(setting) = setting {
        return format!(
            "set by http.proxy in {}",
            setting.file.unwrap_or_else(|| "git's settings".into())
        );
    }
    let names = ["https_proxy", "HTTPS_PROXY", "http_proxy", "all_proxy", "ALL_PROXY"];
    let name = names.into_iter().find(|name| session.bench.env(name).is_some());
    name.map_or_else(|| "set nowhere that onramp knows".to_owned(), |name| format!("set by {name}"))
}

/// A bar on a screen that can show one; else one line at the start.
struct Screen {
    bar: ProgressBar,
    phase: RefCell<Option<Phase>>,
}

impl Screen {
    fn new(session: &Session<'_>, title: &str) -> Self {
        let target = if session.terminal.live {
            ProgressDrawTarget::stderr_with_hz(10)
        } else {
            session.terminal.say(Line::plain(title));
            ProgressDrawTarget::hidden()
        };
        let bar = ProgressBar::with_draw_target(Some(100), target);
        if let Ok(style) = ProgressStyle::with_template("{prefix} {bar:25} {percent:>3}% {msg}") {
            bar.set_style(style.progress_chars("=> "));
        }
        bar.set_prefix(title.to_owned());
        bar.set_message("asking the server");
        bar.tick();
        Self { bar, phase: RefCell::new(None) }
    }

    fn show(&self, progress: &Progress) {
        let word = match progress.phase {
            Phase::Preparing => "server prepares",
            Phase::Receiving => "receiving",
            Phase::Resolving => "unpacking",
            Phase::Files => "files",
        };
        let changed = self.phase.replace(Some(progress.phase)) != Some(progress.phase);
        if changed {
            self.bar.reset();
        }
        self.bar.set_message(format!("{word} {}", clean_line(&progress.detail)));
        self.bar.set_position(u64::from(progress.percent));
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
