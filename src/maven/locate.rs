//! Which Maven `mvn` on PATH is: its home, its version and what its launcher reads first, all
//! told from files. Starts a JVM only in [`ask`]; a wrapper in the work tree is read, never run.

use std::path::{Path, PathBuf};

use super::settings;
use crate::sys::{Command, Kind, System, find_program_elsewhere, read_archive_entry, read_in_tree};
use crate::version;

/// The Maven on PATH.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Located {
    /// `mvn` as found on PATH.
    pub path: PathBuf,
    /// Its home, links resolved; none where files do not tell.
    pub home: Option<PathBuf>,
    /// Its version; none where files do not tell, or nobody asked for it.
    pub version: Option<String>,
    /// How `mvn` leads there, such as `links` or `the asdf shim`; empty where it is that file.
    pub how: String,
    /// Why home or version is not told.
    pub reason: Option<String>,
    /// Shell scripts its launcher reads before it looks for Java, in this order.
    pub start_up_files: Vec<StartUpFile>,
    /// JAVA_HOME that a script in front of the launcher sets where none is set.
    pub java_home: Option<PathBuf>,
    /// The version manager whose shim `mvn` is: `asdf`, `jenv` or `mise`.
    pub shim_of: Option<&'static str>,
    /// Variables that name another Maven and are not heeded, each as a sentence fragment.
    pub notes: Vec<String>,
}

/// A shell script that the launcher reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StartUpFile {
    /// Where.
    pub path: PathBuf,
    /// Read only while JAVA_HOME is not set.
    pub only_without_java_home: bool,
}

/// The Maven wrapper of a work tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrapper {
    /// The version it downloads; none where its address does not say.
    pub version: Option<String>,
    /// The address it downloads from.
    pub url: Option<String>,
    /// Its properties file, relative to the tree.
    pub path: String,
}

const WRAPPER: &str = ".mvn/wrapper/maven-wrapper.properties";
const POM_PROPERTIES: &str = "META-INF/maven/org.apache.maven/maven-core/pom.properties";

/// Finds `mvn` on PATH and tells its version; `None` where there is none. For the version an
/// archive may have to be read whole, so who does not need it calls [`locate`].
#[must_use]
pub fn identify(system: &dyn System) -> Option<Located> {
    let mut located = locate(system)?;
    match located.home.as_deref().map(|home| version_of(system, home)) {
        Some(Ok(version)) => located.version = Some(version),
        Some(Err(reason)) => located.reason = Some(reason),
        None => {}
    }
    Some(located)
}

/// Finds `mvn` on PATH, its version left open; `None` where there is none.
#[must_use]
pub fn locate(system: &dyn System) -> Option<Located> {
    let path = system.find_program("mvn")?;
    let mut located = Located { path: path.clone(), ..Located::default() };
    located.shim_of = shim_of(system, &path);
    if let Err(reason) = located.settle(system, &path) {
        located.reason = Some(reason);
    }
    let launcher = located.home.as_ref().and_then(|home| script(system, &home.join("bin/mvn")));
    located.start_up_files = start_up_files(system, launcher.as_deref());
    located.notes = unheeded(system, located.home.as_deref());
    Some(located)
}

/// The start-up files Maven reads where its launcher cannot be read.
#[must_use]
pub fn usual_start_up_files(system: &dyn System) -> Vec<StartUpFile> {
    let home = system.home().map(|home| home.join(".mavenrc"));
    let system_wide = ["/usr/local/etc/mavenrc", "/etc/mavenrc"].map(PathBuf::from);
    let paths = system_wide.into_iter().chain(home);
    paths.map(|path| StartUpFile { path, only_without_java_home: false }).collect()
}

/// The wrapper in `tree`; `None` where it has none.
#[must_use]
pub fn wrapper(system: &dyn System, tree: &Path) -> Option<Wrapper> {
    let text = String::from_utf8(read_in_tree(system, tree, WRAPPER, 64 * 1024)?).ok()?;
    let address = text.lines().find_map(|line| line.trim().strip_prefix("distributionUrl="));
    let version = address.and_then(|it| {
        let name = it.rsplit('/').next()?.strip_prefix("apache-maven-")?;
        Some(name.split("-bin").next()?.to_owned())
    });
    let url = address.map(|url| settings::without_credentials(&url.replace('\\', "")));
    Some(Wrapper { version, url, path: WRAPPER.to_owned() })
}

/// A Maven of this version that a wrapper has downloaded and unpacked; `None` where there is none.
#[must_use]
pub fn unpacked(system: &dyn System, version: &str) -> Option<PathBuf> {
    let own = system.env("MAVEN_USER_HOME").map(PathBuf::from);
    let dists = own.or_else(|| Some(system.home()?.join(".m2")))?.join("wrapper/dists");
    let name = format!("apache-maven-{version}");
    // A wrapper that is a script unpacks beside its mark; one that is a jar keeps the folder's name.
    let inside = ["bin/mvn".to_owned(), format!("{name}/bin/mvn")];
    [name.clone(), format!("{name}-bin")].iter().find_map(|folder| {
        let folder = dists.join(folder);
        let marks = system.list(&folder).unwrap_or_default();
        let mut places = marks
            .iter()
            .flat_map(|mark| inside.each_ref().map(|path| folder.join(mark).join(path)));
        places.find(|mvn| system.kind(mvn) == Some(Kind::File))
    })
}

/// Asks `mvn` itself, from a neutral folder and without start-up files: about half a second.
///
/// # Errors
/// A fragment that says why it gave no version.
pub fn ask(system: &dyn System, mvn: &Path) -> Result<String, String> {
    let mut question = Command::question(mvn)
        .args(["-v"])
        .with("MAVEN_BASEDIR", "/")
        .with("MAVEN_SKIP_RC", "1")
        .within(std::time::Duration::from_secs(15));
    if let Some(home) = system.env("JAVA_HOME") {
        question = question.with("JAVA_HOME", home);
    }
    let output = system.run(&question).map_err(|error| error.to_string())?;
    let text = output.text();
    let version =
        text.split("Apache Maven ").nth(1).and_then(|rest| rest.split_whitespace().next());
    let version = version.filter(|version| version::read(version).is_some());
    // A colour code may follow the number directly.
    let version = version.and_then(|version| version.split('\u{1b}').next());
    version.map(str::to_owned).ok_or_else(|| "`mvn -v` names no version".to_owned())
}

impl Located {
    /// Follows `program` to a Maven home.
    fn settle(&mut self, system: &dyn System, program: &Path) -> Result<(), String> {
        let mut program = program.to_owned();
        // A link, a script of a package manager, a link again: more is no known installation.
        for _ in 0..4 {
            if let Some(manager) = shim_of(system, &program) {
                program = behind_shim(system, &program, manager)?;
                self.how = format!("the {manager} shim");
            }
            let real = system
                .real_path(&program)
                .map_err(|error| format!("{} leads nowhere: {error}", program.display()))?;
            let home = real.parent().and_then(Path::parent).unwrap_or(Path::new("/"));
            if system.kind(&home.join("bin/m2.conf")).is_some() {
                if self.how.is_empty() && real != self.path {
                    "links".clone_into(&mut self.how);
                }
                self.home = Some(home.to_owned());
                return Ok(());
            }
            let text = script(system, &real)
                .ok_or_else(|| format!("{} is no Maven launcher", real.display()))?;
            self.java_home = self.java_home.take().or_else(|| java_home_default(&text));
            program = executed(&text).ok_or_else(|| {
                format!("{} is a script that does not tell which Maven it starts", real.display())
            })?;
            self.how = format!("the script {}", real.display());
        }
        Err(format!("{} leads through too many scripts", self.path.display()))
    }
}

fn version_of(system: &dyn System, home: &Path) -> Result<String, String> {
    let lib = home.join("lib");
    let names = system.list(&lib).map_err(|error| format!("{}: {error}", lib.display()))?;
    let names = names.iter().filter_map(|name| name.to_str());
    let jar = names
        .filter(|name| name.strip_suffix(".jar").is_some())
        .find(|name| name.strip_prefix("maven-core").is_some_and(|it| it.starts_with(['-', '.'])))
        .ok_or_else(|| format!("{} has no maven-core jar", lib.display()))?;
    let told = jar.trim_start_matches("maven-core").trim_start_matches('-');
    let told = told.strip_suffix(".jar").unwrap_or("");
    // Debian's jar is called `maven-core-3.x.jar`.
    if told.split('.').nth(2).is_some() && version::read(told).is_some() {
        return Ok(told.to_owned());
    }
    let jar = lib.join(jar);
    let properties = read_archive_entry(system, &jar, POM_PROPERTIES, 64 * 1024)
        .map_err(|error| format!("{}: {error}", jar.display()))?;
    let text = String::from_utf8_lossy(&properties);
    let version = text.lines().find_map(|line| line.trim().strip_prefix("version="));
    version.map(str::to_owned).ok_or_else(|| format!("{} names no version", jar.display()))
}

fn shim_of(system: &dyn System, program: &Path) -> Option<&'static str> {
    let folder = program.parent()?;
    ["asdf", "jenv", "mise"]
        .into_iter()
        .find(|name| manager_root(system, name).is_some_and(|root| folder == root.join("shims")))
}

fn manager_root(system: &dyn System, manager: &str) -> Option<PathBuf> {
    let (variable, inside) = match manager {
        "asdf" => ("ASDF_DATA_DIR", ".asdf"),
        "jenv" => ("JENV_ROOT", ".jenv"),
        _ => ("MISE_DATA_DIR", ".local/share/mise"),
    };
    let set = system.env(variable).map(PathBuf::from);
    set.or_else(|| Some(system.home()?.join(inside)))
}

/// The `mvn` a shim starts: the only one installed, or for jenv the next on PATH.
fn behind_shim(system: &dyn System, shim: &Path, manager: &str) -> Result<PathBuf, String> {
    if manager == "jenv" {
        let shims = shim.parent().unwrap_or(shim);
        return find_program_elsewhere(system, "mvn", shims)
            .ok_or_else(|| "jenv finds no mvn behind its own".to_owned());
    }
    let installs = manager_root(system, manager).unwrap_or_default().join("installs/maven");
    let children = |folder: &Path| {
        let names = system.list(folder).unwrap_or_default();
        names.into_iter().map(|name| folder.join(name)).collect::<Vec<_>>()
    };
    let nested = |folder: PathBuf| {
        let mut places = children(&folder);
        places.push(folder);
        places.into_iter().map(|place| place.join("bin/mvn"))
    };
    let found = children(&installs).into_iter().flat_map(nested);
    let mut real: Vec<PathBuf> = found.filter_map(|mvn| system.real_path(&mvn).ok()).collect();
    real.sort();
    real.dedup();
    match real.as_slice() {
        [one] => Ok(one.clone()),
        [] => Err(format!("{manager} has no Maven installed")),
        _ => Err(format!("{manager} has several Mavens, and no file tells which one it starts")),
    }
}

fn script(system: &dyn System, path: &Path) -> Option<String> {
    let text = String::from_utf8(system.read(path, 64 * 1024).ok()?).ok()?;
    text.starts_with("#!").then_some(text)
}

/// The absolute `…/mvn` that a script hands over to with `exec`.
fn executed(script: &str) -> Option<PathBuf> {
    let line = script.lines().rfind(|line| line.contains("exec "))?;
    let (_, command) = line.split_once("exec ")?;
    let mut words = command.split_whitespace().map(|word| word.trim_matches(['"', '\'']));
    words.find(|word| word.starts_with('/') && word.ends_with("/mvn")).map(PathBuf::from)
}

/// The folder in `JAVA_HOME="${JAVA_HOME:-/folder}"`, as Homebrew's scripts have it.
fn java_home_default(script: &str) -> Option<PathBuf> {
    let (_, rest) = script.split_once("${JAVA_HOME:-")?;
    let (folder, _) = rest.split_once('}')?;
    folder.starts_with('/').then(|| PathBuf::from(folder))
}

/// What the launcher reads with the shell's `.`, in order.
fn start_up_files(system: &dyn System, launcher: Option<&str>) -> Vec<StartUpFile> {
    let Some(launcher) = launcher else { return usual_start_up_files(system) };
    let home = system.home().unwrap_or_default();
    let (mut files, mut condition) = (Vec::new(), "");
    for line in launcher.lines().map(str::trim) {
        if line.starts_with("if ") || line == "fi" {
            condition = line;
        }
        let Some(named) = line.strip_prefix(". ") else { continue };
        let named = named.trim().trim_matches(['"', '\'']);
        let path = match named.strip_prefix("$HOME/") {
            Some(inside) => home.join(inside),
            None => PathBuf::from(named),
        };
        let only_without_java_home = condition.contains("-z \"$JAVA_HOME\"");
        files.push(StartUpFile { path, only_without_java_home });
    }
    files
}

fn unheeded(system: &dyn System, home: Option<&Path>) -> Vec<String> {
    let note = |name: &str| {
        let value = PathBuf::from(system.env(name)?);
        let real = system.real_path(&value).unwrap_or_else(|_| value.clone());
        let differs = home.is_some_and(|home| home != real);
        differs.then(|| format!("{name} names {}, which mvn does not heed", value.display()))
    };
    ["M2_HOME", "MAVEN_HOME"].into_iter().filter_map(note).collect()
}
