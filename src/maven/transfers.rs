//! What a build downloads: how much, from where, and what is on its way now. Pure, and bounded
//! however much comes; how long it took is the caller's to say.

use std::collections::BTreeMap;

use super::events::Event;

/// Files on their way at a time; Maven asks for five.
const MOST_AT_ONCE: usize = 64;
/// Repositories told apart.
const MOST_REPOSITORIES: usize = 64;
/// Seconds after which a file that never came is no longer waited for.
const GIVEN_UP: f64 = 120.0;

/// What came from one repository.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Share {
    /// Files.
    pub files: u64,
    /// Bytes, as far as Maven says them.
    pub bytes: u64,
}

/// The downloads of a build.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Transfers {
    /// All of them.
    pub all: Share,
    /// By repository or mirror id.
    pub repositories: BTreeMap<String, Share>,
    /// Seconds in which something was on its way.
    pub seconds: f64,
    /// What was asked for and has not come, with the time of asking; the newest last.
    waiting: Vec<(String, f64)>,
}

impl Transfers {
    /// Takes in an event of the time `at`, in seconds. `alone` is whether one module is built at a
    /// time, so that its next goal tells that it waits for nothing any more.
    pub fn take(&mut self, event: &Event, at: f64, alone: bool) {
        match event {
            Event::Downloading { url, .. } => {
                // A file that one repository lacks is asked for at the next.
                self.forget(url);
                self.waiting.retain(|(_, since)| at - since < GIVEN_UP);
                if self.waiting.len() < MOST_AT_ONCE {
                    self.waiting.push((url.clone(), at));
                }
            }
            Event::Downloaded { repository, url, bytes } => {
                self.forget(url);
                self.count(repository, bytes.unwrap_or(0));
            }
            Event::Goal { .. } | Event::Started { .. } if alone => self.waiting.clear(),
            Event::Summary { .. } | Event::Ended(_) => self.waiting.clear(),
            _ => {}
        }
    }

    fn forget(&mut self, url: &str) {
        let file = path_of(url);
        self.waiting.retain(|(other, _)| path_of(other) != file);
    }

    fn count(&mut self, repository: &str, bytes: u64) {
        self.all.add(bytes);
        let known = self.repositories.contains_key(repository);
        if known || self.repositories.len() < MOST_REPOSITORIES {
            self.repositories.entry(repository.to_owned()).or_default().add(bytes);
        }
    }

    /// The name of the file that is being fetched, the newest where there are several.
    #[must_use]
    pub fn fetching(&self) -> Option<&str> {
        self.waiting.last()?.0.rsplit('/').next()
    }
}

impl Share {
    fn add(&mut self, bytes: u64) {
        self.files += 1;
        self.bytes = self.bytes.saturating_add(bytes);
    }
}

/// The end of an address, which is the same in every repository: artifact, version and file.
fn path_of(url: &str) -> &str {
    match url.rmatch_indices('/').nth(2) {
        Some((at, _)) => &url[at..],
        None => url,
    }
}
