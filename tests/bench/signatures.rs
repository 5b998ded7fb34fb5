//! The rows about signatures: `onramp key verify` over a whole history against git, which starts
//! gpg for every commit, and against `sq-git`, where that is installed. Every measured run has its
//! verdicts counted, and onramp's must be git's.
//!
//! git takes most of a minute for 5,000 commits, so its rows run three times and without warming
//! up unless `ONRAMP_BENCH_RUNS` says otherwise.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::alternate::{alternate, alternate_looking};
use super::signed::Signed;
use super::signed::key::Kind;
use super::{Figure, Row, found, onramp, peak, runs};

pub(crate) const ROWS: &[Row] = &[
    Row {
        name: "onramp key verify / git log --format=%G?, Ed25519, cold cache",
        goal: Some(1.0 / 40.0),
        measure: |folder| against_git_log(folder, Kind::Ed25519),
    },
    Row {
        name: "onramp key verify / git log --format=%G?, RSA 4096, cold cache",
        goal: Some(1.0 / 20.0),
        measure: |folder| against_git_log(folder, Kind::Rsa4096),
    },
    Row {
        name: "onramp key verify / sq-git log, cold caches",
        goal: Some(0.5),
        measure: |folder| against_sequoia(folder, Cache::Cold),
    },
    Row {
        name: "onramp key verify / sq-git log, warm caches",
        goal: Some(1.0),
        measure: |folder| against_sequoia(folder, Cache::Warm),
    },
    Row {
        name: "onramp key verify, one commit / git verify-commit",
        goal: Some(1.2),
        measure: one_against_git,
    },
    // A tenth of slack, for what the larger pack costs to read.
    Row {
        name: "onramp key verify, ten times the commits",
        goal: Some(11.0),
        measure: many_against_few,
    },
    Row { name: "onramp key verify, MiB of memory", goal: Some(60.0), measure: memory },
];

/// Findings are no failure of the benchmark: some commits are planted to be found.
const FINE: [i32; 2] = [0, 1];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Cache {
    Cold,
    Warm,
}

fn commits() -> usize {
    let asked = std::env::var("ONRAMP_BENCH_COMMITS").ok();
    asked.and_then(|asked| asked.parse().ok()).filter(|count| *count > 0).unwrap_or(5_000)
}

fn against_git_log(folder: &Path, kind: Kind) -> Result<Figure, String> {
    let signed = Signed::make(folder, kind, commits(), true)?;
    let ours = |run| verify(folder, &signed, run, &["--report", "json"]);
    let theirs = |_| {
        let mut command = world(folder, &signed, Command::new("git"));
        command.args(["log", "--format=%G?", &signed.range()]);
        command
    };
    let look = |side, written: &[u8]| {
        let text = String::from_utf8_lossy(written);
        let letters = if side == 0 { of_report(&text)? } else { of_log(&text) };
        let expected = signed.verdicts;
        if letters == expected {
            return Ok(());
        }
        Err(format!("G, B and N should be {expected:?} times there and are {letters:?} times"))
    };
    Ok(alternate_looking([&ours, &theirs], runs(3), 0, &FINE, &look)?.into())
}

fn against_sequoia(folder: &Path, cache: Cache) -> Result<Figure, String> {
    let sequoia = found("sq-git")?;
    let signed = Signed::make(folder, Kind::Ed25519, commits(), false)?;
    let policy = folder.join("openpgp-policy.toml");
    let text = format!(
        "version = 0\ncommit_goodlist = []\n\n[authorization.\"ada\"]\nsign_commit = true\n\
         keyring = \"\"\"\n{}\n\"\"\"\n",
        signed.certificate
    );
    std::fs::write(&policy, text).map_err(|error| error.to_string())?;
    let number = |run| if cache == Cache::Cold { run } else { 0 };
    let ours = |run| verify(folder, &signed, number(run), &[]);
    let theirs = |run| {
        let mut command = world(folder, &signed, Command::new(&sequoia));
        let cache = folder.join(format!("their-cache-{}", number(run)));
        // It keeps nothing where there is no folder yet.
        let _ = std::fs::create_dir_all(&cache);
        command.env("XDG_CACHE_HOME", cache).env("RUST_BACKTRACE", "0");
        command.args(["log", "--trust-root", &signed.root, "--policy-file"]).arg(&policy);
        command
    };
    // The one run that does not count fills the caches.
    Ok(alternate_looking([&ours, &theirs], runs(11), 1, &[0], &|_, _| Ok(()))?.into())
}

fn one_against_git(folder: &Path) -> Result<Figure, String> {
    let signed = Signed::make(folder, Kind::Ed25519, commits(), false)?;
    let ours = |run| {
        let mut command = world(folder, &signed, onramp(&["key", "verify"]));
        command.arg(format!("{0}^..{0}", signed.head)).env("XDG_CACHE_HOME", cache(folder, run));
        command
    };
    let theirs = |_| {
        let mut command = world(folder, &signed, Command::new("git"));
        command.args(["verify-commit", &signed.head]);
        command
    };
    Ok(alternate([&ours, &theirs], runs(41), &[0])?.into())
}

fn many_against_few(folder: &Path) -> Result<Figure, String> {
    let (many, few) = (folder.join("many"), folder.join("few"));
    let many_signed = Signed::make(&many, Kind::Ed25519, commits() * 10, false)?;
    let few_signed = Signed::make(&few, Kind::Ed25519, commits(), false)?;
    let ours = |run| verify(&many, &many_signed, run, &[]);
    let theirs = |run| verify(&few, &few_signed, run, &[]);
    Ok(alternate([&ours, &theirs], runs(5), &[0])?.into())
}

/// Of ten times the commits, so that what grows with them shows.
fn memory(folder: &Path) -> Result<Figure, String> {
    let signed = Signed::make(folder, Kind::Ed25519, commits() * 10, false)?;
    let peak = peak::of(&verify(folder, &signed, 0, &[]), &[0])?;
    let mib = |bytes: u64| bytes as f64 / f64::from(1 << 20);
    let (peak, mapped) = (mib(peak), mib(signed.mapped));
    let details = format!(
        "{} commits; at most {peak:.1} MiB resident, less {mapped:.1} MiB of pack and index",
        commits() * 10
    );
    Ok(Figure { value: peak - mapped, details, missed: None })
}

/// `onramp key verify` over the whole range; a number names the cache it begins with.
fn verify(folder: &Path, signed: &Signed, run: usize, more: &[&str]) -> Command {
    let mut command = world(folder, signed, onramp(&["key", "verify"]));
    command.arg(signed.range()).args(more).env("XDG_CACHE_HOME", cache(folder, run));
    command
}

fn cache(folder: &Path, number: usize) -> PathBuf {
    folder.join(format!("cache-{number}"))
}

/// A command in the work tree, with the benchmark's keys and nobody's settings.
fn world(folder: &Path, signed: &Signed, mut command: Command) -> Command {
    command.current_dir(&signed.tree).env("HOME", folder).env("GNUPGHOME", &signed.gnupg);
    for name in ["XDG_CONFIG_HOME", "XDG_STATE_HOME"] {
        command.env_remove(name);
    }
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
    command
}

/// How many are good, bad and unsigned by git's letters.
fn of_log(text: &str) -> [usize; 3] {
    ["G", "B", "N"].map(|letter| text.lines().filter(|line| *line == letter).count())
}

fn of_report(text: &str) -> Result<[usize; 3], String> {
    let report: serde_json::Value =
        serde_json::from_str(text).map_err(|error| format!("onramp's report: {error}"))?;
    let objects = report["objects"].as_array().ok_or("onramp's report names no objects")?;
    Ok(["G", "B", "N"]
        .map(|letter| objects.iter().filter(|object| object["git"] == letter).count()))
}
