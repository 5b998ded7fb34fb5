//! Makes the request with GitHub's own program `gh`: shows exactly what goes where, asks, and tells
//! what came of it. Onramp itself has no account and no token.

use std::path::Path;
use std::time::Duration;

use super::hand_over::{HandOverArgs, Parcel};
use crate::cli::Session;
use crate::cli::brought::in_ci;
use crate::cli::trouble::Trouble;
use crate::exit::Exit;
use crate::pr::compare::Route;
use crate::pr::gh;
use crate::sys::{Command, RunError};
use crate::text::{Line, Tone, clean_line};

/// How long `gh` may take.
const PATIENCE: Duration = Duration::from_secs(120);

/// Makes it; its address.
pub(super) fn create(
    session: &Session<'_>,
    args: &HandOverArgs,
    route: &Route<'_>,
    parcel: &Parcel<'_>,
    file: &Path,
) -> Result<String, Trouble> {
    let Some(program) = session.bench.find_program("gh") else {
        return Err(Trouble::usage("not sent: gh, GitHub's own program, is not installed").remedy(
            "`--open` opens the same request in the browser; https://cli.github.com says how to \
             install gh",
        ));
    };
    if parcel.title.is_empty() {
        return Err(
            Trouble::usage("not sent: the request has no title").remedy("write it as --title TEXT")
        );
    }
    show(session, route, parcel);
    consent(session, args, route)?;
    let arguments = gh::arguments(route, parcel.title, &file.to_string_lossy());
    // From outside the work tree: gh asks git about the folder it is started in.
    let command = Command::work(program)
        .args(arguments)
        .with("GH_PROMPT_DISABLED", "1")
        .with("GH_NO_UPDATE_NOTIFIER", "1")
        .with("NO_COLOR", "1")
        .without("CLICOLOR_FORCE")
        .without("GH_DEBUG")
        .without("GH_FORCE_TTY")
        .within(PATIENCE);
    let output = session.bench.run(&command).map_err(|error| cut_short(route, &error))?;
    let said = String::from_utf8_lossy(&output.err);
    if output.code != Some(0) {
        let refusal = gh::refusal(&said);
        return Err(Trouble::failed(refusal.what).remedy(refusal.remedy));
    }
    let Some(address) = gh::made(route, &String::from_utf8_lossy(&output.out)) else {
        return Err(Trouble::failed("gh ended well, but named no request").remedy(look(route)));
    };
    session.terminal.data(&[Line::plain(&address)])?;
    Ok(address)
}

/// What goes where, to the last character.
fn show(session: &Session<'_>, route: &Route<'_>, parcel: &Parcel<'_>) {
    let row = |name: &str, text: &str| {
        let row = Line::toned(Tone::Strong, format!("{name:<10}"));
        session.terminal.complain(row.and(Tone::Plain, clean_line(text)));
    };
    row("to", &format!("{}, branch {}", route.project.slug(), route.base));
    row("from", &format!("{}, branch {}", route.fork.slug(), route.branch));
    row("title", parcel.title);
    row("text", "");
    for line in parcel.body.lines() {
        session.terminal.complain(Line::plain("  ").and(Tone::Plain, line));
    }
    session.terminal.complain(Line::new());
}

/// Goes on only with consent.
fn consent(session: &Session<'_>, args: &HandOverArgs, route: &Route<'_>) -> Result<(), Trouble> {
    if args.yes {
        return Ok(());
    }
    if in_ci(session.bench) || !session.terminal.interactive() {
        return Err(Trouble::usage("nobody is at a terminal to agree; nothing was sent")
            .remedy("once you have read it, `--create --yes` sends it without asking"));
    }
    let question = format!("make this request at {}?", route.project.slug());
    let question =
        Line::toned(Tone::Strong, question).and(Tone::Plain, " [y]es, anything else leaves it: ");
    let answer = session.terminal.ask(&question).unwrap_or_default();
    if ["y", "yes"].contains(&answer.to_lowercase().as_str()) {
        return Ok(());
    }
    Err(Trouble::failed("not sent"))
}

fn cut_short(route: &Route<'_>, error: &RunError) -> Trouble {
    let (exit, what) = match error {
        RunError::Interrupted(signal) => {
            let exit = Exit::by(*signal);
            (exit, "stopped while gh was at work: whether the request was made is not known".into())
        }
        RunError::Start(..) => (Exit::Findings, format!("not sent: {error}")),
        _ => (
            Exit::Findings,
            format!("gh did not answer, and whether the request was made is not known: {error}"),
        ),
    };
    Trouble::new(exit, what).remedy(look(route))
}

fn look(route: &Route<'_>) -> String {
    format!("https://github.com/{}/pulls shows the open requests", route.project.slug())
}
