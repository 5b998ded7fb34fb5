//! Delivers SIGINT and SIGTERM to whoever supervises work. Where there is none, a signal ends
//! onramp as it would any program, and the questions it is asking end first.

use std::io;
use std::sync::{Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use super::inbox::{Event, Sending};
use super::scratch;

/// Longest wait for questions to end once they are told to: they are killed, which takes no time.
const LEAVE: Duration = Duration::from_secs(2);

/// The children being watched now. Process-wide because signals are.
static LISTENERS: Mutex<Listeners> = Mutex::new(Listeners { all: Vec::new(), end: None });
/// One of them has gone.
static GONE: Condvar = Condvar::new();
static WATCHER: OnceLock<Option<i32>> = OnceLock::new();

/// What a child is run for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// It is asked something about itself; whoever asked has nothing to tidy up.
    Question,
    /// It does something, and whoever started it tells how it ended.
    Work,
}

struct Listeners {
    all: Vec<Registered>,
    /// Set once onramp is about to end: no question is asked any more.
    end: Option<End>,
}

/// Why onramp is about to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// It has said what it had to say.
    Done,
    /// A signal came, and whoever waits for an answer is to say nothing any more: a question that
    /// was cut short must not be taken for one that could not be answered.
    Signal,
}

impl Listeners {
    fn asking(&self) -> bool {
        self.all.iter().any(|registered| registered.purpose == Purpose::Question)
    }
}

struct Registered {
    id: u64,
    purpose: Purpose,
    sending: Sending,
}

/// Registers a listener; dropping the guard removes it.
pub(super) fn listen(sending: Sending, purpose: Purpose) -> io::Result<Listener> {
    ready()?;
    let mut listeners = lock();
    if listeners.end.is_some() && purpose == Purpose::Question {
        hold(listeners);
        return Err(io::Error::from(io::ErrorKind::Interrupted));
    }
    let id = listeners.all.last().map_or(0, |last| last.id + 1);
    listeners.all.push(Registered { id, purpose, sending });
    Ok(Listener(id))
}

/// Sees to it that signals come here. Asked for with the first child, and by what has to be tidied
/// up: a run with neither keeps the default handlers.
pub(super) fn ready() -> io::Result<()> {
    let error =
        WATCHER.get_or_init(|| watch().err().map(|error| error.raw_os_error().unwrap_or(0)));
    error.map_or(Ok(()), |code| Err(io::Error::from_raw_os_error(code)))
}

/// Keeps a listener registered.
pub(super) struct Listener(u64);

impl Drop for Listener {
    fn drop(&mut self) {
        let mut listeners = lock();
        listeners.all.retain(|registered| registered.id != self.0);
        GONE.notify_all();
        hold(listeners);
    }
}

/// Where a signal is about to end the process, waits for that.
fn hold(listeners: MutexGuard<'_, Listeners>) {
    let signalled = listeners.end == Some(End::Signal);
    drop(listeners);
    if signalled {
        loop {
            std::thread::park();
        }
    }
}

/// Ends the questions that are being asked and lets no other begin: for the end of onramp, when
/// nobody waits for the answers any more.
pub(super) fn end_questions(end: End) {
    let mut listeners = lock();
    listeners.end = Some(end);
    let questions = listeners.all.iter().filter(|each| each.purpose == Purpose::Question);
    for question in questions {
        // The first signal asks the group to end, the second kills it: an answer that comes now
        // is of no use. One that has just gone needs neither.
        for _ in 0..2 {
            question.sending.send(Event::Signal(SIGTERM));
        }
    }
    // Past the wait there is nothing left to try.
    drop(GONE.wait_timeout_while(listeners, LEAVE, |listeners| listeners.asking()));
}

fn watch() -> io::Result<()> {
    let mut signals = Signals::new([SIGINT, SIGTERM])?;
    std::thread::Builder::new().name("signals".into()).spawn(move || {
        for signal in signals.forever() {
            deliver(signal);
        }
    })?;
    Ok(())
}

fn deliver(signal: i32) {
    let listeners = lock();
    if listeners.all.iter().all(|registered| registered.purpose == Purpose::Question) {
        drop(listeners);
        end_questions(End::Signal);
        scratch::remove_all();
        // The default action ends the process; should that fail there is nothing better to do.
        let _ = signal_hook::low_level::emulate_default_handler(signal);
        return;
    }
    for registered in &listeners.all {
        // A listener that has just gone needs no signal any more.
        registered.sending.send(Event::Signal(signal));
    }
}

fn lock() -> MutexGuard<'static, Listeners> {
    // A panic while holding the list cannot leave it half changed.
    LISTENERS.lock().unwrap_or_else(PoisonError::into_inner)
}
