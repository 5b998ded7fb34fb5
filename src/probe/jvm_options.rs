//! The options that Maven's JVM is started with, and from where. Starts none, changes none, judges
//! none, and hands on no password.

use std::path::Path;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Given, Kind, World};
use crate::maven::{locate, options};
use crate::observation::Unknown;

/// Looks at options.
pub struct JvmOptions;

/// Where to look.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Arguments {
    /// The work tree, for its `.mvn/jvm.config`.
    #[serde(default)]
    tree: Option<String>,
}

/// One option.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct JvmOption {
    /// As written, a password left out.
    text: String,
    /// What stands before `=`, such as `-XX:MaxPermSize`.
    name: String,
    /// The variable or file that holds it.
    place: String,
    /// The file, where it is one.
    file: Option<String>,
    /// The line there.
    line: Option<u64>,
}

/// The largest heap.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Heap {
    /// In bytes.
    bytes: u64,
    /// The option, such as `-Xmx2g`.
    text: String,
    /// The variable or file that holds it.
    place: String,
    /// The line there, where it is a file.
    line: Option<u64>,
}

/// What was found.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Found {
    /// Whether there is any option.
    present: bool,
    /// All, in the order in which later ones win.
    options: Vec<JvmOption>,
    /// The largest heap, where one is set.
    heap: Option<Heap>,
    /// Different garbage collectors that are chosen.
    collectors: Vec<JvmOption>,
    /// Words that are no option: the JVM would take the first for the name of a program.
    strays: Vec<JvmOption>,
}

impl Kind for JvmOptions {
    type Arguments = Arguments;
    type Found = Found;
    const NAME: &'static str = "jvm_options";
    const UNTRUSTED: Option<&'static [(&'static str, Given)]> = Some(&[("tree", super::THIS_TREE)]);

    fn observe(world: World<'_>, arguments: Arguments) -> Result<Found, Unknown> {
        let tree = arguments.tree.as_deref().map(Path::new);
        let maven = locate::locate(world.system);
        let words = options::of_jvm(world.system, maven.as_ref(), tree);
        let heap = options::heap(&words).map(|(bytes, word)| Heap {
            bytes,
            text: word.text.clone(),
            place: word.place.clone(),
            line: word.line,
        });
        Ok(Found {
            present: !words.is_empty(),
            heap,
            collectors: options::collectors(&words).into_iter().map(option).collect(),
            strays: options::strays(&words).into_iter().map(option).collect(),
            options: words.iter().map(option).collect(),
        })
    }
}

fn option(word: &options::Word) -> JvmOption {
    let name = word.text.split('=').next().unwrap_or(&word.text);
    let secret = name.len() < word.text.len() && name.to_lowercase().contains("password");
    JvmOption {
        text: if secret { format!("{name}=…") } else { word.text.clone() },
        name: name.to_owned(),
        place: word.place.clone(),
        file: word.file.clone(),
        line: word.line,
    }
}
