//! What `--explain-tuning` prints: what was seen of machine and project, each choice with its
//! reason, what the user decided, and the options as Maven gets them. Lines only.

use super::Ready;
use super::screen::labelled;
use crate::maven::tuning::{Compiler, Note};
use crate::text::{Line, Tone, size};

/// Columns of a label and the blanks behind it.
const LABEL: usize = 11;

pub(super) fn lines(ready: &Ready, archive_there: bool, width: usize) -> Vec<Line> {
    let mut lines = seen(ready, width);
    lines.push(Line::new());
    for note in &ready.tuning.notes {
        lines.extend(choice(note, width));
    }
    lines.push(Line::new());
    lines.extend(yours(ready, width));
    lines.extend(options(ready));
    if ready.tuning.uses_archive && !archive_there {
        let text = "the shared class data are not there yet; the first build makes them";
        lines.extend(labelled("", text, width));
    }
    lines
}

fn seen(ready: &Ready, width: usize) -> Vec<Line> {
    let plan = &ready.plan;
    let machine = &plan.machine;
    let busy = match machine.busy {
        0 => String::new(),
        busy => format!(", {} of them busy with other work", busy.min(machine.cores)),
    };
    let limit = machine.limit.map(|limit| format!(", the container allows {}", size(limit)));
    let memory = format!("{} of {} free", size(machine.usable()), size(machine.total));
    let machine =
        format!("cores {}{busy}; memory: {memory}{}", machine.cores, limit.unwrap_or_default());
    let modules = match ready.reactor.modules.len() {
        1 => "1 module".to_owned(),
        count => format!("{count} modules"),
    };
    let compiler = match ready.work.compiler {
        Compiler::InProcess => "compiled in Maven's own JVM".to_owned(),
        Compiler::Forked(None) => "each compiled in a JVM of its own".to_owned(),
        Compiler::Forked(Some(heap)) => {
            format!("each compiled in a JVM of its own with a heap of {}", size(heap))
        }
    };
    let tests = if ready.work.skips_tests { "no tests run" } else { "tests run" };
    let project = format!("{}: {modules}, {compiler}; {tests}", plan.title);
    let mut lines = labelled("machine", &machine, width);
    lines.extend(labelled("project", &project, width));
    lines
}

fn choice(note: &Note, width: usize) -> Vec<Line> {
    let mut lines = vec![Line::new().and(Tone::Strong, note.what.clone())];
    lines.extend(labelled("", &note.why, width));
    lines
}

fn yours(ready: &Ready, width: usize) -> Vec<Line> {
    let text: Vec<_> = ready.own.set().map(|(place, text)| format!("{place}: {text}")).collect();
    let mut lines: Vec<_> = text.iter().flat_map(|text| labelled("yours", text, width)).collect();
    if ready.own.toolchains {
        let text = "~/.m2/toolchains.xml is left to Maven, which asks it where a pom wants that";
        lines.extend(labelled("yours", text, width));
    }
    if lines.is_empty() {
        lines.extend(labelled("yours", "no option of your own is set", width));
    }
    lines
}

/// Long, and to be copied: never broken.
fn options(ready: &Ready) -> Vec<Line> {
    let tuning = &ready.tuning;
    let mut lines = Vec::new();
    let mut line = |text: String| {
        let label = if lines.is_empty() { "result" } else { "" };
        let label = format!("{label:<LABEL$}");
        lines.push(Line::new().and(Tone::Dim, label).and(Tone::Command, text));
    };
    line(format!("MAVEN_OPTS={}", tuning.maven_opts));
    if let Some(options) = &tuning.java_tool_options {
        line(format!("JAVA_TOOL_OPTIONS={options}"));
    }
    if let Some(threads) = tuning.threads {
        line(format!("-T{threads}"));
    }
    lines
}
