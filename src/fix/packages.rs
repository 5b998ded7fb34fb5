//! The package programs of the families, as words to run. One table, no cleverness: what stands in
//! a plan is what a person of that system would type.

/// A family's own package program.
#[derive(Debug, PartialEq, Eq)]
pub struct Packager {
    /// `debian`, `fedora` and so on, as the platform says.
    pub family: &'static str,
    /// The program.
    pub program: &'static str,
    install: &'static str,
    remove: &'static str,
    /// Makes it ask nothing: the words, and whether they stand before the verb.
    silent: Option<(&'static str, bool)>,
    /// Whether it works for root only.
    pub root: bool,
    /// Asks whether a package is installed, the package being the last word.
    installed: &'static [&'static str],
    /// Asks whether the program knows a package, the package being the last word; none where that
    /// question would take long. One unknown name makes the whole command fail.
    known: Option<&'static [&'static str]>,
    /// Asks, without doing anything, what removing packages would mean; the packages come last.
    /// None where the program itself removes nothing that something else needs.
    rehearsal: Option<&'static [&'static str]>,
}

const ALL: &[Packager] = &[
    Packager {
        family: "debian",
        program: "apt-get",
        install: "install",
        remove: "remove",
        silent: Some(("--yes", false)),
        root: true,
        installed: &["dpkg-query", "--show", "--showformat=${db:Status-Status}"],
        known: Some(&["apt-cache", "show"]),
        rehearsal: Some(&["apt-get", "--simulate", "remove"]),
    },
    Packager {
        family: "fedora",
        program: "dnf",
        install: "install",
        remove: "remove",
        silent: Some(("--assumeyes", false)),
        root: true,
        installed: &["rpm", "--query", "--quiet"],
        known: None,
        rehearsal: Some(&["rpm", "--erase", "--test"]),
    },
    Packager {
        family: "suse",
        program: "zypper",
        install: "install",
        remove: "remove",
        silent: Some(("--non-interactive", true)),
        root: true,
        installed: &["rpm", "--query", "--quiet"],
        known: None,
        rehearsal: Some(&["rpm", "--erase", "--test"]),
    },
    Packager {
        family: "arch",
        program: "pacman",
        install: "-S",
        remove: "-R",
        silent: Some(("--noconfirm", false)),
        root: true,
        installed: &["pacman", "-Q"],
        known: None,
        rehearsal: None,
    },
    Packager {
        family: "alpine",
        program: "apk",
        install: "add",
        remove: "del",
        silent: None,
        root: true,
        installed: &["apk", "info", "--installed"],
        known: None,
        rehearsal: None,
    },
    Packager {
        family: "macos",
        program: "brew",
        install: "install",
        remove: "uninstall",
        silent: None,
        root: false,
        installed: &["brew", "list", "--versions"],
        known: None,
        rehearsal: None,
    },
];

impl Packager {
    /// The family's program; none for a family that is not known.
    #[must_use]
    pub fn of(family: &str) -> Option<&'static Self> {
        ALL.iter().find(|packager| packager.family == family)
    }

    /// The words that install packages; `silent` where nobody can answer the program's questions.
    #[must_use]
    pub fn install(&self, packages: &[String], silent: bool) -> Vec<String> {
        self.words(self.install, packages, silent)
    }

    /// The words that remove packages.
    #[must_use]
    pub fn remove(&self, packages: &[String], silent: bool) -> Vec<String> {
        self.words(self.remove, packages, silent)
    }

    fn words(&self, verb: &str, packages: &[String], silent: bool) -> Vec<String> {
        let mut words = vec![self.program];
        let (before, after) = match self.silent.filter(|_| silent) {
            Some((flag, true)) => (Some(flag), None),
            Some((flag, false)) => (None, Some(flag)),
            None => (None, None),
        };
        words.extend(before);
        words.push(verb);
        words.extend(after);
        words.into_iter().map(str::to_owned).chain(packages.iter().cloned()).collect()
    }

    /// The question whether a package is installed.
    #[must_use]
    pub fn installed(&self, package: &str) -> Vec<String> {
        self.installed.iter().copied().chain([package]).map(str::to_owned).collect()
    }

    /// The question whether the program knows a package; it ends well where it does.
    #[must_use]
    pub fn known(&self, package: &str) -> Option<Vec<String>> {
        let words = self.known?.iter().copied().chain([package]);
        Some(words.map(str::to_owned).collect())
    }

    /// Whether the answer to the question for an installed package is yes. dpkg knows packages that were removed and left
    /// their settings behind.
    #[must_use]
    pub fn says_installed(&self, ok: bool, out: &str) -> bool {
        ok && (self.family != "debian" || out.trim() == "installed")
    }

    /// The question what removing packages would mean.
    #[must_use]
    pub fn rehearsal(&self, packages: &[String]) -> Option<Vec<String>> {
        let words = self.rehearsal?.iter().map(|word| (*word).to_owned());
        Some(words.chain(packages.iter().cloned()).collect())
    }

    /// Whether the answer says that something else needs one of the packages.
    #[must_use]
    pub fn says_needed(&self, ok: bool, out: &str, packages: &[String]) -> bool {
        let foreign = |line: &str| {
            let removed = line.strip_prefix("Remv ").and_then(|rest| rest.split(' ').next());
            removed.is_some_and(|name| {
                let name = name.split_once(':').map_or(name, |(name, _)| name);
                !packages.iter().any(|package| package == name)
            })
        };
        !ok || out.lines().any(foreign)
    }
}

/// Whether a package's name may stand in a command: no option, no path, nothing a shell would see.
#[must_use]
pub fn is_package(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || "+._@-".contains(c))
}
