//! What is handed over, as text: the address with title and text, and what goes to and comes from
//! `gh`.

use onramp::pr::compare::{Filled, Repository, Route, filled};
use onramp::pr::gh::{arguments, made, refusal};
use onramp::pr::shorten::shorten;
use proptest::prelude::*;

/// As much as GitHub takes.
const LIMIT: usize = 8191;

fn repository(owner: &str) -> Repository {
    Repository { owner: owner.into(), name: "cloudstack".into() }
}

fn route<R>(see: impl FnOnce(&Route<'_>) -> R) -> R {
    let (project, fork) = (repository("apache"), repository("ada"));
    see(&Route { project: &project, fork: &fork, base: "4.22", branch: "fix/x" })
}

fn page(title: &str, body: &str) -> Filled {
    route(|route| filled(route, title, body, "pr.md"))
}

/// A value of the address's query, as a server reads it.
fn value(address: &str, name: &str) -> Option<String> {
    let query = address.split_once('?').expect("a query").1;
    let (_, value) =
        query.split('&').filter_map(|pair| pair.split_once('=')).find(|(key, _)| *key == name)?;
    let mut bytes = Vec::new();
    let mut rest = value.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'+' => bytes.push(b' '),
            b'%' => {
                let digits = [rest.next().unwrap(), rest.next().unwrap()];
                let digits = std::str::from_utf8(&digits).unwrap().to_owned();
                bytes.push(u8::from_str_radix(&digits, 16).unwrap());
            }
            other => bytes.push(other),
        }
    }
    Some(String::from_utf8(bytes).expect("whole characters"))
}

#[test]
fn title_and_text_survive_the_way_through_an_address() {
    let body = "### Description\r\n\r\n50 % & more + \"quotes\" <b> #12 ✓ ß 𝄞\n";
    let page = page("a+b & c = d?", body);
    assert!(page.address.starts_with(
        "https://github.com/apache/cloudstack/compare/4.22...ada:fix/x?expand=1&title="
    ));
    assert_eq!(value(&page.address, "title").unwrap(), "a+b & c = d?");
    assert_eq!(value(&page.address, "body").unwrap(), body.replace("\r\n", "\n"));
    assert!(!page.cut && !page.untitled);
    assert!(page.address.bytes().all(|byte| byte.is_ascii_graphic()));
}

#[test]
fn a_text_too_long_is_cut_between_sections_and_says_so_on_top() {
    let section = |name: &str, letter: &str| format!("### {name}\n\n{}\n\n", letter.repeat(1000));
    // Two bytes and six once encoded.
    let body: String = ["One", "Two", "Three"].map(|name| section(name, "é")).concat();
    let page = page("T", &body);
    assert!(page.cut && page.address.len() <= LIMIT, "{}", page.address.len());
    let text = value(&page.address, "body").unwrap();
    let wanted = format!(
        "**This is not all of it:** put the text of `pr.md` here, in place of everything.\n\n{}",
        section("One", "é").trim_end()
    );
    assert_eq!(text, wanted);
}

#[test]
fn nothing_that_is_open_is_cut_through() {
    let filler = "x".repeat(200);
    let body = format!(
        "### A\n\n{filler}\n\n### B\n\n<!--\n### no heading\n-->\n```\n### none\n```\n\
         <details>\n\n### folded\n\n{filler}\n\n### too\n\n{filler}\n</details>\n\n### C\n{filler}\n"
    );
    let texts: Vec<String> = (100..=body.len())
        .map(|room| shorten(&body, "pr.md", room, &str::len).expect("room for the line").text)
        .collect();
    let mut ends: Vec<&str> =
        texts.iter().filter_map(|text| text.split_once("\n\n")).map(|(_, kept)| kept).collect();
    ends.dedup();
    let upto = |heading: &str| body[..body.find(heading).unwrap()].trim_end().to_owned();
    let whole = body.split_once("\n\n").unwrap().1;
    assert_eq!(ends, [&upto("### B"), &upto("### C"), whole]);
}

#[test]
fn a_text_without_a_place_to_cut_leaves_the_line_alone() {
    for body in ["é".repeat(9000), "<!-- ".repeat(5000), "# a\n".repeat(300_000)] {
        let page = page("T", &body);
        assert!(page.cut && page.address.len() <= LIMIT);
        let text = value(&page.address, "body").unwrap();
        assert!(text.starts_with("**This is not all of it:**"), "{text}");
    }
    assert_eq!(shorten("long enough", "pr.md", 5, &str::len), None);
}

#[test]
fn a_title_that_does_not_fit_is_left_out() {
    let page = page(&"ß".repeat(600), "text");
    assert!(page.untitled && value(&page.address, "title").is_none());
    assert_eq!(value(&page.address, "body").unwrap(), "text");
}

#[test]
fn the_name_of_the_file_cannot_break_out() {
    let short = shorten(&"x".repeat(500), "a`b](c)\n# d.md", 200, &str::len).unwrap();
    assert!(short.text.contains("``a`b](c)\\n# d.md``"), "{}", short.text);
    assert_eq!(short.text.lines().count(), 1);
}

proptest! {
    #[test]
    fn an_address_is_never_too_long_and_its_text_always_whole_characters(
        title in ".{0,400}",
        body in "(### [a-zé𝄞]{1,9}\n|[a-zé𝄞 <>&%+\r]{0,300}\n|<!--\n|-->\n|```\n|</?details>\n){0,60}",
    ) {
        let page = page(&title, &body);
        prop_assert!(page.address.len() <= LIMIT);
        let text = value(&page.address, "body").unwrap_or_default();
        let body = body.replace("\r\n", "\n");
        if !page.cut {
            prop_assert_eq!(text, body);
        } else if let Some((_, kept)) = text.split_once("\n\n") {
            prop_assert!(body.starts_with(kept));
        }
    }
}

#[test]
fn gh_is_told_each_value_in_a_word_of_its_own() {
    let words = route(|route| arguments(route, "--web; $(id)", "/r/request.md"));
    assert_eq!(
        words,
        [
            "pr",
            "create",
            "--repo=github.com/apache/cloudstack",
            "--base=4.22",
            "--head=ada:fix/x",
            "--title=--web; $(id)",
            "--body-file=/r/request.md",
        ]
    );
    let project = repository("apache");
    let own = Route { project: &project, fork: &project, base: "main", branch: "topic" };
    assert_eq!(arguments(&own, "T", "f")[4], "--head=topic");
}

#[test]
fn only_the_address_of_a_request_at_the_project_is_taken() {
    let read = |out: &str| route(|route| made(route, out));
    let address = "https://github.com/apache/cloudstack/pull/14300";
    assert_eq!(read(&format!("Creating…\n{address}\n")).as_deref(), Some(address));
    for other in [
        "",
        "https://github.com/apache/cloudstack/pull/",
        "https://github.com/apache/cloudstack/pull/1x",
        "https://github.com/apache/cloudstack/issues/1",
        "https://github.com/mallory/cloudstack/pull/1",
        "é https://example.org/apache/cloudstack/pull/1",
    ] {
        assert_eq!(read(other), None, "{other}");
    }
}

#[test]
fn what_gh_says_is_explained() {
    for (said, wanted, remedy) in [
        (
            "To get started with GitHub CLI, please run:  gh auth login\n",
            "gh is not signed in to GitHub (gh says: To get started with GitHub CLI, please run:  gh auth login)",
            "`gh auth login`",
        ),
        (
            "a pull request for branch \"ada:x\" into branch \"main\" already exists:\nhttps://github.com/apache/cloudstack/pull/7",
            "there is a request for this branch already (gh says: a pull request",
            "a push to the branch",
        ),
        (
            "pull request create failed: GraphQL: No commits between apache:main and ada:x (createPullRequest)",
            "the branch on your fork has nothing that the base lacks",
            "`git push`",
        ),
        (
            "pull request create failed: GraphQL: Head sha can't be blank, Base sha can't be blank, Head ref must be a branch (createPullRequest)",
            "GitHub does not find the branch on your fork",
            "`git push -u origin HEAD`",
        ),
        ("error connecting to api.github.com\n", "GitHub could not be reached", "`onramp check"),
        ("odd\u{1b}[31m\nat last\n\n", "gh gave up: at last", "`--open`"),
        ("", "gh gave up: it said nothing", "`--open`"),
    ] {
        let refusal = refusal(said);
        assert!(refusal.what.starts_with(wanted), "{said}: {}", refusal.what);
        assert!(refusal.remedy.starts_with(remedy), "{said}: {}", refusal.remedy);
        assert!(!refusal.what.contains('\u{1b}'));
    }
}
