//! The rows about a patch: secrets against gitleaks, and all patch checks against `git log -p`, over
//! the same 200 commits. Where both look for secrets, both must find the planted ones and no other.
//!
//! The history is made here, the same every time, unless `ONRAMP_BENCH_HISTORY` names a work tree:
//! then it is the last commits of that, and nothing is known to be planted.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::alternate::{alternate, alternate_looking};
use super::history::{self, History};
use super::{Figure, Row, found, onramp, runs};

pub(crate) const ROWS: &[Row] = &[
    Row {
        name: "onramp check secrets / gitleaks git, 200 commits",
        goal: Some(0.25),
        measure: secrets_against_gitleaks,
    },
    Row {
        name: "onramp check patch / git log -p, 200 commits",
        goal: Some(3.0),
        measure: patch_against_log,
    },
];

/// Commits looked at.
const COMMITS: usize = 200;
/// Findings are no failure of the benchmark: some are planted, and no commit is signed.
const FINE: [i32; 3] = [0, 1, 3];

/// A range of commits in a work tree.
struct Range {
    tree: PathBuf,
    base: String,
    head: String,
    /// Number of planted secrets, where it is known.
    secrets: Option<usize>,
}

impl Range {
    fn get(folder: &Path) -> Result<Self, String> {
        if let Some(tree) = std::env::var_os("ONRAMP_BENCH_HISTORY").map(PathBuf::from) {
            let revision = |words: &[&str]| history::git(&tree, words, b"");
            let list = revision(&["rev-list", "--first-parent", "--max-count=201", "HEAD"])?;
            let mut ids = list.lines().map(str::to_owned);
            let head = ids.next().ok_or("the work tree has no commit")?;
            let base = ids.next_back().ok_or("the work tree has one commit")?;
            return Ok(Self { tree, base, head, secrets: None });
        }
        let History { tree, base, head, secrets } = History::make(folder, COMMITS)?;
        Ok(Self { tree, base, head, secrets: Some(secrets) })
    }

    fn words(&self) -> String {
        format!("{}..{}", self.base, self.head)
    }

    /// `onramp check` of something over the range.
    fn check(&self, folder: &Path, what: &str) -> Command {
        let words = ["--offline", "--project", "cloudstack", "check", what, "--report", "json"];
        let mut command = self.world(folder, onramp(&words));
        command.args(["--base", &self.base, "--head", &self.head]);
        command
    }

    /// A command in the work tree, with nobody's settings.
    fn world(&self, folder: &Path, mut command: Command) -> Command {
        command.current_dir(&self.tree).env("HOME", folder);
        for name in ["XDG_CONFIG_HOME", "XDG_STATE_HOME", "GNUPGHOME"] {
            command.env_remove(name);
        }
        command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
        command
    }
}

fn secrets_against_gitleaks(folder: &Path) -> Result<Figure, String> {
    let gitleaks = found("gitleaks")?;
    let range = Range::get(folder)?;
    let ours = |_| range.check(folder, "secrets");
    let theirs = |_| {
        let mut command = range.world(folder, Command::new(&gitleaks));
        command.args(["git", "--no-banner", "--report-format", "json", "--report-path", "-"]);
        command.arg(format!("--log-opts=--no-merges {}", range.words())).arg(".");
        command
    };
    let look = |side, written: &[u8]| {
        let json: serde_json::Value =
            serde_json::from_slice(written).map_err(|error| format!("the report: {error}"))?;
        let count = if side == 0 {
            let findings = json["findings"].as_array().ok_or("onramp's report has no findings")?;
            findings.iter().filter(|finding| finding["outcome"] == "fail").count()
        } else {
            json.as_array().ok_or("gitleaks tells no list")?.len()
        };
        match range.secrets {
            Some(planted) if planted != count => {
                Err(format!("{planted} secrets are planted, and {count} were found"))
            }
            _ => Ok(()),
        }
    };
    Ok(alternate_looking([&ours, &theirs], runs(5), 1, &FINE, &look)?.into())
}

fn patch_against_log(folder: &Path) -> Result<Figure, String> {
    let range = Range::get(folder)?;
    let ours = |_| range.check(folder, "patch");
    let theirs = |_| {
        let mut command = range.world(folder, Command::new("git"));
        command.args(["log", "-p", &range.words()]);
        command
    };
    Ok(alternate([&ours, &theirs], runs(11), &FINE)?.into())
}
