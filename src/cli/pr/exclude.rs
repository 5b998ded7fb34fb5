//! Has git leave a draft out that lies in the work tree, by the clone's own list of files to ignore:
//! nobody commits it by accident, and nothing counts it as work to commit. Changes no file that is
//! committed itself.

use std::io;
use std::path::Path;

use super::PrPlan;
use super::keep::{absolute, placed};
use crate::cli::Session;
use crate::cli::branch::common_folder;
use crate::sys::{Access, Workbench, stays_inside};

/// Longest list that is read.
const LIMIT: u64 = 1 << 20;

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LeftOut {
    /// The draft lies elsewhere, or in git's own folder.
    Elsewhere,
    /// Git leaves it out.
    Done,
    /// Git sees it.
    No,
}

/// Leaves the draft out, where it lies in the work tree.
pub(super) fn leave_out(session: &Session<'_>, file: &Path, plan: &PrPlan) -> LeftOut {
    let bench = session.bench;
    let real = |path: &Path| bench.real_path(path).ok();
    let git = plan.record.parent().and_then(Path::parent).and_then(real);
    let place = absolute(bench, file).ok().and_then(|file| placed(bench, &file));
    let (Some(git), Some(tree), Some(place)) = (git, real(&plan.tree), place) else {
        return LeftOut::Elsewhere;
    };
    let place = Path::new(&place);
    let Ok(inside) = place.strip_prefix(&tree) else { return LeftOut::Elsewhere };
    if place.starts_with(&git) {
        return LeftOut::Elsewhere;
    }
    let Some(pattern) = inside.to_str().and_then(pattern) else { return LeftOut::No };
    let common = common_folder(bench, &git);
    match add(bench, &common, &pattern) {
        Ok(()) => LeftOut::Done,
        Err(_) => LeftOut::No,
    }
}

/// The line that stands for this file and no other; none where a line cannot hold it.
fn pattern(inside: &str) -> Option<String> {
    if inside.contains(['\n', '\r']) || inside.ends_with(' ') {
        return None;
    }
    let mut line = "/".to_owned();
    for c in inside.chars() {
        if matches!(c, '\\' | '*' | '?' | '[') {
            line.push('\\');
        }
        line.push(c);
    }
    Some(line)
}

fn add(bench: &dyn Workbench, common: &Path, pattern: &str) -> io::Result<()> {
    let list = common.join("info/exclude");
    if !stays_inside(bench, common, &list) {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    let old = match bench.read(&list, LIMIT) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        read => Some(read?),
    };
    let mut text = old.clone().unwrap_or_default();
    if text.split(|byte| *byte == b'\n').any(|line| line == pattern.as_bytes()) {
        return Ok(());
    }
    if text.last().is_some_and(|byte| *byte != b'\n') {
        text.push(b'\n');
    }
    text.extend(pattern.as_bytes());
    text.push(b'\n');
    match old {
        Some(old) => bench.replace(&list, Some(&old), &text),
        None => bench.write(&list, &text, Access::Shared),
    }
}
