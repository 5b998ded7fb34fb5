//! Name and address: from the options, else asked for. Never made up.

use super::FixArgs;
use crate::cli::Session;
use crate::cli::trouble::Trouble;
use crate::fix::{Facts, Need, Person, person, plan};
use crate::text::{Line, clean_line};

type Check = fn(&str) -> Result<String, &'static str>;

/// What the options say.
pub(in crate::cli) fn given(
    name: Option<&String>,
    email: Option<&String>,
) -> Result<Person, Trouble> {
    let read = |option: &str, text: Option<&String>, check: Check| match text {
        None => Ok(None),
        Some(text) => check(text).map(Some).map_err(|why| {
            Trouble::usage(format!("{option} {}: {why}", clean_line(text)))
                .remedy("give it as your commits are to carry it")
        }),
    };
    Ok(Person {
        name: read("--name", name, person::name)?,
        email: read("--email", email, person::email)?,
    })
}

/// Asks for what is missing. Where nobody can be asked and every step is to be taken, that is
/// wrong usage, said before anything is done.
pub(super) fn complete(
    session: &Session<'_>,
    args: &FixArgs,
    needs: &[Need],
    facts: &mut Facts,
) -> Result<(), Trouble> {
    let (name, email) = plan::unknown(needs, facts);
    if args.dry_run || !(name || email) {
        return Ok(());
    }
    if session.terminal.interactive() {
        if name {
            facts.given.name = Some(ask(session, "your name", person::name)?);
        }
        if email {
            facts.given.email = Some(ask(session, "your e-mail address", person::email)?);
        }
        return Ok(());
    }
    if !args.yes {
        return Ok(());
    }
    let option = if name { "--name NAME" } else { "--email ADDRESS" };
    let options = if name && email { "--name NAME --email ADDRESS" } else { option };
    Err(Trouble::usage("git does not know who you are, and nobody can be asked")
        .remedy(format!("add {options}: your commits will carry it")))
}

fn ask(session: &Session<'_>, what: &str, check: Check) -> Result<String, Trouble> {
    let question = Line::plain(format!("{what}, as commits will carry it and everyone can see: "));
    loop {
        let answer = session.terminal.ask(&question).ok_or_else(|| {
            Trouble::usage(format!("{what} is not known, so nothing was done"))
                .remedy("run it again, or give --name and --email")
        })?;
        match check(&answer) {
            Ok(answer) => return Ok(answer),
            Err(why) => session.terminal.complain(Line::plain(format!("  {why}"))),
        }
    }
}
