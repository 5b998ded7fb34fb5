//! `onramp build --explain LOG`: logs of other machines and of CI services, and what is none.

use std::io::Write;

use flate2::{Compression, write::GzEncoder};

use crate::support::process::Output;
use crate::support::world::{TestWorld, write};

const FAILED: &str = "\u{1b}[0m[INFO] Scanning for projects...
[INFO] ---< org.example:till >---
[INFO] Building Shop Till 1.0                     [2/5]
[INFO] --- maven-compiler-plugin:3.8.1:compile (default-compile) @ till ---
\u{1b}[1;31m[ERROR]\u{1b}[m COMPILATION ERROR :
[ERROR] /home/runner/shop/till/src/main/java/org/example/Till.java:[5,22] cannot find symbol
[INFO] BUILD FAILURE
[ERROR] Failed to execute goal org.apache.maven.plugins:maven-compiler-plugin:3.8.1:compile (default-compile) on project till: Compilation failure
[ERROR] /home/runner/shop/till/src/main/java/org/example/Till.java:[5,22] cannot find symbol
[ERROR] -> [Help 1]
";

const PASSED: &str = "[INFO] Scanning for projects...
[INFO] ---< org.example:till >---
[INFO] Building Shop Till 1.0                     [2/5]
[WARNING] Failed to retrieve plugin descriptor: Cannot access central (https://repo.example.org) in offline mode and the artifact g:a:jar:1 has not been downloaded from it before.
java.net.BindException: Address already in use
[ERROR] a line that a passing build may well print
[INFO] BUILD SUCCESS
";

fn explained(log: &[u8]) -> Output {
    let world = TestWorld::new();
    write(&world.work().join("build.log"), log);
    world.onramp(&world.work(), &["build", "--explain", "build.log"])
}

#[track_caller]
fn tells_of_the_compiler(output: &Output) {
    let said = output.stdout();
    assert_eq!(output.code, Some(1), "{said}{}", output.stderr());
    for part in [
        "in till, at maven-compiler-plugin:3.8.1:compile\n",
        "  /home/runner/shop/till/src/main/java/org/example/Till.java:5:22\n    cannot find symbol\n",
        "cause      in the change: the code does not compile\n",
        "remedy     mend the first place named above",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert!(!said.contains('\u{1b}') && !said.contains('\r'), "{said:?}");
}

#[test]
fn a_log_as_it_was_written() {
    tells_of_the_compiler(&explained(FAILED.as_bytes()));
}

#[test]
fn logs_of_ci_services() {
    for before in [
        "2026-01-02T03:04:05.6789012Z ",
        "build\tRun mvn install\t2026-01-02T03:04:05.6789012Z ",
        "[2026-01-02T03:04:05.678Z] ",
        "2026-01-02T03:04:05.678901Z 01O ",
    ] {
        let log: String = FAILED.lines().map(|line| format!("{before}{line}\r\n")).collect();
        tells_of_the_compiler(&explained(log.as_bytes()));
    }
}

#[test]
fn packed_logs_and_those_of_windows() {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(FAILED.as_bytes()).unwrap();
    let packed = packed.finish().unwrap();
    tells_of_the_compiler(&explained(&packed));
    let wide: Vec<u8> =
        format!("\u{feff}{FAILED}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    tells_of_the_compiler(&explained(&wide));

    let cut = explained(&packed[..packed.len() - 20]);
    assert_eq!(cut.code, Some(2), "{}", cut.stderr());
    assert!(cut.stderr().contains("cannot be unpacked"), "{}", cut.stderr());
}

#[test]
fn a_build_that_passed_has_nothing_to_explain() {
    let output = explained(PASSED.as_bytes());
    assert_eq!(output.code, Some(0), "{}", output.stdout());
    assert_eq!(output.stdout(), "no failure: the build in this log passed\n");
}

#[test]
fn the_run_that_failed_is_explained_among_several() {
    let output = explained(format!("{PASSED}{FAILED}{PASSED}").as_bytes());
    tells_of_the_compiler(&output);
    assert!(
        output.stdout().starts_with("the build failed (run 2 of 3) in till"),
        "{}",
        output.stdout()
    );
}

#[test]
fn a_log_that_stops_early_is_not_judged() {
    let begun: String = FAILED.lines().take(4).map(|line| format!("{line}\n")).collect();
    let output = explained(begun.as_bytes());
    let said = output.stdout();
    assert_eq!(output.code, Some(3), "{said}");
    assert!(said.contains("the log ends before Maven does"), "{said}");
    assert!(said.contains("running    till at maven-compiler-plugin:3.8.1:compile"), "{said}");
}

#[test]
fn a_java_that_did_not_even_start_is_explained() {
    let output = explained(b"Unrecognized VM option 'UseNiceThing'\nError: Could not create the Java Virtual Machine.\n");
    let said = output.stdout();
    assert_eq!(output.code, Some(1), "{said}");
    assert!(
        said.contains("likely on this machine: Java does not start with the options"),
        "{said}"
    );
}

#[test]
fn what_is_no_log_of_maven_is_refused() {
    for text in ["", "make: *** [all] Error 2\n", "PK\u{3}\u{4}\0\0"] {
        let output = explained(text.as_bytes());
        assert_eq!(output.code, Some(2), "{}{}", output.stdout(), output.stderr());
        assert!(output.stderr().contains("holds nothing that Maven wrote"), "{}", output.stderr());
    }
    let world = TestWorld::new();
    let output = world.onramp(&world.work(), &["build", "--explain", "gone.log"]);
    assert_eq!(output.code, Some(2));
    assert!(output.stderr().contains("gone.log cannot be read"), "{}", output.stderr());
}
