//! The JDK the build will really use, who decided, and what else is there. Joins what the `mvn`
//! launcher does (`maven::locate`) with where that leads (`host::jdk`); judges nothing, and starts
//! a JVM only with `deep`.

use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Given, Kind, World};
use crate::host::jdk::chosen::{self, Chosen, Launcher, StartUpFile};
use crate::host::jdk::home::{self, Jdk as Installed};
use crate::host::jdk::installed;
use crate::host::jdk::path::{self, Leads, OnPath};
use crate::host::jdk::shims::Manager;
use crate::host::jdk::toolchains::{self, Toolchain};
use crate::host::jdk::trial::{self, Trial};
use crate::maven::locate;
use crate::observation::Unknown;
use crate::sys::{Kind as PathKind, System, read_in_tree};

/// Looks for the JDK of the build.
pub struct Jdk;

/// Where to look, and how far to go.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Arguments {
    /// The work tree: version managers choose by folder.
    tree: Option<String>,
    /// Start it, compile a class and run one.
    deep: Option<bool>,
}

/// What was found.
#[derive(Debug, Default, Serialize, JsonSchema)]
pub struct Found {
    /// Whether `mvn` would find a Java to start; also true where that cannot be told.
    present: bool,
    /// Its folder, links resolved.
    home: Option<String>,
    /// Its version; with `deep` the one it states when started.
    version: Option<String>,
    /// Its feature release, such as 17.
    feature: Option<u64>,
    /// Who built it.
    vendor: Option<String>,
    /// Where the version was read.
    version_from: Option<String>,
    /// What decided: `JAVA_HOME`, `java on PATH (/usr/bin/java)`, a start-up file and its line.
    chosen_by: Option<String>,
    /// The start-up file and line that decided, where one did.
    set_in: Option<SetIn>,
    /// Whether it has `bin/javac`.
    compiler: bool,
    /// The `javac` that the build's compile step starts: the JDK's own where JAVA_HOME names it,
    /// else the one on PATH. None where it would find none.
    compiles_with: Option<Program>,
    /// Why `mvn` would find no Java.
    problem: Option<String>,
    /// Why files do not tell which one it is.
    untold: Option<String>,
    /// Why the version may be wrong.
    doubt: Option<String>,
    /// `java` on PATH.
    java_on_path: Option<Program>,
    /// `javac` on PATH.
    javac_on_path: Option<Program>,
    /// Programs on PATH of another feature release than the build's, each as a sentence fragment.
    disagreements: Vec<String>,
    /// What `~/.m2/toolchains.xml` offers.
    toolchains: Vec<Toolchain>,
    /// Why the toolchains file could not be understood.
    toolchains_problem: Option<String>,
    /// Options for Maven's JVM that the work tree brings in `.mvn/jvm.config`.
    jvm_config: Option<String>,
    /// Every JDK on this machine, newest first.
    installed: Vec<Installed>,
    /// Files of its own that programs fail without and that are not there, as paths inside it.
    lacks: Vec<String>,
    /// What it showed when started; none without `deep`.
    deep: Option<Trial>,
}

/// Line of a start-up file.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SetIn {
    /// The file, the home folder written as `~`.
    file: String,
    /// One-based line.
    line: u64,
}

/// A program and the JDK it belongs to.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Program {
    /// Where it is, links not resolved.
    path: String,
    /// Home of its JDK; none where files do not tell.
    home: Option<String>,
    /// Feature release of its JDK; none where files do not tell.
    feature: Option<u64>,
    /// Full version of its JDK.
    version: Option<String>,
    /// Why home and version are not told.
    reason: Option<String>,
}

impl Kind for Jdk {
    type Arguments = Arguments;
    type Found = Found;
    const NAME: &'static str = "jdk";
    const UNTRUSTED: Option<&'static [(&'static str, Given)]> =
        Some(&[("tree", super::THIS_TREE), ("deep", Given::Only(&["run.deep"]))]);

    fn observe(world: World<'_>, arguments: Arguments) -> Result<Found, Unknown> {
        let tree = arguments.tree.as_deref().map(Path::new);
        let look = Look::new(world.system, tree);
        let mut found = look.found();
        if arguments.deep == Some(true) {
            look.start(&mut found);
        }
        Ok(found)
    }
}

/// What all parts of the observation are taken from.
struct Look<'a> {
    system: &'a dyn System,
    tree: Option<&'a Path>,
    mvn: Option<PathBuf>,
    java: Option<OnPath>,
    javac: Option<OnPath>,
    chosen: Option<Chosen>,
    jdk: Option<Installed>,
}

impl<'a> Look<'a> {
    fn new(system: &'a dyn System, tree: Option<&'a Path>) -> Self {
        let maven = locate::locate(system);
        let mvn = maven.as_ref().map(|maven| maven.path.clone());
        let java = path::find(system, "java", tree);
        let javac = path::find(system, "javac", tree);
        let chosen = chosen::decide(system, &launcher(system, maven), java.as_ref(), tree);
        let jdk = match chosen.as_ref().map(|chosen| &chosen.leads) {
            Some(Leads::Home(home)) => home::examine(system, home),
            _ => None,
        };
        Self { system, tree, mvn, java, javac, chosen, jdk }
    }

    fn found(&self) -> Found {
        let mut found = Found {
            java_on_path: self.java.as_ref().map(|java| self.program(java)),
            javac_on_path: self.javac.as_ref().map(|javac| self.program(javac)),
            jvm_config: self.tree.and_then(|tree| jvm_config(self.system, tree)),
            installed: installed::find(self.system, &self.known_homes()),
            ..Found::default()
        };
        match toolchains::read(self.system) {
            Ok(toolchains) => found.toolchains = toolchains,
            Err(reason) => found.toolchains_problem = Some(reason),
        }
        self.tell_chosen(&mut found);
        found.compiles_with = self.compiles_with(&found);
        found.disagreements = disagreements(&found);
        found
    }

    fn tell_chosen(&self, found: &mut Found) {
        let Some(chosen) = &self.chosen else {
            found.problem = Some("JAVA_HOME is not set and there is no java on PATH".into());
            return;
        };
        found.chosen_by = Some(chosen.by.clone());
        found.set_in = chosen.set_in.clone().map(|(file, line)| SetIn { file, line });
        found.present = !matches!(chosen.leads, Leads::Broken(_));
        match &chosen.leads {
            Leads::Home(home) => found.home = Some(home.to_string_lossy().into_owned()),
            Leads::Broken(reason) => found.problem = Some(reason.clone()),
            Leads::Untold(reason) => found.untold = Some(reason.clone()),
        }
        let Some(jdk) = self.jdk.clone() else { return };
        found.lacks = home::lacks(self.system, &jdk);
        found.version = jdk.version;
        found.feature = jdk.feature;
        found.vendor = jdk.vendor;
        found.version_from = jdk.version_from;
        found.compiler = jdk.compiler;
        found.doubt = jdk.doubt;
    }

    /// As Maven's compile step finds `javac`: beside JAVA_HOME as its environment has it, beside
    /// the running Java on macOS and up to Java 8, else on PATH.
    fn compiles_with(&self, found: &Found) -> Option<Program> {
        let (chosen, jdk) = (self.chosen.as_ref()?, self.jdk.as_ref()?);
        let beside = chosen.exported
            || jdk.feature.is_some_and(|feature| feature < 9)
            || self.system.platform().os == "macos";
        if !beside {
            return found.javac_on_path.clone();
        }
        jdk.compiler.then(|| Program {
            path: Path::new(&jdk.home).join("bin/javac").to_string_lossy().into_owned(),
            home: Some(jdk.home.clone()),
            feature: jdk.feature,
            version: jdk.version.clone(),
            reason: None,
        })
    }

    fn program(&self, on_path: &OnPath) -> Program {
        let jdk = on_path.jdk(self.system);
        Program {
            path: on_path.path.to_string_lossy().into_owned(),
            home: jdk.as_ref().map(|jdk| jdk.home.clone()),
            feature: jdk.as_ref().and_then(|jdk| jdk.feature),
            version: jdk.and_then(|jdk| jdk.version),
            reason: match &on_path.leads {
                Leads::Home(_) => None,
                Leads::Broken(reason) | Leads::Untold(reason) => Some(reason.clone()),
            },
        }
    }

    fn known_homes(&self) -> Vec<PathBuf> {
        let chosen = self.chosen.as_ref().map(|chosen| &chosen.leads);
        let on_path = [&self.java, &self.javac].into_iter().flatten().map(|it| &it.leads);
        let homes = chosen.into_iter().chain(on_path).filter_map(|leads| match leads {
            Leads::Home(home) => Some(home.clone()),
            _ => None,
        });
        homes.collect()
    }

    /// Starts the JDK; what it states outweighs its files.
    fn start(&self, found: &mut Found) {
        let Some(jdk) = &self.jdk else { return };
        let javac = found.compiles_with.as_ref().map(|javac| Path::new(&javac.path));
        let trial = trial::start(self.system, jdk, javac, self.mvn.as_deref());
        if let Some(version) = &trial.version {
            found.version = Some(version.clone());
            found.feature = trial.feature;
            found.version_from = Some("the started java".into());
            found.doubt = None;
        }
        found.deep = Some(trial);
    }
}

fn launcher(system: &dyn System, maven: Option<locate::Located>) -> Launcher {
    let Some(maven) = maven else {
        let files = locate::usual_start_up_files(system);
        return Launcher {
            start_up_files: files.into_iter().map(file).collect(),
            fallback: None,
            manager: None,
        };
    };
    let by = format!("JAVA_HOME set by {} itself", maven.path.display());
    Launcher {
        start_up_files: maven.start_up_files.into_iter().map(file).collect(),
        fallback: maven.java_home.map(|home| (home, by)),
        manager: maven.shim_of.and_then(Manager::named),
    }
}

fn file(file: locate::StartUpFile) -> StartUpFile {
    let locate::StartUpFile { path, only_without_java_home } = file;
    StartUpFile { path, only_without_java_home }
}

fn jvm_config(system: &dyn System, tree: &Path) -> Option<String> {
    if system.kind(tree) != Some(PathKind::Folder) {
        return None;
    }
    let bytes = read_in_tree(system, tree, ".mvn/jvm.config", 4096)?;
    Some(String::from_utf8_lossy(&bytes).trim().to_owned())
}

fn disagreements(found: &Found) -> Vec<String> {
    let (Some(feature), Some(home)) = (found.feature, &found.home) else { return Vec::new() };
    let other = |name: &str, program: &Option<Program>| {
        let program = program.as_ref()?;
        let theirs = program.feature.filter(|theirs| *theirs != feature)?;
        let at = program.home.as_deref().unwrap_or(&program.path);
        Some(format!("{name} on PATH is {theirs} ({at}), but Maven runs on {feature} ({home})"))
    };
    let java = other("java", &found.java_on_path);
    java.into_iter().chain(other("javac", &found.javac_on_path)).collect()
}
