//! Heap, compilers and threads from the machine, never against the user.

use std::path::Path;

use onramp::maven::run::{Invocation, command, typed};
use onramp::maven::tuning::{Machine, Own, Tuning, Work, tune};

const GIB: u64 = 1 << 30;
const QUICK: &str = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC";

fn machine(cores: usize, available: u64) -> Machine {
    Machine { cores, total: 64 * GIB, available, limit: None }
}

fn work() -> Work {
    Work { modules: 146, compiler: Some(512 << 20), skips_tests: true }
}

fn said(tuning: &Tuning) -> String {
    tuning.notes.iter().map(|note| format!("{}: {}\n", note.what, note.why)).collect()
}

#[test]
fn heap_and_threads_follow_the_machine() {
    let cases = [
        (machine(8, 32 * GIB), "-Xmx4096m", Some(8)),
        (machine(8, 8 * GIB), "-Xmx2048m", Some(8)),
        (machine(8, 4 * GIB), "-Xmx1024m", Some(4)),
        (machine(2, 20 * GIB), "-Xmx4096m", Some(2)),
        (machine(8, 2 * GIB), "-Xmx1024m", None),
        (machine(8, GIB), "-Xmx768m", None),
        (Machine { limit: Some(2 * GIB), ..machine(8, 32 * GIB) }, "-Xmx1024m", None),
        (machine(1, 32 * GIB), "-Xmx4096m", None),
    ];
    for (machine, heap, threads) in cases {
        let tuning = tune(machine, work(), &Own::default());
        assert_eq!(tuning.maven_opts, format!("{heap} -XX:MaxMetaspaceSize=800m"), "{machine:?}");
        assert_eq!(tuning.threads, threads, "{machine:?}");
        assert_eq!(tuning.java_tool_options.as_deref(), Some(QUICK));
    }
    let few = Work { modules: 3, ..work() };
    assert_eq!(tune(machine(8, 32 * GIB), few, &Own::default()).threads, Some(3));
}

#[test]
fn quick_compilers_only_where_tests_are_skipped() {
    let tested = Work { skips_tests: false, ..work() };
    let tuning = tune(machine(8, 32 * GIB), tested, &Own::default());
    assert_eq!(tuning.java_tool_options, None);
}

#[test]
fn what_the_user_set_stays() {
    let own = Own { maven_opts: " -Xmx6g -Dx=y ".into(), ..Own::default() };
    let tuning = tune(machine(8, 32 * GIB), work(), &own);
    assert_eq!(tuning.maven_opts, "-Xmx6g -Dx=y -XX:MaxMetaspaceSize=800m");
    assert!(said(&tuning).contains("-Xmx6g kept: set in MAVEN_OPTS"));

    let own = Own { jvm_config: "-Xmx2g\n-XX:MaxMetaspaceSize=1g".into(), ..Own::default() };
    let tuning = tune(machine(8, 32 * GIB), work(), &own);
    assert_eq!(tuning.maven_opts, "");
    assert!(said(&tuning).contains("-Xmx2g kept: set in .mvn/jvm.config"));

    let own = Own { java_tool_options: "-Duser.language=en".into(), ..Own::default() };
    let tuning = tune(machine(8, 32 * GIB), work(), &own);
    assert_eq!(tuning.java_tool_options, None);
    assert!(said(&tuning).contains("JAVA_TOOL_OPTIONS untouched: yours is kept"));
}

#[test]
fn two_collectors_never_meet() {
    for place in [0, 1, 2] {
        let mut own = Own::default();
        *[&mut own.maven_opts, &mut own.jvm_config, &mut own.jdk_java_options][place] =
            "-XX:+UseG1GC".into();
        let tuning = tune(machine(8, 32 * GIB), work(), &own);
        assert_eq!(tuning.java_tool_options.as_deref(), Some("-XX:TieredStopAtLevel=1"));
        assert!(said(&tuning).contains("-XX:+UseG1GC kept"));
    }
}

#[test]
fn threads_the_user_set_stay() {
    for words in [vec!["-T4"], vec!["-T", "1C"], vec!["--threads=2"], vec!["-T1C"]] {
        let arguments = words.iter().map(|word| (*word).to_owned()).collect();
        let tuning = tune(machine(8, 32 * GIB), work(), &Own { arguments, ..Own::default() });
        assert_eq!(tuning.threads, None, "{words:?}");
    }
    let config = Own { maven_config: "-T 3\n-B".into(), ..Own::default() };
    assert_eq!(tune(machine(8, 32 * GIB), work(), &config).threads, None);
    let other = Own { arguments: vec!["-Test".into()], ..Own::default() };
    assert_eq!(tune(machine(8, 32 * GIB), work(), &other).threads, Some(8));
}

#[test]
fn the_command_line() {
    let tuning = tune(machine(2, 32 * GIB), work(), &Own::default());
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
