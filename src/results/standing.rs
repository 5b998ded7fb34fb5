//! Whether a recorded result still says something about what is here now, and if not, why in plain
//! words. Pure.

use super::kinds::{Details, Kind};
use super::model::{BasePoint, Here, Recorded};
use crate::text::clean_line;

/// Whether a result still stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Everything it depends on is as it was.
    Fresh,
    /// It says nothing about what is here now, for these reasons, each a clause.
    Stale(Vec<String>),
}

impl<D: Details> Recorded<D> {
    /// Holds what the run was about against what is here now.
    #[must_use]
    pub fn standing(&self, now: &Here) -> Standing {
        let then = &self.on;
        let mut reasons = Vec::new();
        reasons.extend(commits(then, now));
        reasons.extend(files(D::KIND, then, now));
        if D::KIND.is_judged() {
            reasons.extend(base(D::KIND, then.base.as_ref(), now.base.as_ref()));
            reasons.extend(judged(then, now));
        }
        if reasons.is_empty() { Standing::Fresh } else { Standing::Stale(reasons) }
    }
}

fn commits(then: &Here, now: &Here) -> Option<String> {
    match (&then.commit, &now.commit) {
        (Some(then), Some(now)) if then == now => None,
        (Some(then), Some(now)) => {
            Some(format!("it was about {}, and {} is checked out", short(then), short(now)))
        }
        (None, _) => Some("it was not about a commit".to_owned()),
        (_, None) => Some("no commit is checked out".to_owned()),
    }
}

fn files(kind: Kind, then: &Here, now: &Here) -> Option<String> {
    let Some(then) = then.tree else {
        return Some("it does not say whether files took part that are not committed".to_owned());
    };
    let untracked = kind.reads_untracked();
    if then.changed || then.untracked && untracked {
        return Some("files took part in it that were not committed".to_owned());
    }
    match now.tree {
        None => Some("whether all files are committed cannot be told".to_owned()),
        Some(now) if now.changed => Some("files are changed and not committed".to_owned()),
        Some(now) if now.untracked && untracked => {
            Some("there are files that git does not know".to_owned())
        }
        Some(_) => None,
    }
}

fn base(kind: Kind, then: Option<&BasePoint>, now: Option<&BasePoint>) -> Option<String> {
    let (then, now) = match (then, now) {
        (Some(then), Some(now)) => (then, now),
        (None, None) => return None,
        (None, Some(now)) => {
            return Some(format!("it knew no base, and that is {} now", clean_line(&now.name)));
        }
        (Some(then), None) => {
            return Some(format!(
                "its base {} is not the base here any more",
                clean_line(&then.name)
            ));
        }
    };
    let names = (clean_line(&then.name), clean_line(&now.name));
    if then.name != now.name {
        Some(format!("it was held against {}, and the base is {}", names.0, names.1))
    } else if then.parting != now.parting {
        Some(format!("the commits start from another place on {} now", names.1))
    } else if kind.asks_base() && then.tip != now.tip {
        Some(format!("{} has moved on since", names.1))
    } else {
        None
    }
}

/// What differs in who judges and by what. Some of the project's values are those of the commit, so
/// that another one has others anyway.
fn judged(then: &Here, now: &Here) -> Vec<String> {
    let mut reasons = Vec::new();
    if then.onramp != now.onramp {
        let (then, now) = (clean_line(&then.onramp), clean_line(&now.onramp));
        reasons.push(format!("onramp was {then} then and is {now} now"));
    }
    if then.policy != now.policy {
        let named = |policy: &Option<String>| policy.as_deref().map_or("none".into(), clean_line);
        let (then, now) = (named(&then.policy), named(&now.policy));
        reasons.push(format!("the policy was {then} then and is {now} now"));
    } else if then.commit == now.commit && then.digest != now.digest {
        reasons.push("the checks or the project's values have changed since".to_owned());
    }
    reasons
}

/// An id as people write it. Foreign text passes the gate to the screen like any other.
fn short(id: &str) -> String {
    clean_line(&id.chars().take(10).collect::<String>())
}
