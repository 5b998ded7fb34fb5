//! What the lines of a build add up to while it runs, and what of it is said at once.

use super::Ready;
use super::emit::Emit;
use super::live::Live;
use crate::cli::progress::Meter;
use crate::maven::events::Event;
use crate::maven::evidence::Evidence;
use crate::maven::graph::Graph;
use crate::maven::pace::{Known, Pace, Shown};
use crate::maven::progress::{Progress, Timings};
use crate::maven::recorder::{Recorder, Said, short};
use crate::maven::sizes;
use crate::maven::timeline::Timeline;
use crate::report::build::happening::Happening;
use crate::sys::Workbench;

/// What the events of both streams add up to.
pub(super) struct State {
    /// What is done and what runs.
    pub(super) progress: Progress,
    /// What explains a failure.
    pub(super) evidence: Evidence,
    /// Since when.
    pub(super) timeline: Timeline,
    /// What is kept.
    pub(super) recorder: Recorder,
    /// What was known before.
    pub(super) known: Known,
    pace: Option<Pace>,
    shown: Shown,
}

/// What a state may look at and speak to.
pub(super) struct Surroundings<'a> {
    /// The screen.
    pub(super) meter: &'a Meter,
    /// The machine.
    pub(super) bench: &'a dyn Workbench,
    /// The build.
    pub(super) ready: &'a Ready,
    /// Programs that listen.
    pub(super) emit: &'a mut Emit,
}

impl State {
    /// Before the first line.
    pub(super) fn new(ready: &Ready, timings: Timings) -> Self {
        let graph = Graph::of(&ready.reactor);
        let earlier = timings.of(&kind(ready)).cloned();
        let progress = Progress::new(timings).knowing(&ready.reactor, &graph);
        let known = Known { earlier, ..Known::of(&ready.reactor, graph) };
        Self {
            progress,
            evidence: Evidence::default(),
            timeline: Timeline::default(),
            recorder: Recorder::new(&ready.plan.root.to_string_lossy()),
            known,
            pace: None,
            shown: Shown::default(),
        }
    }

    /// Takes in a line; whether there is something new to show.
    pub(super) fn take(
        &mut self,
        line: &str,
        event: Option<Event>,
        at: f64,
        around: &mut Surroundings<'_>,
    ) -> bool {
        self.evidence.take(line, event.as_ref());
        let said = self.recorder.take(line, event.as_ref(), || alone(&self.progress));
        if let Some(said) = said {
            around.emit.tell(at, told(said, alone(&self.progress)), around.meter);
        }
        let Some(event) = event else { return false };
        self.progress.apply(&event);
        let ended = self.timeline.take(&event, at, &self.progress);
        if matches!(event, Event::Started { .. }) && self.pace.is_none() {
            self.pace = Some(self.weigh(around));
            let (modules, threads) = (self.progress.order().to_vec(), self.progress.threads());
            around.emit.tell(at, Happening::Order { modules, threads }, around.meter);
        }
        if !around.meter.live() || around.emit.wanted() {
            self.tell(&event, &ended, at, around);
        }
        !ended.is_empty()
            || matches!(
                event,
                Event::Started { .. }
                    | Event::Goal { .. }
                    | Event::Downloaded { .. }
                    | Event::Downloading { .. }
            )
    }

    /// Tells programs of an event, and people of modules where nothing moves on the screen.
    fn tell(&mut self, event: &Event, ended: &[usize], at: f64, around: &mut Surroundings<'_>) {
        if !ended.is_empty() {
            self.judge(at);
        }
        let live = self.live(at);
        // Where one event ends several, each has its own number.
        for (done, place) in (self.timeline.over() + 1 - ended.len()..).zip(ended) {
            if !around.meter.live() {
                around.meter.say(live.ended(*place, done));
            }
            around.emit.tell(at, live.finished(*place, done), around.meter);
        }
        if let (Event::Started { name, place, .. }, false) = (event, around.meter.live()) {
            around.meter.say(live.started(name, *place));
        }
        if let Some(what) = happening(event) {
            around.emit.tell(at, what, around.meter);
        }
    }

    /// Judges anew how long it will take.
    pub(super) fn judge(&mut self, at: f64) {
        let left = self.pace.as_ref();
        let left = left.and_then(|pace| pace.left(&self.progress, &self.timeline, at));
        self.shown.take(left, at);
    }

    /// The state as it is shown.
    pub(super) fn live(&self, at: f64) -> Live<'_> {
        Live { progress: &self.progress, timeline: &self.timeline, left: self.shown.say(), at }
    }

    /// What the build is at, such as `surefire:test of core`; of several modules the first.
    pub(super) fn busy(&self) -> Option<String> {
        let module = self.progress.running().next()?;
        let goal = module.goal.as_deref().map(|goal| format!("{} of ", short(goal)));
        Some(goal.unwrap_or_default() + &module.artifact)
    }

    /// What the modules weigh; folders are looked into only where no earlier build tells.
    fn weigh(&mut self, around: &Surroundings<'_>) -> Pace {
        if self.known.earlier.is_none() {
            let root = &around.ready.plan.root;
            self.known.sources = sizes::sources(around.bench, root, &around.ready.reactor);
        }
        Pace::of(self.progress.order(), &self.known)
    }
}

/// The module that runs, where it is alone and so said whatever is said.
fn alone(progress: &Progress) -> Option<&str> {
    let mut running = progress.running();
    let module = running.next()?;
    running.next().is_none().then_some(module.artifact.as_str())
}

fn told(said: Said, module: Option<&str>) -> Happening {
    match said {
        Said::Warning(text) => Happening::Warning { module: module.map(str::to_owned), text },
        Said::Class(class) => Happening::Tests(class),
    }
}

fn happening(event: &Event) -> Option<Happening> {
    match event.clone() {
        Event::Started { artifact, name, .. } => Some(Happening::ModuleStarted { artifact, name }),
        Event::Goal { goal, artifact } => Some(Happening::GoalStarted { artifact, goal }),
        Event::Downloading { repository, url } => {
            Some(Happening::DownloadStarted { repository, url })
        }
        Event::Downloaded { repository, url, bytes } => {
            Some(Happening::DownloadFinished { repository, url, bytes })
        }
        Event::Error(text) if !text.is_empty() => Some(Happening::Error { text }),
        _ => None,
    }
}

/// What was asked of Maven, as far as modules take longer or shorter for it.
pub(super) fn kind(ready: &Ready) -> String {
    let words = ready.plan.goals.iter().chain(&ready.args.maven);
    let words: Vec<&str> = words.map(String::as_str).filter(|w| !w.starts_with("-T")).collect();
    words.join(" ")
}
