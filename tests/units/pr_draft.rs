//! Templates filled from changes, friendly and hostile.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use onramp::pr::assistance::Answer;
use onramp::pr::change::{Change, Commit};
use onramp::pr::draft::{Draft, Request, Said, Unoffered, draft};
use onramp::pr::lint::{Subject, lint};
use onramp::pr::template::{Role, Template};
use onramp::profile;

use super::pr_kind::{change, commit};
use super::pr_template::{OLDEST, TODAY};

/// Two commits as a careful newcomer writes them.
pub(super) fn two_commits() -> Vec<Commit> {
    vec![
        commit(
            "1a2b3c4d5e",
            "kvm: fix size of volumes resized while the VM is stopped",
            "Resizing a volume of a stopped VM stored the size in GiB where bytes\n\
             were expected, so `virsh vol-info` and the usage server disagreed.\n\n\
             Steps to see it:\n- stop the VM\n- resize its data disk to 20 GiB, as @reporter\n  did\n- list the usage\n\n    usage: 20 bytes\n\n\
             Fixes: #12345\nSigned-off-by: Ada <ada@example.org>\n",
            &["plugins/hypervisors/kvm/src/main/java/com/cloud/Resize.java"],
        ),
        commit(
            "6f7a8b9c0d",
            "kvm: test resizing a volume of a stopped VM",
            "",
            &["plugins/hypervisors/kvm/src/test/java/com/cloud/ResizeTest.java"],
        ),
    ]
}

/// Nothing said, and a project that asks for nothing.
pub(super) fn request<'a>(template: Option<&'a Template>, change: &'a Change) -> Request<'a> {
    static ASKS: LazyLock<profile::Request> = LazyLock::new(profile::Request::default);
    static SAID: LazyLock<Said> = LazyLock::new(Said::default);
    Request { template, asks: &ASKS, change, said: &SAID, evidence: &[] }
}

pub(super) fn drafted(template: &str, commits: &[Commit]) -> Draft {
    draft(&request(Some(&Template::read(template)), &change(commits))).unwrap()
}

fn ticks(body: &str) -> Vec<String> {
    let roles = Template::read(body).lines.into_iter().map(|line| line.role);
    roles
        .filter_map(|role| if let Role::Tick(label, true) = role { Some(label) } else { None })
        .collect()
}

pub(super) const FILLED: &str = r#"### Description

Resizing a volume of a stopped VM stored the size in GiB where bytes were expected, so `virsh vol-info` and the usage server disagreed.

Steps to see it:

- stop the VM
- resize its data disk to 20 GiB, as `@reporter` did
- list the usage

```
usage: 20 bytes
```

In 2 commits:

- kvm: fix size of volumes resized while the VM is stopped (1a2b3c4d5e)
- kvm: test resizing a volume of a stopped VM (6f7a8b9c0d)
<!--- Tell in detail what behaves differently now. -->

<!-- A feature: link its design and discussion. -->
<!-- A bug: what was expected, what happened, how to see it. -->

<!-- An issue named by "Fixes: #<id>" is closed with the merge -->
Fixes: #12345

<!--- *************************** -->
<!--- TOOLS READ THIS: TICK ONE -->
<!--- *************************** -->

### Types of changes

- [ ] Breaking change (existing users must act)
- [ ] New feature (something new)
- [x] Bug fix (something mended)
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

Not applicable: no file under `ui/` changed.

### How Has This Been Tested?

Test files that this change touches:

- `plugins/hypervisors/kvm/src/test/java/com/cloud/ResizeTest.java`

<!-- onramp: say how you tested: what you ran, where, and what you saw -->

<!-- In detail, with your environment and what you ran -->

#### How did you try to break this feature and the system with this change?

<!-- onramp: say what you tried to break it: wrong input, missing rights, a restart in between -->

<!-- and how it affects the rest -->

<!-- Read the [guide](https://example.org/guide) first -->
"#;

#[test]
fn two_commits_in_the_template_of_today() {
    let draft = drafted(TODAY, &two_commits());
    assert_eq!(draft.body, FILLED);
    assert_eq!(draft.title, "kvm: fix size of volumes resized while the VM is stopped");
    assert_eq!(draft.choice.name, "Bug fix");
    assert_eq!(draft.closes, ["#12345"]);
    assert!(draft.left.is_empty(), "the lint asks for the rest: {:?}", draft.left);
}

#[test]
fn the_oldest_shape_with_windows_line_endings() {
    let draft = drafted(&OLDEST.replace('\n', "\r\n"), &two_commits());
    assert!(
        draft
            .body
            .split_inclusive('\n')
            .all(|line| line.ends_with("\r\n") || !line.ends_with('\n'))
    );
    let body = draft.body.replace("\r\n", "\n");
    assert!(body.starts_with("## Description\n\nResizing a volume"), "{body}");
    assert!(body.contains("(6f7a8b9c0d)\n\n<!--- In detail -->\n\n## Types"), "{body}");
    assert!(body.contains("## GitHub Issue/PRs\nFixes: #12345\n\n## Screenshots"), "{body}");
    assert!(body.ends_with("- [ ] All tests passed.\n\n@robot package"), "{body}");
    assert_eq!(ticks(&body), ["Bug fix (something mended)"]);
}

#[test]
fn a_squashed_message_reads_like_one_list() {
    let body = "* one thing\n\n* another\n  of two lines\n\nCo-authored-by: B <b@example.org>\n\n* third\n\n---------\n\nCo-authored-by: A <a@example.org>";
    let draft =
        drafted("## Description\n", &[commit("1a2b3c4", "All of it (#123)", body, &["A.java"])]);
    assert_eq!(draft.body, "## Description\n\n- one thing\n- another of two lines\n- third\n");
    assert_eq!(draft.title, "All of it");
    assert!(draft.title_from.contains("without the number"), "{}", draft.title_from);
}

#[test]
fn a_table_in_a_message_stays_one() {
    let body = "Measured on two hosts:\n| host | took, by @ada |\n|:-----|---:|\n| one  | 3 s |\nThe \
                second\nfailed.\n| no table |\n| without dashes |\n";
    let draft = drafted("## Description\n", &[commit("1a2b3c4", "kvm: copy", body, &["A.java"])]);
    let wanted = "## Description\n\nMeasured on two hosts:\n\n| host | took, by `@ada` |\n|:-----|---:|\n| \
                  one | 3 s |\n\nThe second failed. | no table | | without dashes |\n";
    assert_eq!(draft.body, wanted);
}

#[test]
fn a_table_hides_nothing_and_reaches_nobody() {
    let of = |rows: &str| {
        let body = format!("| a | b |\n|---|---|\n{rows}");
        drafted("## Description\n", &[commit("1a2b3c4", "kvm: copy", &body, &["A.java"])]).body
    };
    // A bar ends a cell, and with it the code that somebody counts on.
    let said = of("| ` | @ada fixes #12 <!-- x --> ` |\n");
    assert!(said.contains("`@ada` `fixes #12` &lt;!-- x"), "{said}");
    // A browser leaves out what stands beside the last column.
    let said = of("| x | y | gone |\n");
    assert!(said.contains("| a | b | |---|---| | x | y | gone |"), "{said}");
    let many = of(&"| x | y |\n".repeat(50_000));
    assert!(many.len() > 400_000, "no table, and soon told");
}

#[test]
fn what_only_documents_needs_no_test() {
    let draft =
        drafted(TODAY, &[commit("1a2b3c4", "docs: name a port", "", &["README.md", "docs/a.rst"])]);
    let told = "Tested?\n\nNot applicable: only documentation changed.\n";
    assert!(draft.body.contains(told), "{}", draft.body);
    assert!(
        draft.body.contains("Changes 2 files:\n\n- `README.md`\n- `docs/a.rst`\n"),
        "{}",
        draft.body
    );
    assert_eq!(draft.body.matches("onramp:").count(), 1, "{}", draft.body);
}

#[test]
fn evidence_is_shown_as_recorded_and_nothing_else() {
    let (template, change) = (Template::read(TODAY), change(&two_commits()));
    let evidence = ["built on JDK 17: success in 12 min".to_owned()];
    let draft =
        draft(&Request { evidence: &evidence, ..request(Some(&template), &change) }).unwrap();
    let wanted = "Tested?\n\n- built on JDK 17: success in 12 min\n\nTest files that this change";
    assert!(draft.body.contains(wanted), "{}", draft.body);
    // A build is no test: the question stays open.
    assert!(draft.body.contains("<!-- onramp: say how you tested"), "{}", draft.body);
}

#[test]
fn a_template_of_boxes_alone_is_a_check_list() {
    let text = "Do this first:\n\n- [ ] Read the guide\n- [ ] Run the build\n";
    let (template, change) = (Template::read(text), change(&two_commits()));
    let evidence = ["Built: all of it".to_owned()];
    let draft =
        draft(&Request { evidence: &evidence, ..request(Some(&template), &change) }).unwrap();
    assert!(
        draft.body.ends_with(&format!("\n- Built: all of it\n\nFixes: #12345\n\n{text}")),
        "{}",
        draft.body
    );
    let (titles, levels) = (profile::Titles::default(), BTreeMap::new());
    let subject = Subject {
        title: None,
        body: &draft.body,
        template: Some(&template),
        screens: 0,
        titles: &titles,
        levels: &levels,
    };
    let rules: Vec<&str> = lint(&subject).iter().map(|remark| remark.rule.name()).collect();
    assert_eq!(rules, ["checklist-untouched"]);
}

#[test]
fn a_message_without_a_body_asks_for_one() {
    let draft = drafted(TODAY, &[commit("1a2b3c4", "ui: new icon", "", &["ui/src/Icon.vue"])]);
    assert!(
        draft.body.starts_with("### Description\n\nui: new icon\n\nChanges `ui/src/Icon.vue`.\n\n<!-- onramp: say what changes"),
        "{}",
        draft.body
    );
    assert!(draft.body.contains("before and after: 1 file of the user interface changed -->"));
    assert!(draft.body.contains("<!-- Fixes: # -->"));
}

#[test]
fn without_a_template_the_usual_sections() {
    let sections = ["Description".to_owned(), "How was this tested?".to_owned()];
    let change = change(&two_commits());
    let asks = profile::Request { sections: sections.to_vec(), ..profile::Request::default() };
    let draft = draft(&Request { asks: &asks, ..request(None, &change) }).unwrap();
    assert!(
        draft.body.starts_with("<!-- this tree brings no pull request template"),
        "{}",
        draft.body
    );
    assert!(draft.body.contains("\n### Description\n\nResizing"), "{}", draft.body);
    assert!(draft.body.contains("(6f7a8b9c0d)\n\nFixes: #12345\n\n### How was"), "{}", draft.body);
    assert_eq!(draft.choice.name, "Bug fix");
}

#[test]
fn the_author_has_the_last_word_on_the_type() {
    let (template, change) = (Template::read(TODAY), change(&two_commits()));
    for (asked, wanted) in
        [("build", "Build/CI"), ("ENHANCEMENT", "Enhancement"), ("feature", "New feature")]
    {
        let said = Said { kind: Some(asked.into()), ..Said::default() };
        let asked = Request { said: &said, ..request(Some(&template), &change) };
        let draft = draft(&asked).unwrap();
        assert_eq!(draft.choice.name, wanted);
        assert_eq!(ticks(&draft.body).len(), 1);
    }
    let said = Said { kind: Some("docs".into()), ..Said::default() };
    let docs = Request { said: &said, ..request(Some(&template), &change) };
    let Unoffered { offered, .. } = draft(&docs).unwrap_err();
    assert_eq!(offered.len(), 7);
}

#[test]
fn a_type_without_a_box_takes_the_nearest() {
    let draft =
        drafted(OLDEST, &[commit("1a2b3c4", "add a test", "", &["src/test/java/ATest.java"])]);
    assert_eq!(draft.choice.name, "Cleanup");
    assert_eq!(draft.choice.reason, "only tests changed; the template has no box for test");
}

#[test]
fn severity_and_scale_are_the_authors() {
    let (template, change) = (Template::read(TODAY), change(&two_commits()));
    let with = |said: &Said| draft(&Request { said, ..request(Some(&template), &change) });
    let major = Said { severity: Some("major".into()), ..Said::default() };
    assert_eq!(ticks(&with(&major).unwrap().body), ["Bug fix (something mended)", "Major"]);
    let odd = Said { severity: Some("huge".into()), ..Said::default() };
    let trouble = with(&odd).unwrap_err();
    assert_eq!((trouble.what, trouble.offered.len()), ("severity", 5));
    // What ticks the box of an enhancement is asked for its scale, whatever it is.
    let docs = vec![commit("1a2b3c4", "docs: name a port", "", &["README.md"])];
    let (docs, scale) =
        (super::pr_kind::change(&docs), Said { scale: Some("minor".into()), ..Said::default() });
    let ticked = draft(&Request { said: &scale, ..request(Some(&template), &docs) }).unwrap();
    assert_eq!(ticks(&ticked.body), ["Enhancement (something better)", "Minor"]);
    // A bug fix has no scale.
    let scale = Said { scale: Some("minor".into()), ..Said::default() };
    assert!(with(&scale).unwrap_err().offered.is_empty());
}

#[test]
fn assistance_is_told_as_the_author_says_and_the_template_asks() {
    let change = change(&two_commits());
    let section = "## Description\n\n## Was this written with generative AI tooling?\n<!-- Write 'Assisted-by: ' and the tool, or No -->\n";
    let boxed = "## Description\n\n- [ ] I used AI to create part of it. Which tool?\n- [ ] Run the build\n";
    let by = Answer::By("Tool <1.2>: the tests".into());
    let cases = [
        (
            section,
            Some(by.clone()),
            "tooling?\n\nAssisted-by: Tool &lt;1.2&gt;: the tests\n\n<!-- Write",
        ),
        (section, Some(Answer::No), "tooling?\n\nNo.\n\n<!-- Write"),
        (section, None, "tooling?\n\n<!-- onramp: say whether a tool wrote part of it"),
        (
            boxed,
            Some(by.clone()),
            "- [x] I used AI to create part of it. Which tool?\n  Generated-by: Tool",
        ),
        (boxed, Some(Answer::No), "- [ ] I used AI to create part of it. Which tool?\n- [ ] Run"),
        (
            "## Description\n",
            Some(by),
            "(6f7a8b9c0d)\n\nGenerated-by: Tool &lt;1.2&gt;: the tests\n",
        ),
    ];
    for (text, assistance, wanted) in cases {
        let template = Template::read(text);
        let said = Said { assistance, ..Said::default() };
        let draft = draft(&Request { said: &said, ..request(Some(&template), &change) }).unwrap();
        assert!(draft.body.contains(wanted), "{wanted:?} in {}", draft.body);
    }
}

#[test]
fn a_trailer_of_the_authors_own_is_their_answer() {
    let with = |foreign| {
        let body = "Text.\n\nGenerated-by: Tool 1.2\nSigned-off-by: Ada <ada@example.org>";
        let mut commit = commit("1a2b3c4", "fix it", body, &["A.java"]);
        commit.foreign = foreign;
        drafted("## Description\n", &[commit]).body
    };
    assert_eq!(with(false), "## Description\n\nText.\n\nGenerated-by: Tool 1.2\n");
    assert_eq!(with(true), "## Description\n\nText.\n");
}

#[test]
fn what_a_kind_of_change_needs_is_asked_for() {
    let feature = |files: &[&str]| change(&[commit("1a2b3c4", "Support more disks", "", files)]);
    let reminder = profile::Reminder {
        kinds: vec!["feature".into()],
        unless: Some("NOTES".into()),
        say: "add a line to NOTES".into(),
    };
    let reminders = [("notes".to_owned(), reminder)].into();
    let asks = profile::Request { reminders, ..profile::Request::default() };
    let template = Template::read(TODAY);
    let left = |change: &Change| {
        draft(&Request { asks: &asks, ..request(Some(&template), change) }).unwrap().left
    };
    assert_eq!(left(&feature(&["A.java"])), ["add a line to NOTES"]);
    assert!(left(&feature(&["A.java", "NOTES"])).is_empty());
    assert!(left(&change(&two_commits())).is_empty(), "a bug fix");
}
