//! The rule for guides: a path of this repository that README or a comment names is there. Pure.

use std::sync::LazyLock;

use regex::Regex;

static QUOTED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"`((?:src|tests|checks|examples|\.ci|\.github)/[\w./-]*)`")
        .expect("a fixed pattern")
});

/// Paths in backticks in `text` that are none of `files`, nor a folder of theirs.
pub(crate) fn complaints(path: &str, text: &str, files: &[String]) -> Vec<String> {
    let named = QUOTED.captures_iter(text).filter_map(|found| found.get(1));
    let lost = named.filter(|named| !exists(named.as_str(), files));
    lost.map(|named| {
        let line = text[..named.start()].matches('\n').count() + 1;
        format!(
            "{path}:{line}: names `{}`, and there is no such file: name where it is now",
            named.as_str()
        )
    })
    .collect()
}

fn exists(named: &str, files: &[String]) -> bool {
    let named = named.trim_end_matches('/');
    files.iter().any(|file| {
        file.strip_prefix(named).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    })
}
