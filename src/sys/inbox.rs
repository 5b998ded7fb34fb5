//! Everything that can happen to one child, waited for in the thread that started it: its output,
//! its end, and what others send. A thread for each would cost more than most questions to a tool.
//! Never judges what comes.

use std::io::{self, Read, Write};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::process::{Child, ChildStderr, ChildStdout, ExitStatus};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::command::Stream;

/// Most bytes read at a time.
const BUFFER: usize = 32 * 1024;
/// How long output may gather before it is looked at again: a build that prints line by line would
/// otherwise wake onramp, and be kept from its core, for each of thousands of lines.
const GATHERING: Duration = Duration::from_millis(50);

/// What can happen while a child runs.
pub(super) enum Event {
    /// So many bytes came, and were handed over.
    Output(Stream, usize),
    /// One of its streams ended.
    Closed,
    Exited(io::Result<ExitStatus>),
    Signal(i32),
}

/// Sends events to an [`Inbox`] from other threads.
#[derive(Clone)]
pub(super) struct Sending {
    events: Sender<Event>,
    bell: Arc<UnixStream>,
}

impl Sending {
    /// Nobody waits any more once the child's end was told; then nothing happens.
    pub(super) fn send(&self, event: Event) {
        if self.events.send(event).is_ok() {
            // Where there is no room for another byte, one that wakes lies there already.
            let _ = (&*self.bell).write(&[0]);
        }
    }
}

/// Where the events of one child arrive.
pub(super) struct Inbox {
    sent: Receiver<Event>,
    bell: UnixStream,
    out: Option<ChildStdout>,
    err: Option<ChildStderr>,
    /// The child, and what can be read once it has ended; none where a thread waits for it.
    child: Option<(Child, OwnedFd)>,
    /// The child's end was told, so that nothing more needs to gather.
    ended: bool,
    /// Until when output gathers.
    gathers: Option<Instant>,
    buffer: Vec<u8>,
}

/// An inbox without a child so far, and how others reach it.
pub(super) fn inbox() -> io::Result<(Sending, Inbox)> {
    let (events, sent) = channel();
    let (bell, rung) = UnixStream::pair()?;
    bell.set_nonblocking(true)?;
    rung.set_nonblocking(true)?;
    let sending = Sending { events, bell: Arc::new(bell) };
    let inbox = Inbox {
        sent,
        bell: rung,
        out: None,
        err: None,
        child: None,
        ended: false,
        gathers: None,
        buffer: Vec::new(),
    };
    Ok((sending, inbox))
}

/// What there is to look at first.
enum Ready {
    Bell,
    End,
    Out,
    Err,
}

impl Inbox {
    /// Takes a child's output and its end.
    pub(super) fn watch(&mut self, mut child: Child, sending: Sending) {
        (self.out, self.err) = (child.stdout.take(), child.stderr.take());
        match end_of(&child) {
            Some(end) => self.child = Some((child, end)),
            None => wait_for(child, sending),
        }
    }

    /// How many streams can still bring something.
    pub(super) fn open(&self) -> usize {
        usize::from(self.out.is_some()) + usize::from(self.err.is_some())
    }

    /// The next event; none when nothing has come by then. Output goes to `sink` first.
    pub(super) fn next(
        &mut self,
        until: Option<Instant>,
        sink: &mut dyn FnMut(Stream, &[u8]),
    ) -> Option<Event> {
        loop {
            if let Ok(event) = self.sent.try_recv() {
                self.ended |= matches!(event, Event::Exited(_));
                return Some(event);
            }
            match self.ready(until)? {
                Ready::Bell => self.silence(),
                Ready::End => {
                    if let Some((mut child, _)) = self.child.take() {
                        self.ended = true;
                        return Some(Event::Exited(child.wait()));
                    }
                }
                Ready::Out => {
                    let event = take(&mut self.out, &mut self.buffer, Stream::Out, sink);
                    return Some(self.after(event));
                }
                Ready::Err => {
                    let event = take(&mut self.err, &mut self.buffer, Stream::Err, sink);
                    return Some(self.after(event));
                }
            }
        }
    }

    /// Lets output gather after a little of it. One that pours is read as fast as it comes, for a
    /// full pipe holds it up.
    fn after(&mut self, event: Event) -> Event {
        if let Event::Output(_, length) = event {
            self.gathers = (length < BUFFER / 2).then(|| Instant::now() + GATHERING);
        }
        event
    }

    /// Waits until there is something to look at, or for as long as is allowed.
    fn ready(&mut self, until: Option<Instant>) -> Option<Ready> {
        loop {
            let gathers = self.gathers.take_if(|_| !self.ended);
            let first = gathers.into_iter().chain(until).min();
            let found = self.look(gathers.is_none(), first);
            let late = || until.is_some_and(|until| Instant::now() >= until);
            if found.is_some() || gathers.is_none() || late() {
                return found;
            }
        }
    }

    /// The first thing that there is to look at before then.
    fn look(&self, streams: bool, until: Option<Instant>) -> Option<Ready> {
        let sources: [(Ready, Option<BorrowedFd<'_>>); 4] = [
            (Ready::Bell, Some(self.bell.as_fd())),
            (Ready::End, self.child.as_ref().map(|(_, end)| end.as_fd())),
            (Ready::Out, self.out.as_ref().filter(|_| streams).map(AsFd::as_fd)),
            (Ready::Err, self.err.as_ref().filter(|_| streams).map(AsFd::as_fd)),
        ];
        let mut names = Vec::with_capacity(sources.len());
        let mut waiting = Vec::with_capacity(sources.len());
        for (name, source) in sources {
            if let Some(source) = source {
                names.push(name);
                waiting.push(PollFd::from_borrowed_fd(source, PollFlags::IN));
            }
        }
        loop {
            let left = until.map(|until| until.saturating_duration_since(Instant::now()));
            let time = left.and_then(|left| Timespec::try_from(left).ok());
            match poll(&mut waiting, time.as_ref()) {
                Ok(0) => return None,
                Ok(_) => break,
                // A signal, or a kernel that is short of memory for a moment.
                Err(_) if left.is_some_and(|left| left.is_zero()) => return None,
                Err(_) => {}
            }
        }
        let first = waiting.iter().position(|source| !source.revents().is_empty());
        names.into_iter().nth(first.unwrap_or_default())
    }

    /// Takes what the bell was rung with, so that it can wake again.
    fn silence(&mut self) {
        let mut rung = [0; 64];
        while self.bell.read(&mut rung).is_ok_and(|length| length > 0) {}
    }
}

/// Reads from one stream what has come.
fn take(
    pipe: &mut Option<impl Read>,
    buffer: &mut Vec<u8>,
    stream: Stream,
    sink: &mut dyn FnMut(Stream, &[u8]),
) -> Event {
    buffer.resize(BUFFER, 0);
    let read = pipe.as_mut().map_or(Ok(0), |pipe| pipe.read(buffer));
    match read {
        Err(error) if error.kind() == io::ErrorKind::Interrupted => Event::Output(stream, 0),
        Ok(0) | Err(_) => {
            *pipe = None;
            Event::Closed
        }
        Ok(length) => {
            sink(stream, &buffer[..length]);
            Event::Output(stream, length)
        }
    }
}

/// What can be waited for along with the output, where the system has such a thing.
#[cfg(target_os = "linux")]
fn end_of(child: &Child) -> Option<OwnedFd> {
    use rustix::process::{Pid, PidfdFlags, pidfd_open};
    // Kernels before 5.3 lack it, and some containers forbid it.
    pidfd_open(Pid::from_child(child), PidfdFlags::empty()).ok()
}

#[cfg(not(target_os = "linux"))]
fn end_of(_: &Child) -> Option<OwnedFd> {
    None
}

/// Waits for the end in a thread of its own.
fn wait_for(mut child: Child, sending: Sending) {
    std::thread::spawn(move || sending.send(Event::Exited(child.wait())));
}
