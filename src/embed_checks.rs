//! Build script: embeds the checks folder, so that the directory is the registry and nobody keeps
//! a list. Writes `checks.rs`, which `pack` includes: every file as it stands, and as JSON, which is
//! read at a tenth of YAML's cost. The rules of gitleaks become JSON alike. Never judges what a
//! file says; the tests do.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde_json::Value;

/// What may lie beside the checks: the notes for their authors.
const NOTES: &str = "README.md";

/// The rules of gitleaks, as they come with it.
const SECRETS: &str = "src/secret/gitleaks.toml";

fn main() -> io::Result<()> {
    let root = PathBuf::from(variable("CARGO_MANIFEST_DIR")?).join("checks");
    let target = PathBuf::from(variable("OUT_DIR")?).join("checks.rs");
    tell("cargo::rerun-if-changed=checks")?;
    tell(&format!("cargo::rerun-if-changed={SECRETS}"))?;
    let written = files_below(&root)
        .and_then(|files| table(&root, &files))
        .and_then(|text| fs::write(&target, text).map_err(|error| at(&target, &error)))
        .and_then(|()| secrets(&variable("OUT_DIR").map_err(|error| error.to_string())?));
    match written {
        Ok(()) => Ok(()),
        // Cargo shows the sentence and ends the build.
        Err(problem) => tell(&format!("cargo::error={problem}")),
    }
}

/// The rules of what a secret looks like, as JSON.
fn secrets(out: &str) -> Result<(), String> {
    let source = Path::new(SECRETS);
    let text = fs::read_to_string(source).map_err(|error| at(source, &error))?;
    let value: Value = toml::from_str(&text).map_err(|error| at(source, &error))?;
    let target = Path::new(out).join("secrets.json");
    fs::write(&target, value.to_string()).map_err(|error| at(&target, &error))
}

/// Every check, sorted by path, whatever order the file system lists them in.
fn files_below(root: &Path) -> Result<Vec<PathBuf>, String> {
    let mut files = Vec::new();
    let mut folders = vec![root.to_path_buf()];
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder).map_err(|error| at(&folder, &error))?;
        for entry in entries {
            let path = entry.map_err(|error| at(&folder, &error))?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if name.starts_with('.') || name == NOTES {
                continue;
            } else if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "yaml") {
                files.push(path);
            } else {
                return Err(format!(
                    "{}: only .yaml files and {NOTES} belong here",
                    path.display()
                ));
            }
        }
    }
    // By their bytes, not part by part: `pack` looks them up by name.
    files.sort_by(|one, other| one.as_os_str().cmp(other.as_os_str()));
    Ok(files)
}

/// The Rust source: path below the folder, with `/` on every system, and the file's text.
fn table(root: &Path, files: &[PathBuf]) -> Result<String, String> {
    let mut text = String::from(
        "/// Every file of the checks folder: its path there, its text, and that as JSON, sorted by\n\
         /// path.\n\
         pub(super) static FILES: &[(&str, &str, &str)] = &[\n",
    );
    for file in files {
        let name = file.strip_prefix(root).map_err(|error| at(file, &error))?;
        let name = name.to_str().ok_or_else(|| at(file, &"its name is not UTF-8"))?;
        let whole = file.to_str().ok_or_else(|| at(file, &"its path is not UTF-8"))?;
        let name = name.replace(std::path::MAIN_SEPARATOR, "/");
        let yaml = fs::read_to_string(file).map_err(|error| at(file, &error))?;
        let json = json(&name, &yaml).map_err(|error| at(file, &error))?;
        text.push_str(&format!("    ({name:?}, include_str!({whole:?}), {json:?}),\n"));
    }
    text.push_str("];\n");
    Ok(text)
}

/// What a file says as JSON. In a check every plain value outside the probe's arguments is a text,
/// such as `pass: false`; YAML's reader knows that from the field, JSON has to say so.
fn json(name: &str, yaml: &str) -> Result<String, String> {
    let mut value: Value = serde_saphyr::from_str(yaml).map_err(|error| error.to_string())?;
    if name.split('/').count() == 3
        && let Some(fields) = value.as_object_mut()
    {
        let texts = fields.iter_mut().filter(|(key, _)| !["probe", "deadline"].contains(&&***key));
        texts.for_each(|(_, field)| as_text(field));
    }
    Ok(value.to_string())
}

fn as_text(value: &mut Value) {
    match value {
        Value::Bool(_) | Value::Number(_) => *value = Value::String(value.to_string()),
        Value::Array(items) => items.iter_mut().for_each(as_text),
        Value::Object(fields) => fields.iter_mut().for_each(|(_, field)| as_text(field)),
        Value::Null | Value::String(_) => {}
    }
}

fn at(path: &Path, problem: &dyn std::fmt::Display) -> String {
    format!("{}: {problem}", path.display())
}

fn variable(name: &str) -> io::Result<String> {
    std::env::var(name).map_err(|error| io::Error::other(format!("{name}: {error}")))
}

/// Says something to cargo, which reads our standard output.
fn tell(line: &str) -> io::Result<()> {
    writeln!(io::stdout(), "{line}")
}
