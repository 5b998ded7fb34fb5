//! Which Maven builds: the one on PATH, the one that the tree's wrapper asks for where it is here
//! already, or, only where somebody asks for them, the wrapper itself, a daemon, a build cache. Looks
//! at files only; runs nothing.

use std::path::{Path, PathBuf};

use super::build::BuildArgs;
use super::trouble::Trouble;
use crate::maven::build_cache;
use crate::maven::locate::{self, Wrapper};
use crate::sys::{Kind, System};

/// The Maven for a build.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Maven {
    /// What is started, absolute.
    pub program: PathBuf,
    /// Its version, where known.
    pub version: Option<String>,
    /// It is the one on PATH.
    pub usual: bool,
    /// What is to be said of it.
    pub notes: Vec<String>,
    /// Words for its command line.
    pub words: Vec<String>,
    /// It may take results of earlier builds: no evidence for a request.
    pub reuses: bool,
    /// It leaves a daemon behind that is meant to stay.
    pub leaves: bool,
}

/// The Maven on PATH, as far as it was found.
pub struct OnPath {
    /// Where it is.
    pub path: Option<PathBuf>,
    /// Its version.
    pub version: Option<String>,
}

/// Chooses.
///
/// # Errors
/// No Maven, or none of the kind that was asked for.
pub fn choose(
    system: &dyn System,
    root: &Path,
    args: &BuildArgs,
    found: OnPath,
    offline: bool,
) -> Result<Maven, Trouble> {
    let wrapper = locate::wrapper(system, root);
    let mut maven = match (&wrapper, args.daemon) {
        (_, true) => daemon(system)?,
        (None, false) if args.wrapper => {
            let what = format!("--wrapper: {} has no Maven wrapper", root.display());
            return Err(Trouble::usage(what).remedy("leave it out: your own Maven then builds"));
        }
        (None, false) => on_path(found, None)?,
        (Some(wrapper), false) => wrapped(system, root, args, found, wrapper, offline)?,
    };
    cache(system, root, args, &mut maven)?;
    Ok(maven)
}

fn on_path(found: OnPath, wrapper: Option<&Wrapper>) -> Result<Maven, Trouble> {
    let OnPath { path, version } = found;
    let program = path.ok_or_else(|| {
        let remedy = match wrapper {
            Some(wrapper) => format!(
                "`onramp check maven` says how to install it; `onramp build --wrapper` runs the tree's \
                 own mvnw, which {}",
                downloads(wrapper)
            ),
            None => "`onramp check maven` says how to install it".to_owned(),
        };
        Trouble::usage("Maven is not installed: there is no `mvn` on PATH").remedy(remedy)
    })?;
    Ok(Maven { program, version, usual: true, ..Maven::default() })
}

fn downloads(wrapper: &Wrapper) -> String {
    let version = wrapper.version.as_deref().unwrap_or("of a version it does not name");
    let from = wrapper.url.as_deref().map(|url| format!(" from {url}")).unwrap_or_default();
    format!("downloads Maven {version}{from}")
}

/// The version that the wrapper names where it is here; else the one on PATH, or the wrapper itself
/// where it is asked for: it is the tree's code, and downloads.
fn wrapped(
    system: &dyn System,
    root: &Path,
    args: &BuildArgs,
    found: OnPath,
    wrapper: &Wrapper,
    offline: bool,
) -> Result<Maven, Trouble> {
    let asked = wrapper.version.as_deref();
    if found.path.is_some() && asked.is_some() && found.version.as_deref() == asked {
        return on_path(found, Some(wrapper));
    }
    if let Some(program) = asked.and_then(|version| locate::unpacked(system, version)) {
        let note = format!("the version that {} asks for, downloaded before", wrapper.path);
        let (version, notes) = (wrapper.version.clone(), vec![note]);
        return Ok(Maven { program, version, notes, ..Maven::default() });
    }
    if !args.wrapper {
        let mut maven = on_path(found, Some(wrapper))?;
        maven.notes.push(format!(
            "yours, and not the {} that {} asks for; --wrapper runs the tree's own mvnw, which {}",
            asked.unwrap_or("one"),
            wrapper.path,
            downloads(wrapper)
        ));
        return Ok(maven);
    }
    let program = root.join("mvnw");
    if system.kind(&program) != Some(Kind::File) {
        let what = format!("--wrapper: there is no {}", program.display());
        return Err(Trouble::usage(what).remedy("leave it out: your own Maven then builds"));
    }
    if offline {
        let what = format!("--wrapper: mvnw {}, and --offline forbids that", downloads(wrapper));
        return Err(Trouble::usage(what).remedy("leave one of the two out"));
    }
    let note = format!("the tree's own mvnw, which {} and runs it", downloads(wrapper));
    Ok(Maven { program, version: wrapper.version.clone(), notes: vec![note], ..Maven::default() })
}

fn daemon(system: &dyn System) -> Result<Maven, Trouble> {
    let program = system.find_program("mvnd").ok_or_else(|| {
        Trouble::usage("--daemon: there is no `mvnd` on PATH").remedy(
            "install it from https://maven.apache.org/tools/mvnd.html, or leave --daemon out; \
             mvnsh of Maven 4 is a shell to type into, and not used",
        )
    })?;
    let note = "a daemon, as asked for: it stays when the build ends, has memory settings of its own, \
                and what it builds is no evidence for a request";
    let notes = vec![note.to_owned()];
    Ok(Maven { program, notes, reuses: true, leaves: true, ..Maven::default() })
}

/// A build cache that the tree brings is used only where it is asked for: what comes from it was not
/// built here and now.
fn cache(
    system: &dyn System,
    root: &Path,
    args: &BuildArgs,
    maven: &mut Maven,
) -> Result<(), Trouble> {
    match (build_cache::brought(system, root), args.cache) {
        (false, false) => {}
        (false, true) => {
            let what = format!("--cache: {} names no build cache", build_cache::PLACE);
            return Err(Trouble::usage(what).remedy(
                "leave it out; the project would have to bring maven-build-cache-extension",
            ));
        }
        (true, true) => {
            maven.reuses = true;
            maven.notes.push(
                "with the build cache of the tree, as asked for: what comes from it is no evidence \
                 for a request"
                    .to_owned(),
            );
        }
        (true, false) => {
            maven.words.push(build_cache::OFF.to_owned());
            maven.notes.push("without the build cache of the tree; --cache uses it".to_owned());
        }
    }
    Ok(())
}
