//! Has checks look, once a build has failed, whether its likely causes hold on this machine. Looks
//! only; which cause is told first follows from what they say.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use serde_json::{Value, json};

use super::Jdk;
use crate::cli::Session;
use crate::cli::check::judged;
use crate::cli::survey::survey;
use crate::cli::workspace::Workspace;
use crate::finding::{Finding, Outcome};
use crate::host::jdk::home;
use crate::maven::catalogue::Cause;
use crate::observation::{Observation, Unknown};
use crate::plan::{self, Context, Run};
use crate::probe::Machine;
use crate::run::{Observer, Silent};

/// What a check said of a cause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Proof {
    /// It holds: what was seen.
    Holds(String),
    /// It does not hold, or no longer: what was seen.
    NotSo(String),
    /// It could not be told: why.
    Untold(String),
}

/// Who can be asked.
pub struct Prover<'a> {
    /// Checks and the project.
    pub workspace: &'a Workspace,
    /// Whether the network is left alone.
    pub offline: bool,
}

/// What the checks said, by check and, where it is about one of several, by what that is called.
#[derive(Debug, Clone, Default)]
pub(super) struct Proofs(BTreeMap<String, Vec<Finding>>);

impl Proofs {
    /// Has the checks look that these causes name. Checks that cannot be asked prove nothing.
    pub(super) fn look(
        session: &Session<'_>,
        prover: Option<&Prover<'_>>,
        jdk: &Jdk,
        causes: &[&Cause],
    ) -> Self {
        let Some(prover) = prover else { return Self::default() };
        let mut ids: Vec<String> =
            causes.iter().filter_map(|it| it.check().map(str::to_owned)).collect();
        ids.sort();
        ids.dedup();
        if ids.is_empty() {
            return Self::default();
        }
        let found = prover.ask(session, jdk, &ids).unwrap_or_default();
        let mut proofs: BTreeMap<String, Vec<Finding>> = BTreeMap::new();
        for finding in found {
            proofs.entry(finding.check.clone()).or_default().push(finding);
        }
        Self(proofs)
    }

    /// What was said of one cause.
    pub(super) fn of(&self, cause: &Cause) -> Option<Proof> {
        let found = self.0.get(cause.check()?)?;
        let about = cause.caught.get("repository").filter(|name| !name.is_empty());
        let own: Vec<&Finding> = match about {
            // One of the repositories: `central answers`.
            Some(name) => {
                let own = |it: &&Finding| it.text.split([' ', ':']).next() == Some(name.as_str());
                found.iter().filter(own).collect()
            }
            None => found.iter().collect(),
        };
        let with = |outcomes: &[Outcome]| {
            own.iter().find(|it| outcomes.contains(&it.outcome)).map(|it| it.text.clone())
        };
        with(&[Outcome::Fail, Outcome::Warn])
            .map(Proof::Holds)
            .or_else(|| with(&[Outcome::Unknown, Outcome::Skip]).map(Proof::Untold))
            .or_else(|| with(&[Outcome::Pass]).filter(|_| cause.proof.is_some()).map(Proof::NotSo))
    }

    /// Whether the cause holds and is the JDK.
    pub(super) fn speak_against_the_jdk(&self, cause: &Cause) -> bool {
        cause.check().is_some_and(|check| check.ends_with("/machine/jdk"))
            && matches!(self.of(cause), Some(Proof::Holds(_)))
    }

    /// The causes, proved ones first and those last of which a check says that they do not hold.
    pub(super) fn likeliest_first<'a>(&self, causes: &'a [Cause]) -> Vec<&'a Cause> {
        let mut causes: Vec<&Cause> = causes.iter().collect();
        causes.sort_by_key(|cause| match self.of(cause) {
            Some(Proof::Holds(_)) => 0,
            Some(Proof::Untold(_)) | None => 1,
            Some(Proof::NotSo(_)) => 2,
        });
        causes
    }
}

impl Prover<'_> {
    fn ask(
        &self,
        session: &Session<'_>,
        jdk: &Jdk,
        ids: &[String],
    ) -> anyhow::Result<Vec<Finding>> {
        let all = self.workspace.all_checks();
        let known: Vec<_> = all.into_iter().filter(|check| ids.contains(&check.id)).collect();
        let options = Run { offline: self.offline, ..Run::default() };
        let run = survey(session, self.workspace, options, &known);
        let platform = session.bench.platform();
        let context = Context::of(&self.workspace.project, &run, &platform)?;
        let engine = &self.workspace.checks.engine;
        let steps = plan::plan(engine, &context, &known);
        let plugins = self.workspace.plugins(session.bench, &run);
        let machine = session.machine.clone().with_plugins(plugins);
        let observer: Arc<dyn Observer> =
            Arc::new(AsBuilt { machine, home: jdk.home.clone(), why: jdk.why.clone() });
        Ok(judged(engine, &context, &platform, &steps, &observer, &Silent).0)
    }
}

/// The machine as the build saw it: with the JDK that onramp gave it, which need not be the one that
/// Maven would find by itself.
struct AsBuilt {
    machine: Machine,
    home: PathBuf,
    why: String,
}

impl Observer for AsBuilt {
    fn observe(&self, probe: &str, arguments: &Value) -> Observation {
        let seen = self.machine.observe(probe, arguments)?;
        if probe == "jdk" { self.with_own_jdk(seen) } else { Ok(seen) }
    }
}

impl AsBuilt {
    fn with_own_jdk(&self, mut seen: Value) -> Observation {
        let Some(jdk) = home::read(self.machine.world().system, &self.home) else {
            return Err(Unknown(format!("there is no JDK in {}", self.home.display())));
        };
        // The build sets JAVA_HOME, so that the compiler is the JDK's own.
        let compiler = jdk.compiler.then(|| {
            json!({
                "path": self.home.join("bin/javac"), "home": jdk.home, "feature": jdk.feature,
                "version": jdk.version, "reason": null,
            })
        });
        for (name, value) in [
            ("present", json!(true)),
            ("home", json!(jdk.home)),
            ("version", json!(jdk.version)),
            ("feature", json!(jdk.feature)),
            ("chosen_by", json!(format!("this build: {}", self.why))),
            ("set_in", Value::Null),
            ("compiler", json!(jdk.compiler)),
            ("compiles_with", json!(compiler)),
            ("problem", Value::Null),
            ("untold", Value::Null),
            ("doubt", json!(jdk.doubt)),
        ] {
            seen[name] = value;
        }
        Ok(seen)
    }
}
