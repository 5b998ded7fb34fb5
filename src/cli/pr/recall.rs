//! The author's answers: those of this run, and for what it leaves out those of earlier runs on the
//! same branch. Nothing that an author said once is dropped without a word.

use super::record::Answers;
use super::said::SaidArgs;
use super::{PrArgs, PrPlan, drafted};
use crate::cli::trouble::Trouble;
use crate::pr::draft::Draft;
use crate::text::{clean_line, shell_word};

/// A draft with the answers that went into it.
#[derive(Debug)]
pub(super) struct Recalled {
    /// The draft.
    pub(super) draft: Draft,
    /// All answers that hold now.
    pub(super) answers: Answers,
    /// Those of earlier runs among them, as options.
    pub(super) earlier: Vec<String>,
    /// Those of earlier runs that do not fit any more, as options.
    pub(super) dropped: Vec<String>,
}

/// Drafts with what the author says now, and said before.
///
/// # Errors
/// Those of drafting with what is said now.
pub(super) fn recall(args: &PrArgs, plan: &PrPlan, before: &Answers) -> Result<Recalled, Trouble> {
    let before = if args.said.forget { Answers::default() } else { before.clone() };
    let without_weight = Answers { severity: None, scale: None, ..before.clone() };
    let without_type = Answers { kind: None, ..without_weight.clone() };
    let mut refused = None;
    for tried in [&before, &without_weight, &without_type] {
        match drafted(&with(args, tried), plan) {
            Ok(draft) => {
                let used = left_out(args, tried);
                let earlier = options(&used);
                let mut dropped = options(&left_out(args, &before));
                dropped.retain(|option| !earlier.contains(option));
                return Ok(Recalled { draft, answers: said(args, tried), earlier, dropped });
            }
            Err(trouble) => refused = refused.or(Some(trouble)),
        }
    }
    Err(refused.unwrap_or_else(|| Trouble::usage("there is nothing to draft")))
}

/// The options of a run as if those of earlier runs had been typed again.
#[must_use]
pub(super) fn with(args: &PrArgs, before: &Answers) -> PrArgs {
    if args.said.forget {
        return args.clone();
    }
    let answers = said(args, before);
    let said = SaidArgs {
        severity: answers.severity,
        scale: answers.scale,
        assisted: answers.assisted,
        ..args.said.clone()
    };
    PrArgs { title: answers.title, kind: answers.kind, said, ..args.clone() }
}

/// What is said now, and for the rest what was.
fn said(args: &PrArgs, before: &Answers) -> Answers {
    let Answers { title, kind, severity, scale, assisted } = before.clone();
    let now = &args.said;
    Answers {
        title: args.title.clone().or(title),
        kind: args.kind.clone().or(kind),
        severity: now.severity.clone().or(severity),
        scale: now.scale.clone().or(scale),
        assisted: now.assisted.clone().or(assisted),
    }
}

/// Of what was said earlier what is not said now.
fn left_out(args: &PrArgs, before: &Answers) -> Answers {
    let old = |now: &Option<String>, then: &Option<String>| then.clone().filter(|_| now.is_none());
    Answers {
        title: old(&args.title, &before.title),
        kind: old(&args.kind, &before.kind),
        severity: old(&args.said.severity, &before.severity),
        scale: old(&args.said.scale, &before.scale),
        assisted: old(&args.said.assisted, &before.assisted),
    }
}

/// Answers as they would be typed.
fn options(answers: &Answers) -> Vec<String> {
    let all = [
        ("--title", &answers.title),
        ("--type", &answers.kind),
        ("--severity", &answers.severity),
        ("--scale", &answers.scale),
        ("--assisted", &answers.assisted),
    ];
    let typed = |(name, text): (&str, &Option<String>)| {
        text.as_ref().map(|text| format!("{name} {}", shell_word(&clean_line(text))))
    };
    all.into_iter().filter_map(typed).collect()
}
