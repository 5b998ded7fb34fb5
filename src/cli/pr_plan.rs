//! Finds what a pull request is drafted from: the template, the commits, the branches, the gate,
//! and what was really run. Reads the work tree only; the one question to a remote is
//! `--check-push`.

use std::path::Path;
use std::time::Duration;

use crate::base::{self, Work};
use crate::exit::Exit;
use crate::git::remote::{Git, Messages, heads_listed};
use crate::git::trouble::explain;
use crate::git::{self, Branch, Wanted};
use crate::pr::change::Commit;
use crate::pr::next::{Origin, PLACEHOLDER, Pushed, Whereabouts};
use crate::sys::{Ended, Stream};
use crate::text::clean_line;

use super::Session;
use super::branch::stand;
use super::here;
use super::pr::afterwards::Prospect;
use super::pr::{PrArgs, PrPlan, Unanswered, evidence, gate, lint, template, withhold};
use super::trouble::Trouble;
use super::workspace::Workspace;

/// Longest silence of a server that is asked for its branches.
const STALL: Duration = Duration::from_secs(20);
/// Most commits a request is drafted from.
const LIMIT: usize = 500;

/// Works out the plan of a draft. `offline`: the network is to be left alone.
///
/// # Errors
/// No work tree, one whose history cannot be read, a base that is not known, or a question to the
/// fork that must not be asked.
pub fn pr_plan(
    session: &Session<'_>,
    workspace: &Workspace,
    args: &PrArgs,
    offline: bool,
) -> anyhow::Result<PrPlan> {
    if offline && (args.check_push || args.hand_over.asked()) {
        let what = match args.check_push {
            true => "--check-push asks the fork over the network, and --offline forbids that",
            false => "a request is handed over by the network, and --offline forbids that",
        };
        return Err(Trouble::usage(what).remedy("leave one of the two out").into());
    }
    let root = workspace.clone_here(session.machine.world().git)?.root.as_path();
    let git = session.machine.world().git;
    let wanted = wanted(workspace, args.base.as_deref());
    let trouble = |reason: git::Unreadable| Trouble::usage(reason.to_string());
    let state = git.state(root).map_err(trouble)?;
    let branch = git
        .branch(root, &wanted)
        .map_err(|reason| unknown_base(session, workspace, root, &reason))?;
    let stray = stray(args, &branch)?;
    let messages = git.messages(root, &wanted, LIMIT).map_err(trouble)?;
    let changes = git.changes(root, &wanted).map_err(trouble)?;
    let mut here = whereabouts(workspace, &branch);
    let mut unanswered = None;
    if args.check_push {
        match ask_fork(session, root, &here, &branch)? {
            Ok(pushed) => here.pushed = pushed,
            Err(open) => {
                here.pushed = Pushed::Unknown;
                unanswered = Some(open);
            }
        }
    }
    let git_folder = Path::new(&state.git_folder);
    let status = git.status(root).ok();
    let seen = (&branch, status.as_ref());
    let gate = gate::gate(session, workspace, git_folder, seen, args.base.as_deref());
    let now = here::with_status(state.head.id.clone(), status.as_ref());
    let request = &workspace.project.request;
    lint::known_rules(request)?;
    let found = template::find(session.bench, root, &request.template);
    let withheld = withhold::withheld(session.bench, workspace)?;
    let own = own_address(session, root);
    let commits = messages.into_iter().rev().map(|message| commit(message, own.as_deref()));
    let (commits, mut notes) = withhold::cleared(&withheld, commits.collect());
    notes.extend(stray);
    let evidence = evidence::collect(session, git_folder, &now);
    let (lines, more) =
        withhold::cleared_lines(&withheld, &evidence.lines, "what was recorded of a run");
    notes.extend(more.into_iter().chain(evidence.notes));
    Ok(PrPlan {
        template: found.template,
        passed_over: found.passed_over,
        asks: request.clone(),
        screens: request
            .interface
            .iter()
            .map(|folder| format!("{}/", folder.trim_end_matches('/')))
            .collect(),
        commits,
        files: changes.files.iter().map(|change| change.file.clone()).collect(),
        gate,
        fixes: fixes(session, workspace, args, &branch),
        head: state.head.id,
        here,
        evidence: lines,
        withheld,
        notes,
        unanswered,
        prospect: Prospect {
            project: workspace.project.afterwards.clone(),
            base: branch.base.as_ref().map(|base| base.reference.clone()),
            email: own,
        },
        tree: root.to_owned(),
        record: git_folder.join("onramp/pr.json"),
    })
}

/// What to know of a base that was named and is no branch of the project: nothing can be handed over
/// to it.
fn stray(args: &PrArgs, branch: &Branch) -> Result<Option<String>, Trouble> {
    let named = branch.base.as_ref().filter(|base| args.base.is_some() && !base.maintained);
    let Some(base) = named else { return Ok(None) };
    let name = clean_line(&base.name);
    let what = format!("{name} is no branch of the project: a request cannot go there");
    match args.hand_over.asked() {
        true => Err(Trouble::usage(what).remedy("leave --base out, or name the branch")),
        false => Ok(Some(what)),
    }
}

/// A history that cannot be read; for a base that is not there, with the branches that are.
fn unknown_base(
    session: &Session<'_>,
    workspace: &Workspace,
    root: &Path,
    reason: &git::Unreadable,
) -> Trouble {
    let git::Unreadable::Revision(name) = reason else { return Trouble::usage(reason.to_string()) };
    let known = session.machine.world().git.branch(root, &wanted(workspace, None));
    let (names, remote) = known.map_or_else(
        |_| (Vec::new(), None),
        |branch| {
            let names: Vec<String> = branch.candidates.into_iter().map(|one| one.name).collect();
            (names, branch.remotes.project)
        },
    );
    let remote = remote.unwrap_or_else(|| "upstream".to_owned());
    let remedy = match names.as_slice() {
        [] => format!("`git fetch {remote}` brings the project's branches"),
        names => format!(
            "known here: {}; `git fetch {remote}` brings what the project has since",
            names.join(", ")
        ),
    };
    Trouble::usage(format!("there is no branch called {} here", clean_line(name))).remedy(remedy)
}

/// Where a bug fix goes, where the author did not choose: the branch that is proven, else how the
/// project puts it where the base is the newest line.
fn fixes(
    session: &Session<'_>,
    workspace: &Workspace,
    args: &PrArgs,
    branch: &Branch,
) -> Option<String> {
    let branches = &workspace.project.branches;
    let current = branch.base.as_ref().map_or(&branches.default, |base| &base.name);
    if args.base.is_some() {
        return None;
    }
    let git = session.machine.world().git;
    let root = workspace.tree.as_ref()?.root.as_path();
    let work = base::work(git, root, &wanted(workspace, None));
    let stand = matches!(work, Ok(Work::Fix(_))).then(|| stand::look(session, workspace).ok());
    if let Some(stand) = stand.flatten().filter(|stand| stand.proposal.base.is_some()) {
        let moved = |meant: &str| {
            format!("{meant}, as onramp branch proves: onramp branch retarget moves it there")
        };
        return stand.better_base().map(moved);
    }
    let others: Vec<&str> =
        branches.maintained.iter().map(String::as_str).filter(|name| name != current).collect();
    let place = workspace.project.request.fixes.as_ref();
    let place = place.filter(|_| *current == branches.default && !others.is_empty())?;
    Some(format!("{place} (maintained: {})", others.join(", ")))
}

/// Which history is meant, for the project of this work tree.
#[must_use]
pub fn wanted(workspace: &Workspace, base: Option<&str>) -> Wanted {
    Wanted {
        head: None,
        base: base.map(ToOwned::to_owned),
        repository: workspace.project.repository.clone().unwrap_or_default(),
        branches: workspace.project.branches.maintained.clone(),
    }
}

/// The address the author of the request commits with, as git knows it.
fn own_address(session: &Session<'_>, root: &Path) -> Option<String> {
    let settings = session.machine.world().git.settings(Some(root), &["user.email"]).ok()?;
    settings.into_iter().next().map(|setting| setting.value)
}

/// `own` is the address of who makes the request; where that is not known, every commit is theirs.
pub(super) fn commit(message: git::Message, own: Option<&str>) -> Commit {
    Commit {
        foreign: own.is_some_and(|own| !own.eq_ignore_ascii_case(&message.author)),
        short: message.commit.chars().take(10).collect(),
        id: message.commit,
        subject: message.subject,
        body: message.body,
        merge: message.merge,
        files: message.files,
    }
}

/// Where the branch stands.
#[must_use]
pub fn whereabouts(workspace: &Workspace, branch: &Branch) -> Whereabouts {
    let remotes = &branch.remotes;
    let documented = workspace.project.repository.clone();
    let project = documented.or_else(|| remotes.upstream.as_ref().map(|remote| remote.url.clone()));
    let origin = match &remotes.origin {
        Some(origin) if origin.project => Origin::Project,
        Some(origin) if origin.url.contains(PLACEHOLDER) => Origin::Absent,
        Some(origin) => Origin::Fork(origin.url.clone()),
        None => Origin::Absent,
    };
    let base = branch
        .base
        .as_ref()
        .map_or(workspace.project.branches.default.clone(), |base| base.name.clone());
    Whereabouts {
        project: project.unwrap_or_default(),
        origin,
        has_origin: remotes.origin.is_some(),
        has_upstream: remotes.upstream.is_some(),
        branch: branch.head.name.clone(),
        base,
        pushed: match &branch.pushed {
            Some(pushed) if pushed.equal => Pushed::Same,
            Some(pushed) if pushed.diverged => Pushed::Diverged,
            Some(_) => Pushed::Behind,
            None => Pushed::Absent,
        },
    }
}

/// Asks the fork which commit its branch is at, from outside the work tree so that nothing of the
/// tree's own configuration takes part. The inner error: it was asked and did not answer.
fn ask_fork(
    session: &Session<'_>,
    root: &Path,
    here: &Whereabouts,
    branch: &Branch,
) -> anyhow::Result<Result<Pushed, Unanswered>> {
    let (Some(name), Origin::Fork(url)) = (&here.branch, &here.origin) else {
        // There is no fork to ask; the next step says so.
        return Ok(Ok(Pushed::Unknown));
    };
    let Some(program) = session.bench.find_program("git") else {
        return Ok(Err(Unanswered {
            what: "the fork was not asked: git is not installed".to_owned(),
            remedy: "`onramp check git` says how to install it".to_owned(),
        }));
    };
    let git = Git { program, interactive: session.terminal.live, stall: STALL };
    let (mut answer, mut messages) = (Vec::new(), Messages::default());
    let command = git.list(url, std::slice::from_ref(name));
    let ended = session.bench.stream(&command, &mut |stream, bytes| match stream {
        Stream::Out => answer.extend_from_slice(bytes),
        Stream::Err => {
            messages.feed(bytes);
        }
    })?;
    match ended {
        Ended::Exited(Some(0)) => {}
        Ended::Exited(_) => return Ok(Err(silence(url, &messages.lines()))),
        Ended::Interrupted(signal) => {
            let exit = Exit::by(signal);
            return Err(Trouble::new(exit, "stopped").into());
        }
    }
    let heads = heads_listed(&answer);
    Ok(Ok(match heads.iter().find(|(head, _)| head == name) {
        Some((_, there)) => compared(session, root, branch, there),
        None => Pushed::Absent,
    }))
}

/// What git's last words mean; the words themselves go along.
fn silence(url: &str, lines: &[String]) -> Unanswered {
    let known = explain(lines);
    let fatal = lines.iter().find(|line| line.starts_with("fatal: "));
    let said = known.as_ref().map(|known| &known.line).or(fatal).or(lines.last());
    let said = said.map(|line| format!(" (git says: {})", clean_line(line))).unwrap_or_default();
    let url = clean_line(url);
    let meaning = known.as_ref().map_or("git gave up", |known| known.what);
    Unanswered {
        what: format!("{url} did not say whether it has the branch: {meaning}{said}"),
        remedy: match known {
            Some(known) => known.remedy.to_owned(),
            None => "`git ls-remote origin` asks the same question".to_owned(),
        },
    }
}

/// How the fork's commit compares to the local branch. Only what was fetched before, and so seen,
/// counts as commits of one's own that a push may replace.
fn compared(session: &Session<'_>, root: &Path, branch: &Branch, there: &str) -> Pushed {
    if branch.head.id.as_deref() == Some(there) {
        return Pushed::Same;
    }
    if session.machine.world().git.contains(root, there).unwrap_or(false) {
        return Pushed::Behind;
    }
    let tracked = branch.pushed.as_ref().filter(|pushed| pushed.remote == "origin");
    match tracked {
        Some(pushed) if pushed.id == there => Pushed::Diverged,
        _ => Pushed::Unseen,
    }
}
