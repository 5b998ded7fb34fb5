//! The command line: the only place that prints. One file per verb; each takes the [`Session`]
//! and its own arguments and returns the exit code.

pub mod args;
pub mod branch;
pub mod brought;
pub mod build;
pub mod build_maven;
pub mod build_plan;
pub mod build_profile;
pub mod check;
pub mod checks;
pub mod ci;
pub mod clone;
pub mod clone_plan;
pub mod compare;
pub mod config;
pub mod excuses;
pub mod fix;
pub mod here;
pub mod journey;
pub mod key;
pub mod list;
pub mod local_repository;
pub mod making;
pub mod outputs;
pub mod plugins;
pub mod policies;
pub mod pr;
pub mod pr_plan;
pub mod preparation;
pub mod progress;
mod remedies;
pub mod replay;
pub mod settings;
pub mod survey;
pub mod terminal;
pub mod tree_lock;
pub mod trouble;
pub mod trust;
pub mod workspace;

use std::ffi::OsString;
use std::sync::Arc;

use clap::Parser;

use crate::exit::Exit;
use crate::probe::Machine;
use crate::report::json;
use crate::sys::{System, Workbench};
use crate::text::{Line, Tone};
use args::{Arguments, Document, Verb};
use build::BuildArgs;
use terminal::Terminal;
use trouble::Trouble;
use workspace::Workspace;

/// What every verb works with.
pub struct Session<'a> {
    /// The machine, for verbs that change it.
    pub bench: &'a dyn Workbench,
    /// What probes look at.
    pub machine: Machine,
    /// The screen.
    pub terminal: Terminal,
}

/// Parses the arguments, runs the verb and tells how it ended.
pub fn main(
    arguments: impl IntoIterator<Item = OsString>,
    bench: &Arc<impl Workbench + 'static>,
) -> Exit {
    let plain =
        bench.env("NO_COLOR").is_some() || bench.env("TERM").is_some_and(|term| term == "dumb");
    let mut arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => return usage(&Terminal::detect(plain, false), &error),
    };
    let system: Arc<dyn System> = Arc::clone(bench) as Arc<dyn System>;
    let session = Session {
        bench: bench.as_ref(),
        machine: Machine::live(system),
        terminal: Terminal::detect(plain, arguments.global.quiet),
    };
    match dispatch(&session, &mut arguments) {
        Ok(exit) => exit,
        Err(error) => ended(&session.terminal, &error),
    }
}

fn dispatch(session: &Session<'_>, arguments: &mut Arguments) -> anyhow::Result<Exit> {
    settings::settle(session.bench, &mut arguments.global)?;
    let global = &arguments.global;
    if !matches!(arguments.verb, Some(Verb::Build(_))) {
        workspace::keep_from_tree(session.bench, global);
    }
    match &arguments.verb {
        None => journey::journey(session, global),
        Some(Verb::Branch(args)) => branch::branch(session, global, args),
        Some(Verb::Check(args)) => check::check(session, global, args),
        Some(Verb::Clone(args)) => {
            let workspace = Workspace::open(session.bench, global)?;
            let (args, plan) = clone_plan::clone_plan(session, &workspace, args, global.offline)?;
            Ok(clone::clone(session, &args, plan)?)
        }
        Some(Verb::Build(args)) => {
            let workspace = Workspace::open(session.bench, global)?;
            let args = &BuildArgs { around: settings::typed(global), ..args.clone() };
            if let Some(log) = &args.explain {
                let catalogue = build_plan::catalogue(&workspace)?;
                return build::explain(session, catalogue.open(), &workspace.folder, log);
            }
            if build::looks_back(args) {
                return build_plan::look_back(session, &workspace, args);
            }
            let way = build_profile::way(session, &workspace, args)?;
            let plan = build_plan::build_plan(session, &workspace, args, way, global.offline)?;
            if !args.dry_run && !args.explain_tuning && !args.blame {
                preparation::prepare(session, &workspace, args, &plan)?;
            }
            let prover = build::Prover { workspace: &workspace, offline: global.offline };
            build::build(session, args, plan, Some(&prover))
        }
        Some(Verb::Ci(args)) => ci::ci(session, global, args),
        Some(Verb::Pr(args)) => {
            let workspace = Workspace::open(session.bench, global)?;
            let plan = pr_plan::pr_plan(session, &workspace, args, global.offline)?;
            pr::pr(session, args, &plan)
        }
        Some(Verb::Compare(args)) => compare::compare(session, global, args),
        Some(Verb::Fix(args)) => fix::fix(session, global, args),
        Some(Verb::Key(args)) => key::key(session, global, args),
        Some(Verb::Config) => config::config(session, global),
        Some(Verb::List) => list::list(session, global),
        Some(Verb::Trust(args)) => trust::trust(session, global, args),
        Some(Verb::Explain(args)) => list::explain(session, global, args),
        Some(Verb::Schema(args)) => {
            let schema = match args.of {
                Document::Branch => branch::schema()?,
                Document::BuildEvents => crate::report::build::events_schema()?,
                Document::BuildReport => crate::report::build::schema()?,
                Document::Report => json::schema()?,
                Document::CiList => ci::list::schema()?,
                Document::KeyShow => key::show::schema()?,
                Document::PrLint => pr::lint::schema()?,
            };
            session.terminal.bytes(schema.as_bytes())?;
            Ok(Exit::Success)
        }
    }
}

/// clap's own message: help and version are answers, everything else is wrong usage. It quotes
/// what was typed, so it passes the gate like everything else.
fn usage(terminal: &Terminal, error: &clap::Error) -> Exit {
    let message = Line::plain(error.render().to_string().trim_end());
    if error.use_stderr() {
        terminal.complain(message);
        return Exit::Usage;
    }
    match terminal.data(&[message]) {
        Ok(()) => Exit::Success,
        Err(trouble) => ended(terminal, &trouble.into()),
    }
}

/// Tells how a verb ended that could not go on.
fn ended(terminal: &Terminal, error: &anyhow::Error) -> Exit {
    if let Some(trouble) = error.downcast_ref::<Trouble>() {
        trouble.lines(terminal.screen()).into_iter().for_each(|line| terminal.complain(line));
        return trouble.exit;
    }
    let what = format!("this should not have happened: {error:#}");
    terminal.complain(Line::toned(Tone::Bad, "onramp: ").and(Tone::Plain, what));
    terminal.complain(
        Line::toned(Tone::Dim, "  → ")
            .and(Tone::Plain, "please report it with the command you ran"),
    );
    Exit::Internal
}
