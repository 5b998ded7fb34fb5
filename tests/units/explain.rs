//! One failure each, as Maven prints it: what is at fault, where, and what to do.

use onramp::maven::catalogue::{Catalogue, Kind};
use onramp::maven::evidence;
use onramp::maven::explain::{Explanation, explain, unlicensed};

const CLOUDSTACK: &str = include_str!("../../checks/cloudstack/build-failures.yaml");
const APACHE: &str = include_str!("../../checks/apache/build-failures.yaml");

const HEAD: &str = "\u{1b}[0m[INFO] Scanning for projects...
[INFO] Reactor Build Order:
[INFO] 
[INFO] Shop                     [pom]
[INFO] Shop Till                [jar]
[INFO] Shop Cellar              [jar]
[INFO] 
[INFO] ---< org.example:shop >---
[INFO] Building Shop 1.0                     [1/3]
[INFO] --- maven-checkstyle-plugin:3.6.0:check (style) @ shop ---
[INFO] You have 0 Checkstyle violations.
[INFO] ---< org.example:till >---
[INFO] Building Shop Till 1.0                [2/3]
";

const TAIL: &str = "[ERROR] 
[ERROR] To see the full stack trace of the errors, re-run Maven with the -e switch.
[ERROR] Re-run Maven using the -X switch to enable full debug logging.
[ERROR] 
[ERROR] For more information about the errors and possible solutions, please read the following articles:
[ERROR] [Help 1] http://cwiki.apache.org/confluence/display/MAVEN/MojoFailureException
";

fn catalogue() -> Catalogue {
    Catalogue::read([("cloudstack", CLOUDSTACK), ("apache", APACHE)]).unwrap()
}

fn explained(middle: &str) -> Explanation {
    let log = format!("{HEAD}{middle}\n{TAIL}");
    let (evidence, progress) = evidence::read(log.as_bytes());
    explain(&evidence, &progress, &catalogue(), &[])
}

fn goal(goal: &str, message: &str) -> String {
    format!(
        "[INFO] BUILD FAILURE\n[ERROR] Failed to execute goal {goal} on project till: {message} -> [Help 1]"
    )
}

#[track_caller]
fn causes(told: &Explanation, ids: &[&str]) {
    let found: Vec<&str> = told.causes.iter().map(|cause| cause.id.as_str()).collect();
    assert_eq!(found, ids, "{:#?}", told.essential);
}

#[test]
fn an_artifact_whose_repository_is_out_of_reach() {
    let message = "Could not resolve dependencies for project org.example:till:jar:1.0: Failed to \
         collect dependencies at org.jenkins-ci:trilead-ssh2:jar:b-1: Failed to read artifact \
         descriptor for org.jenkins-ci:trilead-ssh2:jar:b-1: Could not transfer artifact \
         org.jenkins-ci:trilead-ssh2:pom:b-1 from/to jenkins.releases (https://jenkins.example.org/releases/): \
         transfer failed for https://jenkins.example.org/releases/x.pom: Unknown host jenkins.example.org";
    let log = format!("[ERROR] Failed to execute goal on project till: {message} -> [Help 1]");
    let told = explained(&log);
    assert_eq!((told.module.as_deref(), told.goal.as_deref()), (Some("till"), None));
    assert_eq!(told.artifact.as_deref(), Some("org.jenkins-ci:trilead-ssh2:pom:b-1"));
    assert_eq!(told.repository.as_deref(), Some("jenkins.releases"));
    assert_eq!(told.url.as_deref(), Some("https://jenkins.example.org/releases/"));
    causes(&told, &["trilead-unreachable"]);
    assert_eq!(told.causes[0].kind, Kind::Network);
    assert!(
        told.causes[0]
            .remedy
            .contains("let this machine reach https://jenkins.example.org/releases/")
    );
    assert_eq!(told.resume_from.as_deref(), Some("till"));

    causes(&explained(&log.replace("org.jenkins-ci", "org.example")), &["unknown-host"]);
}

#[test]
fn other_ways_an_artifact_stays_away() {
    let cases = [
        (
            "Could not find artifact g:a:jar:1 in central (https://repo.example.org/m2)",
            "not-in-repository",
            "central",
        ),
        (
            "Cannot access here (https://h.example.org) in offline mode and the artifact g:a:jar:1 has not been downloaded from it before.",
            "offline-artifact",
            "here",
        ),
        (
            "Failure to find g:a:jar:1 in https://repo.example.org was cached in the local repository, resolution will not be reattempted until the update interval of far has elapsed or updates are forced",
            "cached-failure",
            "far",
        ),
        (
            "g:a:jar:1 was not found in https://repo.example.org during a previous attempt. This failure was cached in the local repository",
            "cached-failure",
            "",
        ),
        (
            "Could not transfer artifact g:a:jar:1 from/to here (https://h): status code: 407, reason phrase: Proxy Authentication Required (407)",
            "proxy-authentication",
            "here",
        ),
        (
            "Could not transfer artifact g:a:jar:1 from/to here (https://h): authentication failed for https://h/x, status: 401 Unauthorized",
            "repository-refuses",
            "here",
        ),
        (
            "Could not transfer artifact g:a:jar:1 from/to here (https://h): PKIX path building failed",
            "tls",
            "here",
        ),
        (
            "Could not transfer artifact g:a:jar:1 from/to here (https://h): Connection timed out",
            "repository-slow",
            "here",
        ),
        (
            "Could not transfer artifact g:a:jar:1 from/to maven-default-http-blocker (http://0.0.0.0/): Blocked mirror for repositories: [old (http://old.example.org, default, releases)]",
            "blocked-http",
            "old",
        ),
    ];
    for (message, id, repository) in cases {
        let told = explained(&format!(
            "[ERROR] Failed to execute goal on project till: {message} -> [Help 1]"
        ));
        causes(&told, &[id]);
        assert_eq!(told.artifact.as_deref(), Some("g:a:jar:1"), "{id}");
        assert_eq!(told.repository.as_deref().unwrap_or(""), repository, "{id}");
    }
}

#[test]
fn style() {
    let told = explained(&format!(
        "[ERROR] /t/till/A.java:40: Line has trailing spaces. [RegexpSingleline]\n\
         [ERROR] /t/till/A.java:45:1: Line contains a tab character. [FileTabCharacter]\n{}",
        goal(
            "org.apache.maven.plugins:maven-checkstyle-plugin:3.6.0:check (style)",
            "Failed during checkstyle execution: There are 2 errors reported by Checkstyle 8.18 with cloud-style.xml ruleset."
        ),
    ));
    assert_eq!(told.goal.as_deref(), Some("maven-checkstyle-plugin:3.6.0:check"));
    let first = &told.problems[0];
    assert_eq!((first.file.as_deref(), first.line), (Some("/t/till/A.java"), Some(40)));
    assert_eq!(first.rule.as_deref(), Some("RegexpSingleline"));
    assert_eq!((told.problems[1].line, told.problems[1].column), (Some(45), Some(1)));
    causes(&told, &["checkstyle-space", "checkstyle-tab"]);
}

#[test]
fn compilation() {
    let errors = "[ERROR] /t/till/A.java:[41,17] error: incompatible types: String cannot be converted to int\n\
         [ERROR] /t/till/A.java:[42,21] error: cannot find symbol\n";
    let told = explained(&format!(
        "[ERROR] COMPILATION ERROR : \n{errors}  symbol:   method gone(int)\n  location: class A\n\
         [INFO] 2 errors\n\
         [ERROR] Failed to execute goal org.apache.maven.plugins:maven-compiler-plugin:3.8.1:compile (default-compile) on project till: Compilation failure: Compilation failure: \n\
         {errors}[ERROR]   symbol:   method gone(int)\n[ERROR]   location: class A\n[ERROR] -> [Help 1]",
    ));
    let problems: Vec<_> =
        told.problems.iter().map(|p| (p.line, p.column, p.text.as_str())).collect();
    assert_eq!(
        problems,
        [
            (Some(41), Some(17), "incompatible types: String cannot be converted to int"),
            (Some(42), Some(21), "cannot find symbol: method gone(int)"),
        ]
    );
    causes(&told, &["compile-error"]);
    assert!(told.essential.iter().all(|line| !line.contains("[Help")));
}

#[test]
fn a_jdk_that_is_too_new() {
    let told = explained(&format!(
        "[ERROR] COMPILATION ERROR : \n\
         [ERROR] error: error reading /m2/aspectjweaver-1.8.13.jar; Invalid CEN header (invalid zip64 extra data field size)\n{}",
        goal(
            "org.apache.maven.plugins:maven-compiler-plugin:3.8.1:compile (default-compile)",
            "Compilation failure"
        ),
    ));
    causes(&told, &["jdk-too-new"]);
    assert_eq!(told.causes[0].kind, Kind::Machine);
    assert!(told.causes[0].remedy.contains("JDK 17"));
}

#[test]
fn tests_that_fail() {
    let told = explained(
        "[ERROR] Tests run: 3, Failures: 1, Errors: 1, Skipped: 0, Time elapsed: 1.7 s <<< FAILURE! - in org.example.ATest\n\
         [ERROR] adds(org.example.ATest)  Time elapsed: 0.066 s  <<< FAILURE!\n\
         java.lang.AssertionError: sum expected:<1> but was:<2>\n\
         \tat org.example.ATest.adds(ATest.java:283)\n\n\
         [ERROR] asks(org.example.ATest)  Time elapsed: 0 s  <<< ERROR!\n\
         java.lang.NullPointerException: Cannot invoke \"Object.toString()\" because \"o\" is null\n\
         [ERROR] Failures: \n[ERROR]   ATest.adds:283 sum expected:<1> but was:<2>\n\
         [ERROR] Errors: \n[ERROR]   ATest.asks:288 NullPointer Cannot invoke \"Object.toString()...\n\
         [ERROR] Tests run: 3, Failures: 1, Errors: 1, Skipped: 0\n\
         [ERROR] Failed to execute goal org.apache.maven.plugins:maven-surefire-plugin:2.22.2:test (default-test) on project till: There are test failures.\n\
         [ERROR] \n[ERROR] Please refer to /t/till/target/surefire-reports for the individual test results.\n[ERROR] -> [Help 1]",
    );
    let problems: Vec<_> = told
        .problems
        .iter()
        .map(|p| (p.rule.as_deref().unwrap(), p.line, p.text.as_str()))
        .collect();
    assert_eq!(
        problems,
        [
            ("ATest.adds", Some(283), "sum expected:<1> but was:<2>"),
            (
                "ATest.asks",
                Some(288),
                "java.lang.NullPointerException: Cannot invoke \"Object.toString()\" because \"o\" is null"
            ),
        ]
    );
    causes(&told, &["test-failures"]);
    assert!(
        told.causes[0]
            .remedy
            .contains("mvn -pl :till -am -Dtest=ATest -DfailIfNoTests=false -Dsurefire.failIfNoSpecifiedTests=false test")
    );
}

#[test]
fn a_heap_that_is_too_small() {
    let told = explained(
        "[INFO] --- maven-jar-plugin:3.2.0:jar (default-jar) @ till ---\n\
         [INFO] Reactor Summary for Shop 1.0:\n[INFO] \n\
         [INFO] Shop ...................... SUCCESS [ 14.324 s]\n\
         [INFO] Shop Till ................. FAILURE [01:45 min]\n\
         [INFO] Shop Cellar ............... SKIPPED\n[INFO] BUILD FAILURE\n\
         [ERROR] Java heap space -> [Help 1]",
    );
    assert_eq!(told.module.as_deref(), Some("till"), "from the summary: the error names none");
    assert_eq!(told.goal.as_deref(), Some("maven-jar-plugin:3.2.0:jar"));
    causes(&told, &["maven-heap"]);
    assert!(told.causes[0].cause.contains("heap"));
    assert_eq!(told.resume_from.as_deref(), Some("till"));
}

#[test]
fn licence_headers() {
    let told = explained(&goal(
        "org.apache.rat:apache-rat-plugin:0.12:check (default-cli)",
        "Too many files with unapproved license: 2 See RAT report in: /t/my shop/target/rat.txt",
    ));
    causes(&told, &["licence-header"]);
    assert_eq!(told.report.as_deref(), Some("/t/my shop/target/rat.txt"));
    let report = "Files with unapproved licenses:\n\n  /t/a.sh\n\n*****\n  AL    /t/b.java\n !????? /t/a.sh\n !????? /t/c d.txt\n";
    assert_eq!(unlicensed(report), ["/t/a.sh", "/t/c d.txt"]);
}

#[test]
fn before_the_first_module() {
    let (evidence, progress) = evidence::read(
        b"[INFO] Scanning for projects...\n[ERROR] [ERROR] Some problems were encountered while processing the POMs:\n\
          [FATAL] Non-parseable POM /t/till/pom.xml: Unrecognised tag: 'build' (position: START_TAG seen) @ line 238, column 12\n @ \n\
          [ERROR] The build could not read 1 project -> [Help 1]\n",
    );
    let told = explain(&evidence, &progress, &catalogue(), &[]);
    causes(&told, &["broken-pom"]);
    let first = &told.problems[0];
    assert_eq!(
        (first.file.as_deref(), first.line, first.column),
        (Some("/t/till/pom.xml"), Some(238), Some(12))
    );
    assert!(first.text.contains("Unrecognised tag"), "{first:?}");

    let (evidence, progress) = evidence::read(
        b"[INFO] Scanning for projects...\n[ERROR] Could not find the selected project in the reactor: nosuch @ \n[ERROR] Could not find the selected project in the reactor: nosuch -> [Help 1]\n",
    );
    causes(&explain(&evidence, &progress, &catalogue(), &[]), &["unknown-module"]);
    causes(
        &explained(
            "[ERROR] Unknown lifecycle phase \"instal\". You must specify a valid lifecycle phase -> [Help 1]",
        ),
        &["unknown-phase"],
    );
}

#[test]
fn a_step_that_needs_the_network_every_time() {
    let plugin = "com.googlecode.maven-download-plugin:download-maven-plugin:1.6.3:wget (download-checksums)";
    causes(
        &explained(&goal(plugin, "IO Error: Could not get content")),
        &["checksums-unreachable"],
    );
    let offline = "Execution failed: No file in cache and maven is in offline mode";
    causes(&explained(&goal(plugin, offline)), &["checksums-offline"]);
}

#[test]
fn source_that_is_no_java() {
    let told = explained(&goal(
        "org.apache.maven.plugins:maven-checkstyle-plugin:3.6.0:check (style)",
        "Failed during checkstyle configuration: Exception was thrown while processing /t/till/A.java: MismatchedTokenException occurred while parsing file /t/till/A.java",
    ));
    causes(&told, &["checkstyle-syntax"]);
    assert!(told.causes[0].remedy.contains("/t/till/A.java"));
}

#[test]
fn several_at_a_time_the_first_open_module_is_next() {
    let log = HEAD.replace("[INFO] ---< org.example:shop", "[INFO] Using the MultiThreadedBuilder implementation with a thread count of 2\n[INFO] ---< org.example:shop")
        + "[ERROR] Failed to execute goal a:b-plugin:1:c (d) on project till: it broke -> [Help 1]\n[ERROR]   mvn <args> -rf :till\n";
    let (evidence, progress) = evidence::read(log.as_bytes());
    let told = explain(&evidence, &progress, &catalogue(), &[]);
    assert_eq!(told.module.as_deref(), Some("till"));
    assert_eq!(told.resume_from.as_deref(), Some("shop"), "it was not done when till failed");
}

#[test]
fn what_nobody_described_gets_the_essential_lines() {
    let told = explained(&goal("g:odd-plugin:1:do (x)", "the moon is in the wrong phase"));
    assert!(told.causes.is_empty() && told.problems.is_empty());
    assert_eq!(
        told.essential,
        [
            "Failed to execute goal g:odd-plugin:1:do (x) on project till: the moon is in the wrong phase"
        ]
    );
    let wall: String = (0..5_000).map(|n| format!("noise {n}\n")).collect();
    let (evidence, progress) = evidence::read(wall.as_bytes());
    let told = explain(&evidence, &progress, &catalogue(), &[]);
    assert_eq!(told.essential.len(), 15);
    assert_eq!(told.essential[14], "noise 4999");
}

#[test]
fn however_many_errors_there_are_the_end_is_kept() {
    let lines: String = (0..5_000)
        .map(|n| format!("[ERROR] /t/A.java:{n}: {} [Odd]\n", "x".repeat(9_000)))
        .collect();
    let end = goal("g:maven-checkstyle-plugin:3:check (x)", "Failed during checkstyle execution");
    let told = explained(&format!("{lines}{end}"));
    assert_eq!(told.goal.as_deref(), Some("maven-checkstyle-plugin:3:check"));
    assert!(told.problems.is_empty(), "a line cut short names no rule");
    causes(&told, &["checkstyle"]);
}

#[test]
fn noise_is_told_only_alone() {
    let noise = "[WARNING] The requested profile \"deps\" could not be activated because it does not exist.\n";
    causes(&explained(noise), &["profile-deps"]);
    causes(&explained(&format!("{noise}[ERROR] Java heap space -> [Help 1]")), &["maven-heap"]);
}

#[test]
fn the_catalogues_are_strict() {
    let good = "- {id: a, pattern: 'x (?<what>y)', kind: user, cause: 'c {what}', remedy: 'r {module}', source: s}\n";
    assert_eq!(Catalogue::read([("f", good)]).unwrap().failures.len(), 1);
    let cases = [
        (good.replace("kind: user", "kind: cosmic"), "cosmic"),
        (good.replace("source: s", "source: s, sorce: t"), "sorce"),
        (good.replace("x (?<what>y)", "x ("), "`a`"),
        (good.replace("(?<what>y)", "y"), "catches no `{what}`"),
        (good.replace("x (?<what>y)", "(?<what>(?:.{500}){500})"), "`a`"),
        (good.repeat(2), "stands twice"),
        (good.replace("source: s", "source: s, ours: true"), "catches no `artifact`"),
        (good.replace("source: s", "source: s, proof: a/b/c, sign: a/b/d"), "two ways"),
    ];
    for (text, says) in cases {
        let error = Catalogue::read([("f.yaml", text.as_str())]).expect_err(says);
        assert!(error.starts_with("f.yaml: ") && error.contains(says), "{says}: {error}");
    }
}

#[test]
fn every_entry_reads_well() {
    for failure in catalogue().failures {
        for text in [&failure.cause, &failure.remedy] {
            assert!(!text.ends_with('.') && !text.is_empty(), "{}: {text}", failure.id);
            let first = text.chars().next().unwrap();
            assert!(
                !first.is_uppercase()
                    || text.starts_with("Maven")
                    || text.starts_with("JDK")
                    || text.starts_with("Java")
                    || text.starts_with("Node"),
                "{}: {text}",
                failure.id
            );
            let skips = text.contains("no-verify") || text.contains("checkstyle.skip");
            assert!(!skips, "{}", failure.id);
        }
        assert!(!failure.source.is_empty());
    }
}
