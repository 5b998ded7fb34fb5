//! Which step is which, as data: `checks/<pack>/ci-steps.yaml`, read strictly. Says what a step is
//! and how a laptop reproduces it; runs nothing.

use regex::{Regex, RegexBuilder};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::pack::yaml;

use super::hooks;
use super::shell;

/// Bytes that one compiled pattern may take.
const COMPILED: usize = 1 << 20;

/// How truly a laptop can do what a step does.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Label {
    /// With the same verdict.
    Exact,
    /// With a verdict that may differ; the reason says in what.
    Approximate,
    /// Not at all.
    NotHere,
}

impl Label {
    /// The words for people.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Approximate => "approximate",
            Self::NotHere => "not reproducible here",
        }
    }
}

/// What a step is for.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Prepares the machine; a laptop is prepared already, or is told by `onramp check machine`.
    Setup,
    /// Shows or keeps something; fails nobody.
    Report,
    /// Judges the change.
    Check,
    /// Builds the project.
    Build,
    /// Tests it.
    Test,
    /// Calls other steps.
    Call,
    /// Nobody knows.
    Unknown,
}

impl Kind {
    /// Whether a step of this kind can fail a change; one that nobody knows may.
    #[must_use]
    pub fn judges(self) -> bool {
        matches!(self, Self::Check | Self::Build | Self::Test | Self::Unknown)
    }
}

/// A program that reproduces a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Tool {
    /// `mvn`, with the JDK that fits.
    Maven,
    /// `prek` or `pre-commit`.
    PreCommit,
    /// The first of the words.
    Program,
    /// onramp's own checks, nothing else.
    Onramp,
}

/// What a program's output says about files.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Reads {
    /// Nothing that is known.
    #[default]
    Nothing,
    /// Maven's errors: compiler, checkstyle, tests, and RAT's report.
    Maven,
    /// The lines of hooks.
    Hooks,
    /// The lines of eslint.
    Eslint,
}

/// One way to reproduce a step, or a part of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Action {
    /// What it looks at, as a fragment.
    pub name: String,
    /// With what.
    pub tool: Tool,
    /// Its words; those of the step itself where there are none. `{modules}` stands for the modules
    /// that the branch touches.
    #[serde(default)]
    pub words: Vec<String>,
    /// Words of the step that are left out.
    #[serde(default)]
    pub leave_out: Vec<String>,
    /// Words with which the same tool has to run before, such as for what the tree's own rules are
    /// packed in.
    #[serde(default)]
    pub first: Vec<String>,
    /// The folder it runs in, from the tree's root.
    #[serde(default)]
    pub folder: Option<String>,
    /// What has to be there first, from the tree's root.
    #[serde(default)]
    pub needs: Option<String>,
    /// How to get that.
    #[serde(default)]
    pub get: Option<String>,
    /// Only where the branch touches one of these files; else it cannot change the verdict.
    #[serde(default)]
    pub touched: Vec<String>,
    /// Everything is looked at where the branch touches one of these files.
    #[serde(default)]
    pub whole_when: Vec<String>,
    /// It takes many minutes: it runs only where it is asked for.
    #[serde(default)]
    pub long: bool,
    /// Checks of onramp that stand in where the tool is not there.
    #[serde(default)]
    pub otherwise: Vec<String>,
    /// What its output is.
    #[serde(default)]
    pub reads: Reads,
}

/// A step that is known.
#[derive(Debug, Clone)]
pub struct Rule {
    /// Its name, unique in its file.
    pub id: String,
    /// What it is known by.
    pub by: By,
    /// What it is for.
    pub kind: Kind,
    /// How truly it can be done here.
    pub label: Label,
    /// Why so, as a phrase.
    pub why: String,
    /// How.
    pub actions: Vec<Action>,
}

/// What a step is known by.
#[derive(Debug, Clone)]
pub enum By {
    /// The action it uses, without its version.
    Uses(Regex),
    /// One of its commands.
    Run(Regex),
    /// Its whole script.
    Script(Regex),
}

/// A hook of pre-commit for which onramp has checks of its own.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HookRule {
    /// The hook's id.
    pub id: String,
    /// Checks that stand in for it.
    pub checks: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTable {
    #[serde(default)]
    steps: Vec<RawRule>,
    #[serde(default)]
    hooks: Vec<HookRule>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRule {
    id: String,
    uses: Option<String>,
    run: Option<String>,
    script: Option<String>,
    kind: Kind,
    label: Label,
    why: String,
    #[serde(default, rename = "do")]
    actions: Vec<Action>,
}

/// Known steps and hooks, the project's before its parent's.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    /// Steps, in the order they are asked.
    pub steps: Vec<Rule>,
    /// Hooks, likewise.
    pub hooks: Vec<HookRule>,
}

impl Rules {
    /// Reads tables given as (name, YAML); a project's own comes before its parent's.
    ///
    /// # Errors
    /// The file's name with the place and kind of the mistake.
    pub fn read<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, String> {
        let mut rules = Self::default();
        for (name, text) in files {
            let table: RawTable = yaml::read(text).map_err(|error| format!("{name}: {error}"))?;
            let first = rules.steps.len();
            for raw in table.steps {
                let rule = raw.check().map_err(|error| format!("{name}: {error}"))?;
                if rules.steps[first..].iter().any(|known| known.id == rule.id) {
                    return Err(format!("{name}: `{}` stands twice", rule.id));
                }
                rules.steps.push(rule);
            }
            rules.hooks.extend(table.hooks);
        }
        Ok(rules)
    }

    /// The rule for an action, by its name without a version.
    #[must_use]
    pub fn uses(&self, action: &str) -> Option<&Rule> {
        let fits = |rule: &&Rule| matches!(&rule.by, By::Uses(pattern) if pattern.is_match(action));
        self.steps.iter().find(fits)
    }

    /// The rule for a whole script.
    #[must_use]
    pub fn script(&self, script: &str) -> Option<&Rule> {
        let fits =
            |rule: &&Rule| matches!(&rule.by, By::Script(pattern) if pattern.is_match(script));
        self.steps.iter().find(fits)
    }

    /// The rule for one command.
    #[must_use]
    pub fn command(&self, command: &str) -> Option<&Rule> {
        let fits = |rule: &&Rule| matches!(&rule.by, By::Run(pattern) if pattern.is_match(command));
        self.steps.iter().find(fits)
    }

    /// The checks of onramp's own that stand in for a hook.
    #[must_use]
    pub fn stand_ins(&self, hook: &str) -> &[String] {
        self.hooks.iter().find(|rule| rule.id == hook).map_or(&[], |rule| &rule.checks)
    }
}

impl RawRule {
    fn check(self) -> Result<Rule, String> {
        let Self { id, uses, run, script, kind, label, why, actions } = self;
        let by = match (uses, run, script) {
            (Some(pattern), None, None) => By::Uses(compiled(&id, &pattern)?),
            (None, Some(pattern), None) => By::Run(compiled(&id, &pattern)?),
            (None, None, Some(pattern)) => By::Script(compiled(&id, &pattern)?),
            _ => {
                return Err(format!(
                    "`{id}`: a step is known by one of `uses`, `run` and `script`"
                ));
            }
        };
        if label == Label::NotHere && !actions.is_empty() {
            return Err(format!("`{id}`: what is not reproducible here has no `do`"));
        }
        let wordless = |action: &&Action| action.tool == Tool::Program && action.words.is_empty();
        if let Some(action) = actions.iter().find(wordless) {
            return Err(format!("`{id}`: `{}` does not say which program", action.name));
        }
        Ok(Rule { id, by, kind, label, why, actions })
    }
}

fn compiled(id: &str, pattern: &str) -> Result<Regex, String> {
    let built = RegexBuilder::new(pattern).size_limit(COMPILED).build();
    built.map_err(|error| format!("`{id}`: {error}"))
}

impl Action {
    /// This action for a step's own command; the reason where its words cannot be told. Of an action
    /// of the forge, which has no command line, the tool's own usual one stands in.
    ///
    /// # Errors
    /// Why not, as a fragment.
    pub fn of(&self, command: &str) -> Result<Self, String> {
        if !self.words.is_empty() || self.tool == Tool::Onramp {
            return Ok(self.clone());
        }
        let words = shell::words(command)
            .ok_or_else(|| "only a shell could tell what its command line comes to".to_owned())?;
        let left = words.into_iter().skip(1).filter(|word| !self.leave_out.contains(word));
        let words: Vec<String> = left.collect();
        let name = match hooks::stage(&words) {
            stage if self.tool == Tool::PreCommit && stage != hooks::USUAL => {
                format!("{}, stage {stage}", self.name)
            }
            _ => self.name.clone(),
        };
        Ok(Self { name, words, ..self.clone() })
    }
}
