//! How many modules are built at a time: as many as there are cores, memory and modules that need
//! not wait for each other. Pure.

use super::super::graph::Graph;
use super::memory;
use super::{Machine, Own, Preset, Tuning, Work};

/// What an additional thread has to shorten a build by, to be worth its memory.
const WORTH: f64 = 0.98;
/// Cores are left to others down to this many.
const LEAST: usize = 2;

/// Decides; returns how many modules are built at a time, as far as that is known.
pub(super) fn choose(
    machine: &Machine,
    work: &Work,
    own: &Own,
    preset: &Preset,
    tuning: &mut Tuning,
) -> usize {
    if let Some(place) = own.threads() {
        tuning.told("threads as you set them".into(), format!("in {place}"));
        return own.threads_asked(machine.cores).unwrap_or(machine.cores);
    }
    let by_memory = memory::room_for(machine, work);
    let (by_cores, why_cores) = cores(machine);
    let asked = preset.threads.unwrap_or(by_cores);
    let bounded = asked.min(by_memory).max(1);
    let useful = useful(&work.graph, &work.weights, bounded);
    let threads = useful.min(bounded);
    let why = if threads < bounded {
        chain(work)
    } else if bounded < asked {
        let each = crate::text::size(memory::each(work));
        let usable = crate::text::size(machine.usable());
        format!("each may take {each}, and the {usable} that are free have room for {bounded}")
    } else if preset.threads.is_some() {
        "measured best here".to_owned()
    } else {
        why_cores
    };
    if threads > 1 {
        tuning.threads = Some(threads);
        tuning.note(format!("{threads} modules at a time"), why);
    } else {
        tuning.note("one module at a time".into(), why);
    }
    tuning.aside("what no number of threads shortens", &chain(work));
    threads
}

/// Cores to use: others keep theirs, as long as two or half of all are left.
fn cores(machine: &Machine) -> (usize, String) {
    let least = machine.cores.div_ceil(2).max(LEAST).min(machine.cores);
    let free = machine.cores.saturating_sub(machine.busy).max(least);
    let why = match machine.cores - free {
        0 => format!("cores {}", machine.cores),
        left => {
            format!("cores {}, of which {left} are left to what keeps them busy", machine.cores)
        }
    };
    (free, why)
}

/// The number of threads beyond which the modules would wait for each other.
fn useful(graph: &Graph, weights: &[f64], most: usize) -> usize {
    if graph.order().is_empty() {
        return most;
    }
    let best = graph.makespan(weights, most);
    let enough = |threads: &usize| graph.makespan(weights, *threads) * WORTH <= best;
    // Half of it or more is tried one by one; with less than that, ever larger steps would do.
    (1..=most.min(graph.order().len())).find(enough).unwrap_or(most)
}

/// The chain that bounds what threads can do.
fn chain(work: &Work) -> String {
    let modules = work.graph.order().len();
    if modules == 0 {
        return "the modules could not be counted".to_owned();
    }
    let chain = work.graph.longest(&work.weights);
    let all: f64 = work.graph.order().iter().filter_map(|at| work.weights.get(*at)).sum();
    let length = chain.modules.len();
    let share = if all > 0.0 { chain.weight / all * 100.0 } else { 100.0 };
    let by = if work.timed { "by the times of the last build" } else { "by number" };
    format!(
        "of {modules} modules {length} wait for each other in a row, {share:.0} % of the work {by}"
    )
}
