//! Templates as projects write them, and as nobody should.

use onramp::pr::template::{Edit, Role, Template, candidates, choose};
use proptest::prelude::*;

/// The shape CloudStack uses today, in our words.
pub(super) const TODAY: &str = "\
### Description

This PR...
<!--- Tell in detail what behaves differently now. -->

<!-- A feature: link its design and discussion. -->
<!-- A bug: what was expected, what happened, how to see it. -->

<!-- An issue named by \"Fixes: #<id>\" is closed with the merge -->
<!-- Fixes: # -->

<!--- *************************** -->
<!--- TOOLS READ THIS: TICK ONE -->
<!--- *************************** -->

### Types of changes

- [ ] Breaking change (existing users must act)
- [ ] New feature (something new)
- [ ] Bug fix (something mended)
- [ ] Enhancement (something better)
- [ ] Cleanup (the same in better code)
- [ ] Build/CI
- [ ] Test (unit or integration test code)

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

<!-- In detail, with your environment and what you ran -->

#### How did you try to break this feature and the system with this change?

<!-- and how it affects the rest -->

<!-- Read the [guide](https://example.org/guide) first -->
";

/// The first shape: other levels, no placeholder, five types and a checklist.
pub(super) const OLDEST: &str = "\
## Description
<!--- In detail -->

## Types of changes
<!--- Tick all that apply: -->
- [ ] Breaking change (existing users must act)
- [ ] New feature (something new)
- [ ] Bug fix (something mended)
- [ ] Enhancement (something better)
- [ ] Cleanup (may add test cases)

## GitHub Issue/PRs
<!-- Fixes: # -->

## Screenshots (if appropriate):

## How Has This Been Tested?
<!-- In detail -->

## Checklist:
- [ ] I have read the guide.
- [ ] All tests passed.

@robot package";

fn roles(text: &str) -> Vec<Role> {
    Template::read(text).lines.into_iter().map(|line| line.role).collect()
}

#[test]
fn sections_of_today() {
    let sections = Template::read(TODAY).sections();
    let seen: Vec<(usize, &str)> =
        sections.iter().map(|section| (section.level, section.title.as_str())).collect();
    let wanted = [
        (0, ""),
        (3, "Description"),
        (3, "Types of changes"),
        (3, "Feature/Enhancement Scale or Bug Severity"),
        (4, "Feature/Enhancement Scale"),
        (4, "Bug Severity"),
        (3, "Screenshots (if appropriate):"),
        (3, "How Has This Been Tested?"),
        (4, "How did you try to break this feature and the system with this change?"),
    ];
    assert_eq!(seen, wanted);
}

#[test]
fn lines_and_their_roles() {
    let heading = |level, title: &str| Role::Heading(level, title.into());
    assert_eq!(
        roles("# A #\n##B\n####### C\n#\n"),
        [heading(1, "A"), Role::Text, Role::Text, heading(1, "")]
    );
    assert_eq!(
        roles("<!-- a\n## no\n- [ ] no\n-->\n## yes"),
        [Role::Comment, Role::Comment, Role::Comment, Role::Comment, heading(2, "yes")]
    );
    assert_eq!(
        roles("````\n# no\n```\n<!--\n````\n# yes"),
        [Role::Code, Role::Code, Role::Code, Role::Code, Role::Code, heading(1, "yes")]
    );
    assert_eq!(
        roles("* [x] On (y)\n-[ ] no\n  - [ ] In"),
        [Role::Tick("On (y)".into(), true), Role::Text, Role::Tick("In".into(), false)]
    );
    assert_eq!(
        roles("This PR...\nThis sentence is long and trails off...\n<!-- Closes # -->"),
        [Role::Placeholder, Role::Text, Role::LinkPlace]
    );
    assert_eq!(roles("text <!-- a\nb --> c\n"), [Role::Text, Role::Text]);
}

#[test]
fn edits_keep_line_endings() {
    let template = Template::read("a\r\n- [ ] b\r\nc");
    let edits = [
        Edit::Tick(1, true),
        Edit::Insert(3, vec!["end".into()]),
        Edit::Replace(0, vec!["x".into(), "y".into()]),
    ];
    assert_eq!(template.with(&edits), "x\r\ny\r\n- [x] b\r\nc\r\nend\r\n");
    assert_eq!(template.with(&[Edit::Tick(1, false)]), "a\r\n- [ ] b\r\nc");
    assert_eq!(Template::read("").with(&[Edit::Insert(0, vec!["x".into()])]), "x\n");
}

#[test]
fn templates_are_found_where_github_looks() {
    assert!(candidates().contains(&"PULL_REQUEST_TEMPLATE.md".to_owned()));
    let tree = ["README.md", "docs/pull_request_template.md", "pull_request_template.md"];
    assert_eq!(choose(&tree, None), Some("pull_request_template.md"));
    assert_eq!(choose(&tree, Some("docs/PULL_REQUEST_TEMPLATE.md")), Some(tree[1]));
    assert_eq!(choose(&tree, Some("absent.md")), Some("pull_request_template.md"));
    let folder = [".github/PULL_REQUEST_TEMPLATE/b.md", ".github/pull_request_template/a.md", "x"];
    assert_eq!(choose(&folder, None), Some(".github/PULL_REQUEST_TEMPLATE/b.md"));
    assert_eq!(choose(&["docs/pull_request_template/deep/a.md"], None), None);
}

/// Text made of what matters in a template.
pub(super) fn any_template() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "### Description",
        "## Types of changes",
        "#### Bug Severity",
        "# How was this tested?",
        "### Screenshots",
        "## Issue",
        "- [ ] Bug fix (x)",
        "- [x] Test",
        "* [X] Cleanup",
        "This PR...",
        "<!-- Fixes: # -->",
        "<!-- a -->",
        "<!--",
        "-->",
        "```",
        "~~~~",
        "text",
        "@robot",
        "  ",
        "\t",
        "é\u{202e}",
        "    code",
        "===",
    ]);
    let ending = prop::sample::select(vec!["\n", "\n\n", "\r\n", " ", ""]);
    prop::collection::vec((piece, ending), 0..24)
        .prop_map(|parts| parts.into_iter().flat_map(|(piece, end)| [piece, end]).collect())
}

proptest! {
    #[test]
    fn reading_loses_nothing(text in any_template(), other in "[\\x00-\\x7fé]*") {
        for text in [text, other] {
            prop_assert_eq!(Template::read(&text).with(&[]), text);
        }
    }
}
