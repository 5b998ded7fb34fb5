//! Measures two commands in turn, so that a busy machine troubles both alike: the CPU time of each
//! run with the children it waited for, and its wall time. Knows nothing of what it measures.

use std::io;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;

/// What one command takes: medians over its runs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cost {
    /// User and system time.
    pub(crate) cpu: Duration,
    /// Time on the clock.
    pub(crate) wall: Duration,
}

/// Makes the command of one run; its number tells runs apart.
pub(crate) type Make<'a> = &'a dyn Fn(usize) -> Command;

/// Looks at what a command, by its place, wrote, and says what is wrong with it.
pub(crate) type Look<'a> = &'a dyn Fn(usize, &[u8]) -> Result<(), String>;

/// Runs both in turn, each `runs` times, after one run that does not count where there are
/// several; an end with a code that is none of `fine` stops with what the command said.
pub(crate) fn alternate(
    commands: [Make<'_>; 2],
    runs: usize,
    fine: &[i32],
) -> Result<[Cost; 2], String> {
    alternate_looking(commands, runs, usize::from(runs > 1), fine, &|_, _| Ok(()))
}

/// Like `alternate`, with so many runs first that do not count, and a look at what each run wrote.
pub(crate) fn alternate_looking(
    commands: [Make<'_>; 2],
    runs: usize,
    warming_up: usize,
    fine: &[i32],
    look: Look<'_>,
) -> Result<[Cost; 2], String> {
    let all = in_turn(&commands, runs, warming_up, fine, look)?;
    Ok([median(&all[0]), median(&all[1])])
}

/// Runs any number of commands in turn, and gives what each run of each took. Every other round goes
/// backwards: what a command leaves behind, such as files still to be written to the disk, troubles
/// the one that comes next.
pub(crate) fn in_turn(
    commands: &[Make<'_>],
    runs: usize,
    warming_up: usize,
    fine: &[i32],
    look: Look<'_>,
) -> Result<Vec<Vec<Cost>>, String> {
    let mut costs = vec![Vec::new(); commands.len()];
    for run in 0..runs + warming_up {
        let mut sides: Vec<usize> = (0..commands.len()).collect();
        if run % 2 == 1 {
            sides.reverse();
        }
        for side in sides {
            let (cost, written) = measure(commands[side](run), fine)?;
            look(side, &written)?;
            if run >= warming_up {
                costs[side].push(cost);
            }
        }
    }
    Ok(costs)
}

fn measure(mut command: Command, fine: &[i32]) -> Result<(Cost, Vec<u8>), String> {
    let shown = format!("{} …", command.get_program().display());
    let problem = |error: io::Error| format!("{shown}: {error}");
    let before = children().map_err(problem)?;
    let start = Instant::now();
    let output = command.stdin(Stdio::null()).output().map_err(problem)?;
    let wall = start.elapsed();
    let cpu = children().map_err(problem)?.saturating_sub(before);
    if !output.status.code().is_some_and(|code| fine.contains(&code)) {
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let first = said.lines().find(|line| !line.trim().is_empty()).unwrap_or("nothing");
        return Err(format!("{shown} ended with {} and said: {first}", output.status));
    }
    Ok((Cost { cpu, wall }, output.stdout))
}

/// CPU time of all children so far that were waited for, and of theirs.
fn children() -> io::Result<Duration> {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let spent = usage.user_time() + usage.system_time();
    Ok(Duration::from_micros(spent.num_microseconds().unsigned_abs()))
}

pub(crate) fn median(costs: &[Cost]) -> Cost {
    let middle = |of: fn(&Cost) -> Duration| {
        let mut all: Vec<_> = costs.iter().map(of).collect();
        all.sort();
        all.get(all.len() / 2).copied().unwrap_or_default()
    };
    Cost { cpu: middle(|cost| cost.cpu), wall: middle(|cost| cost.wall) }
}
