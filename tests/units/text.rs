//! The print gate: nothing foreign reaches a screen raw.

use onramp::text::{clean, clean_line};
use proptest::prelude::*;

#[test]
fn escapes_become_visible() {
    assert_eq!(clean("a\u{1b}[31mb"), "a\\x1b[31mb");
    assert_eq!(clean("fine\nnext"), "fine\nnext");
    assert_eq!(clean_line("a\r\nb"), "a\\x0d\\nb");
    assert_eq!(clean("x\u{202e}y\u{9b}"), "x\\u{202e}y\\x9b");
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
