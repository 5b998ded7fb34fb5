//! Version managers: whose shim a program on PATH is, and which JDK it would start, told from the
//! manager's own files. Starts no shim; what the files do not tell stays untold.

use std::path::{Path, PathBuf};

use super::home::text;
use crate::sys::{Kind, System, read_in_tree};

/// A tool that keeps several JDKs and puts small programs, shims, on PATH that choose one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manager {
    /// asdf.
    Asdf,
    /// jenv.
    Jenv,
    /// mise.
    Mise,
}

/// What a shim leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lead {
    /// This folder, chosen by this file or variable.
    Home(PathBuf, String),
    /// The next program of that name on PATH.
    Elsewhere,
    /// It would start nothing; the reason.
    Broken(String),
    /// The files do not tell; the reason.
    Untold(String),
}

/// All managers with shims. SDKMAN has none: its `current` is a link.
pub const ALL: [Manager; 3] = [Manager::Asdf, Manager::Jenv, Manager::Mise];

impl Manager {
    /// The manager whose shim `program` is.
    #[must_use]
    pub fn of(system: &dyn System, program: &Path) -> Option<Self> {
        let folder = program.parent()?;
        ALL.into_iter()
            .find(|manager| manager.root(system).is_some_and(|root| folder == root.join("shims")))
    }

    /// The manager of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        ALL.into_iter().find(|manager| manager.name() == name)
    }

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Asdf => "asdf",
            Self::Jenv => "jenv",
            Self::Mise => "mise",
        }
    }

    /// Its data folder.
    #[must_use]
    pub fn root(self, system: &dyn System) -> Option<PathBuf> {
        let (variable, inside) = match self {
            Self::Asdf => ("ASDF_DATA_DIR", ".asdf"),
            Self::Jenv => ("JENV_ROOT", ".jenv"),
            Self::Mise => ("MISE_DATA_DIR", ".local/share/mise"),
        };
        let set = system.env(variable).map(PathBuf::from);
        set.or_else(|| Some(system.home()?.join(inside)))
    }

    /// Where its JDKs lie.
    #[must_use]
    pub fn installs(self, system: &dyn System) -> Option<PathBuf> {
        let inside = if self == Self::Jenv { "versions" } else { "installs/java" };
        Some(self.root(system)?.join(inside))
    }

    /// The JDK its shim would start in `tree`, or in the current folder.
    #[must_use]
    pub fn lead(self, system: &dyn System, tree: Option<&Path>) -> Lead {
        let Some((version, by)) = self.wanted(system, tree) else {
            return self.only_one(system);
        };
        if version == "system" {
            return Lead::Elsewhere;
        }
        let home = self.installs(system).map(|installs| installs.join(&version));
        match home.and_then(|home| bundle(system, home)) {
            Some(home) => Lead::Home(home, by),
            None => Lead::Broken(format!(
                "{} is told by {by} to use `{version}`, which it has not installed",
                self.name()
            )),
        }
    }

    fn only_one(self, system: &dyn System) -> Lead {
        let installs = self.installs(system).unwrap_or_default();
        let names = system.list(&installs).unwrap_or_default();
        let homes = names.iter().filter_map(|name| bundle(system, installs.join(name)));
        let mut real: Vec<PathBuf> = homes.filter_map(|it| system.real_path(&it).ok()).collect();
        real.sort();
        real.dedup();
        match (self, real.as_slice()) {
            (Self::Jenv, _) => Lead::Elsewhere,
            (_, [one]) => Lead::Home(one.clone(), format!("the only one {} has", self.name())),
            _ => Lead::Untold(format!("no file says which Java {} uses here", self.name())),
        }
    }

    /// The version asked for, and what asks for it: a variable, the nearest file, the default.
    fn wanted(self, system: &dyn System, tree: Option<&Path>) -> Option<(String, String)> {
        let variable = match self {
            Self::Asdf => "ASDF_JAVA_VERSION",
            Self::Jenv => "JENV_VERSION",
            Self::Mise => "MISE_JAVA_VERSION",
        };
        if let Some(value) = system.env(variable) {
            return Some((value.to_string_lossy().into_owned(), variable.to_owned()));
        }
        self.near(system, tree).or_else(|| self.by_default(system))
    }

    fn near(self, system: &dyn System, tree: Option<&Path>) -> Option<(String, String)> {
        let start = tree.map(Path::to_owned).or_else(|| system.current_dir().ok())?;
        for folder in start.ancestors() {
            for name in self.file_names() {
                // A link may lead out of a tree that is not ours to trust; it is not followed.
                let bytes = read_in_tree(system, folder, name, 64 * 1024);
                let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
                if let Some(version) = text.and_then(|text| version_in(name, &text)) {
                    return Some((version, shown(system, &folder.join(name))));
                }
            }
        }
        None
    }

    fn by_default(self, system: &dyn System) -> Option<(String, String)> {
        let file = match self {
            Self::Asdf => system.home()?.join(".tool-versions"),
            Self::Jenv => self.root(system)?.join("version"),
            Self::Mise => system.home()?.join(".config/mise/config.toml"),
        };
        let name = file.file_name()?.to_string_lossy().into_owned();
        Some((version_in(&name, &text(system, &file)?)?, shown(system, &file)))
    }

    fn file_names(self) -> &'static [&'static str] {
        match self {
            Self::Asdf => &[".tool-versions"],
            Self::Jenv => &[".java-version"],
            Self::Mise => &["mise.toml", ".mise.toml", ".tool-versions"],
        }
    }
}

fn version_in(file: &str, text: &str) -> Option<String> {
    let mut lines = text.lines().map(str::trim);
    let version = if file.ends_with(".toml") {
        let value = lines.find_map(|line| line.strip_prefix("java")?.trim().strip_prefix('='))?;
        value.trim().split(['"', '\'']).nth(1)?.to_owned()
    } else if file == ".tool-versions" {
        lines.find_map(|line| line.strip_prefix("java "))?.split_whitespace().next()?.to_owned()
    } else {
        lines.find(|line| !line.is_empty())?.to_owned()
    };
    (!version.contains("..") && !version.contains('/')).then_some(version)
}

/// A JDK's home in `folder`: the folder itself, or the bundle inside as macOS has them.
pub(super) fn bundle(system: &dyn System, folder: PathBuf) -> Option<PathBuf> {
    let has_java = |home: &Path| system.kind(&home.join("bin/java")) == Some(Kind::File);
    if has_java(&folder) {
        return Some(folder);
    }
    let inside = folder.join("Contents/Home");
    has_java(&inside).then_some(inside)
}

/// A path as people write it: the home folder as `~`.
pub(super) fn shown(system: &dyn System, path: &Path) -> String {
    let inside = system.home().and_then(|home| path.strip_prefix(home).ok().map(Path::to_owned));
    match inside {
        Some(inside) => format!("~/{}", inside.display()),
        None => path.display().to_string(),
    }
}
