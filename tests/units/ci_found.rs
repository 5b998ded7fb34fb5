//! What tools print becomes findings with file and line: checkstyle and RAT through Maven, the hooks
//! of pre-commit and prek, eslint. The texts are ours, in the tools' form.

use onramp::ci::found::{Found, found, maven, placed};
use onramp::ci::rules::Reads;
use onramp::maven::catalogue::Catalogue;

const FAILURES: &str = include_str!("../../checks/apache/build-failures.yaml");

fn catalogue() -> Catalogue {
    Catalogue::read([("apache", FAILURES)]).unwrap()
}

fn one(file: &str, line: Option<u64>, text: &str, rule: &str) -> Found {
    let (text, rule) = (text.to_owned(), Some(rule.to_owned()));
    Found { file: Some(file.to_owned()), line, text, rule }
}

#[test]
fn checkstyle_is_read_for_every_module() {
    let log = "[INFO] Building Shop 1.0 [1/2]
[ERROR] src/main/java/a/F.java:27: Line has trailing spaces. [RegexpSingleline]
[ERROR] src/main/java/a/F.java:22:8: Unused import - java.util.List. [UnusedImports]
[INFO] ---< org.example:till >---
[INFO] Building Shop Till 1.0 [2/2]
[ERROR] /tree/till/src/G.java:21: Using the '.*' form of import should be avoided - java.util.*. [AvoidStarImport]
[ERROR] /tree/till/src/G.java:[24,1] (imports) IllegalImport: Illegal import - a.B.
[ERROR] Failed to execute goal org.apache.maven.plugins:maven-checkstyle-plugin:3.6.0:check (style) on project till: Failed during checkstyle execution: There are 4 errors reported by Checkstyle 8.18 with style.xml ruleset. -> [Help 1]
";
    let told = maven(log, &catalogue());
    let star = "Using the '.*' form of import should be avoided - java.util.*.";
    assert_eq!(
        told.found,
        [
            one(
                "src/main/java/a/F.java",
                Some(27),
                "Line has trailing spaces.",
                "RegexpSingleline"
            ),
            one(
                "src/main/java/a/F.java",
                Some(22),
                "Unused import - java.util.List.",
                "UnusedImports"
            ),
            one("/tree/till/src/G.java", Some(21), star, "AvoidStarImport"),
            one("/tree/till/src/G.java", Some(24), "Illegal import - a.B.", "IllegalImport"),
        ]
    );
    assert_eq!(told.no_verdict, None);
}

#[test]
fn the_report_of_rat_is_named() {
    let log = "[ERROR] Failed to execute goal org.apache.rat:apache-rat-plugin:0.12:check (default-cli) on project shop: Too many files with unapproved license: 2 See RAT report in: /tree/target/rat.txt -> [Help 1]\n";
    let told = maven(log, &catalogue());
    assert_eq!(told.report.as_deref(), Some("/tree/target/rat.txt"));
    assert_eq!(told.no_verdict, None);
}

#[test]
fn a_maven_that_could_not_judge_is_no_verdict() {
    let log = "[ERROR] Plugin org.apache.rat:apache-rat-plugin:0.12 or one of its dependencies could not be resolved: Failed to read artifact descriptor for org.apache.rat:apache-rat-plugin:jar:0.12: Could not transfer artifact org.apache.rat:apache-rat-plugin:pom:0.12 from/to central (https://repo.example.org/maven2): repo.example.org: Name or service not known -> [Help 1]\n";
    let told = maven(log, &catalogue());
    assert_eq!(told.found, []);
    assert!(told.no_verdict.is_some_and(|why| !why.is_empty()));
    let told = maven("something odd\n", &catalogue());
    assert!(told.no_verdict.is_some());
}

#[test]
fn hooks_that_failed_tell_of_files() {
    let before = "no blanks at the end....................................Failed
- hook id: blanks
- files were modified by this hook

Fixing a b.txt
Fixing api/c.java

";
    let after = "lint.............................................................Failed
- hook id: flake8
- duration: 0.3s
- exit code: 1

  tools/a.py:3:1: E999 odd
says nothing.....................................................Failed
- hook id: mute
- exit code: 1
case.........................................(no files to check)Skipped
spelling.........................................................Failed
- hook id: words

Something is amiss
altogether
all well.........................................................Passed
";
    let told = found(Reads::Hooks, &format!("{before}{after}"));
    assert_eq!(
        told,
        [
            one("a b.txt", None, "the hook mends it", "blanks"),
            one("api/c.java", None, "the hook mends it", "blanks"),
            one("tools/a.py", Some(3), "E999 odd", "flake8"),
            Found { file: None, ..one("", None, "the hook failed", "mute") },
            Found { file: None, ..one("", None, "Something is amiss altogether", "words") },
        ]
    );
    assert_eq!(found(Reads::Hooks, "An error has occurred: InvalidConfigError:\n"), []);
}

#[test]
fn both_forms_of_eslint_are_read() {
    let log = "error: Unexpected console statement (no-console) at src/main.js:5:1:
  3 | x
> 5 | console.log(1)

/tree/ui/src/App.vue
  12:3  error  Missing semicolon  semi
";
    let told = found(Reads::Eslint, log);
    assert_eq!(
        told,
        [
            one("src/main.js", Some(5), "Unexpected console statement", "no-console"),
            one("/tree/ui/src/App.vue", Some(12), "Missing semicolon", "semi"),
        ]
    );
}

#[test]
fn a_file_is_found_by_what_the_tool_calls_it() {
    let changed =
        ["api/src/a/F.java".to_owned(), "api/src/b/F.java".to_owned(), "x/G.java".to_owned()];
    let at = |file: &str, folder: Option<&str>| placed(file, "/tree", folder, &changed);
    assert_eq!(at("/tree/api/src/a/F.java", None), "api/src/a/F.java");
    assert_eq!(at("src/a/F.java", None), "api/src/a/F.java");
    assert_eq!(at("G.java", None), "x/G.java");
    assert_eq!(at("F.java", None), "F.java", "two files are called so");
    assert_eq!(at("src/main.js", Some("ui")), "ui/src/main.js");
    assert_eq!(at("./x/G.java", None), "x/G.java");
}

#[test]
fn any_output_is_bounded() {
    let many: String = (0..5000).map(|n| format!("[ERROR] F.java:{n}: odd [Rule]\n")).collect();
    assert_eq!(maven(&many, &catalogue()).found.len(), 500);
    let long = format!("lint...Failed\n{}", "x".repeat(1 << 20));
    assert_eq!(found(Reads::Hooks, &long).len(), 1);
}
