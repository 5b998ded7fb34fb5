//! Tolerant version reading in front of `semver`: `1.8.0_392`, `17.0.15+6`, `2.39.5 (Apple
//! Git-154)`, `3.9.10`, `4.23.0.0-SNAPSHOT`, `25`. Never guesses: text without a leading number is
//! no version.

use semver::{Prerelease, Version, VersionReq};

/// Reads the first three numbers and a pre-release tag; anything after is dropped.
///
/// A leading `v` and surrounding blanks are accepted. `1.8.0_392` reads as `1.8.0`: the update
/// number of old Javas never decides a requirement here.
#[must_use]
pub fn read(text: &str) -> Option<Version> {
    let text = text.trim().trim_start_matches(['v', 'V']);
    let numeric = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (numbers, rest) = text.split_at(numeric);
    let mut parts = numbers.trim_end_matches('.').split('.');
    let major = parts.next()?.parse().ok()?;
    let minor = parts.next().map_or(Some(0), |part| part.parse().ok())?;
    let patch = parts.next().map_or(Some(0), |part| part.parse().ok())?;
    let mut version = Version::new(major, minor, patch);
    version.pre = pre_release(rest);
    Some(version)
}

fn pre_release(rest: &str) -> Prerelease {
    let tag = rest.strip_prefix('-').unwrap_or("");
    let end =
        tag.find(|c: char| !c.is_ascii_alphanumeric() && c != '.' && c != '-').unwrap_or(tag.len());
    // Distribution suffixes such as `-1~deb12u1` are not pre-releases of anything.
    if tag.starts_with(|c: char| c.is_ascii_digit()) {
        return Prerelease::EMPTY;
    }
    Prerelease::new(&tag[..end]).unwrap_or(Prerelease::EMPTY)
}

/// The Java feature release: `1.8.0_392` is 8, `17.0.15+6` is 17, `25` is 25.
#[must_use]
pub fn java_feature(text: &str) -> Option<u64> {
    let version = read(text.trim().trim_matches('"'))?;
    Some(if version.major == 1 { version.minor } else { version.major })
}

/// Whether `version` satisfies `requirement`, written as `>=2.30` or `>=3.8, <5`.
///
/// Pre-releases count as their release: a tester of `3.9.0-rc-1` has what `>=3.8` asks for.
///
/// # Errors
/// A sentence fragment that names which of the two cannot be read.
pub fn satisfies(version: &str, requirement: &str) -> Result<bool, String> {
    let request = VersionReq::parse(requirement)
        .map_err(|error| format!("`{requirement}` is no version requirement: {error}"))?;
    let mut read = read(version).ok_or_else(|| format!("`{version}` is no version"))?;
    read.pre = Prerelease::EMPTY;
    Ok(request.matches(&read))
}
