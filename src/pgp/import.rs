//! Takes the keys of a file into a GnuPG home made for them, which is thrown away afterwards: the
//! file may be armoured blocks with text between, as a project's KEYS are, or a keyring of GnuPG's.
//! Never touches the user's own keyring, the network or an agent.

use std::path::Path;
use std::time::Duration;

use crate::observation::Unknown;
use crate::sys::{Access, Command, Workbench};

/// Longest file read. The largest KEYS files of Apache projects take about one megabyte.
pub const LIMIT: u64 = 16 << 20;
/// Longest that taking them in may take: thousands of keys need seconds, a flooded key hours.
const DEADLINE: Duration = Duration::from_secs(60);
/// What gpg says of thousands of keys fits in here many times.
const OUTPUT: usize = 16 << 20;

/// Takes keys in; how many gpg found, readable or not.
///
/// # Errors
/// Why they could not be taken in; a file without any key is no error.
pub fn import(bench: &dyn Workbench, home: &Path, content: &[u8]) -> Result<u64, Unknown> {
    let program = super::program(bench).ok_or_else(|| Unknown::because("gpg is not installed"))?;
    if is_keybox(content) {
        // gpg reads its own format only as a keyring, and the order of keys tells nothing.
        let ring = home.join("pubring.kbx");
        let written = bench.write(&ring, content, Access::Private);
        written.map_err(|error| Unknown(format!("the keys could not be put down: {error}")))?;
        return Ok(1);
    }
    let mut command = Command::question(program)
        .args(["--homedir".into(), home.to_owned().into_os_string()])
        .args(["--batch", "--no-tty", "--no-options", "--no-autostart", "--trust-model", "always"])
        .args(["--status-fd", "2", "--import"])
        .fed(content)
        .within(DEADLINE);
    command.output_limit = OUTPUT;
    let output = bench.run(&command).map_err(|error| Unknown(error.to_string()))?;
    Ok(considered(&String::from_utf8_lossy(&output.err)))
}

/// A keybox says so in its first blob.
fn is_keybox(content: &[u8]) -> bool {
    content.get(8..12) == Some(b"KBXf")
}

/// How many keys gpg saw, less those without a usable name.
fn considered(said: &str) -> u64 {
    let mut lines = said.lines().filter_map(|line| line.strip_prefix("[GNUPG:] IMPORT_RES "));
    let counts = lines.next_back().map(|line| line.split(' ').map(|n| n.parse().unwrap_or(0)));
    let counts: Vec<u64> = counts.into_iter().flatten().collect();
    match counts.as_slice() {
        [seen, nameless, ..] => seen.saturating_sub(*nameless),
        _ => 0,
    }
}
