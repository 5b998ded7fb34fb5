//! Every argument, in one place. The help texts are the doc comments.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::finding::Severity;
use crate::report::format;

use super::branch::BranchArgs;
use super::build::BuildArgs;
use super::ci::CiArgs;
use super::clone::CloneArgs;
use super::compare::CompareArgs;
use super::fix::FixArgs;
use super::key::KeyArgs;
use super::pr::PrArgs;
use super::settings::Settings;

/// From a bare machine to a signed, reviewable Apache CloudStack pull request.
///
/// Without a command it shows where you stand on the road and the one next step.
#[derive(Debug, Parser)]
#[command(name = "onramp", version, disable_help_subcommand = true)]
pub struct Arguments {
    /// What every command understands.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub verb: Option<Verb>,
}

/// Heading of the options that every command understands, so that its own stand by themselves.
const EVERYWHERE: &str = "Options of every command";

/// Options that every command understands.
#[derive(Debug, Clone, Args)]
pub struct Global {
    /// Work as if started in this folder
    #[arg(short = 'C', long = "folder", global = true, help_heading = EVERYWHERE, value_name = "FOLDER")]
    pub start: Option<PathBuf>,
    /// Project to work for, instead of the one the folder shows
    #[arg(long, global = true, help_heading = EVERYWHERE, value_name = "NAME")]
    pub project: Option<String>,
    /// Policy to judge by, such as guide or upstream
    #[arg(long, global = true, help_heading = EVERYWHERE, value_name = "NAME")]
    pub policy: Option<String>,
    /// Folder with more checks; later ones override earlier ones by id
    #[arg(long, global = true, help_heading = EVERYWHERE, value_name = "FOLDER")]
    pub checks: Vec<PathBuf>,
    /// Trust this work tree's .onramp for this run, or only what has this SHA-256
    #[arg(
        long,
        global = true, help_heading = EVERYWHERE,
        value_name = "SHA256",
        num_args = 0..=1,
        require_equals = true
    )]
    pub trust_tree: Option<Option<String>>,
    /// Leave the network alone
    #[arg(
        long = "offline",
        global = true, help_heading = EVERYWHERE,
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "true",
        value_name = "BOOL"
    )]
    pub offline_flag: Option<bool>,
    /// Whether the network is left alone, whoever said so.
    #[arg(skip)]
    pub offline: bool,
    /// What flags, variables and the user's file come to.
    #[arg(skip)]
    pub settings: Settings,
    /// Say only what was asked for and what went wrong
    #[arg(short, long, global = true, help_heading = EVERYWHERE)]
    pub quiet: bool,
    /// Say more: every pass, every id and every source
    #[arg(short, long, global = true, help_heading = EVERYWHERE, conflicts_with = "quiet")]
    pub verbose: bool,
}

/// The verbs. Only the one that is typed has its options put together.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum Verb {
    /// Check the machine, the identity and the patch
    Check(CheckArgs),
    /// Your signing keys: show, make, publish and rehearse them; verify signatures
    Key(KeyArgs),
    /// Get the project's source on a topic branch of your own
    Clone(CloneArgs),
    /// Show where your branch stands, and move it safely: base, news, signatures, merges
    Branch(BranchArgs),
    /// Build the project with the JDK and the settings that fit this machine
    Build(BuildArgs),
    /// Run what the project's CI will run on a pull request, as far as this machine can
    Ci(CiArgs),
    /// Draft the pull request from the project's own template, and hand it over
    Pr(PrArgs),
    /// Tell what sets two reports apart, so that "works for me" becomes a list
    Compare(CompareArgs),
    /// Mend what the checks found, one step at a time, or take it back
    Fix(FixArgs),
    /// Show every setting and every value of the project, and where it comes from
    Config,
    /// List the checks
    List,
    /// Trust the checks and programs that this work tree brings in .onramp
    Trust(TrustArgs),
    /// Explain a check: what it wants, why, and what to do
    Explain(ExplainArgs),
    /// Print the JSON Schema of reports, or of what another command tells as JSON
    Schema(SchemaArgs),
}

/// Arguments of `check`.
#[derive(Debug, Default, Args)]
pub struct CheckArgs {
    /// Stages (machine, identity, patch, host), ids, or ends of ids; all but host by default
    #[arg(value_name = "STAGE|CHECK")]
    pub only: Vec<String>,
    /// Write a report, to standard output or to a file; several with several --report
    #[arg(long, value_name = "FORMAT[:FILE]", long_help = report_help())]
    pub report: Vec<String>,
    /// Judge an earlier JSON report again instead of looking at this machine
    #[arg(long, value_name = "REPORT.json")]
    pub replay: Option<PathBuf>,
    /// Start tools to confirm what their files say
    #[arg(long)]
    pub deep: bool,
    /// Lowest severity that fails the run: error where nobody says otherwise
    #[arg(long, value_enum, value_name = "SEVERITY", conflicts_with = "strict")]
    pub fail_on: Option<FailOn>,
    /// Let warnings and advice fail the run too
    #[arg(
        long,
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "true",
        value_name = "BOOL"
    )]
    pub strict: Option<bool>,
    /// File of findings that somebody decided not to count, each with a reason and a last day
    #[arg(long, value_name = "FILE")]
    pub waivers: Option<PathBuf>,
    /// Count only what is worse than in this earlier JSON report
    #[arg(long, value_name = "REPORT.json")]
    pub baseline: Option<PathBuf>,
    /// Commit or branch the patch starts from
    #[arg(long, value_name = "REVISION")]
    pub base: Option<String>,
    /// Last commit of the patch
    #[arg(long, value_name = "REVISION")]
    pub head: Option<String>,
    /// Mend the patch's files in the work tree: shows each difference first, and asks
    #[arg(long, conflicts_with_all = ["report", "replay", "deep", "fail_on", "strict", "waivers", "baseline", "head"])]
    pub fix: bool,
    /// With --fix, show what it would do and do nothing
    #[arg(long, requires = "fix")]
    pub dry_run: bool,
    /// With --fix, mend every file without asking
    #[arg(short, long, requires = "fix", conflicts_with = "dry_run")]
    pub yes: bool,
}

fn report_help() -> String {
    let what = "Write a report, to standard output or to a file; several with several --report.";
    format!("{what} The formats:\n\n{}", format::help())
}

/// Severities as an argument.
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
pub enum FailOn {
    /// Only errors.
    #[default]
    Error,
    /// Warnings too.
    Warn,
    /// Advice too.
    Advice,
}

impl From<FailOn> for Severity {
    fn from(fail_on: FailOn) -> Self {
        match fail_on {
            FailOn::Error => Self::Error,
            FailOn::Warn => Self::Warn,
            FailOn::Advice => Self::Advice,
        }
    }
}

/// Arguments of `trust`.
#[derive(Debug, Default, Args)]
pub struct TrustArgs {
    /// Answer yes
    #[arg(long, conflicts_with_all = ["show", "revoke", "list"])]
    pub yes: bool,
    /// Only show what it would do
    #[arg(long, conflicts_with_all = ["revoke", "list"])]
    pub show: bool,
    /// Trust it no longer
    #[arg(long, conflicts_with = "list")]
    pub revoke: bool,
    /// List the work trees that you trust
    #[arg(long)]
    pub list: bool,
}

/// Arguments of `schema`.
#[derive(Debug, Args)]
pub struct SchemaArgs {
    /// Whose JSON is meant
    #[arg(value_enum, default_value_t)]
    pub of: Document,
}

/// What onramp writes as JSON.
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
pub enum Document {
    /// What `check --report json` writes.
    #[default]
    Report,
    /// What `branch --json` writes.
    Branch,
    /// What `build --events` writes, one line of it.
    BuildEvents,
    /// What `build --last json` writes.
    BuildReport,
    /// What `ci --list --json` writes.
    CiList,
    /// What `key show --json` writes.
    KeyShow,
    /// What `pr --lint --json` writes.
    PrLint,
}

/// Arguments of `explain`.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// Id of the check, or the end of it
    #[arg(value_name = "CHECK")]
    pub id: String,
}
