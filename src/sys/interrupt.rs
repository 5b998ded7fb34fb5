//! Delivers SIGINT and SIGTERM to whoever supervises a child, and to nobody else: while no child
//! runs, a signal ends onramp as it would any program.

use std::io;
use std::sync::mpsc::Sender;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use super::supervise::Event;

/// The children being watched now. Process-wide because signals are.
static LISTENERS: Mutex<Vec<(u64, Sender<Event>)>> = Mutex::new(Vec::new());
static WATCHER: OnceLock<Option<i32>> = OnceLock::new();

/// Registers a listener; dropping the guard removes it.
pub(super) fn listen(sender: Sender<Event>) -> io::Result<Listener> {
    // Started with the first child: a run that starts none keeps the default handlers.
    let error =
        WATCHER.get_or_init(|| watch().err().map(|error| error.raw_os_error().unwrap_or(0)));
    if let Some(code) = error {
        return Err(io::Error::from_raw_os_error(*code));
    }
    let mut listeners = lock();
    let id = listeners.last().map_or(0, |(id, _)| id + 1);
    listeners.push((id, sender));
    Ok(Listener(id))
}

/// Keeps a listener registered.
pub(super) struct Listener(u64);

impl Drop for Listener {
    fn drop(&mut self) {
        lock().retain(|(id, _)| *id != self.0);
    }
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
    if listeners.is_empty() {
        // The default action ends the process; should that fail there is nothing better to do.
        let _ = signal_hook::low_level::emulate_default_handler(signal);
        return;
    }
    for (_, sender) in listeners.iter() {
        // A listener that has just gone needs no signal any more.
        let _ = sender.send(Event::Signal(signal));
    }
}

fn lock() -> MutexGuard<'static, Vec<(u64, Sender<Event>)>> {
    // A panic while holding the list cannot leave it half changed.
    LISTENERS.lock().unwrap_or_else(PoisonError::into_inner)
}
