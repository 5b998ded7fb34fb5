//! GitHub's own program `gh` as a way to make the request: its arguments, and what its answers
//! mean. Pure; starts nothing.

use super::compare::Route;
use crate::text::clean_line;

/// The file with the text, as `gh` is told of it.
#[must_use]
pub fn arguments(route: &Route<'_>, title: &str, file: &str) -> Vec<String> {
    let Route { project, fork, base, branch } = route;
    let head = if fork == project {
        (*branch).to_owned()
    } else {
        // The owner is enough: a project has one fork of each.
        format!("{}:{branch}", fork.owner)
    };
    // With the host, so that no setting of gh's leads the request elsewhere.
    let repository = format!("github.com/{}", project.slug());
    [
        ("--repo", repository.as_str()),
        ("--base", *base),
        ("--head", &head),
        ("--title", title),
        ("--body-file", file),
    ]
    .into_iter()
    .fold(vec!["pr".to_owned(), "create".to_owned()], |mut all, (name, value)| {
        // In one word, so that no value is taken for an option.
        all.push(format!("{name}={value}"));
        all
    })
}

/// The address of the request in what `gh` printed on standard output.
#[must_use]
pub fn made(route: &Route<'_>, out: &str) -> Option<String> {
    let start = format!("https://github.com/{}/pull/", route.project.slug());
    let is_request = |word: &&str| {
        word.get(..start.len()).is_some_and(|begun| begun.eq_ignore_ascii_case(&start))
            && word.len() > start.len()
            && word[start.len()..].chars().all(|c| c.is_ascii_digit())
    };
    out.split_whitespace().rfind(is_request).map(ToOwned::to_owned)
}

/// Why `gh` made no request, and what helps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What it comes to, a clause.
    pub what: String,
    /// What to do.
    pub remedy: String,
}

/// What `gh` says, in any case, what that means, and what helps. The first that fits counts.
/// From github.com/cli/cli and what GitHub answers it, seen 2026-11-23.
const KNOWN: [(&[&str], &str, &str); 7] = [
    (
        &["gh auth login", "bad credentials", "authentication required", "http 401"],
        "gh is not signed in to GitHub",
        "`gh auth login` signs in; then run this again",
    ),
    (
        &["already exists"],
        "there is a request for this branch already",
        "a push to the branch brings it up to date; nothing has to be sent again",
    ),
    (
        &["no commits between"],
        "the branch on your fork has nothing that the base lacks",
        "`git push` your commits, then run this again with --check-push",
    ),
    (
        &["head sha can't be blank", "head ref must be a branch", "head repository"],
        "GitHub does not find the branch on your fork",
        "`git push -u origin HEAD`, then run this again with --check-push",
    ),
    (
        &["base ref must be a branch", "base sha can't be blank"],
        "the project has no such base branch",
        "name one that it has with --base",
    ),
    (
        &[
            "could not resolve to a repository",
            "not accessible",
            "must be a collaborator",
            "http 403",
        ],
        "GitHub does not let this account make a request there",
        "`gh auth status` shows the account and its rights; `gh auth refresh` renews them",
    ),
    (
        &["error connecting", "no such host", "connection refused", "timeout", "dial tcp"],
        "GitHub could not be reached",
        "`onramp check machine` looks at the network; then run this again",
    ),
];

/// Explains what `gh` printed on standard error.
#[must_use]
pub fn refusal(said: &str) -> Refusal {
    let lower = said.to_lowercase();
    let lines = || said.lines().map(str::trim).filter(|line| !line.is_empty());
    let fits = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    let Some((words, what, remedy)) = KNOWN.iter().find(|(words, ..)| fits(words)) else {
        let last = lines().next_back().map(clean_line);
        return Refusal {
            what: format!("gh gave up: {}", last.as_deref().unwrap_or("it said nothing")),
            remedy: "`--open` opens the same request in the browser".to_owned(),
        };
    };
    let tells = |line: &&str| words.iter().any(|word| line.to_lowercase().contains(word));
    let line = lines().find(tells).map(clean_line).unwrap_or_default();
    Refusal { what: format!("{what} (gh says: {line})"), remedy: (*remedy).to_owned() }
}
