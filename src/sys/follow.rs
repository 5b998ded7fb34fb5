//! What follows a long command while it runs. A trait, so that `supervise` knows nothing of what is
//! made of the output.

use std::time::Duration;

use super::command::Stream;

/// Follows one command.
pub trait Follower {
    /// Output came.
    fn output(&mut self, stream: Stream, bytes: &[u8]);

    /// How long nothing may be printed before [`Follower::silent`] is called, counted anew after
    /// every output and every such call; none to wait for output alone.
    fn patience(&self) -> Option<Duration> {
        None
    }

    /// Nothing was printed for that long. The command goes on; `leader` is the process that was
    /// started, and of its group unless that is ours.
    fn silent(&mut self, _leader: i32) {}
}

impl<F: FnMut(Stream, &[u8])> Follower for F {
    fn output(&mut self, stream: Stream, bytes: &[u8]) {
        self(stream, bytes);
    }
}
