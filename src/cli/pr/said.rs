//! What the author says beside the commits, as options.

use clap::Args;

use crate::cli::trouble::Trouble;
use crate::pr::assistance::Answer;
use crate::pr::draft::{Said, Unoffered};

/// The author's own answers.
#[derive(Debug, Clone, Default, Args)]
pub struct SaidArgs {
    /// How severe the bug is, as the template names it, such as major
    #[arg(long, value_name = "NAME")]
    pub severity: Option<String>,
    /// How large the change is, as the template names it, such as minor
    #[arg(long, value_name = "NAME")]
    pub scale: Option<String>,
    /// Which tool wrote part of the change and what, or none
    #[arg(long, value_name = "TEXT|none")]
    pub assisted: Option<String>,
    /// Forget what these options, --title and --type said in earlier runs on this branch
    #[arg(long)]
    pub forget: bool,
}

impl SaidArgs {
    /// Whether anything is said.
    pub(super) fn answers(&self) -> bool {
        self.severity.is_some() || self.scale.is_some() || self.assisted.is_some()
    }

    /// The answers, with title and type of change.
    ///
    /// # Errors
    /// An empty answer.
    pub fn said(&self, title: Option<&str>, kind: Option<&str>) -> Result<Said, Trouble> {
        let assistance = match self.assisted.as_deref().map(str::trim) {
            None => None,
            Some("") => {
                return Err(Trouble::usage("--assisted says nothing").remedy(
                    "name the tool and what it did, as --assisted \"TOOL 1.2: the tests\", or say --assisted none",
                ));
            }
            Some(none) if none.eq_ignore_ascii_case("none") => Some(Answer::No),
            Some(text) => Some(Answer::By(text.to_owned())),
        };
        Ok(Said {
            title: title.map(ToOwned::to_owned),
            kind: kind.map(ToOwned::to_owned),
            severity: self.severity.clone(),
            scale: self.scale.clone(),
            assistance,
        })
    }
}

/// An answer that the template does not offer.
pub(super) fn unoffered(unoffered: &Unoffered) -> Trouble {
    let what = format!("there is no {} called \"{}\"", unoffered.what, unoffered.asked);
    let remedy = match unoffered.offered.as_slice() {
        [] => format!("leave it out: the template asks no {} for such a change", unoffered.what),
        names => format!("choose one of: {}", names.join(", ")),
    };
    Trouble::usage(what).remedy(remedy)
}
