//! The shapes that the template of one project went through over the years, in our words: each is
//! read, filled and found in order.

use std::collections::BTreeMap;

use onramp::finding::Severity;
use onramp::pr::change::Change;
use onramp::pr::draft::{Draft, Request, Said, draft};
use onramp::pr::lint::{Remark, Subject, lint};
use onramp::pr::template::{Role, Template};
use onramp::profile::Titles;

use super::pr_draft::{request, two_commits};
use super::pr_kind::{change, commit};
use super::pr_template::{OLDEST, TODAY};

const OLD_TYPES: &str = "\
## Types of changes
<!--- Mark all the boxes that apply: -->
- [ ] Breaking change (users must act)
- [ ] New feature (something new)
- [ ] Bug fix (something mended)
- [ ] Enhancement (something better)
- [ ] Cleanup (the same in better code)

## Screenshots (if appropriate):

## How Has This Been Tested?

<!-- In detail -->
";

const LIST: &str = "
## Checklist:
<!--- Mark all the boxes that apply. -->
- [ ] I have read the guide.
- [ ] All tests passed.

<!-- remove if not needed -->
@robot package
";

const NEW_TYPES: &str = "\
### Description

This PR...
<!--- In detail -->

<!-- Fixes: # -->

<!--- MARK ONLY **ONE** BOX -->

### Types of changes

- [ ] Breaking change (users must act)
- [ ] New feature (something new)
- [ ] Bug fix (something mended)
- [ ] Enhancement (something better)
- [ ] Cleanup (the same in better code)
";

const WEIGHT: &str = "
### Feature/Enhancement Scale or Bug Severity

#### Feature/Enhancement Scale

- [ ] Major
- [ ] Minor

#### Bug Severity

- [ ] BLOCKER
- [ ] Critical
- [ ] Major
- [ ] Minor
- [ ] Trivial


### Screenshots (if appropriate):


### How Has This Been Tested?
<!-- In detail -->
";

const BREAKING: &str = "
#### How did you try to break this feature and the system with this change?

<!-- and the rest -->


<!-- Read the guide -->
";

/// The shapes, oldest first, each with what it is known for.
fn shapes() -> Vec<(&'static str, String)> {
    let described = "## Description\n<!--- In detail -->\n\n<!-- A bug: how to see it. -->\n\n";
    let issue = "## GitHub Issue/PRs\n<!-- uncomment the line -->\n\n<!-- Fixes: # -->\n\n";
    let boxes = "- [ ] build/CI\n- [ ] test (test code)\n";
    vec![
        ("the first, with a check list", format!("{described}{OLD_TYPES}{LIST}")),
        ("a section for issues", OLDEST.to_owned()),
        ("issues after types", format!("{described}{OLD_TYPES}\n{issue}{LIST}")),
        ("issues in the description", format!("{described}<!-- Fixes: # -->\n\n{OLD_TYPES}")),
        ("scale and severity", format!("{NEW_TYPES}{WEIGHT}")),
        ("how it was tried to break", format!("{NEW_TYPES}{WEIGHT}{BREAKING}")),
        ("boxes for build and tests", format!("{NEW_TYPES}{boxes}{WEIGHT}{BREAKING}")),
        ("today", TODAY.to_owned()),
    ]
}

fn drafted(template: &Template, change: &Change, said: &Said) -> Draft {
    draft(&Request { said, ..request(Some(template), change) }).unwrap()
}

fn remarks(template: &Template, body: &str) -> Vec<Remark> {
    let (titles, levels) = (Titles::default(), BTreeMap::new());
    let template = Some(template);
    lint(&Subject { title: None, body, template, screens: 0, titles: &titles, levels: &levels })
}

fn ticks(body: &str) -> Vec<String> {
    let roles = Template::read(body).lines.into_iter().map(|line| line.role);
    let ticked = roles.filter_map(|role| match role {
        Role::Tick(label, true) => Some(label.split(" (").next().unwrap().to_owned()),
        _ => None,
    });
    ticked.collect()
}

#[test]
fn every_shape_is_filled_for_a_bug_and_for_a_feature() {
    let feature = change(&[commit("1a2b3c4", "Support disks", "More of them.", &["A.java"])]);
    let bug = change(&two_commits());
    for (name, text) in shapes() {
        let template = Template::read(&text);
        let weighs = text.contains("Bug Severity");
        let said = |severity: &str, scale: &str| Said {
            severity: (weighs && !severity.is_empty()).then(|| severity.into()),
            scale: (weighs && !scale.is_empty()).then(|| scale.into()),
            ..Said::default()
        };
        let mended = drafted(&template, &bug, &said("critical", ""));
        let added = drafted(&template, &feature, &said("", "minor"));
        let wanted: &[&str] = if weighs { &["Bug fix", "Critical"] } else { &["Bug fix"] };
        assert_eq!(ticks(&mended.body), wanted, "{name}");
        let wanted: &[&str] = if weighs { &["New feature", "Minor"] } else { &["New feature"] };
        assert_eq!(ticks(&added.body), wanted, "{name}");
        assert!(mended.body.contains("\nFixes: #12345\n"), "{name}: {}", mended.body);
        for draft in [mended, added] {
            let sections = |text: &str| Template::read(text).sections().len();
            assert_eq!(sections(&draft.body), sections(&text), "{name}");
            for remark in remarks(&template, &draft.body) {
                assert!(remark.level < Severity::Error, "{name}: {remark:?} in {}", draft.body);
            }
        }
    }
}

#[test]
fn only_the_shapes_that_say_one_forbid_several() {
    for (name, text) in shapes() {
        let both = text.replacen("- [ ] New feature", "- [x] New feature", 1);
        let both = both.replacen("- [ ] Bug fix", "- [X] Bug fix", 1);
        let rules: Vec<&str> = remarks(&Template::read(&text), &both)
            .iter()
            .map(|remark| remark.rule.name())
            .filter(|rule| *rule == "several-ticked")
            .collect();
        let one = text.contains("ONE");
        assert_eq!(!rules.is_empty(), one, "{name}");
    }
}

#[test]
fn titles_with_a_line_below_them_are_headings() {
    let text =
        "Description\n===========\n\nThis PR...\n\nHow was this tested?\n---\n<!-- In detail -->\n";
    let template = Template::read(text);
    let titles: Vec<(usize, String)> =
        template.sections().into_iter().skip(1).map(|it| (it.level, it.title)).collect();
    assert_eq!(titles, [(1, "Description".into()), (2, "How was this tested?".into())]);
    let body = drafted(&template, &change(&two_commits()), &Said::default()).body;
    assert!(body.starts_with("Description\n===========\n\nResizing"), "{body}");
    assert!(body.contains("How was this tested?\n---\n\nTest files that"), "{body}");
    for other in ["text\nmore\n---\n", "- item\n---\n", "> quote\n===\n", "\n---\n", "a\n    ---\n"]
    {
        assert_eq!(Template::read(other).sections().len(), 1, "{other:?}");
    }
}
