//! What the work tree itself brings: reads its `.onramp` once, decides whether it is trusted on this
//! run, and adds to the packs what may count. Runs nothing, and writes nothing but the private copy
//! of programs that are trusted.

use std::io;
use std::path::{Path, PathBuf};

use crate::finding::Finding;
use crate::git::{Live, Repositories};
use crate::pack::load::{File, Packs};
use crate::pack::{Engine, Origin, Vocabulary};
use crate::sys::{System, Workbench};
use crate::trust::closure::{self, Closure};
use crate::trust::standing::{self, Facts, Flag, Standing};
use crate::trust::store::{Store, is_hash};
use crate::trust::take::{self, Sound, Taken};
use crate::trust::{PROBES, WAIVERS, tell};
use crate::waiver::{self, Waiver};

use super::args::Global;
use super::terminal;
use super::trouble::Trouble;

/// A tree's `.onramp` on this run.
#[derive(Debug, Clone)]
pub struct Brought {
    /// The work tree.
    pub tree: PathBuf,
    /// What is in it; none where it was refused as a whole.
    pub closure: Option<Closure>,
    /// Whether it is trusted.
    pub standing: Standing,
    /// What of it counts, as long as it is not trusted.
    pub taken: Taken,
}

impl Brought {
    /// Looks at the `.onramp` of a work tree; `None` where there is none.
    ///
    /// # Errors
    /// A flag that trusts another hash than that of what is there.
    pub fn look(
        system: &dyn System,
        global: &Global,
        tree: &Path,
    ) -> Result<Option<Self>, Trouble> {
        let flag = flag(global)?;
        let brought = |closure, standing| Self {
            tree: tree.to_owned(),
            closure,
            standing,
            taken: Taken::default(),
        };
        let closure = match closure::read(system, tree) {
            Ok(Some(closure)) => closure,
            Ok(None) if matches!(flag, Flag::Hash(_)) => {
                return Err(Trouble::usage("there is no .onramp here that could be trusted")
                    .remedy("leave --trust-tree out, or go where it lies"));
            }
            Ok(None) => return Ok(None),
            Err(reason) => {
                let mut refused = brought(None, Standing::Never);
                refused.taken.mistakes.push(format!("{reason}; nothing of the folder counts"));
                return Ok(Some(refused));
            }
        };
        let standing = standing_of(system, tree, &closure, &flag)?;
        Ok(Some(brought(Some(closure), standing)))
    }

    /// Reads what is in it and has its mistakes told.
    pub fn sound(
        &mut self,
        engine: &Engine,
        vocabulary: Vocabulary<'_>,
        wanted: impl Fn(&str) -> bool,
    ) -> Sound {
        let origin = Origin::Tree { trusted: self.standing.trusted() };
        let Some(closure) = &self.closure else { return Sound::default() };
        let vocabulary = take::with_programs(vocabulary, closure);
        let mut sound = take::sound(closure, &origin, engine, &vocabulary, wanted);
        self.taken.mistakes.append(&mut sound.mistakes);
        sound
    }

    /// The files that count like those of a folder of the user's: none before it is trusted.
    #[must_use]
    pub fn files(&self, sound: &Sound) -> Vec<File> {
        if self.standing.trusted() { sound.files.clone() } else { Vec::new() }
    }

    /// Adds what counts although nobody trusts it, or the severities of one that is trusted.
    pub fn add_to(&mut self, packs: &mut Packs, sound: Sound) {
        let Some(closure) = &self.closure else { return };
        if !self.standing.trusted() {
            let mistakes = std::mem::take(&mut self.taken.mistakes);
            self.taken = Taken { mistakes, ..take::take(sound, closure, packs) };
            return;
        }
        for (id, severity) in sound.severities {
            if let Some(check) = packs.checks.get_mut(&id) {
                check.severity = severity;
            }
        }
    }

    /// The folder with the tree's programs, where it is trusted and has any: the private copy, so
    /// that what runs is what was trusted, whatever became of the tree since.
    ///
    /// # Errors
    /// Where the copy cannot be made.
    pub fn programs(&self, bench: &dyn Workbench) -> io::Result<Option<PathBuf>> {
        let trusted = self.closure.as_ref().filter(|_| self.standing.trusted());
        let Some(closure) = trusted.filter(|closure| closure.has_programs()) else {
            return Ok(None);
        };
        let store = Store::of(bench).ok_or_else(|| io::Error::other("there is no home folder"))?;
        Ok(Some(store.keep(bench, closure)?.join(PROBES)))
    }

    /// The same with nothing of it, because the packs cannot be used together with it.
    #[must_use]
    pub fn left_out(&self, reason: &str) -> Self {
        let mut taken = Taken::default();
        let reason = reason.split_whitespace().collect::<Vec<_>>().join(" ");
        taken.mistakes.push(format!("with this work tree's .onramp: {reason}"));
        Self { closure: None, taken, ..self.clone() }
    }

    /// What there is to tell about it.
    #[must_use]
    pub fn findings(&self) -> Vec<Finding> {
        let programs = self.closure.as_ref().is_some_and(Closure::has_programs);
        tell::findings(&self.standing, &self.taken, programs)
    }

    /// Where it stands and what of it counts, in a phrase.
    #[must_use]
    pub fn summary(&self) -> String {
        let Taken { added, raised, left_out, .. } = &self.taken;
        let standing = &self.standing;
        if standing.trusted() {
            return format!("this work tree's .onramp: {standing}");
        }
        format!(
            "this work tree's .onramp: {standing}; {} added, {} raised, {} left out",
            added.len(),
            raised.len(),
            left_out.len()
        )
    }

    /// The tree's waivers, where it is trusted; those with mistakes are told like others of its
    /// files.
    pub fn read_waivers(&mut self) -> Vec<Waiver> {
        let trusted = self.closure.as_ref().filter(|_| self.standing.trusted());
        let Some(file) = trusted.and_then(|closure| closure.file(WAIVERS)) else {
            return Vec::new();
        };
        let shown = format!(".onramp/{WAIVERS}");
        let read = match std::str::from_utf8(&file.content) {
            Ok(text) => waiver::read(&shown, text)
                .map_err(|problems| problems.iter().map(ToString::to_string).collect()),
            Err(_) => Err(vec![format!("{shown}: not UTF-8 text")]),
        };
        read.unwrap_or_else(|mistakes: Vec<String>| {
            self.taken.mistakes.extend(mistakes);
            Vec::new()
        })
    }
}

fn flag(global: &Global) -> Result<Flag, Trouble> {
    match global.trust_tree.as_ref().map(Option::as_deref) {
        None => Ok(Flag::Absent),
        Some(None) => Ok(Flag::Any),
        Some(Some(hash)) if is_hash(hash) => Ok(Flag::Hash(hash.to_owned())),
        Some(Some(_)) => Err(Trouble::usage("--trust-tree takes a SHA-256 of 64 digits")
            .remedy("`onramp trust --show` prints it")),
    }
}

fn standing_of(
    system: &dyn System,
    tree: &Path,
    closure: &Closure,
    flag: &Flag,
) -> Result<Standing, Trouble> {
    let record = Store::of(system).map_or(Ok(None), |store| store.record(system, tree));
    let facts = Facts {
        hash: &closure.hash,
        flag,
        record,
        unattended: unattended(system),
        foreign: || foreign(system, tree, closure),
    };
    standing::standing(facts).map_err(|there| {
        Trouble::usage(format!(
            "this work tree's .onramp has the SHA-256 {there}, not the one given"
        ))
        .remedy("look at it with `onramp trust --show` before you trust the new one")
    })
}

/// Why nobody could be asked here: trust given by habit must not reach machines that run by
/// themselves.
fn unattended(system: &dyn System) -> Option<&'static str> {
    if in_ci(system) {
        return Some("this is CI, where only --trust-tree counts");
    }
    (!terminal::attended()).then_some("there is no terminal, so only --trust-tree counts")
}

/// Whether nobody sits here, whatever the terminal says.
pub(super) fn in_ci(system: &dyn System) -> bool {
    system.env("CI").is_some_and(|value| value != "false" && value != "0")
}

/// Why the tree is somebody else's.
#[must_use]
pub fn foreign(system: &dyn System, tree: &Path, closure: &Closure) -> Option<String> {
    let user = system.user();
    if system.owner(tree).ok() != Some(user) {
        return Some(format!("{} belongs to another user", tree.display()));
    }
    if closure.owners != [user] {
        return Some("its .onramp belongs to another user".to_owned());
    }
    match Live::new(system).fetched_request(tree) {
        Ok(request) => request,
        Err(reason) => Some(format!("whose work is checked out cannot be told: {reason}")),
    }
}
