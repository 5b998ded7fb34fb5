//! Memory within a container's limits.

use onramp::host::memory::look;

use super::machine::machine;

const MEMORY: &str =
    "  /proc/meminfo: |\n    MemTotal: 16777216 kB\n    MemAvailable: 8388608 kB\n";
const GIB: u64 = 1 << 30;

fn usable(files: &str) -> u64 {
    look(&machine(&format!("files:\n{MEMORY}{files}"))).expect("memory").usable
}

#[test]
fn the_lowest_limit_above_counts() {
    assert_eq!(usable(""), 16 * GIB);
    let group = "  /proc/self/cgroup: '0::/a/b'\n";
    let limit = |path: &str, bytes: u64| format!("  /sys/fs/cgroup/{path}memory.max: '{bytes}'\n");
    assert_eq!(usable(&format!("{group}{}", limit("a/b/", 4 * GIB))), 4 * GIB);
    assert_eq!(usable(&format!("{group}{}{}", limit("a/b/", 4 * GIB), limit("a/", GIB))), GIB);
    assert_eq!(usable(&format!("{group}{}", limit("a/b/", 64 * GIB))), 16 * GIB);
    assert_eq!(usable(&format!("{group}  /sys/fs/cgroup/a/memory.max: max\n")), 16 * GIB);
}

#[test]
fn version_one_names_its_controller() {
    let files = "  /proc/self/cgroup: \"9:cpu:/c\\n4:memory:/docker/1f\\n\"\n  \
                 /sys/fs/cgroup/memory/memory.limit_in_bytes: '2147483648'\n";
    assert_eq!(usable(files), 2 * GIB);
}

#[test]
fn what_is_available_stays_below_the_limit() {
    let text = format!(
        "files:\n{MEMORY}  /proc/self/cgroup: '0::/'\n  /sys/fs/cgroup/memory.max: '{GIB}'\n"
    );
    let memory = look(&machine(&text)).expect("memory");
    assert_eq!((memory.available, memory.limit, memory.total), (Some(GIB), Some(GIB), 16 * GIB));
}
