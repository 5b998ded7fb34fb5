//! How much memory Maven and what it starts may take, and the heap that leaves room for all of it.
//! Pure. The figures are upper bounds of what was measured, so that the sum is one as well.

use super::super::pom;
use super::{Compiler, Machine, Own, Tuning, Work};
use crate::text::size;

const MIB: u64 = 1 << 20;
const GIB: u64 = 1 << 30;
/// Heaps come in steps of this.
const STEP: u64 = 64 * MIB;
/// With less, Maven fails on a project of CloudStack's size.
const LEAST_HEAP: u64 = 256 * MIB;
/// What a large project's modules, plug-ins and their classes fill between collections.
const ENOUGH_HEAP: u64 = 512 * MIB;
/// More was of no use.
const MOST_HEAP: u64 = 4 * GIB;
/// What a module that is compiled in Maven's own JVM adds to its heap.
const IN_PROCESS: u64 = 384 * MIB;
/// Maven's JVM beside its heap: classes, code, stacks, collector.
const BESIDE_HEAP: u64 = 448 * MIB;
/// What a compiler of its own process needs beside its heap.
const BESIDE_COMPILER: u64 = 192 * MIB;
/// The heap of such a compiler where nobody set a limit.
const COMPILER: u64 = 512 * MIB;
/// A JVM that runs tests.
const TESTS: u64 = GIB;
/// The value of CloudStack's own CI, and harmless elsewhere: it is a limit, not a reservation.
const METASPACE: &str = "-XX:MaxMetaspaceSize=800m";

/// What each module that is built at a time adds, in bytes.
pub(super) fn each(work: &Work) -> u64 {
    let compiler = match work.compiler {
        Compiler::InProcess => IN_PROCESS,
        Compiler::Forked(heap) => heap.unwrap_or(COMPILER) + BESIDE_COMPILER,
    };
    // A module is compiled before its tests run.
    if work.skips_tests { compiler } else { compiler.max(TESTS) }
}

/// How many modules at a time memory has room for.
pub(super) fn room_for(machine: &Machine, work: &Work) -> usize {
    let room = machine.usable().saturating_sub(ENOUGH_HEAP + BESIDE_HEAP) / each(work);
    usize::try_from(room).unwrap_or(usize::MAX).max(1)
}

/// Decides on Maven's heap, so that with so many modules at a time all of it fits.
pub(super) fn choose(
    machine: &Machine,
    work: &Work,
    own: &Own,
    threads: usize,
    tuning: &mut Tuning,
) {
    let (heap, beside) = heap(machine, work, own, threads, tuning);
    metaspace(own, tuning);
    tuning.peak = heap + beside;
    let usable = machine.usable();
    let what = format!("at most about {} of memory in all", size(tuning.peak));
    if tuning.peak > usable {
        let why = format!(
            "only {} are free: end other programs, or the system may end the build",
            size(usable)
        );
        tuning.told(what, why);
    } else {
        tuning.aside(&what, &format!("{} are free", size(usable)));
    }
}

/// The heap in bytes, and what comes on top of it.
fn heap(
    machine: &Machine,
    work: &Work,
    own: &Own,
    threads: usize,
    tuning: &mut Tuning,
) -> (u64, u64) {
    let modules = threads as u64 * each(work);
    // What is compiled in Maven's own JVM is part of its heap.
    let (inside, outside) = match work.compiler {
        Compiler::InProcess if work.skips_tests => (modules, 0),
        _ => (0, modules),
    };
    let beside = BESIDE_HEAP + outside;
    if let Some((place, option)) = own.jvm_option("-Xmx") {
        tuning.told(format!("{option} kept"), format!("set in {place}"));
        return (pom::memory(&option["-Xmx".len()..]).unwrap_or(GIB), beside);
    }
    let usable = machine.usable();
    let room = usable.saturating_sub(beside);
    let wanted = (usable / 4).clamp(GIB, MOST_HEAP).max(ENOUGH_HEAP + inside);
    let heap = (wanted.min(room).max(LEAST_HEAP)) / STEP * STEP;
    let why = if heap < wanted / STEP * STEP {
        format!("what {} of free memory leave beside {}", size(usable), told(work, threads))
    } else if ENOUGH_HEAP + inside >= wanted {
        format!("{threads} modules are compiled in it at a time")
    } else {
        format!("a quarter of the {} of free memory, between 1 and 4 GiB", size(usable))
    };
    tuning.maven(&format!("-Xmx{}m", heap / MIB));
    tuning.note(format!("heap of {} for Maven", size(heap)), why);
    (heap, beside)
}

fn told(work: &Work, threads: usize) -> String {
    match work.compiler {
        Compiler::Forked(_) => format!("{threads} compilers of {}", size(each(work))),
        Compiler::InProcess => "Maven's own classes and code".to_owned(),
    }
}

fn metaspace(own: &Own, tuning: &mut Tuning) {
    match own.jvm_option("-XX:MaxMetaspaceSize=") {
        Some((place, option)) => tuning.told(format!("{option} kept"), format!("set in {place}")),
        None => {
            tuning.maven(METASPACE);
            tuning.aside(METASPACE, "a limit, not a reservation: the value of CloudStack's own CI");
        }
    }
}
