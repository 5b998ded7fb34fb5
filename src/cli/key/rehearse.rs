//! `key rehearse`: sign a throw-away commit with the user's own settings, judge it, and say what the
//! forge would show. Nothing of the work tree is run, no setting of its own is used, and nothing is
//! left behind.

mod facts;
mod screen;
mod stage;

use std::path::Path;
use std::time::Duration;

use clap::Args;

use crate::cli::args::Global;
use crate::cli::trouble::Trouble;
use crate::cli::workspace::Workspace;
use crate::cli::{Session, workspace};
use crate::exit::Exit;
use crate::git::split;
use crate::pgp::key::Secret;
use crate::signature::rehearsal::{
    self, Attempt, Ended, Outcome, Problem, Report, Signature, differs, expected,
};
use crate::signature::{Signed, Trust, Verdict, Word, judge};
use crate::text::{Line, Tone};

use facts::Facts;
use stage::{Staged, Wanted};

/// A person has to find the passphrase and type it.
const AT_TERMINAL: Duration = Duration::from_secs(180);
/// Nobody is there to type: an agent that knows the passphrase answers at once.
const ALONE: Duration = Duration::from_secs(15);
/// A card takes its time.
const ALONE_WITH_CARD: Duration = Duration::from_secs(30);

/// Sign a throw-away commit and say what the forge would show.
///
/// Git makes the commit in a private folder that is removed at once, with your own settings and
/// your own key. Settings of the work tree are told and left out. Without a terminal nobody can be
/// asked for a passphrase: signing then works where gpg-agent or an SSH agent knows it already.
#[derive(Debug, Args)]
pub struct RehearseArgs {
    /// Print what came of it as JSON
    #[arg(long)]
    pub json: bool,
}

/// Runs the verb.
///
/// # Errors
/// Wrong usage, mistakes in packs, settings that git cannot read.
pub(super) fn rehearse(
    session: &Session<'_>,
    global: &Global,
    args: &RehearseArgs,
) -> anyhow::Result<Exit> {
    let workspace = Workspace::open(session.bench, global)?;
    apart(session, global)?;
    let facts = facts::look(session, global)?;
    let report = match facts::obstacle(session, &facts) {
        Some(problem) => Report { problem: Some(problem), ..Report::of(&facts.setup) }.concluded(),
        None => {
            if !args.json {
                foretell(session, &facts);
            }
            match stage::stage(session, &wanted(session, &facts)?) {
                Ok(staged) => report(session, &workspace, &facts, &staged),
                Err(signal) => return Ok(stopped(session, &facts, signal)),
            }
        }
    };
    if args.json {
        let text = serde_json::to_string_pretty(&report)? + "\n";
        session.terminal.bytes(text.as_bytes())?;
    } else {
        let forge = workspace.forge();
        session.terminal.data(&screen::lines(&report, forge.as_ref(), session.terminal.width))?;
    }
    Ok(match report.outcome {
        Outcome::Accepted => Exit::Success,
        Outcome::Refused => Exit::Findings,
        Outcome::Unknown => Exit::Incomplete,
    })
}

/// Refuses to make the private folder in the work tree.
fn apart(session: &Session<'_>, global: &Global) -> Result<(), Trouble> {
    let bench = session.bench;
    let (Some(set), Some(tree)) = (bench.env("TMPDIR"), workspace::foreign_tree(bench, global))
    else {
        return Ok(());
    };
    let real = |path: &Path| bench.real_path(path).unwrap_or_else(|_| path.to_owned());
    if !real(Path::new(&set)).starts_with(real(&tree)) {
        return Ok(());
    }
    Err(Trouble::usage("TMPDIR lies in the work tree, and nothing is written there")
        .remedy("unset TMPDIR"))
}

fn stopped(session: &Session<'_>, facts: &Facts, signal: i32) -> Exit {
    let more = match facts.setup.format.as_str() {
        "ssh" => "",
        _ => "; where no prompt ever came, export GPG_TTY=$(tty) and try again",
    };
    session.terminal.complain(Line::plain(format!("stopped; nothing is left behind{more}")));
    Exit::by(signal)
}

/// Says what is about to happen, and where a passphrase will be asked for.
fn foretell(session: &Session<'_>, facts: &Facts) {
    let terminal = &session.terminal;
    if !terminal.interactive() {
        return;
    }
    let line = match facts.setup.format.as_str() {
        "ssh" => "signing; ssh-keygen may ask for the passphrase of your key here",
        _ => "signing; gpg may ask for the passphrase of your key, here or in a window",
    };
    terminal.say(Line::toned(Tone::Dim, line));
    if let (Some(named), Some(own)) = (&facts.gpg_tty, &facts.terminal)
        && named != own
        && facts.setup.format != "ssh"
    {
        let what = format!("GPG_TTY is {named}, and you are at {own}: it would be asked for there");
        terminal.say(Line::toned(Tone::Warn, what));
    }
}

fn wanted(session: &Session<'_>, facts: &Facts) -> Result<Wanted, Trouble> {
    let bench = session.bench;
    let shell =
        bench.find_program("sh").ok_or_else(|| Trouble::failed("there is no sh on PATH"))?;
    let interactive = session.terminal.interactive();
    let gnupg = facts.setup.format != "ssh";
    let absent = gnupg && facts.agent == rehearsal::Agent::Absent;
    let card = facts.keys.as_ref().is_some_and(|listing| {
        listing.keys.iter().flat_map(|key| &key.parts).any(|part| part.secret == Secret::Card)
    });
    Ok(Wanted {
        shell,
        git: facts.git.clone(),
        program: facts.setup.program.clone(),
        format: facts.setup.format.clone(),
        settings: facts.setup.arguments.clone(),
        end_agent: absent.then(|| bench.find_program("gpgconf")).flatten(),
        patience: match (interactive, card) {
            (true, _) => AT_TERMINAL,
            (false, true) => ALONE_WITH_CARD,
            (false, false) => ALONE,
        },
        interactive,
    })
}

fn report(session: &Session<'_>, workspace: &Workspace, facts: &Facts, staged: &Staged) -> Report {
    let (author, committer) = (staged.person("author"), staged.person("committer"));
    let (git, said) = (staged.text("commit.err"), staged.text("said"));
    let patience = wanted(session, facts).map_or(0, |wanted| wanted.patience.as_secs());
    let attempt = Attempt {
        setup: &facts.setup,
        ended: match staged {
            Staged { timed_out: true, .. } => Ended::Waited(patience),
            staged if staged.signed() => Ended::Signed,
            _ => Ended::Failed,
        },
        git: &git,
        said: &said,
        committer: committer.as_deref(),
        interactive: session.terminal.interactive(),
        gpg_tty: facts.gpg_tty.as_deref(),
        terminal: facts.terminal.as_deref(),
        agent: facts.agent,
        keys: facts.keys.as_ref(),
    };
    let signature = (attempt.ended == Ended::Signed).then(|| judged(session, workspace, staged));
    let problem = match (&staged.unusable, &signature) {
        (Some(why), _) => Some(
            Problem::new("stage", why, "look whether the folder for temporary files has room")
                .perhaps(),
        ),
        (None, None) => Some(rehearsal::diagnose(&attempt)),
        (None, Some(signature)) => differs(signature, committer.as_deref()),
    };
    let forge = workspace.forge();
    let shown = forge
        .as_ref()
        .zip(signature.as_ref())
        .map(|(forge, signature)| expected(forge, &facts.setup, committer.as_deref(), signature));
    let notes = signature.as_ref().map(|it| rehearsal::notes(&attempt, staged.seconds, it));
    let notes = notes.unwrap_or_default();
    let seconds = staged.seconds.filter(|_| signature.is_some());
    let rest = Report::of(&facts.setup);
    Report { notes, author, committer, seconds, signature, problem, forge: shown, ..rest }
        .concluded()
}

/// Judges the commit in process, with no setting of any repository.
fn judged(session: &Session<'_>, workspace: &Workspace, staged: &Staged) -> Signature {
    let object = split(String::new(), staged.bytes("raw"));
    let signed = Signed::new(&object.payload, object.signature.as_deref());
    let forge_keys = &workspace.project.signatures.forge_keys;
    // A forge asks whose account an SSH key belongs to, not whom the user believes.
    let trust = Trust { forge_keys, signers: None };
    let verdicts = judge(&[signed], session.machine.world().keyring, trust);
    let letter = Some(staged.text("letter")).filter(|letter| !letter.is_empty());
    let unjudged = |reason: &str| (Word::Unchecked, Some(reason.to_owned()));
    let first: Option<Verdict> = verdicts.into_iter().next();
    let (verdict, reason) = first
        .as_ref()
        .map_or_else(|| unjudged("it was not judged"), |it| (it.word, it.reason.clone()));
    Signature {
        verdict,
        git: letter,
        holds: ["G", "U"].contains(&staged.text("holds").as_str()),
        key: first.as_ref().and_then(|it| it.key.clone()),
        signer: first.as_ref().and_then(|it| it.signer.clone()),
        emails: first.map(|it| it.emails).unwrap_or_default(),
        reason,
    }
}
