//! What becomes of a step on this machine: which command, over which files, or why onramp's own
//! checks or nothing at all. Looks at the tree and the machine; runs nothing.

use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::look::{self, Seen};
use crate::ci::glob::Globs;
use crate::ci::rules::{Label, Tool};
use crate::ci::shell::CORES;
use crate::ci::work::Work;
use crate::cli::Session;
use crate::cli::build::{self, BuildArgs, BuildPlan, Way};
use crate::cli::build_plan::build_plan;
use crate::cli::trouble::Trouble;
use crate::cli::workspace::Workspace;
use crate::maven::project::{self, Reactor};
use crate::maven::run::{self as maven, Invocation, typed};
use crate::maven::touched::folder_of;
use crate::sys::{Command, Kind, stays_inside};
use crate::text::shell_word;

/// Words that make hooks look at everything.
const EVERYTHING: [&str; 2] = ["--all-files", "-a"];
/// What stands for the modules that the branch touches.
const MODULES: &str = "{modules}";

/// What becomes of one piece of work.
pub(super) enum Doing {
    /// These commands run, one after the other; the last one judges.
    Run {
        /// The commands.
        commands: Vec<Command>,
        /// How truly.
        label: Label,
        /// What is to be said about it.
        note: Option<String>,
    },
    /// Checks of onramp's own look instead.
    StandIn {
        /// Their ids.
        checks: Vec<String>,
        /// Why, as a clause.
        why: String,
    },
    /// This change cannot alter the verdict.
    Spared(String),
    /// It should run, and cannot.
    Untold {
        /// Why.
        why: String,
        /// What to do about it.
        remedy: Option<String>,
    },
    /// This machine has no way to do it, and nothing stands in.
    NotHere(String),
}

/// What decisions rest on.
pub(super) struct Ground<'a> {
    pub(super) session: &'a Session<'a>,
    pub(super) workspace: &'a Workspace,
    pub(super) seen: Seen,
    pub(super) git_folder: PathBuf,
    /// Nothing differs from the commit.
    pub(super) clean: bool,
    offline: bool,
    build: OnceCell<Result<BuildPlan, Trouble>>,
    reactor: OnceCell<Reactor>,
}

impl<'a> Ground<'a> {
    pub(super) fn of(
        session: &'a Session<'a>,
        workspace: &'a Workspace,
        seen: Seen,
        offline: bool,
    ) -> Result<Self, Trouble> {
        let git = session.machine.world().git;
        let state = git.state(&seen.root).map_err(|reason| Trouble::usage(reason.to_string()))?;
        let clean = git
            .status(&seen.root)
            .is_ok_and(|status| status.changed_total == 0 && status.repository.operation.is_none());
        let git_folder = PathBuf::from(state.git_folder);
        let (build, reactor) = (OnceCell::new(), OnceCell::new());
        Ok(Self { session, workspace, seen, git_folder, clean, offline, build, reactor })
    }

    /// The files that the branch touches; none where that cannot be told.
    pub(super) fn files(&self) -> Vec<String> {
        let changes = self.seen.changes.as_ref();
        changes.map_or_else(
            |_| Vec::new(),
            |changes| changes.files.iter().map(|change| change.file.clone()).collect(),
        )
    }

    /// What Maven needs; the JDK, settings and known failures.
    pub(super) fn build(&self) -> Result<&BuildPlan, &Trouble> {
        let args = BuildArgs::default();
        let look = || {
            build_plan(self.session, self.workspace, &args, Way::default(), self.offline)
                .map_err(trouble)
        };
        self.build.get_or_init(look).as_ref()
    }

    /// Decides about one piece of work.
    pub(super) fn decide(&self, work: &Work) -> Doing {
        let action = &work.action;
        if !action.touched.is_empty() && self.seen.changes.is_ok() && !self.touches(&action.touched)
        {
            let touched = action.touched.join(", ");
            return Doing::Spared(format!("this branch touches none of {touched}"));
        }
        let name = action.words.first().map(String::as_str).unwrap_or_default();
        let Some(program) = look::program(self.session.bench, action.tool, name) else {
            let missing = match action.tool {
                Tool::Maven => "Maven is not installed",
                Tool::PreCommit => "pre-commit is not installed",
                Tool::Program => "its program is not installed",
                Tool::Onramp => "nothing else can do it",
            };
            return instead(work, missing);
        };
        if let Some(needed) = &action.needs
            && self.session.bench.kind(&self.seen.root.join(needed)).is_none()
        {
            let why = format!("{needed} is not there");
            return Doing::Untold { why, remedy: action.get.clone() };
        }
        match action.tool {
            Tool::Maven => self.maven(work),
            Tool::PreCommit => self.hooks(work, &program),
            Tool::Program | Tool::Onramp => self.program(work, &program),
        }
    }

    fn touches(&self, patterns: &[String]) -> bool {
        let globs = Globs::read(patterns.iter().map(String::as_str));
        // A pattern that cannot be read must not spare anything.
        globs.is_ok_and(|globs| self.files().iter().any(|file| globs.choose(file)))
    }

    /// Whether everything has to be looked at, because the branch does not say what it touches or
    /// touches what decides over all files.
    fn whole(&self, work: &Work) -> bool {
        self.files().is_empty() || self.touches(&work.action.whole_when)
    }

    fn program(&self, work: &Work, program: &Path) -> Doing {
        let folder = self.seen.root.join(work.action.folder.as_deref().unwrap_or_default());
        if !stays_inside(self.session.bench, &self.seen.root, &folder) {
            let why = format!("{} leads out of the tree", folder.display());
            return Doing::Untold { why, remedy: None };
        }
        let words = work.action.words.iter().skip(1).cloned();
        let command = plain(program).args(words).in_folder(folder);
        Doing::Run { commands: vec![command], label: work.label, note: None }
    }

    /// The hooks of the project over what the branch touches. They mend files, so that they run in
    /// a clean tree alone: what is not committed must not be mixed with what they do.
    fn hooks(&self, work: &Work, program: &Path) -> Doing {
        if !self.clean {
            let why = "hooks mend files, and this work tree has changes that are not committed: \
                       commit or stash them first";
            return instead(work, why);
        }
        let own = work.action.words.iter();
        let mut words: Vec<String> =
            own.filter(|word| !EVERYTHING.contains(&&***word)).cloned().collect();
        let note = match &self.seen.changes {
            Ok(changes) if !self.whole(work) => {
                words.extend(["--from-ref".to_owned(), changes.from.clone()]);
                words.extend(["--to-ref".to_owned(), changes.head.clone()]);
                None
            }
            _ => {
                words.push("--all-files".to_owned());
                Some("over all files".to_owned())
            }
        };
        words.extend(["--color".to_owned(), "never".to_owned()]);
        let command = plain(program).args(words).in_folder(&self.seen.root);
        Doing::Run { commands: vec![command], label: work.label, note }
    }

    fn maven(&self, work: &Work) -> Doing {
        let plan = match self.build() {
            Ok(plan) => plan,
            Err(trouble) => {
                return Doing::Untold { why: trouble.what.clone(), remedy: trouble.remedy.clone() };
            }
        };
        let modules = self.modules(&work.action.touched);
        let narrowed = work.action.words.iter().any(|word| word == MODULES);
        let whole = self.whole(work) || modules.is_empty();
        let mut words = Vec::new();
        let mut own = work.action.words.iter().peekable();
        while let Some(word) = own.next() {
            if word == "-pl" && own.peek().is_some_and(|next| *next == MODULES) {
                own.next();
                if !whole {
                    words.extend(["-pl".to_owned(), modules.join(",")]);
                }
                continue;
            }
            words.push(word.replace(CORES, &self.session.bench.cores().to_string()));
        }
        let mut commands = Vec::new();
        if !work.action.first.is_empty() {
            commands.push(self.maven_command(plan, &work.action.first, false));
        }
        commands.push(self.maven_command(plan, &words, work.action.long));
        let note = (narrowed && !whole).then(|| match modules.as_slice() {
            [one] => format!("in {one}"),
            all => format!("in {} modules", all.len()),
        });
        Doing::Run { commands, label: work.label, note }
    }

    fn maven_command(&self, plan: &BuildPlan, words: &[String], long: bool) -> Command {
        // A tree whose poms cannot be read is Maven's to complain about.
        let read = || project::reactor(self.session.bench, &plan.root).unwrap_or_default();
        let reactor = self.reactor.get_or_init(read);
        let args = BuildArgs { maven: words.to_vec(), ..BuildArgs::default() };
        let mut tuning = build::tune(self.session.bench, &args, &[], plan, reactor);
        if !long {
            tuning.threads = None;
        }
        let extra: Vec<String> = self.offline.then(|| "-o".to_owned()).into_iter().collect();
        maven::command(&Invocation {
            program: &plan.maven.program,
            folder: &plan.root,
            jdk: &plan.jdk.home,
            skip_rc: plan.skip_rc,
            goals: words,
            tuning: &tuning,
            resume_from: None,
            extra: &extra,
        })
    }

    /// The folders of the modules that hold touched files of these kinds.
    fn modules(&self, patterns: &[String]) -> Vec<String> {
        let Ok(globs) = Globs::read(patterns.iter().map(String::as_str)) else { return Vec::new() };
        let pom = |folder: &Path| {
            self.session.bench.kind(&self.seen.root.join(folder).join("pom.xml"))
                == Some(Kind::File)
        };
        let mut modules = BTreeSet::new();
        for file in self.files().iter().filter(|file| globs.choose(file)) {
            let Some(module) = folder_of(file, &pom) else { continue };
            let name = module.to_string_lossy().into_owned();
            modules.insert(if name.is_empty() { ".".to_owned() } else { name });
        }
        modules.into_iter().collect()
    }
}

/// The commands of a run as a person would type them.
pub(super) fn shown(commands: &[Command]) -> String {
    commands.iter().map(typed).collect::<Vec<_>>().join(" && ")
}

/// The same without what is this machine's alone: where programs lie, and settings of ours.
pub(super) fn plainly(commands: &[Command]) -> String {
    let words = |command: &Command| {
        let program = command.program.file_name().unwrap_or_default().to_string_lossy();
        let arguments = command.arguments.iter().map(|word| shell_word(&word.to_string_lossy()));
        let words: Vec<String> = std::iter::once(program.into_owned()).chain(arguments).collect();
        words.join(" ")
    };
    commands.iter().map(words).collect::<Vec<_>>().join(" && ")
}

/// A tool that is to print plain lines.
fn plain(program: &Path) -> Command {
    Command::work(program).with("NO_COLOR", "1").with("FORCE_COLOR", "0")
}

fn instead(work: &Work, why: &str) -> Doing {
    if work.stand_ins.is_empty() {
        return Doing::NotHere(format!("{why}, and onramp has no such check of its own"));
    }
    Doing::StandIn { checks: work.stand_ins.clone(), why: why.to_owned() }
}

fn trouble(error: anyhow::Error) -> Trouble {
    error.downcast().unwrap_or_else(|error| Trouble::usage(error.to_string()))
}
