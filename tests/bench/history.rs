//! A history of source code for the benchmark, the same every time: files of some hundred lines,
//! and commits that change a few of them and add one, as people's do.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Files before the range; lines of each; files that a commit changes.
const FILES: usize = 2_000;
const LINES: usize = 250;
const TOUCHED: usize = 12;
/// Every so many commits one that brings a secret.
const PLANTED: usize = 50;
const BEGINNING: usize = 1_760_000_000;

/// A work tree whose last commits are the range.
pub(crate) struct History {
    pub(crate) tree: PathBuf,
    /// Full ids: the commit before the range, and the newest.
    pub(crate) base: String,
    pub(crate) head: String,
    /// Number of planted secrets.
    pub(crate) secrets: usize,
}

impl History {
    /// Makes it in a folder: so many commits above one that lays down the files.
    pub(crate) fn make(folder: &Path, commits: usize) -> Result<Self, String> {
        let tree = folder.join("history");
        std::fs::create_dir_all(&tree).map_err(|error| error.to_string())?;
        git(&tree, &["init", "--quiet", "--initial-branch=main"], b"")?;
        let (stream, secrets) = stream(commits);
        git(&tree, &["fast-import", "--quiet"], &stream)?;
        let head = git(&tree, &["rev-parse", "main"], b"")?;
        let base = git(&tree, &["rev-parse", &format!("main~{commits}")], b"")?;
        Ok(Self { tree, base, head, secrets })
    }
}

/// What `git fast-import` reads, and the number of secrets in it.
fn stream(commits: usize) -> (Vec<u8>, usize) {
    let mut chance = Chance(42);
    let mut files: Vec<Vec<String>> =
        (0..FILES).map(|_| (0..LINES).map(|_| line(&mut chance)).collect()).collect();
    let mut out = Vec::new();
    commit(&mut out, 0, "lay down the files");
    files.iter().enumerate().for_each(|(number, lines)| file(&mut out, number, lines));
    let mut secrets = 0;
    for number in 1..=commits {
        commit(&mut out, number, "server: change what it does");
        for _ in 0..TOUCHED {
            let at = chance.below(files.len());
            let first = chance.below(LINES - 40);
            let lines = &mut files[at];
            (first..first + chance.below(30) + 1).for_each(|row| lines[row] = line(&mut chance));
            file(&mut out, at, lines);
        }
        let mut fresh: Vec<String> = (0..LINES).map(|_| line(&mut chance)).collect();
        if number % PLANTED == 0 {
            secrets += 1;
            fresh.push(format!("        String own = \"ghp_{}\";", chance.letters(36)));
        }
        file(&mut out, files.len(), &fresh);
        files.push(fresh);
    }
    (out, secrets)
}

fn commit(out: &mut Vec<u8>, number: usize, message: &str) {
    let time = BEGINNING + number;
    out.extend(
        format!(
            "commit refs/heads/main\ncommitter Ada <ada@cloud.test> {time} +0000\ndata {}\n{message}\n",
            message.len()
        )
        .bytes(),
    );
}

fn file(out: &mut Vec<u8>, number: usize, lines: &[String]) {
    let text = format!("// http://www.apache.org/licenses/LICENSE-2.0\n{}\n", lines.join("\n"));
    let path = format!("server/src/main/java/p{}/File{number}.java", number % 97);
    out.extend(format!("M 100644 inline {path}\ndata {}\n{text}\n", text.len()).bytes());
}

/// A line as source code has them, with the words that rules for secrets set out from.
fn line(chance: &mut Chance) -> String {
    const SHAPES: [&str; 6] = [
        "        final String NAME = config.get(OTHER);",
        "        if (NAME == null || OTHER.isEmpty()) {",
        "            logger.debug(\"NAME of OTHER was not found\");",
        "        }",
        "    private static final ConfigKey<Long> NAME = OTHER;",
        "     * @param NAME the OTHER that is looked for",
    ];
    const WORDS: [&str; 14] = [
        "userVm",
        "hostId",
        "apiKey",
        "secretName",
        "passwordOf",
        "token",
        "volume",
        "network",
        "access",
        "template",
        "keyPair",
        "authenticator",
        "zone",
        "credential",
    ];
    let shape = SHAPES[chance.below(SHAPES.len())];
    let word = |chance: &mut Chance| WORDS[chance.below(WORDS.len())];
    let name = format!("{}{}", word(chance), chance.below(90) + 10);
    shape.replace("NAME", &name).replace("OTHER", word(chance))
}

/// Numbers without an order, the same every time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % limit
    }

    fn letters(&mut self, count: usize) -> String {
        const ALL: &[u8] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
        (0..count).map(|_| char::from(ALL[self.below(ALL.len())])).collect()
    }
}

/// Runs git with something to read; what it says.
pub(crate) fn git(tree: &Path, words: &[&str], input: &[u8]) -> Result<String, String> {
    let mut command = Command::new("git");
    command.args(words).current_dir(tree).stdin(Stdio::piped()).stdout(Stdio::piped());
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
    let mut child = command.spawn().map_err(|error| error.to_string())?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(input).map_err(|error| error.to_string())?;
    }
    let output = child.wait_with_output().map_err(|error| error.to_string())?;
    if !output.status.success() {
        return Err(format!("git {} ended with {}", words.join(" "), output.status));
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
