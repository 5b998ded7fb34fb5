//! The warnings of a build, each text once: Maven says the same one hundreds of times, and it drowns
//! the others. Pure and bounded.

use std::collections::HashMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Texts told apart.
const MOST_TEXTS: usize = 500;
/// Characters of a line that frames others.
const FRAME: usize = 10;
/// Lines within a frame; more have none.
const MOST_FRAMED: usize = 12;
/// Characters kept of one.
const LONGEST: usize = 400;

/// One text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Warning {
    /// What it says, without the place.
    pub text: String,
    /// The place in the sources that it was first said of, as seen from the work tree.
    pub place: Option<String>,
    /// How often.
    pub count: u64,
    /// Artifact id of the module in which it was first said, where one ran alone.
    pub module: Option<String>,
    /// Line of the log where it first stands, from 1.
    pub line: u64,
}

/// All of a build.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Warnings {
    /// Lines of warnings.
    pub lines: u64,
    /// Their texts, in the order in which they were first said.
    pub different: Vec<Warning>,
    /// Lines whose texts were too many to keep.
    pub beyond: u64,
}

/// Adds them up.
#[derive(Debug, Clone, Default)]
pub struct Reader {
    /// What has been added up.
    pub warnings: Warnings,
    places: HashMap<String, usize>,
    root: String,
    /// Lines within a frame of asterisks, which are one warning.
    framed: Option<Vec<String>>,
}

impl Reader {
    /// A reader of a build in this folder.
    #[must_use]
    pub fn new(root: &str) -> Self {
        Self { root: format!("{}/", root.trim_end_matches('/')), ..Self::default() }
    }

    /// Takes in a line without its mark. Whether the text is new.
    pub fn take(&mut self, text: &str, line: u64, module: Option<&str>) -> bool {
        let text = text.trim();
        if !text.chars().any(char::is_alphanumeric) {
            return text.len() >= FRAME && self.frame(line, module);
        }
        if let Some(lines) = &mut self.framed {
            lines.push(text.trim_matches(['*', ' ']).to_owned());
            return lines.len() > MOST_FRAMED && self.frame(line, module);
        }
        self.add(text, line, module)
    }

    /// A frame begins, or ends and with it a warning of several lines.
    fn frame(&mut self, line: u64, module: Option<&str>) -> bool {
        match self.framed.take() {
            Some(lines) if !lines.is_empty() => {
                let first = line.saturating_sub(lines.len() as u64);
                self.add(&lines.join(" "), first, module)
            }
            _ => {
                self.framed = Some(Vec::new());
                false
            }
        }
    }

    fn add(&mut self, text: &str, line: u64, module: Option<&str>) -> bool {
        self.warnings.lines += 1;
        let text = self.inside(text);
        let (place, text) = parted(&text);
        // javac names the file once more in what it says of it.
        let named = place.and_then(|place| text.strip_prefix(place));
        let text = named.map_or_else(|| text.to_owned(), |rest| format!("this file{rest}"));
        if let Some(known) = self.places.get(&text) {
            self.warnings.different[*known].count += 1;
            return false;
        }
        if self.places.len() >= MOST_TEXTS {
            self.warnings.beyond += 1;
            return false;
        }
        self.places.insert(text.clone(), self.warnings.different.len());
        let (module, place) = (module.map(str::to_owned), place.map(str::to_owned));
        self.warnings.different.push(Warning { text, place, count: 1, module, line });
        true
    }

    fn inside(&self, text: &str) -> String {
        let text = if text.contains(&self.root) && self.root.len() > 1 {
            text.replace(&self.root, "")
        } else {
            text.to_owned()
        };
        match text.char_indices().nth(LONGEST) {
            Some((end, _)) => format!("{} ...", &text[..end]),
            None => text,
        }
    }
}

/// `a/A.java:[3,4]` and `text` of `a/A.java:[3,4] text`, and of `a/A.java: text`.
fn parted(text: &str) -> (Option<&str>, &str) {
    let (file, rest) = text.split_once(':').unwrap_or((text, ""));
    let path = file.contains('/') && !file.contains(' ');
    let ending = file.rsplit('/').next().and_then(|name| name.rsplit_once('.')).map(|(_, e)| e);
    let source =
        ending.is_some_and(|e| (1..=10).contains(&e.len()) && e.chars().all(char::is_alphanumeric));
    if !path || !source {
        return (None, text);
    }
    let in_line = rest.starts_with('[') || rest.starts_with(|c: char| c.is_ascii_digit());
    let end = if in_line { rest.find(' ').unwrap_or(rest.len()) } else { 0 };
    let said = rest[end..].trim();
    if said.is_empty() {
        return (None, text);
    }
    let place = if in_line { &text[..file.len() + 1 + end] } else { file };
    (Some(place.trim_end_matches(':')), said)
}
