//! Reads YAML that anybody may have written: a few kilobytes that unfold into gigabytes, or that
//! nest without end, are refused with a place, like any other mistake.

use serde::de::DeserializeOwned;
use serde_saphyr::{Error, Options};

/// Values in one file. The largest table of onramp's own has a tenth of that.
const VALUES: usize = 20_000;
/// Values that come from repeating what an anchor names.
const REPEATED: usize = 1_000;
/// Lists and maps inside one another.
const DEPTH: usize = 32;

/// Reads one file.
///
/// # Errors
/// The first mistake, with line and caret.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, Error> {
    read_repeating(text, REPEATED)
}

/// Reads one file in which anchors may stand for up to so many values more.
///
/// # Errors
/// As `read`.
pub fn read_repeating<T: DeserializeOwned>(text: &str, repeated: usize) -> Result<T, Error> {
    serde_saphyr::from_str_with_options(text, options(repeated))
}

fn options(repeated: usize) -> Options {
    serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_events: 3 * VALUES,
            max_nodes: VALUES,
            max_depth: DEPTH,
            max_documents: 1,
            max_aliases: REPEATED,
            max_anchors: REPEATED,
            max_recorded_anchor_events: VALUES,
        },
        alias_limits: serde_saphyr::alias_limits! {
            max_total_replayed_events: repeated,
        },
    }
}
