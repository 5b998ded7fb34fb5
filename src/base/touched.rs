//! Sorts changed files by what they are for: tests, the build, documentation, or the product.
//! Looks at paths alone, in the layout Maven and the tools around it use.

/// What a file is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// Tests and what they need.
    Test,
    /// How the project is built and checked.
    Build,
    /// Text for people.
    Docs,
    /// Everything else.
    Product,
}

/// What the file is for.
#[must_use]
pub fn use_of(path: &str) -> Use {
    let lower = path.to_ascii_lowercase();
    let name = lower.rsplit('/').next().unwrap_or(&lower);
    if is_test(path) {
        Use::Test
    } else if is_build(&lower, name) {
        Use::Build
    } else if is_docs(&lower, name) {
        Use::Docs
    } else {
        Use::Product
    }
}

/// What all of the files are for, where that is one thing.
#[must_use]
pub fn only(files: &[String]) -> Option<Use> {
    let first = use_of(files.first()?);
    files.iter().all(|file| use_of(file) == first).then_some(first)
}

/// Whether the file is text for people, wherever it lies.
#[must_use]
pub fn is_prose(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    [".md", ".rst", ".adoc", ".txt"].iter().any(|end| lower.ends_with(end))
}

/// Whether the file is a test or part of one.
#[must_use]
pub fn is_test(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.split_once('.').map_or(name, |(stem, _)| stem);
    let folders = ["src/test/", "test/integration/", "tests/", "test/"];
    // Below src/main a folder of that name is a package of the product.
    let product = path.starts_with("src/main/") || path.contains("/src/main/");
    let inside = !product
        && folders
            .iter()
            .any(|folder| path.starts_with(folder) || path.contains(&format!("/{folder}")));
    let java = name.ends_with(".java")
        && ["Test", "Tests", "TestCase", "IT"].iter().any(|end| stem.ends_with(end));
    let script =
        [".spec.js", ".spec.ts", ".test.js", ".test.ts"].iter().any(|end| name.ends_with(end));
    let python = name.ends_with(".py") && (stem.starts_with("test_") || stem.ends_with("_test"));
    inside || java || script || python
}

fn is_build(path: &str, name: &str) -> bool {
    const NAMES: [&str; 13] = [
        "pom.xml",
        "dockerfile",
        "makefile",
        "jenkinsfile",
        "build.xml",
        "package-lock.json",
        ".asf.yaml",
        ".pre-commit-config.yaml",
        ".travis.yml",
        ".gitignore",
        ".gitattributes",
        ".java-version",
        ".python-version",
    ];
    let template = name.starts_with("pull_request_template");
    path.starts_with(".github/") && !template || path.starts_with(".mvn/") || NAMES.contains(&name)
}

fn is_docs(path: &str, name: &str) -> bool {
    let prose = [".md", ".rst", ".adoc"].iter().any(|end| name.ends_with(end));
    prose
        || path.starts_with("docs/")
        || matches!(name, "notice" | "license" | "pendingreleasenotes")
}
