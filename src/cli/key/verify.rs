//! `key verify`: judge the signatures of commits, a tag or a file. Reads the history and the keys;
//! changes neither, and fetches nothing.

mod output;
mod subject;
mod trusted;

use std::cell::OnceCell;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::cli::Session;
use crate::cli::args::Global;
use crate::cli::pr_plan;
use crate::cli::trouble::Trouble;
use crate::cli::workspace::Workspace;
use crate::exit::Exit;
use crate::git::{Aim, AimKind, Mailmap, Wanted};
use crate::pgp::Keyring;
use crate::report::verified::{self, Head};
use crate::signature::{self, Context, Object, Signers, Trust};

use output::Output;
use subject::Subject;
use trusted::{Named, Trusted};

/// Objects judged at a time: the keyring is listed once for them.
const CHUNK: usize = 2_000;
/// Bytes of objects in memory at a time.
const ROOM: usize = 8 << 20;

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
    let workspace = Workspace::open_for(session.bench, global, &["identity".to_owned()])?;
    let subject = subject::find(session, &workspace, args.what.as_deref(), args.file.as_deref())?;
    let trusted = Trusted::open(session, &workspace, args.keyring(), args.signers())?;
    let (asked, notes) = subject.told();
    output.head(Head::new(session.bench.now(), asked, notes, trusted.keys.clone()))?;
    let bench = Bench {
        session,
        workspace: &workspace,
        trusted: &trusted,
        keyring: trusted.keyring(session),
        signers: OnceCell::new(),
        mailmap: OnceCell::new(),
    };
    match &subject {
        Subject::File(file) => {
            let object = |signature| Object::File(&file.name, &file.content, signature);
            let objects: Vec<_> = file.signatures.iter().map(|one| object(one)).collect();
            bench.judge(&objects, None, output)?;
        }
        Subject::History(tree, aim, _) => bench.history(tree, aim, output)?,
    }
    let mailmap = bench.mailmap.get().and_then(|found| found.as_ref().map(|(_, at)| at.clone()));
    output.tail(bench.vouched(), subject.cut(), mailmap)
}

/// What everything is judged with.
struct Bench<'a> {
    session: &'a Session<'a>,
    workspace: &'a Workspace,
    trusted: &'a Trusted,
    keyring: &'a dyn Keyring,
    signers: OnceCell<Signers>,
    mailmap: OnceCell<Option<(Mailmap, String)>>,
}

impl Bench<'_> {
    /// Reads and judges bit by bit.
    fn history(&self, tree: &Path, aim: &Aim, output: &mut Output<'_>) -> anyhow::Result<()> {
        let git = self.session.machine.world().git;
        let mut rest = aim.ids.as_slice();
        while !rest.is_empty() {
            let (next, _) = rest.split_at(rest.len().min(CHUNK));
            let read = git.signables(tree, next, ROOM).map_err(subject::unreadable)?;
            let (done, left) = rest.split_at(read.len());
            let objects = done.iter().zip(read).map(|(id, read)| match read {
                Ok(signable) => Object::InHistory(Box::new(signable)),
                Err(why) => Object::Absent(id.to_string(), why),
            });
            self.judge(&objects.collect::<Vec<_>>(), Some((tree, aim)), output)?;
            rest = left;
        }
        Ok(())
    }

    fn judge(
        &self,
        objects: &[Object<'_>],
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
            let tree = self.workspace.tree.as_ref().map(|tree| tree.root.as_path());
            self.signers.get_or_init(|| self.trusted.signers(self.session, tree))
        });
        let forge_keys = &self.workspace.project.signatures.forge_keys;
        let trust = Trust { forge_keys, signers };
        output.rows(objects, &signature::rows(objects, self.keyring, trust, &context))
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
                let wanted =
                    Wanted { head: head.flatten(), ..pr_plan::wanted(self.workspace, None) };
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
