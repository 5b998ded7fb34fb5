//! A file of waivers becomes waivers: strict, each mistake with its line. A day that has passed is
//! no mistake here.

use jiff::civil::Date;
use regex::bytes::Regex;
use serde::Deserialize;

use crate::maven::exclusions;
use crate::pack::model::Text;
use crate::pack::problem::Problem;
use crate::pack::yaml;

use super::{Files, Waiver};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    id: Text,
    reason: Text,
    until: Text,
    #[serde(default)]
    file: Option<Text>,
}

/// Reads a file of waivers; `file` is how people find it. One without an entry is fine.
///
/// # Errors
/// Every mistake.
pub fn read(file: &str, content: &str) -> Result<Vec<Waiver>, Vec<Problem>> {
    let raw: Option<Vec<Raw>> =
        yaml::read(content).map_err(|error| vec![Problem::yaml(file, &error)])?;
    let mut waivers = Vec::new();
    let mut problems = Vec::new();
    for raw in raw.unwrap_or_default() {
        match waiver(file, &raw) {
            Ok(waiver) => waivers.push(waiver),
            Err((text, what)) => {
                problems.push(Problem::within(file, content, text.referenced, &text.value, &what))
            }
        }
    }
    if problems.is_empty() { Ok(waivers) } else { Err(problems) }
}

fn waiver<'a>(file: &str, raw: &'a Raw) -> Result<Waiver, (&'a Text, String)> {
    let filled = |text: &'a Text, what: &str| match text.value.trim() {
        "" => Err((text, what.to_owned())),
        words => Ok(words.to_owned()),
    };
    Ok(Waiver {
        check: filled(&raw.id, "`id` names no check")?,
        reason: filled(&raw.reason, "`reason` is empty: say why the finding does not count")?,
        until: day(&raw.until.value).map_err(|what| (&raw.until, what))?,
        files: raw.file.as_ref().map(files).transpose()?,
        file: file.to_owned(),
        line: raw.id.referenced.line(),
    })
}

fn day(text: &str) -> Result<Date, String> {
    let form = || format!("`{text}` is no day: write it as 2027-01-31");
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let parts: Vec<&str> = text.split('-').collect();
    match parts.as_slice() {
        [year, month, day] if [year.len(), month.len(), day.len()] == [4, 2, 2] => {
            if ![year, month, day].into_iter().all(|part| digits(part)) {
                return Err(form());
            }
            text.parse().map_err(|_| format!("{text} is in no calendar"))
        }
        _ => Err(form()),
    }
}

fn files(text: &Text) -> Result<Files, (&Text, String)> {
    let regex = exclusions::pattern(&text.value).and_then(|pattern| Regex::new(&pattern).ok());
    let paths = regex.ok_or_else(|| (text, "`file` names no file".to_owned()))?;
    Ok(Files { pattern: text.value.clone(), paths })
}
