//! Needs and facts become one plan: every package in one command, every setting once, in an order
//! in which each step finds what it needs. Pure.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use super::mend::Mend;
use super::mended::Mended;
use super::packages::{Packager, is_package};
use super::person::Person;
use crate::judge::Remedy;
use crate::pack::repair::{Later, Value};

/// A finding that does not hold, and what its check offers against it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need {
    /// The check.
    pub check: String,
    /// The sentence that should be true.
    pub title: String,
    /// What was seen.
    pub text: String,
    /// The remedy in words.
    pub fix: Option<String>,
    /// The steps that may be run; none where the check offers none, or may offer none.
    pub remedies: Vec<Remedy>,
}

/// What the plan depends on beside the findings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// Package family.
    pub family: String,
    /// Whether its package program is there.
    pub packager: bool,
    /// Whether onramp runs as root.
    pub root: bool,
    /// The program that lends root's rights, where there is one.
    pub raise: Option<String>,
    /// Packages that are installed already.
    pub installed: BTreeSet<String>,
    /// Packages that the package program does not know.
    pub unheard: BTreeSet<String>,
    /// Nobody will answer the package program's questions.
    pub silent: bool,
    /// Name and address that commits carry already.
    pub known: Person,
    /// Name and address as the user gave them to onramp.
    pub given: Person,
    /// The file that holds the settings to be written.
    pub settings: String,
    /// Whose settings these are.
    pub place: Place,
    /// What the user wants of a new key.
    pub wish: Wish,
    /// The work tree that holds these files.
    pub tree: Option<PathBuf>,
    /// The files that the checks want mended, by path, or why one cannot be.
    pub files: BTreeMap<String, Result<Mended, String>>,
}

/// Whose settings are written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Place {
    /// The user's, for all repositories.
    #[default]
    User,
    /// Those of one clone, in this file.
    Clone(PathBuf),
}

/// What the user wants of a new key; what they leave open is as the check says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wish {
    /// As gpg names it.
    pub algorithm: Option<String>,
    /// As gpg reads it.
    pub expires: Option<String>,
    /// Make it even where one of that name and address is there.
    pub another: bool,
}

/// What a step does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Installs packages.
    Install {
        /// By this program.
        packager: &'static Packager,
        /// These.
        packages: Vec<String>,
    },
    /// Sets something for the user's git.
    Set {
        /// Its name.
        key: String,
        /// Its value.
        value: Value,
    },
    /// Sets several things for git at once: all of them or none.
    SetTogether {
        /// Names and values.
        settings: Vec<(String, Value)>,
    },
    /// Makes an OpenPGP key.
    MakeKey {
        /// As gpg names it.
        algorithm: String,
        /// As gpg reads it.
        expires: String,
    },
    /// Adds the user's name and address to a key.
    AddAddress {
        /// The key's fingerprint.
        key: String,
    },
    /// Mends a file in the work tree.
    Mend {
        /// Its path from the root of the tree.
        file: String,
        /// What is done to it, in order.
        mends: BTreeSet<Mend>,
    },
}

/// One step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What it does.
    pub act: Act,
    /// The checks it is for, each with what was seen.
    pub reasons: Vec<(String, String)>,
    /// The steps, by position, that have to be done before.
    pub needs: BTreeSet<usize>,
}

/// Something that is left to the user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ByHand {
    /// The check it is for.
    pub check: String,
    /// What was seen, or what should be true.
    pub text: String,
    /// What to do.
    pub fix: Option<String>,
    /// Why onramp does not do it, where there is more to say than that the check offers nothing.
    pub because: Option<String>,
}

/// What would be done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// The steps, in order.
    pub steps: Vec<Step>,
    /// What remains.
    pub by_hand: Vec<ByHand>,
}

/// What only the user knows and has to be asked for.
#[must_use]
pub fn unknown(needs: &[Need], facts: &Facts) -> (bool, bool) {
    let wants = |later: Later, known: bool| {
        needs.iter().flat_map(|need| &need.remedies).any(|remedy| match remedy {
            Remedy::Set(_, Value::Later(asked)) => *asked == later,
            Remedy::MakeKey { .. } | Remedy::AddAddress(_) => !known,
            _ => false,
        })
    };
    let name = facts.given.name.is_none() && wants(Later::Name, facts.known.name.is_some());
    let email = facts.given.email.is_none() && wants(Later::Email, facts.known.email.is_some());
    (name, email)
}

/// Makes the plan.
#[must_use]
pub fn plan(needs: &[Need], facts: &Facts) -> Plan {
    let mut plan = Plan::default();
    needs.iter().for_each(|need| add(&mut plan, need, facts));
    let gone = without_key(&mut plan);
    ordered(&plan, &gone)
}

/// Adds what one check needs: its steps wait for each other, and where one of them is impossible
/// all that follow are left to the user.
fn add(plan: &mut Plan, need: &Need, facts: &Facts) {
    let mut before = BTreeSet::new();
    let mut told = false;
    for remedy in &need.remedies {
        let act = match act(remedy, facts) {
            Ok(act) => act,
            Err(Obstacle::Hand(text)) => {
                told = true;
                plan.by_hand.push(ByHand {
                    check: need.check.clone(),
                    text: need.title.clone(),
                    fix: Some(text),
                    because: None,
                });
                continue;
            }
            Err(Obstacle::File(file, because)) => {
                told = true;
                plan.by_hand.push(unmended(need, &file, because));
                continue;
            }
            Err(Obstacle::Reason(because)) => {
                plan.by_hand.push(left(need, Some(because)));
                return;
            }
        };
        let mends = matches!(act, Act::Mend { .. });
        let at = position(plan, act);
        // What was seen tells of the first file only.
        let seen = if mends { &need.title } else { &need.text };
        let reason = (need.check.clone(), seen.clone());
        let step = &mut plan.steps[at];
        if !step.reasons.contains(&reason) {
            step.reasons.push(reason);
        }
        // A name and an address are of use without each other, and so are two files.
        if ![IDENTITY, FILES].contains(&rank(&step.act)) {
            step.needs.extend(before.iter().filter(|other| **other != at));
        }
        before.insert(at);
    }
    if before.is_empty() && !told {
        let entry = left(need, None);
        if !plan.by_hand.contains(&entry) {
            plan.by_hand.push(entry);
        }
    }
}

fn left(need: &Need, because: Option<String>) -> ByHand {
    ByHand { check: need.check.clone(), text: need.text.clone(), fix: need.fix.clone(), because }
}

fn unmended(need: &Need, file: &str, because: String) -> ByHand {
    let text = format!("{file} breaks the rule that {}", need.title);
    ByHand { check: need.check.clone(), text, fix: need.fix.clone(), because: Some(because) }
}

enum Obstacle {
    /// It is for the user to do, in these words.
    Hand(String),
    /// It cannot be done to this file, and why.
    File(String, String),
    /// It cannot be done here.
    Reason(String),
}

fn act(remedy: &Remedy, facts: &Facts) -> Result<Act, Obstacle> {
    match remedy {
        Remedy::Install(packages) => install(packages, facts).map_err(Obstacle::Reason),
        Remedy::Set(key, value) => Ok(Act::Set { key: key.clone(), value: value.clone() }),
        Remedy::MakeKey { algorithm, expires } => {
            Ok(Act::MakeKey { algorithm: algorithm.clone(), expires: expires.clone() })
        }
        Remedy::AddAddress(key) => Ok(Act::AddAddress { key: key.clone() }),
        Remedy::Mend { file, way, line } => {
            let why = match facts.files.get(file) {
                Some(Err(why)) => Some(why.as_str()),
                Some(Ok(mended)) => mended.left(*way),
                None => None,
            };
            match why {
                Some(why) => Err(Obstacle::File(file.clone(), why.to_owned())),
                None => {
                    let mends = BTreeSet::from([Mend { way: *way, line: *line }]);
                    Ok(Act::Mend { file: file.clone(), mends })
                }
            }
        }
        Remedy::ByHand(text) => Err(Obstacle::Hand(text.clone())),
    }
}

fn install(packages: &[String], facts: &Facts) -> Result<Act, String> {
    let packager = Packager::of(&facts.family)
        .ok_or("onramp does not know the package program of this system")?;
    if packages.is_empty() {
        return Err(format!("no package of {} is known for it", packager.family));
    }
    if let Some(odd) = packages.iter().find(|package| !is_package(package)) {
        return Err(format!("`{odd}` cannot be the name of a package"));
    }
    if !facts.packager {
        return Err(format!("there is no {} on PATH", packager.program));
    }
    if let Some(unheard) = packages.iter().find(|package| facts.unheard.contains(*package)) {
        return Err(format!(
            "{} knows no package {unheard} (`sudo {} update` renews its list)",
            packager.program, packager.program
        ));
    }
    if packager.root && !facts.root && facts.raise.is_none() {
        return Err("it takes root's rights, and there is no sudo on PATH".to_owned());
    }
    Ok(Act::Install { packager, packages: packages.to_vec() })
}

/// Where the plan has such a step, made where it has none: one for all packages, one for each
/// setting (the first that asked for it counts), one new key.
fn position(plan: &mut Plan, act: Act) -> usize {
    let same = |step: &Step| match (&step.act, &act) {
        (Act::Install { .. }, Act::Install { .. }) | (Act::MakeKey { .. }, Act::MakeKey { .. }) => {
            true
        }
        (Act::Set { key: one, .. }, Act::Set { key: other, .. }) => one.eq_ignore_ascii_case(other),
        (Act::Mend { file: one, .. }, Act::Mend { file: other, .. }) => one == other,
        (one, other) => one == other,
    };
    if let Some(at) = plan.steps.iter().position(same) {
        match (&mut plan.steps[at].act, act) {
            (Act::Install { packages, .. }, Act::Install { packages: more, .. }) => {
                let new = more.into_iter().filter(|name| !packages.contains(name));
                let new: Vec<String> = new.collect();
                packages.extend(new);
            }
            (Act::Mend { mends, .. }, Act::Mend { mends: more, .. }) => mends.extend(more),
            _ => {}
        }
        return at;
    }
    plan.steps.push(Step { act, reasons: Vec::new(), needs: BTreeSet::new() });
    plan.steps.len() - 1
}

/// A setting that names a key yet to be made waits for it; where no step makes one, the setting
/// and all that wait for it are left to the user: their positions.
fn without_key(plan: &mut Plan) -> BTreeSet<usize> {
    let made = plan.steps.iter().position(|step| matches!(step.act, Act::MakeKey { .. }));
    let mut gone = BTreeSet::new();
    for (at, step) in plan.steps.iter_mut().enumerate() {
        let names_it = matches!(step.act, Act::Set { value: Value::Later(Later::NewKey), .. });
        match made {
            Some(key) if names_it => {
                step.needs.insert(key);
            }
            None if names_it => {
                gone.insert(at);
            }
            _ => {}
        }
    }
    loop {
        let more: Vec<usize> = (0..plan.steps.len())
            .filter(|at| !gone.contains(at) && !plan.steps[*at].needs.is_disjoint(&gone))
            .collect();
        if more.is_empty() {
            break;
        }
        gone.extend(more);
    }
    for at in &gone {
        for (check, text) in &plan.steps[*at].reasons {
            let because = Some("it needs a key that can sign, and there is none".to_owned());
            let fix = Some("onramp fix openpgp-key".to_owned());
            let entry = ByHand { check: check.clone(), text: text.clone(), fix, because };
            if !plan.by_hand.contains(&entry) {
                plan.by_hand.push(entry);
            }
        }
    }
    gone
}

/// Packages first, then who the user is, then the key, then what names the key; what is gone left
/// out and what steps need counted anew. A step waits only for those before it.
fn ordered(plan: &Plan, gone: &BTreeSet<usize>) -> Plan {
    let mut order: Vec<usize> = (0..plan.steps.len()).filter(|at| !gone.contains(at)).collect();
    order.sort_by_key(|at| rank(&plan.steps[*at].act));
    let place = |old: &usize| order.iter().position(|other| other == old);
    let step = |(now, at): (usize, &usize)| {
        let step = plan.steps[*at].clone();
        let needs = step.needs.iter().filter_map(place).filter(|other| *other < now).collect();
        Step { needs, ..step }
    };
    Plan { steps: order.iter().enumerate().map(step).collect(), by_hand: plan.by_hand.clone() }
}

const IDENTITY: u8 = 1;
const FILES: u8 = 5;

fn rank(act: &Act) -> u8 {
    match act {
        Act::Install { .. } => 0,
        Act::Set { key, .. } if ["user.name", "user.email"].contains(&key.as_str()) => IDENTITY,
        Act::MakeKey { .. } => 2,
        Act::AddAddress { .. } => 3,
        Act::Set { .. } | Act::SetTogether { .. } => 4,
        Act::Mend { .. } => FILES,
    }
}
