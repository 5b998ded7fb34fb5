//! The options that Maven and its JVM are started with, from variables, start-up files and the
//! tree's own `.mvn` folder, each with its place. Told from text alone: nothing is expanded, and
//! options are never changed here.

use std::path::Path;

use super::locate::{Located, usual_start_up_files};
use super::pom::memory;
use crate::sys::{System, read_in_tree};

const LARGEST: u64 = 64 * 1024;
/// Options of a JVM whose value is the next word.
const WITH_VALUE: [&str; 8] = [
    "--add-opens",
    "--add-exports",
    "--add-modules",
    "--add-reads",
    "--module-path",
    "-p",
    "-cp",
    "-classpath",
];

/// One word and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// The word.
    pub text: String,
    /// The variable or file.
    pub place: String,
    /// The file, where it is one.
    pub file: Option<String>,
    /// One-based line in it.
    pub line: Option<u64>,
}

/// What Maven's JVM is started with, in the order in which later ones win.
#[must_use]
pub fn of_jvm(system: &dyn System, maven: Option<&Located>, tree: Option<&Path>) -> Vec<Word> {
    let mut words = variable(system, "JAVA_TOOL_OPTIONS");
    words.extend(variable(system, "JDK_JAVA_OPTIONS"));
    words.extend(in_tree(system, tree, ".mvn/jvm.config"));
    let set = start_up_files(system, maven);
    words.extend(if set.is_empty() { variable(system, "MAVEN_OPTS") } else { set });
    words
}

/// What Maven itself is started with before the arguments of the day.
#[must_use]
pub fn of_maven(system: &dyn System, tree: Option<&Path>) -> Vec<Word> {
    let mut words = in_tree(system, tree, ".mvn/maven.config");
    words.extend(variable(system, "MAVEN_ARGS"));
    words
}

/// The arguments of one call.
#[must_use]
pub fn of_arguments(arguments: &[String]) -> Vec<Word> {
    let word = |text: &String| Word {
        text: text.clone(),
        place: "your arguments".to_owned(),
        file: None,
        line: None,
    };
    arguments.iter().map(word).collect()
}

/// The largest heap among these words, in bytes, with the word that sets it.
#[must_use]
pub fn heap(words: &[Word]) -> Option<(u64, &Word)> {
    let size = |word: &Word| {
        let text = word.text.strip_prefix("-Xmx")?;
        // Without a unit a JVM means bytes, whatever javac means.
        text.parse().ok().or_else(|| memory(text))
    };
    words.iter().rev().find_map(|word| Some((size(word)?, word)))
}

/// Words a JVM takes for the name of a program, and ends.
#[must_use]
pub fn strays(words: &[Word]) -> Vec<&Word> {
    let mut value = false;
    let strays = words.iter().filter(|word| {
        let expected = std::mem::replace(&mut value, WITH_VALUE.contains(&word.text.as_str()));
        !expected && !word.text.starts_with(['-', '@'])
    });
    strays.collect()
}

/// The garbage collectors these words choose; a JVM starts with one only.
#[must_use]
pub fn collectors(words: &[Word]) -> Vec<&Word> {
    let name =
        |word: &Word| word.text.strip_prefix("-XX:+Use")?.strip_suffix("GC").map(str::to_owned);
    let mut found: Vec<&Word> = Vec::new();
    for word in words.iter().filter(|word| name(word).is_some()) {
        if !found.iter().any(|known| known.text == word.text) {
            found.push(word);
        }
    }
    found
}

fn variable(system: &dyn System, name: &str) -> Vec<Word> {
    let Some(value) = system.env(name) else { return Vec::new() };
    split(&value.to_string_lossy(), name, None, None)
}

fn in_tree(system: &dyn System, tree: Option<&Path>, inside: &str) -> Vec<Word> {
    let text = tree.and_then(|tree| read_in_tree(system, tree, inside, LARGEST));
    let text = String::from_utf8_lossy(text.as_deref().unwrap_or_default()).into_owned();
    let lines = text.lines().zip(1..).filter(|(line, _)| !line.trim_start().starts_with('#'));
    lines.flat_map(|(line, number)| split(line, inside, Some(inside), Some(number))).collect()
}

/// The last plain assignment of MAVEN_OPTS in the files that Maven's launcher reads first.
fn start_up_files(system: &dyn System, maven: Option<&Located>) -> Vec<Word> {
    let files = maven.map_or_else(|| usual_start_up_files(system), |it| it.start_up_files.clone());
    let mut words = Vec::new();
    for file in files {
        let Ok(bytes) = system.read(&file.path, LARGEST) else { continue };
        let file = file.path.to_string_lossy();
        for (line, number) in String::from_utf8_lossy(&bytes).lines().zip(1..) {
            let line = line.trim().trim_start_matches("export ");
            if let Some(value) = line.strip_prefix("MAVEN_OPTS=") {
                let value = value.trim_matches(['"', '\'']);
                words = split(value, &file, Some(&file), Some(number));
            }
        }
    }
    // What only a shell could tell is no word of the JVM's.
    words.retain(|word| !word.text.contains(['$', '`']));
    words
}

fn split(text: &str, place: &str, file: Option<&str>, line: Option<u64>) -> Vec<Word> {
    let word = |text: &str| Word {
        text: text.to_owned(),
        place: place.to_owned(),
        file: file.map(str::to_owned),
        line,
    };
    text.split_whitespace().map(word).collect()
}
