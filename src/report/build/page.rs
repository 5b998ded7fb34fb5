//! The record of a build as one page that needs nothing from elsewhere and no script. Everything
//! foreign in it is escaped.

use std::collections::HashSet;

use crate::maven::record::{Ending, Failure, Module, ModuleEnding, Record};
use crate::maven::recorder::short;
use crate::maven::warnings::Warning;
use crate::text::{clean, duration, size};

use super::failures::{UNKNOWN, cause, more, place};
use super::picture;
use super::text::when;

const PAGE: &str = include_str!("page.html");
/// Rows that stand open; the rest is folded away.
const OPEN: usize = 12;
/// Rows in all.
const MOST: usize = 500;

/// The page.
#[must_use]
pub fn write(record: &Record, title: &str, harmless: &dyn Fn(&str) -> bool) -> String {
    let body = [
        head(record, title),
        failures(record),
        cards(record),
        timeline(record),
        modules(record),
        goals(record),
        tests(record),
        warnings(record, harmless),
        downloads(record),
        silences(record),
        format!("<p class=\"dim\">Made by onramp {}.</p>", escape(&record.onramp)),
    ];
    let title = escape(&format!("{title}: {}", how(record).0));
    let (before, after) = PAGE.split_once("@BODY@").unwrap_or((PAGE, ""));
    [before.replacen("@TITLE@", &title, 1), body.concat(), after.to_owned()].concat()
}

/// Text that is safe in an element and in a quoted attribute.
#[must_use]
pub fn escape(text: &str) -> String {
    let text = clean(text);
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

fn how(record: &Record) -> (String, &'static str) {
    let took = duration(record.seconds);
    match record.ending {
        Ending::Passed => (format!("built in {took}"), "passed"),
        Ending::Failed => (format!("failed after {took}"), "failed-build"),
        Ending::Stopped => (format!("stopped after {took}"), "stopped"),
    }
}

fn head(record: &Record, title: &str) -> String {
    let (how, class) = how(record);
    let asked = &record.asked;
    let mut facts = vec![format!("begun {}", when(record.started))];
    facts.push(format!("{} at a time", asked.threads));
    facts.extend(asked.jdk.map(|jdk| format!("JDK {jdk}")));
    facts.extend(asked.maven.as_ref().map(|maven| format!("Maven {maven}")));
    format!(
        "<h1>{}: <span class=\"{class}\">{}</span></h1>\n<p><code>mvn {}</code></p>\n<p \
         class=\"dim\">{}</p>\n",
        escape(title),
        escape(&how),
        escape(&asked.goals),
        escape(&facts.join(" \u{b7} "))
    )
}

/// Where and why it failed, and what to do: what who opens the page of such a build came for.
fn failures(record: &Record) -> String {
    let one = |failure: &Failure| {
        let rest = more(failure.errors_total, failure.errors.len());
        let rest = rest.map(|rest| format!("{rest}, in the log\n")).unwrap_or_default();
        let errors = failure.errors.iter().map(|error| escape(error) + "\n");
        let causes = failure.causes.iter().map(|reason| {
            let (cause, remedy) = (escape(&cause(reason)), escape(&reason.remedy));
            format!("<p><b>Cause</b> {cause}</p>\n<p><b>Remedy</b> {remedy}</p>\n")
        });
        let causes = match failure.causes.len() {
            0 => format!("<p><b>Cause</b> {UNKNOWN}</p>\n"),
            _ => causes.collect(),
        };
        format!(
            "<div class=\"failure\"><h3>{}</h3>\n<pre>{}{rest}</pre>\n{causes}</div>\n",
            escape(&place(record, failure)),
            errors.collect::<String>()
        )
    };
    let rest = more(record.failures.len(), MOST).map(|rest| format!("<p>{rest}</p>\n"));
    record.failures.iter().take(MOST).map(one).chain(rest).collect()
}

fn cards(record: &Record) -> String {
    let built = record.modules.iter().filter(|module| module.ending == ModuleEnding::Built).count();
    let of = record.chosen.unwrap_or(record.modules.len());
    let tests = record.tests.counts;
    let bad = tests.failed + tests.errors;
    let mut cards = vec![
        (format!("{built} of {of}"), "modules built".to_owned()),
        (
            duration(record.critical_seconds),
            "critical path: no number of threads is faster".to_owned(),
        ),
        downloaded(record),
        (
            record.warnings.different.len().to_string(),
            format!("different warnings in {} lines", record.warnings.lines),
        ),
    ];
    if record.tests.classes > 0 {
        cards.push((
            tests.run.to_string(),
            format!("tests, {bad} failed, {} skipped", tests.skipped),
        ));
    }
    let cards = cards.iter().map(|(number, text)| {
        format!(
            "<div class=\"card\"><b>{}</b><span>{}</span></div>\n",
            escape(number),
            escape(text)
        )
    });
    format!("<div class=\"cards\">\n{}</div>\n", cards.collect::<String>())
}

fn downloaded(record: &Record) -> (String, String) {
    let all = &record.downloads;
    let text = match all.files {
        0 => "files downloaded".to_owned(),
        _ => format!("files downloaded, {}, in {}", size(all.bytes), duration(all.seconds)),
    };
    (all.files.to_string(), text)
}

fn timeline(record: &Record) -> String {
    let picture = picture::draw(record);
    if picture.is_empty() {
        return String::new();
    }
    let legend = [
        ("path", "on the critical path"),
        ("compile", "compile"),
        ("test", "test"),
        ("check", "check"),
        ("package", "package and install"),
        ("other", "other goals"),
    ];
    let legend =
        legend.map(|(class, text)| format!("<span><i class=\"{class}\"></i>{text}</span>"));
    format!(
        "<h2>Timeline</h2>\n<p class=\"dim\">A lane for each thread; modules are bars, their goals lie \
         below. Rest the pointer on one to see what it is.</p>\n<div \
         class=\"scroll\">\n{picture}</div>\n<div class=\"legend\">{}</div>\n",
        legend.concat()
    )
}

/// A table of which the first rows stand open.
fn table(heading: &str, class: &str, columns: &str, rows: &[String]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let table = |rows: &[String]| {
        format!(
            "<div class=\"{class}\"><table><tr>{columns}</tr>\n{}</table></div>\n",
            rows.concat()
        )
    };
    let (open, rest) = rows.split_at(rows.len().min(OPEN));
    let rest = &rest[..rest.len().min(MOST)];
    let folded = if rest.is_empty() {
        String::new()
    } else {
        format!("<details><summary>{} more</summary>\n{}</details>\n", rest.len(), table(rest))
    };
    format!("<h2>{heading}</h2>\n{}{folded}", table(open))
}

fn modules(record: &Record) -> String {
    let critical: HashSet<&str> = record.critical_path.iter().map(String::as_str).collect();
    let mut modules: Vec<&Module> = record.modules.iter().collect();
    modules.sort_by(|a, b| b.seconds.total_cmp(&a.seconds));
    let longest = modules.first().map_or(1.0, |module| module.seconds).max(0.001);
    let row = |module: &&Module| {
        let on_path = critical.len() > 1 && critical.contains(module.artifact.as_str());
        let mut goals: Vec<_> = module.goals.iter().filter(|goal| goal.seconds >= 0.05).collect();
        goals.sort_by(|a, b| b.seconds.total_cmp(&a.seconds));
        let goals = goals
            .iter()
            .take(3)
            .map(|goal| format!("{} {}", short(&goal.goal), duration(goal.seconds)));
        let ending = match module.ending {
            ModuleEnding::Built => "",
            ModuleEnding::Failed => " <span class=\"failed-build\">failed</span>",
            ModuleEnding::Unfinished => " <span class=\"dim\">not finished</span>",
        };
        let mark = if on_path { "critical" } else { "" };
        let seconds = module.seconds;
        format!(
            "<tr><td class=\"text\">{}{ending}</td><td class=\"number\">{}</td><td><meter min=\"0\" \
             max=\"{longest:.3}\" value=\"{seconds:.3}\"></meter></td><td class=\"mark\">{mark}</td><td \
             class=\"dim\">{}</td></tr>\n",
            escape(&module.artifact),
            duration(seconds),
            escape(&goals.collect::<Vec<_>>().join(", "))
        )
    };
    let rows: Vec<String> = modules.iter().map(row).collect();
    let columns =
        "<th>Module</th><th class=\"number\">Time</th><th></th><th></th><th>Longest goals</th>";
    table("Modules", "wide", columns, &rows)
}

fn goals(record: &Record) -> String {
    let row = |goal: &crate::maven::record::GoalSum| {
        format!(
            "<tr><td><code>{}</code></td><td class=\"number\">{}</td><td class=\"number\">{}</td></tr>\n",
            escape(&goal.goal),
            duration(goal.seconds),
            goal.runs
        )
    };
    let rows: Vec<String> = record.goals.iter().map(row).collect();
    table(
        "Plug-ins",
        "narrow",
        "<th>Goal</th><th class=\"number\">Time</th><th class=\"number\">Runs</th>",
        &rows,
    )
}

fn tests(record: &Record) -> String {
    let row = |class: &crate::maven::surefire::Class| {
        let bad = class.counts.failed + class.counts.errors;
        let failed = if bad > 0 {
            format!("<span class=\"failed-build\">{bad} failed</span>")
        } else {
            String::new()
        };
        format!(
            "<tr><td class=\"text\"><code>{}</code> {failed}</td><td>{}</td><td class=\"number\">{}</td><td \
             class=\"number\">{}</td></tr>\n",
            escape(&class.name),
            escape(class.module.as_deref().unwrap_or("")),
            class.counts.run,
            duration(class.seconds)
        )
    };
    let failed = record.tests.failed.iter();
    let slowest = record.tests.slowest.iter();
    let slowest = slowest.filter(|class| class.counts.failed + class.counts.errors == 0);
    let rows: Vec<String> = failed.chain(slowest).map(row).collect();
    let columns = "<th>Class</th><th>Module</th><th class=\"number\">Tests</th><th class=\"number\">Time</th>";
    table("Tests: failed and slowest", "wide", columns, &rows)
}

fn warnings(record: &Record, harmless: &dyn Fn(&str) -> bool) -> String {
    let row = |warning: &&Warning| {
        let note = if harmless(&warning.text) {
            " <span class=\"dim\">(known to mean nothing)</span>"
        } else {
            ""
        };
        format!(
            "<tr><td class=\"number\">{}</td><td class=\"text\"><code>{}</code>{note}</td><td \
             class=\"text\">{}</td><td class=\"number\">{}</td></tr>\n",
            warning.count,
            escape(&warning.text),
            escape(warning.place.as_deref().or(warning.module.as_deref()).unwrap_or("")),
            warning.line
        )
    };
    let mut warnings: Vec<&Warning> = record.warnings.different.iter().collect();
    warnings.sort_by_key(|warning| harmless(&warning.text));
    let rows: Vec<String> = warnings.iter().map(row).collect();
    let columns = "<th class=\"number\">Times</th><th>Warning</th><th>First in</th><th class=\"number\">Log line</th>";
    table("Warnings", "wide", columns, &rows)
}

fn downloads(record: &Record) -> String {
    let row = |repository: &crate::maven::record::Repository| {
        format!(
            "<tr><td>{}</td><td class=\"number\">{}</td><td class=\"number\">{}</td></tr>\n",
            escape(&repository.id),
            repository.files,
            size(repository.bytes)
        )
    };
    let rows: Vec<String> = record.downloads.repositories.iter().map(row).collect();
    table(
        "Downloads",
        "narrow",
        "<th>Repository</th><th class=\"number\">Files</th><th class=\"number\">Size</th>",
        &rows,
    )
}

fn silences(record: &Record) -> String {
    let row = |silence: &crate::maven::record::Silence| {
        format!(
            "<tr><td class=\"number\">{}</td><td class=\"number\">{}</td><td class=\"text\">{}</td></tr>\n",
            duration(silence.from),
            duration(silence.seconds),
            silence.threads.iter().map(|line| escape(line)).collect::<Vec<_>>().join("<br>")
        )
    };
    let rows: Vec<String> = record.silences.iter().map(row).collect();
    table(
        "Times without a word",
        "wide",
        "<th class=\"number\">From</th><th class=\"number\">For</th><th>Threads</th>",
        &rows,
    )
}
