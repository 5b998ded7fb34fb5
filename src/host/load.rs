//! How busy the machine is: the average number of programs at work in the last minute, as far as
//! they still are. Reads a file, and on macOS asks `sysctl`; judges nothing.

use crate::sys::{Command, System};

/// Cores that others keep busy; 0 where nobody can tell.
#[must_use]
pub fn busy(system: &dyn System) -> usize {
    let text = if system.platform().os == "macos" {
        let program = system.find_program("sysctl").unwrap_or_else(|| "/usr/sbin/sysctl".into());
        let question = Command::question(program).args(["-n", "vm.loadavg"]);
        system.run(&question).map(|answer| answer.text()).unwrap_or_default()
    } else {
        let bytes = system.read("/proc/loadavg".as_ref(), 4096).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    };
    from_average(&text).unwrap_or(0)
}

/// From `0.52 0.58 0.59 3/467 12345`, or `{ 1.44 1.79 1.96 }`. Pure. The average still counts what
/// ended a minute ago, such as the build before this one, and the number at work right now is
/// chance, and counts us: both have to be high.
#[must_use]
pub fn from_average(text: &str) -> Option<usize> {
    let mut words = text.trim_start_matches(['{', ' ']).split_whitespace();
    let average: f64 = words.next()?.replace(',', ".").parse().ok()?;
    let now = words.nth(2).and_then(|word| word.split_once('/')?.0.parse::<usize>().ok());
    let others = now.map_or(usize::MAX, |now| now.saturating_sub(1));
    // Never negative, and beyond any number of cores only busy.
    (average.is_finite() && average >= 0.0)
        .then(|| (average.round().min(65_536.0) as usize).min(others))
}
