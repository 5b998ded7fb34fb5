//! Every known failure, met in a short excerpt of a log: explained by its own cause, with its own
//! remedy, and taken for no other. `failures/provoked.txt` was made with a real Maven, and
//! `failures/known.txt` holds what others reported or what needs a machine that nobody has here.

use std::collections::BTreeSet;
use std::path::Path;

use onramp::maven::catalogue::Catalogue;
use onramp::maven::evidence;
use onramp::maven::explain::{Explanation, explain, explain_all};

const CLOUDSTACK: &str = include_str!("../../checks/cloudstack/build-failures.yaml");
const APACHE: &str = include_str!("../../checks/apache/build-failures.yaml");
const PROVOKED: &str = include_str!("failures/provoked.txt");
const KNOWN: &str = include_str!("failures/known.txt");

/// `=== ID [ID] | how the remedy begins`, then lines of a log.
struct Excerpt {
    causes: Vec<&'static str>,
    remedy: &'static str,
    log: &'static str,
}

fn excerpts() -> Vec<Excerpt> {
    let parts = [PROVOKED, KNOWN].into_iter().flat_map(|file| file.split("=== ").skip(1));
    let excerpt = |part: &'static str| {
        let (head, log) = part.split_once('\n').expect("a head and a log");
        let (causes, remedy) = head.split_once(" | ").expect("causes and a remedy");
        Excerpt { causes: causes.split(' ').collect(), remedy, log }
    };
    parts.map(excerpt).collect()
}

pub(super) fn catalogue() -> Catalogue {
    Catalogue::read([("cloudstack", CLOUDSTACK), ("apache", APACHE)]).unwrap()
}

fn explained(log: &str) -> Explanation {
    let (evidence, progress) = evidence::read(log.as_bytes());
    explain(&evidence, &progress, &catalogue(), &[])
}

fn ids(told: &Explanation) -> Vec<&str> {
    told.causes.iter().map(|cause| cause.id.as_str()).collect()
}

#[test]
fn each_is_explained_by_its_own_cause_and_no_other() {
    for excerpt in excerpts() {
        let told = explained(excerpt.log);
        assert_eq!(ids(&told), excerpt.causes, "{}", excerpt.log);
        let cause = &told.causes[0];
        assert!(
            cause.remedy.starts_with(excerpt.remedy),
            "{}: {}\nbut {}",
            cause.id,
            excerpt.remedy,
            cause.remedy
        );
        for text in [&cause.cause, &cause.remedy] {
            assert!(!text.contains('{'), "{}: something was not filled in: {text}", cause.id);
        }
    }
}

#[test]
fn every_one_has_an_excerpt() {
    let met: BTreeSet<&str> = excerpts().iter().map(|excerpt| excerpt.causes[0]).collect();
    let known = catalogue().failures;
    let missing: Vec<&str> =
        known.iter().map(|it| it.id.as_str()).filter(|id| !met.contains(id)).collect();
    assert!(missing.is_empty(), "no excerpt shows {missing:?}");
    assert!(PROVOKED.matches("=== ").count() > 80, "most are provoked");
}

#[test]
fn what_proves_a_cause_and_what_it_covers_is_there() {
    let known = catalogue().failures;
    for failure in &known {
        if let Some(proof) = failure.proof.as_ref().or(failure.sign.as_ref()) {
            let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("checks").join(proof);
            assert!(file.with_extension("yaml").is_file(), "{}: no check {proof}", failure.id);
        }
        for covered in &failure.covers {
            assert!(known.iter().any(|it| it.id == *covered), "{}: no {covered}", failure.id);
        }
    }
}

#[test]
fn mistakes_in_a_pom_have_their_place() {
    for (cause, file, line) in [
        ("pom-value-missing", "/t/till/pom.xml", 12),
        ("pom-packaging", "/t/till/pom.xml", 10),
        ("broken-pom", "/t/pom.xml", 13),
    ] {
        let excerpts = excerpts();
        let excerpt = excerpts.iter().find(|it| it.causes[0] == cause).unwrap();
        let first = explained(excerpt.log).problems[0].clone();
        assert_eq!((first.file.as_deref(), first.line), (Some(file), Some(line)), "{first:?}");
    }
}

const ORDER: &str = "[INFO] Reactor Build Order:
[INFO] 
[INFO] Shop                     [pom]
[INFO] Shop Till                [jar]
[INFO] Shop Cellar              [jar]
[INFO] Shop Attic               [jar]
[INFO] Shop Roof                [jar]
[INFO] 
";

const TILL: &str = "[INFO] ---< org.example:till >---
[INFO] Building Shop Till 1.0                     [2/5]
[INFO] --- maven-surefire-plugin:2.22.2:test (default-test) @ till ---
[ERROR] Tests run: 1, Failures: 1, Errors: 0, Skipped: 0, Time elapsed: 0.15 s <<< FAILURE! - in org.example.TillTest
[ERROR] sums(org.example.TillTest)  Time elapsed: 0.045 s  <<< FAILURE!
java.lang.AssertionError: expected:<4> but was:<3>
[ERROR] Failures: 
[ERROR]   TillTest.sums:10 expected:<4> but was:<3>
[ERROR] Tests run: 1, Failures: 1, Errors: 0, Skipped: 0
";

const CELLAR: &str = "[INFO] ---< org.example:cellar >---
[INFO] Building Shop Cellar 1.0                   [3/5]
[INFO] --- maven-surefire-plugin:2.22.2:test (default-test) @ cellar ---
";

const ATTIC: &str = "[INFO] ---< org.example:attic >---
[INFO] Building Shop Attic 1.0                    [4/5]
[INFO] --- maven-compiler-plugin:3.8.1:compile (default-compile) @ attic ---
[ERROR] COMPILATION ERROR : 
[ERROR] /t/attic/src/main/java/org/example/Attic.java:[5,22] cannot find symbol
  symbol:   variable gone
";

const END: &str = "[INFO] Shop ...................... SUCCESS [  0.001 s]
[INFO] Shop Till ................. FAILURE [  1.768 s]
[INFO] Shop Cellar ............... SUCCESS [  1.131 s]
[INFO] Shop Attic ................ FAILURE [  0.046 s]
[INFO] Shop Roof ................. SKIPPED
[INFO] BUILD FAILURE
[ERROR] Failed to execute goal org.apache.maven.plugins:maven-surefire-plugin:2.22.2:test (default-test) on project till: There are test failures.
[ERROR] 
[ERROR] Please refer to /t/till/target/surefire-reports for the individual test results.
[ERROR] -> [Help 1]
[ERROR] Failed to execute goal org.apache.maven.plugins:maven-compiler-plugin:3.8.1:compile (default-compile) on project attic: Compilation failure
[ERROR] /t/attic/src/main/java/org/example/Attic.java:[5,22] cannot find symbol
[ERROR]   symbol:   variable gone
[ERROR] -> [Help 1]
[ERROR] 
[ERROR] To see the full stack trace of the errors, re-run Maven with the -e switch.
";

#[test]
fn several_failures_of_one_build_are_told_apart() {
    let threads = "[INFO] Using the MultiThreadedBuilder implementation with a thread count of 3\n";
    for log in [
        format!("{ORDER}{TILL}{CELLAR}{ATTIC}{END}"),
        format!("{ORDER}{threads}{ATTIC}{TILL}{CELLAR}{END}"),
    ] {
        let (evidence, progress) = evidence::read(log.as_bytes());
        let all = explain_all(&evidence, &progress, &catalogue(), &[]);
        let told: Vec<_> = all
            .iter()
            .map(|one| (one.module.as_deref().unwrap(), ids(one), one.problems[0].text.as_str()))
            .collect();
        assert_eq!(
            told,
            [
                ("till", vec!["test-failures"], "expected:<4> but was:<3>"),
                ("attic", vec!["compile-error"], "cannot find symbol: variable gone"),
            ],
            "{log}"
        );
        assert!(all[1].problems.iter().all(|problem| problem.file.is_some()), "{:?}", all[1]);
    }
}

#[test]
fn each_of_several_names_its_own_line() {
    let fails = |module: &str, line: usize| {
        let file = format!("/t/{module}/A.java");
        format!(
            "[ERROR] Failed to execute goal org.apache.maven.plugins:maven-checkstyle-plugin:3.6.0:check (style) on project {module}: Failed during checkstyle configuration: Exception was thrown while processing {file}: IllegalStateException occurred while parsing file {file}. {line}:0: no viable alternative at input 'publik': NoViableAltException -> [Help 1]\n"
        )
    };
    let log = format!("{ORDER}[INFO] BUILD FAILURE\n{}{}", fails("till", 7), fails("attic", 55));
    let (evidence, progress) = evidence::read(log.as_bytes());
    let told = explain_all(&evidence, &progress, &catalogue(), &[]);
    let remedies: Vec<&str> = told.iter().map(|one| one.causes[0].remedy.as_str()).collect();
    assert_eq!(remedies.len(), 2);
    assert!(remedies[0].starts_with("look at /t/till/A.java:7 and"), "{remedies:?}");
    assert!(remedies[1].starts_with("look at /t/attic/A.java:55 and"), "{remedies:?}");
}

#[test]
fn what_strikes_every_thread_is_told_once() {
    let log = "[INFO] Scanning for projects...\n[ERROR] Java heap space -> [Help 1]\n\
               [ERROR] java.lang.OutOfMemoryError: Java heap space -> [Help 1]\n";
    let (evidence, progress) = evidence::read(log.as_bytes());
    let told = explain_all(&evidence, &progress, &catalogue(), &[]);
    assert_eq!(told.iter().map(ids).collect::<Vec<_>>(), [["maven-heap"]]);
}

#[test]
fn warnings_are_the_fault_only_where_they_count_as_errors() {
    let fails = |plugin: &str, why: &str| {
        let warned = "[WARNING] /t/till/A.java:[3,5] (imports) UnusedImports: Unused import\n";
        let log = format!(
            "{ORDER}{warned}[INFO] BUILD FAILURE\n[ERROR] Failed to execute goal org.apache.maven.plugins:maven-{plugin} (x) on project till: {why} -> [Help 1]\n"
        );
        let (evidence, progress) = evidence::read(log.as_bytes());
        explain(&evidence, &progress, &catalogue(), &[]).problems.len()
    };
    assert_eq!(fails("compiler-plugin:3.14.0:compile", "warnings found and -Werror specified"), 1);
    let other = "Fatal error compiling: error: invalid flag: --bogus";
    assert_eq!(fails("compiler-plugin:3.14.0:compile", other), 0);
    assert_eq!(fails("enforcer-plugin:3.4.1:enforce", "Some Enforcer rules have failed."), 0);
    assert_eq!(fails("checkstyle-plugin:3.6.0:check", "You have 1 Checkstyle violation."), 1);
}

#[test]
fn tests_that_throw_in_several_modules_are_tests_that_fail() {
    let fails = |module: &str| {
        format!(
            "[ERROR] Failed to execute goal org.apache.maven.plugins:maven-surefire-plugin:3.2.5:test (default-test) on project {module}: \n[ERROR] \n[ERROR] Please refer to /t/{module}/target/surefire-reports for the individual test results.\n[ERROR] -> [Help 1]\n"
        )
    };
    let log = format!("{ORDER}[INFO] BUILD FAILURE\n{}{}", fails("till"), fails("attic"));
    let (evidence, progress) = evidence::read(log.as_bytes());
    let told = explain_all(&evidence, &progress, &catalogue(), &[]);
    assert_eq!(told.iter().map(ids).collect::<Vec<_>>(), [["test-failures"], ["test-failures"]]);
    assert!(told[0].causes[0].remedy.starts_with("run it again: `mvn -pl :till -am test`"));
}
