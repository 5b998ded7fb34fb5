//! Mistakes in packs: each is found when the pack is read, with its line and a caret.

use std::sync::LazyLock;

use onramp::cli::workspace::vocabulary;
use onramp::pack::load::{File, Packs};
use onramp::pack::{Engine, Origin, Vocabulary};
use snapbox::{assert_data_eq, str};

static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(vocabulary);

fn problems(content: &str) -> String {
    let file = File {
        path: "mine/machine/try.yaml".into(),
        origin: Origin::Folder("packs".into()),
        content: content.to_owned().into(),
    };
    let packs = Packs::read(vec![file], &Engine::default(), || VOCABULARY.clone());
    packs.problems.iter().map(|problem| problem.to_string() + "\n").collect()
}

fn check(more: &str) -> String {
    format!(
        "title: git is there\nseverity: error\nprobe: {{ tool: git }}\nwhy: Because.\nsource: us\n{more}"
    )
}

#[test]
fn a_good_check_has_no_problems() {
    assert_eq!(problems(&check("pass: found.present\nsay: git {{ found.version }}\n")), "");
}

#[test]
fn an_unknown_key_is_shown_with_a_caret() {
    assert_data_eq!(
        problems(&check("pass: true\nsya: git\n")),
        str![[r#"
packs/mine/machine/try.yaml: line 7 column 1: unknown field `sya`, expected one of [..]
 --> packs/mine/machine/try.yaml:7:1
  |
5 | source: us
6 | pass: true
7 | sya: git
  | ^ unknown field `sya`, expected one of [..]
  did you mean `say`?

"#]]
    );
}

#[test]
fn a_name_nobody_provides_is_shown_with_what_was_meant() {
    assert_data_eq!(
        problems(&check("pass: found.verson is version(\">=2\")\nsay: git {{ fond.path }}\n")),
        str![[r#"
packs/mine/machine/try.yaml:6:7: `found.verson`: there is no `verson`; did you mean `version`?
  |
6 | pass: found.verson is version(">=2")
  |       ^^^^^^^^^^^^
packs/mine/machine/try.yaml:7:13: nobody provides `fond`; did you mean `found`?
  |
7 | say: git {{ fond.path }}
  |             ^^^^^^^^^

"#]]
    );
}

#[test]
fn an_unknown_probe_and_argument_are_named() {
    let unknown = check("pass: true\nsay: git\n").replace("{ tool: git }", "{ tol: git }");
    assert!(
        problems(&unknown).contains("there is no probe `tol`; did you mean `tool`?"),
        "{}",
        problems(&unknown)
    );
    let argument = check("pass: true\nsay: git\n")
        .replace("{ tool: git }", "{ tool: { name: git, versoin: x } }");
    assert!(
        problems(&argument).contains("probe `tool` takes no `versoin`"),
        "{}",
        problems(&argument)
    );
    let none = check("pass: true\nsay: git\n").replace("{ tool: git }", "{ tool: {} }");
    assert!(problems(&none).contains("probe `tool` needs `name`"), "{}", problems(&none));
}

#[test]
fn broken_expressions_point_into_the_line() {
    let shown = problems(&check("pass: found.present and\nsay: git\n"));
    assert!(shown.contains("try.yaml:6:"), "{shown}");
    assert!(shown.contains("6 | pass: found.present and"), "{shown}");
}

#[test]
fn item_needs_each_and_each_needs_a_list() {
    let shown = problems(&check("pass: it.good\nsay: git\n"));
    assert!(shown.contains("`it` needs `each`"), "{shown}");
    let shown = problems(&check("each: found.present\npass: true\nsay: git\n"));
    assert!(shown.contains("`each` needs a list"), "{shown}");
}

#[test]
fn wrong_types_and_duplicate_keys_are_refused() {
    assert!(
        problems(&check("pass: [true]\nsay: git\n")).contains("6"),
        "{}",
        problems(&check("pass: [true]\nsay: git\n"))
    );
    let shown = problems(&check("pass: true\npass: false\nsay: git\n"));
    assert!(shown.contains("duplicate"), "{shown}");
}

#[test]
fn all_mistakes_come_at_once() {
    let shown = problems(&check("pass: a\nsay: \"{{ b }}\"\nok: \"{{ c }}\"\n"));
    assert_eq!(shown.matches("nobody provides").count(), 3, "{shown}");
}

#[test]
fn a_filter_or_test_that_there_is_not_is_found_when_the_pack_is_read() {
    let text = "pass: found.version | lenght > 0 and found.present is not tru\n\
                say: it's there | this is fine {{ found.version | uper }}\n";
    assert_data_eq!(
        problems(&check(text)),
        str![[r#"
packs/mine/machine/try.yaml:6:23: there is no filter `lenght`
  |
6 | pass: found.version | lenght > 0 and found.present is not tru
  |                       ^^^^^^
packs/mine/machine/try.yaml:6:59: there is no test `tru`
  |
6 | pass: found.version | lenght > 0 and found.present is not tru
  |                                                           ^^^
packs/mine/machine/try.yaml:7:51: there is no filter `uper`
  |
7 | say: it's there | this is fine {{ found.version | uper }}
  |                                                   ^^^^

"#]]
    );
}
