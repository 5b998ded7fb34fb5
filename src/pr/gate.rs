//! The gate before a request is handed over: a check of the whole patch that passed and still
//! stands. Pure; never opens or closes anything itself.

use crate::results::{Here, PatchCheck, Recorded, Standing};
use crate::text::{clean_line, shell_word};

/// Where the gate stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Gate {
    /// The project has no checks of a patch.
    Absent,
    /// It passed, and everything it depends on is as it was; what it came to.
    Open(String),
    /// It does not let the request through.
    Shut {
        /// Why, as a clause.
        why: String,
        /// The one command that helps or shows more.
        command: String,
    },
}

impl Gate {
    /// From the last check of the patch. `base` is the branch the author asked for.
    #[must_use]
    pub fn of(result: Option<&Recorded<PatchCheck>>, now: &Here, base: Option<&str>) -> Self {
        let shut = |why: String| Self::Shut { why, command: command(result, now, base) };
        let Some(result) = result else {
            return shut("the patch was not checked yet".to_owned());
        };
        if let Standing::Stale(reasons) = result.standing(now) {
            return shut(format!("the check of the patch is stale: {}", reasons.join("; ")));
        }
        if !result.passed() {
            return shut(open(result));
        }
        let excused = match result.details.excused {
            0 => String::new(),
            1 => ", 1 finding excused".to_owned(),
            several => format!(", {several} findings excused"),
        };
        Self::Open(clean_line(&result.line) + &excused)
    }

    /// Why the request may not be handed over, and the command that helps.
    #[must_use]
    pub fn shut(&self) -> Option<(&str, &str)> {
        match self {
            Self::Shut { why, command } => Some((why, command)),
            Self::Absent | Self::Open(_) => None,
        }
    }
}

/// What keeps a check from passing that still stands.
fn open(result: &Recorded<PatchCheck>) -> String {
    let all = result.details.open.len();
    let told = match (all, result.counts.unknown) {
        (0 | 1, 1..) if result.exit == 3 => "1 check of the patch could not be told",
        (0 | 1, _) => "1 check of the patch fails",
        (_, _) if result.exit == 3 => {
            return format!("{all} checks of the patch could not be told");
        }
        (_, 0) => return format!("{all} checks of the patch fail"),
        (_, _) => return format!("{all} checks of the patch fail or could not be told"),
    };
    told.to_owned()
}

/// The check as it has to be run to count here.
fn command(result: Option<&Recorded<PatchCheck>>, now: &Here, base: Option<&str>) -> String {
    let base = base.map(|base| format!(" --base {}", shell_word(base))).unwrap_or_default();
    let judged_by = result.and_then(|result| result.on.policy.as_ref());
    let policy = now.policy.as_ref().filter(|policy| judged_by.is_some_and(|by| by != *policy));
    let policy = policy.map(|policy| format!(" --policy {}", shell_word(policy)));
    format!("onramp check patch{base}{}", policy.unwrap_or_default())
}
