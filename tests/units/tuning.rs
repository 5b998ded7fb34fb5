//! Heap, compilers and threads from the machine, never against the user.

use std::path::Path;

use onramp::host::load;
use onramp::maven::graph::Graph;
use onramp::maven::run::{Invocation, command, typed};
use onramp::maven::tuning::{Compiler, Machine, Own, Tuning, Work, tune};

const MIB: u64 = 1 << 20;
const GIB: u64 = 1 << 30;
const QUICK: &str = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC";

fn machine(cores: usize, available: u64) -> Machine {
    Machine { cores, busy: 0, total: 64 * GIB, available, limit: None }
}

/// CloudStack's kind of work: modules that need not wait for each other, each with a compiler of
/// its own.
fn work() -> Work {
    Work {
        graph: Graph::new(vec![Vec::new(); 146]),
        weights: vec![1.0; 146],
        compiler: Compiler::Forked(Some(512 * MIB)),
        skips_tests: true,
        ..Work::default()
    }
}

fn said(tuning: &Tuning) -> String {
    tuning.notes.iter().map(|note| format!("{}: {}\n", note.what, note.why)).collect()
}

#[test]
fn heap_and_threads_follow_the_machine() {
    let cases = [
        (machine(8, 32 * GIB), "-Xmx4096m", Some(8)),
        (machine(8, 8 * GIB), "-Xmx2048m", Some(8)),
        (machine(8, 4 * GIB), "-Xmx832m", Some(4)),
        (machine(2, 20 * GIB), "-Xmx4096m", Some(2)),
        (machine(8, 2 * GIB), "-Xmx896m", None),
        (machine(8, GIB), "-Xmx256m", None),
        (Machine { limit: Some(2 * GIB), ..machine(8, 32 * GIB) }, "-Xmx896m", None),
        (machine(1, 32 * GIB), "-Xmx4096m", None),
        (Machine { busy: 3, ..machine(8, 32 * GIB) }, "-Xmx4096m", Some(5)),
        (Machine { busy: 20, ..machine(8, 32 * GIB) }, "-Xmx4096m", Some(4)),
        (Machine { busy: 20, ..machine(2, 32 * GIB) }, "-Xmx4096m", Some(2)),
    ];
    for (machine, heap, threads) in cases {
        let tuning = tune(&machine, &work(), &Own::default());
        assert_eq!(tuning.maven_opts, format!("{heap} -XX:MaxMetaspaceSize=800m"), "{machine:?}");
        assert_eq!(tuning.threads, threads, "{machine:?}");
        assert_eq!(tuning.java_tool_options.as_deref(), Some(QUICK));
    }
    let few = Work { graph: Graph::new(vec![Vec::new(); 3]), ..work() };
    assert_eq!(tune(&machine(8, 32 * GIB), &few, &Own::default()).threads, Some(3));
}

/// Every shape of machine from 1 core and 2 GiB to 64 cores and 256 GiB, with and without a
/// container's limit and other work.
fn shapes() -> Vec<Machine> {
    let mut shapes = Vec::new();
    for cores in [1, 2, 4, 8, 16, 32, 64] {
        for total in [2, 4, 8, 16, 32, 64, 128, 256].map(|gib| gib * GIB) {
            for free in [total, total / 4 * 3] {
                for busy in [0, cores / 2, 4 * cores] {
                    let machine = Machine { cores, busy, total, available: free, limit: None };
                    let half = (total / 2).max(2 * GIB);
                    shapes.extend([machine, Machine { limit: Some(half), ..machine }]);
                }
            }
        }
    }
    shapes
}

/// Kinds of work, each with the least memory that it has to have.
fn works() -> [(Work, u64); 4] {
    [
        (work(), 1_408 * MIB),
        (Work { compiler: Compiler::Forked(None), ..work() }, 1_408 * MIB),
        (Work { compiler: Compiler::InProcess, ..work() }, GIB),
        (Work { skips_tests: false, ..work() }, 2 * GIB),
    ]
}

fn heap(tuning: &Tuning) -> u64 {
    let words = tuning.maven_opts.split_whitespace();
    let heap = words.filter_map(|word| word.strip_prefix("-Xmx")?.strip_suffix('m')).next();
    heap.unwrap().parse::<u64>().unwrap() * MIB
}

#[test]
fn every_shape_of_machine_gets_sane_options() {
    let shapes = shapes();
    assert_eq!(shapes.len(), 7 * 8 * 2 * 3 * 2);
    for machine in shapes {
        for (work, least) in works() {
            let tuning = tune(&machine, &work, &Own::default());
            let (heap, threads) = (heap(&tuning), tuning.threads.unwrap_or(1));
            let case = format!("{machine:?} {:?} {tuning:?}", work.compiler);
            assert!((256 * MIB..=26 * GIB).contains(&heap), "{case}");
            assert!(heap % (64 * MIB) == 0, "{case}");
            assert!((1..=machine.cores).contains(&threads), "{case}");
            assert!(machine.cores < 2 || machine.usable() < 8 * GIB || threads > 1, "{case}");
            if machine.usable() >= least {
                assert!(tuning.peak <= machine.usable(), "{case}");
            } else {
                assert!(said(&tuning).contains("end other programs"), "{case}");
            }
            assert!(tuning.notes.iter().all(|note| !note.what.is_empty() && !note.why.is_empty()));
        }
    }
}

#[test]
fn more_of_a_machine_never_gets_less() {
    for (work, _) in works() {
        let threads =
            |machine: Machine| tune(&machine, &work, &Own::default()).threads.unwrap_or(1);
        for cores in [1, 2, 4, 8, 16, 32, 64] {
            let by_memory = [2, 4, 8, 16, 64, 256].map(|gib| threads(machine(cores, gib * GIB)));
            assert!(by_memory.is_sorted(), "{cores}: {by_memory:?}");
            assert!(threads(machine(cores, 16 * GIB)) <= threads(machine(2 * cores, 16 * GIB)));
        }
    }
}

#[test]
fn no_more_modules_at_a_time_than_need_not_wait() {
    // Three chains of ten: three at a time, however many cores there are.
    let needs = (0..30).map(|at| if at % 10 == 0 { Vec::new() } else { vec![at - 1] }).collect();
    let chains = Work { graph: Graph::new(needs), weights: vec![1.0; 30], ..work() };
    let tuning = tune(&machine(16, 64 * GIB), &chains, &Own::default());
    assert_eq!(tuning.threads, Some(3));
    let why = "of 30 modules 10 wait for each other in a row, 33 % of the work by number";
    assert!(said(&tuning).contains(&format!("3 modules at a time: {why}")), "{}", said(&tuning));
    let chain = (0..30).map(|at: usize| at.checked_sub(1).into_iter().collect()).collect();
    let chain = Work { graph: Graph::new(chain), weights: vec![1.0; 30], ..work() };
    assert_eq!(tune(&machine(16, 64 * GIB), &chain, &Own::default()).threads, None);
}

#[test]
fn what_is_compiled_in_mavens_own_jvm_counts_for_its_heap() {
    let inside = Work { compiler: Compiler::InProcess, ..work() };
    let tuning = tune(&machine(16, 64 * GIB), &inside, &Own::default());
    assert_eq!(tuning.java_tool_options, None, "nothing else is started");
    assert_eq!(tuning.threads, Some(15), "ten rounds, as with sixteen");
    assert_eq!(
        tuning.maven_opts,
        "-Xmx6272m -XX:MaxMetaspaceSize=800m -XX:TieredStopAtLevel=1 -XX:+UseParallelGC"
    );
    let few = tune(&machine(2, 64 * GIB), &inside, &Own::default());
    assert!(few.maven_opts.ends_with(QUICK), "{}", few.maven_opts);
}

#[test]
fn quick_compilers_only_where_tests_are_skipped() {
    let tested = Work { skips_tests: false, archive: Some("/c/a.jsa".into()), ..work() };
    let tuning = tune(&machine(8, 32 * GIB), &tested, &Own::default());
    assert_eq!(tuning.java_tool_options, None);
    assert_eq!(tuning.maven_opts, "-Xmx4096m -XX:MaxMetaspaceSize=800m");
}

#[test]
fn class_data_are_shared_where_nothing_speaks_against_it() {
    let with = |path: &str| Work { archive: Some(path.into()), ..work() };
    let tuning = tune(&machine(8, 32 * GIB), &with("/c/a.jsa"), &Own::default());
    let shared = format!("{QUICK} -XX:SharedArchiveFile=/c/a.jsa -Xshare:auto");
    assert_eq!(tuning.java_tool_options.as_deref(), Some(shared.as_str()));
    assert!(tuning.uses_archive);
    let elsewhere = Work { other_jdk: Some("toolchains"), ..with("/c/a.jsa") };
    let off = Own { maven_opts: "-Xshare:off".into(), ..Own::default() };
    for (work, own) in [
        (with("/my cache/a.jsa"), Own::default()),
        (elsewhere, Own::default()),
        (with("/c/a"), off),
    ] {
        let tuning = tune(&machine(8, 32 * GIB), &work, &own);
        assert_eq!(tuning.java_tool_options.as_deref(), Some(QUICK), "{work:?}");
        assert!(!tuning.uses_archive);
    }
}

#[test]
fn what_the_user_set_stays() {
    let own = Own { maven_opts: " -Xmx6g -Dx=y ".into(), ..Own::default() };
    let tuning = tune(&machine(8, 32 * GIB), &work(), &own);
    assert_eq!(tuning.maven_opts, "-Xmx6g -Dx=y -XX:MaxMetaspaceSize=800m");
    assert!(said(&tuning).contains("-Xmx6g kept: set in MAVEN_OPTS"));

    let own = Own { jvm_config: "-Xmx2g\n-XX:MaxMetaspaceSize=1g".into(), ..Own::default() };
    let tuning = tune(&machine(8, 32 * GIB), &work(), &own);
    assert_eq!(tuning.maven_opts, "");
    assert!(said(&tuning).contains("-Xmx2g kept: set in .mvn/jvm.config"));

    let own = Own { java_tool_options: "-Duser.language=en -Xint".into(), ..Own::default() };
    let tuning = tune(&machine(8, 32 * GIB), &work(), &own);
    let all = "-Duser.language=en -Xint -XX:+UseSerialGC";
    assert_eq!(tuning.java_tool_options.as_deref(), Some(all));
    assert!(said(&tuning).contains("-Xint kept: set in JAVA_TOOL_OPTIONS"));

    let start_up = Some(("~/.mavenrc".to_owned(), "-Xmx3g".to_owned()));
    let own = Own { maven_opts: "-Xmx6g".into(), start_up, ..Own::default() };
    let said = said(&tune(&machine(8, 32 * GIB), &work(), &own));
    assert!(said.contains("-Xmx3g kept: set in ~/.mavenrc"), "{said}");
    assert!(said.contains("MAVEN_OPTS of this build has no effect: ~/.mavenrc sets it"), "{said}");
}

#[test]
fn two_collectors_never_meet() {
    for place in [0, 1, 2] {
        let mut own = Own::default();
        *[&mut own.maven_opts, &mut own.jvm_config, &mut own.jdk_java_options][place] =
            "-XX:+UseG1GC".into();
        let tuning = tune(&machine(8, 32 * GIB), &work(), &own);
        assert_eq!(tuning.java_tool_options.as_deref(), Some("-XX:TieredStopAtLevel=1"));
        assert!(said(&tuning).contains("-XX:+UseG1GC kept"));
    }
}

#[test]
fn threads_the_user_set_stay() {
    for words in [vec!["-T4"], vec!["-T", "1C"], vec!["--threads=2"], vec!["-T1C"]] {
        let arguments = words.iter().map(|word| (*word).to_owned()).collect();
        let tuning = tune(&machine(8, 32 * GIB), &work(), &Own { arguments, ..Own::default() });
        assert_eq!(tuning.threads, None, "{words:?}");
    }
    let config = Own { maven_config: "-T 3\n-B".into(), ..Own::default() };
    assert_eq!(tune(&machine(8, 32 * GIB), &work(), &config).threads, None);
    let variable = Own { maven_args: "-T2".into(), ..Own::default() };
    let tuning = tune(&machine(8, 32 * GIB), &work(), &variable);
    assert!(said(&tuning).contains("threads as you set them: in MAVEN_ARGS"));
    let other = Own { arguments: vec!["-Test".into()], ..Own::default() };
    assert_eq!(tune(&machine(8, 32 * GIB), &work(), &other).threads, Some(8));
}

#[test]
fn load_is_read_from_what_systems_say() {
    let cases = [
        ("0.52 0.58 0.59 3/467 12345\n", Some(1)),
        ("12.40 3.00 1.00 20/80 1", Some(12)),
        ("7.90 3.00 1.00 1/80 1", Some(0)),
        ("0.10 3.00 1.00 9/80 1", Some(0)),
        ("{ 1.44 1.79 1.96 }", Some(1)),
        ("{ 1,74 1,79 1,96 }", Some(2)),
        ("", None),
        ("-1 0 0", None),
        ("NaN 0 0", None),
    ];
    for (text, busy) in cases {
        assert_eq!(load::from_average(text), busy, "{text}");
    }
}

#[test]
fn the_command_line() {
    let tuning = tune(&machine(2, 32 * GIB), &work(), &Own::default());
    let goals = ["clean", "install", "-DskipTests"].map(str::to_owned);
    let extra = ["-Dname=it's".to_owned()];
    let build = Invocation {
        program: Path::new("/usr/bin/mvn"),
        folder: Path::new("/home/ada/cloudstack"),
        jdk: Path::new("/opt/jdk-17"),
        skip_rc: true,
        goals: &goals,
        tuning: &tuning,
        resume_from: Some(":cloud-utils"),
        extra: &extra,
    };
    assert_eq!(
        typed(&command(&build)),
        "JAVA_HOME=/opt/jdk-17 MAVEN_OPTS='-Xmx4096m -XX:MaxMetaspaceSize=800m' \
         JAVA_TOOL_OPTIONS='-XX:TieredStopAtLevel=1 -XX:+UseSerialGC' MAVEN_SKIP_RC=true \
         /usr/bin/mvn -B -Dstyle.color=never -T2 clean install -DskipTests -rf :cloud-utils \
         '-Dname=it'\\''s'"
    );
}
