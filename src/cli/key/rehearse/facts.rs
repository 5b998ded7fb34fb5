//! What is to know before anything is signed: git's settings, the program that would sign, gpg's
//! agent and the user's keys. Looks only; starts no agent and makes no file.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::cli::args::Global;
use crate::cli::trouble::Trouble;
use crate::cli::{Session, workspace};
use crate::git::listed;
use crate::pgp::Listing;
use crate::signature::rehearsal::{self, Agent, Problem, Setup, WANTED};
use crate::sys::{Command, Kind, RunError};
use crate::text::clean_line;

/// How long an agent may take to say that it is there.
const AGENT: Duration = Duration::from_secs(3);

/// All of it.
pub(super) struct Facts {
    /// git.
    pub(super) git: PathBuf,
    /// What it is set to.
    pub(super) setup: Setup,
    /// The work tree, unless it holds the home folder.
    pub(super) tree: Option<PathBuf>,
    /// gpg's agent.
    pub(super) agent: Agent,
    /// The user's own OpenPGP keys, where they matter and could be listed.
    pub(super) keys: Option<Listing>,
    /// `GPG_TTY`.
    pub(super) gpg_tty: Option<String>,
    /// The name of this terminal.
    pub(super) terminal: Option<String>,
}

/// Looks.
pub(super) fn look(session: &Session<'_>, global: &Global) -> Result<Facts, Trouble> {
    let bench = session.bench;
    let git = bench.find_program("git").ok_or_else(|| {
        Trouble::failed("there is no git on PATH").remedy("onramp fix machine/git")
    })?;
    let tree = workspace::foreign_tree(bench, global);
    let setup = settings(session, global, git.clone(), tree.as_deref())?;
    let gnupg = setup.format != "ssh";
    let agent = if gnupg { ask_agent(session) } else { Agent::Unknown };
    let openpgp = setup.format == "openpgp" && is_gpg(&setup.program);
    let keys = openpgp.then(|| session.machine.world().keyring.secret_keys(None).ok()).flatten();
    let gpg_tty = bench.env("GPG_TTY").map(|name| name.to_string_lossy().into_owned());
    let terminal = bench.terminal().map(|name| name.to_string_lossy().into_owned());
    Ok(Facts { git, setup, tree, agent, keys, gpg_tty, terminal })
}

/// git's settings as they count in the work tree, told apart by whose they are.
fn settings(
    session: &Session<'_>,
    global: &Global,
    git: PathBuf,
    foreign: Option<&Path>,
) -> Result<Setup, Trouble> {
    let bench = session.bench;
    let folder = workspace::folder(bench, global)?;
    let tree = workspace::tree_around(bench, &folder);
    let dot_git = tree.as_ref().map(|tree| tree.join(".git"));
    let trouble = |why: String| {
        Trouble::usage(format!("git could not tell its settings: {}", clean_line(&why)))
            .remedy("`git config --list` shows which file it cannot read")
    };
    let question = listed::question(bench, git, dot_git.as_deref());
    let answer = bench.run(&question).map_err(|error| trouble(error.to_string()))?;
    if !answer.ok() {
        return Err(trouble(String::from_utf8_lossy(&answer.err).trim().to_owned()));
    }
    let wanted = |name: &str| WANTED.iter().any(|wanted| name.starts_with(wanted));
    let listed = listed::read(&answer.out, wanted);
    let in_tree = |file: &str| foreign.is_some_and(|tree| lies_in(session, Path::new(file), tree));
    Ok(rehearsal::setup(&listed, in_tree))
}

/// Whether a path leads into the tree, as it is written or where its links lead.
fn lies_in(session: &Session<'_>, path: &Path, tree: &Path) -> bool {
    let real = |path: &Path| session.bench.real_path(path).unwrap_or_else(|_| path.to_owned());
    path.starts_with(tree) || real(path).starts_with(real(tree))
}

/// gpg itself, under whichever name and wherever it lies: its keyring is then known.
fn is_gpg(program: &str) -> bool {
    let name = Path::new(program).file_name().unwrap_or_default();
    name == "gpg" || name == "gpg2"
}

fn ask_agent(session: &Session<'_>) -> Agent {
    let bench = session.bench;
    let Some(program) = bench.find_program("gpg-connect-agent") else { return Agent::Unknown };
    let mut question =
        Command::question(program).args(["--no-autostart", "GETINFO pid", "/bye"]).within(AGENT);
    if let (Some(home), Ok(here)) = (bench.env("GNUPGHOME"), bench.current_dir()) {
        question = question.with("GNUPGHOME", here.join(home));
    }
    match bench.run(&question) {
        Ok(answer) => Agent::read(&answer.text()),
        Err(RunError::TimedOut(..)) => Agent::Silent,
        Err(_) => Agent::Unknown,
    }
}

/// What keeps anything from being tried.
pub(super) fn obstacle(session: &Session<'_>, facts: &Facts) -> Option<Problem> {
    if let Some(problem) = program(session, facts) {
        return Some(problem);
    }
    if facts.agent == Agent::Silent {
        return Some(rehearsal::agent_hung());
    }
    // gpg would make a keyring before it says so.
    let empty = facts.keys.as_ref().is_some_and(|listing| listing.keys.is_empty());
    empty.then(rehearsal::no_key)
}

/// A program that is not there, or that the work tree would choose.
fn program(session: &Session<'_>, facts: &Facts) -> Option<Problem> {
    let Setup { program: written, program_set, format, .. } = &facts.setup;
    if !["openpgp", "ssh", "x509"].contains(&format.as_str()) {
        return None;
    }
    let shown = clean_line(written);
    let setting = program_set.as_deref().unwrap_or("PATH");
    let unset = program_set.as_ref().map(|name| format!("git config --global --unset {name}"));
    let path = match written.contains('/') {
        false => session.bench.find_program(written),
        true if Path::new(written).is_absolute() => Some(PathBuf::from(written)),
        true => {
            let says = format!(
                "{setting} is {shown}, which leads into whatever work tree git is started in; it \
                 was not run"
            );
            let remedy = format!("git config --global {setting} with the whole path");
            return Some(Problem::new("program-of-tree", says, remedy));
        }
    };
    let path = path.filter(|path| session.bench.kind(path) == Some(Kind::File));
    let Some(path) = path else {
        let says = match program_set {
            Some(name) => format!("{name} is {shown}, and there is no such program"),
            None => format!("there is no {shown} on PATH, with which git signs"),
        };
        let remedy = unset.unwrap_or_else(|| "onramp fix signing-program".to_owned());
        return Some(Problem::new("program-missing", says, remedy));
    };
    let tree = facts.tree.as_ref().filter(|tree| lies_in(session, &path, tree))?;
    let says = format!(
        "{setting} leads to {}, which belongs to the work tree {}; it was not run",
        path.display(),
        tree.display()
    );
    let remedy = unset.unwrap_or_else(|| "take the work tree's folders out of PATH".to_owned());
    Some(Problem::new("program-of-tree", says, remedy))
}
