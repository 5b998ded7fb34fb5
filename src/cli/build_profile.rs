//! Which build is meant: the way that `--profile` names, as the project's table, the tree's workflows
//! and the branch tell. Looks at files and git only; runs nothing.

use super::Session;
use super::build::{BuildArgs, Touched, USUAL, Way};
use super::build_plan;
use super::ci;
use super::pr_plan;
use super::trouble::Trouble;
use super::workspace::Workspace;
use crate::ci::glob::Globs;
use crate::git::Status;
use crate::profile::{Build, BuildProfile, From};

/// Works out the way to build.
///
/// # Errors
/// A name that the project does not know, a pattern that cannot be read, a base that is not known,
/// workflows that do not tell where the table does not either.
pub fn way(session: &Session<'_>, workspace: &Workspace, args: &BuildArgs) -> anyhow::Result<Way> {
    let build = &workspace.project.build;
    let name = args.profile.as_deref().unwrap_or(USUAL);
    let profile = match build.profiles.get(name) {
        Some(profile) => profile.clone(),
        None if args.profile.is_none() => BuildProfile::default(),
        None => return Err(unknown(name, workspace).into()),
    };
    let mut way = Way {
        name: name.to_owned(),
        about: profile.about.clone(),
        goals: profile.goals.clone().unwrap_or_else(|| build.goals.clone()),
        notes: profile.notes.clone(),
        checks: profile.checks.clone(),
        touched: None,
    };
    match profile.from {
        From::Table => {}
        From::Workflows => from_workflows(session, workspace, args, &profile, &mut way)?,
        From::Changes => way.touched = Some(touched(session, workspace, args, &profile)?),
    }
    Ok(way)
}

fn unknown(name: &str, workspace: &Workspace) -> Trouble {
    let Build { profiles, .. } = &workspace.project.build;
    let known = profiles.iter().map(|(name, profile)| format!("{name} ({})", profile.about));
    let known = known.collect::<Vec<_>>().join("; ");
    let title = &workspace.project.title;
    let what = format!("{title} has no build profile `{name}`");
    if known.is_empty() {
        return Trouble::usage(what)
            .remedy("leave --profile out; profiles stand in _project.yaml, below `build`");
    }
    Trouble::usage(what).remedy(format!("choose one of these: {known}"))
}

/// Takes the goals of the first whole build that a pull request meets; those of the table where the
/// workflows do not tell.
fn from_workflows(
    session: &Session<'_>,
    workspace: &Workspace,
    args: &BuildArgs,
    profile: &BuildProfile,
    way: &mut Way,
) -> anyhow::Result<()> {
    let told = ci::maven_build(session, workspace, args.base.as_deref(), &profile.workflows);
    let why = match told {
        Ok(Some((step, words))) => {
            way.goals = words;
            way.notes.insert(0, format!("goals of {step}: `onramp ci --list` shows it"));
            return Ok(());
        }
        Ok(None) => "no workflow tells the whole build of a pull request".to_owned(),
        Err(error) => match error.downcast::<Trouble>() {
            // A base that is not known is the reader's to mend; it was named on the command line.
            Ok(trouble) if args.base.is_some() => return Err(trouble.into()),
            Ok(trouble) => trouble.what,
            Err(error) => return Err(error),
        },
    };
    let Some(goals) = &profile.goals else {
        let name = &way.name;
        return Err(Trouble::usage(format!(
            "what the profile `{name}` builds is not known: {why}"
        ))
        .remedy("`onramp build` builds by the usual command; `onramp ci --list` lists what CI does")
        .into());
    };
    way.goals.clone_from(goals);
    way.notes.insert(0, format!("goals from onramp's own table, for {why}"));
    Ok(())
}

/// The files that the branch touches, committed or not.
fn touched(
    session: &Session<'_>,
    workspace: &Workspace,
    args: &BuildArgs,
    profile: &BuildProfile,
) -> anyhow::Result<Touched> {
    let reading = Reading::of(profile)?;
    let root = &build_plan::tree(session, workspace)?.root;
    let wanted = pr_plan::wanted(workspace, args.base.as_deref());
    let git = session.machine.world().git;
    let remedy = "name the commit or branch it started from with --base, or build all: \
                  `onramp build`";
    let changes = git.changes(root, &wanted).map_err(|reason| {
        Trouble::usage(format!("what the branch touches cannot be told: {reason}")).remedy(remedy)
    })?;
    let status = git.status(root).map_err(|reason| Trouble::usage(reason.to_string()))?;
    let committed = changes.files.iter().map(|change| change.file.clone());
    let all = committed.chain(uncommitted(&status));
    let mut files: Vec<String> = all.flat_map(|file| reading.places(file)).collect();
    files.sort();
    files.dedup();
    let listed = status.changed.len() + status.untracked.len();
    let total = status.changed_total + status.untracked_total;
    let unlisted = total.saturating_sub(listed as u64);
    Ok(Touched { files, unlisted, since: changes.base.name })
}

/// Which files outside of modules count, and where.
struct Reading {
    beside: Globs,
    /// Folders of modules, and what those read besides.
    reads: Vec<(String, Globs)>,
}

impl Reading {
    fn of(profile: &BuildProfile) -> Result<Self, Trouble> {
        let globs = |patterns: &[String]| {
            Globs::read(patterns.iter().map(String::as_str)).map_err(Trouble::usage)
        };
        let reads = profile.reads.iter();
        let reads = reads.map(|(folder, patterns)| Ok((format!("{folder}/"), globs(patterns)?)));
        Ok(Self { beside: globs(&profile.beside)?, reads: reads.collect::<Result<_, Trouble>>()? })
    }

    /// Where a touched file counts: nowhere, where it lies, or in the modules that read it.
    fn places(&self, file: String) -> Vec<String> {
        let readers = self.reads.iter().filter(|(_, globs)| globs.choose(&file));
        let readers: Vec<String> = readers.map(|(folder, _)| folder.clone()).collect();
        if readers.is_empty() && !self.beside.choose(&file) { vec![file] } else { readers }
    }
}

fn uncommitted(status: &Status) -> impl Iterator<Item = String> {
    status.changed.iter().chain(&status.untracked).map(|entry| entry.file.clone())
}
