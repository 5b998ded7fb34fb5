//! Onramp's licence check against Apache RAT 0.12 itself, run by its plug-in for Maven over a
//! project with exclusions of its own, as CloudStack's CI runs it.

use std::collections::BTreeSet;

use serde_json::Value;

use super::made::Project;
use super::rat_files::made;

const CHECK: &str = "apache/patch/licence-header";

/// Patterns that RAT takes from here as well, and reads in its own way.
const IGNORED: &str = "# comment\ntarget/\n*.tmp\nlogs/*.tmp\nvenv\ndist/\n/build.number\n!keep\n";

#[test]
fn what_rat_does_not_approve_onramp_finds() {
    let header = "<!-- http://www.apache.org/licenses/LICENSE-2.0 -->\n";
    let project = Project::new(&[(".gitignore", IGNORED), ("old/stripped.xml", header)]);
    for (path, content) in made() {
        project.write(&path, &content);
    }
    project.write("old/stripped.xml", b"<a/>\n");
    // git leaves out what it ignores, and RAT has its own idea of that.
    project.world.git(&project.tree, &["add", "--all", "--force"]);
    let ours: BTreeSet<_> = project
        .onramp()
        .into_iter()
        .filter(|failure| failure.check.starts_with(CHECK))
        .map(|failure| {
            assert_eq!(failure.check, CHECK, "{}: {}", failure.file, failure.text);
            failure.file
        })
        .collect();
    let theirs = rat(&project);
    let missed: Vec<_> = theirs.difference(&ours).collect();
    let invented: Vec<_> = ours.difference(&theirs).collect();
    assert!(missed.is_empty(), "RAT alone minds {missed:#?}");
    assert!(invented.is_empty(), "onramp alone minds {invented:#?}");
    assert!(theirs.len() > 40 && theirs.len() + 40 < made().len(), "{} are minded", theirs.len());
}

#[test]
fn only_what_the_branch_adds_is_read() {
    let old: Vec<_> =
        (0..50).map(|number| (format!("old/{number}.py"), format!("{number}\n"))).collect();
    let base: Vec<_> = old.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let project = Project::new(&base);
    for number in 0..20 {
        project.write(&format!("new/{number}.py"), format!("new {number}\n").as_bytes());
    }
    project.world.commit(&project.tree, "Add twenty files");
    // What is not there cannot have been read.
    for (path, _) in base {
        let id = project.world.git(&project.tree, &["rev-parse", &format!("main:{path}")]);
        let object = project.tree.join(".git/objects").join(&id[..2]).join(&id[2..]);
        std::fs::remove_file(object).expect("a loose object");
    }
    let words = ["check", CHECK, "--base", "main", "--report", "json"];
    let output = project.world.onramp(&project.tree, &words);
    let report: Value = serde_json::from_slice(&output.out).expect("a report");
    let outcomes = report["findings"].as_array().expect("findings").iter();
    let outcomes: Vec<_> = outcomes.map(|finding| finding["outcome"].clone()).collect();
    assert_eq!(outcomes, vec!["fail"; 20]);
}

/// In a pack most headers are told by how a file begins.
#[test]
fn headers_are_the_same_loose_and_packed() {
    let project = Project::new(&[("README.md", "# A project\n")]);
    for (path, content) in made() {
        project.write(&path, &content);
    }
    let late = format!("{}# http://www.apache.org/licenses/LICENSE-2.0\n", "# more\n".repeat(500));
    for number in 0..100 {
        let text = if number % 2 == 0 { late.clone() } else { format!("{number}\n") };
        project.write(&format!("late/{number}.py"), text.as_bytes());
    }
    project.world.git(&project.tree, &["add", "--all", "--force"]);
    project.world.commit(&project.tree, "Add them all");
    let look = || {
        let words = ["check", CHECK, "--base", "main", "--report", "json"];
        let output = project.world.onramp(&project.tree, &words);
        let report: Value = serde_json::from_slice(&output.out).expect("a report");
        report["findings"].clone()
    };
    let loose = look();
    project.world.git(&project.tree, &["repack", "-q", "-a", "-d"]);
    assert_eq!(look(), loose);
    assert!(loose.as_array().expect("findings").len() > 90, "{loose}");
}

/// The files without a licence that RAT approves.
fn rat(project: &Project) -> BTreeSet<String> {
    let output = project.maven("org.apache.rat:apache-rat-plugin:0.12:check");
    let said = output.stdout();
    assert!(said.contains("Too many files with unapproved license"), "{said}");
    let report = project.tree.join("target/rat.txt");
    let report = std::fs::read_to_string(report).expect("RAT's report");
    let marked = report.lines().filter_map(|line| line.trim_start().strip_prefix('!'));
    marked
        .map(|line| line.trim_start_matches(|c: char| !c.is_whitespace()).trim().to_owned())
        .collect()
}
