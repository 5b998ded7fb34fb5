//! The steps of a job, those of composite actions and the hooks of pre-commit among them: each with
//! its place, whether this pull request meets it, and how truly a laptop can do it. A step that no
//! rule knows says so.

use schemars::JsonSchema;
use serde::Serialize;

use super::condition::{self, Holds};
use super::hooks;
use super::jobs::Reader;
use super::known::Surroundings;
use super::node::Node;
use super::rules::{Action, Kind, Label, Rule, Tool};
use super::shell;
use super::sources::inside;
use super::trigger::Meets;
use crate::text::first_few;

/// Composite actions inside one another; GitHub allows as many.
const DEPTH: usize = 10;
/// Commands without a rule that are named.
const NAMED: usize = 3;
/// Characters of a condition that cost as much as a step.
const CHARACTERS: usize = 64;
/// Characters of a command that are shown.
const SHOWN: usize = 60;

/// One step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Workflow, job and number, such as `build/build/3`.
    pub id: String,
    /// The file that says it.
    pub file: String,
    /// One-based line.
    pub line: u64,
    /// Its name for people.
    pub name: String,
    /// The action it uses or the first command it runs.
    pub does: String,
    /// Whether this pull request meets it.
    pub meets: Meets,
    /// What it is for.
    pub kind: Kind,
    /// How truly a laptop can do it.
    pub label: Label,
    /// Why so, as a phrase.
    pub why: String,
    /// How a laptop does it; nothing where there is nothing to do.
    pub actions: Vec<Action>,
    /// A hook of pre-commit.
    pub hook: bool,
    /// The steps that it calls, or the hooks that it runs.
    pub steps: Vec<Self>,
}

impl Step {
    /// Itself and all below it.
    pub fn all(&self) -> Vec<&Self> {
        std::iter::once(self).chain(self.steps.iter().flat_map(Self::all)).collect()
    }
}

/// Where steps stand and what is known there.
#[derive(Clone)]
pub(super) struct Scene<'a> {
    pub(super) file: &'a str,
    pub(super) above: String,
    /// What is known in each row of the matrix.
    pub(super) rows: Vec<Surroundings>,
    /// Actions on the way here.
    pub(super) chain: Vec<String>,
}

/// What a step turns out to be.
struct Told {
    kind: Kind,
    label: Label,
    why: String,
    actions: Vec<Action>,
}

impl Told {
    fn of(rule: &Rule) -> Self {
        let (why, actions) = (rule.why.clone(), rule.actions.clone());
        Self { kind: rule.kind, label: rule.label, why, actions }
    }

    fn unknown(why: String) -> Self {
        Self { kind: Kind::Unknown, label: Label::NotHere, why, actions: Vec::new() }
    }
}

/// Every step of a list.
pub(super) fn steps(reader: &mut Reader<'_>, list: &[Node], scene: &Scene<'_>) -> Vec<Step> {
    let mut steps = Vec::new();
    for (number, node) in (1..).zip(list) {
        if !reader.spend(scene.rows.len() * weight(node), scene.file) {
            break;
        }
        steps.push(step(reader, node, format!("{}{number}", scene.above), scene));
    }
    steps
}

/// What it costs to look at a step in one row.
fn weight(node: &Node) -> usize {
    let condition = node.text_of("if").map_or(0, str::len);
    1 + condition / CHARACTERS + node.get("env").map_or(0, |env| env.entries().len())
}

fn step(reader: &mut Reader<'_>, node: &Node, id: String, scene: &Scene<'_>) -> Step {
    let (uses, run) = (node.text_of("uses"), node.text_of("run"));
    let does = uses.or_else(|| run.and_then(|run| run.trim().lines().next())).unwrap_or_default();
    let name = node.text_of("name").unwrap_or(does);
    let mut scene = scene.clone();
    if let Some(values) = node.get("env") {
        let pairs = || values.entries().iter().filter_map(|(k, v)| Some((k.as_str(), v.text()?)));
        scene.rows = scene.rows.iter().map(|row| row.with("env", pairs())).collect();
    }
    let meets = meets(node.text_of("if"), &scene.rows);
    let name = filled(&scene.rows, name);
    let (told, inner) = match (uses, run) {
        (Some(uses), _) if uses.starts_with("./") => {
            called(reader, uses, node.get("with"), &id, &scene)
        }
        (Some(uses), _) => (used(reader, uses), Vec::new()),
        (None, Some(run)) => ran(reader, run, &scene),
        (None, None) => (Told::unknown("it neither uses nor runs anything".to_owned()), Vec::new()),
    };
    let hooks = reader.hooks_of(&told.actions, &id);
    let steps = if inner.is_empty() { hooks } else { inner };
    Step {
        file: scene.file.to_owned(),
        line: node.line,
        name: one_line(&name),
        does: one_line(does),
        meets,
        kind: told.kind,
        label: told.label,
        why: told.why,
        actions: told.actions,
        hook: false,
        steps,
        id,
    }
}

/// Whether a step is met, given what is known in each row.
pub(super) fn meets(condition: Option<&str>, rows: &[Surroundings]) -> Meets {
    let Some(condition) = condition else { return Meets::Yes };
    let answers: Vec<Holds> = rows.iter().map(|row| condition::holds(condition, row)).collect();
    let shown = one_line(condition);
    let (yes, no) = (count(&answers, Holds::Yes), count(&answers, Holds::No));
    if yes == answers.len() {
        Meets::Yes
    } else if no == answers.len() {
        Meets::No(format!("`if: {shown}` does not hold for it"))
    } else if yes + no == answers.len() {
        Meets::Depends(format!("only in {yes} of {} runs of the matrix", answers.len()))
    } else {
        Meets::Depends(format!("only where `if: {shown}` holds"))
    }
}

fn count(answers: &[Holds], wanted: Holds) -> usize {
    answers.iter().filter(|answer| **answer == wanted).count()
}

fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let joined = words.join(" ");
    match joined.char_indices().nth(4 * SHOWN) {
        Some((end, _)) => format!("{}…", &joined[..end]),
        None => joined,
    }
}

/// The name of an action without its version.
pub(super) fn unversioned(uses: &str) -> &str {
    uses.split('@').next().unwrap_or(uses).trim()
}

fn used(reader: &Reader<'_>, uses: &str) -> Told {
    let unknown = || Told::unknown("onramp does not know this action".to_owned());
    reader.rules.uses(unversioned(uses)).map_or_else(unknown, Told::of)
}

/// A step that calls an action of the tree itself.
fn called(
    reader: &mut Reader<'_>,
    uses: &str,
    with: Option<&Node>,
    id: &str,
    scene: &Scene<'_>,
) -> (Told, Vec<Step>) {
    let unknown = |why: String| (Told::unknown(why), Vec::new());
    let Some(folder) = inside(uses) else {
        return unknown(format!("`{}` leads out of the tree", one_line(uses)));
    };
    if scene.chain.contains(&folder) || scene.chain.len() >= DEPTH {
        let what = format!("`{}` calls itself, or too many others", one_line(uses));
        reader.problem(scene.file, what.clone());
        return unknown(what);
    }
    let found = ["action.yml", "action.yaml"].into_iter().find_map(|name| {
        let path = if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
        reader.read(&path).map(|node| (path, node))
    });
    let Some((path, action)) = found else {
        return unknown(format!("the tree has no {folder}/action.yml that could be read"));
    };
    let runs = action.get("runs");
    let using = runs.and_then(|runs| runs.text_of("using")).unwrap_or_default();
    if using != "composite" {
        return unknown(format!("a program of the tree ({}) does it", one_line(using)));
    }
    let rows = scene.rows.iter().map(|row| inputs(&action, with, row)).collect();
    let chain = scene.chain.iter().cloned().chain([folder]).collect();
    let inner = Scene { file: &path, above: format!("{id}."), rows, chain };
    let list = runs.and_then(|runs| runs.get("steps")).map(Node::items).unwrap_or_default();
    let steps = steps(reader, list, &inner);
    (summed(&steps), steps)
}

impl Step {
    /// Takes over what the steps that it calls come to.
    pub(super) fn sum_up(&mut self) {
        let Told { label, why, .. } = summed(&self.steps);
        (self.label, self.why) = (label, why);
    }
}

/// A step that calls others is as true as the least of those that run.
fn summed(steps: &[Step]) -> Told {
    let met = || steps.iter().filter(|step| step.meets.possible());
    let label = met().map(|step| step.label).max().unwrap_or(Label::Exact);
    let count = met().count();
    let why = match (count, met().max_by_key(|step| step.label)) {
        (0, _) | (_, None) => "none of its steps runs for this pull request".to_owned(),
        (_, Some(_)) if label == Label::Exact => "all of its steps are".to_owned(),
        (_, Some(least)) => format!("of its steps, {}: {}", least.name, least.why),
    };
    Told { kind: Kind::Call, label, why, actions: Vec::new() }
}

/// What an action's steps know of its inputs: what the caller gives, else the default.
pub(super) fn inputs(action: &Node, with: Option<&Node>, known: &Surroundings) -> Surroundings {
    let declared = action.get("inputs").map(Node::entries).unwrap_or_default();
    let given = |name: &str| with.and_then(|with| with.text_of(name));
    let value = |(name, input): &'_ (String, Node)| {
        let default = input.text_of("default").unwrap_or_default();
        (name.clone(), given(name).unwrap_or(default).to_owned())
    };
    let values: Vec<(String, String)> = declared.iter().map(value).collect();
    known.with("inputs", values.iter().map(|(name, value)| (name.as_str(), value.as_str())))
}

/// A text with its values, where they are known and the same in every row; else as it is written.
fn filled(rows: &[Surroundings], text: &str) -> String {
    let first = rows.first().filter(|_| text.contains("${{")).and_then(|row| row.fill(text));
    let alike =
        first.filter(|first| rows[1..].iter().all(|row| row.fill(text).as_ref() == Some(first)));
    alike.unwrap_or_else(|| text.to_owned())
}

/// A step that runs a script.
fn ran(reader: &Reader<'_>, script: &str, scene: &Scene<'_>) -> (Told, Vec<Step>) {
    let filled = filled(&scene.rows, script);
    if let Some(rule) = reader.rules.script(&filled) {
        return (Told::of(rule), Vec::new());
    }
    (commands(reader, &shell::commands(&filled)), Vec::new())
}

/// What a script's commands come to together. Where one of them judges, the step is as true as
/// those that do: what is only prepared or shown before judges nothing.
fn commands(reader: &Reader<'_>, commands: &[String]) -> Told {
    let mut told =
        Told { kind: Kind::Setup, label: Label::Exact, why: String::new(), actions: Vec::new() };
    let (mut reasons, mut unknown): (Vec<Reason>, Vec<String>) = Default::default();
    for command in commands {
        let Some(rule) = reader.rules.command(command) else {
            unknown.push(shown(command));
            continue;
        };
        told.kind = told.kind.max(rule.kind);
        let mut label = rule.label;
        let mut why = rule.why.clone();
        for action in &rule.actions {
            match action.of(command) {
                Ok(action) => told.actions.push(action),
                Err(reason) => {
                    label = Label::NotHere;
                    why = format!("{why}; {reason}");
                }
            }
        }
        if !reasons.iter().any(|known| known.why == why) {
            reasons.push(Reason { label, kind: rule.kind, why });
        }
    }
    if !unknown.is_empty() {
        let alone = commands.len() == 1;
        let why = if alone { "this step".to_owned() } else { first_few(&unknown, NAMED) };
        let why = format!("onramp does not know {why}");
        reasons.push(Reason { label: Label::NotHere, kind: Kind::Unknown, why });
        told.kind = Kind::Unknown;
    }
    if reasons.iter().any(Reason::judges) {
        reasons.retain(Reason::judges);
    }
    told.label = reasons.iter().map(|reason| reason.label).max().unwrap_or(Label::Exact);
    told.why = match reasons.is_empty() {
        true => "its script does nothing".to_owned(),
        false => weightiest(reasons, told.label),
    };
    told
}

/// Why one command of a step is as true as it is.
struct Reason {
    label: Label,
    kind: Kind,
    why: String,
}

impl Reason {
    fn judges(&self) -> bool {
        self.kind.judges()
    }
}

/// The reasons for the label; of what judges nothing, one that shows something.
fn weightiest(mut reasons: Vec<Reason>, label: Label) -> String {
    reasons.retain(|reason| reason.label == label);
    if let Some(shows) = reasons.iter().position(|reason| reason.kind == Kind::Report) {
        reasons = vec![reasons.swap_remove(shows)];
    }
    reasons.into_iter().map(|reason| reason.why).collect::<Vec<_>>().join("; ")
}

/// A long command without its middle: what it is stands in front, and what it does at the end.
fn shown(command: &str) -> String {
    let (count, half) = (command.chars().count(), SHOWN / 2);
    if count <= SHOWN {
        return format!("`{}`", one_line(command));
    }
    let front: String = command.chars().take(half).collect();
    let end: String = command.chars().skip(count - half).collect();
    format!("`{}…{}`", one_line(&front), one_line(&end))
}

impl Reader<'_> {
    /// The hooks that a step runs, where it runs pre-commit.
    fn hooks_of(&self, actions: &[Action], above: &str) -> Vec<Step> {
        let Some(action) = actions.iter().find(|action| action.tool == Tool::PreCommit) else {
            return Vec::new();
        };
        let stage = hooks::stage(&action.words);
        let here = self.hooks.iter().filter(|hook| hook.runs_in(stage));
        (1..).zip(here).map(|(number, hook)| self.hook(hook, format!("{above}.{number}"))).collect()
    }

    fn hook(&self, hook: &hooks::Hook, id: String) -> Step {
        let checks = self.rules.stand_ins(&hook.id).to_vec();
        let action = Action {
            name: hook.name.clone(),
            tool: Tool::Onramp,
            words: Vec::new(),
            leave_out: Vec::new(),
            first: Vec::new(),
            folder: None,
            needs: None,
            get: None,
            touched: Vec::new(),
            whole_when: Vec::new(),
            long: false,
            otherwise: checks.clone(),
            reads: super::rules::Reads::Nothing,
        };
        Step {
            id,
            file: self.hook_file.clone(),
            line: hook.line,
            name: hook.name.clone(),
            does: hook.id.clone(),
            meets: Meets::Yes,
            kind: Kind::Check,
            label: Label::Exact,
            why: "the very hook, over the files that the branch touches".to_owned(),
            actions: if checks.is_empty() { Vec::new() } else { vec![action] },
            hook: true,
            steps: Vec::new(),
        }
    }
}
