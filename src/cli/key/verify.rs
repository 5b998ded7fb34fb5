//! `key verify`: judge the signatures of commits, a tag or a file. Reads the history and the keys;
//! changes neither, and fetches nothing.

mod gathered;
mod output;
mod place;
mod subject;
mod trusted;

use std::cell::OnceCell;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::cli::Session;
use crate::cli::args::Global;
use crate::cli::pr_plan;
use crate::cli::trouble::Trouble;
use crate::exit::Exit;
use crate::git::{Aim, AimKind, Mailmap, ObjectId, Wanted};
use crate::pgp::Keyring;
use crate::pgp::sums::{Anew, Sums};
use crate::report::verified::{self, Head};
use crate::signature::{self, By, Context, Listed, Makers, Object, Remembered, Signers, Trust};
use crate::text::{Line, Tone};

use output::Output;
use place::Place;
use subject::{History, Signed, Subject};
use trusted::{Named, Trusted};

/// Objects judged at a time.
const CHUNK: usize = 1_000;
/// Fewest objects for which it is worth knowing what earlier runs found.
const MANY: usize = 32;

/// Arguments of `key verify`.
#[derive(Debug, Default, Args)]
pub struct VerifyArgs {
    /// Commits (main..HEAD), one commit, a tag, or a file's signature; by default the commits since
    /// the base
    #[arg(value_name = "RANGE|REV|TAG|FILE.asc")]
    what: Option<String>,
    /// The file that was signed; by default the signature's name without its ending
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
    /// Judge by the keys in this file instead of your keyring, such as a project's KEYS; you vouch
    /// for them
    #[arg(long, value_name = "FILE")]
    keyring: Option<PathBuf>,
    /// SHA-256 that the keyring must have: without it, a file of the work tree itself is refused
    #[arg(long, value_name = "HEX", requires = "keyring")]
    keyring_sha256: Option<String>,
    /// Believe the SSH keys in this file instead of your own allowed signers; you vouch for it
    #[arg(long, value_name = "FILE")]
    allowed_signers: Option<PathBuf>,
    /// SHA-256 that the allowed signers must have
    #[arg(long, value_name = "HEX", requires = "allowed_signers")]
    allowed_signers_sha256: Option<String>,
    /// Print the verdicts as JSON
    #[arg(long, conflicts_with = "report")]
    json: bool,
    /// Write the verdicts as human or json, to standard output or to a file
    #[arg(long, value_name = "FORMAT[:FILE]")]
    report: Option<String>,
    /// Print the JSON Schema of the verdicts
    #[arg(long, exclusive = true)]
    schema: bool,
    /// Do every sum anew, and remember none for the next run
    #[arg(long)]
    no_cache: bool,
}

impl VerifyArgs {
    fn keyring(&self) -> Named<'_> {
        let pin = self.keyring_sha256.as_deref();
        Named { file: self.keyring.as_deref(), pin, option: "--keyring-sha256" }
    }

    fn signers(&self) -> Named<'_> {
        let pin = self.allowed_signers_sha256.as_deref();
        Named { file: self.allowed_signers.as_deref(), pin, option: "--allowed-signers-sha256" }
    }
}

/// Runs the step.
///
/// # Errors
/// Words that name nothing, nothing to judge, keys or objects that cannot be read.
pub(super) fn verify(
    session: &Session<'_>,
    global: &Global,
    args: &VerifyArgs,
) -> anyhow::Result<Exit> {
    if args.schema {
        session.terminal.bytes(verified::schema()?.as_bytes())?;
        return Ok(Exit::Success);
    }
    let mut output = Output::wanted(session, global, args.report.as_deref(), args.json)?;
    judged(session, global, args, &mut output).map_err(|error| output.stopped(error))
}

fn judged(
    session: &Session<'_>,
    global: &Global,
    args: &VerifyArgs,
    output: &mut Output<'_>,
) -> anyhow::Result<Exit> {
    let place = Place::find(session, global)?;
    let mut subject = subject::find(session, &place, args.what.as_deref(), args.file.as_deref())?;
    let trusted = Trusted::open(session, &place, args.keyring(), args.signers())?;
    let (asked, notes) = subject.told();
    output.head(Head::new(session.bench.now(), asked, notes, trusted.keys.clone()))?;
    let bench = Bench {
        session,
        place: &place,
        trusted: &trusted,
        keyring: trusted.keyring(session),
        signers: OnceCell::new(),
        mailmap: OnceCell::new(),
    };
    match &mut subject {
        Subject::File(file) => bench.file(file, output)?,
        Subject::History(history) => {
            let sums = if args.no_cache || history.aim.ids.len() < MANY {
                Remembered::nothing()
            } else {
                Remembered::open(session.bench, Some(&history.tree))
            };
            let done = bench.history(history, &sums, output);
            let kept = sums.keep(session.bench);
            done?;
            if let (Err(why), true) = (kept, global.verbose) {
                let note = format!("what was found could not be kept for the next run: {why}");
                session.terminal.complain(Line::toned(Tone::Dim, note));
            }
        }
    }
    let mailmap = bench.mailmap.get().and_then(|found| found.as_ref().map(|(_, at)| at.clone()));
    output.tail(bench.vouched(), subject.cut(), mailmap)
}

/// What everything is judged with.
struct Bench<'a> {
    session: &'a Session<'a>,
    place: &'a Place<'a>,
    trusted: &'a Trusted,
    keyring: &'a dyn Keyring,
    signers: OnceCell<Signers>,
    mailmap: OnceCell<Option<(Mailmap, String)>>,
}

impl Bench<'_> {
    fn file(&self, file: &Signed, output: &mut Output<'_>) -> anyhow::Result<()> {
        let object = |signature| Object::File(&file.name, &file.content, signature);
        let objects: Vec<_> = file.signatures.iter().map(|one| object(one)).collect();
        let mut makers = Makers::default();
        for signed in objects.iter().filter_map(Object::signed) {
            makers.add(&signed);
        }
        let listed = makers.list(self.keyring);
        self.judge(&objects, (&listed, &Anew), None, output)
    }

    /// Lists the keys of all, then judges bit by bit.
    fn history(
        &self,
        history: &mut History,
        sums: &dyn Sums,
        output: &mut Output<'_>,
    ) -> anyhow::Result<()> {
        let (tree, aim) = (&history.tree, &history.aim);
        let git = self.session.machine.world().git;
        let read = &|ids: &[ObjectId]| git.signables(tree, ids, gathered::ROOM);
        history.gathered.fill(&aim.ids, read).map_err(subject::unreadable)?;
        let listed = history.gathered.makers().list(self.keyring);
        let mut rest = aim.ids.as_slice();
        while !rest.is_empty() {
            let (next, _) = rest.split_at(rest.len().min(CHUNK));
            let objects = history.gathered.next(next, read).map_err(subject::unreadable)?;
            rest = &rest[objects.len().min(rest.len())..];
            self.judge(&objects, (&listed, sums), Some((tree, aim)), output)?;
        }
        Ok(())
    }

    fn judge(
        &self,
        objects: &[Object<'_>],
        (listed, sums): (&Listed, &dyn Sums),
        place: Option<(&Path, &Aim)>,
        output: &mut Output<'_>,
    ) -> anyhow::Result<()> {
        let mailmap = || {
            let (tree, aim) = place?;
            self.mailmap.get_or_init(|| self.read_mailmap(tree, aim)).as_ref()
        };
        let tag = place.filter(|(_, aim)| aim.kind == AimKind::Tag);
        let tag = tag.and_then(|(_, aim)| aim.tag.as_deref());
        let context = Context { vouched: self.vouched(), tag, mailmap: &mailmap };
        // Reading the list of signers costs more than judging one commit.
        let signers = objects.iter().any(Object::by_ssh).then(|| {
            let tree = self.place.tree.as_deref();
            self.signers.get_or_init(|| self.trusted.signers(self.session, tree))
        });
        let trust = Trust { forge_keys: self.place.forge_keys(listed)?, signers };
        let by = By { listed, trust, sums };
        output.rows(objects, &signature::rows(objects, by, &context))
    }

    fn vouched(&self) -> bool {
        self.trusted.keys.keyring.is_some()
    }

    /// The `.mailmap` of what the change is based on. One that the change itself brings could make
    /// anybody anyone.
    fn read_mailmap(&self, tree: &Path, aim: &Aim) -> Option<(Mailmap, String)> {
        let git = self.session.machine.world().git;
        let (id, name) = match (&aim.behind, aim.kind) {
            (Some(id), _) => (id.clone(), id.get(..10).unwrap_or(id).to_owned()),
            (None, AimKind::Range) => return None,
            (None, _) => {
                let head =
                    (aim.kind == AimKind::Commit).then(|| aim.ids.first().map(ToString::to_string));
                let workspace = self.place.workspace().ok()?;
                let wanted = Wanted { head: head.flatten(), ..pr_plan::wanted(workspace, None) };
                let base = git.commits(tree, &wanted, 0).ok()?.base;
                (base.id, base.reference)
            }
        };
        let mailmap = git.mailmap(tree, &id).ok()??;
        Some((mailmap, format!("the .mailmap of {name}")))
    }
}

fn nothing(what: impl Into<String>) -> Trouble {
    Trouble::usage(what)
        .remedy("name what to verify, as in `onramp key verify main..HEAD`, a tag, or FILE.asc")
}
