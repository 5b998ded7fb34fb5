//! What one installed JDK says about itself in its own files. Starts no JVM; a `release` file that
//! its neighbours contradict is reported as doubt, not repaired.

use std::path::Path;

use schemars::JsonSchema;
use serde::Serialize;

use crate::sys::{Kind, System, read_archive_entry};
use crate::version;

/// One JDK or JRE on disk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Jdk {
    /// Its folder, the value `JAVA_HOME` would take.
    pub home: String,
    /// Feature release, such as 17.
    pub feature: Option<u64>,
    /// Full version, such as `17.0.15`.
    pub version: Option<String>,
    /// Who built it.
    pub vendor: Option<String>,
    /// Whether it has `bin/javac`: without it, it runs programs but compiles none.
    pub compiler: bool,
    /// Where the version was read: `release`, `lib/jrt-fs.jar`, `rt.jar` or `the folder's name`.
    pub version_from: Option<String>,
    /// Why the version may be wrong.
    pub doubt: Option<String>,
}

/// Reads the JDK in `home`; `None` where there is no `bin/java`.
#[must_use]
pub fn read(system: &dyn System, home: &Path) -> Option<Jdk> {
    is_file(system, home, "bin/java").then(|| {
        let mut jdk = Jdk {
            home: home.to_string_lossy().into_owned(),
            feature: None,
            version: None,
            vendor: None,
            compiler: is_file(system, home, "bin/javac"),
            version_from: None,
            doubt: None,
        };
        let told = from_release(system, home, &mut jdk)
            || from_runtime_jar(system, home, &mut jdk)
            || from_old_layout(system, home, &mut jdk)
            || from_folder_name(home, &mut jdk);
        if !told {
            jdk.doubt = Some("it has no `release` file and nothing else tells its version".into());
        }
        jdk
    })
}

/// Reads like [`read`] and holds the version against the other files: for the one JDK that counts.
#[must_use]
pub fn examine(system: &dyn System, home: &Path) -> Option<Jdk> {
    let mut jdk = read(system, home)?;
    if jdk.version_from.as_deref() == Some("release") {
        jdk.doubt = contradiction(system, home, &jdk);
    }
    Some(jdk)
}

/// Files of a JDK that programs fail without and that are not there, or that a link should lead to:
/// some distributions pack them by themselves.
#[must_use]
pub fn lacks(system: &dyn System, jdk: &Jdk) -> Vec<String> {
    let home = Path::new(&jdk.home);
    let zones = ["lib/tzdb.dat", "jre/lib/tzdb.dat"];
    let there = zones.iter().any(|inside| is_file(system, home, inside));
    if there { Vec::new() } else { vec![zones[0].to_owned()] }
}

fn from_release(system: &dyn System, home: &Path, jdk: &mut Jdk) -> bool {
    let Some(text) = text(system, &home.join("release")) else { return false };
    let field = |name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('='));
        line.map(|value| value.trim().trim_matches('"').to_owned()).filter(|it| !it.is_empty())
    };
    jdk.vendor = field("IMPLEMENTOR");
    jdk.version = field("JAVA_VERSION").or_else(|| field("JAVA_RUNTIME_VERSION"));
    tell(jdk, "release")
}

/// Every JDK since 9 carries this small jar for tools that run on older ones.
fn from_runtime_jar(system: &dyn System, home: &Path, jdk: &mut Jdk) -> bool {
    let Some((version, vendor)) = runtime_jar(system, home) else { return false };
    jdk.version = Some(version);
    jdk.vendor = vendor;
    tell(jdk, "lib/jrt-fs.jar")
}

fn from_old_layout(system: &dyn System, home: &Path, jdk: &mut Jdk) -> bool {
    let old = has_old_layout(system, home);
    if old {
        jdk.feature = Some(8);
        jdk.version_from = Some("rt.jar".into());
        jdk.doubt = Some("it has no `release` file; its rt.jar means Java 8 or older".into());
    }
    old
}

fn from_folder_name(home: &Path, jdk: &mut Jdk) -> bool {
    // On macOS the telling name stands two folders up: `temurin-17.jdk/Contents/Home`.
    let bundle = home.ends_with("Contents/Home").then(|| home.ancestors().nth(2)).flatten();
    let name = bundle.unwrap_or(home).file_name().unwrap_or_default().to_string_lossy();
    let start = name.find(|c: char| c.is_ascii_digit());
    jdk.feature = start.and_then(|at| version::java_feature(&name[at..]));
    let Some(feature) = jdk.feature else { return false };
    jdk.version_from = Some("the folder's name".into());
    jdk.doubt = Some(format!("it has no `release` file; {feature} is read from its folder's name"));
    true
}

fn tell(jdk: &mut Jdk, from: &str) -> bool {
    jdk.feature = jdk.version.as_deref().and_then(version::java_feature);
    jdk.version_from = jdk.feature.map(|_| from.to_owned());
    jdk.feature.is_some()
}

fn contradiction(system: &dyn System, home: &Path, jdk: &Jdk) -> Option<String> {
    let feature = jdk.feature?;
    let modular = system.kind(&home.join("lib/modules")).is_some();
    if feature >= 9 && has_old_layout(system, home) {
        return Some(format!("its `release` file says {feature}, but its rt.jar means Java 8"));
    }
    if feature >= 9 && !modular && system.kind(&home.join("modules")).is_none() {
        return Some(format!("its `release` file says {feature}, but lib/modules is missing"));
    }
    if feature < 9 && modular {
        return Some(format!(
            "its `release` file says {feature}, but lib/modules means 9 or newer"
        ));
    }
    let (inside, _) = runtime_jar(system, home)?;
    let differs = version::java_feature(&inside).is_some_and(|inside| inside != feature);
    differs
        .then(|| format!("its `release` file says {feature}, but its lib/jrt-fs.jar says {inside}"))
}

fn runtime_jar(system: &dyn System, home: &Path) -> Option<(String, Option<String>)> {
    let jar = home.join("lib/jrt-fs.jar");
    let bytes = read_archive_entry(system, &jar, "META-INF/MANIFEST.MF", 64 * 1024).ok()?;
    let manifest = String::from_utf8(bytes).ok()?;
    let field = |name: &str| {
        let line = manifest.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
        line.map(|value| value.trim().to_owned())
    };
    Some((field("Implementation-Version")?, field("Implementation-Vendor")))
}

fn has_old_layout(system: &dyn System, home: &Path) -> bool {
    is_file(system, home, "jre/lib/rt.jar") || is_file(system, home, "lib/rt.jar")
}

fn is_file(system: &dyn System, home: &Path, inside: &str) -> bool {
    system.kind(&home.join(inside)) == Some(Kind::File)
}

/// A small text file; `None` where it is missing, large or not text.
pub(super) fn text(system: &dyn System, path: &Path) -> Option<String> {
    String::from_utf8(system.read(path, 64 * 1024).ok()?).ok()
}
