//! What a thread dump of a JVM says: which threads matter and what they wait for, in a few lines.
//! Pure; reads the dumps of HotSpot from Java 8 on.

/// Threads told of one JVM.
const TOLD: usize = 3;
/// Frames kept of one thread.
const MOST_FRAMES: usize = 400;

/// One thread.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Thread {
    /// Its name.
    pub name: String,
    /// Its state, such as `BLOCKED`.
    pub state: String,
    /// Milliseconds of CPU it has had, where the dump says it.
    pub cpu: f64,
    /// Methods, as `package.Class.method`, the innermost first.
    pub frames: Vec<String>,
    /// The lock it waits to enter, and its class.
    pub wanted: Option<(String, String)>,
    /// Locks it holds.
    pub held: Vec<String>,
}

/// All threads of a JVM.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Dump {
    /// In the order of the dump.
    pub threads: Vec<Thread>,
    /// Whether the JVM itself found threads that wait for each other.
    pub deadlock: bool,
}

/// Reads a dump; what is no dump has no threads.
#[must_use]
pub fn parse(text: &str) -> Dump {
    let mut dump = Dump::default();
    for line in text.lines() {
        if line.starts_with("Found ") && line.contains("deadlock") {
            dump.deadlock = true;
            break;
        }
        if let Some(thread) = header(line) {
            dump.threads.push(thread);
        } else if let Some(thread) = dump.threads.last_mut() {
            detail(thread, line.trim());
        }
    }
    dump
}

/// `"main" #1 prio=5 os_prio=0 cpu=120.45ms elapsed=12.34s tid=0x...`.
fn header(line: &str) -> Option<Thread> {
    let rest = line.strip_prefix('"')?;
    let (name, rest) = rest.rsplit_once("\" ").or_else(|| Some((rest.strip_suffix('"')?, "")))?;
    let cpu = rest.split(' ').find_map(|word| word.strip_prefix("cpu=")?.strip_suffix("ms"));
    let cpu = cpu.and_then(|cpu| cpu.replace(',', ".").parse().ok()).unwrap_or(0.0);
    Some(Thread { name: name.to_owned(), cpu, ..Thread::default() })
}

fn detail(thread: &mut Thread, line: &str) {
    if let Some(state) = line.strip_prefix("java.lang.Thread.State: ") {
        thread.state = state.split(' ').next().unwrap_or_default().to_owned();
    } else if let Some(frame) = line.strip_prefix("at ") {
        let method = frame.split('(').next().unwrap_or(frame);
        // `java.base@17.0.1/java.lang...` in some releases.
        let method = method.rsplit('/').next().unwrap_or(method);
        if thread.frames.len() < MOST_FRAMES {
            thread.frames.push(method.to_owned());
        }
    } else if let Some(rest) = line.strip_prefix("- waiting to lock ") {
        thread.wanted = lock(rest);
    } else if let Some(rest) = line.strip_prefix("- locked ") {
        thread.held.extend(lock(rest).map(|(id, _)| id));
    }
}

/// `<0x00000007> (a java.lang.Object)`.
fn lock(text: &str) -> Option<(String, String)> {
    let (id, rest) = text.strip_prefix('<')?.split_once('>')?;
    let class = rest.trim().trim_start_matches("(a ").trim_end_matches(')');
    Some((id.to_owned(), class.to_owned()))
}

/// The threads that matter, one line each, the most telling first.
#[must_use]
pub fn summary(dump: &Dump) -> Vec<String> {
    let mut lines = Vec::new();
    if dump.deadlock {
        lines.push("threads wait for each other for ever (a deadlock)".to_owned());
    }
    let mut threads: Vec<&Thread> =
        dump.threads.iter().filter(|thread| thread.weight() > 0).collect();
    threads.sort_by(|a, b| b.weight().cmp(&a.weight()).then(b.cpu.total_cmp(&a.cpu)));
    lines.extend(threads.into_iter().take(TOLD).map(|thread| thread.line(dump)));
    lines
}

impl Thread {
    /// How much it tells; nothing where it only waits for work.
    fn weight(&self) -> u8 {
        if self.state.is_empty() || self.frames.is_empty() || self.idle() {
            return 0;
        }
        let own = self.own_frame().is_some();
        match (self.test(), self.state.as_str(), own, self.name.as_str()) {
            (Some(_), ..) => 5,
            (_, "BLOCKED", ..) => 4,
            (_, "RUNNABLE", true, _) => 3,
            (_, _, true, _) => 2,
            (_, _, _, "main") => 1,
            _ => 0,
        }
    }

    fn idle(&self) -> bool {
        let waits = [
            "ThreadPoolExecutor.getTask",
            "ForkJoinPool.awaitWork",
            "ForkJoinPool.scan",
            "TimerThread.mainLoop",
            "ReferenceQueue.remove",
            "process reaper",
            "booter.ForkedBooter.launchLastDitchDaemonShutdownThread",
            "CommandReader",
            "StreamPumper.run",
        ];
        let daemon = [
            "surefire-forkedjvm",
            "process reaper",
            "Common-Cleaner",
            "Finalizer",
            "Reference Handler",
            "Signal Dispatcher",
            "Attach Listener",
            "fork-",
        ];
        daemon.iter().any(|name| self.name.starts_with(name))
            || self.frames.iter().any(|frame| waits.iter().any(|wait| frame.contains(wait)))
    }

    /// The innermost method that is not Java's own.
    fn own_frame(&self) -> Option<&str> {
        let java = ["java.", "javax.", "jdk.", "sun.", "com.sun."];
        let own = |frame: &&String| !java.iter().any(|name| frame.starts_with(name));
        self.frames.iter().find(own).map(String::as_str)
    }

    /// The test it runs: what a test framework called by reflection.
    fn test(&self) -> Option<&str> {
        let framework = ["org.junit.", "junit.", "org.testng."];
        let called = |frame: &String| framework.iter().any(|name| frame.starts_with(name));
        let by_framework = self.frames.iter().position(called)?;
        let reflected =
            |frame: &String| frame.contains("Method.invoke") || frame.contains("MethodAccessor");
        let reflection = self.frames[..by_framework].iter().position(reflected)?;
        self.frames[..reflection].last().map(String::as_str)
    }

    fn line(&self, dump: &Dump) -> String {
        let what = self.waits(dump);
        let at = self.own_frame().map(|frame| short(frame).to_owned());
        match self.test().map(short) {
            Some(test) if at.as_deref() == Some(test) => format!("the test {test} {what}"),
            Some(test) => format!("the test {test} {what}{}", place(at.as_deref())),
            None => format!("thread {} {what}{}", self.name, place(at.as_deref())),
        }
    }

    /// What it does, as a fragment.
    fn waits(&self, dump: &Dump) -> String {
        if let (Some((id, class)), "BLOCKED") = (&self.wanted, self.state.as_str()) {
            let holder = dump.threads.iter().find(|thread| thread.held.contains(id));
            let holder = holder.map(|thread| format!(" that {} holds", thread.name));
            return format!("waits for a lock ({class}){}", holder.unwrap_or_default());
        }
        let within = |parts: &[&str]| {
            let inner = self.frames.iter().take(12);
            inner.into_iter().any(|frame| parts.iter().any(|part| frame.contains(part)))
        };
        let network = [
            "java.net.Socket",
            "NioSocketImpl",
            "sun.nio.ch.Net.",
            "SocketChannelImpl",
            "PlainSocketImpl",
            "SocketDispatcher",
            "SSLSocketInputRecord",
        ];
        let what = if within(&["Inet4AddressImpl.lookup", "Inet6AddressImpl.lookup"]) {
            "waits for the name service"
        } else if within(&network) && within(&[".connect", "Net.pollConnect"]) {
            "waits for a connection"
        } else if within(&network) && within(&[".accept"]) {
            "waits for somebody to connect"
        } else if within(&network) {
            "waits for an answer from the network"
        } else if within(&["java.lang.ProcessImpl.waitFor", "UNIXProcess.waitFor"]) {
            "waits for a program that it started"
        } else if within(&["java.lang.Thread.sleep"]) {
            "sleeps"
        } else if within(&["java.lang.Thread.join"]) {
            "waits for a thread to end"
        } else if within(&["FileInputStream.read", "FileInputStream.open"]) {
            "waits for input"
        } else if self.state == "RUNNABLE" {
            "computes"
        } else {
            "waits for another thread"
        };
        what.to_owned()
    }
}

fn place(at: Option<&str>) -> String {
    at.map(|at| format!(", in {at}")).unwrap_or_default()
}

/// `Client.ask` for `org.example.Client.ask`.
fn short(frame: &str) -> &str {
    match frame.rmatch_indices('.').nth(1) {
        Some((dot, _)) => &frame[dot + 1..],
        None => frame,
    }
}
