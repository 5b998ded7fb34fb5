//! The name that was probably meant, for a mistyped one. Pure.

/// The known name that was probably meant.
#[must_use]
pub fn near<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    known
        .map(|other| (strsim::damerau_levenshtein(name, other), other))
        .filter(|(distance, other)| *distance <= 1.max(other.len() / 3))
        .min()
        .map(|(_, other)| other)
}

/// `; did you mean ...` or `; there is ...`.
#[must_use]
pub fn suggestion<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> String {
    let known: Vec<&str> = known.collect();
    match near(name, known.iter().copied()) {
        Some(other) => format!("; did you mean `{other}`?"),
        None if known.is_empty() => String::new(),
        None => format!("; there is {}", known.join(", ")),
    }
}

/// The check that was probably meant, as a name of as many parts: ids, and ends of them.
#[must_use]
pub fn near_check<'a>(name: &str, ids: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let parts = name.matches('/').count();
    let end = |id: &'a str| {
        let slash = id.rmatch_indices('/').nth(parts);
        slash.map_or(id, |(at, _)| &id[at + 1..])
    };
    near(name, ids.map(end))
}
