//! The Python a build would start and what is installed for it, told from files alone: links, the
//! files of version managers and of virtual environments, the folders of packages. Starts none.

use std::path::{Path, PathBuf};

use super::managers::{self, Lead};
use super::stand_in::find_real_program;
use crate::sys::{Kind, System};
use crate::version;

/// A Python on PATH.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Python {
    /// As found on PATH.
    pub program: PathBuf,
    /// Its installation; none where files do not tell.
    pub home: Option<PathBuf>,
    /// Its version, such as `3.11`; none where files do not tell.
    pub version: Option<String>,
    /// The version manager and the file that chose it.
    pub chosen_by: Option<String>,
    /// Why the program would not start.
    pub problem: Option<String>,
    /// Why files do not tell which one it is.
    pub untold: Option<String>,
    /// Folders in which it looks for packages.
    pub packages: Vec<PathBuf>,
}

/// The Python called `name` on PATH, as it is chosen in `tree`.
#[must_use]
pub fn find(system: &dyn System, name: &str, tree: Option<&Path>) -> Option<Python> {
    let program = find_real_program(system, name)?;
    let mut python = Python {
        program: program.clone(),
        home: None,
        version: None,
        chosen_by: None,
        problem: None,
        untold: None,
        packages: Vec::new(),
    };
    match managers::follow(system, managers::PYTHON, &program, name, tree) {
        Lead::Broken(reason) => python.problem = Some(reason),
        Lead::Untold(reason) => python.untold = Some(reason),
        Lead::Program(program, by) => {
            python.chosen_by = by;
            python.settle(system, &program);
        }
    }
    Some(python)
}

impl Python {
    fn settle(&mut self, system: &dyn System, program: &Path) {
        let Ok(real) = system.real_path(program) else {
            self.problem = Some(format!("{} leads nowhere", program.display()));
            return;
        };
        let environment = Environment::around(system, program);
        let home = real.parent().and_then(Path::parent).unwrap_or(Path::new("/")).to_owned();
        let short = short_version(system, &real, &home);
        let full = home.file_name().and_then(|name| name.to_str()).filter(|name| {
            short.as_ref().is_some_and(|short| name.starts_with(&format!("{short}.")))
        });
        let full = full.filter(|name| version::read(name).is_some()).map(str::to_owned);
        self.version = environment.as_ref().and_then(|it| it.version.clone()).or(full);
        if let Some(short) = &short {
            let (own, inherits) = match &environment {
                Some(environment) => (Some(&environment.folder), environment.inherits),
                None => (None, true),
            };
            let own = own.map(|folder| folder.join(format!("lib/python{short}/site-packages")));
            self.packages.extend(own);
            self.packages.push(home.join(format!("lib/python{short}")));
            if inherits {
                self.packages.extend(package_folders(system, &home, short));
            }
        }
        self.packages.extend(named_folders(system));
        if short.is_none() {
            self.untold = Some(format!("{} does not tell its version by its name", real.display()));
        }
        self.version = self.version.take().or(short);
        self.home = Some(environment.map_or(home, |environment| environment.folder));
    }

    /// Where a package or module of that name lies.
    #[must_use]
    pub fn package(&self, system: &dyn System, name: &str) -> Option<PathBuf> {
        let places = |folder: &PathBuf| {
            let package = folder.join(name);
            let module = folder.join(format!("{name}.py"));
            [(package.join("__init__.py"), package), (module.clone(), module)]
        };
        let mut places = self.packages.iter().flat_map(places);
        places.find(|(sign, _)| system.kind(sign) == Some(Kind::File)).map(|(_, place)| place)
    }
}

/// A virtual environment.
struct Environment {
    folder: PathBuf,
    version: Option<String>,
    inherits: bool,
}

impl Environment {
    /// The one that `program` belongs to, links not followed.
    fn around(system: &dyn System, program: &Path) -> Option<Self> {
        let folder = program.parent()?.parent()?;
        let text = system.read(&folder.join("pyvenv.cfg"), 64 * 1024).ok()?;
        let text = String::from_utf8_lossy(&text).into_owned();
        let value = |name: &str| {
            let mut lines = text.lines().filter_map(|line| line.split_once('='));
            let found = lines.find(|(key, _)| key.trim() == name);
            found.map(|(_, value)| value.trim().to_owned())
        };
        let inherits = value("include-system-site-packages").is_some_and(|it| it == "true");
        let version = value("version").or_else(|| value("version_info"));
        Some(Self { folder: folder.to_owned(), version, inherits })
    }
}

/// `3.11` from `python3.11`, else from the one `lib/python3.11` of its home.
fn short_version(system: &dyn System, real: &Path, home: &Path) -> Option<String> {
    let by_name = real.file_name()?.to_str().and_then(numbered);
    by_name.or_else(|| {
        let names = system.list(&home.join("lib")).unwrap_or_default();
        let mut versions: Vec<String> =
            names.iter().filter_map(|name| numbered(name.to_str()?)).collect();
        if versions.len() == 1 { versions.pop() } else { None }
    })
}

fn numbered(name: &str) -> Option<String> {
    let version = name.strip_prefix("python")?;
    let (major, minor) = version.split_once('.')?;
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    (digits(major) && digits(minor)).then(|| version.to_owned())
}

/// Where distributions and pip put packages for everyone and for this user.
fn package_folders(system: &dyn System, home: &Path, short: &str) -> Vec<PathBuf> {
    let mut folders = vec![
        home.join(format!("lib/python{short}/site-packages")),
        home.join(format!("lib64/python{short}/site-packages")),
        home.join(format!("lib/python{short}/dist-packages")),
        home.join(format!("lib/python{}/dist-packages", short.split('.').next().unwrap_or(short))),
    ];
    if home == Path::new("/usr") {
        let local = Path::new("/usr/local");
        folders.push(local.join(format!("lib/python{short}/dist-packages")));
        folders.push(local.join(format!("lib/python{short}/site-packages")));
    }
    if let Some(user) = system.home() {
        folders.push(user.join(format!(".local/lib/python{short}/site-packages")));
        folders.push(user.join(format!("Library/Python/{short}/lib/python/site-packages")));
    }
    folders
}

/// The absolute folders of PYTHONPATH: a relative one would mean the folder of the day.
fn named_folders(system: &dyn System) -> Vec<PathBuf> {
    let Some(path) = system.env("PYTHONPATH") else { return Vec::new() };
    std::env::split_paths(&path).filter(|folder| folder.is_absolute()).collect()
}
