//! Raw check → check: every text compiled, every name held against what its probe provides, all
//! problems at once. Pure; the vocabulary is handed in.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Map, Value};
use serde_saphyr::Spanned;

use super::check::{Check, Condition, Origin};
use super::expression::{Engine, Mistake, code, sole_expression};
use super::model::{RawCheck, RawCondition, RawFix, Text};
use super::problem::Problem;
use super::repair::{self, RawRepair};
use super::shape::Shape;
pub use super::suggest::suggestion;
use super::vocabulary::{ProbeShape, Vocabulary};
use super::yaml;

/// One file being checked.
struct Reader<'a> {
    file: &'a str,
    content: &'a str,
    engine: &'a Engine,
    vocabulary: &'a Vocabulary<'a>,
    found: Cow<'a, Shape>,
    item: Option<Shape>,
    problems: Vec<Problem>,
}

/// A file that holds a check. Its path without extension is the check's id.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// `pack/stage/name`.
    pub id: &'a str,
    /// The file as people find it.
    pub file: &'a str,
    /// Its text.
    pub content: &'a str,
    /// Where it came from.
    pub origin: &'a Origin,
}

/// Reads a check and holds every name in it against the vocabulary.
///
/// # Errors
/// Every problem in the file.
pub fn check(
    source: Source<'_>,
    engine: &Engine,
    vocabulary: &Vocabulary<'_>,
) -> Result<Check, Vec<Problem>> {
    let raw = raw(source)?;
    let found = Cow::Owned(Shape::Free);
    let Source { file, content, .. } = source;
    let mut reader =
        Reader { file, content, engine, vocabulary, found, item: None, problems: Vec::new() };
    reader.probe(&raw);
    reader.each(&raw);
    reader.texts(&raw);
    raw.repair.iter().for_each(|raw| reader.repair(raw));
    reader.deadline(&raw);
    if reader.problems.is_empty() { Ok(built(source, raw)) } else { Err(reader.problems) }
}

/// Reads a check whose names were held against the vocabulary before, as those of the embedded
/// packs are by the tests: doing it again, and from YAML, would cost every run half of its time.
///
/// # Errors
/// What makes it no check at all.
pub fn check_known(source: Source<'_>, json: &str) -> Result<Check, Vec<Problem>> {
    let raw = serde_json::from_str(json)
        .map_err(|error| vec![Problem::whole(source.file, &error.to_string())])?;
    Ok(built(source, raw))
}

fn raw(source: Source<'_>) -> Result<RawCheck, Vec<Problem>> {
    yaml::read(source.content).map_err(|error| vec![Problem::yaml(source.file, &error)])
}

fn built(source: Source<'_>, raw: RawCheck) -> Check {
    let call = raw.probe.value.into_iter().next();
    let (probe, arguments) = call.unwrap_or_default();
    Check {
        id: source.id.to_owned(),
        origin: source.origin.clone(),
        file: source.file.to_owned(),
        title: raw.title.value,
        severity: raw.severity,
        probe,
        arguments: named(arguments),
        when: conditions(raw.when),
        each: raw.each.map(inner),
        empty: raw.empty.map(inner),
        clear: raw.clear.map(inner),
        missing: raw.missing.map(inner),
        unsure: conditions(raw.unsure),
        pass: inner(raw.pass),
        say: inner(raw.say),
        ok: raw.ok.map(inner),
        why: inner(raw.why).trim().to_owned(),
        fix: fixes(raw.fix),
        repair: repair::built(raw.repair),
        upstream: raw.upstream.map(inner),
        source: raw.source,
        deadline: Duration::from_secs(raw.deadline.value),
        replaces: raw.replaces.map(inner),
    }
}

fn inner(text: Text) -> String {
    text.value
}

fn conditions(raw: Vec<RawCondition>) -> Vec<Condition> {
    raw.into_iter()
        .map(|raw| Condition { expression: raw.condition.value, say: raw.say.value })
        .collect()
}

fn each_fix(raw: RawFix) -> [(&'static str, Option<Text>); 7] {
    [
        ("any", raw.any),
        ("debian", raw.debian),
        ("fedora", raw.fedora),
        ("suse", raw.suse),
        ("arch", raw.arch),
        ("alpine", raw.alpine),
        ("macos", raw.macos),
    ]
}

fn fixes(raw: RawFix) -> BTreeMap<&'static str, String> {
    each_fix(raw).into_iter().filter_map(|(family, text)| Some((family, text?.value))).collect()
}

impl<'a> Reader<'a> {
    fn complain(&mut self, text: &Text, part: &str, what: &str) {
        let location = text.referenced;
        self.problems.push(Problem::within(self.file, self.content, location, part, what));
    }

    /// The probe, its arguments, and with them the shape of `found`.
    fn probe(&mut self, raw: &RawCheck) {
        let location = raw.probe.referenced;
        let mut calls = raw.probe.value.iter();
        let (Some((name, arguments)), None) = (calls.next(), calls.next()) else {
            let what = "a check names exactly one probe, as `probe: { name: arguments }`";
            self.problems.push(Problem::within(self.file, self.content, location, "", what));
            return;
        };
        let shape = match self.shape(name) {
            Ok(shape) => shape,
            Err(what) => {
                self.problems.push(Problem::within(self.file, self.content, location, name, &what));
                return;
            }
        };
        let arguments = named(arguments.clone());
        let wrong = argument_problems(name, &arguments, &shape);
        self.found = match shape {
            Cow::Borrowed(shape) => Cow::Borrowed(&shape.found),
            Cow::Owned(shape) => Cow::Owned(shape.found),
        };
        for problem in wrong {
            let (part, what) = problem;
            self.problems.push(Problem::within(self.file, self.content, location, &part, &what));
        }
        self.argument_templates(&arguments, location);
    }

    /// What the probe of that name takes and brings back.
    fn shape(&self, name: &str) -> Result<Cow<'a, ProbeShape>, String> {
        let vocabulary = self.vocabulary;
        if let Some(shape) = vocabulary.probes.get(name) {
            return Ok(Cow::Borrowed(shape));
        }
        if let Some(shape) = vocabulary.plugins.shape(name) {
            return Ok(Cow::Owned(shape));
        }
        let plugins = vocabulary.plugins.names();
        let known = vocabulary.probes.keys().chain(&plugins).map(String::as_str);
        let hint = suggestion(name, known);
        Err(format!("there is no probe `{name}`{hint}"))
    }

    /// Templates in arguments see `run`, `project` and `platform`: nothing was found yet.
    fn argument_templates(&mut self, arguments: &Value, location: serde_saphyr::Location) {
        match arguments {
            Value::String(text) if text.contains("{{") || text.contains("{%") => {
                let names = match sole_expression(text) {
                    Some(expression) => self.engine.names(expression),
                    None => self.engine.template_names(text),
                };
                let mistakes = match names {
                    Ok(names) => {
                        names.iter().filter_map(|name| self.unknown(name, false)).collect()
                    }
                    Err(mistake) => vec![(text.clone(), mistake.what)],
                };
                for (part, what) in mistakes {
                    self.problems.push(Problem::within(
                        self.file,
                        self.content,
                        location,
                        &part,
                        &what,
                    ));
                }
            }
            Value::Array(items) => {
                items.iter().for_each(|item| self.argument_templates(item, location))
            }
            Value::Object(fields) => {
                fields.values().for_each(|item| self.argument_templates(item, location))
            }
            _ => {}
        }
    }

    /// The list, and with it the shape of `it`.
    fn each(&mut self, raw: &RawCheck) {
        let Some(each) = &raw.each else { return };
        self.expression(each);
        let item = each.value.trim().strip_prefix("found.").map(|name| self.found.follow(name));
        self.item = Some(match item {
            Some(Ok(Shape::List(item))) => (**item).clone(),
            Some(Ok(Shape::Leaf | Shape::Fields(_))) => {
                self.complain(each, &each.value, "`each` needs a list");
                Shape::Free
            }
            _ => Shape::Free,
        });
    }

    fn deadline(&mut self, raw: &RawCheck) {
        if !(1..=LONGEST).contains(&raw.deadline.value) {
            let what = format!("a probe may take from 1 to {LONGEST} seconds");
            let location = raw.deadline.referenced;
            let part = raw.deadline.value.to_string();
            self.problems.push(Problem::within(self.file, self.content, location, &part, &what));
        }
    }

    fn texts(&mut self, raw: &RawCheck) {
        self.expression(&raw.pass);
        for condition in raw.when.iter().chain(&raw.unsure) {
            self.expression(&condition.condition);
            self.template(&condition.say);
        }
        let optional = [&raw.empty, &raw.clear, &raw.missing, &raw.ok, &raw.upstream];
        for text in [&raw.say, &raw.why].into_iter().chain(optional.into_iter().flatten()) {
            self.template(text);
        }
        for (_, text) in each_fix(raw.fix.clone()) {
            text.iter().for_each(|text| self.template(text));
        }
    }

    fn repair(&mut self, raw: &Spanned<RawRepair>) {
        raw.value.condition.iter().for_each(|text| self.expression(text));
        raw.value.templates().into_iter().for_each(|text| self.template(text));
        if let Some((part, what)) = raw.value.complaint() {
            let location = raw.referenced;
            self.problems.push(Problem::within(self.file, self.content, location, &part, &what));
        }
    }

    fn expression(&mut self, text: &Text) {
        let names = self.engine.names(&text.value);
        self.names(text, names, &[&text.value]);
    }

    fn template(&mut self, text: &Text) {
        let names = self.engine.template_names(&text.value);
        self.names(text, names, &code(&text.value));
    }

    fn names(&mut self, text: &Text, names: Result<Vec<String>, Mistake>, code: &[&str]) {
        match names {
            Ok(names) => {
                let words = code.iter().flat_map(|code| self.engine.unknown_words(code));
                // A pattern has braces of its own, so it is looked for in the whole.
                let wrong = words.chain(self.engine.wrong_patterns(&text.value));
                for (part, what) in wrong.collect::<Vec<_>>() {
                    self.complain(text, &part, &what);
                }
                for (part, what) in
                    names.iter().filter_map(|name| self.unknown(name, true)).collect::<Vec<_>>()
                {
                    self.complain(text, &part, &what);
                }
            }
            Err(mistake) => {
                let range = mistake.range.and_then(|range| text.value.get(range)).unwrap_or("");
                let part = range.to_owned();
                self.complain(text, &part, &mistake.what);
            }
        }
    }

    /// The name nobody provides and what to say of it.
    fn unknown(&self, name: &str, after_probe: bool) -> Option<(String, String)> {
        let (root, rest) = name.split_once('.').unwrap_or((name, ""));
        let shape = match root {
            "found" if after_probe => Some(&*self.found),
            "it" if after_probe => self.item.as_ref(),
            "project" => Some(&self.vocabulary.project),
            "run" => Some(&self.vocabulary.run),
            "platform" => Some(&self.vocabulary.platform),
            "change" => Some(&Shape::Free),
            _ => None,
        };
        let Some(shape) = shape else {
            let what = match root {
                "it" => "`it` needs `each`".to_owned(),
                "found" => "`found` is not there before the probe has looked".to_owned(),
                _ => format!("nobody provides `{root}`{}", suggestion(root, ROOTS.into_iter())),
            };
            return Some((name.to_owned(), what));
        };
        if rest.is_empty() {
            return None;
        }
        let (part, known) = shape.follow(rest).err()?;
        let hint = suggestion(&part, known.iter().map(String::as_str));
        Some((name.to_owned(), format!("`{name}`: there is no `{part}`{hint}")))
    }
}

/// The longest a check may have everyone wait for its probe, in seconds.
const LONGEST: u64 = 600;

const ROOTS: [&str; 6] = ["change", "found", "it", "platform", "project", "run"];

/// `tool: git` is short for `tool: { name: git }`.
fn named(arguments: Value) -> Value {
    match arguments {
        Value::Object(_) => arguments,
        Value::Null => Value::Object(Map::new()),
        scalar => Value::Object(Map::from_iter([("name".to_owned(), scalar)])),
    }
}

fn argument_problems(probe: &str, arguments: &Value, shape: &ProbeShape) -> Vec<(String, String)> {
    let empty = Map::new();
    let given = arguments.as_object().unwrap_or(&empty);
    let unknown = given.keys().filter_map(|name| {
        let (part, known) = shape.arguments.follow(name).err()?;
        let hint = suggestion(&part, known.iter().map(String::as_str));
        Some((part.clone(), format!("probe `{probe}` takes no `{part}`{hint}")))
    });
    let absent = shape.required.iter().filter(|name| !given.contains_key(*name));
    let absent = absent.map(|name| (probe.to_owned(), format!("probe `{probe}` needs `{name}`")));
    unknown.chain(absent).collect()
}
