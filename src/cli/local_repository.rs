//! The folder in which Maven will keep artifacts when it is started with these arguments, and which
//! modules of a project can be had from there. Looks at files only.

use std::path::{Path, PathBuf};

use crate::maven::options::{self, Word};
use crate::maven::pom::Pom;
use crate::maven::{local, locate, settings};
use crate::sys::System;

/// Where accounts are listed.
const ACCOUNTS: &str = "/etc/passwd";
const LARGEST: u64 = 4 << 20;

/// Where artifacts are kept; none where nothing tells.
#[must_use]
pub fn place(
    system: &dyn System,
    tree: Option<&Path>,
    arguments: &[String],
) -> Option<local::Place> {
    let maven = locate::locate(system);
    let settings = settings::load(system, maven.as_ref().and_then(|it| it.home.as_deref()));
    let mut words = words(system, tree);
    words.extend(options::of_arguments(arguments));
    // Settings that cannot be read stop Maven before it looks for anything.
    let settings = settings.unwrap_or_default();
    let own = settings.local_repository.is_some();
    let place = local::place(system, &settings, &words)?;
    let usual = !own && system.home().is_some_and(|home| place.path.starts_with(home.join(".m2")));
    match home_of_java(system, &words).filter(|_| usual) {
        Some(home) => Some(local::Place { path: home.join(".m2/repository"), ..place }),
        None => Some(place),
    }
}

/// The local repository of a build, asked for modules.
pub struct Installed<'a> {
    system: &'a dyn System,
    place: Option<local::Place>,
}

impl<'a> Installed<'a> {
    /// Of a build of this tree with these arguments for Maven.
    #[must_use]
    pub fn of(system: &'a dyn System, tree: &Path, arguments: &[String]) -> Self {
        Self { system, place: place(system, Some(tree), arguments) }
    }

    /// Whether a module can be had from there; never where nobody knows the place.
    #[must_use]
    pub fn has(&self, module: &Pom) -> bool {
        self.place.as_ref().is_some_and(|place| local::has(self.system, &place.path, module))
    }
}

/// The home folder that Maven goes by, where that is not HOME: Java asks the account for it.
#[must_use]
pub fn other_home(system: &dyn System, tree: Option<&Path>) -> Option<PathBuf> {
    let home = home_of_java(system, &words(system, tree))?;
    (system.home().as_ref() != Some(&home)).then_some(home)
}

/// What Maven is started with besides its arguments.
pub(super) fn words(system: &dyn System, tree: Option<&Path>) -> Vec<Word> {
    let maven = locate::locate(system);
    let mut words = options::of_jvm(system, maven.as_ref(), tree);
    words.extend(options::of_maven(system, tree));
    words
}

/// What `user.home` is in Maven's JVM; none where that cannot be told from files.
fn home_of_java(system: &dyn System, words: &[Word]) -> Option<PathBuf> {
    let set = words.iter().rev().find_map(|word| word.text.strip_prefix("-Duser.home="));
    set.map(PathBuf::from).or_else(|| account_home(system)).filter(|home| home.is_absolute())
}

/// The home folder in the account's entry, where it has one in the usual file.
fn account_home(system: &dyn System) -> Option<PathBuf> {
    let accounts = system.read(Path::new(ACCOUNTS), LARGEST).ok()?;
    let accounts = String::from_utf8_lossy(&accounts).into_owned();
    let user = system.user().to_string();
    accounts.lines().find_map(|line| {
        let fields: Vec<&str> = line.split(':').collect();
        (fields.get(2) == Some(&user.as_str())).then(|| fields.get(5).map(PathBuf::from))?
    })
}
