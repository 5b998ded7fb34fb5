//! Plan → probe → judge: asks every needed probe once, several at the same time, each within its
//! own time limit, and has the answers judged. A probe that hangs is left behind; it holds up nobody.

use std::borrow::Cow;
use std::collections::{BTreeMap, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::finding::{Finding, Outcome};
use crate::judge::{Judge, finding};
use crate::observation::{Observation, Unknown};
use crate::plan::{Action, Step};
use crate::probe::{self, Machine};

/// How long a plug-in may take where no check says.
const PATIENCE: Duration = Duration::from_secs(5);

/// Who answers for a probe: the live machine, a recorded one, or an earlier report.
pub trait Observer: Send + Sync {
    /// Asks one probe.
    fn observe(&self, probe: &str, arguments: &Value) -> Observation;

    /// Asks one probe that can be told how long anybody waits for its answer.
    fn observe_within(&self, probe: &str, arguments: &Value, _limit: Duration) -> Observation {
        self.observe(probe, arguments)
    }
}

impl Observer for Machine {
    fn observe(&self, name: &str, arguments: &Value) -> Observation {
        self.observe_within(name, arguments, PATIENCE)
    }

    fn observe_within(&self, name: &str, arguments: &Value, limit: Duration) -> Observation {
        match probe::find(name) {
            Some(probe) => (probe.observe)(self.world(), arguments.clone()),
            None => self.ask_plugin(name, arguments, limit),
        }
    }
}

/// Told how a run goes on.
pub trait Progress {
    /// So many probes have answered of so many.
    fn answered(&self, done: usize, of: usize);
}

/// Says nothing.
pub struct Silent;

impl Progress for Silent {
    fn answered(&self, _done: usize, _of: usize) {}
}

/// One answer, with what was asked.
#[derive(Debug, Clone)]
pub struct Answered {
    /// The probe.
    pub probe: String,
    /// Its arguments.
    pub arguments: Value,
    /// What it brought back.
    pub observation: Observation,
    /// How long it took, in milliseconds.
    pub millis: u64,
}

type Key = (String, String);

fn key(probe: &str, arguments: &Value) -> Key {
    (probe.to_owned(), arguments.to_string())
}

/// Answers by what was asked.
pub type Answers = BTreeMap<Key, Answered>;

/// How long questions may wait for a worker before another one joins: a probe that hangs must hold
/// up nobody. One begins alone: most probes look at a few files and answer at once, and starting a
/// thread for each would cost more than their answers.
const GROWTH: Duration = Duration::from_millis(2);
/// The same where only questions are left that wait for somebody else over the network: most are
/// answered sooner, and then the worker that is there takes the next one.
const GROWTH_OUTSIDE: Duration = Duration::from_millis(10);

/// One answer on its way.
type Told = (Key, Observation, Duration);

/// What the workers share.
struct Asking {
    observer: Arc<dyn Observer>,
    started: Instant,
    waiting: Mutex<VecDeque<(Key, Value, Duration)>>,
}

impl Asking {
    fn waiting(&self) -> MutexGuard<'_, VecDeque<(Key, Value, Duration)>> {
        // Taking one from a queue leaves nothing half done.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes questions until there are none, or nobody listens any more.
    fn work(&self, answers: &Sender<Told>) {
        loop {
            let Some((key, arguments, limit)) = self.waiting().pop_front() else { return };
            let look = || self.observer.observe_within(&key.0, &arguments, limit);
            let observation = catch_unwind(AssertUnwindSafe(look))
                .unwrap_or_else(|_| Err(Unknown::because("the probe ended without an answer")));
            if answers.send((key, observation, self.started.elapsed())).is_err() {
                return;
            }
        }
    }

    /// How long to wait for an answer before one more worker begins; none where nothing waits.
    fn patience(&self) -> Option<Duration> {
        let waiting = self.waiting();
        // Those that wait for somebody else stand last.
        waiting.front().map(|((name, _), ..)| if waits(name) { GROWTH_OUTSIDE } else { GROWTH })
    }

    /// Lets one more worker begin.
    fn hire(self: &Arc<Self>, answers: &Sender<Told>) -> std::io::Result<()> {
        let (asking, answers) = (Arc::clone(self), answers.clone());
        std::thread::Builder::new().spawn(move || asking.work(&answers)).map(drop)
    }

    /// Answers all that waits with the reason why nobody could look.
    fn give_up(&self, answers: &Sender<Told>, error: &std::io::Error) {
        let reason = format!("no thread could be started to look ({error}): see `ulimit -u`");
        for (key, ..) in self.waiting().drain(..) {
            // Whoever asked may have stopped waiting.
            let _ = answers.send((key, Err(Unknown(reason.clone())), self.started.elapsed()));
        }
    }
}

/// Whether a probe waits for somebody else; what a plug-in does is not known.
fn waits(probe: &str) -> bool {
    probe::find(probe).is_none_or(|probe| probe.waits)
}

/// Asks what the steps need.
pub fn observe(
    steps: &[Step<'_>],
    observer: &Arc<dyn Observer>,
    progress: &dyn Progress,
) -> Answers {
    let questions = questions(steps);
    let mut waiting: Vec<_> = questions
        .iter()
        .map(|(key, (asked, limit))| (key.clone(), asked.clone(), *limit))
        .collect();
    waiting.sort_by_cached_key(|(key, ..)| waits(&key.0));
    let asking = Arc::new(Asking {
        observer: Arc::clone(observer),
        started: Instant::now(),
        waiting: Mutex::new(waiting.into()),
    });
    let (sender, answers) = channel();
    if !questions.is_empty()
        && let Err(error) = asking.hire(&sender)
    {
        asking.give_up(&sender, &error);
    }
    gather(&questions, &asking, &sender, &answers, progress)
}

/// Takes the answers as they come, each within its time limit.
fn gather(
    questions: &BTreeMap<Key, (Value, Duration)>,
    asking: &Arc<Asking>,
    sender: &Sender<Told>,
    answers: &Receiver<Told>,
    progress: &dyn Progress,
) -> Answers {
    let (total, started) = (questions.len(), asking.started);
    let mut open: BTreeMap<Key, Duration> =
        questions.iter().map(|(key, (_, limit))| (key.clone(), *limit)).collect();
    let mut all = Answers::new();
    let mut record = |key: Key, observation, took: Duration| {
        let arguments = questions.get(&key).map_or(Value::Null, |(arguments, _)| arguments.clone());
        let millis = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        let answered = Answered { probe: key.0.clone(), arguments, observation, millis };
        all.insert(key, answered);
    };
    while let Some(next) = open.values().min().copied() {
        let left = next.saturating_sub(started.elapsed());
        let growth = asking.patience();
        match answers.recv_timeout(growth.map_or(left, |growth| left.min(growth))) {
            Ok((key, observation, took)) => {
                if open.remove(&key).is_some() {
                    record(key, observation, took);
                    progress.answered(total - open.len(), total);
                }
            }
            Err(_) => {
                if growth.is_some() {
                    // Where no more can be had, those at work go on.
                    let _ = asking.hire(sender);
                }
                for (key, limit) in open.extract_if(.., |_, limit| *limit <= started.elapsed()) {
                    let reason = format!("no answer within {} s", limit.as_secs());
                    record(key, Err(Unknown(reason)), limit);
                }
                progress.answered(total - open.len(), total);
            }
        }
    }
    all
}

/// Why a check's question must not be asked: nobody vouched for the check, and its probe would run,
/// reach or read what the check chooses.
fn refused(step: &Step<'_>) -> Option<&'static str> {
    let check = &step.check;
    let may = check.origin.vouched_for() || probe::harmless(&check.probe, &check.arguments);
    (!may).then_some(
        "this work tree is not trusted, so what it names is neither run, reached nor read",
    )
}

/// The question of a step, where it has one that may be asked.
fn question<'a>(step: &'a Step<'_>) -> Option<&'a Value> {
    match &step.action {
        Action::Observe(arguments) if refused(step).is_none() => Some(arguments),
        _ => None,
    }
}

/// What to ask, each question once, with the longest time any check grants it.
fn questions(steps: &[Step<'_>]) -> BTreeMap<Key, (Value, Duration)> {
    let mut questions: BTreeMap<Key, (Value, Duration)> = BTreeMap::new();
    for step in steps {
        if let Some(arguments) = question(step) {
            let entry = questions
                .entry(key(&step.check.probe, arguments))
                .or_insert_with(|| (arguments.clone(), Duration::ZERO));
            entry.1 = entry.1.max(step.check.deadline);
        }
    }
    questions
}

/// Has every step judged by what was answered.
#[must_use]
pub fn judge(steps: &[Step<'_>], answers: &Answers, judge: &Judge<'_>) -> Vec<Finding> {
    let findings = steps.iter().flat_map(|step| match &step.action {
        Action::Skip(reason) => vec![finding(step.check, Outcome::Skip, reason.clone())],
        Action::Unsure(reason) => vec![finding(step.check, Outcome::Unknown, reason.clone())],
        Action::Observe(arguments) => match refused(step) {
            Some(reason) => vec![untrusted(step, reason)],
            None => judge.judge(step.check, &answer(step, arguments, answers)),
        },
    });
    findings.collect()
}

fn answer<'a>(step: &Step<'_>, arguments: &Value, answers: &'a Answers) -> Cow<'a, Observation> {
    match answers.get(&key(&step.check.probe, arguments)) {
        Some(answered) => Cow::Borrowed(&answered.observation),
        None => Cow::Owned(Err(Unknown::because("nobody asked the probe"))),
    }
}

fn untrusted(step: &Step<'_>, reason: &str) -> Finding {
    let fix = "`onramp trust` shows what it would do, and asks".to_owned();
    Finding { fix: Some(fix), ..finding(step.check, Outcome::Unknown, reason.to_owned()) }
}
