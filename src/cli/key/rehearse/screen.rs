//! A rehearsal as lines for people: what was tried, what came of it with one remedy each, what the
//! forge would show, and what the work tree would change.

use crate::profile::{Forge, Need};
use crate::signature::Word;
use crate::signature::rehearsal::{Note, Outcome, Own, Problem, Report, Shown, Signature};
use crate::text::{Line, Tone, clean_line};

/// Columns before what hangs below a line.
const INDENT: &str = "    ";

/// The whole screen.
pub(super) fn lines(report: &Report, forge: Option<&Forge>, width: usize) -> Vec<Line> {
    let page = Page { width, lines: Vec::new() };
    page.tried(report)
        .came(report)
        .shown(report.forge.as_ref(), forge)
        .tree(&report.tree)
        .conclusion(report)
        .lines
}

struct Page {
    width: usize,
    lines: Vec<Line>,
}

impl Page {
    fn hang(&mut self, head: Line, tone: Tone, text: &str) {
        self.lines.extend(head.hanging(tone, text, self.width));
    }

    fn point(&mut self, mark: &str, tone: Tone, text: &str) {
        let head = Line::plain("  ").and(tone, mark).and(Tone::Plain, " ");
        self.hang(head, Tone::Plain, text);
    }

    fn remedy(&mut self, text: &str) {
        for (at, line) in text.lines().enumerate() {
            let head = Line::plain(INDENT).and(Tone::Dim, if at == 0 { "→ " } else { "  " });
            self.lines.extend(head.remedy(line, self.width));
        }
    }

    fn heading(&mut self, text: &str) {
        self.lines.push(Line::new());
        self.lines.extend(Line::new().hanging(Tone::Strong, text, self.width));
    }

    /// Who signs, with what.
    fn tried(mut self, report: &Report) -> Self {
        self.lines.push(Line::toned(Tone::Strong, "A signed commit, rehearsed"));
        if let Some(committer) = &report.committer {
            self.row("as", &clean_line(committer));
        }
        if let Some(author) =
            report.author.as_ref().filter(|it| Some(*it) != report.committer.as_ref())
        {
            self.row("author", &clean_line(author));
        }
        self.row("with", &with(report));
        self.lines.push(Line::new());
        self
    }

    fn row(&mut self, name: &str, text: &str) {
        self.hang(Line::toned(Tone::Dim, format!("  {name:<7} ")), Tone::Plain, text);
    }

    /// What came of it.
    fn came(mut self, report: &Report) -> Self {
        if let Some(signature) = &report.signature {
            let seconds = report.seconds.map(took).unwrap_or_default();
            self.point("✓", Tone::Good, &format!("git signed it{seconds}"));
            let (good, says) = judged(signature, report);
            let (mark, tone) = if good { ("✓", Tone::Good) } else { ("✗", Tone::Bad) };
            self.point(mark, tone, &says);
        }
        if let Some(Problem { says, remedy, unsure, .. }) = &report.problem {
            let (mark, tone) = if *unsure { ("?", Tone::Odd) } else { ("✗", Tone::Bad) };
            self.point(mark, tone, says);
            self.remedy(remedy);
        }
        for Note { says, remedy } in &report.notes {
            self.point("·", Tone::Dim, says);
            if let Some(remedy) = remedy {
                self.remedy(remedy);
            }
        }
        self
    }

    /// What the forge would make of it.
    fn shown(mut self, shown: Option<&Shown>, forge: Option<&Forge>) -> Self {
        let (Some(shown), Some(forge)) = (shown, forge) else { return self };
        match &shown.reason {
            Some(reason) => {
                self.heading(&format!("{} would show {}", forge.name, shown.word));
                let means = forge.reasons.get(reason).map_or("", String::as_str);
                self.point("✗", Tone::Bad, &format!("{means} ({reason})"));
            }
            None => {
                self.heading(&format!(
                    "{} would show {}, provided that (onramp cannot see your account)",
                    forge.name, shown.word
                ));
                for Need { what, otherwise } in &shown.needs {
                    let reasons = otherwise.join(" or ");
                    let text = format!("{what}; otherwise {} ({reasons})", forge.refused);
                    self.point("○", Tone::Warn, &text);
                }
            }
        }
        self.remedy(&format!("your keys: {}", forge.keys));
        self.remedy(&format!("your addresses: {}", forge.addresses));
        for note in &forge.notes {
            self.point("·", Tone::Dim, note);
        }
        self
    }

    /// What the work tree changes.
    fn tree(mut self, tree: &[Own]) -> Self {
        if tree.is_empty() {
            return self;
        }
        self.heading("This work tree has settings of its own, which were left out and not run");
        for Own { name, value, file, means } in tree {
            let place = file.as_ref().map(|file| format!(", in {}", clean_line(file)));
            let place = place.unwrap_or_default();
            self.point("!", Tone::Warn, &format!("{name} = {}{place}: {means}", clean_line(value)));
        }
        self.remedy("git config --local --unset NAME takes one out");
        self
    }

    fn conclusion(mut self, report: &Report) -> Self {
        let (tone, text) = match report.outcome {
            Outcome::Accepted => (Tone::Good, "your signed commits hold; nothing is left behind"),
            Outcome::Refused if report.signature.is_some() => {
                (Tone::Bad, "your signature would not be accepted; nothing is left behind")
            }
            Outcome::Refused => (Tone::Bad, "git cannot sign here yet; nothing is left behind"),
            Outcome::Unknown => (Tone::Odd, "it could not be told; nothing is left behind"),
        };
        self.lines.push(Line::new());
        self.lines.push(Line::toned(tone, text));
        self
    }
}

fn with(report: &Report) -> String {
    let kind = match report.format.as_str() {
        "openpgp" => "OpenPGP",
        "ssh" => "SSH",
        "x509" => "S/MIME (x509)",
        other => other,
    };
    let inline = |key: &String| key.starts_with("key::") || key.starts_with("ssh-");
    let key = match &report.key {
        Some(key) if report.format == "ssh" && inline(key) => {
            ", the key that user.signingkey holds".to_owned()
        }
        Some(key) => format!(", key {}", clean_line(key)),
        None if report.format == "openpgp" && report.committer.is_some() => {
            ", the key that names this address".to_owned()
        }
        None => String::new(),
    };
    format!("{kind}{key}, by {}", clean_line(&report.program))
}

/// How long it took, for people.
fn took(seconds: f64) -> String {
    if seconds < 0.1 { " at once".to_owned() } else { format!(" in {seconds:.1} s") }
}

fn judged(signature: &Signature, report: &Report) -> (bool, String) {
    let by = signature.key.as_deref().map(|key| format!(", by key {key}")).unwrap_or_default();
    let whose = signature.signer.as_deref().map(|name| format!(" ({})", clean_line(name)));
    let whose = whose.unwrap_or_default();
    match signature.verdict {
        Word::Good | Word::Untrusted => (true, format!("the signature holds{by}{whose}")),
        _ if report.outcome == Outcome::Accepted => {
            (true, format!("the signature holds, by git's own account{by}"))
        }
        _ => {
            let why = signature.reason.as_deref().unwrap_or("it does not hold");
            (false, format!("the signature would not be accepted: {why}{by}{whose}"))
        }
    }
}
