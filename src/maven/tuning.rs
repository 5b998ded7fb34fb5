//! How a build should use the machine: heap, compilers and threads from measured facts. Pure; what
//! the user set is never overridden, and every choice is said with its reason.

use super::pom::memory;

const MIB: u64 = 1 << 20;
const GIB: u64 = 1 << 30;
/// The value of CloudStack's own CI, and harmless elsewhere: it is a limit, not a reservation.
const METASPACE: &str = "-XX:MaxMetaspaceSize=800m";
/// Reaches the forked compilers, which `MAVEN_OPTS` does not. Measured on CloudStack's 146 modules:
/// 0.52 of the CPU time, the class files the same byte for byte.
const QUICK_COMPILERS: &str = "-XX:TieredStopAtLevel=1";
const SMALL_COLLECTOR: &str = "-XX:+UseSerialGC";
/// What a compiler of its own process needs beyond its heap.
const COMPILER_OVERHEAD: u64 = 256 * MIB;

/// The machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Machine {
    /// Cores this process may use.
    pub cores: usize,
    /// Memory in bytes.
    pub total: u64,
    /// Memory not in use, in bytes.
    pub available: u64,
    /// Limit of the container, in bytes, where there is one.
    pub limit: Option<u64>,
}

impl Machine {
    fn usable(&self) -> u64 {
        self.available.min(self.total).min(self.limit.unwrap_or(u64::MAX))
    }
}

/// The build.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Work {
    /// Modules; 0 where they could not be counted.
    pub modules: usize,
    /// Largest heap in bytes of the compiler that each module forks, where it does.
    pub compiler: Option<u64>,
    /// Compiles and packs without running tests, so that long-running code is of no use.
    pub skips_tests: bool,
}

/// What the user, or the tree, has decided.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Own {
    /// Content of MAVEN_OPTS.
    pub maven_opts: String,
    /// Content of JAVA_TOOL_OPTIONS.
    pub java_tool_options: String,
    /// Content of JDK_JAVA_OPTIONS.
    pub jdk_java_options: String,
    /// Content of `.mvn/jvm.config`.
    pub jvm_config: String,
    /// Content of `.mvn/maven.config`.
    pub maven_config: String,
    /// Arguments for Maven from the command line.
    pub arguments: Vec<String>,
}

/// What to start Maven with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tuning {
    /// MAVEN_OPTS: what the user had, then ours.
    pub maven_opts: String,
    /// JAVA_TOOL_OPTIONS, where it is ours to set.
    pub java_tool_options: Option<String>,
    /// `-T`, where it is ours to set and more than one.
    pub threads: Option<usize>,
    /// Every choice.
    pub notes: Vec<Note>,
}

/// One choice and its reason, as fragments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// What.
    pub what: String,
    /// Why.
    pub why: String,
}

/// Chooses.
#[must_use]
pub fn tune(machine: Machine, work: Work, own: &Own) -> Tuning {
    let mut tuning = Tuning { maven_opts: own.maven_opts.trim().to_owned(), ..Tuning::default() };
    let heap = heap(machine, own, &mut tuning);
    metaspace(own, &mut tuning);
    compilers(work, own, &mut tuning);
    threads(machine, work, own, heap, &mut tuning);
    tuning
}

/// Chooses the heap; returns what Maven itself may take, in bytes.
fn heap(machine: Machine, own: &Own, tuning: &mut Tuning) -> u64 {
    if let Some((place, option)) = own.jvm_option("-Xmx") {
        tuning.note(format!("{option} kept"), format!("set in {place}"));
        return memory(&option["-Xmx".len()..]).unwrap_or(GIB);
    }
    let usable = machine.usable();
    let wanted = (usable / 4).clamp(GIB, 4 * GIB);
    // A machine without a free GiB gets what it has left: better slow than killed.
    let heap = wanted.min((usable / 4 * 3).max(256 * MIB)) / (64 * MIB) * (64 * MIB);
    let why = if heap < GIB {
        format!("only {} of memory are free; the build may be slow", size(usable))
    } else {
        format!("a quarter of the {} of free memory, between 1 and 4 GiB", size(usable))
    };
    tuning.maven(&format!("-Xmx{}m", heap / MIB));
    tuning.note(format!("heap of {} for Maven", size(heap)), why);
    heap
}

fn metaspace(own: &Own, tuning: &mut Tuning) {
    match own.jvm_option("-XX:MaxMetaspaceSize=") {
        Some((place, option)) => tuning.note(format!("{option} kept"), format!("set in {place}")),
        None => tuning.maven(METASPACE),
    }
}

fn compilers(work: Work, own: &Own, tuning: &mut Tuning) {
    if !work.skips_tests {
        tuning.note(
            "compilers as they come".into(),
            "tests run long enough to gain from them".into(),
        );
        return;
    }
    if !own.java_tool_options.trim().is_empty() {
        let why =
            format!("yours is kept; {QUICK_COMPILERS} {SMALL_COLLECTOR} would halve the work");
        tuning.note("JAVA_TOOL_OPTIONS untouched".into(), why);
        return;
    }
    let mut options = Vec::new();
    if own.jvm_option("-XX:TieredStopAtLevel").or(own.jvm_option("-XX:-Tiered")).is_none() {
        options.push(QUICK_COMPILERS);
    }
    // Two collectors in one JVM are an error at start.
    match own.collector() {
        None => options.push(SMALL_COLLECTOR),
        Some((place, option)) => tuning.note(format!("{option} kept"), format!("set in {place}")),
    }
    if options.is_empty() {
        return;
    }
    let options = options.join(" ");
    let why = "reaches the compilers that modules start: about half the CPU time, same classes";
    tuning.note(format!("JAVA_TOOL_OPTIONS=\"{options}\""), why.into());
    tuning.java_tool_options = Some(options);
}

fn threads(machine: Machine, work: Work, own: &Own, heap: u64, tuning: &mut Tuning) {
    if let Some(place) = own.threads() {
        return tuning.note("threads as you set them".into(), format!("in {place}"));
    }
    let each = work.compiler.unwrap_or(0) + COMPILER_OVERHEAD;
    let room = machine.usable().saturating_sub(heap) / each;
    let by_memory = usize::try_from(room).unwrap_or(usize::MAX);
    let most = if work.modules == 0 { usize::MAX } else { work.modules };
    let threads = machine.cores.min(by_memory).min(most).max(1);
    let why = if by_memory < machine.cores && threads < most {
        format!("each may start a compiler of {}, and memory has room for {threads}", size(each))
    } else {
        format!("cores {}, modules {}", machine.cores, work.modules)
    };
    if threads > 1 {
        tuning.threads = Some(threads);
        tuning.note(format!("{threads} modules at a time"), why);
    } else {
        tuning.note("one module at a time".into(), why);
    }
}

impl Tuning {
    fn note(&mut self, what: String, why: String) {
        self.notes.push(Note { what, why });
    }

    fn maven(&mut self, option: &str) {
        if !self.maven_opts.is_empty() {
            self.maven_opts.push(' ');
        }
        self.maven_opts.push_str(option);
    }
}

impl Own {
    /// Where JVM options come from, the later ones winning inside the JVM.
    fn jvm_places(&self) -> [(&'static str, &str); 4] {
        [
            ("JAVA_TOOL_OPTIONS", &self.java_tool_options),
            ("JDK_JAVA_OPTIONS", &self.jdk_java_options),
            (".mvn/jvm.config", &self.jvm_config),
            ("MAVEN_OPTS", &self.maven_opts),
        ]
    }

    fn jvm_words(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let places = self.jvm_places().into_iter();
        places.flat_map(|(place, text)| text.split_whitespace().map(move |word| (place, word)))
    }

    fn jvm_option(&self, prefix: &str) -> Option<(&'static str, &str)> {
        self.jvm_words().filter(|(_, word)| word.starts_with(prefix)).last()
    }

    fn collector(&self) -> Option<(&'static str, &str)> {
        let collector = |word: &str| word.starts_with("-XX:+Use") && word.ends_with("GC");
        self.jvm_words().find(|(_, word)| collector(word))
    }

    fn threads(&self) -> Option<&'static str> {
        let sets = |word: &str| {
            word.strip_prefix("-T").is_some_and(|rest| !rest.starts_with(char::is_alphabetic))
                || word.starts_with("--threads")
        };
        if self.arguments.iter().any(|word| sets(word)) {
            return Some("your arguments");
        }
        self.maven_config.split_whitespace().any(sets).then_some(".mvn/maven.config")
    }
}

fn size(bytes: u64) -> String {
    if bytes >= GIB && bytes % GIB < 64 * MIB {
        format!("{} GiB", bytes / GIB)
    } else if bytes >= GIB {
        format!("{}.{} GiB", bytes / GIB, bytes % GIB * 10 / GIB)
    } else {
        format!("{} MiB", bytes / MIB)
    }
}
