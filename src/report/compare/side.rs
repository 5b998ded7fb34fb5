//! One of two runs, brought into the shape in which runs are compared. A receipt tells less than a
//! report; beside one, a report is cut down to its own receipt.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use crate::finding::{Finding, Outcome};
use crate::report::receipt::Receipt;
use crate::report::told::moment;
use crate::report::{Observed, Report};
use crate::text::clean_line;

use super::Run;

/// What a check looks at, by name and in the order of importance.
pub type Explained = Vec<(String, String)>;

/// A run.
pub struct Side {
    pub(super) run: Run,
    pub(super) seen: BTreeMap<String, Seen>,
    pub(super) explained: BTreeMap<String, Explained>,
    pub(super) facts: Vec<(String, String)>,
}

/// How a check ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Seen {
    /// Its worst outcome.
    pub outcome: Outcome,
    /// Whether all of that is excused.
    pub excused: bool,
    /// What was seen.
    pub text: String,
    /// How many findings of that outcome there are beside this one.
    pub more: usize,
    #[serde(skip)]
    pub(super) title: String,
}

impl Seen {
    /// Whether two runs judge alike; what they say may differ.
    pub(super) fn alike(&self, other: &Self) -> bool {
        (self.outcome, self.excused) == (other.outcome, other.excused)
    }

    fn of(findings: &[&Finding]) -> Option<Self> {
        let outcome = findings.iter().map(|finding| finding.outcome).max()?;
        let worst: Vec<_> = findings.iter().filter(|one| one.outcome == outcome).collect();
        let first = worst.iter().find(|one| one.excused.is_none()).or(worst.first())?;
        Some(Self {
            outcome,
            excused: first.excused.is_some(),
            text: first.text.clone(),
            more: worst.len() - 1,
            title: first.title.clone(),
        })
    }
}

impl Side {
    /// From a report, with what its checks look at by id.
    #[must_use]
    pub fn of_report(file: &str, report: &Report, explained: BTreeMap<String, Explained>) -> Self {
        let mut by_check: BTreeMap<String, Vec<&Finding>> = BTreeMap::new();
        for finding in &report.findings {
            by_check.entry(finding.check.clone()).or_default().push(finding);
        }
        let seen = by_check.into_iter().filter_map(|(id, all)| Some((id, Seen::of(&all)?)));
        let day: String = moment(report.created).chars().take_while(|c| *c != 'T').collect();
        let about = [
            report.platform.name.clone(),
            day,
            format!("onramp {}", report.onramp),
            [&report.project.title, report.project.version.as_deref().unwrap_or_default()]
                .join(" "),
        ];
        Self {
            run: Run { file: file.to_owned(), about: about.join(" · ").trim_end().to_owned() },
            seen: seen.collect(),
            explained,
            facts: facts(report),
        }
    }

    /// From a receipt.
    #[must_use]
    pub fn of_receipt(file: &str, receipt: &Receipt) -> Self {
        let verdict = |(id, outcome): (&String, &Outcome)| {
            let excused = receipt.excused.contains(id);
            let (text, title) = (String::new(), String::new());
            (id.clone(), Seen { outcome: *outcome, excused, text, more: 0, title })
        };
        let about = [
            receipt.platform.clone().unwrap_or_default(),
            receipt.day.clone(),
            format!("onramp {}", receipt.onramp),
        ];
        let mut facts: Vec<(String, String)> = receipt
            .tools
            .iter()
            .map(|(tool, version)| (format!("{tool} version"), told(version.as_deref())))
            .collect();
        facts.extend([
            ("platform".to_owned(), told(receipt.platform.as_deref())),
            ("onramp".to_owned(), receipt.onramp.clone()),
            ("project".to_owned(), told(receipt.version.as_deref())),
            ("policy".to_owned(), told(receipt.policy.as_deref())),
        ]);
        Self {
            run: Run { file: file.to_owned(), about: about.join(" · ") },
            seen: receipt.verdicts.iter().map(verdict).collect(),
            explained: BTreeMap::new(),
            facts,
        }
    }
}

fn told(value: Option<&str>) -> String {
    value.unwrap_or("none").to_owned()
}

/// What may matter beside verdicts: tools, then settings, then the system and who judged.
fn facts(report: &Report) -> Vec<(String, String)> {
    let run = &report.run;
    let list = |items: Vec<String>| if items.is_empty() { told(None) } else { items.join(", ") };
    let yes = |yes: bool| if yes { "yes" } else { "no" }.to_owned();
    let accepted = report.project.jdk.accepted.iter().map(u64::to_string).collect();
    let git_proxies = run.proxies.git.iter().map(|proxy| proxy.proxy.clone()).collect();
    let maven_proxies = run.proxies.maven.iter().map(|proxy| proxy.host.clone()).collect();
    let mirrors = run.maven_urls.iter().filter(|address| address.mirror_of.is_some());
    let mut facts = tools(&report.observations);
    let rest = [
        ("git's proxies", list(git_proxies)),
        ("Maven's proxies", list(maven_proxies)),
        ("Maven's mirrors", list(mirrors.map(|address| address.url.clone()).collect())),
        ("git signs every commit", yes(run.signs)),
        ("signature format", run.signing.format.clone()),
        ("JDKs accepted", list(accepted)),
        ("git asked for", text(&serde_json::to_value(&report.project.git).unwrap_or_default())),
        ("Maven asked for", text(&serde_json::to_value(&report.project.maven).unwrap_or_default())),
        ("project", format!("{} {}", report.project.name, told(report.project.version.as_deref()))),
        ("base asked for", told(run.base.as_deref())),
        ("tools started to confirm (--deep)", yes(run.deep)),
        ("network left alone (--offline)", yes(run.offline)),
        ("system", report.platform.name.clone()),
        ("processor", report.platform.arch.clone()),
        ("policy", told(report.policy.as_deref())),
        ("onramp", report.onramp.clone()),
    ];
    facts.extend(rest.map(|(what, value)| (what.to_owned(), value)));
    facts
}

/// Fields of an observation that say which tool it is, whatever the probe.
const OF_TOOLS: [&str; 4] = ["version", "vendor", "chosen_by", "limit"];

fn tools(observations: &[Observed]) -> Vec<(String, String)> {
    let fields = observations.iter().flat_map(|observed| {
        let tool = observed.arguments.get("name").and_then(Value::as_str);
        let tool = tool.unwrap_or(&observed.probe).to_owned();
        OF_TOOLS.iter().filter_map(move |field| {
            let value = observed.found.as_ref()?.get(field)?;
            Some((format!("{tool} {}", field.replace('_', " ")), text(value)))
        })
    });
    fields.collect()
}

/// A plain value in words.
#[must_use]
pub(super) fn text(value: &Value) -> String {
    match value {
        Value::Null => told(None),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::String(text) => clean_line(text),
        Value::Array(items) if items.is_empty() => told(None),
        Value::Array(items) if items.iter().any(|item| item.is_object() || item.is_array()) => {
            format!("{} {}", items.len(), if items.len() == 1 { "entry" } else { "entries" })
        }
        Value::Array(items) => items.iter().map(text).collect::<Vec<_>>().join(", "),
        Value::Object(fields) => {
            let fields = fields.values().filter(|value| !value.is_null());
            fields.map(text).collect::<Vec<_>>().join(" ")
        }
        Value::Number(number) => number.to_string(),
    }
}

impl Side {
    /// The values behind a check: each of `names`, in their order, out of what was there to judge
    /// by (`found`, `project`, `run`, `platform`).
    #[must_use]
    pub fn explain(names: &[String], values: &Value) -> Explained {
        let named = names.iter().filter_map(|name| {
            let value = name.split('.').try_fold(values, |value, part| value.get(part));
            // A whole section says nothing, and a list of things is told by its findings.
            let value = value.unwrap_or(&Value::Null);
            (!value.is_object()).then(|| (words(name), text(value)))
        });
        named.collect()
    }
}

/// `found.java_on_path.version` as people say it.
fn words(name: &str) -> String {
    let name = name.strip_prefix("found.").unwrap_or(name);
    name.replace(['.', '_'], " ")
}
