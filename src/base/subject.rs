//! What the words of a commit's subject say about the kind of change: the verb it begins with, then
//! what is mended, then the nouns. Where words contradict each other, it is no more than a lean.

use super::kind::Kind;

/// What a subject speaks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Lean {
    /// The kind.
    pub(super) kind: Kind,
    /// The word that says so.
    pub(super) word: String,
    /// Whether it is more than a lean.
    pub(super) sure: bool,
}

impl Lean {
    /// Whether it speaks for a bug fix.
    pub(super) fn is_fix(&self) -> bool {
        self.kind == Kind::Bug
    }
}

/// Words that begin what a commit does, by the kind they speak for. Sure ones first.
const VERBS: [(Kind, bool, &[&str]); 12] = [
    (Kind::Bug, true, &FIXES),
    (Kind::Feature, true, &["introduce", "introduces", "implement", "implements", "implemented"]),
    (Kind::Feature, true, &["support", "supports", "implementing", "introducing"]),
    (Kind::Feature, false, &ADDS),
    (Kind::Cleanup, true, &["refactor", "refactors", "refactored", "refactoring", "rename"]),
    (Kind::Cleanup, true, &["renames", "renamed", "simplify", "simplifies", "reformat", "tidy"]),
    (Kind::Cleanup, false, &["cleanup", "clean", "cleaning", "deduplicate"]),
    (Kind::Cleanup, false, &REMOVES),
    (Kind::Enhancement, true, &["improve", "improves", "improved", "improving", "improvements"]),
    (Kind::Enhancement, true, &["enhance", "enhances", "enhancement", "optimize", "optimise"]),
    (Kind::Enhancement, false, &CHANGES),
    (Kind::Build, true, &["bump", "bumps"]),
];
/// Verbs of a fix.
const FIXES: [&str; 10] =
    ["fix", "fixes", "fixed", "fixing", "fixup", "bugfix", "bugfixes", "hotfix", "hotfixes", "bug"];
/// Verbs that stand in front of features and of null checks alike.
const ADDS: [&str; 9] =
    ["add", "adds", "added", "adding", "allow", "allows", "enable", "provide", "create"];
/// Verbs of what goes.
const REMOVES: [&str; 7] = ["remove", "removes", "removed", "removing", "delete", "drop", "drops"];
/// Verbs of what becomes another.
const CHANGES: [&str; 12] = [
    "upgrade", "update", "use", "make", "change", "set", "replace", "move", "show", "switch",
    "convert", "extend",
];
/// Verbs that often stand in front of a fault, and as often of a wish.
const HINDERS: [&str; 15] = [
    "avoid", "avoids", "prevent", "prevents", "handle", "handles", "resolve", "resolves",
    "resolved", "correct", "corrects", "restore", "ensure", "revert", "reverts",
];
/// Faults that nobody wants.
const FAULTS: [&str; 9] = [
    "npe",
    "nullpointerexception",
    "deadlock",
    "deadlocks",
    "regression",
    "crash",
    "crashes",
    "leak",
    "leaks",
];
/// Words of something that is wrong, or only about it.
const COMPLAINTS: [&str; 15] = [
    "issue",
    "issues",
    "error",
    "errors",
    "failure",
    "fails",
    "failing",
    "incorrect",
    "wrong",
    "broken",
    "missing",
    "cannot",
    "unable",
    "exception",
    "race",
];
/// What is mended without a bug.
const TRIFLES: [&str; 21] = [
    "typo",
    "typos",
    "spelling",
    "grammar",
    "wording",
    "indentation",
    "whitespace",
    "whitespaces",
    "formatting",
    "lint",
    "linter",
    "checkstyle",
    "codespell",
    "sonar",
    "javadoc",
    "javadocs",
    "warnings",
    "review",
    "merge",
    "conflict",
    "conflicts",
];
/// What is about tests.
const TESTS: [&str; 8] =
    ["test", "tests", "unittest", "unittests", "marvin", "smoketest", "flaky", "coverage"];
/// What is about the build.
const BUILDS: [&str; 7] =
    ["build", "builds", "ci", "compilation", "workflow", "workflows", "github"];
/// What is about documents.
const DOCUMENTS: [&str; 5] = ["doc", "docs", "documentation", "readme", "changelog"];
/// What makes an addition a feature for sure.
const POWERS: [&str; 6] = ["support", "api", "feature", "plugin", "ability", "functionality"];
/// What nobody misses.
const DEAD: [&str; 9] = [
    "unused",
    "dead",
    "obsolete",
    "redundant",
    "unnecessary",
    "duplicate",
    "duplicated",
    "unneeded",
    "leftover",
];
/// Things that are fixed without having been broken.
const STEADY: [&str; 14] = [
    "ip",
    "ips",
    "address",
    "addresses",
    "offering",
    "offerings",
    "size",
    "rate",
    "length",
    "width",
    "delay",
    "thread",
    "interval",
    "number",
];
/// Words in front of the verb that say nothing.
const FILLERS: [&str; 12] = [
    "a", "an", "the", "minor", "small", "quick", "simple", "trivial", "some", "various", "wip",
    "several",
];
/// So many words after a verb tell what it is about.
const OBJECT: usize = 4;
/// Longest name of a component in front of a colon.
const COMPONENT: usize = 40;

/// What the subject speaks for; nothing where no word does.
pub(super) fn lean(subject: &str) -> Option<Lean> {
    let lower = subject.to_lowercase();
    let (components, rest) = parted(&lower);
    let all = words(rest);
    let first = all.iter().position(|word| !FILLERS.contains(word)).unwrap_or(0);
    let words = &all[first..];
    let named = components.iter().find_map(|name| of_component(name));
    if let Some(lean) = named.filter(|lean| lean.kind != Kind::Bug || !is_trifle(words)) {
        return Some(lean);
    }
    led(words).or_else(|| found(words))
}

/// What a component or a tag in front of the subject says by itself.
fn of_component(name: &str) -> Option<Lean> {
    let word = words(name).first().copied()?;
    let kind = match word {
        _ if DOCUMENTS.contains(&word) => Kind::Docs,
        "test" | "tests" | "marvin" | "smoketest" => Kind::Test,
        "build" | "ci" | "github" | "workflows" => Kind::Build,
        "fix" | "bugfix" | "hotfix" | "bug" => Kind::Bug,
        "feat" | "feature" => Kind::Feature,
        "refactor" | "cleanup" | "style" => Kind::Cleanup,
        _ => return None,
    };
    Some(Lean { kind, word: word.to_owned(), sure: true })
}

/// What the verb says that the subject begins with.
fn led(words: &[&str]) -> Option<Lean> {
    let (verb, rest) = words.split_first()?;
    let lean = |kind, sure| Some(Lean { kind, word: (*verb).to_owned(), sure });
    let object = &rest[..rest.len().min(OBJECT)];
    if HINDERS.contains(verb) {
        let fault = rest.iter().find(|word| FAULTS.contains(word));
        let sure = fault.is_some() && !verb.starts_with("revert");
        let word = (*fault.unwrap_or(verb)).to_owned();
        return Some(Lean { kind: Kind::Bug, word, sure });
    }
    let (kind, sure, _) = VERBS.iter().find(|(_, _, words)| words.contains(verb))?;
    match kind {
        Kind::Bug => mended(verb, rest),
        Kind::Feature if has(object, &TESTS) => lean(Kind::Test, false),
        Kind::Feature if has(object, &DOCUMENTS) => lean(Kind::Docs, false),
        Kind::Feature => {
            let object = object.iter().find(|word| !["a", "an", "the", "new"].contains(word));
            let power = *sure || object.is_some_and(|word| POWERS.contains(word));
            lean(Kind::Feature, power && !speaks_of_a_fix(rest))
        }
        Kind::Cleanup => {
            let dead = *sure || has(rest, &DEAD);
            lean(Kind::Cleanup, dead && !speaks_of_a_fix(rest))
        }
        kind => lean(*kind, *sure && !speaks_of_a_fix(rest)),
    }
}

/// What the verb of a fix mends.
fn mended(verb: &str, rest: &[&str]) -> Option<Lean> {
    let lean = |kind, sure| Some(Lean { kind, word: verb.to_owned(), sure });
    if verb == "fixed" && rest.first().is_some_and(|word| STEADY.contains(word)) {
        return None;
    }
    let end = rest.iter().position(|word| *word == "and").unwrap_or(rest.len());
    if let Some(kind) = aside(&rest[..end]) {
        return lean(kind, false);
    }
    let also = rest.iter().position(|word| *word == "and").and_then(|at| led(&rest[at + 1..]));
    let more = also.is_some_and(|also| !matches!(also.kind, Kind::Bug | Kind::Test | Kind::Docs));
    lean(Kind::Bug, !more)
}

/// What mending is about that mends no bug of the product.
fn aside(words: &[&str]) -> Option<Kind> {
    let object = &words[..words.len().min(OBJECT)];
    if is_trifle(words) {
        Some(Kind::Cleanup)
    } else if has(words, &TESTS) {
        Some(Kind::Test)
    } else if has(object, &BUILDS) {
        Some(Kind::Build)
    } else if has(object, &DOCUMENTS) {
        Some(Kind::Docs)
    } else {
        None
    }
}

/// What words say of which none leads.
fn found(words: &[&str]) -> Option<Lean> {
    let lean = |kind, word: &str, sure| Some(Lean { kind, word: word.to_owned(), sure });
    let fix = words.iter().enumerate().find(|(at, word)| {
        FAULTS.contains(word) || FIXES.contains(word) && (**word != "fixed" || is_done(words, *at))
    });
    if let Some((at, word)) = fix {
        // In the middle of other words it may be something about a fix.
        let sure = FAULTS.contains(word) || is_done(words, at) && word.starts_with("fix");
        return match aside(words) {
            Some(kind) => lean(kind, word, false),
            None => lean(Kind::Bug, word, sure),
        };
    }
    let verb = words.iter().find_map(|word| {
        let (kind, _, _) = VERBS.iter().find(|(_, _, verbs)| verbs.contains(word))?;
        (*kind != Kind::Bug).then_some((*kind, *word))
    });
    let complaint = words.iter().find(|word| COMPLAINTS.contains(word));
    match (verb, complaint) {
        (Some((kind, word)), _) => lean(kind, word, false),
        (None, Some(word)) => lean(Kind::Bug, word, false),
        (None, None) => None,
    }
}

/// Whether the "fixed" at this place is something done, not how something is.
fn is_done(words: &[&str], at: usize) -> bool {
    const BEFORE: [&str; 8] = ["is", "are", "was", "were", "be", "been", "got", "now"];
    at + 1 == words.len() || at > 0 && BEFORE.contains(&words[at - 1])
}

fn speaks_of_a_fix(words: &[&str]) -> bool {
    let fix = |word: &&str| FIXES.contains(word) && *word != "fixed" || FAULTS.contains(word);
    words.iter().any(fix)
}

fn is_trifle(words: &[&str]) -> bool {
    has(words, &TRIFLES)
}

fn has(words: &[&str], some: &[&str]) -> bool {
    words.iter().any(|word| some.contains(word))
}

/// The components and tags in front of a subject, and the rest of it.
fn parted(subject: &str) -> (Vec<&str>, &str) {
    let mut names = Vec::new();
    let mut rest = subject.trim();
    loop {
        let tagged = rest.strip_prefix('[').and_then(|tag| tag.split_once(']'));
        let titled = rest.split_once(':').filter(|(name, _)| is_component(name));
        let Some((name, after)) = tagged.or(titled) else { return (names, rest) };
        names.push(name.trim());
        rest = after.trim_start_matches([':', '-', ' ']);
    }
}

/// Whether what stands in front of a colon names a part of the project, or a kind of change.
fn is_component(name: &str) -> bool {
    let words = words(name);
    let alone = words.len() == 1 || name.ends_with(')');
    let verb = words.first().is_some_and(|word| {
        HINDERS.contains(word) || VERBS.iter().any(|(_, _, verbs)| verbs.contains(word))
    });
    !words.is_empty() && name.len() <= COMPONENT && words.len() <= 4 && (alone || !verb)
}

fn words(text: &str) -> Vec<&str> {
    let apart = |c: char| !c.is_alphanumeric() && c != '\'';
    text.split(apart).filter(|word| !word.is_empty()).collect()
}
