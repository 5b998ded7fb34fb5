//! Carries out a step that moves the branch: tries it aside, shows what comes out, asks, and only
//! then moves branch, index and files, with a backup to take it back by.

use crate::cli::Session;
use crate::cli::trouble::Trouble;
use crate::exit::Exit;
use crate::git::rewrite::Way;
use crate::git::{Backup, Link};
use crate::text::{Line, Tone, clean_line};

use super::choice::Choice;
use super::git::{Ran, answer, run, run_whole, stopped};
use super::ground::Ground;
use super::journal::Moving;
use super::last_words;
use super::room;
use super::settle;
use super::stand::unreadable;
use super::trial::{Outcome, attempt};

/// Files named in a message.
const SHOWN: usize = 20;

/// A step.
pub(super) struct Step<'a> {
    /// Its name, as typed.
    pub(super) verb: &'static str,
    /// What it does, a sentence without full stop.
    pub(super) what: String,
    /// How the new commits are made.
    pub(super) way: Way,
    /// Full id of the commit they go onto.
    pub(super) onto: String,
    /// Full id of the commit the old ones stand on.
    pub(super) past: String,
    /// Full id of the newest old commit, where that is not the branch's.
    pub(super) tip: String,
    /// The old commits, oldest first.
    pub(super) links: Vec<Link>,
    /// Index and files stay as they are: the new commits hold what they hold.
    pub(super) keeps_files: bool,
    /// What must hold of the new commits, oldest first.
    pub(super) holds: &'a dyn Fn(&[Link]) -> Result<(), Trouble>,
}

/// Carries it out.
///
/// # Errors
/// What stands in the way; then everything is as it was.
pub(super) fn carry_out(
    session: &Session<'_>,
    ground: &Ground,
    step: &Step<'_>,
    choice: &Choice,
) -> Result<Exit, Trouble> {
    let say = |line: Line| session.terminal.say(line);
    say(Line::toned(Tone::Strong, &step.what));
    if choice.dry_run {
        return foretell(session, ground, step);
    }
    choice.answerable(session)?;
    say(Line::toned(
        Tone::Dim,
        "git makes the new commits aside, with your own settings and without hooks",
    ));
    let places = (step.onto.as_str(), step.past.as_str(), step.tip.as_str());
    let made = match attempt(session, &ground.rewrite, step.way, places)? {
        Outcome::Made(made) => made,
        Outcome::Conflict(commit, files) => {
            let link = step.links.iter().find(|link| Some(&link.id) == commit.as_ref());
            return Ok(conflict(session, step, link, &files));
        }
    };
    if made == ground.tip {
        say(Line::toned(Tone::Good, "nothing to do: the commits are that already"));
        return Ok(Exit::Success);
    }
    let git = session.machine.world().git;
    let links = git.chain(&ground.root, &step.onto, &made).map_err(unreadable)?;
    (step.holds)(&links)?;
    last_words::dropped(session, &step.links, &links);
    let made_well = match step.way {
        Way::Move => "your commits fit there",
        Way::Fold => "the change is folded in",
        Way::Sign => "the commits are signed",
    };
    let question = format!("{made_well}: have {} hold the new commits", clean_line(&ground.branch));
    if !choice.agreed(session, &question)? {
        return Err(Trouble::failed("not moved; everything is as it was"));
    }
    let lines = keep(session, ground, step.verb, &made)?;
    let signal = if step.keeps_files {
        point(session, ground, step.verb, &made, &lines)?
    } else {
        contents(session, ground, &made)?;
        advance(session, ground, step.verb, &made, &lines)?
    };
    last_words::compare(session, ground, step, &made)?;
    last_words::next(session, ground, step.verb)?;
    Ok(signal.map_or(Exit::Success, Exit::by))
}

/// Says what would come out, from memory alone.
fn foretell(session: &Session<'_>, ground: &Ground, step: &Step<'_>) -> Result<Exit, Trouble> {
    let git = session.machine.world().git;
    let stop = git.replay(&ground.root, &step.onto, &step.links).map_err(unreadable)?;
    match stop {
        Some(stop) => Ok(conflict(session, step, Some(&stop.link), &stop.files)),
        None => {
            let said = match step.way {
                Way::Sign => "nothing stands in the way; nothing was signed",
                Way::Move | Way::Fold => "no conflict can be foreseen; nothing was moved",
            };
            session.terminal.say(Line::toned(Tone::Good, said));
            Ok(Exit::Success)
        }
    }
}

fn conflict(session: &Session<'_>, step: &Step<'_>, link: Option<&Link>, files: &[String]) -> Exit {
    let say = |line: Line| session.terminal.complain(line);
    let name = link.map_or_else(
        || "one of the commits".to_owned(),
        |link| format!("\"{}\" ({})", clean_line(&link.subject), short(&link.id)),
    );
    say(Line::toned(Tone::Bad, format!("{name} does not fit there; these files are in conflict:")));
    for file in files.iter().take(SHOWN) {
        say(Line::plain("  ").and(Tone::Plain, clean_line(file)));
    }
    if files.len() > SHOWN {
        say(Line::plain(format!("  and {} more", files.len() - SHOWN)));
    }
    say(Line::plain("nothing was moved: branch, index and files are as they were"));
    let by_hand = match step.way {
        Way::Fold => "commit it by itself instead: git commit".to_owned(),
        Way::Move | Way::Sign => format!(
            "to settle it by hand: git rebase --onto {} {}, then git add each file and git rebase \
             --continue; git rebase --abort takes it back",
            short(&step.onto),
            short(&step.past)
        ),
    };
    for line in Line::toned(Tone::Dim, "  → ").remedy(&by_hand, session.terminal.width) {
        say(line);
    }
    Exit::Findings
}

/// The first digits of an id.
pub(super) fn short(id: &str) -> &str {
    &id[..id.len().min(10)]
}

/// Sees to it that what the files need is here: git would stop half-way.
pub(super) fn contents(session: &Session<'_>, ground: &Ground, to: &str) -> Result<(), Trouble> {
    let git = session.machine.world().git;
    let lacking = || git.lacking(&ground.root, &ground.tip, to).map_err(unreadable);
    let ids = lacking()?;
    let (Some(first), Some(remote)) = (ids.first(), &ground.promisor) else { return Ok(()) };
    if !ground.rewrite.fetching {
        let what = format!(
            "{} files need contents that this clone left at the server, such as {first}",
            ids.len()
        );
        return Err(Trouble::usage(what)
            .remedy("run it again with --download, which fetches them from there"));
    }
    let said = format!("fetching {} contents from {}", ids.len(), clean_line(remote));
    session.terminal.say(Line::plain(said));
    let ran = run(session, &ground.rewrite.bring(remote, &ids))?;
    if ran.ok() && lacking()?.is_empty() {
        return Ok(());
    }
    Err(ran.trouble("the contents could not be fetched"))
}

/// Moves files, index and branch, and changes these references with it. A signal that comes
/// meanwhile counts afterwards.
pub(super) fn advance(
    session: &Session<'_>,
    ground: &Ground,
    verb: &str,
    to: &str,
    lines: &[String],
) -> Result<Option<i32>, Trouble> {
    let from = ground.tip.clone();
    room::free(session, &ground.rewrite, &from, to)?;
    let moving = Moving { reference: ground.reference(), from: from.clone(), to: to.to_owned() };
    moving.write(session.bench, &ground.git_folder).map_err(|error| {
        Trouble::failed(format!("the move cannot be noted: {error}"))
            .remedy("make room on the disk")
    })?;
    let done = || {
        Moving::remove(session.bench, &ground.git_folder)
            .map_err(|error| Trouble::failed(format!("the note cannot be removed: {error}")))
    };
    let rewrite = &ground.rewrite;
    let (files, mut signal) = run_whole(session, &rewrite.files(&from, to))?;
    let (there, late) = answer(session, &rewrite.index_is(to))?;
    signal = signal.or(late);
    if !there.ok() {
        // On a full disk some files may have moved all the same.
        settle::settle(session, rewrite, &ground.git_folder).map_err(|trouble| {
            let again = "make room, then onramp branch undo --list makes all whole again";
            if no_room(&files) { trouble.remedy(again) } else { trouble }
        })?;
        return Err(signal.map_or_else(|| in_the_way(&files), stopped));
    }
    match point(session, ground, verb, to, lines) {
        Ok(late) => {
            done()?;
            Ok(signal.or(late))
        }
        Err(trouble) => {
            let (back, _) = run_whole(session, &rewrite.files(to, &from))?;
            if !answer(session, &rewrite.index_is(&from))?.0.ok() {
                return Err(back
                    .trouble("the files could not be brought back")
                    .remedy("run `onramp branch undo --list`, which tries that again"));
            }
            done()?;
            Err(trouble)
        }
    }
}

/// Moves the branch alone, unless somebody else has moved it, and changes these references with it.
pub(super) fn point(
    session: &Session<'_>,
    ground: &Ground,
    verb: &str,
    to: &str,
    lines: &[String],
) -> Result<Option<i32>, Trouble> {
    let mut lines = lines.to_vec();
    lines.push(format!("update {} {to} {}", ground.reference(), ground.tip));
    let why = format!("onramp branch {verb}");
    let (ran, signal) = run_whole(session, &ground.rewrite.references(&why, &lines))?;
    let (at, late) = answer(session, &ground.rewrite.commit_of(&ground.reference()))?;
    let signal = signal.or(late);
    if at.text() == to {
        return Ok(signal);
    }
    let failed = || {
        ran.trouble("the branch could not be moved").remedy(
            "somebody else has moved it meanwhile, or git's last words say why: run it again",
        )
    };
    Err(signal.map_or_else(failed, stopped))
}

/// Keeps where the branch was: the references that a later undo goes by, in the words of git.
pub(super) fn keep(
    session: &Session<'_>,
    ground: &Ground,
    verb: &str,
    to: &str,
) -> Result<Vec<String>, Trouble> {
    let git = session.machine.world().git;
    let taken = git.backups(&ground.root, &ground.branch).map_err(unreadable)?;
    // Sorted by name they stay in order, whatever the clock does.
    let next = taken.first().and_then(|newest| second_after(&newest.stamp)).unwrap_or_default();
    let moment = jiff::Timestamp::from_second(session.bench.now().max(next)).unwrap_or_default();
    let backup = Backup {
        branch: ground.branch.clone(),
        stamp: moment.strftime(STAMP).to_string(),
        verb: verb.to_owned(),
        before: ground.tip.clone(),
        after: to.to_owned(),
    };
    let folder = backup.folder();
    Ok(vec![
        format!("create {folder}/before {}", backup.before),
        format!("create {folder}/after {}", backup.after),
    ])
}

/// How a moment is written in a backup's name.
const STAMP: &str = "%Y%m%dT%H%M%SZ";

/// The second after the one that a stamp names.
fn second_after(stamp: &str) -> Option<i64> {
    let moment = jiff::civil::DateTime::strptime(STAMP, stamp).ok()?;
    let moment = moment.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
    moment.timestamp().as_second().checked_add(1)
}

/// Why git left the files as they are.
fn in_the_way(ran: &Ran) -> Trouble {
    let trouble = ran.trouble("the files cannot be moved");
    if no_room(ran) {
        return trouble.remedy("make room on the disk, then run this again; nothing was moved");
    }
    Trouble { exit: Exit::Usage, ..trouble }.remedy(
        "a file that git does not know, or a change since, stands where another belongs: move it \
         away, then run this again; nothing was moved",
    )
}

fn no_room(ran: &Ran) -> bool {
    ran.lines.iter().any(|line| line.contains("No space left"))
}
