//! The rules for checks as data: each has its cases, and its texts read alike. Pure.

use serde_json::Value;

/// Texts that tell what was seen: fragments.
const FRAGMENTS: [&str; 5] = ["title", "say", "ok", "missing", "empty"];
/// Texts that explain: whole sentences.
const SENTENCES: [&str; 2] = ["why", "upstream"];
/// Lists whose items tell a reason in `say`.
const REASONS: [&str; 2] = ["when", "unsure"];
/// Ways round a rule; no remedy is one.
const BYPASSES: [&str; 6] = [
    "--no-verify",
    "--no-gpg-sign",
    "disablecheckstyle",
    "rat.skip",
    "checkstyle.skip",
    "http.sslVerify",
];

/// Whether a path below `checks` or `tests/checks` is that of a check, `pack/stage/name.yaml`.
pub(crate) fn is_check(path: &str) -> bool {
    path.ends_with(".yaml") && path.split('/').count() == 3
}

/// Checks without cases and cases without a check, from paths below the two folders.
pub(crate) fn pairs(checks: &[String], cases: &[String]) -> Vec<String> {
    let lonely = checks.iter().filter(|check| !cases.contains(check)).map(|check| {
        format!("checks/{check}:1: nothing shows that it works: write tests/checks/{check}")
    });
    let orphaned = cases.iter().filter(|case| !checks.contains(case)).map(|case| {
        format!(
            "tests/checks/{case}:1: there is no check of that name: move it to the path of the \
             check it shows, or remove it"
        )
    });
    lonely.chain(orphaned).collect()
}

/// What is wrong with the texts of one check.
pub(crate) fn complaints(path: &str, text: &str) -> Vec<String> {
    let check: Value = match serde_saphyr::from_str(text) {
        Ok(check) => check,
        Err(error) => return vec![format!("{path}:1: this is no YAML: {error}")],
    };
    let mut complaints = Vec::new();
    for (key, words) in texts(&check) {
        for what in wrong(key, words) {
            complaints.push(format!("{path}:{}: `{key}` {what}", line_of(text, key)));
        }
    }
    complaints
}

/// Every text of a check for people, by the top key it stands under.
fn texts(check: &Value) -> Vec<(&str, &str)> {
    let Some(check) = check.as_object() else { return Vec::new() };
    let mut texts = Vec::new();
    for (key, value) in check {
        if let Some(words) = value.as_str() {
            texts.push((&**key, words));
        } else if REASONS.contains(&&**key) {
            let items = value.as_array().into_iter().flatten();
            texts.extend(items.filter_map(|item| Some((&**key, item.get("say")?.as_str()?))));
        } else if key == "fix" {
            let remedies = value.as_object().into_iter().flatten();
            texts.extend(remedies.filter_map(|(_, words)| Some((&**key, words.as_str()?))));
        }
    }
    texts
}

fn wrong(key: &str, words: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    if words.chars().any(|c| c.is_control() && c != '\n') {
        wrong.push("holds a control character: write what it stands for".to_owned());
    }
    let words = words.trim_end();
    if (FRAGMENTS.contains(&key) || REASONS.contains(&key)) && words.ends_with('.') {
        wrong.push("ends in a full stop: it is a phrase, so leave the stop out".to_owned());
    }
    if key == "title" && words.contains('\n') {
        wrong.push("has several lines: say it in one".to_owned());
    }
    if SENTENCES.contains(&key) && !words.ends_with('.') {
        wrong.push("does not end in a full stop: it is a sentence, so end it".to_owned());
    }
    if key == "fix" {
        wrong.extend(BYPASSES.iter().filter(|bypass| words.contains(**bypass)).map(|bypass| {
            format!("goes round a rule with `{bypass}`: say how to satisfy it instead")
        }));
    }
    wrong
}

fn line_of(text: &str, key: &str) -> usize {
    let key = format!("{key}:");
    text.lines().position(|line| line.starts_with(&key)).map_or(1, |line| line + 1)
}
