//! A watcher beside long work: where onramp is killed outright, and so can end nothing any more, the
//! watcher ends the work's whole process group in its place. Does nothing while onramp lives, and
//! goes with it.
//!
//! It is a shell that waits for the end of a pipe which only onramp holds open: the system closes
//! that however onramp ends. A signal on the parent's death would reach Maven's launcher alone, not
//! the compilers and test JVMs that it started; nor could it be asked for without unsafe code.

use std::io::Write;
use std::os::unix::process::CommandExt;
use std::process::{Child, ChildStdin, Command, Stdio};

use rustix::process::Pid;

/// Reads the group's number, then either `done` or the pipe's end. Waits up to five seconds for the
/// group to end politely.
const SCRIPT: &str = "
trap '' INT TERM HUP
read -r group || exit 0
read -r word && exit 0
kill -s TERM -- \"-$group\" 2>/dev/null
for second in 1 2 3 4 5; do
    kill -s 0 -- \"-$group\" 2>/dev/null || exit 0
    sleep 1 || break
done
kill -s KILL -- \"-$group\" 2>/dev/null
";

/// The watcher of one group.
pub(super) struct Guard {
    shell: Child,
    pipe: Option<ChildStdin>,
}

impl Guard {
    /// Starts a watcher that has nothing to watch yet; none where no shell can be started, for work
    /// must not fail for that.
    pub(super) fn start() -> Option<Self> {
        let mut shell = Command::new("/bin/sh");
        shell.args(["-c", SCRIPT]).current_dir("/").env_clear().env("PATH", "/usr/bin:/bin");
        shell.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        // Ctrl-C at our terminal is not meant for it.
        shell.process_group(0);
        let mut shell = shell.spawn().ok()?;
        let pipe = shell.stdin.take();
        Some(Self { shell, pipe })
    }

    /// Watches a process group from now on.
    pub(super) fn watch(&mut self, group: Pid) {
        self.tell(&format!("{}\n", group.as_raw_nonzero()));
    }

    fn tell(&mut self, word: &str) {
        if let Some(pipe) = &mut self.pipe {
            // A watcher that is gone watches nothing; work goes on without it.
            let _ = pipe.write_all(word.as_bytes());
        }
    }
}

impl Drop for Guard {
    /// The work has ended: there is nothing to watch any more.
    fn drop(&mut self) {
        self.tell("done\n");
        self.pipe = None;
        let _ = self.shell.wait();
    }
}
