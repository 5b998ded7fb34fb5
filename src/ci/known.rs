//! What is known of a run before it happens: which event starts it, whose repository it is in, what
//! a matrix row or a caller sets. Everything else is unknown, and stays so.

use std::collections::BTreeMap;
use std::rc::Rc;

/// Longest text with values filled in, in bytes.
const LONGEST: usize = 256 << 10;

/// A value of a workflow's expressions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Known {
    /// A text.
    Text(String),
    /// Some text other than this one.
    Other(String),
    /// Yes or no.
    Truth(bool),
    /// Only a run can tell.
    Unknown,
}

/// The names that expressions may use, lower-case, such as `github.event_name`. Each place adds a
/// layer of its own to what is known above it, so that many rows and steps share the rest.
#[derive(Debug, Clone, Default)]
pub struct Surroundings {
    own: Rc<BTreeMap<String, Known>>,
    above: Option<Rc<Self>>,
}

impl Surroundings {
    /// Those of a pull request from a fork to `repository`, such as `apache/cloudstack`.
    #[must_use]
    pub fn of_request(event: &str, repository: Option<&str>, base: Option<&str>) -> Self {
        let mut known = Self::default();
        let text = |text: &str| Known::Text(text.to_owned());
        known.set("github.event_name", text(event));
        known.set("github.ref_type", text("branch"));
        if let Some(repository) = repository {
            let owner = repository.split('/').next().unwrap_or_default();
            known.set("github.repository", text(repository));
            known.set("github.repository_owner", text(owner));
            known.set("github.event.pull_request.base.repo.full_name", text(repository));
            let fork = Known::Other(repository.to_owned());
            known.set("github.event.pull_request.head.repo.full_name", fork);
            let other = Known::Other(owner.to_owned());
            known.set("github.event.pull_request.head.repo.owner.login", other);
        }
        known.set("github.event.pull_request.head.repo.fork", Known::Truth(true));
        if let Some(base) = base {
            known.set("github.base_ref", text(base));
            known.set("github.event.pull_request.base.ref", text(base));
        }
        // Of the form refs/pull/N/merge, whatever N: no branch has that name.
        let reference = if event == "pull_request" { Some("refs/pull/1/merge") } else { None };
        if let Some(reference) = reference {
            known.set("github.ref", text(reference));
        }
        known
    }

    /// Adds a name.
    pub fn set(&mut self, name: &str, value: Known) {
        Rc::make_mut(&mut self.own).insert(name.to_lowercase(), value);
    }

    /// The same with more names below `above`, their values as written.
    #[must_use]
    pub fn with<'a>(
        &self,
        above: &str,
        values: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Self {
        let mut more = self.below();
        for (name, value) in values {
            let value = self.fill(value).map_or(Known::Unknown, Known::Text);
            more.set(&format!("{above}.{name}"), value);
        }
        more
    }

    /// The same on a runner named so.
    #[must_use]
    pub fn on(&self, runner: &str) -> Self {
        let mut more = self.below();
        let runner = self.fill(runner).unwrap_or_default().to_lowercase();
        let systems = [("ubuntu", "Linux"), ("windows", "Windows"), ("macos", "macOS")];
        if let Some((_, system)) = systems.into_iter().find(|(mark, _)| runner.contains(mark)) {
            more.set("runner.os", Known::Text(system.to_owned()));
        }
        more
    }

    /// The value of a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Known {
        let name = name.to_lowercase();
        let mut layers = std::iter::successors(Some(self), |layer| layer.above.as_deref());
        layers.find_map(|layer| layer.own.get(&name).cloned()).unwrap_or(Known::Unknown)
    }

    /// An empty layer on top of this one.
    fn below(&self) -> Self {
        Self { own: Rc::default(), above: Some(Rc::new(self.clone())) }
    }

    /// A text with its `${{ name }}` filled in; `None` where one of them is not known.
    #[must_use]
    pub fn fill(&self, text: &str) -> Option<String> {
        let mut out = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${{") {
            let (name, after) = after.split_once("}}")?;
            out.push_str(before);
            match self.get(name.trim()) {
                Known::Text(value) => out.push_str(&value),
                Known::Truth(value) => out.push_str(&value.to_string()),
                Known::Other(_) | Known::Unknown => return None,
            }
            // Values may hold values: what grows without end is not worth knowing.
            if out.len() > LONGEST {
                return None;
            }
            rest = after;
        }
        out.push_str(rest);
        Some(out)
    }
}
