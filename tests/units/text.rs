//! The print gate: nothing foreign reaches a screen raw.

use onramp::cli::trouble::Trouble;
use onramp::text::{
    Line, Tone, clean, clean_line, first_few, shell_word, without_error_numbers, wrap, wrap_remedy,
};
use proptest::prelude::*;

#[test]
fn escapes_become_visible() {
    assert_eq!(clean("a\u{1b}[31mb"), "a\\x1b[31mb");
    assert_eq!(clean("fine\nnext"), "fine\nnext");
    assert_eq!(clean_line("a\r\nb"), "a\\x0d\\nb");
    assert_eq!(clean("x\u{202e}y\u{9b}"), "x\\u{202e}y\\x9b");
}

#[test]
fn only_what_a_shell_would_take_apart_is_quoted() {
    let cases = [
        ("user.email", "user.email"),
        ("-Drevision=4.20,x", "-Drevision=4.20,x"),
        ("git@github.com:ada/cloudstack.git", "git@github.com:ada/cloudstack.git"),
        ("Ada Lovelace <ada@calculus.org>", "'Ada Lovelace <ada@calculus.org>'"),
        ("it's", r"'it'\''s'"),
        ("$(id)", "'$(id)'"),
        ("~", "'~'"),
        ("", "''"),
    ];
    for (text, word) in cases {
        assert_eq!(shell_word(text), word);
    }
}

proptest! {
    #[test]
    fn nothing_raw_is_left(text in "\\PC*|[\\x00-\\x{a0}\\u{202a}-\\u{202e}]*") {
        let cleaned = clean(&text);
        prop_assert!(cleaned.chars().all(|c| c == '\n' || !c.is_control()));
    }
}

#[test]
fn a_recorded_machine_is_strict() {
    let mistake = onramp::sys::recorded::Recorded::read("cpus: 3").unwrap_err();
    assert!(mistake.contains("unknown field `cpus`"), "{mistake}");
    onramp::sys::recorded::Recorded::read("cores: 3").expect("a machine");
}

#[test]
fn rows_hang_below_the_first_word() {
    let rows = Line::plain("  – ").hanging(Tone::Dim, "one two three", 12);
    let rows: Vec<String> =
        rows.iter().map(|line| line.0.iter().map(|(_, text)| text.as_str()).collect()).collect();
    assert_eq!(rows, ["  – one two", "    three"]);
}

#[test]
fn words_break_and_commands_never_do() {
    let cases: [(&str, &[&str]); 7] = [
        (
            "make room there, or choose `onramp clone FOLDER`",
            &["make room there, or", "choose", "`onramp clone FOLDER`"],
        ),
        (
            "git config --global user.name  \"Your Name\" && x",
            &["git config --global user.name  \"Your Name\" && x"],
        ),
        (
            "if the work is yours, git config user.email ADDRESS",
            &["if the work is", "yours,", "git config user.email ADDRESS"],
        ),
        (
            "git rebase -i upstream/main, and put reword before it; git commit --amend -m \"a, b\"",
            &[
                "git rebase -i upstream/main,",
                "and put reword",
                "before it;",
                "git commit --amend -m \"a, b\"",
            ],
        ),
        (
            "sudo apt-get install openjdk-17-jdk (where it is not offered: Temurin)",
            &["sudo apt-get install openjdk-17-jdk", "(where it is not", "offered: Temurin)"],
        ),
        ("A=$HOME/jdk make everything again", &["A=$HOME/jdk make everything again"]),
        ("one\ntwo", &["one", "two"]),
    ];
    for (text, wanted) in cases {
        assert_eq!(wrap_remedy(text, 19), wanted, "{text}");
    }
}

proptest! {
    #[test]
    fn wrapping_keeps_every_word(text in "[a-c$`&git ]{0,60}", width in 1_usize..40) {
        let words = |text: &str| text.split_whitespace().map(String::from).collect::<Vec<_>>();
        prop_assert_eq!(words(&wrap(&text, width).join(" ")), words(&text));
        prop_assert_eq!(words(&wrap_remedy(&text, width).join(" ")), words(&text));
    }
}

#[test]
fn trouble_breaks_between_words_on_a_screen_only() {
    let said = |trouble: &Trouble, width| {
        let row = |line: &Line| line.0.iter().map(|(_, text)| text.as_str()).collect::<String>();
        trouble.lines(width).iter().map(row).collect::<Vec<_>>()
    };
    let trouble =
        Trouble::usage("one two three four\n  3 | key\n    ^^^").remedy("do as `a b c d e` says");
    let whole = ["onramp: one two three four", "  3 | key\n    ^^^", "  → do as `a b c d e` says"];
    assert_eq!(said(&trouble, None), whole);
    let broken = [
        "onramp: one two",
        "        three four",
        "  3 | key\n    ^^^",
        "  → do as",
        "    `a b c d e` says",
    ];
    assert_eq!(said(&trouble, Some(20)), broken);
}

#[test]
fn a_long_list_ends_with_a_number() {
    assert_eq!(first_few(&["a", "b\n"], 2), "a, b\\n");
    assert_eq!(first_few(&["a", "b", "c", "d"].map(str::to_owned), 2), "a, b and 2 more");
    assert_eq!(first_few::<&str>(&[], 2), "");
}

#[test]
fn numbers_of_errors_are_left_out() {
    let told = [
        ("a.log: No such file or directory (os error 2)", "a.log: No such file or directory"),
        ("x (os error 13), y (os error 2).", "x, y."),
        ("a file (os error x) and (os error )", "a file (os error x) and (os error )"),
        ("cut off (os error 2", "cut off (os error 2"),
    ];
    for (text, said) in told {
        assert_eq!(without_error_numbers(text), said);
    }
    assert_eq!(Trouble::failed("gone (os error 2)").what, "gone");
}
