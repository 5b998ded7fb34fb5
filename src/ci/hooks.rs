//! The hooks of `.pre-commit-config.yaml`: what a step that runs pre-commit consists of. Reads the
//! configuration only; what a hook's own repository says is not here.

use super::node::Node;

/// Where the configuration lies.
pub const FILES: [&str; 2] = [".pre-commit-config.yaml", ".pre-commit-config.yml"];
/// The stage where nobody names one.
pub const USUAL: &str = "pre-commit";
/// Hooks that are listed.
const HOOKS: usize = 1000;

/// One hook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hook {
    /// Its id.
    pub id: String,
    /// Its name for people.
    pub name: String,
    /// One-based line.
    pub line: u64,
    /// The stages it runs in; all where nobody says.
    pub stages: Vec<String>,
}

impl Hook {
    /// Whether it runs in a stage.
    #[must_use]
    pub fn runs_in(&self, stage: &str) -> bool {
        // `commit` and `push` are what the stages were called once.
        let is = |one: &String| one == stage || stage.strip_prefix("pre-") == Some(one);
        self.stages.is_empty() || self.stages.iter().any(is)
    }
}

/// The hooks of a configuration, in order.
#[must_use]
pub fn hooks(configuration: &Node) -> Vec<Hook> {
    let stages = |node: &Node, key: &str| -> Option<Vec<String>> {
        let stages = node.get(key)?.texts().into_iter().map(str::to_owned).collect();
        Some(stages)
    };
    let default = stages(configuration, "default_stages").unwrap_or_default();
    let repositories = configuration.get("repos").map(Node::items).unwrap_or_default();
    let all = repositories.iter().flat_map(|one| one.get("hooks").map(Node::items).unwrap_or(&[]));
    let hook = |node: &Node| {
        let id = node.text_of("id").unwrap_or("a hook without an id").to_owned();
        let name = node.text_of("name").map_or_else(|| id.clone(), str::to_owned);
        let stages = stages(node, "stages").unwrap_or_else(|| default.clone());
        Hook { id, name, line: node.line, stages }
    };
    all.take(HOOKS).map(hook).collect()
}

/// The stage that a command line asks for.
#[must_use]
pub fn stage(words: &[String]) -> &str {
    let mut words = words.iter();
    while let Some(word) = words.next() {
        if word == "--hook-stage" || word == "--stage" {
            return words.next().map_or(USUAL, String::as_str);
        }
        if let Some(stage) = word.strip_prefix("--hook-stage=") {
            return stage;
        }
    }
    USUAL
}
