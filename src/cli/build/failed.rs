//! What a build that failed says to the person: where, what, why and what to do. The first failure
//! takes no more than one screen of 24 lines with what is said around it; each further one a few.
//! Lines only.

use std::path::Path;

use super::proof::{Proof, Proofs};
use super::screen::{advised, cut, labelled};
use crate::maven::catalogue::{Cause, Kind};
use crate::maven::explain::{Explanation, Problem};
use crate::maven::record::{Certainty, Failure, Reason};
use crate::maven::recorder::short;
use crate::report::build::failures::UNKNOWN;
use crate::text::{Line, Tone, wrap};

/// Lines between the first and the last two of a failure.
const ROOM: usize = 20;
/// Files, lines or tests named; the log has the rest.
const PROBLEMS: usize = 3;
/// Failures told of after the first.
const MORE: usize = 5;
/// Causes told of one failure.
const CAUSES: usize = 2;
/// Errors of one failure that are kept with the build.
const KEPT: usize = 15;

const KILLED: &str = "Maven was ended from outside without a word; when memory runs out, the system \
                      does that";
const KILLED_LOOK: &str = "look at `journalctl -k` or `dmesg`";

/// Failures on the screen.
pub(super) struct Failed<'a> {
    /// What files are named from; none for a log of another machine.
    pub(super) root: Option<&'a Path>,
    /// Why they failed, at least one.
    pub(super) told: &'a [Explanation],
    /// What checks said of the causes.
    pub(super) proofs: &'a Proofs,
    /// Whether Maven was killed.
    pub(super) killed: bool,
    /// Files without a licence header.
    pub(super) files: &'a [String],
    /// Columns.
    pub(super) width: usize,
}

impl Failed<'_> {
    /// The screen; `began` is how its first line begins.
    pub(super) fn lines(&self, began: &str) -> Vec<Line> {
        let Some((first, others)) = self.told.split_first() else { return Vec::new() };
        let mut lines = vec![self.head(began, first)];
        let mut body = self.body(first);
        body.truncate(ROOM);
        lines.extend(body);
        for other in others.iter().take(MORE) {
            lines.push(self.head("and", other));
            lines.extend(self.short(other));
        }
        if others.len() > MORE {
            let text = format!("and {} more modules failed, see the log", others.len() - MORE);
            lines.push(Line::toned(Tone::Bad, text));
        }
        lines
    }

    fn head(&self, began: &str, told: &Explanation) -> Line {
        let module = told.module.as_ref().map(|it| format!(" in {it}")).unwrap_or_default();
        let text = |goal: &str| format!("{began}{module}, at {goal}");
        let text = match &told.goal {
            None => format!("{began}{module}"),
            Some(goal) if text(goal).chars().count() > self.width => text(&short(goal)),
            Some(goal) => text(goal),
        };
        Line::toned(Tone::Bad, cut(&text, self.width))
    }

    fn body(&self, told: &Explanation) -> Vec<Line> {
        let mut lines = Vec::new();
        let killed = self.killed && told.causes.is_empty();
        for problem in told.problems.iter().take(PROBLEMS) {
            lines.extend(self.problem(problem));
        }
        for file in self.files.iter().take(PROBLEMS * 2) {
            lines.push(Line::plain(format!("  {}", cut(file, self.width - 2))));
        }
        let named = told.problems.len().saturating_sub(PROBLEMS)
            + self.files.len().saturating_sub(PROBLEMS * 2);
        if named > 0 {
            lines.push(Line::toned(Tone::Dim, format!("  and {named} more, in the log")));
        }
        if let Some(artifact) = &told.artifact {
            lines.extend(labelled("artifact", artifact, self.width));
        }
        if let Some(repository) = &told.repository {
            let url = told.url.as_deref().map(|url| format!(" ({url})")).unwrap_or_default();
            lines.extend(labelled("repository", &format!("{repository}{url}"), self.width));
        }
        if lines.is_empty() {
            lines.extend(self.essential(told, killed));
        }
        for cause in self.likely(told) {
            lines.extend(self.cause(cause));
        }
        if killed {
            let text = format!("{}: {KILLED} ({KILLED_LOOK})", Kind::Machine.place());
            lines.extend(labelled("cause", &text, self.width));
        } else if told.causes.is_empty() {
            lines.extend(labelled("cause", UNKNOWN, self.width));
        }
        lines
    }

    /// A further failure: its first error and its first cause.
    fn short(&self, told: &Explanation) -> Vec<Line> {
        let mut lines: Vec<Line> =
            told.problems.iter().take(1).flat_map(|problem| self.problem(problem)).collect();
        if lines.is_empty() {
            lines = self.essential(told, false).into_iter().take(6).collect();
        }
        match self.likely(told).next() {
            Some(cause) => lines.extend(self.cause(cause)),
            None => lines.extend(labelled("cause", UNKNOWN, self.width)),
        }
        lines
    }

    fn problem(&self, problem: &Problem) -> Vec<Line> {
        let (place, text) = self.placed(problem);
        let place = end_of(&place, self.width - 2);
        let mut lines = vec![Line::new().and(Tone::Plain, "  ").and(Tone::Strong, place)];
        lines.extend(self.two_rows(&text));
        lines
    }

    /// What is wrong, often said at the end.
    fn two_rows(&self, text: &str) -> Vec<Line> {
        let rows = wrap(text, self.width - 4);
        let rest = rows.get(1..).filter(|rest| !rest.is_empty()).map(|rest| rest.join(" "));
        let rest = rest.map(|rest| cut(&rest, self.width - 4));
        let rows = rows.into_iter().take(1).chain(rest);
        rows.map(|row| Line::plain(format!("    {row}"))).collect()
    }

    /// Where an error is, as `file:line:column` or the test that failed, and what it is.
    fn placed(&self, problem: &Problem) -> (String, String) {
        let mut place = problem.file.as_deref().map(|file| self.inside(file)).unwrap_or_default();
        if let (true, Some(test)) = (problem.file.is_none(), &problem.rule) {
            place.clone_from(test);
        }
        for number in [problem.line, problem.column].into_iter().flatten() {
            place += &format!(":{number}");
        }
        let rule = problem.rule.as_ref().filter(|_| problem.file.is_some());
        let rule = rule.map(|rule| format!(" [{rule}]")).unwrap_or_default();
        (place, format!("{}{rule}", problem.text))
    }

    /// The failures as they are kept with the build.
    pub(super) fn kept(&self) -> Vec<Failure> {
        let kept = |(at, told): (usize, &Explanation)| {
            let files = if at == 0 { self.files } else { &[] };
            let mut causes: Vec<Reason> = self.likely(told).map(|it| self.reason(it)).collect();
            if causes.is_empty() && self.killed && at == 0 {
                causes.push(killed());
            }
            let errors = self.errors(told, files);
            Failure {
                module: told.module.clone(),
                goal: told.goal.clone(),
                errors_total: errors.len(),
                errors: errors.into_iter().take(KEPT).collect(),
                causes,
            }
        };
        self.told.iter().enumerate().map(kept).collect()
    }

    fn errors(&self, told: &Explanation, files: &[String]) -> Vec<String> {
        let placed = told.problems.iter().map(|problem| {
            let (place, text) = self.placed(problem);
            if place.is_empty() { text } else { format!("{place}: {text}") }
        });
        let errors: Vec<String> = placed.chain(files.iter().cloned()).collect();
        if errors.is_empty() { told.essential.clone() } else { errors }
    }

    fn reason(&self, cause: &Cause) -> Reason {
        Reason {
            id: cause.id.clone(),
            kind: cause.kind,
            cause: cause.cause.clone(),
            remedy: cause.remedy.clone(),
            certainty: self.certainty(cause),
        }
    }

    fn certainty(&self, cause: &Cause) -> Certainty {
        match self.proofs.of(cause) {
            Some(Proof::Holds(_)) => Certainty::Proved,
            Some(Proof::NotSo(_)) => Certainty::Doubted,
            Some(Proof::Untold(_)) | None if cause.check().is_some() => Certainty::Likely,
            Some(Proof::Untold(_)) | None => Certainty::Told,
        }
    }

    /// The causes that are told of one failure.
    fn likely<'a>(&self, told: &'a Explanation) -> impl Iterator<Item = &'a Cause> + use<'a> {
        self.proofs.likeliest_first(&told.causes).into_iter().take(CAUSES)
    }

    /// A path as seen from the work tree.
    fn inside(&self, file: &str) -> String {
        let inside = self.root.and_then(|root| Path::new(file).strip_prefix(root).ok());
        inside.map_or_else(|| file.to_owned(), |path| path.display().to_string())
    }

    fn essential(&self, told: &Explanation, killed: bool) -> Vec<Line> {
        let room = if told.causes.is_empty() && !killed { 15 } else { 7 };
        let lines = told.essential.iter().flat_map(|line| wrap(line, self.width - 2));
        let lines: Vec<String> = lines.collect();
        let first = if killed { lines.len().saturating_sub(room) } else { 0 };
        lines[first..].iter().take(room).map(|line| Line::plain(format!("  {line}"))).collect()
    }

    fn cause(&self, cause: &Cause) -> Vec<Line> {
        let place = cause.kind.place();
        let proof = self.proofs.of(cause);
        let likely = match self.certainty(cause) {
            Certainty::Told | Certainty::Proved => "",
            Certainty::Likely | Certainty::Doubted => "likely ",
        };
        let mut lines = labelled("cause", &format!("{likely}{place}: {}", cause.cause), self.width);
        lines.extend(match &proof {
            Some(Proof::Holds(text)) => labelled("proved", text, self.width),
            Some(Proof::NotSo(text)) => labelled("not so now", text, self.width),
            Some(Proof::Untold(_)) | None => Vec::new(),
        });
        lines.extend(advised("remedy", &cause.remedy, self.width));
        lines
    }
}

fn killed() -> Reason {
    Reason {
        id: "ended-from-outside".to_owned(),
        kind: Kind::Machine,
        cause: KILLED.to_owned(),
        remedy: KILLED_LOOK.to_owned(),
        certainty: Certainty::Likely,
    }
}

/// The end of a place that is too long: the name and line of a file stand there.
fn end_of(place: &str, width: usize) -> String {
    let surplus = place.chars().count().saturating_sub(width);
    if surplus == 0 {
        return place.to_owned();
    }
    let kept: String = place.chars().skip(surplus + 3).collect();
    format!("...{kept}")
}
