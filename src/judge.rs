//! Pure: check and observation in, findings out. The only place that decides.

mod remedy;

use minijinja::value::Value as Jinja;
use serde_json::Value;

use crate::finding::{Finding, Outcome, Place};
use crate::observation::{Observation, Unknown};
use crate::pack::expression::{self, Mistake};
use crate::pack::{Check, Condition, Engine};
use crate::plan::{Context, before_probe};

pub use remedy::Remedy;

/// What findings are judged with.
pub struct Judge<'a> {
    /// Evaluates conditions and texts.
    pub engine: &'a Engine,
    /// Project, run and platform.
    pub context: &'a Context,
    /// Package family, which chooses the remedy.
    pub family: &'a str,
}

impl Judge<'_> {
    /// The findings of one check: one, or one per item where it looks at several.
    #[must_use]
    pub fn judge(&self, check: &Check, observation: &Observation) -> Vec<Finding> {
        match observation {
            Ok(found) => self.found(check, found),
            Err(Unknown(reason)) => vec![finding(check, Outcome::Unknown, reason.clone())],
        }
    }

    fn found(&self, check: &Check, found: &Value) -> Vec<Finding> {
        let data = expression::value(found);
        let names = self.context.after(&data, None);
        match self.applies(check, &names) {
            Ok(None) => {}
            Ok(Some(reason)) => return vec![finding(check, Outcome::Skip, reason)],
            Err(mistake) => return vec![unjudged(check, &mistake)],
        }
        if let (Some(missing), Some(Value::Bool(false))) = (&check.missing, found.get("present")) {
            return vec![self.verdict(check, check.severity.outcome(), missing, &names)];
        }
        let Some(each) = &check.each else {
            return vec![self.single(check, &names)];
        };
        match self.engine.value(each, &names) {
            Ok(Value::Array(items)) if items.is_empty() => vec![self.nothing(check, &names)],
            Ok(Value::Array(items)) => {
                let engine = &self.engine.for_items(items.len());
                let judge = Judge { engine, ..*self };
                items.iter().map(|item| judge.item(check, &data, item)).collect()
            }
            Ok(_) => vec![finding(
                check,
                Outcome::Unknown,
                "there is no list to look through".to_owned(),
            )],
            Err(mistake) => vec![unjudged(check, &mistake)],
        }
    }

    /// The reason for skipping, from the conditions that look at what was found.
    fn applies(&self, check: &Check, names: &Jinja) -> Result<Option<String>, Mistake> {
        let late = |condition: &&Condition| !before_probe(self.engine, &condition.expression);
        for condition in check.when.iter().filter(late) {
            if !self.engine.holds(&condition.expression, names)? {
                return self.engine.render(&condition.say, names).map(Some);
            }
        }
        Ok(None)
    }

    fn nothing(&self, check: &Check, names: &Jinja) -> Finding {
        if let Some(clear) = &check.clear {
            return self.verdict(check, Outcome::Pass, clear, names);
        }
        let text = check.empty.as_deref().unwrap_or("nothing to look at");
        self.verdict(check, Outcome::Skip, text, names)
    }

    fn item(&self, check: &Check, found: &Jinja, item: &Value) -> Finding {
        let names = self.context.after(found, Some(&expression::value(item)));
        Finding { place: place(item), ..self.single(check, &names) }
    }

    fn single(&self, check: &Check, names: &Jinja) -> Finding {
        match self.outcome(check, names) {
            Ok((outcome, text)) => self.verdict(check, outcome, &text, names),
            Err(mistake) => unjudged(check, &mistake),
        }
    }

    /// The outcome and the template that tells it.
    fn outcome(&self, check: &Check, names: &Jinja) -> Result<(Outcome, String), Mistake> {
        for condition in &check.unsure {
            if self.engine.holds(&condition.expression, names)? {
                return Ok((Outcome::Unknown, condition.say.clone()));
            }
        }
        if self.engine.holds(&check.pass, names)? {
            return Ok((Outcome::Pass, check.ok.as_ref().unwrap_or(&check.say).clone()));
        }
        Ok((check.severity.outcome(), check.say.clone()))
    }

    fn verdict(&self, check: &Check, outcome: Outcome, template: &str, names: &Jinja) -> Finding {
        let text = match self.engine.render(template, names) {
            Ok(text) => text,
            Err(mistake) => return unjudged(check, &mistake),
        };
        let mut finding = finding(check, outcome, text);
        if matches!(outcome, Outcome::Fail | Outcome::Warn) {
            // A remedy that cannot be worded must not hide the finding itself.
            let fix = check.fix_for(self.family).map(|fix| self.engine.render(fix, names));
            finding.fix = fix.and_then(Result::ok).filter(|fix| !fix.is_empty());
            let upstream = check.upstream.as_ref().map(|text| self.engine.render(text, names));
            finding.upstream = upstream.and_then(Result::ok);
        }
        finding.why = self.engine.render(&check.why, names).unwrap_or_else(|_| check.why.clone());
        finding
    }
}

/// A finding without judging: skipped, or not to be told, for the given reason.
#[must_use]
pub fn finding(check: &Check, outcome: Outcome, text: String) -> Finding {
    Finding {
        check: check.id.clone(),
        title: check.title.clone(),
        outcome,
        severity: check.severity,
        text,
        why: check.why.clone(),
        fix: None,
        upstream: None,
        source: check.source.clone(),
        place: None,
        from: check.origin.label(),
        excused: None,
    }
}

fn unjudged(check: &Check, mistake: &Mistake) -> Finding {
    finding(check, Outcome::Unknown, mistake.what.clone())
}

fn place(item: &Value) -> Option<Place> {
    let text = |name: &str| item.get(name).and_then(Value::as_str).map(ToOwned::to_owned);
    let place = Place {
        file: text("file"),
        line: item.get("line").and_then(Value::as_u64),
        commit: text("commit"),
    };
    (place != Place::default()).then_some(place)
}
