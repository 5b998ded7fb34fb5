//! Looks at the title of a request: whether it is there, fits, says something, and is in no form
//! that the project gave up.

use regex::Regex;

use super::rule::Rule;
use super::{Fault, Subject};
use crate::text::clean_line;

const EXAMPLE: &str =
    "say what changes and where, such as \"kvm: keep the size of a resized volume\"";

pub(super) fn look(subject: &Subject<'_>, found: &mut Vec<Fault>) {
    let Some(title) = subject.title.map(str::trim) else { return };
    let mut fault = |rule, what: String, remedy: &str| {
        found.push(Fault::new(rule, None, what, remedy));
    };
    if title.is_empty() {
        return fault(
            Rule::TitleMissing,
            "there is no title".to_owned(),
            "give it one: --title TEXT",
        );
    }
    let shown = clean_line(title);
    let length = title.chars().count();
    if let Some(longest) = subject.titles.longest.filter(|longest| length > *longest) {
        let what = format!("the title has {length} characters; lists show about {longest}");
        fault(Rule::TitleLong, what, "move what does not fit into the description");
    }
    if vague(title, subject) {
        fault(Rule::TitleVague, format!("\"{shown}\" does not say what changes"), EXAMPLE);
    }
    for form in subject.titles.refused.iter().flat_map(|forms| forms.values()) {
        // A pattern that is none was refused when the project was read.
        if Regex::new(&form.pattern).is_ok_and(|pattern| pattern.is_match(title)) {
            fault(Rule::TitleForm, form.say.clone(), &form.instead);
        }
    }
}

/// A title of nothing but words that fit every change, or `Update FILE`, which GitHub writes when
/// nobody does.
fn vague(title: &str, subject: &Subject<'_>) -> bool {
    let words: Vec<String> = title
        .split(|c: char| !c.is_alphanumeric() && !matches!(c, '.' | '/' | '_' | '-'))
        .map(|word| word.trim_matches(['.', '/', '_', '-']).to_lowercase())
        .filter(|word| !word.is_empty())
        .collect();
    let usual = |word: &String| {
        subject.titles.vague.iter().flatten().any(|vague| vague == word)
            || word.chars().all(|c| c.is_ascii_digit())
    };
    let updates = words.len() == 2 && matches!(words[0].as_str(), "update" | "create");
    words.iter().all(usual) || updates && words[1].contains('.')
}
