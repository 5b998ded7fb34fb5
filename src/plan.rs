//! Pure: checks, project and selection become steps, with the reason for every skip. Nothing is
//! looked at yet.

use minijinja::value::Value as Jinja;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::net::proxy::{GitProxy, MavenProxy};
use crate::pack::expression::{self, sole_expression};
use crate::pack::{Check, Engine};
use crate::profile::Project;
use crate::sys::Platform;

/// What this run looks at: `run` in checks.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Run {
    /// The work tree, as absolute path.
    pub tree: Option<String>,
    /// Base asked for with `--base`.
    pub base: Option<String>,
    /// Head asked for with `--head`.
    pub head: Option<String>,
    /// Whether tools may be started to confirm what files say.
    pub deep: bool,
    /// Whether the network is left alone.
    pub offline: bool,
    /// Folder a clone would be made in.
    pub destination: Option<String>,
    /// Name that commits will carry.
    pub name: Option<String>,
    /// E-mail that commits will carry.
    pub email: Option<String>,
    /// Whether git signs every commit by itself.
    pub signs: bool,
    /// What git is told to sign with.
    pub signing: Signing,
    /// The OpenPGP key that git is told to sign with.
    pub signing_key: Option<String>,
    /// Git addresses that the road needs, rewritten as git would.
    pub git_urls: Vec<Address>,
    /// Addresses of the clone's own remotes, rewritten as git would.
    pub remote_urls: Vec<Address>,
    /// Maven repositories that the build needs, mirrors applied as Maven would.
    pub maven_urls: Vec<Address>,
    /// Proxies from the settings of git and Maven, logins taken out.
    pub proxies: Proxies,
}

/// What git signs with.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Signing {
    /// `openpgp`, `ssh` or `x509`.
    pub format: String,
    /// The key, as `user.signingkey` has it.
    pub key: Option<String>,
}

/// An address that the road needs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Address {
    /// The address, credentials removed.
    pub url: String,
    /// What it is: a repository's id, a remote's name.
    pub what: String,
    /// Whose rules about proxies apply: `git` or `maven`.
    pub tool: String,
    /// File that names it, relative to the work tree.
    pub file: Option<String>,
    /// Line in that file.
    pub line: Option<u64>,
    /// What it stands in for, where it is a mirror.
    pub mirror_of: Option<String>,
}

/// Proxies from settings.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Proxies {
    /// git's `http.proxy` and `http.<url>.proxy`.
    pub git: Vec<GitProxy>,
    /// Maven's active proxies, in order.
    pub maven: Vec<MavenProxy>,
}

/// What stays the same for every check of a run.
pub struct Context {
    project: Jinja,
    run: Jinja,
    /// The same for checks that nobody trusts: `--deep` is not for them.
    shallow: Jinja,
    platform: Jinja,
    change: Jinja,
}

impl Context {
    /// From plain data.
    #[must_use]
    pub fn new(project: &Value, run: &Value, platform: &Value) -> Self {
        let (repository, branches) = (&project["repository"], &project["branches"]["maintained"]);
        let change = change(run, repository, branches);
        Self::with_project(expression::value(project), run, platform, &change)
    }

    fn with_project(project: Jinja, run: &Value, platform: &Value, change: &Value) -> Self {
        let mut shallow = run.clone();
        if let Some(deep) = shallow.get_mut("deep") {
            *deep = Value::Bool(false);
        }
        Self {
            project,
            run: expression::value(run),
            shallow: expression::value(&shallow),
            platform: expression::value(platform),
            change: expression::value(change),
        }
    }

    /// From this run's values.
    ///
    /// # Errors
    /// Where a value cannot be written as plain data.
    pub fn of(project: &Project, run: &Run, platform: &Platform) -> serde_json::Result<Self> {
        let (run, platform) = (serde_json::to_value(run)?, serde_json::to_value(platform)?);
        let change = change(&run, &project.repository, &project.branches.maintained);
        // A project is large, so it is not made plain data on the way.
        Ok(Self::with_project(expression::value(project), &run, &platform, &change))
    }

    /// Names for an expression asked before anything was found.
    #[must_use]
    pub fn before(&self) -> Jinja {
        self.with(&[])
    }

    /// The same for a check that nobody trusts.
    #[must_use]
    pub fn before_untrusted(&self) -> Jinja {
        self.with(&[("run", &self.shallow)])
    }

    /// Names for an expression over what was found, and over one item of it.
    #[must_use]
    pub fn after(&self, found: &Jinja, item: Option<&Jinja>) -> Jinja {
        match item {
            Some(item) => self.with(&[("found", found), ("it", item)]),
            None => self.with(&[("found", found)]),
        }
    }

    fn with(&self, more: &[(&str, &Jinja)]) -> Jinja {
        let fixed = [
            ("project", &self.project),
            ("run", &self.run),
            ("platform", &self.platform),
            ("change", &self.change),
        ];
        let names = fixed.iter().chain(more);
        Jinja::from_pairs(names.map(|(name, value)| (*name, (*value).clone())))
    }
}

/// The change that a run is about, as probes that look at one take it: `change` in checks.
fn change(run: &Value, repository: impl Serialize, branches: impl Serialize) -> Value {
    serde_json::json!({
        "tree": run["tree"],
        "base": run["base"],
        "head": run["head"],
        "repository": repository,
        "branches": branches,
    })
}

/// One check and what to do for it.
#[derive(Debug, Clone)]
pub struct Step<'a> {
    /// The check.
    pub check: &'a Check,
    /// What to do.
    pub action: Action,
}

/// What a step does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Ask the probe with these arguments.
    Observe(Value),
    /// Nothing, for this reason.
    Skip(String),
    /// Nothing, because the check itself could not be worked out.
    Unsure(String),
}

/// Plans the given checks.
#[must_use]
pub fn plan<'a>(engine: &Engine, context: &Context, checks: &[&'a Check]) -> Vec<Step<'a>> {
    let (names, untrusted) = (context.before(), context.before_untrusted());
    let names = |check: &Check| if check.origin.vouched_for() { &names } else { &untrusted };
    let step = |check: &'a Check| Step { check, action: action(engine, names(check), check) };
    let mut steps: Vec<Step<'a>> = checks.iter().copied().map(step).collect();
    steps.sort_by_key(|step| (stage_rank(step.check.stage()), step.check.id.as_str()));
    steps
}

fn action(engine: &Engine, names: &Jinja, check: &Check) -> Action {
    for condition in
        check.when.iter().filter(|condition| before_probe(engine, &condition.expression))
    {
        match engine.holds(&condition.expression, names) {
            Ok(true) => {}
            Ok(false) => {
                let reason = engine.render(&condition.say, names);
                return reason.map_or_else(|mistake| Action::Unsure(mistake.what), Action::Skip);
            }
            Err(mistake) => return Action::Unsure(mistake.what),
        }
    }
    match arguments(engine, names, &check.arguments) {
        Ok(arguments) => Action::Observe(arguments),
        Err(reason) => Action::Unsure(reason),
    }
}

/// Whether an expression needs nothing that a probe brings.
#[must_use]
pub fn before_probe(engine: &Engine, expression: &str) -> bool {
    // Most say so at a glance, which spares reading them as what they are.
    if !expression.contains("found") {
        return true;
    }
    let names = engine.names(expression).unwrap_or_default();
    !names.iter().any(|name| name == "found" || name.starts_with("found."))
}

/// Fills the templates in a probe's arguments; one that is a sole expression keeps its type.
fn arguments(engine: &Engine, names: &Jinja, raw: &Value) -> Result<Value, String> {
    match raw {
        Value::String(text) => match sole_expression(text) {
            Some(expression) => engine.value(expression, names).map_err(|mistake| mistake.what),
            None => engine.render(text, names).map(Value::String).map_err(|mistake| mistake.what),
        },
        Value::Array(items) => items
            .iter()
            .map(|item| arguments(engine, names, item))
            .collect::<Result<_, _>>()
            .map(Value::Array),
        Value::Object(fields) => fields
            .iter()
            .map(|(name, field)| Ok((name.clone(), arguments(engine, names, field)?)))
            .collect::<Result<Map<_, _>, String>>()
            .map(Value::Object),
        other => Ok(other.clone()),
    }
}

pub use crate::pack::check::STAGES;

fn stage_rank(stage: &str) -> usize {
    STAGES.iter().position(|known| *known == stage).unwrap_or(STAGES.len())
}

/// Chooses checks by stage, id, or end of an id (`git` for `apache/machine/git`). Without a choice
/// every stage but `host`, which is about another machine, is taken.
///
/// # Errors
/// The first choice that names nothing, with what it might have meant.
pub fn select<'a>(checks: Vec<&'a Check>, choices: &[String]) -> Result<Vec<&'a Check>, String> {
    if choices.is_empty() {
        return Ok(checks.into_iter().filter(|check| check.stage() != "host").collect());
    }
    for choice in choices {
        let known_stage = STAGES.contains(&choice.as_str());
        if !known_stage && !checks.iter().any(|check| named(check, choice)) {
            let stages = checks.iter().map(|check| check.stage()).chain(STAGES);
            let ids = checks.iter().map(|check| check.id.as_str());
            let names = checks.iter().map(|check| check.name());
            let known: std::collections::BTreeSet<&str> = stages.chain(names).chain(ids).collect();
            let hint = nearest(choice, known.into_iter());
            return Err(format!("there is no check or stage `{choice}`{hint}"));
        }
    }
    let chosen = |check: &&Check| {
        choices.iter().any(|choice| check.stage() == choice || named(check, choice))
    };
    Ok(checks.into_iter().filter(chosen).collect())
}

/// Whether `choice` is the check's id or the end of it.
#[must_use]
pub fn named(check: &Check, choice: &str) -> bool {
    check.is_called(choice)
}

fn nearest<'a>(choice: &str, known: impl Iterator<Item = &'a str>) -> String {
    let near = known.map(|other| (strsim::damerau_levenshtein(choice, other), other)).min();
    match near.filter(|(distance, other)| *distance <= 1.max(other.len() / 3)) {
        Some((_, other)) => format!("; did you mean `{other}`?"),
        None => "; `onramp list` shows all".to_owned(),
    }
}
