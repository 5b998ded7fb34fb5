//! What a run is set to, and who said so: a flag, else a variable, else the user's file, else what
//! is built in. Reads that file strictly; decides nothing by itself.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_saphyr::Spanned;

use crate::finding::Severity;
use crate::pack::problem::Problem;
use crate::pack::suggest::near;
use crate::sys::{self, System};

use super::args::Global;
use super::trouble::Trouble;

/// A file of settings may be this long.
const LIMIT: u64 = 64 << 10;

/// Who said so, the strongest first.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// A flag.
    Flag(&'static str),
    /// A variable.
    Variable(&'static str),
    /// A line of the user's file.
    File(PathBuf, u64),
    /// Nobody.
    #[default]
    BuiltIn,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(name) | Self::Variable(name) => f.write_str(name),
            Self::File(path, line) => write!(f, "{}:{line}", path.display()),
            Self::BuiltIn => f.write_str("built in"),
        }
    }
}

/// A value and who said so.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Set<T> {
    /// The value.
    pub value: T,
    /// Who said so.
    pub origin: Origin,
}

/// A value that somebody named, or none.
pub type Named<T> = Option<Set<T>>;

/// What variables and the user's file say, flags that every command takes laid over it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings {
    /// The project.
    pub project: Named<String>,
    /// The policy.
    pub policy: Named<String>,
    /// The lowest severity that fails a run.
    pub fail_on: Named<Severity>,
    /// Whether warnings and advice fail a run too.
    pub strict: Named<bool>,
    /// Whether the network is left alone.
    pub offline: Named<bool>,
    /// The file of waivers.
    pub waivers: Named<PathBuf>,
    /// Folders with more checks, besides those that flags name.
    pub checks: Vec<Set<PathBuf>>,
    /// The user's file, whether it is there or not; none without a home.
    pub file: Option<PathBuf>,
}

/// The user's file, as written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Raw {
    project: Option<Spanned<String>>,
    policy: Option<Spanned<String>>,
    fail_on: Option<Spanned<Severity>>,
    strict: Option<Spanned<bool>>,
    offline: Option<Spanned<bool>>,
    waivers: Option<Spanned<String>>,
    checks: Vec<Spanned<String>>,
}

/// The variables that are read.
pub const VARIABLES: [&str; 6] = [PROJECT, POLICY, FAIL_ON, STRICT, OFFLINE, WAIVERS];
const PROJECT: &str = "ONRAMP_PROJECT";
const POLICY: &str = "ONRAMP_POLICY";
const FAIL_ON: &str = "ONRAMP_FAIL_ON";
const STRICT: &str = "ONRAMP_STRICT";
const OFFLINE: &str = "ONRAMP_OFFLINE";
const WAIVERS: &str = "ONRAMP_WAIVERS";

/// Where the user keeps what onramp is set to: an absolute `XDG_CONFIG_HOME`, else `~/.config`.
#[must_use]
pub fn folder(system: &dyn System) -> Option<PathBuf> {
    let absolute = |path: PathBuf| path.is_absolute().then_some(path);
    let config = system.env("XDG_CONFIG_HOME").map(PathBuf::from).and_then(absolute);
    let config = config.or_else(|| Some(system.home()?.join(".config")))?;
    Some(config.join("onramp"))
}

/// Reads flags, variables and the user's file, and fills what they come to into `global`.
///
/// # Errors
/// A file or variable with a mistake.
pub fn settle(system: &dyn System, global: &mut Global) -> Result<(), Trouble> {
    let mut settings = from_file(system)?;
    variables(system, &mut settings)?;
    flag(&mut settings.project, "--project", global.project.clone());
    flag(&mut settings.policy, "--policy", global.policy.clone());
    flag(&mut settings.offline, "--offline", global.offline_flag);
    global.project = settings.project.as_ref().map(|set| set.value.clone());
    global.policy = settings.policy.as_ref().map(|set| set.value.clone());
    global.offline = settings.offline.as_ref().is_some_and(|set| set.value);
    let own = settings.checks.iter().map(|set| set.value.clone());
    global.checks = own.chain(std::mem::take(&mut global.checks)).collect();
    global.settings = settings;
    Ok(())
}

/// Lays what a flag says over what was said before.
pub fn flag<T>(setting: &mut Named<T>, name: &'static str, value: Option<T>) {
    let set = value.map(|value| Set { value, origin: Origin::Flag(name) });
    *setting = set.or_else(|| setting.take());
}

/// What was typed that a command to go on with has to repeat: where, and for which project.
#[must_use]
pub fn typed(global: &Global) -> Vec<String> {
    let typed = |origin: &Origin| matches!(origin, Origin::Flag(_));
    let folder = global.start.iter().map(|folder| ("-C", folder.display().to_string()));
    let project = global.settings.project.iter().filter(|set| typed(&set.origin));
    let project = project.map(|set| ("--project", set.value.clone()));
    folder.chain(project).flat_map(|(name, value)| [name.to_owned(), value]).collect()
}

impl Settings {
    /// The lowest severity that fails a run: `strict` counts everything, unless a stronger voice
    /// names a severity.
    #[must_use]
    pub fn threshold(&self) -> Set<Severity> {
        match (&self.strict, &self.fail_on) {
            (Some(Set { value: true, origin }), fail_on)
                if fail_on.as_ref().is_none_or(|other| origin.rank() <= other.origin.rank()) =>
            {
                Set { value: Severity::Advice, origin: origin.clone() }
            }
            (_, Some(fail_on)) => fail_on.clone(),
            (_, None) => Set { value: Severity::Error, origin: Origin::BuiltIn },
        }
    }
}

impl Origin {
    fn rank(&self) -> usize {
        match self {
            Self::Flag(_) => 0,
            Self::Variable(_) => 1,
            Self::File(..) => 2,
            Self::BuiltIn => 3,
        }
    }
}

fn from_file(system: &dyn System) -> Result<Settings, Trouble> {
    let Some(folder) = folder(system) else { return Ok(Settings::default()) };
    let file = folder.join("config.yaml");
    let content = match system.read(&file, LIMIT) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Ok(Settings { file: Some(file), ..Settings::default() });
        }
        Err(error) => return Err(unusable(format!("{}: {error}", file.display()))),
    };
    let shown = file.display().to_string();
    let text =
        String::from_utf8(content).map_err(|_| unusable(format!("{shown}: not UTF-8 text")))?;
    let raw: Option<Raw> = serde_saphyr::from_str(&text).map_err(|error| {
        unusable(format!("the settings have a mistake\n\n{}", Problem::yaml(&shown, &error)))
    })?;
    Ok(placed(raw.unwrap_or_default(), system, &folder, file))
}

fn unusable(what: String) -> Trouble {
    Trouble::usage(what).remedy("put the file right; `onramp config` then shows what it comes to")
}

fn placed(raw: Raw, system: &dyn System, folder: &Path, file: PathBuf) -> Settings {
    fn at<T, U>(file: &Path, value: Spanned<T>, turn: impl FnOnce(T) -> U) -> Set<U> {
        let origin = Origin::File(file.to_owned(), value.referenced.line());
        Set { value: turn(value.value), origin }
    }
    let path = |text: String| {
        let path = sys::opened_out(system, &text);
        folder.join(path.unwrap_or_else(|| PathBuf::from(text)))
    };
    Settings {
        project: raw.project.map(|value| at(&file, value, |text| text)),
        policy: raw.policy.map(|value| at(&file, value, |text| text)),
        fail_on: raw.fail_on.map(|value| at(&file, value, |severity| severity)),
        strict: raw.strict.map(|value| at(&file, value, |yes| yes)),
        offline: raw.offline.map(|value| at(&file, value, |yes| yes)),
        waivers: raw.waivers.map(|value| at(&file, value, path)),
        checks: raw.checks.into_iter().map(|value| at(&file, value, path)).collect(),
        file: Some(file),
    }
}

fn variables(system: &dyn System, settings: &mut Settings) -> Result<(), Trouble> {
    let here = || system.current_dir().unwrap_or_default();
    variable(system, PROJECT, &mut settings.project, |text| Ok(text.to_owned()))?;
    variable(system, POLICY, &mut settings.policy, |text| Ok(text.to_owned()))?;
    variable(system, FAIL_ON, &mut settings.fail_on, severity)?;
    variable(system, STRICT, &mut settings.strict, yes_or_no)?;
    variable(system, OFFLINE, &mut settings.offline, yes_or_no)?;
    variable(system, WAIVERS, &mut settings.waivers, |text| Ok(here().join(text)))
}

fn variable<T>(
    system: &dyn System,
    name: &'static str,
    setting: &mut Named<T>,
    read: impl FnOnce(&str) -> Result<T, &'static str>,
) -> Result<(), Trouble> {
    let Some(text) = system.env(name) else { return Ok(()) };
    let wrong = |what: &str| {
        let what = format!("{name} is `{}`, which is {what}", text.to_string_lossy());
        Trouble::usage(what).remedy(format!("correct it, or take it away with `unset {name}`"))
    };
    let value = text.to_str().ok_or_else(|| wrong("not UTF-8 text"))?;
    let value = read(value).map_err(wrong)?;
    *setting = Some(Set { value, origin: Origin::Variable(name) });
    Ok(())
}

fn severity(text: &str) -> Result<Severity, &'static str> {
    match text {
        "error" => Ok(Severity::Error),
        "warn" => Ok(Severity::Warn),
        "advice" => Ok(Severity::Advice),
        _ => Err("none of error, warn and advice"),
    }
}

fn yes_or_no(text: &str) -> Result<bool, &'static str> {
    match text {
        "true" | "yes" | "on" | "1" => Ok(true),
        "false" | "no" | "off" | "0" => Ok(false),
        _ => Err("neither true nor false"),
    }
}

/// Variables that look like one of onramp's and are none, with what was probably meant.
#[must_use]
pub fn mistyped(system: &dyn System) -> Vec<(String, &'static str)> {
    let names = system.env_names().into_iter().filter_map(|name| name.into_string().ok());
    let ours = names.filter(|name| name.starts_with("ONRAMP_"));
    let foreign = ours.filter(|name| !VARIABLES.contains(&name.as_str()));
    foreign
        .filter_map(|name| near(&name, VARIABLES.into_iter()).map(|near| (name.clone(), near)))
        .collect()
}
