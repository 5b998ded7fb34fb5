//! The rule of doors: who may touch processes, files, environment, sockets, clock and screen.
//! Pure.

use super::paths::{Named, named};
use super::source::Source;

/// What is guarded, who may pass, and what everyone else does instead.
struct Door {
    /// Paths that begin so, or, with `anywhere`, hold these names side by side.
    paths: &'static [&'static [&'static str]],
    anywhere: bool,
    /// Paths that begin so are plain values and free to all.
    free: &'static [&'static [&'static str]],
    /// Files, or folders with a slash at the end.
    open_to: &'static [&'static str],
    instead: &'static str,
}

const ASK_SYSTEM: &str = "only src/sys touches processes, files and environment: take a \
                          `&dyn System` and ask it";

const DOORS: &[Door] = &[
    Door {
        paths: &[&["std", "process"], &["std", "fs"], &["std", "env"], &["std", "os", "unix"]],
        anywhere: false,
        free: &[
            &["std", "process", "ExitCode"],
            &["std", "env", "split_paths"],
            &["std", "env", "join_paths"],
            &["std", "os", "unix", "ffi"],
        ],
        open_to: &["src/sys/"],
        instead: ASK_SYSTEM,
    },
    Door {
        paths: &[&["rustix"], &["signal_hook"], &["which"]],
        anywhere: false,
        free: &[],
        open_to: &["src/sys/"],
        instead: ASK_SYSTEM,
    },
    Door {
        paths: &[&["std", "net"]],
        anywhere: false,
        free: &[
            &["std", "net", "IpAddr"],
            &["std", "net", "Ipv4Addr"],
            &["std", "net", "Ipv6Addr"],
            &["std", "net", "SocketAddr"],
        ],
        open_to: &["src/net/"],
        instead: "only src/net opens connections: take a `&dyn Connector` and ask it",
    },
    Door {
        paths: &[&["ureq"], &["rustls"], &["rustls_native_certs"]],
        anywhere: false,
        free: &[],
        open_to: &["src/net/"],
        instead: "only src/net speaks with servers: take a `Https` and ask it",
    },
    Door {
        paths: &[&["git2"], &["gix_hash"], &["gix_object"], &["gix_odb"], &["gix_pack"]],
        anywhere: false,
        free: &[],
        open_to: &["src/git/"],
        instead: "only src/git reads repositories: take a `&dyn Repositories` and ask it",
    },
    Door {
        paths: &[
            &["SystemTime", "now"],
            &["Timestamp", "now"],
            &["Zoned", "now"],
            &["TimeZone", "system"],
        ],
        anywhere: true,
        free: &[],
        open_to: &["src/sys/"],
        instead: "only src/sys knows the time of day: ask `System::now`, so that a recorded \
                  machine can answer",
    },
    Door {
        paths: &[&["io", "stdin"], &["io", "stdout"], &["io", "stderr"], &["io", "*"]],
        anywhere: true,
        free: &[],
        open_to: &["src/cli/terminal.rs", "src/sys/supervise.rs"],
        instead: "only src/cli/terminal.rs holds the standard streams: return the text, or hand \
                  it to the `Terminal`",
    },
    Door {
        paths: &[&["console"], &["indicatif"]],
        anywhere: false,
        free: &[&["console", "strip_ansi_codes"]],
        open_to: &["src/cli/"],
        instead: "only src/cli draws on the screen: return a `text::Line`, or report through a \
                  progress trait",
    },
];

/// Methods of `Path` that look at the disk behind the back of `sys`.
const LOOKS: [&str; 10] = [
    "exists",
    "try_exists",
    "is_file",
    "is_dir",
    "is_symlink",
    "canonicalize",
    "metadata",
    "symlink_metadata",
    "read_dir",
    "read_link",
];

const PRINTS: [&str; 5] = ["println", "eprintln", "print", "eprint", "dbg"];

/// Builds the crate; it meets the machine by nature.
const BUILD_SCRIPT: &str = "src/embed_checks.rs";

/// Where one file of `src` passes a door that is not open to it.
pub(crate) fn complaints(source: &Source) -> Vec<String> {
    if source.path == BUILD_SCRIPT {
        return Vec::new();
    }
    let mut complaints = Vec::new();
    for path in named(source) {
        let shut = DOORS.iter().filter(|door| door.refuses(&path, &source.path));
        let name = path.names.join("::");
        complaints.extend(
            shut.map(|door| source.at(path.offset, &format!("uses `{name}`; {}", door.instead))),
        );
    }
    if !source.path.starts_with("src/sys/") {
        complaints.extend(looks(source));
    }
    if source.path != "src/cli/terminal.rs" {
        complaints.extend(prints(source));
    }
    complaints
}

impl Door {
    fn refuses(&self, path: &Named, file: &str) -> bool {
        let starts_here = file == "src/main.rs"
            && (path.begins(&["std", "env", "args"]) || path.begins(&["std", "env", "args_os"]));
        let guarded = self
            .paths
            .iter()
            .any(|names| if self.anywhere { path.holds(names) } else { path.begins(names) });
        let free = starts_here || self.free.iter().any(|names| path.begins(names));
        let open = self.open_to.iter().any(|place| match place.strip_suffix('/') {
            Some(_) => file.starts_with(place),
            None => file == *place,
        });
        guarded && !free && !open
    }
}

fn looks(source: &Source) -> Vec<String> {
    let found = LOOKS.iter().flat_map(|method| {
        let call = format!(".{method}()");
        let places: Vec<_> = source.code.match_indices(&call).map(|(at, _)| at).collect();
        places
            .into_iter()
            .map(move |at| source.at(at, &format!("`.{method}()` looks at the disk; {ASK_SYSTEM}")))
    });
    found.collect()
}

fn prints(source: &Source) -> Vec<String> {
    let macros = PRINTS.iter().map(|name| format!("{name}!"));
    // How clap prints what it was given, as it was given.
    let methods = [".print()", ".exit()"].map(str::to_owned);
    let mut complaints = Vec::new();
    for call in macros.chain(methods) {
        let places = source.code.match_indices(&call).map(|(at, _)| at);
        let whole = places.filter(|at| call.starts_with('.') || !in_word(&source.code, *at));
        complaints.extend(whole.map(|at| {
            source.at(
                at,
                &format!(
                    "`{call}` prints; only src/cli/terminal.rs prints, so that foreign text is \
                     cleaned: return the text, or hand it to the `Terminal`"
                ),
            )
        }));
    }
    complaints
}

/// Whether a place is in the middle of a longer name.
fn in_word(code: &str, at: usize) -> bool {
    code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_')
}
