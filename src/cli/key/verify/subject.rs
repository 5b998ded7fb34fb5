//! What is to be verified: the commits, the tag or the file that somebody's words name. Tells a
//! revision from a file of the same name, and says which it took.

use std::io;
use std::path::{Path, PathBuf};

use crate::cli::Session;
use crate::cli::pr_plan;
use crate::cli::trouble::Trouble;
use crate::exit::Exit;
use crate::git::{Aim, Repositories, Unreadable};
use crate::pack::suggest::near;
use crate::signature::detached::{self, Other};
use crate::sys::{Kind, System};

use super::gathered::Gathered;
use super::place::Place;

/// Endings of signatures' names.
const ENDINGS: [&str; 3] = [".asc", ".sig", ".sign"];
/// A signature takes a few hundred bytes.
const SIGNATURE_LIMIT: u64 = 1 << 20;
/// Largest file checked: it is held in memory.
const CONTENT_LIMIT: u64 = 512 << 20;

/// What is to be verified.
pub(super) enum Subject {
    /// Part of a history.
    History(Box<History>),
    /// A file.
    File(Signed),
}

/// Part of a history.
pub(super) struct History {
    pub(super) tree: PathBuf,
    /// What is meant.
    pub(super) aim: Aim,
    /// What was read of it in finding out.
    pub(super) gathered: Gathered,
    /// The words for it.
    words: String,
}

impl History {
    /// What these words name.
    fn named(git: &dyn Repositories, tree: &Path, words: &str) -> Result<Self, Unreadable> {
        let mut gathered = Gathered::default();
        let aim = git.aim(tree, words, &mut |signable| gathered.take(signable))?;
        Ok(Self { tree: tree.to_owned(), aim, gathered, words: words.to_owned() })
    }
}

/// A file with its signatures.
pub(super) struct Signed {
    /// The name it was given.
    pub(super) name: String,
    /// What was signed.
    pub(super) content: Vec<u8>,
    /// One or more signatures over it.
    pub(super) signatures: Vec<Vec<u8>>,
    words: String,
    notes: Vec<String>,
}

impl Subject {
    /// The words for it, and how they were understood.
    pub(super) fn told(&self) -> (String, Vec<String>) {
        match self {
            Self::History(history) => (history.words.clone(), history.aim.notes.clone()),
            Self::File(file) => (file.words.clone(), file.notes.clone()),
        }
    }

    /// Why it is not whole.
    pub(super) fn cut(&self) -> Option<String> {
        match self {
            Self::History(history) => history.aim.cut.as_ref().map(ToString::to_string),
            Self::File(_) => None,
        }
    }
}

/// Finds out.
pub(super) fn find(
    session: &Session<'_>,
    place: &Place<'_>,
    what: Option<&str>,
    file: Option<&Path>,
) -> Result<Subject, Trouble> {
    let tree = place.tree.as_deref().unwrap_or(&place.folder);
    let subject = match (what, file) {
        (None, _) => since_base(session, place, tree)?,
        (Some(signature), Some(file)) => signed(session, place, signature, Some(file))?,
        (Some(words), None) => either(session, place, tree, words)?,
    };
    match &subject {
        Subject::History(history) if history.aim.ids.is_empty() => {
            Err(super::nothing(format!("there are no commits in {}", history.words)))
        }
        _ => Ok(subject),
    }
}

/// The commits that `check patch` looks at.
fn since_base(session: &Session<'_>, place: &Place<'_>, tree: &Path) -> Result<Subject, Trouble> {
    let git = session.machine.world().git;
    let wanted = pr_plan::wanted(place.workspace()?, None);
    let base = git.commits(tree, &wanted, 0).map_err(unreadable)?.base;
    let history = History::named(git, tree, &format!("{}..HEAD", base.id)).map_err(unreadable)?;
    let words = format!("{}..HEAD", base.reference);
    Ok(Subject::History(Box::new(History { words, ..history })))
}

/// A revision or a file, whichever there is.
fn either(
    session: &Session<'_>,
    place: &Place<'_>,
    tree: &Path,
    words: &str,
) -> Result<Subject, Trouble> {
    let git = session.machine.world().git;
    let kind = session.bench.kind(&place.folder.join(words));
    let ends = ENDINGS.iter().any(|end| words.ends_with(end));
    let is_file = matches!(kind, Some(Kind::File | Kind::Other));
    match History::named(git, tree, words) {
        Ok(mut history) if is_file && !ends => {
            let note = format!("there is a file {words} as well: ./{words} names that");
            history.aim.notes.push(note);
            Ok(Subject::History(Box::new(history)))
        }
        Ok(history) if !is_file => Ok(Subject::History(Box::new(history))),
        revision if is_file => {
            let mut found = signed(session, place, words, None)?;
            if let (Subject::File(file), Ok(_)) = (&mut found, revision) {
                file.notes
                    .push(format!("there is a revision {words} as well, which is not looked at"));
            }
            Ok(found)
        }
        _ if ends => Err(Trouble::usage(format!("there is no file {words} here")).remedy(
            "name the signature by its path; releases keep it beside the file they publish",
        )),
        _ if words == "-" => Err(Trouble::usage("signatures are not read from standard input")
            .remedy("save it to a file and name that")),
        Ok(history) => Ok(Subject::History(Box::new(history))),
        Err(reason) => Err(unknown(session, tree, reason)),
    }
}

/// A revision that is not there, with the one that was probably meant.
fn unknown(session: &Session<'_>, tree: &Path, reason: Unreadable) -> Trouble {
    let Unreadable::Revision(name) = &reason else { return unreadable(reason) };
    let git = session.machine.world().git;
    let names = git.names(tree).unwrap_or_default();
    let base = name.split(['~', '^', '@', ':']).next().unwrap_or(name);
    let remedy = match near(base, names.iter().map(String::as_str)) {
        Some(near) if near != base => format!("did you mean {near}?"),
        _ if git.state(tree).is_ok_and(|state| state.shallow) => {
            "this clone is shallow: git fetch --unshallow brings older commits".to_owned()
        }
        _ => "name a branch, a tag, a commit id or a file; git fetch upstream brings the project's"
            .to_owned(),
    };
    Trouble::usage(reason.to_string()).remedy(remedy)
}

/// A history that cannot be read: wrong words, or a part that is not here.
pub(super) fn unreadable(reason: Unreadable) -> Trouble {
    let remedy = match &reason {
        Unreadable::NotARepository(_) => {
            Some("run it inside the clone, or name the folder with -C")
        }
        Unreadable::NoBase(_) => Some("or name the range, as in `onramp key verify main..HEAD`"),
        Unreadable::Unsigned(..) | Unreadable::Ambiguous(_) => Some("name a commit or a tag"),
        _ => None,
    };
    let exit = match &reason {
        Unreadable::Missing(..)
        | Unreadable::Shallow
        | Unreadable::Format(_)
        | Unreadable::Damaged(_) => Exit::Incomplete,
        _ => Exit::Usage,
    };
    let trouble = Trouble::new(exit, reason.to_string());
    match remedy {
        Some(remedy) => trouble.remedy(remedy),
        None => trouble,
    }
}

/// A signature in a file of its own, and what it signs.
fn signed(
    session: &Session<'_>,
    place: &Place<'_>,
    name: &str,
    file: Option<&Path>,
) -> Result<Subject, Trouble> {
    let (system, folder): (&dyn System, _) = (session.bench, &place.folder);
    let content = read(system, &folder.join(name), name, SIGNATURE_LIMIT)?;
    let signatures = detached::signatures(&content)
        .map_err(|other| no_signature(system, folder, name, other))?;
    let of = file
        .map(|file| file.display().to_string())
        .or_else(|| ENDINGS.iter().find_map(|end| name.strip_suffix(end)).map(str::to_owned));
    let Some(of) = of else {
        return Err(Trouble::usage(format!("{name} is a signature, but of which file?"))
            .remedy(format!("name it: onramp key verify {name} FILE")));
    };
    let path = file.map_or_else(|| folder.join(&of), |file| folder.join(file));
    if file.is_none() && system.kind(&path).is_none() {
        return Err(Trouble::usage(format!("{name} signs {of}, which is not here")).remedy(
            format!("put it beside the signature, or name it: onramp key verify {name} FILE"),
        ));
    }
    let content =
        read(system, &path, &of, CONTENT_LIMIT).map_err(|trouble| match trouble.exit {
            Exit::Incomplete => {
                trouble.remedy(format!("gpg --verify {name} {of} reads it bit by bit"))
            }
            _ => trouble,
        })?;
    let mut notes = Vec::new();
    if signatures.len() > 1 {
        notes.push(format!("{name} holds {} signatures, each judged by itself", signatures.len()));
    }
    let words = format!("{of} by {name}");
    Ok(Subject::File(Signed { name: of, content, signatures, words, notes }))
}

/// A whole regular file.
fn read(system: &dyn System, path: &Path, name: &str, limit: u64) -> Result<Vec<u8>, Trouble> {
    match system.kind(path) {
        Some(Kind::Other) => {
            return Err(Trouble::usage(format!("{name} is a pipe or a device"))
                .remedy("save what comes out of it to a file, and name that"));
        }
        Some(Kind::Folder) => {
            return Err(Trouble::usage(format!("{name} is a folder")).remedy("name a file"));
        }
        _ => {}
    }
    system.read(path, limit).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => {
            Trouble::usage(format!("there is no file {name} here")).remedy("name it by its path")
        }
        io::ErrorKind::FileTooLarge => {
            let limit = crate::text::size(limit);
            Trouble::new(Exit::Incomplete, format!("{name} is larger than {limit}"))
        }
        _ => Trouble::usage(format!("{name}: {error}")).remedy("name a file that you may read"),
    })
}

/// What the file is instead, and what to do with that.
fn no_signature(system: &dyn System, folder: &Path, name: &str, other: Other) -> Trouble {
    let (what, remedy) = match other {
        Other::ClearSigned => (
            "is a text with a signature around it, not the signature of a file",
            format!(
                "gpg --output TEXT --decrypt {name} checks it and writes down exactly what was signed"
            ),
        ),
        Other::Message => (
            "is a whole message with its content inside, not the signature of a file",
            format!(
                "gpg --output FILE --decrypt {name} checks it and writes down exactly what was signed"
            ),
        ),
        Other::Keys => (
            "holds keys, not a signature",
            format!("name the signature, and the keys with --keyring {name}"),
        ),
        Other::Secret => (
            "holds a private key, not a signature",
            "keep it to yourself, and name the signature".to_owned(),
        ),
        Other::Checksum => (
            "is a checksum: it tells that a file arrived whole, not who made it",
            "name the signature, which releases keep beside it as .asc".to_owned(),
        ),
        Other::Empty => ("is empty", "get it again from where it came from".to_owned()),
        Other::Unknown => {
            let beside = ENDINGS.iter().map(|end| format!("{name}{end}"));
            let mut beside = beside.filter(|beside| system.kind(&folder.join(beside)).is_some());
            let remedy = match beside.next() {
                Some(beside) => format!("its signature lies beside it: onramp key verify {beside}"),
                None => "name a file that begins with -----BEGIN PGP SIGNATURE-----".to_owned(),
            };
            ("is no signature", remedy)
        }
    };
    Trouble::usage(format!("{name} {what}")).remedy(remedy)
}
