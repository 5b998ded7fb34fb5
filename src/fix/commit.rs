//! How mended files come into the branch's commits: the exact words to type. Pure; onramp itself
//! never commits.

use crate::text::shell_word;

/// Paths that are still written out one by one.
const LISTED: usize = 8;

/// What the advice depends on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Branch {
    /// Commits since the base.
    pub commits: u64,
    /// The branch was pushed before.
    pub pushed: bool,
    /// Nothing but the mended files differs from the last commit.
    pub nothing_else: bool,
}

/// What to type, one command a line. `whole` are files in which nothing else was changed, `edited`
/// those that hold the user's own uncommitted changes as well.
#[must_use]
pub fn commands(branch: &Branch, whole: &[&str], edited: &[&str]) -> Vec<String> {
    let amend = branch.commits == 1;
    let how =
        if amend { "--amend --no-edit" } else { "--message \"Clean up what the checks found\"" };
    let mut commands = Vec::new();
    if !edited.is_empty() {
        // Only the user can tell their own lines from the mended ones.
        commands.push(format!("git add --patch -- {}", paths(edited)));
        if !whole.is_empty() {
            commands.push(format!("git add -- {}", paths(whole)));
        }
        commands.push(format!("git commit {how}"));
    } else if whole.len() > LISTED && branch.nothing_else {
        commands.push(format!("git commit {how} --all"));
    } else {
        commands.push(format!("git commit {how} -- {}", paths(whole)));
    }
    if branch.pushed {
        commands.push(if amend { "git push --force-with-lease" } else { "git push" }.to_owned());
    }
    commands
}

fn paths(files: &[&str]) -> String {
    let words: Vec<String> = files.iter().map(|file| shell_word(file)).collect();
    words.join(" ")
}
