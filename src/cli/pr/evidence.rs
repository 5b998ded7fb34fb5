//! What was really run on the commit that is checked out, one line each, from what the runs left
//! behind. A run on anything else is no evidence: the author is told, the request is not.

use std::path::Path;

use crate::cli::Session;
use crate::results::{Build, Ci, Details, Ended, Here, How, PatchCheck, Ran, Recorded, Standing};
use crate::text::clean_line;

/// What there is to say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Evidence {
    /// Lines for the request.
    pub lines: Vec<String>,
    /// For the author: runs that say nothing about this commit any more, and steps that failed.
    pub notes: Vec<String>,
}

/// Collects it.
#[must_use]
pub fn collect(session: &Session<'_>, git_folder: &Path, now: &Here) -> Evidence {
    let mut evidence = Evidence::default();
    let platform = session.bench.platform().name;
    if let Some(build) = Recorded::<Build>::read(session.bench, git_folder) {
        evidence.add(&build, now, |build| built(build, &platform));
    }
    if let Some(ci) = Recorded::<Ci>::read(session.bench, git_folder) {
        evidence.add(&ci, now, steps);
        evidence.notes.extend(failed(&ci, now));
    }
    if let Some(check) = Recorded::<PatchCheck>::read(session.bench, git_folder) {
        // Where it says nothing about this commit, the gate before the request says so.
        if same_commit(&check, now) == Standing::Fresh {
            evidence.lines.extend(checked(&check));
        }
    }
    evidence
}

/// The same commit with the same files. Who judged, and by what, is part of what is said.
fn same_commit<D: Details>(run: &Recorded<D>, now: &Here) -> Standing {
    let now = Here { commit: now.commit.clone(), tree: now.tree, ..run.on.clone() };
    run.standing(&now)
}

impl Evidence {
    fn add<D: Details>(
        &mut self,
        run: &Recorded<D>,
        now: &Here,
        lines: impl Fn(&Recorded<D>) -> Vec<String>,
    ) {
        match same_commit(run, now) {
            Standing::Fresh => self.lines.extend(lines(run)),
            Standing::Stale(reasons) if run.passed() => self.notes.push(format!(
                "`{command}` is no evidence for this commit, {why}; run it again",
                command = D::KIND.command(),
                why = reasons.join(", and ")
            )),
            Standing::Stale(_) => {}
        }
    }
}

/// A whole build that passed, or nothing.
fn built(run: &Recorded<Build>, platform: &str) -> Vec<String> {
    let build = &run.details;
    let modules = match build.modules {
        None | Some(0) => return Vec::new(),
        Some(1) => "1 module".to_owned(),
        Some(count) => format!("{count} modules"),
    };
    if !run.passed() || build.partial {
        return Vec::new();
    }
    let jdk = build.jdk.map(|feature| format!(", JDK {feature}")).unwrap_or_default();
    let maven = build.maven.as_ref();
    let maven = maven.map(|version| format!(", Maven {version}")).unwrap_or_default();
    let skips = |word: &str| {
        matches!(word, "-DskipTests" | "-DskipTests=true")
            || matches!(word, "-Dmaven.test.skip" | "-Dmaven.test.skip=true")
    };
    let skipped = build.goals.split_whitespace().any(skips);
    let tests = if skipped { "; tests were skipped" } else { "" };
    let built = format!("Built: `mvn {}` passed at {}", build.goals, short(run));
    vec![format!("{built} ({modules}{jdk}{maven}, {platform}){tests}")]
}

fn steps(run: &Recorded<Ci>) -> Vec<String> {
    let good = run.details.steps.iter().filter(|step| step.ended == Ended::Ok);
    good.map(|step| format!("{} at {}", step_line(step), short(run))).collect()
}

fn step_line(step: &Ran) -> String {
    let name = clean_line(&step.name);
    let command = step.command.as_ref().map(|command| format!(" (`{}`)", clean_line(command)));
    let how = match step.how {
        How::Exact => "",
        How::Approximate => ", nearly as the project's CI runs it,",
        How::StandIn => ", by onramp's own check in its place,",
    };
    format!("CI step \"{name}\"{}{how} passed", command.unwrap_or_default())
}

fn failed(run: &Recorded<Ci>, now: &Here) -> Option<String> {
    if same_commit(run, now) != Standing::Fresh {
        return None;
    }
    let failed = run.details.steps.iter().filter(|step| step.ended == Ended::Failed);
    let names: Vec<String> = failed.map(|step| clean_line(&step.name)).collect();
    (!names.is_empty()).then(|| format!("mend what failed in `onramp ci`: {}", names.join(", ")))
}

/// A check of the patch that found nothing in the way.
fn checked(run: &Recorded<PatchCheck>) -> Vec<String> {
    if !run.passed() || run.counts.ok == 0 {
        return Vec::new();
    }
    let policy = run.on.policy.as_deref().map(|policy| format!(", policy {}", clean_line(policy)));
    let excused = match run.details.excused {
        0 => String::new(),
        count => format!(", {count} waived"),
    };
    vec![format!(
        "Checked: `onramp check patch` found nothing in the way at {} ({} checks hold{}{excused})",
        short(run),
        run.counts.ok,
        policy.unwrap_or_default()
    )]
}

/// The commits that lines of a request name for what was run, with the index of each line.
pub(super) fn claimed(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let claims = |line: &str| {
        let line = line.trim_start_matches(['-', '*', ' ']);
        ["Built: `mvn ", "Checked: `onramp ", "CI step \""].iter().any(|how| line.starts_with(how))
    };
    let lines = text.lines().enumerate().filter(move |(_, line)| claims(line));
    lines.filter_map(|(index, line)| {
        let (_, named) = line.rsplit_once(" at ")?;
        let id = named.split(|c: char| !c.is_ascii_hexdigit()).next()?;
        (id.len() == SHORT).then_some((index, id))
    })
}

/// So many digits name a commit in a request.
const SHORT: usize = 10;

fn short<D>(run: &Recorded<D>) -> String {
    run.on.commit.as_deref().unwrap_or_default().chars().take(SHORT).collect()
}
