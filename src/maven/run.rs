//! Maven's command line as a value. Building it starts nothing; running it runs the code of the
//! work tree, and the verb says so first.

use std::path::Path;

use super::tuning::Tuning;
use crate::sys::Command;
use crate::text::shell_word;

/// A build, all of it decided.
#[derive(Debug, Clone)]
pub struct Invocation<'a> {
    /// `mvn`, absolute.
    pub program: &'a Path,
    /// The work tree's root.
    pub folder: &'a Path,
    /// Home of the JDK, for the child alone.
    pub jdk: &'a Path,
    /// Whether `/etc/mavenrc` and `~/.mavenrc` are left out, because one sets another JAVA_HOME.
    pub skip_rc: bool,
    /// Goals and options of the project, such as `clean install -DskipTests`.
    pub goals: &'a [String],
    /// Memory and threads.
    pub tuning: &'a Tuning,
    /// Module to go on from, as `:artifact`.
    pub resume_from: Option<&'a str>,
    /// What the user added.
    pub extra: &'a [String],
}

/// The command. Plain, colourless lines: `-B` also turns moving progress into one line per
/// download, and both flags mean the same in every Maven from 3.6 on.
#[must_use]
pub fn command(build: &Invocation<'_>) -> Command {
    let mut command = Command::work(build.program)
        .in_folder(build.folder)
        .guarded()
        .args(arguments(build))
        .with("JAVA_HOME", build.jdk)
        .with("MAVEN_OPTS", &build.tuning.maven_opts);
    if let Some(options) = &build.tuning.java_tool_options {
        command = command.with("JAVA_TOOL_OPTIONS", options);
    }
    if build.skip_rc {
        command = command.with("MAVEN_SKIP_RC", "true");
    }
    // It would decide the project's root, and so whose `.mvn` folder is read.
    command.without("MAVEN_BASEDIR")
}

fn arguments(build: &Invocation<'_>) -> Vec<String> {
    let mut arguments = vec!["-B".to_owned(), "-Dstyle.color=never".to_owned()];
    if let Some(threads) = build.tuning.threads {
        arguments.push(format!("-T{threads}"));
    }
    arguments.extend(build.goals.iter().cloned());
    if let Some(module) = build.resume_from {
        arguments.extend(["-rf".to_owned(), module.to_owned()]);
    }
    arguments.extend(build.extra.iter().cloned());
    arguments
}

/// The command as a person would type it in the work tree.
#[must_use]
pub fn typed(command: &Command) -> String {
    let mut words = Vec::new();
    for (name, value) in &command.variables {
        if let Some(value) = value {
            let (name, value) = (name.to_string_lossy(), value.to_string_lossy());
            words.push(format!("{name}={}", shell_word(&value)));
        }
    }
    words.push(shell_word(&command.program.to_string_lossy()));
    words.extend(command.arguments.iter().map(|word| shell_word(&word.to_string_lossy())));
    words.join(" ")
}
