//! Walks the history between two commits. Fetches nothing: a cut or missing part is an error.

use git2::{Oid, Repository, Sort};

use super::Unreadable;

/// Ids of the commits in `base..head`, newest first, at most `limit`, with the number of all.
pub(super) fn between(
    repository: &Repository,
    base: Oid,
    head: Oid,
    limit: usize,
) -> Result<(Vec<Oid>, u64), Unreadable> {
    let mut walk = repository.revwalk()?;
    walk.set_sorting(Sort::TOPOLOGICAL | Sort::TIME)?;
    walk.push(head)?;
    walk.hide(base)?;
    let shallow = repository.is_shallow();
    let (mut ids, mut total) = (Vec::new(), 0);
    for id in walk {
        let id = id?;
        // The cut of a shallow clone looks like a commit without parents.
        if shallow && repository.find_commit(id)?.parent_count() == 0 {
            return Err(Unreadable::Shallow);
        }
        total += 1;
        if ids.len() < limit {
            ids.push(id);
        }
    }
    Ok((ids, total))
}

/// Whether `wanted` lies on the line of first parents that ends in `tip`.
pub(super) fn on_first_parents(
    repository: &Repository,
    tip: Oid,
    wanted: Oid,
) -> Result<bool, Unreadable> {
    // Clocks differ; a day of slack keeps a skewed one from hiding the answer.
    const SLACK: i64 = 24 * 60 * 60;
    let oldest = repository.find_commit(wanted)?.time().seconds() - SLACK;
    let mut walk = repository.revwalk()?;
    walk.simplify_first_parent()?;
    walk.push(tip)?;
    for id in walk {
        let id = id?;
        if id == wanted {
            return Ok(true);
        }
        if repository.find_commit(id)?.time().seconds() < oldest {
            return Ok(false);
        }
    }
    Ok(false)
}

/// Those of `ids` that `tip` contains as well.
pub(super) fn contained(
    repository: &Repository,
    base: Oid,
    head: Oid,
    tip: Oid,
    ids: &[Oid],
) -> Result<Vec<Oid>, Unreadable> {
    let mut walk = repository.revwalk()?;
    walk.push(head)?;
    walk.hide(base)?;
    walk.hide(tip)?;
    let own = walk.collect::<Result<std::collections::HashSet<_>, _>>()?;
    Ok(ids.iter().copied().filter(|id| !own.contains(id)).collect())
}
