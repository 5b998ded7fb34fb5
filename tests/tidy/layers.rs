//! The rule of layers: a module of the library imports only what stands above it. Pure.

use super::paths::{Named, named};
use super::source::Source;

/// One layer of the crate, top first.
struct Layer {
    modules: &'static [&'static str],
    /// Whether its modules may import the ones named before them, or none of each other.
    ordered: bool,
    rule: &'static str,
}

const LAYERS: &[Layer] = &[
    Layer {
        modules: &["exit", "finding", "observation", "text", "version"],
        ordered: true,
        rule: "words import nothing but words named before them",
    },
    Layer { modules: &["sys"], ordered: true, rule: "the door to the machine knows only words" },
    Layer {
        modules: &["git", "pgp", "ssh", "maven", "net", "host", "secret"],
        ordered: false,
        rule: "tools do not know each other: let the probe or the command join the two",
    },
    Layer {
        modules: &[
            "profile",
            "base",
            "pack",
            "policy",
            "trust",
            "signature",
            "plan",
            "probe",
            "signing",
            "judge",
            "run",
            "waiver",
            "results",
        ],
        ordered: true,
        rule: "the engine runs one way, profile, base, pack, policy, trust, signature, plan, probe, \
               signing, judge, run, waiver, results: pass what is needed as a value",
    },
    Layer {
        modules: &["report", "pr", "fix", "ci"],
        ordered: false,
        rule: "outputs do not know each other: move what both need to the engine or to a word",
    },
    Layer { modules: &["cli"], ordered: true, rule: "" },
];

/// Files that stand outside the layers: they start the program or build it.
const OUTSIDE: [&str; 3] = ["src/main.rs", "src/lib.rs", "src/embed_checks.rs"];

/// What one file of `src` imports that it may not.
pub(crate) fn complaints(source: &Source) -> Vec<String> {
    let Some(module) = module_path(&source.path) else { return Vec::new() };
    let own = module[0];
    let Some(place) = place(own) else {
        return vec![format!(
            "{}: the module `{own}` is in no layer: give it one in tests/tidy/layers.rs and in the \
             crate's description",
            source.path
        )];
    };
    let imports = named(source).into_iter().filter_map(|path| {
        let target = target(&path, &module)?;
        complaint(own, place, &target).map(|what| source.at(path.offset, &what))
    });
    let mut complaints: Vec<_> = imports.collect();
    complaints.dedup();
    complaints
}

fn complaint(own: &str, from: (usize, usize), target: &str) -> Option<String> {
    if target == own {
        return None;
    }
    let Some(to) = place(target) else {
        return Some(format!(
            "`crate::{target}` is no module with a layer: import from the module that defines it"
        ));
    };
    let above = to.0 < from.0;
    let before = to.0 == from.0 && LAYERS[to.0].ordered && to.1 < from.1;
    (!above && !before).then(|| {
        let rule = if to.0 == from.0 {
            LAYERS[to.0].rule
        } else {
            "a module imports only layers above its own: hand the value or a trait down instead"
        };
        format!("`{own}` may not import `{target}`: {rule}")
    })
}

fn place(module: &str) -> Option<(usize, usize)> {
    LAYERS.iter().enumerate().find_map(|(layer, names)| {
        names.modules.iter().position(|name| *name == module).map(|position| (layer, position))
    })
}

/// `src/git/range.rs` is `[git, range]`; `None` outside the layers.
fn module_path(path: &str) -> Option<Vec<&str>> {
    if OUTSIDE.contains(&path) {
        return None;
    }
    let inner = path.strip_prefix("src/")?.strip_suffix(".rs")?;
    Some(inner.strip_suffix("/mod").unwrap_or(inner).split('/').collect())
}

/// The top module a path leads to, for one that stays in the crate.
fn target(path: &Named, module: &[&str]) -> Option<String> {
    let names: Vec<_> = path.names.iter().map(String::as_str).collect();
    let ups = names.iter().take_while(|name| **name == "super").count();
    match names.first().copied() {
        Some("crate" | "onramp") => names.get(1).map(|name| (*name).to_owned()),
        Some("super") if ups >= module.len() => names.get(ups).map(|name| (*name).to_owned()),
        _ => None,
    }
}
