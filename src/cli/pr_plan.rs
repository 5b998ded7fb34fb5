//! Finds what a pull request is drafted from: the template, the commits, the branches, and what
//! was really run. Reads the work tree only; the one question to a remote is `--check-push`.

use std::path::Path;
use std::time::Duration;

use crate::exit::Exit;
use crate::git::remote::{Git, heads_listed};
use crate::git::{self, Branch, Wanted};
use crate::pr::change::Commit;
use crate::pr::next::{Origin, PLACEHOLDER, Pushed, Whereabouts};
use crate::pr::template;
use crate::sys::{Ended, Stream, read_in_tree};
use crate::text::clean_line;

use super::Session;
use super::build::record::BuildRecord;
use super::pr::{PrArgs, PrPlan};
use super::trouble::Trouble;
use super::workspace::Workspace;

/// Longest silence of a server that is asked for its branches.
const STALL: Duration = Duration::from_secs(20);
/// Most commits a request is drafted from.
const LIMIT: usize = 500;
/// A template may be this long.
const TEMPLATE_LIMIT: u64 = 256 << 10;

/// Works out the plan of a draft.
///
/// # Errors
/// No work tree, or one whose history cannot be read.
pub fn pr_plan(
    session: &Session<'_>,
    workspace: &Workspace,
    args: &PrArgs,
) -> anyhow::Result<PrPlan> {
    let tree = workspace.tree.as_ref().ok_or_else(|| {
        Trouble::usage(format!("{} lies in no work tree", workspace.folder.display()))
            .remedy("run it inside the clone; `onramp clone` makes one")
    })?;
    let root = tree.root.as_path();
    let git = session.machine.world().git;
    if workspace.elsewhere(git) {
        let title = &workspace.project.title;
        return Err(Trouble::usage(format!("{} is no clone of {title}", root.display()))
            .remedy("go into your clone, make one with `onramp clone`, or name the project with --project")
            .into());
    }
    let wanted = wanted(workspace, args.base.as_deref());
    let trouble = |reason: git::Unreadable| Trouble::usage(reason.to_string());
    let state = git.state(root).map_err(trouble)?;
    let branch = git.branch(root, &wanted).map_err(trouble)?;
    let messages = git.messages(root, &wanted, LIMIT).map_err(trouble)?;
    let changes = git.changes(root, &wanted).map_err(trouble)?;
    let mut here = whereabouts(workspace, &branch);
    if args.check_push {
        here.pushed = ask_fork(session, root, &branch)?;
    }
    let request = &workspace.project.request;
    Ok(PrPlan {
        template: template(session, root, &request.template),
        sections: request.sections.clone(),
        screens: request
            .interface
            .iter()
            .map(|folder| format!("{}/", folder.trim_end_matches('/')))
            .collect(),
        commits: messages.into_iter().rev().map(commit).collect(),
        files: changes.files.into_iter().map(|change| change.file).collect(),
        here,
        evidence: evidence(session, Path::new(&state.git_folder), state.head.id.as_deref()),
        record: Path::new(&state.git_folder).join("onramp/pr.json"),
    })
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

fn commit(message: git::Message) -> Commit {
    Commit {
        short: message.commit.chars().take(10).collect(),
        id: message.commit,
        subject: message.subject,
        body: message.body,
        merge: message.merge,
        files: message.files,
    }
}

/// The template's path and text: the first of the profile's that is there, else the forge's usual
/// places. A link that leads out of the tree is not followed.
fn template(session: &Session<'_>, root: &Path, named: &[String]) -> Option<(String, String)> {
    let usual = template::candidates();
    let mut paths = named.iter().chain(&usual);
    paths.find_map(|path| {
        let bytes = read_in_tree(session.bench, root, path, TEMPLATE_LIMIT)?;
        Some((path.clone(), String::from_utf8_lossy(&bytes).into_owned()))
    })
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
/// tree's own configuration takes part.
fn ask_fork(session: &Session<'_>, root: &Path, branch: &Branch) -> anyhow::Result<Pushed> {
    let (Some(name), Some(origin)) = (&branch.head.name, &branch.remotes.origin) else {
        return Ok(Pushed::Unknown);
    };
    let Some(program) = session.bench.find_program("git") else {
        return Err(Trouble::usage("git is not installed")
            .remedy("`onramp check git` says how to install it")
            .into());
    };
    let git = Git { program, interactive: session.terminal.live, stall: STALL };
    let mut answer = Vec::new();
    let command = git.list(&origin.url, std::slice::from_ref(name));
    let ended = session.bench.stream(&command, &mut |stream, bytes| {
        if stream == Stream::Out {
            answer.extend_from_slice(bytes);
        }
    })?;
    match ended {
        Ended::Exited(Some(0)) => {}
        Ended::Exited(_) => {
            let what = format!("{} did not say whether it has the branch", clean_line(&origin.url));
            return Err(Trouble::failed(what)
                .remedy("`git ls-remote origin` shows what git says")
                .into());
        }
        Ended::Interrupted(signal) => {
            let exit = if signal == 15 { Exit::Terminated } else { Exit::Interrupted };
            return Err(Trouble::new(exit, "stopped").into());
        }
    }
    let Some((_, there)) = heads_listed(&answer).into_iter().find(|(head, _)| head == name) else {
        return Ok(Pushed::Absent);
    };
    if branch.head.id.as_ref() == Some(&there) {
        return Ok(Pushed::Same);
    }
    let ours = session.machine.world().git.contains(root, &there).unwrap_or(false);
    Ok(if ours { Pushed::Behind } else { Pushed::Diverged })
}

/// What was really run, one line each.
fn evidence(session: &Session<'_>, git_folder: &Path, head: Option<&str>) -> Vec<String> {
    let Some(record) = BuildRecord::read(session.bench, git_folder) else { return Vec::new() };
    if !record.passed || record.partial {
        return Vec::new();
    }
    let short = |id: &str| id.chars().take(10).collect::<String>();
    let at = match (&record.head, head) {
        (Some(built), Some(head)) if built == head => format!("at {}", short(built)),
        (Some(built), _) => format!("at {}, before the newest commits", short(built)),
        (None, _) => return Vec::new(),
    };
    let modules = record.modules.map(|count| format!(", {count} modules")).unwrap_or_default();
    let jdk = record.jdk.map(|feature| format!(", JDK {feature}")).unwrap_or_default();
    let maven = record.maven.map(|version| format!(", Maven {version}")).unwrap_or_default();
    let platform = session.bench.platform().name;
    vec![format!("`mvn {}` passed {at}{modules}{jdk}{maven}, {platform}", record.goals)]
}
