//! The options that make short-lived JVMs cheap, and the way by which they reach each of them:
//! JAVA_TOOL_OPTIONS is read by every JVM of the build, MAVEN_OPTS by Maven's alone. Pure.

use std::path::Path;

use super::{Collector, Compiler, Own, Preset, Speed, Tuning, Work, push};

/// Measured on CloudStack's 146 modules together with the small collector: 0.52 of the CPU time,
/// the class files the same byte for byte.
const QUICK: &str = "-XX:TieredStopAtLevel=1";

/// Decides on the options, for so many modules at a time.
pub(super) fn choose(work: &Work, own: &Own, preset: &Preset, threads: usize, tuning: &mut Tuning) {
    if !work.skips_tests {
        let why = "tests run long enough to gain from what short lives do without";
        return tuning.note("compilers and collector of the JVMs as they come".into(), why.into());
    }
    let mut ours = String::new();
    speed(own, preset, &mut ours, tuning);
    collector(work, own, preset, threads, &mut ours, tuning);
    archive(work, own, preset, &mut ours, tuning);
    if ours.is_empty() {
        return;
    }
    match work.compiler {
        Compiler::InProcess => tuning.maven(&ours),
        Compiler::Forked(_) => {
            let mut all = own.java_tool_options.trim().to_owned();
            let behind = if all.is_empty() { "" } else { ", behind yours" };
            push(&mut all, &ours);
            let why =
                format!("reaches the compilers that modules start, as MAVEN_OPTS does not{behind}");
            tuning.aside("JAVA_TOOL_OPTIONS", &why);
            tuning.java_tool_options = Some(all);
        }
    }
}

fn speed(own: &Own, preset: &Preset, ours: &mut String, tuning: &mut Tuning) {
    if preset.speed == Speed::Full {
        return;
    }
    let set =
        ["-XX:TieredStopAtLevel", "-XX:-TieredCompilation", "-XX:+TieredCompilation", "-Xint"];
    if let Some((place, option)) = set.iter().find_map(|option| own.jvm_option(option)) {
        return tuning.told(format!("{option} kept"), format!("set in {place}"));
    }
    push(ours, QUICK);
    let why = "a JVM that lives for seconds ends before better code pays; same classes";
    tuning.note(QUICK.to_owned(), why.to_owned());
}

/// Two collectors in one JVM are an error at its start.
fn collector(
    work: &Work,
    own: &Own,
    preset: &Preset,
    threads: usize,
    ours: &mut String,
    tuning: &mut Tuning,
) {
    if let Some((place, option)) = own.collector() {
        return tuning.told(format!("{option} kept"), format!("set in {place}"));
    }
    let collector = preset.collector_of_maven(work.compiler, threads);
    let Some(option) = collector.option() else { return };
    push(ours, option);
    let why = match collector {
        Collector::Parallel if collector != preset.collector => {
            "so many modules in one JVM would all wait for a collector of one thread"
        }
        Collector::Parallel => "several threads that stop the others briefly",
        _ => "one thread, and no more at work than there is to collect in a small heap",
    };
    tuning.note(option.to_owned(), why.to_owned());
}

fn archive(work: &Work, own: &Own, preset: &Preset, ours: &mut String, tuning: &mut Tuning) {
    let Some(path) = work.archive.as_deref().filter(|_| preset.archive) else { return };
    if let Some(other) = work.other_jdk {
        return tuning.aside("no class-data archive", other);
    }
    let set = ["-XX:SharedArchiveFile", "-Xshare", "-XX:AOT", "-XX:ArchiveClassesAtExit"];
    if let Some((place, option)) = set.iter().find_map(|option| own.jvm_option(option)) {
        return tuning.told(format!("{option} kept"), format!("set in {place}"));
    }
    let Some(option) = shared(path) else {
        return tuning.aside("no class-data archive", "its path has a blank in it");
    };
    push(ours, &option);
    tuning.uses_archive = true;
    let why = "the compiler's classes, read and checked once for all JVMs of this JDK";
    tuning.note("shared class data".into(), why.into());
}

/// The options that have a JVM take classes from an archive if it can; none for a path that they
/// could not be told of.
fn shared(path: &Path) -> Option<String> {
    let path = path.to_str().filter(|path| !path.contains([' ', '\t', '"', '\'', ':']))?;
    Some(format!("-XX:SharedArchiveFile={path} -Xshare:auto"))
}
