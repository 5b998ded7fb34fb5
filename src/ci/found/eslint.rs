//! What eslint prints, in the form that Vue's command line chooses and in its own.

use std::sync::LazyLock;

use regex::Regex;

use super::{Found, constant};

static FRAMED: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"^(?:error|warning):? (?:in )?(?<text>.+?)(?: \((?<rule>[\w/@-]+)\))? at (?<file>\S+):(?<line>\d+):\d+:?$",
    )
});
static BELOW: LazyLock<Regex> = LazyLock::new(|| {
    constant(r"^(?<line>\d+):\d+\s+(?:error|warning)\s+(?<text>.+?)(?:\s{2,}(?<rule>\S+))?$")
});
static FILE: LazyLock<Regex> = LazyLock::new(|| constant(r"^(?<file>/?\S+\.\w+)$"));

/// What the linter found.
pub(super) fn found(log: &str) -> Vec<Found> {
    let mut file: Option<String> = None;
    let mut all = Vec::new();
    for line in log.lines().map(str::trim) {
        let one = FRAMED.captures(line).map(|at| (Some(at["file"].to_owned()), at));
        let one = one.or_else(|| BELOW.captures(line).map(|at| (file.clone(), at)));
        match one {
            Some((file, at)) => all.push(Found {
                file,
                line: at["line"].parse().ok(),
                text: at["text"].to_owned(),
                rule: at.name("rule").map(|rule| rule.as_str().to_owned()),
            }),
            None => {
                if let Some(named) = FILE.captures(line) {
                    file = Some(named["file"].to_owned());
                }
            }
        }
    }
    all
}
