//! What a plug-in printed, held to the protocol: data where it is whole and well formed, else a
//! sentence that says what is wrong with it. Pure; decides nothing about what the data mean.

use serde_json::{Map, Value};

use crate::sys::Output;
use crate::text::clean_line;

use super::VERSION;

/// Values an answer may hold, counting every number, text, list and object.
const VALUES: usize = 50_000;
/// Characters of a foreign sentence that are shown.
const SENTENCE: usize = 300;
/// From here on not every whole number can be told from the next.
const TOO_LARGE: f64 = 18_446_744_073_709_551_616.0;

/// What a plug-in says of itself.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Description {
    /// What it looks at, in a phrase.
    pub title: String,
    /// JSON Schema of its arguments.
    pub arguments: Option<Value>,
    /// JSON Schema of what it brings back.
    pub found: Option<Value>,
}

/// The data of an answer, or what stands in their place, fit to stand after the program's name.
pub(super) fn found(output: &Output) -> Result<Value, String> {
    let mut answer = read(output)?;
    match (answer.remove("found"), answer.remove("unknown")) {
        (Some(Value::Object(found)), None) => present(found),
        (Some(other), None) => Err(format!("answered with {} as `found`", kind(&other))),
        (None, Some(Value::String(reason))) if !reason.trim().is_empty() => {
            Err(format!("could not tell: {}", sentence(&reason)))
        }
        (None, Some(_)) => Err("could not tell, and gave no reason".to_owned()),
        (Some(_), Some(_)) => Err("answered with both `found` and `unknown`".to_owned()),
        (None, None) => Err("answered with neither `found` nor `unknown`".to_owned()),
    }
}

/// Every observation says whether the thing is there.
fn present(mut found: Map<String, Value>) -> Result<Value, String> {
    match found.get("present") {
        None => {
            found.insert("present".to_owned(), Value::Bool(true));
        }
        Some(Value::Bool(_)) => {}
        Some(other) => return Err(format!("answered with {} as `present`", kind(other))),
    }
    Ok(Value::Object(found))
}

/// What a plug-in says of itself.
pub(super) fn description(output: &Output, name: &str) -> Result<Description, String> {
    let mut answer = read(output)?;
    match answer.get("name").and_then(Value::as_str) {
        Some(own) if own == name => {}
        Some(other) => return Err(format!("calls itself `{}`", sentence(other))),
        None => return Err("does not say its `name`".to_owned()),
    }
    let title = answer.get("title").and_then(Value::as_str).map(sentence).unwrap_or_default();
    let mut schema = |key: &str| match answer.remove(key) {
        None | Some(Value::Null) => Ok(None),
        Some(schema @ Value::Object(_)) => Ok(Some(schema)),
        Some(other) => Err(format!("describes `{key}` by {}, not by a JSON Schema", kind(&other))),
    };
    Ok(Description { title, arguments: schema("arguments")?, found: schema("found")? })
}

/// The object that was printed, of a version that is known. A plug-in that ends with a code other
/// than 0 may still have answered.
fn read(output: &Output) -> Result<Map<String, Value>, String> {
    let text = std::str::from_utf8(&output.out)
        .map_err(|_| ended(output, "answered with bytes that are not UTF-8"))?;
    if text.trim().is_empty() {
        return Err(ended(output, "ended and said nothing"));
    }
    let answer: Value = serde_json::from_str(text)
        .map_err(|error| ended(output, &format!("answered with what is not JSON: {error}")))?;
    let Value::Object(answer) = answer else {
        return Err(ended(output, &format!("answered with {}, not an object", kind(&answer))));
    };
    version(&answer)?;
    let mut left = VALUES;
    answer.values().try_for_each(|value| measure(value, &mut left))?;
    Ok(answer)
}

/// Where it ended badly, that says more than what it printed.
fn ended(output: &Output, otherwise: &str) -> String {
    let how = match output.code {
        Some(0) => return otherwise.to_owned(),
        Some(code) => format!("ended with {code}"),
        None => "was ended by a signal".to_owned(),
    };
    let said = String::from_utf8_lossy(&output.err);
    match said.lines().find(|line| !line.trim().is_empty()) {
        Some(line) => format!("{how} and said: {}", sentence(line)),
        None => format!("{how} and said nothing"),
    }
}

fn version(answer: &Map<String, Value>) -> Result<(), String> {
    let Some(version) = answer.get("onramp") else {
        return Err(format!(
            "answered without the version of the protocol, `\"onramp\": {VERSION}`"
        ));
    };
    match version.as_u64() {
        Some(VERSION) => Ok(()),
        Some(newer) if newer > VERSION => Err(format!(
            "answered in version {newer} of the protocol, and this onramp knows version {VERSION}: \
             update onramp, or take the plug-in's release for version {VERSION}"
        )),
        _ => Err(format!(
            "answered with `{}` as the version of the protocol, which is {VERSION}",
            sentence(&version.to_string())
        )),
    }
}

/// Refuses what could not be judged truthfully or would be judged for hours.
fn measure(value: &Value, left: &mut usize) -> Result<(), String> {
    *left =
        left.checked_sub(1).ok_or_else(|| format!("answered with more than {VALUES} values"))?;
    match value {
        Value::Number(number) if number.as_f64().is_some_and(|size| size.abs() >= TOO_LARGE) => {
            Err(format!("answered with {number}, a number too large to compare truthfully"))
        }
        Value::Array(items) => items.iter().try_for_each(|item| measure(item, left)),
        Value::Object(fields) => fields.values().try_for_each(|item| measure(item, left)),
        _ => Ok(()),
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// Foreign words, fit for one line of a screen.
fn sentence(text: &str) -> String {
    let text = clean_line(text);
    match text.char_indices().nth(SENTENCE) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
