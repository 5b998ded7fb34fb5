//! The order of release branches by the numbers in their names. Knows nothing else about them.

/// The branches with the default one first, then from newest to oldest; names without numbers last.
#[must_use]
pub fn newest_first(mut names: Vec<String>, default: &str) -> Vec<String> {
    names.sort_by(|one, other| {
        let key = |name: &str| (name == default, numbers(name));
        key(other).cmp(&key(one)).then_with(|| one.cmp(other))
    });
    names.dedup();
    names
}

/// The numbers of a name such as `4.22`, or `release-2.1`.
fn numbers(name: &str) -> Vec<u64> {
    let parts = name.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty());
    parts.filter_map(|part| part.parse().ok()).collect()
}
