//! Version managers of Python and Node.js: whose shim a program on PATH is, and where it leads,
//! told from the manager's own files. Starts no shim: one costs more than all other looks.

use std::path::{Path, PathBuf};

use crate::sys::{Kind, System, find_program_elsewhere, read_in_tree};
use crate::version;

/// A tool that keeps several releases and puts shims on PATH that choose one.
#[derive(Debug)]
pub struct Manager {
    name: &'static str,
    /// Variable that names its data folder, and where that lies otherwise, below home.
    root: (&'static str, &'static str),
    /// Where the releases lie below the root.
    installs: &'static str,
    /// Variable that chooses a release.
    variable: &'static str,
    /// Files that choose one for a folder and those below it.
    files: &'static [&'static str],
    /// File that chooses one for everything else, below home or the root.
    otherwise: (Below, &'static str),
    /// What is managed, as the shared files call it.
    what: &'static str,
}

#[derive(Debug, Clone, Copy)]
enum Below {
    Home,
    Root,
}

/// Managers of Python.
pub const PYTHON: &[Manager] = &[
    Manager {
        name: "pyenv",
        root: ("PYENV_ROOT", ".pyenv"),
        installs: "versions",
        variable: "PYENV_VERSION",
        files: &[".python-version"],
        otherwise: (Below::Root, "version"),
        what: "python",
    },
    asdf("installs/python", "ASDF_PYTHON_VERSION", "python"),
    mise("installs/python", "MISE_PYTHON_VERSION", "python"),
];

/// Managers of Node.js that use shims; nvm, fnm and n put the release itself on PATH.
pub const NODE: &[Manager] = &[
    Manager {
        name: "nodenv",
        root: ("NODENV_ROOT", ".nodenv"),
        installs: "versions",
        variable: "NODENV_VERSION",
        files: &[".node-version"],
        otherwise: (Below::Root, "version"),
        what: "node",
    },
    asdf("installs/nodejs", "ASDF_NODEJS_VERSION", "nodejs"),
    mise("installs/node", "MISE_NODE_VERSION", "node"),
];

const fn asdf(installs: &'static str, variable: &'static str, what: &'static str) -> Manager {
    Manager {
        name: "asdf",
        root: ("ASDF_DATA_DIR", ".asdf"),
        installs,
        variable,
        files: &[".tool-versions"],
        otherwise: (Below::Home, ".tool-versions"),
        what,
    }
}

const fn mise(installs: &'static str, variable: &'static str, what: &'static str) -> Manager {
    Manager {
        name: "mise",
        root: ("MISE_DATA_DIR", ".local/share/mise"),
        installs,
        variable,
        files: &["mise.toml", ".mise.toml", ".tool-versions"],
        otherwise: (Below::Home, ".config/mise/config.toml"),
        what,
    }
}

/// Where a program on PATH leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lead {
    /// To this program; what chose it, where that was a manager.
    Program(PathBuf, Option<String>),
    /// Nowhere; the reason.
    Broken(String),
    /// The files do not tell; the reason.
    Untold(String),
}

/// Follows `program`, called `name`, through the shim of one of `managers`, if it is one.
#[must_use]
pub fn follow(
    system: &dyn System,
    managers: &[Manager],
    program: &Path,
    name: &str,
    tree: Option<&Path>,
) -> Lead {
    let shims = |manager: &&Manager| {
        let root = manager.root(system);
        root.is_some_and(|root| program.parent() == Some(&root.join("shims")))
    };
    match managers.iter().find(shims) {
        Some(manager) => manager.lead(system, program, name, tree),
        None => Lead::Program(program.to_owned(), None),
    }
}

impl Manager {
    fn root(&self, system: &dyn System) -> Option<PathBuf> {
        let (variable, inside) = self.root;
        let set = system.env(variable).map(PathBuf::from);
        set.or_else(|| Some(system.home()?.join(inside)))
    }

    fn lead(&self, system: &dyn System, shim: &Path, name: &str, tree: Option<&Path>) -> Lead {
        let Some((wanted, by)) = self.wanted(system, tree) else {
            let reason = format!("no file says which {} {} uses here", self.what, self.name);
            // Without a choice pyenv and nodenv take the system's own.
            return match self.otherwise.0 {
                Below::Root => self.elsewhere(system, shim, name),
                Below::Home => Lead::Untold(reason),
            };
        };
        for version in &wanted {
            if version == "system" {
                return self.elsewhere(system, shim, name);
            }
            let program = self.installed(system, version).map(|home| home.join("bin").join(name));
            if let Some(program) = program.filter(|it| system.kind(it) == Some(Kind::File)) {
                return Lead::Program(program, Some(format!("{} by {by}", self.name)));
            }
        }
        let wanted = wanted.join(" or ");
        Lead::Broken(format!(
            "{} is told by {by} to use {} {wanted}, which it has not installed",
            self.name, self.what
        ))
    }

    fn elsewhere(&self, system: &dyn System, shim: &Path, name: &str) -> Lead {
        let folder = shim.parent().unwrap_or(Path::new("/"));
        match find_program_elsewhere(system, name, folder) {
            Some(program) => Lead::Program(program, None),
            None => {
                Lead::Broken(format!("{} leaves {name} to the system, which has none", self.name))
            }
        }
    }

    /// The folder of a release: of that very name, or the newest whose name begins with it.
    fn installed(&self, system: &dyn System, version: &str) -> Option<PathBuf> {
        let installs = self.root(system)?.join(self.installs);
        if system.kind(&installs.join(version)) == Some(Kind::Folder) {
            return Some(installs.join(version));
        }
        let names = system.list(&installs).unwrap_or_default();
        let names = names.iter().filter_map(|name| name.to_str());
        let fitting = names.filter(|name| name.starts_with(&format!("{version}.")));
        let newest = fitting.max_by_key(|name| version::read(name))?;
        Some(installs.join(newest))
    }

    /// The releases asked for, in order, and what asks: a variable, the nearest file, the default.
    fn wanted(&self, system: &dyn System, tree: Option<&Path>) -> Option<(Vec<String>, String)> {
        if let Some(value) = system.env(self.variable) {
            let value = value.to_string_lossy();
            let names = value.split(':').filter(|name| is_name(name));
            return Some((names.map(str::to_owned).collect(), self.variable.to_owned()));
        }
        let start = tree.map(Path::to_owned).or_else(|| system.current_dir().ok())?;
        let near = start
            .ancestors()
            .flat_map(|folder| self.files.iter().map(move |name| (folder.to_owned(), *name)));
        let (below, name) = self.otherwise;
        let last = match below {
            Below::Home => system.home(),
            Below::Root => self.root(system),
        };
        // A link may lead out of a tree that is not ours to trust; it is not followed.
        near.chain(last.map(|folder| (folder, name))).find_map(|(folder, name)| {
            let text = String::from_utf8(read_in_tree(system, &folder, name, 64 * 1024)?).ok()?;
            let wanted = self.read(name, &text);
            (!wanted.is_empty()).then(|| (wanted, folder.join(name).display().to_string()))
        })
    }

    /// The releases one file asks for.
    fn read(&self, file: &str, text: &str) -> Vec<String> {
        let lines = text.lines().map(str::trim).filter(|line| !line.starts_with('#'));
        let words: Vec<&str> = if file.ends_with(".toml") {
            let value = |line: &'_ str| {
                let rest = line.strip_prefix(self.what)?.trim_start().strip_prefix('=')?;
                let start = line.len() - rest.len();
                Some(start)
            };
            let found = lines.filter_map(|line| Some(&line[value(line)?..]));
            found.flat_map(|rest| rest.split(['"', '\'']).skip(1).step_by(2)).collect()
        } else if file.ends_with(".tool-versions") {
            let of = |line: &str| line.split_whitespace().next() == Some(self.what);
            lines.filter(|line| of(line)).flat_map(|line| line.split_whitespace().skip(1)).collect()
        } else {
            lines.flat_map(str::split_whitespace).collect()
        };
        words.into_iter().filter(|word| is_name(word)).map(str::to_owned).collect()
    }
}

/// A name that stays in its folder.
fn is_name(word: &str) -> bool {
    !word.is_empty() && !word.contains('/') && !word.contains("..")
}
