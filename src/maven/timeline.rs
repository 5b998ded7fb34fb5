//! When the modules and goals of a build began and ended, by the caller's clock. Pure; which
//! modules are done is told by `progress`.

use super::events::{Event, Outcome};
use super::progress::Progress;
use super::transfers::Transfers;

/// Goals kept of one module; a build that starts more is in a loop.
const MOST_GOALS: usize = 500;

/// One module in time; all in seconds since the build began.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Span {
    /// When it began.
    pub from: f64,
    /// When it was seen to be done.
    pub to: Option<f64>,
    /// Seconds of it in which files were being fetched, shared among the modules that ran.
    pub fetching: f64,
    /// Its goals, as `plugin:version:goal`, with the time each began.
    pub goals: Vec<(String, f64)>,
    /// Its end was told. One that went on after all is not told of twice.
    told: bool,
}

/// The modules in the order in which they started, as in [`Progress::started`].
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Timeline {
    /// One for each.
    pub spans: Vec<Span>,
    /// What was downloaded.
    pub transfers: Transfers,
    last: f64,
}

impl Timeline {
    /// Takes in an event of the time `at` that `progress` has just taken in. Returns the places of
    /// the modules that it ended.
    pub fn take(&mut self, event: &Event, at: f64, progress: &Progress) -> Vec<usize> {
        self.advance(at);
        self.transfers.take(event, at, progress.threads() == 1);
        let modules = progress.started();
        for _ in self.spans.len()..modules.len() {
            self.spans.push(Span { from: at, ..Span::default() });
        }
        let place = |artifact: &str| modules.iter().rposition(|m| m.artifact == artifact);
        if let Event::Goal { goal, artifact } = event
            && let Some(place) = place(artifact)
        {
            let span = &mut self.spans[place];
            if span.goals.len() < MOST_GOALS {
                span.goals.push((goal.clone(), at));
            }
        }
        self.settle(event, at, progress)
    }

    /// Lets time go by in which nothing happened.
    pub fn advance(&mut self, at: f64) {
        let passed = (at - self.last).max(0.0);
        self.last = self.last.max(at);
        if self.transfers.fetching().is_some() {
            self.transfers.seconds += passed;
            let running = self.spans.iter().filter(|span| span.to.is_none()).count().max(1);
            let share = passed / running as f64;
            let running = self.spans.iter_mut().filter(|span| span.to.is_none());
            running.for_each(|span| span.fetching += share);
        }
    }

    fn settle(&mut self, event: &Event, at: f64, progress: &Progress) -> Vec<usize> {
        let mut ended = Vec::new();
        for (place, (span, module)) in self.spans.iter_mut().zip(progress.started()).enumerate() {
            match (span.to, module.done) {
                (None, true) => {
                    span.to = Some(at);
                    if !std::mem::replace(&mut span.told, true) {
                        ended.push(place);
                    }
                }
                (Some(_), false) => span.to = None,
                _ => {}
            }
        }
        if let Event::Summary { name, outcome, seconds: Some(seconds) } = event {
            let same = |module: &super::progress::Module| module.name == *name;
            if let Some(place) = progress.started().iter().position(same) {
                // Maven's own measure; what we saw is late by what lay in the pipe.
                let span = &mut self.spans[place];
                let known = span.to.is_some() || *outcome == Outcome::Failure;
                span.to = known.then_some((span.from + seconds).min(at)).or(span.to);
            }
        }
        ended
    }

    /// How many modules were told to be done. It never goes down, as what is done may for a moment.
    #[must_use]
    pub fn over(&self) -> usize {
        self.spans.iter().filter(|span| span.told).count()
    }

    /// How long a module took, or has taken so far.
    #[must_use]
    pub fn seconds(&self, place: usize) -> f64 {
        self.spans
            .get(place)
            .map_or(0.0, |span| (span.to.unwrap_or(self.last) - span.from).max(0.0))
    }

    /// The same without what was spent in downloads.
    #[must_use]
    pub fn working(&self, place: usize) -> f64 {
        let fetching = self.spans.get(place).map_or(0.0, |span| span.fetching);
        (self.seconds(place) - fetching).max(0.0)
    }
}
