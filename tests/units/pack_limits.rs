//! What a pack may ask of the machine that reads it: YAML that unfolds, expressions that never end
//! or would fill the memory, patterns that explode, nesting without end.

use std::time::{Duration, Instant};

use onramp::cli::workspace::vocabulary;
use onramp::finding::{Finding, Outcome};
use onramp::judge::Judge;
use onramp::pack::load::{File, Packs};
use onramp::pack::vocabulary::{NoPlugins, Plugins, ProbeShape};
use onramp::pack::{Engine, Origin, Vocabulary};
use onramp::plan::Context;
use onramp::probe::plugin;
use serde_json::{Value, json};

/// Any probe is there, and its data are free.
#[derive(Debug)]
struct Free;

impl Plugins for Free {
    fn shape(&self, _name: &str) -> Option<ProbeShape> {
        Some(plugin::shape(None))
    }

    fn names(&self) -> Vec<String> {
        Vec::new()
    }
}

fn read(content: &str) -> Packs {
    let file = File {
        path: "mine/machine/try.yaml".into(),
        origin: Origin::Folder("packs".into()),
        content: content.to_owned().into(),
    };
    Packs::read(vec![file], &Engine::default(), || Vocabulary { plugins: &Free, ..vocabulary() })
}

fn check(more: &str) -> String {
    format!("title: t\nseverity: error\nprobe: {{ free: {{}} }}\nwhy: w\nsource: s\n{more}")
}

#[track_caller]
fn problems(content: &str) -> String {
    let start = Instant::now();
    let packs = read(content);
    assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
    packs.problems.iter().map(|problem| problem.to_string() + "\n").collect()
}

/// What becomes of a check that is read without a problem, over these data.
#[track_caller]
fn judged(content: &str, found: Value) -> Vec<Finding> {
    let packs = read(content);
    assert!(packs.problems.is_empty(), "{}", packs.problems[0]);
    let engine = Engine::default();
    let context = Context::new(&json!({}), &json!({}), &json!({}));
    let judge = Judge { engine: &engine, context: &context, family: "debian" };
    judge.judge(&packs.checks["mine/machine/try"], &Ok(found))
}

#[track_caller]
fn unknown(more: &str, found: Value, says: &str) {
    let start = Instant::now();
    for finding in judged(&check(more), found) {
        assert_eq!(finding.outcome, Outcome::Unknown, "{}", finding.text);
        assert!(finding.text.contains(says), "{}", finding.text);
    }
    assert!(start.elapsed() < Duration::from_secs(30), "{:?}", start.elapsed());
}

const STEPS: &str = "cannot be worked out in the steps a check may take";

#[test]
fn yaml_that_unfolds_is_refused() {
    let mut bomb =
        String::from("title: t\nseverity: error\nwhy: w\nsource: s\npass: true\nsay: s\n");
    bomb.push_str("probe:\n  tool:\n    a: &a [x, x, x, x, x, x, x, x, x]\n");
    for (name, above) in ('b'..='k').zip('a'..='j') {
        let all = format!("*{above}, ").repeat(9);
        bomb.push_str(&format!("    {name}: &{name} [{all}]\n"));
    }
    let shown = problems(&bomb);
    assert!(shown.contains("limit") || shown.contains("budget"), "{shown}");
    assert!(shown.starts_with("packs/mine/machine/try.yaml: "), "{shown}");
}

#[test]
fn yaml_that_nests_without_end_is_refused() {
    for (open, close) in [("[", "]"), ("{ a: ", "}")] {
        let nested = format!("{}x{}", open.repeat(20_000), close.repeat(20_000));
        let shown = problems(&check(&format!("pass: true\nsay: s\nfix: {nested}\n")));
        assert!(shown.contains("packs/mine/machine/try.yaml"), "{shown}");
    }
    let steps: String = (0..2_000).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    assert!(!problems(&steps).is_empty());
}

#[test]
fn a_condition_that_never_ends_is_unknown() {
    let found = json!({ "all": (0..3_000).collect::<Vec<u32>>() });
    let endless = "say: >-\n  {% for a in found.all %}{% for b in found.all %}{% for c in found.all %}\n  \
                   {% if a + b == c %}x{% endif %}{% endfor %}{% endfor %}{% endfor %}\npass: true\n";
    unknown(endless, found.clone(), STEPS);
    // Asked of each item, all of them together have an end, too.
    let endless = "each: found.all\nsay: >-\n  {% for b in found.all %}{% for c in found.all %}\n  \
                   {% if it + b == c %}x{% endif %}{% endfor %}{% endfor %}\npass: true\n";
    unknown(endless, found, STEPS);
}

#[test]
fn text_that_would_fill_the_memory_is_unknown() {
    for text in [
        "'x' * 1000000000",
        "('x' * 60000000) ~ ('x' * 60000000)",
        "(found.text | replace('x', found.text) | replace('x', found.text) | replace('x', found.text))",
        "(found.text | list | join(found.text * 1000000))",
    ] {
        let found = json!({ "text": "x".repeat(1_000) });
        unknown(&format!("pass: \"({text}) == 'x'\"\nsay: s\n"), found, STEPS);
    }
    let shown = problems(&check("pass: range(1000000000) == 1\nsay: s\n"));
    assert!(shown.contains("nobody provides `range`"), "{shown}");
    let shown = problems(&check("pass: true\nsay: '{{ cycler(1) }}'\n"));
    assert!(shown.contains("nobody provides `cycler`"), "{shown}");
}

#[test]
fn what_people_write_stays_far_below_the_limits() {
    let all: Vec<Value> = (0..5_000).map(|n| json!({ "file": format!("a/{n}"), "n": n })).collect();
    let whole = "pass: found.all | selectattr('n', 'ge', 10) | map(attribute='file') | unique | list | length == 4990\nsay: s\n";
    assert_eq!(judged(&check(whole), json!({ "all": &all }))[0].outcome, Outcome::Pass);
    let each = "each: found.all\npass: it.file is startingwith('a/') and it.n < 5000\nsay: \"{{ it.file }}\"\n";
    let findings = judged(&check(each), json!({ "all": all }));
    assert!(findings.iter().all(|finding| finding.outcome == Outcome::Pass), "{findings:?}");
}

#[test]
fn expressions_that_nest_without_end_are_refused() {
    for deep in [
        format!("{}1{} == 1", "(".repeat(60_000), ")".repeat(60_000)),
        format!("{}true", "not ".repeat(50_000)),
        format!("{}1 == 1", "-".repeat(100_000)),
        format!("1{} == 1", "+1".repeat(80_000)),
        format!("true{}", " and true".repeat(20_000)),
        format!("found{} == 1", ".a".repeat(80_000)),
        format!("found.a{} == 1", "|upper".repeat(30_000)),
        format!("{}1{} == 1", "[".repeat(60_000), "]".repeat(60_000)),
        format!("true{}", " if true else true".repeat(10_000)),
    ] {
        let shown = problems(&check(&format!("pass: {}\nsay: s\n", json!(deep))));
        assert!(shown.contains("try.yaml:6:"), "{}", &shown[..shown.len().min(500)]);
        assert!(shown.len() < 10_000, "{} bytes", shown.len());
        let shown =
            problems(&check(&format!("pass: true\nsay: {}\n", json!(format!("{{{{ {deep} }}}}")))));
        assert!(shown.contains("try.yaml:7:"), "{}", &shown[..shown.len().min(500)]);
        let shown = problems(&check("pass: true\nsay: s\n").replace(
            "{ free: {} }",
            &format!("{{ free: {{ a: {} }} }}", json!(format!("{{{{ {deep} }}}}"))),
        ));
        assert!(shown.contains("try.yaml:3:"), "{}", &shown[..shown.len().min(500)]);
    }
    // Just short enough to be read: every kind of nesting has room on the stack.
    for deep in [
        format!("1{} == 1", "+1".repeat(3_990)),
        format!("true{}", " and true".repeat(880)),
        format!("found{} == 1", ".a".repeat(3_900)),
        format!("'a'{} == 1", "|upper".repeat(1_300)),
        format!("true{}", " if true else true".repeat(400)),
        format!("{}true", "not ".repeat(1_900)),
        format!("1{}", " < 2".repeat(1_900)),
    ] {
        let content =
            check(&format!("pass: {}\nsay: {}\n", json!(deep), json!(format!("{{{{ {deep} }}}}"))));
        let packs = read(&content);
        if packs.problems.is_empty() {
            judged(&content, json!({}));
        }
    }
    let ifs = format!("{}x{}", "{% if true %}".repeat(9_000), "{% endif %}".repeat(9_000));
    assert!(!problems(&check(&format!("pass: true\nsay: {}\n", json!(ifs)))).is_empty());
}

#[test]
fn a_pattern_looks_for_text_in_line_with_its_length() {
    let look = |pattern: &str, text: &str| {
        let pass = format!("found.text is matching({pattern})");
        let content = check(&format!("pass: {}\nsay: s\n", json!(pass)));
        judged(&content, json!({ "text": text }))[0].clone()
    };
    assert_eq!(look(r#""^v\d+\.\d+$""#, "v1.20").outcome, Outcome::Pass);
    assert_eq!(look(r#""^v\d+\.\d+$""#, "1.20").outcome, Outcome::Fail);
    assert_eq!(look(r#"'(?i-u)LICEN[CS]E'"#, "the licence").outcome, Outcome::Pass);
    assert_eq!(look(r#""\\bcat\\b""#, "a cat sat").outcome, Outcome::Pass);
    // Others need longer than the sun will shine for this one.
    let start = Instant::now();
    assert_eq!(look(r#""^(a+)+$""#, &("a".repeat(500_000) + "b")).outcome, Outcome::Fail);
    assert!(start.elapsed() < Duration::from_secs(10));
    // Put together when it is asked: an unknown, for nobody could see it before.
    let finding = look("found.text", "(");
    assert_eq!(finding.outcome, Outcome::Unknown);
    assert!(
        finding.text.contains("the pattern cannot be read: unclosed group"),
        "{}",
        finding.text
    );
    let finding =
        &judged(&check("pass: found.text is matching('a')\nsay: s\n"), json!({ "text": null }))[0];
    assert_eq!(finding.outcome, Outcome::Unknown);
    assert!(finding.text.contains("`matching` needs a text, and this is none"), "{}", finding.text);
}

#[test]
fn a_pattern_that_cannot_be_is_shown_with_a_caret() {
    let shown = problems(&check("pass: found.text is matching(\"a(b\")\nsay: s\n"));
    let wanted = "packs/mine/machine/try.yaml:6:30: the pattern cannot be read: unclosed group\n  |\n\
                  6 | pass: found.text is matching(\"a(b\")\n  |                              ^^^^^\n";
    assert_eq!(shown, wanted);
    for (pattern, says) in [
        ("(((a{1000}){1000}){1000})", "the pattern is too large: let it repeat less"),
        ("(?i)a", "write `(?i-u)` for `(?i)`"),
        (r"\bcat", r"write `\\b` for the edge of a word"),
        ("(?=a)", "look-around"),
    ] {
        let pass = format!("found.text is matching('{pattern}')");
        let shown = problems(&check(&format!("pass: {}\nsay: s\n", json!(pass))));
        assert!(shown.contains(says), "{pattern} {shown}");
        let shown =
            problems(&check(&format!("pass: true\nsay: {}\n", json!(format!("{{{{ {pass} }}}}")))));
        assert!(shown.contains(says), "{shown}");
    }
}

#[test]
fn a_time_limit_is_from_a_second_to_ten_minutes() {
    for deadline in ["0", "601", "18446744073709551615"] {
        let shown = problems(&check(&format!("pass: true\nsay: s\ndeadline: {deadline}\n")));
        assert!(shown.contains("try.yaml:8:11: a probe may take from 1 to 600 seconds"), "{shown}");
    }
    assert!(problems(&check("pass: true\nsay: s\ndeadline: -1\n")).contains("try.yaml"));
}

#[test]
fn a_schema_that_unfolds_counts_as_free_data() {
    let fields: Value =
        (0..20).map(|n| (format!("f{n}"), json!({ "$ref": "#/$defs/a" }))).collect();
    let schema = json!({ "$ref": "#/$defs/a", "$defs": { "a": { "properties": fields } } });
    let description =
        plugin::Description { title: String::new(), arguments: None, found: Some(schema) };
    let start = Instant::now();
    let shape = plugin::shape(Some(&description));
    assert!(start.elapsed() < Duration::from_secs(5));
    assert!(shape.found.follow("f1.f2").is_ok());
    assert!(shape.found.follow("present").is_ok());
    assert!(shape.found.follow("g").is_err());
    assert!(NoPlugins.shape("any").is_none());
}
