//! Known build failures as data: `checks/<pack>/build-failures.yaml`, read strictly. Says what a
//! text matches; which match explains a build is decided in `explain`.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use regex::{Regex, RegexBuilder};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Memory a compiled pattern may take, in bytes: a pack must not be able to exhaust ours.
const LARGEST_PATTERN: usize = 1 << 20;
/// What every text may name besides its pattern's groups: the module and the test that failed.
pub const FACTS: [&str; 2] = ["module", "test"];

/// Who has to act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// The person, in the change itself.
    User,
    /// The person, in what was typed: goals, modules, options.
    Command,
    /// The person, on the machine: a missing tool, a wrong JDK, too little memory.
    Machine,
    /// Whoever runs the way to a repository.
    Network,
    /// The project.
    Project,
    /// Nobody: it looks like a failure and is none.
    Noise,
}

impl Kind {
    /// Where it lies, as a fragment.
    #[must_use]
    pub fn place(self) -> &'static str {
        match self {
            Self::User => "in the change",
            Self::Command => "in the command",
            Self::Machine => "on this machine",
            Self::Network => "on the network",
            Self::Project => "in the project",
            Self::Noise => "no failure",
        }
    }
}

/// One known failure, as written.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFailure {
    id: String,
    pattern: String,
    kind: Kind,
    cause: String,
    remedy: String,
    source: String,
    #[serde(default)]
    fallback: bool,
    #[serde(default)]
    goal: Option<String>,
    #[serde(default)]
    ours: bool,
    #[serde(default)]
    covers: Vec<String>,
    #[serde(default)]
    proof: Option<String>,
    #[serde(default)]
    sign: Option<String>,
}

/// One known failure.
#[derive(Debug, Clone)]
pub struct Failure {
    /// Its name, unique in its file.
    pub id: String,
    /// What to look for; `(?s)` lets it span lines.
    pub pattern: Regex,
    /// Who has to act.
    pub kind: Kind,
    /// Why it happens; `{name}` stands for what the pattern's group of that name caught.
    pub cause: String,
    /// What to do, likewise.
    pub remedy: String,
    /// Where this is known from.
    pub source: String,
    /// Counts only where nothing more specific matches.
    pub fallback: bool,
    /// What the goal that failed must be called, in part; any where there is none.
    pub goal: Option<String>,
    /// Counts only where the artifact it caught is one of the project's own modules.
    pub ours: bool,
    /// What follows from it, by id: not told beside it.
    pub covers: Vec<String>,
    /// The check that proves the cause where it fails, and speaks against it where it passes, by id.
    pub proof: Option<String>,
    /// One that proves it where it fails, and says nothing where it passes: of what is there for a
    /// while only, such as memory.
    pub sign: Option<String>,
}

/// Known failures, the most specific first.
#[derive(Debug, Clone, Default)]
pub struct Catalogue {
    /// In the order they are asked.
    pub failures: Vec<Failure>,
}

/// A catalogue at hand, read at the first question where that cannot fail: most builds pass and ask
/// none, and reading the patterns costs more than following such a build.
#[derive(Debug, Clone)]
pub struct Shelved {
    /// Names and texts; none once they were read.
    files: Vec<(String, String)>,
    read: OnceLock<Catalogue>,
}

impl Shelved {
    /// One of files that are part of onramp, as (name, YAML).
    #[must_use]
    pub fn of_onramp<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let owned = |(name, text): (&str, &str)| (name.to_owned(), text.to_owned());
        Self { files: files.into_iter().map(owned).collect(), read: OnceLock::new() }
    }

    /// What it holds.
    #[expect(clippy::expect_used, reason = "a test reads every file that is part of onramp")]
    pub fn open(&self) -> &Catalogue {
        let files = || self.files.iter().map(|(name, text)| (name.as_str(), text.as_str()));
        self.read.get_or_init(|| Catalogue::read(files()).expect("a file of onramp"))
    }
}

impl From<Catalogue> for Shelved {
    fn from(catalogue: Catalogue) -> Self {
        Self { files: Vec::new(), read: OnceLock::from(catalogue) }
    }
}

/// A known failure that was met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    /// Id of the known failure.
    pub id: String,
    /// Who has to act.
    pub kind: Kind,
    /// Why it happened.
    pub cause: String,
    /// What to do.
    pub remedy: String,
    /// Where this is known from.
    pub source: String,
    /// Counts only where nothing more specific matches.
    pub fallback: bool,
    /// Counts only for a module of the project itself.
    pub ours: bool,
    /// What follows from it, by id.
    pub covers: Vec<String>,
    /// The check that proves it where it fails, and speaks against it where it passes, by id; until
    /// then the cause is only likely.
    pub proof: Option<String>,
    /// One whose passing says nothing.
    pub sign: Option<String>,
    /// What the pattern's named groups caught.
    pub caught: BTreeMap<String, String>,
}

impl Catalogue {
    /// Reads catalogues given as (name, YAML); a project's own comes before its parent's.
    ///
    /// # Errors
    /// The file's name with the place and kind of the mistake.
    pub fn read<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, String> {
        let mut failures = Vec::new();
        for (name, text) in files {
            let raw: Vec<RawFailure> =
                serde_saphyr::from_str(text).map_err(|error| format!("{name}: {error}"))?;
            let first = failures.len();
            for failure in raw {
                let failure = failure.check().map_err(|error| format!("{name}: {error}"))?;
                if failures[first..].iter().any(|known: &Failure| known.id == failure.id) {
                    return Err(format!("{name}: `{}` stands twice", failure.id));
                }
                failures.push(failure);
            }
        }
        Ok(Self { failures })
    }

    /// Every known failure that the text shows, in order. `goal` is the one that failed; where it
    /// is not known, no failure of one goal alone is met.
    #[must_use]
    pub fn matching(&self, text: &str, goal: Option<&str>) -> Vec<Cause> {
        let fits = |failure: &&Failure| match &failure.goal {
            Some(part) => goal.is_some_and(|goal| goal.contains(part.as_str())),
            None => true,
        };
        self.failures.iter().filter(fits).filter_map(|failure| failure.meet(text)).collect()
    }
}

impl Cause {
    /// The check that is asked about it, by id.
    #[must_use]
    pub fn check(&self) -> Option<&str> {
        self.proof.as_deref().or(self.sign.as_deref())
    }
}

impl RawFailure {
    fn check(self) -> Result<Failure, String> {
        let pattern = RegexBuilder::new(&self.pattern)
            .size_limit(LARGEST_PATTERN)
            .multi_line(true)
            .build()
            .map_err(|error| format!("`{}`: {error}", self.id))?;
        let groups: Vec<&str> = pattern.capture_names().flatten().collect();
        for text in [&self.cause, &self.remedy] {
            for name in placeholders(text) {
                if !groups.contains(&name) && !FACTS.contains(&name) {
                    return Err(format!("`{}`: the pattern catches no `{{{name}}}`", self.id));
                }
            }
        }
        if self.ours && !groups.contains(&"artifact") {
            return Err(format!(
                "`{}`: the pattern catches no `artifact`, and `ours` needs one",
                self.id
            ));
        }
        let Self {
            id, kind, cause, remedy, source, fallback, goal, ours, covers, proof, sign, ..
        } = self;
        if proof.is_some() && sign.is_some() {
            return Err(format!("`{id}`: `proof` and `sign` are two ways of the same thing"));
        }
        Ok(Failure {
            id,
            pattern,
            kind,
            cause,
            remedy,
            source,
            fallback,
            goal,
            ours,
            covers,
            proof,
            sign,
        })
    }
}

impl Failure {
    fn meet(&self, text: &str) -> Option<Cause> {
        let captures = self.pattern.captures(text)?;
        let named = self.pattern.capture_names().flatten();
        // A group of an alternative that did not match stands for nothing.
        let value = |name| captures.name(name).map_or("", |group| group.as_str()).to_owned();
        let caught: BTreeMap<String, String> =
            named.map(|name| (name.to_owned(), value(name))).collect();
        Some(Cause {
            id: self.id.clone(),
            kind: self.kind,
            cause: fill(&self.cause, &caught),
            remedy: fill(&self.remedy, &caught),
            source: self.source.clone(),
            fallback: self.fallback,
            ours: self.ours,
            covers: self.covers.clone(),
            proof: self.proof.clone(),
            sign: self.sign.clone(),
            caught,
        })
    }
}

/// The names in braces: lower-case words only, so that other braces may stand in a text.
fn placeholders(text: &str) -> impl Iterator<Item = &str> {
    text.split('{').skip(1).filter_map(|rest| {
        let (name, _) = rest.split_once('}')?;
        (!name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase())).then_some(name)
    })
}

/// Puts values in place of `{name}`; a name without a value stays.
#[must_use]
pub fn fill(text: &str, values: &BTreeMap<String, String>) -> String {
    let mut out = text.to_owned();
    for (name, value) in values {
        out = out.replace(&format!("{{{name}}}"), value);
    }
    out
}
