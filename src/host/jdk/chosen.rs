//! The JDK that Maven will start, decided as the `mvn` launcher decides: its start-up files, then
//! JAVA_HOME, then `java` on PATH. Reads; runs neither the launcher nor its files.

use std::path::{Path, PathBuf};

use super::home;
use super::installed;
use super::path::{Leads, OnPath};
use super::rc::{self, Effect};
use super::shims::{Lead, Manager, shown};
use crate::sys::{Kind, System};

/// What the launcher of this machine does before it looks for Java.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Launcher {
    /// Start-up files it reads, in this order.
    pub start_up_files: Vec<StartUpFile>,
    /// The JAVA_HOME it sets where none is set, as Homebrew's does, and who does so.
    pub fallback: Option<(PathBuf, String)>,
    /// The version manager whose shim it is: some set JAVA_HOME for what they start.
    pub manager: Option<Manager>,
}

/// A shell script the launcher reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StartUpFile {
    /// Where.
    pub path: PathBuf,
    /// Read only while JAVA_HOME is not set, as Fedora's Maven does with its own.
    pub only_without_java_home: bool,
}

/// What the launcher will start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    /// Where it leads.
    pub leads: Leads,
    /// What decided, a fragment such as `JAVA_HOME` or `java on PATH (/usr/bin/java)`.
    pub by: String,
    /// Whether JAVA_HOME reaches the compiler that Maven starts.
    pub exported: bool,
    /// The start-up file and line that decided.
    pub set_in: Option<(String, u64)>,
}

/// The value of JAVA_HOME on its way through the launcher.
struct Variable {
    value: Option<PathBuf>,
    by: String,
    exported: bool,
    set_in: Option<(String, u64)>,
    untold: Option<String>,
    /// A start-up file that changes PATH, which counts where `java` is looked for there.
    path_changed: Option<String>,
}

/// Decides; `java` is the one on PATH. `None` where there is neither.
#[must_use]
pub fn decide(
    system: &dyn System,
    launcher: &Launcher,
    java: Option<&OnPath>,
    tree: Option<&Path>,
) -> Option<Chosen> {
    let variable = follow(system, launcher, tree);
    let chosen = |leads, by| Chosen {
        leads,
        by,
        exported: variable.exported,
        set_in: variable.set_in.clone(),
    };
    if let Some(reason) = &variable.untold {
        return Some(chosen(Leads::Untold(reason.clone()), variable.by.clone()));
    }
    match (&variable.value, java) {
        (Some(value), _) => Some(chosen(home_of(system, value, &variable.by), variable.by.clone())),
        (None, Some(java)) => {
            let leads = match variable.path_changed {
                Some(ref file) => Leads::Untold(format!(
                    "{file} changes PATH, so only running it could tell which java is found"
                )),
                None => java.leads.clone(),
            };
            Some(Chosen { exported: false, ..chosen(leads, on_path(java)) })
        }
        (None, None) => None,
    }
}

fn on_path(java: &OnPath) -> String {
    let path = java.path.display();
    match &java.through {
        Some(through) => format!("java on PATH ({path}: {through})"),
        None => format!("java on PATH ({path})"),
    }
}

fn home_of(system: &dyn System, value: &Path, by: &str) -> Leads {
    let java = value.join("bin/java");
    if !value.is_absolute() {
        let value = value.display();
        return Leads::Broken(format!("{by} names `{value}`, which is no absolute path"));
    }
    if system.kind(&java) != Some(Kind::File) {
        let state = if system.kind(value).is_none() { "does not exist" } else { "has no bin/java" };
        return Leads::Broken(format!("{by} names {}, which {state}", value.display()));
    }
    Leads::Home(system.real_path(value).unwrap_or_else(|_| value.to_owned()))
}

fn follow(system: &dyn System, launcher: &Launcher, tree: Option<&Path>) -> Variable {
    let mut variable = inherited(system, launcher, tree);
    if system.env("MAVEN_SKIP_RC").is_some() {
        return variable;
    }
    for file in &launcher.start_up_files {
        let set = variable.value.is_some() || variable.untold.is_some();
        if !(set && file.only_without_java_home) {
            variable.read(system, &file.path);
        }
    }
    variable
}

/// JAVA_HOME as the launcher's own text sees it: from the environment, a version manager or a
/// fallback in the launcher.
fn inherited(system: &dyn System, launcher: &Launcher, tree: Option<&Path>) -> Variable {
    let (mut value, mut by) = (system.env("JAVA_HOME").map(PathBuf::from), "JAVA_HOME".to_owned());
    // asdf's shims leave JAVA_HOME alone.
    if let Some(manager) = launcher.manager.filter(|manager| *manager != Manager::Asdf)
        && let Lead::Home(home, told_by) = manager.lead(system, tree)
    {
        let name = manager.name();
        (value, by) = (Some(home), format!("JAVA_HOME set by {name}, told by {told_by}"));
    }
    if let (None, Some((home, who))) = (&value, &launcher.fallback) {
        (value, by) = (Some(home.clone()), who.clone());
    }
    let exported = value.is_some();
    Variable { value, by, exported, set_in: None, untold: None, path_changed: None }
}

impl Variable {
    fn read(&mut self, system: &dyn System, file: &Path) {
        if system.kind(file) != Some(Kind::File) {
            return;
        }
        let name = shown(system, file);
        let Some(text) = home::text(system, file) else {
            self.by = name.clone();
            self.untold = Some(format!("{name}, which Maven reads, cannot be read"));
            return;
        };
        let home = system.home().unwrap_or_default();
        let script = rc::read(&text, &home.to_string_lossy());
        self.exported |= script.exports;
        if let Some(line) = script.path_line {
            self.path_changed = Some(format!("{name} line {line}"));
        }
        self.apply(system, &name, script.effect);
    }

    fn apply(&mut self, system: &dyn System, name: &str, effect: Effect) {
        let (value, line, untold) = match effect {
            Effect::None => return,
            Effect::Set { value, line } => (Some(PathBuf::from(value)), line, None),
            Effect::Unset { line } => (None, line, None),
            Effect::Untold { line, text } => match java_home_of_macos(system, &text) {
                Some(home) => (Some(home), line, None),
                None => (None, line, Some(text)),
            },
        };
        self.by = format!("JAVA_HOME set in {name} line {line}");
        self.set_in = Some((name.to_owned(), line));
        self.value = value;
        self.untold = untold.map(|text| {
            format!("{name} line {line} says `{text}`, which only running it could tell")
        });
    }
}

/// The usual idiom on a Mac, `JAVA_HOME=$(/usr/libexec/java_home -v 17)`, told from the folders
/// that `java_home` looks at.
fn java_home_of_macos(system: &dyn System, text: &str) -> Option<PathBuf> {
    let command = text.strip_prefix("JAVA_HOME=")?;
    let inner = command.strip_prefix("$(").and_then(|it| it.strip_suffix(')'));
    let inner = inner.or_else(|| command.strip_prefix('`')?.strip_suffix('`'))?;
    let mut words = inner.split_whitespace();
    if words.next() != Some("/usr/libexec/java_home") || system.platform().os != "macos" {
        return None;
    }
    match words.next() {
        None => installed::newest_of_macos(system),
        Some(option) => {
            let feature = option.strip_prefix("-v").filter(|rest| !rest.is_empty());
            let feature = feature.or_else(|| words.next())?;
            installed::macos_by_feature(system, crate::version::java_feature(feature)?)
        }
    }
}
