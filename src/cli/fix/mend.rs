//! Mends one file of the work tree, on record, and puts it back. Writes beside and renames, follows
//! no link, and leaves alone what somebody changed meanwhile.

use std::path::Path;

use super::files::{LARGEST, place};
use super::store::{Side, Store};
use super::unwritable;
use crate::cli::Session;
use crate::cli::trouble::Trouble;
use crate::fix::record::{WayBack, way_back};
use crate::fix::{Mended, State, Taken, Trace};
use crate::sys::{Access, Workbench};

/// Why a file was not mended.
type Refusal = String;

/// Writes the file as it should be; the record has what it was.
pub(super) fn write(
    session: &Session<'_>,
    store: &mut Store<'_>,
    (tree, file): (&Path, &str),
    mended: &Mended,
    taken: impl FnOnce(Trace) -> Taken,
) -> Result<Result<(), Refusal>, Trouble> {
    let bench = session.bench;
    let path = match place(bench, tree, file) {
        Ok(path) => path,
        Err(why) => return Ok(Err(why)),
    };
    match bench.read(&path, LARGEST) {
        Ok(now) if now == mended.before => {}
        Ok(_) => return Ok(Err("it was changed just now, and nothing was done to it".to_owned())),
        Err(error) => return Ok(Err(error.to_string())),
    }
    let at = store.record.steps.len();
    store.put(at, Side::Before, &mended.before)?;
    store.put(at, Side::After, &mended.after)?;
    let runnable = mended.runnable.map(|runnable| !runnable);
    store.start(taken(Trace::File { file: path.clone(), runnable }))?;
    let written = replace(bench, &path, mended);
    store.note(at, if written.is_ok() { State::Done } else { State::Failed })?;
    Ok(written.map_err(|error| unwritable(&path.display().to_string(), &error).what))
}

fn replace(bench: &dyn Workbench, path: &Path, mended: &Mended) -> std::io::Result<()> {
    if mended.after != mended.before {
        bench.write(path, &mended.after, Access::Kept)?;
    }
    mended.runnable.map_or(Ok(()), |runnable| bench.set_runnable(path, runnable))
}

/// Puts a file back as it was before a step: whether it was still as the step left it. What it was
/// and what it became are none where the record lost them.
pub(super) fn put_back(
    bench: &dyn Workbench,
    path: &Path,
    runnable: Option<bool>,
    before: &[u8],
    after: Option<&[u8]>,
) -> std::io::Result<WayBack> {
    // A link that took its place is somebody's change.
    let link = bench.real_path(path).is_ok_and(|real| {
        let folder = path.parent().and_then(|folder| bench.real_path(folder).ok());
        folder.zip(path.file_name()).is_none_or(|(folder, name)| folder.join(name) != real)
    });
    let now = match bench.read(path, LARGEST) {
        Ok(content) => Some(content).filter(|_| !link),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => return Err(error),
    };
    let way = way_back(Some(before), after, now.as_deref());
    if way == WayBack::Restore {
        bench.write(path, before, Access::Kept)?;
    }
    if let (Some(runnable), WayBack::Restore | WayBack::AsBefore) = (runnable, way) {
        bench.set_runnable(path, runnable)?;
    }
    Ok(way)
}
