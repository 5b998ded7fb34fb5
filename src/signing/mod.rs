//! What git would sign with here: its settings, the user's keys, and what is wrong with either,
//! each with what to type. Joins the listing of git's settings, the keyring and the SSH key.
//!
//! Looks only: no agent is asked, no program that the settings name is started, and what a work
//! tree sets itself is shown and marked, never followed.

mod care;
pub mod named;
pub mod openpgp;
mod ring;
mod settings;
pub mod shape;
mod ssh;
pub mod told;
mod tree;

use std::path::Path;

use crate::git::{Listed, Unreadable, listed};
use crate::probe::World;
use crate::sys::System;
use crate::text::{clean, clean_line};

use shape::{Git, Gnupg, Problem, Shown, VERSION, Weight, Works};

/// Looks at everything; `tree` is the root of the work tree, where there is one.
#[must_use]
pub fn look(world: World<'_>, tree: Option<&Path>) -> Shown {
    let (tree, mut problems) = own(world, tree);
    let (settings, trouble) = match ask(world.system, tree) {
        Ok(settings) => (settings, None),
        Err(problem) => (Vec::new(), Some(problem)),
    };
    let mut git = told::told(&settings, world.system);
    let path = settings::program_path(world.system, &git.program, tree);
    git.program_path = path.map(|path| clean_line(&path.to_string_lossy()));
    let looked = ring::look(world, &git);
    let (mut keys, mut gnupg) = (looked.keys, looked.gnupg);
    gnupg.nothing = gnupg.nothing.map(|why| clean_line(&why));
    match trouble {
        // Nothing else is wrong for sure while git's settings are not known.
        Some(problem) => problems.push(problem),
        None => {
            problems.extend(settings::problems(world.system, &settings, &git));
            match git.format.as_str() {
                "openpgp" => problems.extend(looked.problems),
                "ssh" => {
                    let looked = ssh::look(world, &git, tree);
                    problems.extend(looked.problems);
                    keys.splice(0..0, looked.key);
                }
                "x509" => problems.push(smime()),
                _ => {}
            }
        }
    }
    told_of(git, gnupg, keys, problems)
}

/// The work tree, unless git itself would refuse it.
fn own<'a>(world: World<'_>, tree: Option<&'a Path>) -> (Option<&'a Path>, Vec<Problem>) {
    let refused = tree.and_then(|tree| match world.git.state(tree) {
        Err(refused @ Unreadable::ForeignOwner(_)) => Some(refused.to_string()),
        _ => None,
    });
    match refused {
        Some(what) => {
            let problem = Problem::new(Weight::Error, what).remedy("onramp clone");
            (None, vec![problem])
        }
        None => (tree, Vec::new()),
    }
}

/// git's settings, asked for in one question.
fn ask(system: &dyn System, tree: Option<&Path>) -> Result<Vec<Listed>, Problem> {
    const CHECK: &str = "apache/machine/git";
    let Some(git) = system.find_program("git") else {
        let problem = Problem::new(Weight::Error, "git is not installed");
        return Err(problem.remedy("onramp fix machine/git").check(CHECK));
    };
    let dot_git = tree.map(|tree| tree.join(".git"));
    let question = listed::question(system, git, dot_git.as_deref());
    let unknown = |what: String| Problem::new(Weight::Unknown, clean_line(&what)).about("git");
    let answer = system
        .run(&question)
        .map_err(|error| unknown(format!("git could not be asked for its settings: {error}")))?;
    if !answer.ok() {
        return Err(refused(&answer.err));
    }
    Ok(listed::read(&answer.out, |name| told::SETTINGS.contains(&name)))
}

/// git's words where it cannot read its settings, which stops it from committing as well.
fn refused(said: &[u8]) -> Problem {
    let said = String::from_utf8_lossy(said);
    let line =
        said.lines().find(|line| !line.starts_with("warning:")).unwrap_or("it gave no reason");
    if line.contains("unknown option") {
        let what = "this git is too old to say where its settings come from; 2.26 does";
        return Problem::new(Weight::Unknown, what)
            .remedy("onramp explain machine/git")
            .check("apache/machine/git");
    }
    let line = clean_line(line.trim_start_matches("fatal: ").trim_start_matches("error: "));
    let problem = Problem::new(Weight::Error, format!("git cannot read its settings: {line}"));
    problem.remedy("mend that line, or take it out").about("git")
}

fn smime() -> Problem {
    let what = "git signs with S/MIME, whose certificates are not looked at here";
    Problem::new(Weight::Unknown, what).about("gpg.format").remedy("onramp key rehearse")
}

fn told_of(git: Git, gnupg: Gnupg, keys: Vec<shape::Key>, mut problems: Vec<Problem>) -> Shown {
    for problem in &mut problems {
        problem.what = clean_line(&problem.what);
        problem.remedy = problem.remedy.take().map(|remedy| clean(&remedy).into_owned());
    }
    problems.sort_by_key(|problem| problem.weight);
    let first = problems.first().filter(|problem| problem.weight <= Weight::Unknown);
    let works = match first.map(|problem| problem.weight) {
        Some(Weight::Error) => Works::No,
        Some(Weight::Unknown) => Works::Unknown,
        _ => Works::Yes,
    };
    let why = first.map(|problem| problem.what.clone());
    Shown { version: VERSION, works, why, git, gnupg, keys, problems }
}
