//! What can be asked of `onramp build`, and in which words its help tells that.

use std::path::PathBuf;

use super::hung::Patience;

/// What looks before a build.
const BEFORE: &str = "Before a build";
/// What follows one.
const AFTER: &str = "After a build";

/// Build the project and explain what goes wrong.
///
/// Runs Maven in the work tree, and with it the tree's own code. The whole log is kept inside the
/// clone's git folder.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct BuildArgs {
    /// How to build: guide, ci, quick, or another that the project has; guide where nobody says
    #[arg(long, value_name = "NAME")]
    pub profile: Option<String>,
    /// With --blame, or a profile that asks what the branch touches: the branch or commit that the work
    /// started from
    #[arg(long, value_name = "REVISION")]
    pub base: Option<String>,
    /// Modules built at a time; onramp chooses from cores and memory otherwise
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=64))]
    pub threads: Option<u16>,
    /// Folder of the JDK to build with
    #[arg(long, value_name = "HOME")]
    pub jdk: Option<PathBuf>,
    /// Build with the tree's own Maven wrapper, which downloads the Maven it names where it is not here
    #[arg(long, conflicts_with = "daemon")]
    pub wrapper: bool,
    /// Build with the Maven daemon, mvnd; what it builds is no evidence for a request
    #[arg(long)]
    pub daemon: bool,
    /// Use the build cache that the tree brings; what comes from it is no evidence for a request
    #[arg(long)]
    pub cache: bool,
    /// Go on although something stands in the way of the build
    #[arg(long)]
    pub anyway: bool,
    /// Print the command and the reason for each part of it; run nothing
    #[arg(help_heading = BEFORE, long)]
    pub dry_run: bool,
    /// Print each choice of memory, compilers and threads, and why; run nothing
    #[arg(help_heading = BEFORE, long, conflicts_with = "dry_run")]
    pub explain_tuning: bool,
    /// Build a few modules with several settings in turn and remember the best for this machine
    #[arg(help_heading = BEFORE, long)]
    #[arg(conflicts_with_all = ["dry_run", "explain_tuning", "resume_from", "threads"])]
    pub calibrate: bool,
    /// Go on where the last build of this tree stopped, if nothing else has changed
    #[arg(help_heading = AFTER, long, conflicts_with = "resume_from")]
    pub resume: bool,
    /// Go on from this module, as `:artifact-id`
    #[arg(help_heading = AFTER, long, value_name = "MODULE")]
    pub resume_from: Option<String>,
    /// Explain what went wrong in this log of Maven, this machine's, another's or a CI's; run nothing
    #[arg(
        help_heading = AFTER,
        long,
        value_name = "LOG",
        conflicts_with_all = ["resume_from", "threads", "jdk", "dry_run", "maven"]
    )]
    pub explain: Option<PathBuf>,
    /// Find out whose fault the last failure is: runs it again, here and on the base
    #[arg(help_heading = AFTER, long, conflicts_with_all = ["resume_from", "explain"])]
    pub blame: bool,
    /// File of failures that are known, each with a reason and a last day; --blame adds to it
    #[arg(help_heading = AFTER, long, value_name = "FILE")]
    pub known_failures: Option<PathBuf>,
    /// Write what happens as JSON lines to this file, `-` for standard output; `onramp schema
    /// build-events` prints their shape
    #[arg(long, value_name = "FILE")]
    pub events: Option<PathBuf>,
    /// Look at the threads once nothing was printed for so long, as `90s`, `10m` (the default) or
    /// `1h`; or `never`
    #[arg(long, value_name = "TIME")]
    pub hung_after: Option<Patience>,
    /// Build nothing: tell what the last build took, as `text`, `json` or `html`, in a file with
    /// `:FILE` behind it
    #[arg(long, value_name = "FORMAT[:FILE]", num_args = 0..=1, default_missing_value = "text")]
    #[arg(help_heading = AFTER, conflicts_with_all = ["dry_run", "maven"])]
    pub last: Option<String>,
    /// Build nothing: tell what sets the last build apart from the one before, or two that are named
    /// as their logs are
    #[arg(help_heading = AFTER, long, value_names = ["A", "B"], num_args = 0..=2)]
    #[arg(conflicts_with_all = ["dry_run", "maven", "last"])]
    pub compare: Option<Vec<String>>,
    /// What was typed beside the verb's own options and is to be typed again, such as `--project NAME`.
    #[arg(skip)]
    pub around: Vec<String>,
    /// Arguments for Maven itself
    #[arg(last = true, value_name = "MAVEN ARGUMENTS")]
    pub maven: Vec<String>,
}
