//! What a check lets `onramp fix` do to a file of the change: few ways, each of them mechanical and
//! safe to take. Declared in YAML; nothing here reads or writes a file.

use serde::Deserialize;

use super::model::Text;

/// A file to be mended, as written.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawMend {
    /// Its path from the root of the work tree.
    pub file: Text,
    /// What is done to it.
    pub by: Way,
    /// The line that this is about, where it is about one.
    #[serde(default)]
    pub line: Option<Text>,
}

/// What is done to a file; only lines that the branch itself added are ever touched. In this order
/// where several are wanted of one file, for each leaves what the ones before it did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// Take the byte-order mark off.
    DropByteOrderMark,
    /// Remove one line, which must be an import of Java.
    DropImport,
    /// Indent with blanks where there are tabs.
    Indent,
    /// Cut the blanks at the ends of lines.
    CutBlanks,
    /// The same in Markdown, where two blanks at the end of a line break it.
    CutBlanksOfMarkdown,
    /// End every line as the lines of others do, else as most do.
    EndLinesAlike,
    /// End every line as on Linux and macOS.
    EndLinesAsUnix,
    /// End in one line break.
    EndOnce,
    /// Put the project's licence header at the top of a file that the branch added.
    AddHeader,
    /// Let it be run as a program.
    MayRun,
    /// Let it not be run as a program.
    MayNotRun,
}

impl Way {
    /// What it does, in words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::DropByteOrderMark => "take the byte-order mark off",
            Self::DropImport => "remove imports that nothing needs",
            Self::Indent => "indent with blanks",
            Self::CutBlanks | Self::CutBlanksOfMarkdown => "cut blanks at the ends of lines",
            Self::EndLinesAlike => "end all lines alike",
            Self::EndLinesAsUnix => "end lines as Linux does",
            Self::EndOnce => "end in one line break",
            Self::AddHeader => "add the licence header",
            Self::MayRun => "let it be run",
            Self::MayNotRun => "let it not be run",
        }
    }
}

impl RawMend {
    /// Every template in it.
    pub(super) fn templates(&self) -> impl Iterator<Item = &Text> {
        std::iter::once(&self.file).chain(&self.line)
    }

    /// What is wrong with it beyond its texts.
    pub(super) fn complaint(&self) -> Option<(String, String)> {
        let what = match (self.by, &self.line) {
            (Way::DropImport, None) => "`drop_import` needs a `line`",
            (Way::DropImport, Some(_)) | (_, None) => return None,
            _ => "only `drop_import` takes a `line`",
        };
        Some(("by".to_owned(), what.to_owned()))
    }
}
