//! Which JDK a `java` or `javac` on PATH belongs to: links, macOS's stubs and version managers'
//! shims seen through by looking at files alone.

use std::path::{Path, PathBuf};

use super::home::{self, Jdk};
use super::shims::{Lead, Manager};
use crate::sys::{Kind, System, find_program_elsewhere};

/// A program on PATH.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnPath {
    /// The path as found, links not resolved.
    pub path: PathBuf,
    /// Where it leads.
    pub leads: Leads,
    /// What decided, where it is not simply the file: `jenv, told by ~/.jenv/version`.
    pub through: Option<String>,
}

/// Where a program leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Leads {
    /// To this JDK's home, links resolved.
    Home(PathBuf),
    /// To nothing that would start; the reason.
    Broken(String),
    /// Nowhere that files tell; the reason.
    Untold(String),
}

impl OnPath {
    /// The JDK it belongs to.
    #[must_use]
    pub fn jdk(&self, system: &dyn System) -> Option<Jdk> {
        match &self.leads {
            Leads::Home(home) => home::read(system, home),
            _ => None,
        }
    }
}

/// Finds `name` (`java` or `javac`) on PATH and sees where it leads, in `tree` where a version
/// manager decides by folder.
#[must_use]
pub fn find(system: &dyn System, name: &str, tree: Option<&Path>) -> Option<OnPath> {
    let path = system.find_program(name)?;
    let Some(manager) = Manager::of(system, &path) else {
        return Some(direct(system, path));
    };
    let (leads, by) = match manager.lead(system, tree) {
        Lead::Home(home, by) => {
            let real = system.real_path(&home).unwrap_or(home);
            (Leads::Home(real), format!("{}, told by {by}", manager.name()))
        }
        Lead::Elsewhere => return behind(system, name, &path, manager),
        Lead::Broken(reason) => (Leads::Broken(reason), manager.name().to_owned()),
        Lead::Untold(reason) => (Leads::Untold(reason), manager.name().to_owned()),
    };
    Some(OnPath { path, leads, through: Some(by) })
}

/// The next program of that name on PATH, past a manager's shims.
fn behind(system: &dyn System, name: &str, shim: &Path, manager: Manager) -> Option<OnPath> {
    let next = find_program_elsewhere(system, name, shim.parent()?)?;
    let through = Some(format!("{}, which leaves it to the system", manager.name()));
    Some(OnPath { through, ..direct(system, next) })
}

fn direct(system: &dyn System, path: PathBuf) -> OnPath {
    if path.starts_with("/usr/bin") && system.platform().os == "macos" {
        return stub(system, path);
    }
    let leads = match system.real_path(&path) {
        Ok(real) => follow(system, &path, &real),
        Err(error) => Leads::Broken(format!("{} leads nowhere: {error}", path.display())),
    };
    OnPath { path, leads, through: None }
}

fn follow(system: &dyn System, path: &Path, real: &Path) -> Leads {
    let home = real.parent().filter(|bin| bin.ends_with("bin")).and_then(Path::parent);
    let beside = home.filter(|home| system.kind(&home.join("bin/java")) == Some(Kind::File));
    // A short file is a script: `/usr/bin` itself then looks like a JDK's `bin`.
    let script = system.read(real, 4096).is_ok_and(|text| text.starts_with(b"#!"));
    match beside {
        Some(home) if !script && home != Path::new("/usr") => Leads::Home(whole(system, home)),
        _ if script => Leads::Untold(format!(
            "{} is a script that does not tell which JDK it starts",
            path.display()
        )),
        _ => Leads::Untold(format!("{} lies in no JDK's folder", real.display())),
    }
}

/// The JDK around a Java 8 runtime: `jre/bin/java` belongs to the folder above.
fn whole(system: &dyn System, home: &Path) -> PathBuf {
    let above = home.parent().filter(|_| home.ends_with("jre"));
    let above = above.filter(|it| system.kind(&it.join("bin/java")) == Some(Kind::File));
    above.unwrap_or(home).to_owned()
}

/// macOS's `/usr/bin/java` starts what JAVA_HOME names, else the newest JDK it has.
fn stub(system: &dyn System, path: PathBuf) -> OnPath {
    let set = system.env("JAVA_HOME").map(PathBuf::from);
    if let Some(home) = set.filter(|it| system.kind(&it.join("bin/java")) == Some(Kind::File)) {
        let leads = Leads::Home(system.real_path(&home).unwrap_or(home));
        return OnPath { path, leads, through: Some("macOS, told by JAVA_HOME".into()) };
    }
    let leads = match super::installed::newest_of_macos(system) {
        Some(home) => Leads::Home(home),
        None => Leads::Broken("macOS finds no JDK in /Library/Java/JavaVirtualMachines".into()),
    };
    let through = "macOS, which takes the newest in /Library/Java/JavaVirtualMachines";
    OnPath { path, leads, through: Some(through.into()) }
}
