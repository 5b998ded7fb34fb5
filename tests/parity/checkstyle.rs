//! Onramp's checks of Java against checkstyle 8.18 itself, run by its plug-in for Maven with the
//! rules of CloudStack's that they stand in for: the same files, lines and rules.

use std::collections::BTreeSet;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::checkstyle_files::made;
use super::made::Project;

/// A rule of checkstyle, the check that stands in for it, and words that tell it from others.
const PAIRS: [(&str, &str, &str); 8] = [
    ("AvoidStarImport", "cloudstack/patch/java-star-imports", "imports"),
    ("FileTabCharacter", "cloudstack/patch/java-lines", "holds a tab"),
    ("IllegalImport", "cloudstack/patch/java-illegal-imports", "imports"),
    ("LineLength", "cloudstack/patch/java-lines", "is longer"),
    ("PackageDeclaration", "cloudstack/patch/java-package", "package"),
    ("RedundantImport", "cloudstack/patch/java-unused-imports", "needs no import"),
    ("RegexpSingleline", "cloudstack/patch/trailing-blanks", "ends in blanks"),
    ("UnusedImports", "cloudstack/patch/java-unused-imports", "does not use it"),
];

type Violation = (String, u64, &'static str);

#[test]
fn what_checkstyle_minds_onramp_minds() {
    let project = Project::new(&[(".gitignore", "target/\n")]);
    for (path, text) in made() {
        project.write(&path, text.as_bytes());
    }
    let ours: BTreeSet<Violation> = project
        .onramp()
        .into_iter()
        .filter_map(|failure| {
            let fits =
                |pair: &&(_, &str, &str)| pair.1 == failure.check && failure.text.contains(pair.2);
            let (rule, ..) = PAIRS.iter().find(fits)?;
            Some((failure.file, failure.line.expect("a line"), *rule))
        })
        .collect();
    let all = checkstyle(&project);
    // An import that is not needed may be unused as well; onramp says the one thing.
    let twice = |(file, line, rule): &&Violation| {
        *rule == "UnusedImports" && all.contains(&(file.clone(), *line, "RedundantImport"))
    };
    let theirs: BTreeSet<_> = all.iter().filter(|violation| !twice(violation)).cloned().collect();
    let missed: Vec<_> = theirs.difference(&ours).collect();
    let invented: Vec<_> = ours.difference(&theirs).collect();
    assert!(missed.is_empty(), "checkstyle alone minds {missed:#?}");
    assert!(invented.is_empty(), "onramp alone minds {invented:#?}");
    for (rule, ..) in PAIRS {
        assert!(theirs.iter().any(|(_, _, minded)| *minded == rule), "no file breaks {rule}");
    }
}

/// What checkstyle reports: file, line and rule.
fn checkstyle(project: &Project) -> BTreeSet<Violation> {
    let goal = "org.apache.maven.plugins:maven-checkstyle-plugin:3.6.0:check";
    let output = project.maven(goal);
    assert_eq!(output.code, Some(0), "{}", output.stdout());
    let report = project.tree.join("target/checkstyle-result.xml");
    let report = std::fs::read_to_string(report).expect("checkstyle's report");
    let mut reader = Reader::from_str(&report);
    let (mut file, mut violations) = (String::new(), BTreeSet::new());
    loop {
        match reader.read_event().expect("XML") {
            Event::Start(start) | Event::Empty(start) if start.name().as_ref() == "file" => {
                let name = attribute(&start, "name");
                let path = std::path::Path::new(&name).strip_prefix(&project.tree);
                file = path.expect("a file of the tree").display().to_string();
            }
            Event::Start(error) | Event::Empty(error) if error.name().as_ref() == "error" => {
                let source = attribute(&error, "source");
                let rule =
                    PAIRS.iter().find(|(rule, ..)| source.ends_with(&format!(".{rule}Check")));
                let (rule, ..) = rule.unwrap_or_else(|| panic!("{source} in {file}: {report}"));
                let line = attribute(&error, "line").parse().expect("a line number");
                violations.insert((file.clone(), line, *rule));
            }
            Event::Eof => return violations,
            _ => {}
        }
    }
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> String {
    let found = tag.try_get_attribute(name).expect("attributes").expect(name);
    found.value.into_owned()
}
