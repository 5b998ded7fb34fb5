//! `key export`: print your public key for the forge, and where to paste it. The key is data on
//! standard output; nothing secret is ever read, and what is not one public key is not printed.

mod choose;
mod openpgp;
mod ssh;

use std::path::{Path, PathBuf};

use clap::Args;

use crate::cli::Session;
use crate::cli::args::Global;
use crate::cli::trouble::Trouble;
use crate::cli::workspace::Workspace;
use crate::exit::Exit;
use crate::git::{Scope, Setting};
use crate::sys::Access;
use crate::text::{Line, Tone, clean_line};

/// Print your public key for the forge, and where to paste it.
///
/// The key is the one that git signs with, or the one you name. It leaves out what others certified,
/// photos, and the names that your commits do not carry.
#[derive(Debug, Args)]
pub struct ExportArgs {
    /// Which key: a fingerprint, a long key id or an e-mail address of your own
    #[arg(value_name = "KEY")]
    key: Option<String>,
    /// Write it to a new file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Export the names with this address only
    #[arg(long, value_name = "ADDRESS", conflicts_with = "all_names")]
    email: Option<String>,
    /// Export every name on the key
    #[arg(long)]
    all_names: bool,
}

/// A public key ready for the forge.
struct Exported {
    /// What to print.
    text: String,
    /// What it is, for people.
    said: Vec<String>,
    /// Where to put it.
    page: Option<String>,
    /// What to choose there.
    choose: Option<&'static str>,
}

/// Runs the step.
///
/// # Errors
/// No key, several keys and nobody to choose, a gpg that does not answer, a file that is there.
pub(super) fn export(
    session: &Session<'_>,
    global: &Global,
    args: &ExportArgs,
) -> anyhow::Result<Exit> {
    let workspace = Workspace::open(session.bench, global)?;
    let told = Told::read(session, &workspace);
    let pages = &workspace.project.signatures.key_pages;
    let format = told.value("gpg.format").unwrap_or("openpgp");
    let exported = match format {
        "ssh" if args.key.is_none() => ssh::export(session, &told, pages.ssh.clone())?,
        "x509" if args.key.is_none() => {
            let what = "git signs with S/MIME here, and a forge takes no certificate to paste";
            return Err(Trouble::usage(what)
                .remedy("name an OpenPGP key, or `onramp key new`")
                .into());
        }
        _ => openpgp::export(session, &told, args, pages.openpgp.clone())?,
    };
    hand_over(session, args, &exported)?;
    Ok(Exit::Success)
}

/// What git is told about keys.
struct Told(Vec<Setting>);

impl Told {
    fn read(session: &Session<'_>, workspace: &Workspace) -> Self {
        let tree = workspace.tree.as_ref().map(|tree| tree.root.as_path());
        let names = ["gpg.format", "user.signingkey", "user.email"];
        Self(session.machine.world().git.settings(tree, &names).unwrap_or_default())
    }

    fn setting(&self, name: &str) -> Option<&Setting> {
        self.0.iter().find(|setting| setting.name == name)
    }

    fn value(&self, name: &str) -> Option<&str> {
        self.setting(name).map(|setting| setting.value.as_str())
    }

    /// Whether the clone says which key, and not its owner everywhere.
    fn by_tree(&self) -> bool {
        self.setting("user.signingkey").is_some_and(|setting| setting.scope == Scope::Tree)
    }
}

fn hand_over(session: &Session<'_>, args: &ExportArgs, exported: &Exported) -> Result<(), Trouble> {
    let terminal = &session.terminal;
    let what = match &args.output {
        None => {
            terminal.bytes(exported.text.as_bytes())?;
            "the lines above".to_owned()
        }
        Some(file) => {
            write(session, file, &exported.text)?;
            format!("the content of {}", clean_line(&file.to_string_lossy()))
        }
    };
    let say = |tone, text: &str| {
        for line in Line::new().hanging(tone, text, terminal.width) {
            terminal.say(line);
        }
    };
    exported.said.iter().for_each(|text| say(Tone::Plain, text));
    match &exported.page {
        Some(page) => say(Tone::Strong, &format!("paste {what} at {page}")),
        None => say(Tone::Strong, &format!("paste {what} among the keys of your account")),
    }
    if let Some(choose) = exported.choose {
        say(Tone::Plain, choose);
    }
    Ok(())
}

fn write(session: &Session<'_>, file: &Path, text: &str) -> Result<(), Trouble> {
    let bench = session.bench;
    let shown = clean_line(&file.to_string_lossy());
    if bench.kind(file).is_some() {
        let what = format!("{shown} is there already");
        return Err(Trouble::usage(what).remedy("name a new file, or move that one away"));
    }
    bench.write(file, text.as_bytes(), Access::Shared).map_err(|error| {
        Trouble::usage(format!("{shown} cannot be written: {error}"))
            .remedy("name a file in a folder of your own that has room")
    })
}
