//! Where the texts come from: the files of a tree that say what its CI does. A trait, so that the
//! plan is made of texts alone.

/// The files of a tree.
pub trait Sources {
    /// Paths of the workflows, sorted, relative to the tree.
    fn workflows(&self) -> Vec<String>;

    /// The text of a file; `None` where there is none.
    ///
    /// # Errors
    /// Why a file that is there is not read, as a fragment: it is too large, no text, or leads out
    /// of the tree.
    fn text(&self, path: &str) -> Result<Option<String>, String>;
}

/// A path of the tree in its plain form; `None` where it leaves the tree.
#[must_use]
pub fn inside(path: &str) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}
