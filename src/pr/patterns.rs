//! Patterns of paths as `.gitignore` has them, which owners and bots borrow, each with differences
//! of its own. Only compares; reads nothing.

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

/// Most patterns of one file: beyond that it is no list that people keep.
const MOST: usize = 5000;

/// How a file's patterns are read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Dialect {
    /// `docs/*` means what lies deeper as well.
    pub star_is_deep: bool,
    /// Capitals make no difference.
    pub any_case: bool,
    /// A pattern means exactly the paths it describes, from the root, and not what lies below them.
    pub exact: bool,
}

/// Patterns in the order of a file.
pub(super) struct Patterns {
    set: GlobSet,
    /// The pattern that each of the set's globs is from.
    from: Vec<usize>,
}

impl Patterns {
    /// Reads them; one that is none matches nothing. `None` for more than anybody keeps.
    pub(super) fn read<'a>(
        patterns: impl IntoIterator<Item = &'a str>,
        dialect: Dialect,
    ) -> Option<Self> {
        let (mut set, mut from) = (GlobSetBuilder::new(), Vec::new());
        for (index, pattern) in patterns.into_iter().enumerate() {
            if index == MOST {
                return None;
            }
            for text in globs(pattern, dialect) {
                let mut glob = GlobBuilder::new(&text);
                glob.literal_separator(true).case_insensitive(dialect.any_case);
                if let Ok(glob) = glob.build() {
                    set.add(glob);
                    from.push(index);
                }
            }
        }
        Some(Self { set: set.build().ok()?, from })
    }

    /// The last pattern that means this path.
    pub(super) fn last(&self, path: &str) -> Option<usize> {
        self.set.matches(path).into_iter().map(|glob| self.from[glob]).max()
    }
}

/// One pattern as globs over whole paths.
fn globs(pattern: &str, dialect: Dialect) -> Vec<String> {
    if dialect.exact {
        return vec![pattern.to_owned()];
    }
    let folder = pattern.ends_with('/');
    let inner = pattern.trim_end_matches('/');
    let anchored = inner.contains('/');
    let inner = inner.strip_prefix('/').unwrap_or(inner);
    if inner.is_empty() {
        return Vec::new();
    }
    // Braces are letters here.
    let inner = inner.replace('{', "[{]").replace('}', "[}]");
    let inner = if anchored { inner } else { format!("**/{inner}") };
    let itself = (!folder).then(|| inner.clone());
    let shallow = inner.ends_with("/*") && anchored && !dialect.star_is_deep;
    let below = (!shallow).then(|| format!("{inner}/**"));
    itself.into_iter().chain(below).collect()
}
