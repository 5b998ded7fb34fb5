//! The timeline of a build as a picture: a lane for each thread, modules as bars in it, their goals
//! below, and the critical path marked. SVG text in, nothing drawn.

use std::collections::HashSet;
use std::fmt::Write;

use crate::maven::record::{Module, ModuleEnding, Record};
use crate::maven::recorder::short;
use crate::text::{duration, first_few};

use super::page::escape;

/// Width of the drawing beside the labels of the lanes, in pixels, unless there is too much in it: a
/// window of 1200 pixels shows all of it beside its own scroll bar.
const WIDTH: f64 = 1050.0;
/// The widest drawing; the page lets it scroll.
const WIDEST: f64 = 6000.0;
/// Pixels that a module of ordinary length should have.
const ORDINARY: f64 = 26.0;
/// Pixels left of time zero.
const LEFT: f64 = 34.0;
const TOP: f64 = 26.0;
const LANE: f64 = 50.0;
const BAR: f64 = 24.0;
const GOALS: f64 = 10.0;
/// Pixels of a character of a label.
const LETTER: f64 = 6.7;
/// Most modules drawn; more would be too much for a browser.
const MOST: usize = 3000;

/// What kind of work a goal is, which is its colour.
#[must_use]
pub(super) fn kind(goal: &str) -> &'static str {
    let goal = short(goal);
    let plugin = goal.split(':').next().unwrap_or_default();
    match plugin {
        "compiler" | "scala" | "kotlin" | "groovy" | "gmavenplus" | "aspectj" | "antlr4"
        | "jaxb2" => "compile",
        "surefire" | "failsafe" | "jacoco" => "test",
        "jar" | "war" | "ear" | "shade" | "assembly" | "source" | "bundle" | "spring-boot"
        | "install" | "deploy" | "javadoc" => "package",
        "checkstyle" | "apache-rat" | "rat" | "enforcer" | "pmd" | "spotbugs" | "japicmp"
        | "animal-sniffer" | "revapi" => "check",
        _ => "other",
    }
}

/// The picture; nothing where no module began.
#[must_use]
pub(super) fn draw(record: &Record) -> String {
    let modules = &record.modules[..record.modules.len().min(MOST)];
    if modules.is_empty() {
        return String::new();
    }
    let (lanes, count) = lanes(modules, record.asked.threads);
    let end =
        modules.iter().map(|module| module.from + module.seconds).fold(record.seconds, f64::max);
    let scale = Scale::of(modules, end.max(0.001));
    let (width, height) = (LEFT + scale.width + 16.0, TOP + LANE * count as f64 + 8.0);
    let mut svg = format!(
        "<svg class=\"timeline\" width=\"{width:.0}\" height=\"{height:.0}\" viewBox=\"0 0 {width:.0} \
         {height:.0}\" role=\"img\" aria-label=\"Timeline of the build\">\n"
    );
    axis(&mut svg, &scale, height);
    for lane in 0..count {
        let y = TOP + LANE * lane as f64 + BAR / 2.0 + 4.0;
        put(
            &mut svg,
            format_args!("<text class=\"lane\" x=\"4\" y=\"{y:.0}\">{}</text>\n", lane + 1),
        );
    }
    let prefix = prefix(modules);
    let critical: HashSet<&str> = record.critical_path.iter().map(String::as_str).collect();
    for (module, lane) in modules.iter().zip(&lanes) {
        let on_path = critical.len() > 1 && critical.contains(module.artifact.as_str());
        let label = module.artifact.strip_prefix(prefix).unwrap_or(&module.artifact);
        bar(&mut svg, module, label, &scale, TOP + LANE * *lane as f64, on_path);
    }
    svg.push_str("</svg>\n");
    svg
}

/// Writing to a String cannot fail.
fn put(svg: &mut String, what: std::fmt::Arguments<'_>) {
    let _ = svg.write_fmt(what);
}

/// The lane of each module, and their number: the first one that is free when it begins.
fn lanes(modules: &[Module], threads: usize) -> (Vec<usize>, usize) {
    let mut order: Vec<usize> = (0..modules.len()).collect();
    order.sort_by(|a, b| modules[*a].from.total_cmp(&modules[*b].from));
    let mut free: Vec<f64> = Vec::new();
    let mut lanes = vec![0; modules.len()];
    for at in order {
        let module = &modules[at];
        // Ends are Maven's own measure and may lie a little behind the next start.
        let open = free.iter().position(|end| *end <= module.from + 0.05);
        let earliest = || (0..free.len()).min_by(|a, b| free[*a].total_cmp(&free[*b]));
        let lane = open.or_else(|| if free.len() >= threads.max(1) { earliest() } else { None });
        let lane = lane.unwrap_or_else(|| {
            free.push(0.0);
            free.len() - 1
        });
        free[lane] = free[lane].max(module.from + module.seconds);
        lanes[at] = lane;
    }
    (lanes, free.len())
}

/// From seconds to pixels.
struct Scale {
    end: f64,
    width: f64,
}

impl Scale {
    fn of(modules: &[Module], end: f64) -> Self {
        let mut seconds: Vec<f64> = modules.iter().map(|module| module.seconds).collect();
        seconds.sort_by(f64::total_cmp);
        let median = seconds[seconds.len() / 2].max(end / 2000.0);
        Self { end, width: (end / median * ORDINARY).clamp(WIDTH, WIDEST) }
    }

    fn x(&self, seconds: f64) -> f64 {
        LEFT + (seconds / self.end).clamp(0.0, 1.0) * self.width
    }
}

/// What most names begin with, such as `cloud-`: it takes the room of what tells them apart.
fn prefix(modules: &[Module]) -> &str {
    let common = |start: &&str| {
        let count = modules.iter().filter(|module| module.artifact.starts_with(start)).count();
        count * 5 >= modules.len() * 4
    };
    // One that most share is the first's or the second's.
    let starts = modules.iter().take(2).flat_map(|module| {
        let dashes = module.artifact.match_indices('-');
        dashes.map(|(dash, _)| &module.artifact[..=dash])
    });
    let longest = starts.filter(common).max_by_key(|start| start.len());
    longest.filter(|_| modules.len() > 1).unwrap_or("")
}

fn axis(svg: &mut String, scale: &Scale, height: f64) {
    const STEPS: [f64; 15] =
        [0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0, 3600.0];
    let most = scale.width / 90.0;
    let step =
        STEPS.iter().copied().find(|step| scale.end / step <= most).unwrap_or(scale.end / most);
    let mut at = 0.0;
    while at <= scale.end {
        let x = scale.x(at);
        put(
            svg,
            format_args!(
                "<line class=\"tick\" x1=\"{x:.1}\" y1=\"{TOP}\" x2=\"{x:.1}\" y2=\"{height:.0}\"/>\
             <text class=\"tick\" x=\"{x:.1}\" y=\"{:.0}\">{}</text>\n",
                TOP - 10.0,
                label(at, step)
            ),
        );
        at += step;
    }
}

fn label(seconds: f64, step: f64) -> String {
    if step < 1.0 {
        return format!("{seconds:.1} s");
    }
    let whole = seconds.round() as u64;
    match whole {
        0..3600 => format!("{}:{:02}", whole / 60, whole % 60),
        _ => format!("{}:{:02}:{:02}", whole / 3600, whole % 3600 / 60, whole % 60),
    }
}

fn bar(svg: &mut String, module: &Module, name: &str, scale: &Scale, y: f64, on_path: bool) {
    let x = scale.x(module.from);
    let width = (scale.x(module.from + module.seconds) - x - 1.0).max(1.0);
    let ending = match module.ending {
        ModuleEnding::Built => "built",
        ModuleEnding::Failed => "failed",
        ModuleEnding::Unfinished => "unfinished",
    };
    let path = if on_path { " critical" } else { "" };
    put(
        svg,
        format_args!(
            "<g class=\"{ending}{path}\"><title>{}</title><rect class=\"bar\" x=\"{x:.1}\" y=\"{y:.1}\" \
         width=\"{width:.1}\" height=\"{BAR}\" rx=\"3\"/>",
            escape(&hover(module, on_path))
        ),
    );
    if let Some(text) = fitting(name, width - 8.0) {
        let (x, y) = (x + 4.0, y + BAR - 7.5);
        put(svg, format_args!("<text x=\"{x:.1}\" y=\"{y:.1}\">{}</text>", escape(&text)));
    }
    svg.push_str("</g>\n");
    for goal in &module.goals {
        let from = scale.x(goal.from).max(x);
        let to = scale.x(goal.from + goal.seconds).min(x + width);
        if to - from < 0.7 {
            continue;
        }
        put(
            svg,
            format_args!(
                "<rect class=\"goal {}\" x=\"{from:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{GOALS}\">\
             <title>{}</title></rect>\n",
                kind(&goal.goal),
                y + BAR + 2.0,
                (to - from - 0.4).max(0.4),
                escape(&format!(
                    "{}\n{} of {}",
                    goal.goal,
                    duration(goal.seconds),
                    module.artifact
                )),
            ),
        );
    }
}

fn hover(module: &Module, on_path: bool) -> String {
    let from = label(module.from, 1.0);
    let mut text = format!("{}\n{}, from {from}", module.name, duration(module.seconds));
    if module.fetching >= 1.0 {
        text.push_str(&format!("\nfetching files: {}", duration(module.fetching)));
    }
    if on_path {
        text.push_str("\non the critical path");
    }
    if !module.needs.is_empty() {
        text.push_str(&format!("\nwaited for {}", first_few(&module.needs, 6)));
    }
    text
}

/// The text as far as it has room; nothing where hardly any of it has.
fn fitting(text: &str, room: f64) -> Option<String> {
    let letters = (room / LETTER).max(0.0) as usize;
    if text.chars().count() <= letters {
        return Some(text.to_owned());
    }
    let cut: String = text.chars().take(letters.saturating_sub(1)).collect();
    (letters >= 5).then(|| format!("{cut}\u{2026}"))
}
