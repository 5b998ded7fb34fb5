//! One engine for conditions and texts: minijinja, strict. An undefined name is an error with its
//! place, never a silent false. Templates see values only; they cannot read files.

use minijinja::value::{Serde, Value as Jinja, ValueKind};
use minijinja::{Environment, Error, ErrorKind, UndefinedBehavior};
use serde::Serialize;
use serde_json::Value;

use crate::version;

use super::pattern::{self, Patterns};

/// Steps that one condition or text may take. Data it makes counts as steps too, 64 bytes each, so
/// that this bounds memory as well.
const FUEL: u64 = 1_000_000;
/// Steps for a condition or text that is asked of every item of a list, all of them together.
const FUEL_OF_ALL: u64 = 20_000_000;
/// Steps that each of them has at least.
const FUEL_OF_EACH: u64 = 2_000;
/// Bytes of one condition or text. Far more than anyone reads, and few enough that none can nest
/// deeper than there is room on the stack.
pub const LONGEST: usize = 8_000;

/// Evaluates conditions, values and texts over a context.
#[derive(Clone)]
pub struct Engine(Environment<'static>);

/// A mistake in an expression or template: what, and the bytes of the source it concerns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// A sentence fragment.
    pub what: String,
    /// Where in the source, where it can be told.
    pub range: Option<std::ops::Range<usize>>,
}

impl Default for Engine {
    fn default() -> Self {
        let mut environment = Environment::empty();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_recursion_limit(64);
        environment.set_fuel(Some(FUEL));
        environment.set_debug(true);
        builtins(&mut environment);
        environment.add_test("version", is_version);
        environment.add_test("reachable_address", is_reachable_address);
        environment.add_filter("bytes", bytes);
        environment.add_filter("releases", releases);
        let patterns = Patterns::default();
        environment.add_test("matching", move |text: &Jinja, pattern: &str| {
            patterns.matching(text, pattern)
        });
        Self(environment)
    }
}

/// The part of minijinja's builtins that checks may use: pure, and none that could grow text
/// without bound.
fn builtins(environment: &mut Environment<'static>) {
    use minijinja::{filters, tests};
    environment.add_filter("length", filters::length);
    environment.add_filter("join", filters::join);
    environment.add_filter("default", filters::default);
    environment.add_filter("first", filters::first);
    environment.add_filter("last", filters::last);
    environment.add_filter("map", filters::map);
    environment.add_filter("select", filters::select);
    environment.add_filter("reject", filters::reject);
    environment.add_filter("selectattr", filters::selectattr);
    environment.add_filter("rejectattr", filters::rejectattr);
    environment.add_filter("sort", filters::sort);
    environment.add_filter("unique", filters::unique);
    environment.add_filter("list", filters::list);
    environment.add_filter("lower", filters::lower);
    environment.add_filter("upper", filters::upper);
    environment.add_filter("trim", filters::trim);
    environment.add_filter("replace", filters::replace);
    environment.add_filter("round", filters::round);
    environment.add_filter("int", filters::int);
    environment.add_filter("min", filters::min);
    environment.add_filter("max", filters::max);
    environment.add_filter("items", filters::items);
    environment.add_filter("string", filters::string);
    environment.add_filter("split", filters::split);
    environment.add_filter("reverse", filters::reverse);
    environment.add_filter("sum", filters::sum);
    environment.add_filter("slice", filters::slice);
    environment.add_test("none", tests::is_none);
    environment.add_test("defined", tests::is_defined);
    environment.add_test("startingwith", tests::is_startingwith);
    environment.add_test("endingwith", tests::is_endingwith);
    environment.add_test("in", tests::is_in);
    environment.add_test("eq", tests::is_eq);
    environment.add_test("equalto", tests::is_eq);
    environment.add_test("ne", tests::is_ne);
    environment.add_test("lt", tests::is_lt);
    environment.add_test("le", tests::is_le);
    environment.add_test("gt", tests::is_gt);
    environment.add_test("ge", tests::is_ge);
    environment.add_test("true", tests::is_true);
    environment.add_test("false", tests::is_false);
}

/// Turns plain data into a context value once, for many evaluations.
#[must_use]
pub fn value(data: &impl Serialize) -> Jinja {
    Jinja::from(Serde(data))
}

impl Engine {
    /// The same engine for conditions that are asked of so many items, which share what there is.
    #[must_use]
    pub fn for_items(&self, items: usize) -> Self {
        let mut environment = self.0.clone();
        let share = FUEL_OF_ALL / (items.max(1) as u64);
        environment.set_fuel(Some(share.clamp(FUEL_OF_EACH, FUEL)));
        Self(environment)
    }

    /// Whether a condition holds.
    ///
    /// # Errors
    /// Undefined names, wrong types, and anything but true or false as the answer.
    pub fn holds(&self, expression: &str, context: &Jinja) -> Result<bool, Mistake> {
        let answer = self.evaluate(expression, context)?;
        match answer.kind() {
            ValueKind::Bool => Ok(answer.is_true()),
            ValueKind::Undefined => Err(Mistake {
                what: format!("`{}` is not among what was found", expression.trim()),
                range: None,
            }),
            kind => Err(Mistake {
                what: format!("the condition gives {kind}, not true or false"),
                range: None,
            }),
        }
    }

    /// The plain value of an expression.
    ///
    /// # Errors
    /// As `holds`.
    pub fn value(&self, expression: &str, context: &Jinja) -> Result<Value, Mistake> {
        let answer = self.evaluate(expression, context)?;
        serde_json::to_value(&answer).map_err(|error| Mistake {
            what: format!("the value is no plain data: {error}"),
            range: None,
        })
    }

    /// A template's text, blanks at the ends removed.
    ///
    /// # Errors
    /// As `holds`.
    pub fn render(&self, template: &str, context: &Jinja) -> Result<String, Mistake> {
        // Most texts are nothing but text, which spares reading them as what they are.
        if !template.contains('{') {
            return Ok(template.trim().to_owned());
        }
        let text = self.0.render_str(template, context).map_err(mistake)?;
        Ok(text.trim().to_owned())
    }

    /// Names an expression uses, with their attributes (`found.version`).
    ///
    /// # Errors
    /// Syntax, and more of it than is read.
    pub fn names(&self, expression: &str) -> Result<Vec<String>, Mistake> {
        short(expression)?;
        let compiled = self.0.compile_expression(expression).map_err(mistake)?;
        Ok(sorted(compiled.undeclared_variables(true)))
    }

    /// Names a template uses, with their attributes.
    ///
    /// # Errors
    /// As `names`.
    pub fn template_names(&self, template: &str) -> Result<Vec<String>, Mistake> {
        short(template)?;
        let compiled = self.0.template_from_str(template).map_err(mistake)?;
        Ok(sorted(compiled.undeclared_variables(true)))
    }

    /// Filters and tests that there are not, each with the words that name it and what to say.
    /// minijinja finds them only when it comes by, perhaps never on the author's machine.
    #[must_use]
    pub fn unknown_words(&self, source: &str) -> Vec<(String, String)> {
        let unknown = |(kind, name): (&str, &str)| {
            let (call, missing) = match kind {
                "|" => (format!("none | {name}"), ErrorKind::UnknownFilter),
                _ => (format!("none is {name}"), ErrorKind::UnknownTest),
            };
            let error = self.evaluate_raw(&call, &Jinja::UNDEFINED).err()?;
            let what = if kind == "|" { "filter" } else { "test" };
            (error.kind() == missing)
                .then(|| (name.to_owned(), format!("there is no {what} `{name}`")))
        };
        called(source).into_iter().filter_map(unknown).collect()
    }

    /// Patterns written out in the source that cannot be read, each with what to say.
    #[must_use]
    pub fn wrong_patterns(&self, source: &str) -> Vec<(String, String)> {
        let wrong = |literal: &str| {
            let call = format!("'' is matching({literal})");
            let mistake = self.evaluate(&call, &Jinja::UNDEFINED).err()?;
            Some((literal.to_owned(), mistake.what))
        };
        pattern::literals(source).into_iter().filter_map(wrong).collect()
    }

    fn evaluate_raw(&self, expression: &str, context: &Jinja) -> Result<Jinja, Error> {
        self.0.compile_expression(expression)?.eval(context)
    }

    fn evaluate(&self, expression: &str, context: &Jinja) -> Result<Jinja, Mistake> {
        self.evaluate_raw(expression, context).map_err(mistake)
    }
}

/// The parts of a template that are code, not text.
#[must_use]
pub fn code(template: &str) -> Vec<&str> {
    let opened = template.split(['{']).filter(|part| !part.is_empty());
    let blocks = opened.filter_map(|part| part.split_once('}').map(|(code, _)| code));
    blocks.map(|code| code.trim_matches(['%', '-', ' '])).collect()
}

/// The names that follow `|` and `is`, strings left out.
fn called(source: &str) -> Vec<(&str, &str)> {
    let code: Vec<&str> = source.split(['"', '\'']).step_by(2).collect();
    let mut words: Vec<&str> = Vec::new();
    for part in code {
        words.extend(part.split_inclusive('|').flat_map(|piece| {
            let (before, bar) = match piece.strip_suffix('|') {
                Some(before) => (before, Some("|")),
                None => (piece, None),
            };
            before.split(|c: char| !(c.is_alphanumeric() || c == '_')).chain(bar)
        }));
        words.push(";");
    }
    words.retain(|word| !word.is_empty());
    let words: Vec<&str> = words.into_iter().filter(|word| *word != "not").collect();
    let calls = words.windows(2).filter(|pair| ["|", "is"].contains(&pair[0]));
    calls.filter(|pair| pair[1] != ";").map(|pair| (pair[0], pair[1])).collect()
}

fn short(source: &str) -> Result<(), Mistake> {
    if source.len() <= LONGEST {
        return Ok(());
    }
    let what =
        format!("this has {} bytes, and {LONGEST} is the most: say it in less", source.len());
    Err(Mistake { what, range: None })
}

fn sorted(names: std::collections::HashSet<String>) -> Vec<String> {
    let mut names: Vec<_> = names.into_iter().collect();
    names.sort();
    names
}

/// `{{ expression }}` and nothing else: the expression inside, so that an argument can be a value
/// of any type.
#[must_use]
pub fn sole_expression(template: &str) -> Option<&str> {
    let inside = template.trim().strip_prefix("{{")?.strip_suffix("}}")?;
    (!inside.contains("{{") && !inside.contains("}}")).then(|| inside.trim())
}

/// Said where the steps run out.
const TOO_MUCH: &str = "this cannot be worked out in the steps a check may take: let it look through \
                        less, or use `each`";

#[expect(clippy::needless_pass_by_value, reason = "the signature minijinja maps errors with")]
fn mistake(error: Error) -> Mistake {
    let what = match error.kind() {
        ErrorKind::OutOfFuel => TOO_MUCH.to_owned(),
        kind => error.detail().map_or_else(|| kind.to_string(), ToOwned::to_owned),
    };
    Mistake { what, range: error.range() }
}

/// `found.version is version(">=2.30")`. On none, which no version satisfies or fails, an error.
fn is_version(version: &Jinja, requirement: String) -> Result<bool, Error> {
    let refuse = |what: String| Error::new(ErrorKind::InvalidOperation, what);
    let Some(text) = version.as_str() else {
        return Err(refuse("the version could not be told".to_owned()));
    };
    version::satisfies(text, &requirement).map_err(refuse)
}

/// `it.author.email is reachable_address`: false for none, for what git makes up from a machine's
/// name, and for the names that RFC 2606 and 6762 keep from ever belonging to anybody.
fn is_reachable_address(address: &Jinja) -> bool {
    address.as_str().is_some_and(reachable)
}

/// Whether an e-mail address can belong to somebody; see `is_reachable_address`.
#[must_use]
pub fn reachable(address: &str) -> bool {
    let address = address.trim().to_lowercase();
    let Some((name, domain)) = address.rsplit_once('@') else { return false };
    let nobody = ["example.com", "example.org", "example.net"];
    let endings = [
        ".example",
        ".invalid",
        ".local",
        ".localdomain",
        ".localhost",
        ".(none)",
        ".lan",
        ".internal",
    ];
    !name.is_empty()
        && domain.contains('.')
        && !nobody.contains(&domain)
        && !endings.iter().any(|ending| domain.ends_with(ending))
        && address != "noreply@github.com"
}

/// A size in bytes as people say it: `3.5 GiB`.
fn bytes(size: u64) -> String {
    crate::text::size(size)
}

/// Feature releases as people say them: `11, 17 or 21`.
#[expect(clippy::needless_pass_by_value, reason = "a filter owns its argument")]
fn releases(releases: Vec<u64>) -> String {
    crate::text::releases(&releases)
}
