//! How a project wants its pull requests: template, titles, rules of the lint, reminders. Data; what
//! it comes to is decided where requests are drafted.

use std::collections::BTreeMap;

use regex::Regex;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::finding::Severity;

/// How pull requests are asked for, as written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawRequest {
    /// Where the template lies, first found wins; empty for the forge's usual places.
    pub template: Option<Vec<String>>,
    /// Section titles where the tree has no template.
    pub sections: Option<Vec<String>>,
    /// How a bug fix chooses its base.
    pub fixes: Option<String>,
    /// Folder of the user interface, for which screenshots are asked.
    pub interface: Option<String>,
    /// What a title should be.
    pub title: Option<Titles>,
    /// How much each rule of the lint matters, by its name.
    pub rules: Option<BTreeMap<String, Severity>>,
    /// Checks of the patch whose patterns may not be in a request either, by the end of their ids.
    pub secrets: Option<Vec<String>>,
    /// What else some kinds of change need, by a name for each.
    pub reminders: Option<BTreeMap<String, Reminder>>,
    /// How assistance by tools is told.
    pub assistance: Option<Assistance>,
}

/// How pull requests are asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Request {
    /// Where the template lies, first found wins; empty for the forge's usual places.
    pub template: Vec<String>,
    /// Section titles where the tree has no template.
    pub sections: Vec<String>,
    /// How a bug fix chooses its base.
    pub fixes: Option<String>,
    /// Folder of the user interface, for which screenshots are asked.
    pub interface: Option<String>,
    /// What a title should be.
    pub title: Titles,
    /// How much each rule of the lint matters, by its name.
    pub rules: BTreeMap<String, Severity>,
    /// Checks of the patch whose patterns may not be in a request either, by the end of their ids.
    pub secrets: Vec<String>,
    /// What else some kinds of change need, by a name for each.
    pub reminders: BTreeMap<String, Reminder>,
    /// How assistance by tools is told.
    pub assistance: Option<Assistance>,
}

/// What a title should be.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Titles {
    /// Most characters.
    pub longest: Option<usize>,
    /// Words that say nothing by themselves, in lower case.
    pub vague: Option<Vec<String>>,
    /// Forms that the project gave up, by a name for each.
    pub refused: Option<BTreeMap<String, Form>>,
}

/// A form of title that is not wanted any more.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Form {
    /// A regular expression for it.
    pub pattern: String,
    /// What is wrong with it, as a fragment.
    pub say: String,
    /// What to do instead.
    pub instead: String,
}

/// Something that a kind of change needs beside the patch.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reminder {
    /// Kinds of change, such as `feature`.
    pub kinds: Vec<String>,
    /// A file whose change answers it.
    pub unless: Option<String>,
    /// What to do, as a request.
    pub say: String,
}

/// How assistance by tools is told.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Assistance {
    /// The word that stands before it, such as `Generated-by`.
    pub token: String,
    /// Who asks for it.
    pub source: String,
}

/// What is given, with nothing in the place of the rest.
///
/// # Errors
/// A pattern that is none.
pub(super) fn request(raw: Option<&RawRequest>) -> Result<Request, String> {
    let raw = raw.cloned().unwrap_or_default();
    let title = raw.title.unwrap_or_default();
    for (name, form) in title.refused.iter().flatten() {
        Regex::new(&form.pattern)
            .map_err(|error| format!("request.title.refused.{name}.pattern: {error}"))?;
    }
    Ok(Request {
        template: raw.template.unwrap_or_default(),
        sections: raw.sections.unwrap_or_default(),
        fixes: raw.fixes,
        interface: raw.interface,
        title,
        rules: raw.rules.unwrap_or_default(),
        secrets: raw.secrets.unwrap_or_default(),
        reminders: raw.reminders.unwrap_or_default(),
        assistance: raw.assistance,
    })
}
