//! The class-data archive of a JDK: its compiler's classes as the JVM holds them, so that each of a
//! build's many short-lived compilers need not read and check them anew. Made once per JDK in the
//! user's own cache folder; nobody else may have written it, and nothing in a work tree is ever
//! taken for one, because a JVM believes what it finds in it. Where it cannot be made, nothing is
//! lost but speed.

use std::io::{self, SeekFrom};
use std::path::{Path, PathBuf};
use std::time::Duration;

use sha2::{Digest, Sha256};

use crate::sys::{Access, Command, Kind, System, Workbench};

/// Goes up whenever the same JDK would get another archive.
const RULES: &str = "onramp class data 1";
/// Five times what a JDK's compiler takes.
const LARGEST: u64 = 64 << 20;
const LARGEST_RELEASE: u64 = 64 << 10;
/// The first release whose JVM writes an archive when it ends, on top of its own.
const FIRST: u64 = 13;
/// On a busy machine a compiler takes long.
const PATIENCE: Duration = Duration::from_secs(60);
/// What the compiler has to do while its classes are looked at: a bit of everything.
const SAMPLE: &str = include_str!("Sample.java");

/// Where the archive of one JDK lies, or will.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    home: PathBuf,
    folder: PathBuf,
    name: String,
}

impl Place {
    /// For the JDK in `home`; `None` where it, or the user's cache folder, cannot be used: a JDK
    /// too old or without an archive of its own, a JDK or cache inside the work tree.
    #[must_use]
    pub fn of(system: &dyn System, home: &Path, tree: Option<&Path>) -> Option<Self> {
        let home = system.real_path(home).ok()?;
        let release = system.read(&home.join("release"), LARGEST_RELEASE).ok()?;
        let feature = super::home::read(system, &home)?.feature?;
        // What is made stands on the archive that comes with the JDK.
        let own = home.join("lib/server/classes.jsa");
        if feature < FIRST || system.kind(&own) != Some(Kind::File) {
            return None;
        }
        let cache = system.env("XDG_CACHE_HOME").map(PathBuf::from);
        let cache = cache.filter(|path| path.is_absolute());
        let cache = cache.or_else(|| Some(system.home()?.join(".cache")))?;
        let folder = cache.join("onramp/class-data");
        let real = |path: &Path| path.ancestors().find_map(|part| system.real_path(part).ok());
        let tree = tree.and_then(real);
        let inside = |path: &Path| {
            tree.as_ref().is_some_and(|tree| real(path).is_none_or(|real| real.starts_with(tree)))
        };
        if inside(&home) || inside(&folder) {
            return None;
        }
        let mut identity = RULES.as_bytes().to_vec();
        identity.extend([0]);
        identity.extend(release);
        let name = format!("{}-{}", short(home.as_os_str().as_encoded_bytes()), short(&identity));
        Some(Self { home, folder, name })
    }

    /// The archive's path.
    #[must_use]
    pub fn archive(&self) -> PathBuf {
        self.folder.join(format!("{}.jsa", self.name))
    }

    /// Says how long the archive is; written last, so that without it there is none.
    fn seal(&self) -> PathBuf {
        self.folder.join(format!("{}.length", self.name))
    }

    /// Whether the archive is there, whole, and written by this user alone. A JVM that is given a
    /// part of one crashes.
    #[must_use]
    pub fn ready(&self, system: &dyn System) -> bool {
        let own = |path: &Path| {
            let others = system.mode(path).map_or(true, |mode| mode & 0o022 != 0);
            !others && system.owner(path).is_ok_and(|owner| owner == system.user())
        };
        let archive = self.archive();
        if !own(&self.folder) || !own(&archive) {
            return false;
        }
        let sealed = system.read_private(&self.seal(), 64).ok();
        let sealed = sealed.and_then(|text| String::from_utf8(text).ok());
        let length =
            system.open(&archive, LARGEST).and_then(|mut file| file.seek(SeekFrom::End(0))).ok();
        length.is_some() && sealed.and_then(|text| text.trim().parse::<u64>().ok()) == length
    }

    /// Makes the archive, in some two seconds, and proves it by compiling with it.
    ///
    /// # Errors
    /// Why it could not be made; nothing is left behind then.
    pub fn make(&self, bench: &dyn Workbench) -> io::Result<()> {
        let owner = self.folder.ancestors().find_map(|folder| bench.owner(folder).ok());
        if owner != Some(bench.user()) {
            let text = format!("{} belongs to another user", self.folder.display());
            return Err(io::Error::other(text));
        }
        bench.create_private_folder(&self.folder)?;
        self.remove_older(bench);
        let room = bench.temporary_folder()?;
        let fresh = room.path().join("fresh.jsa");
        self.compile(bench, "-J-XX:ArchiveClassesAtExit=", &fresh)?;
        let content = bench.read(&fresh, LARGEST)?;
        let _ = bench.remove_file(&self.seal());
        bench.write(&self.archive(), &content, Access::Private)?;
        let proven = self.compile(bench, "-J-XX:SharedArchiveFile=", &self.archive());
        let sealed = proven.and_then(|()| {
            bench.write(&self.seal(), content.len().to_string().as_bytes(), Access::Private)
        });
        if sealed.is_err() {
            let _ = bench.remove_file(&self.archive());
        }
        sealed
    }

    /// Compiles the sample with an archive to write or to read.
    fn compile(&self, bench: &dyn Workbench, option: &str, archive: &Path) -> io::Result<()> {
        let mut with = std::ffi::OsString::from(option);
        with.push(archive);
        let command = Command::question(self.home.join("bin/javac"))
            .args([with])
            .args(["-J-XX:+UseSerialGC", "-J-XX:TieredStopAtLevel=1", "-g", "-nowarn", "-cp"])
            .args([self.home.join("lib/jrt-fs.jar")])
            .args(["-d", ".", "Sample.java"])
            .scratch_file("Sample.java", SAMPLE)
            .within(PATIENCE);
        let output = bench.run(&command).map_err(|error| io::Error::other(error.to_string()))?;
        if output.ok() {
            return Ok(());
        }
        let said = String::from_utf8_lossy(&output.err);
        let first = said.lines().next().unwrap_or("nothing").to_owned();
        Err(io::Error::other(format!("the compiler did not run, and said: {first}")))
    }

    /// Archives of this JDK as it was before an update are of no use to anybody.
    fn remove_older(&self, bench: &dyn Workbench) {
        let jdk = self.name.split('-').next().unwrap_or_default();
        for name in bench.list(&self.folder).unwrap_or_default() {
            let text = name.to_string_lossy();
            if text.starts_with(jdk) && !text.starts_with(&self.name) {
                // What cannot be removed is merely never used.
                let _ = bench.remove_file(&self.folder.join(&name));
            }
        }
    }
}

fn short(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().take(12).map(|byte| format!("{byte:02x}")).collect()
}
