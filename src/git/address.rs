//! Addresses of repositories: the many spellings of one place, and the user's own rewriting rules.
//! Pure; connects to nothing.

/// A repository's place, without protocol, account, port and `.git`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// Host in lower case; empty for a folder on this machine.
    pub host: String,
    /// Path without slashes at its ends, in lower case: the hosts that matter ignore case.
    pub path: String,
}

impl Address {
    /// Reads `https://host/path.git`, `ssh://git@host:22/path`, `git@host:path` or a folder.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let text = text.trim();
        let (authority, path) = if let Some((_, rest)) = text.split_once("://") {
            rest.split_once('/').unwrap_or((rest, ""))
        } else {
            match text.split_once(':') {
                // `host:path`, unless a slash comes first: then it is a folder.
                Some((host, path)) if !host.contains('/') && !host.is_empty() => (host, path),
                _ => ("", text),
            }
        };
        let host = authority.rsplit('@').next().unwrap_or(authority);
        let host = host.split(':').next().unwrap_or(host);
        let path = path.trim_matches('/');
        let path = path.strip_suffix(".git").unwrap_or(path).trim_end_matches('/');
        Self { host: host.to_ascii_lowercase(), path: path.to_ascii_lowercase() }
    }

    /// The last part of the path: the repository's own name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }
}

/// One rule of the user's configuration: addresses that begin with `from` are asked at `to`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rewrite {
    /// `url.<to>.insteadOf = <from>`
    pub from: String,
    /// What stands in for it.
    pub to: String,
}

/// Applies the longest rule that fits, as git does.
#[must_use]
pub fn rewrite(address: &str, rules: &[Rewrite]) -> String {
    let fitting = rules.iter().filter(|rule| address.starts_with(&rule.from));
    fitting
        .max_by_key(|rule| rule.from.len())
        .map_or_else(|| address.to_owned(), |rule| rule.to.clone() + &address[rule.from.len()..])
}

/// Whether two spellings lead to one place, before or after the rules.
#[must_use]
pub fn same_place(one: &str, other: &str, rules: &[Rewrite]) -> bool {
    let forms = |text: &str| [Address::read(text), Address::read(&rewrite(text, rules))];
    let others = forms(other);
    forms(one).iter().any(|form| !form.path.is_empty() && others.contains(form))
}

/// Whether `one` is a fork of `project`: another owner's on the same host.
#[must_use]
pub fn is_fork(one: &str, project: &str, rules: &[Rewrite]) -> bool {
    let (one_place, project_place) = (Address::read(one), Address::read(project));
    !same_place(one, project, rules)
        && !one_place.host.is_empty()
        && one_place.host == project_place.host
}

/// The address as it may be shown: a password or token in it is left out.
#[must_use]
pub fn shown(address: &str) -> String {
    let Some((scheme, rest)) = address.split_once("://") else { return address.to_owned() };
    let (authority, path) = rest.split_once('/').map_or((rest, None), |(a, p)| (a, Some(p)));
    // An account alone, as in `ssh://git@host`, is no secret; with https it may be a token.
    let host = match authority.rsplit_once('@') {
        Some((account, host)) if !scheme.starts_with("http") && !account.contains(':') => {
            format!("{account}@{host}")
        }
        Some((_, host)) => host.to_owned(),
        None => authority.to_owned(),
    };
    path.map_or_else(|| format!("{scheme}://{host}"), |path| format!("{scheme}://{host}/{path}"))
}
