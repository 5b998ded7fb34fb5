//! Probes that are programs of somebody's own: `onramp-probe-NAME`, asked in JSON on standard
//! input, answering in JSON on standard output. The protocol is described in `checks/README.md`.
//!
//! Runs nothing of a work tree that nobody trusted, hands over no secrets of the environment, and
//! believes no answer that is not whole: what cannot be believed is an unknown with its reason.

mod answer;
mod places;

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Serialize;
use serde_json::{Value, json};

use crate::observation::{Observation, Unknown};
use crate::pack::shape::Shape;
use crate::pack::vocabulary::ProbeShape;
use crate::sys::{Command, RunError, System};

pub use answer::Description;
pub use places::{FOLDER, Plugins};

/// Version of the protocol: raised when a field changes its meaning or goes.
pub const VERSION: u64 = 1;
/// An answer may be this long.
const ANSWER_LIMIT: usize = 1 << 20;
/// Longest a plug-in may take to describe itself.
const DESCRIBE_WITHIN: Duration = Duration::from_secs(2);

/// What a question is about, beside the arguments of the check.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct About {
    /// The work tree, as absolute path.
    pub tree: Option<String>,
    /// Whether tools may be started to confirm what files say.
    pub deep: bool,
    /// Whether the network is to be left alone.
    pub offline: bool,
}

/// Has a plug-in look.
///
/// # Errors
/// Why it could not, or why its answer is not believed.
pub fn observe(
    system: &dyn System,
    plugins: &Plugins,
    name: &str,
    arguments: &Value,
    limit: Duration,
) -> Observation {
    let program = installed(system, plugins, name)?;
    let About { tree, deep, offline } = &plugins.about;
    let request = json!({
        "onramp": VERSION,
        "do": "observe",
        "arguments": arguments,
        "tree": tree,
        "deadline": limit.as_secs_f64(),
        "deep": deep,
        "offline": offline,
    });
    let output = ask(system, plugins, &program, "observe", &request, limit)?;
    answer::found(&output).map_err(|what| Unknown(format!("{} {what}", shown(name))))
}

/// Has a plug-in tell what it takes and brings back.
///
/// # Errors
/// Why it could not, or why its answer is not believed.
pub fn describe(
    system: &dyn System,
    plugins: &Plugins,
    name: &str,
) -> Result<Description, Unknown> {
    let program = installed(system, plugins, name)?;
    let request = json!({ "onramp": VERSION, "do": "describe" });
    let output = ask(system, plugins, &program, "describe", &request, DESCRIBE_WITHIN)?;
    answer::description(&output, name).map_err(|what| Unknown(format!("{} {what}", shown(name))))
}

/// The shape of a plug-in that described itself, or of one that did not: free data.
#[must_use]
pub fn shape(description: Option<&Description>) -> ProbeShape {
    let schema =
        |of: fn(&Description) -> &Option<Value>| description.and_then(|all| of(all).as_ref());
    let (arguments, found) = (schema(|all| &all.arguments), schema(|all| &all.found));
    let mut found = found.map_or(Shape::Free, Shape::of);
    if let Shape::Fields(fields) = &mut found {
        fields.entry("present".to_owned()).or_insert(Shape::Leaf);
    }
    ProbeShape {
        required: arguments.map(super::required).unwrap_or_default(),
        arguments: arguments.map_or(Shape::Free, Shape::of),
        found,
    }
}

fn installed(system: &dyn System, plugins: &Plugins, name: &str) -> Result<PathBuf, Unknown> {
    let program = plugins.find(system, name).map_err(Unknown)?;
    program.ok_or_else(|| {
        let program = shown(name);
        Unknown(format!("there is no probe `{name}`, and no program {program} to stand for it"))
    })
}

/// How people know a plug-in: by the name of its program.
fn shown(name: &str) -> String {
    format!("{}{name}", places::PREFIX)
}

/// Puts one question. What it does stands in the request, and as the only argument as well, so
/// that a shell script can tell without reading JSON.
fn ask(
    system: &dyn System,
    plugins: &Plugins,
    program: &Path,
    verb: &str,
    request: &Value,
    limit: Duration,
) -> Result<crate::sys::Output, Unknown> {
    let command = Command::question(program)
        .args([verb])
        .fed(format!("{request}\n"))
        .within(limit)
        .answering_in(ANSWER_LIMIT)
        .with("PATH", plugins.path(system))
        .with("LANG", "C.UTF-8")
        .with("LC_ALL", "C.UTF-8");
    system.run(&command).map_err(|error| Unknown(silence(&error)))
}

/// Why there is no answer, and what to do where that is known.
fn silence(error: &RunError) -> String {
    let RunError::Start(program, cause) = error else { return error.to_string() };
    let shown = program.display();
    match cause.raw_os_error() {
        Some(NOT_ALLOWED) => format!("{shown} may not be run: `chmod +x {shown}` allows it"),
        Some(NO_SUCH_FILE) => {
            format!("{shown} could not start: it, or the program its first line names, is not here")
        }
        Some(NO_PROGRAM) => format!(
            "{shown} could not start: its first line names no program to run it with, such as \
             `#!/bin/sh`"
        ),
        _ => error.to_string(),
    }
}

/// The numbers of `ENOENT`, `ENOEXEC` and `EACCES`, the same on every Unix.
const NO_SUCH_FILE: i32 = 2;
const NO_PROGRAM: i32 = 8;
const NOT_ALLOWED: i32 = 13;
