//! A program on PATH and the version it states. One start, from a neutral folder with a cleaned
//! environment; never judges the version.

use std::path::Path;

use regex::Regex;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Kind, World};
use crate::host::stand_in::find_real_program;
use crate::observation::Unknown;
use crate::sys::{Command, System};
use crate::version;

/// Looks for one program.
pub struct Tool;

/// Which program, and how to ask it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Arguments {
    /// Its name on PATH.
    name: String,
    /// What makes it state its version; `--version` where not given.
    version_args: Option<Vec<String>>,
    /// A regular expression whose first group is the version; without it, the first word of the
    /// first line that reads as a version.
    pattern: Option<String>,
}

/// What was found.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Found {
    /// Whether it is on PATH and more than a stand-in.
    present: bool,
    /// The name asked for.
    name: String,
    /// Where it is.
    path: Option<String>,
    /// The version it states; none where its answer holds none.
    version: Option<String>,
    /// The first line of its answer.
    line: Option<String>,
}

impl Kind for Tool {
    type Arguments = Arguments;
    type Found = Found;
    const NAME: &'static str = "tool";

    fn observe(world: World<'_>, arguments: Arguments) -> Result<Found, Unknown> {
        let Arguments { name, version_args, pattern } = arguments;
        let Some(path) = find_real_program(world.system, &name) else {
            return Ok(Found { present: false, name, path: None, version: None, line: None });
        };
        let pattern = pattern.map(|pattern| compile(&pattern)).transpose()?;
        let asked = version_args.unwrap_or_else(|| vec!["--version".to_owned()]);
        let line = answer(world.system, &path, &asked)?;
        let version = match pattern {
            Some(pattern) => pattern.captures(&line).and_then(|found| found.get(1)),
            None => return Ok(found(name, &path, first_version(&line), line)),
        };
        let version = version.map(|part| part.as_str().to_owned());
        Ok(found(name, &path, version, line))
    }
}

fn found(name: String, path: &Path, version: Option<String>, line: String) -> Found {
    let path = Some(path.to_string_lossy().into_owned());
    Found { present: true, name, path, version, line: Some(line) }
}

fn compile(pattern: &str) -> Result<Regex, Unknown> {
    let built = regex::RegexBuilder::new(pattern).size_limit(1 << 20).build();
    built.map_err(|error| Unknown(format!("the check's pattern cannot be read: {error}")))
}

fn answer(system: &dyn System, path: &Path, arguments: &[String]) -> Result<String, Unknown> {
    let asked = format!("`{} {}`", path.display(), arguments.join(" "));
    let question = Command::question(path).args(arguments);
    let output = system.run(&question).map_err(|error| Unknown(error.to_string()))?;
    let said = if output.out.trim_ascii().is_empty() { &output.err } else { &output.out };
    let said = String::from_utf8_lossy(said);
    let line = said.lines().map(str::trim).find(|line| !line.is_empty());
    if !output.ok() {
        let end = output.code.map_or("a signal".to_owned(), |code| format!("code {code}"));
        let said = line.unwrap_or("no output");
        return Err(Unknown(format!("{asked} ended with {end}: {said}")));
    }
    line.map(str::to_owned).ok_or_else(|| Unknown(format!("{asked} printed nothing")))
}

/// The first word that reads as a version: `git version 2.39.5 (Apple Git-154)` holds 2.39.5.
fn first_version(line: &str) -> Option<String> {
    let words = line.split([' ', '\t', ',', '(', ')', '"']);
    let mut versions =
        words.filter(|word| word.starts_with(|c: char| c.is_ascii_digit() || c == 'v'));
    versions.find(|word| version::read(word).is_some()).map(str::to_owned)
}
