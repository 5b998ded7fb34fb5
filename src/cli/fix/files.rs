//! What mending a change's files comes to: each file of the work tree as it is and as it would be.
//! Reads only; a file that cannot be mended safely is told with the reason.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};

use crate::cli::Session;
use crate::fix::header::{header, with_header};
use crate::fix::mend::{Mend, Own, mend};
use crate::fix::{Mended, Need};
use crate::git::difference::added;
use crate::git::{self, Content, Object, Patched, Text, Wanted, is_yes};
use crate::judge::Remedy;
use crate::maven::rat::{self, Licence};
use crate::pack::mend::Way;
use crate::report::Report;
use crate::sys::{Kind, System};

/// Larger files are nobody's own writing.
pub(super) const LARGEST: u64 = 4 << 20;

/// The licence header for a file, or why there is none.
type Header = Result<String, String>;
type Files = BTreeMap<String, Result<Mended, String>>;

/// The files that the checks want mended, each as it would be or with the reason it cannot.
pub(super) fn look(
    session: &Session<'_>,
    report: &Report,
    needs: &[Need],
    replayed: bool,
) -> Files {
    let wanted = wanted(needs);
    if wanted.is_empty() {
        return Files::new();
    }
    let all = |why: &str| wanted.keys().map(|file| (file.clone(), Err(why.to_owned()))).collect();
    let tree = match &report.run.tree {
        Some(tree) if !replayed => PathBuf::from(tree),
        _ => return all("it lies in another work tree than this one"),
    };
    let git = session.machine.world().git;
    if let Ok(Some(operation)) = git.state(&tree).map(|state| state.operation) {
        return all(&format!("a {operation} is under way here: end it first"));
    }
    let change = change(report);
    let patch = match git.patch(&tree, &change) {
        Ok(patch) => patch,
        Err(reason) => return all(&reason.to_string()),
    };
    let modes = git.settings(Some(&tree), &["core.fileMode"]).unwrap_or_default();
    let modes = modes.iter().all(|setting| is_yes(&setting.value));
    let look = Look { session, tree: &tree, from: &patch.from, modes };
    let each = wanted.iter().map(|(name, mends)| {
        let file = patch.files.iter().find(|file| file.change.file == *name);
        let mended = file.ok_or_else(|| "it is none of the branch's files".to_owned());
        (name.clone(), mended.and_then(|file| look.file(file, mends)))
    });
    each.collect()
}

/// The change that a report is about.
pub(super) fn change(report: &Report) -> Wanted {
    Wanted {
        head: report.run.head.clone(),
        base: report.run.base.clone(),
        repository: report.project.repository.clone().unwrap_or_default(),
        branches: report.project.branches.maintained.clone(),
    }
}

fn wanted(needs: &[Need]) -> BTreeMap<String, BTreeSet<Mend>> {
    let mut files: BTreeMap<String, BTreeSet<Mend>> = BTreeMap::new();
    for remedy in needs.iter().flat_map(|need| &need.remedies) {
        if let Remedy::Mend { file, way, line } = remedy {
            files.entry(file.clone()).or_default().insert(Mend { way: *way, line: *line });
        }
    }
    files
}

/// The file's place in the work tree.
///
/// # Errors
/// Why nothing may be written there: a name that leads elsewhere, a link on the way, no file.
pub(super) fn place(system: &dyn System, tree: &Path, file: &str) -> Result<PathBuf, String> {
    let inside = |part: Component<'_>| match part {
        Component::Normal(name) => !name.eq_ignore_ascii_case(".git"),
        _ => false,
    };
    if !Path::new(file).components().all(inside) {
        return Err("its path leads out of the work tree".to_owned());
    }
    // The sign stands for bytes that are no UTF-8: it would be another file's name.
    if file.contains(char::REPLACEMENT_CHARACTER) {
        return Err("its name is not UTF-8".to_owned());
    }
    let path = tree.join(file);
    let root = system.real_path(tree).map_err(|error| error.to_string())?;
    match system.real_path(&path) {
        Ok(real) if real != root.join(file) => Err("a link leads to it".to_owned()),
        Ok(_) if system.kind(&path) == Some(Kind::File) => Ok(path),
        Ok(_) => Err("it is no regular file".to_owned()),
        Err(_) => Err("it is not in the work tree".to_owned()),
    }
}

/// A text as it should be.
fn written(file: &str, text: &[u8], own: &Own, mends: &[Mend], header: Option<&Header>) -> Vec<u8> {
    let mended = mend(text, own, mends);
    let headed = mends.iter().any(|mend| mend.way == Way::AddHeader);
    match header {
        // Where there is one that the licence check takes, a second would say the same.
        Some(Ok(header)) if headed && rat::licence(file, &mended) == Licence::Missing => {
            with_header(&mended, header)
        }
        _ => mended,
    }
}

struct Look<'a> {
    session: &'a Session<'a>,
    tree: &'a Path,
    /// The commit that the branch began at.
    from: &'a str,
    modes: bool,
}

impl Look<'_> {
    fn file(&self, file: &Patched, mends: &BTreeSet<Mend>) -> Result<Mended, String> {
        let change = &file.change;
        let text = match (&file.text, &file.traits.unread) {
            (_, Some(reason)) => return Err(reason.clone()),
            (None, None) => return Err("it is no text".to_owned()),
            (Some(text), None) => text,
        };
        let path = place(self.session.bench, self.tree, &change.file)?;
        let before = self.session.bench.read(&path, LARGEST).map_err(|error| error.to_string())?;
        let own = self.own(file, text, &before)?;
        let edited = before != *text.bytes;
        let wanted = |way| mends.iter().any(|mend| mend.way == way);
        let header = wanted(Way::AddHeader).then(|| self.header(change));
        let all: Vec<Mend> = mends.iter().copied().collect();
        let committed = {
            let own = Own::new(text.added.clone()?, Vec::new());
            written(&change.file, &text.bytes, &own, &all, header.as_ref())
        };
        // A line's number is that of the commit.
        let all: Vec<Mend> =
            all.into_iter().filter(|mend| mend.line.is_none() || !edited).collect();
        let try_with = |some: &[Mend]| written(&change.file, &before, &own, some, header.as_ref());
        let after = try_with(&all);
        let run = wanted(Way::MayRun).then_some(true);
        let run = run.or(wanted(Way::MayNotRun).then_some(false)).filter(|_| self.modes);
        let now = self.session.bench.mode(&path).is_ok_and(|mode| mode & 0o111 != 0);
        let runnable = run.filter(|run| *run != now);
        let changes = |way: Way| match way {
            Way::MayRun | Way::MayNotRun => runnable.is_some(),
            way => {
                let (alone, others): (Vec<Mend>, Vec<Mend>) =
                    all.iter().partition(|mend| mend.way == way);
                try_with(&alone) != before || try_with(&others) != after
            }
        };
        let mut ways: Vec<Way> = mends.iter().map(|mend| mend.way).collect();
        ways.dedup();
        let left = ways.into_iter().filter(|way| !changes(*way));
        let left = left.map(|way| (way, self.reason(way, edited, header.as_ref()))).collect();
        let committed_runnable = run.unwrap_or(change.kind == "executable");
        Ok(Mended { before, after, runnable, committed, committed_runnable, left, edited })
    }

    /// Why something that is wanted changes nothing.
    fn reason(&self, way: Way, edited: bool, header: Option<&Header>) -> String {
        match (way, header) {
            (Way::MayRun | Way::MayNotRun, _) if !self.modes => {
                "git is told here not to look at modes (core.fileMode)"
            }
            (Way::MayRun | Way::MayNotRun, _) => "in the work tree it is so already: commit that",
            (Way::AddHeader, Some(Err(why))) => why,
            _ if edited => "in the work tree these lines were changed already: commit that",
            (Way::AddHeader, _) => "it has a header of its own, and a second one would not do",
            _ => "that takes a look at it, or lies in lines that are not the branch's own",
        }
        .to_owned()
    }

    /// The licence header that files of this kind have where the branch began.
    fn header(&self, change: &git::Change) -> Header {
        if change.status != "added" {
            return Err("only a file that the branch added gets a header".to_owned());
        }
        let git = self.session.machine.world().git;
        let alike = git.alike(self.tree, self.from, &change.file).unwrap_or_default();
        let objects: Vec<Object> =
            alike.into_iter().map(|path| Object::At(self.from.to_owned(), path)).collect();
        let contents = git.contents(self.tree, &objects, LARGEST).unwrap_or_default();
        let headers = contents.iter().filter_map(|content| match content {
            Content::Bytes(bytes) => header(bytes),
            _ => None,
        });
        let fits =
            |header: &String| rat::licence(&change.file, header.as_bytes()) == Licence::Present;
        headers.into_iter().find(fits).ok_or_else(|| {
            "no file of its kind has a plain header to take over; see the licence in one of \
             another kind"
                .to_owned()
        })
    }

    /// The lines of the work tree's file that the branch brought.
    fn own(&self, file: &Patched, text: &Text, now: &[u8]) -> Result<Own, String> {
        if *text.bytes == *now {
            return Ok(Own::new(text.added.clone()?, Vec::new()));
        }
        let uncommitted = added(&text.bytes, now);
        let old = file.change.old_object.as_ref().filter(|_| file.change.status == "modified");
        let Some(old) = old else { return Ok(Own::new(vec![1..=u64::MAX], uncommitted)) };
        let git = self.session.machine.world().git;
        let old = git.contents(self.tree, &[Object::Id(old.clone())], LARGEST);
        match old.map_err(|reason| reason.to_string())?.pop() {
            Some(Content::Bytes(old)) => Ok(Own::new(added(&old, now), uncommitted)),
            _ => Err("what is new in it cannot be told".to_owned()),
        }
    }
}
