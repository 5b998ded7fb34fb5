//! Drafts that their author edited, joined with new ones.

use onramp::pr::edits::{Joined, join};
use onramp::pr::template::Template;
use proptest::prelude::*;

use super::pr_template::any_template;

const FIRST: &str = "## Description\n\nOne commit.\n\n## Types\n\n- [x] Bug\n- [ ] Test\n\n## Tested\n\n<!-- onramp: say it -->\n";

fn again(written: &[&str], edited: &str, new: &str) -> Joined {
    let written: Vec<String> = written.iter().map(|&text| text.to_owned()).collect();
    join(&written, edited, new)
}

#[test]
fn what_is_untouched_is_renewed_and_what_is_edited_stays() {
    let edited = FIRST.replace("<!-- onramp: say it -->", "On KVM.  \nTwice.");
    let new = FIRST.replace("One commit.", "Two commits.").replace("say it", "say what");
    let joined = again(&[FIRST], &edited, &new);
    assert_eq!(joined.text, edited.replace("One commit.", "Two commits."));
    assert_eq!(joined.kept.len(), 1);
    assert_eq!(
        (joined.kept[0].title.as_str(), joined.kept[0].news.as_slice()),
        ("Tested", &["<!-- onramp: say what -->".to_owned()][..])
    );
}

#[test]
fn edits_survive_three_regenerations() {
    let mut file = FIRST.replace("- [x] Bug\n- [ ] Test", "- [ ] Bug\n- [X] Test");
    file.push_str("\n## My own\n\nwords");
    let mut written = vec![FIRST.to_owned()];
    for count in ["Two", "Three", "Four"] {
        let new = FIRST.replace("One commit.", &format!("{count} commits."));
        let joined = join(&written, &file, &new);
        assert!(joined.text.contains(&format!("{count} commits.")), "{}", joined.text);
        assert!(joined.text.contains("- [ ] Bug\n- [X] Test"), "a tick stays: {}", joined.text);
        assert!(joined.text.ends_with("\n## My own\n\nwords"), "{}", joined.text);
        assert_eq!(joined.kept.len(), 1, "what onramp never wrote is nobody's news");
        written.push(new);
        file = joined.text;
    }
}

#[test]
fn sections_come_and_go() {
    let new = FIRST.replace("## Tested", "## Pictures\n\nnone\n\n## Tested");
    assert_eq!(again(&[FIRST], FIRST, &new).text, new, "a new one has its place");
    let without = FIRST.replace("## Types\n\n- [x] Bug\n- [ ] Test\n\n", "");
    assert_eq!(again(&[FIRST], &without, FIRST).text, without, "a removed one stays away");
    assert_eq!(
        again(&[FIRST], FIRST, &without).text,
        without,
        "so does one nobody writes any more"
    );
    let moved = "## Tested\n\nOn KVM.\n\n## Description\n\nOne commit.\n";
    let joined = again(&[FIRST], moved, &FIRST.replace("One", "Two"));
    assert_eq!(joined.text, "## Tested\n\nOn KVM.\n\n## Description\n\nTwo commit.\n\n");
    assert_eq!(again(&[FIRST], "", FIRST).text, "", "everything was removed");
}

#[test]
fn a_run_that_was_killed_lost_nothing() {
    // The record knows the new text already, and the file has the old one.
    let second = FIRST.replace("One", "Two");
    let third = FIRST.replace("One", "Three");
    assert_eq!(again(&[FIRST, &second], FIRST, &third).text, third);
    assert_eq!(again(&[FIRST, &second], &second, &third).text, third);
}

#[test]
fn line_ends_of_a_browser_are_no_edit() {
    let windows = FIRST.replace('\n', "\r\n");
    let new = FIRST.replace("One", "Two");
    assert_eq!(again(&[FIRST], &windows, &new).text, new.replace('\n', "\r\n"));
}

#[test]
fn headings_of_the_same_words_are_told_apart() {
    let twice = "## A\n\none\n\n## A\n\ntwo\n";
    let edited = "## A\n\none\n\n## A\n\nmine\n";
    let new = "## A\n\nONE\n\n## A\n\nTWO\n";
    assert_eq!(again(&[twice], edited, new).text, "## A\n\nONE\n\n## A\n\nmine\n");
}

proptest! {
    #[test]
    fn nothing_of_the_authors_is_lost(old in any_template(), edited in any_template(), new in any_template()) {
        let joined = again(&[&old], &edited, &new);
        let (page, out) = (Template::read(&edited), joined.text.clone());
        let known: Vec<&str> = old.lines().map(str::trim_end).collect();
        for line in &page.lines {
            let own = !line.text.trim().is_empty() && !known.contains(&line.text.trim_end());
            prop_assert!(!own || out.contains(&line.text), "{:?} of {edited:?} in {out:?}", line.text);
        }
    }

    #[test]
    fn the_same_draft_again_changes_nothing(old in any_template(), edited in any_template()) {
        let same = again(&[&old], &old, &old).text;
        prop_assert_eq!(same.trim_end(), old.trim_end());
        let once = again(&[&old], &edited, &old).text;
        let twice = again(&[&old], &once, &old).text;
        prop_assert_eq!(once, twice);
    }
}
