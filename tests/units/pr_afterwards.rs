//! What happens once a request is open: owners as GitHub reads them, labels as the bots do, and who
//! is new.

use onramp::pr::afterwards::{Ground, Newcomer, is_theirs, rows};
use onramp::pr::labels::{Labels, boring_cyborg, labeler};
use onramp::pr::owners::{Owned, owned};
use onramp::profile::Note;

fn files(paths: &[&str]) -> Vec<String> {
    paths.iter().map(|path| (*path).to_owned()).collect()
}

/// The owners of one path.
fn owners(codeowners: &str, path: &str) -> String {
    let owned = owned(codeowners, &files(&[path])).unwrap();
    owned.by_owner.into_keys().collect::<Vec<_>>().join(" ")
}

#[test]
fn the_last_line_that_fits_a_path_names_its_owners() {
    let text = "* @all\n*.js @js # scripts\n/build/ @build\napps/ @apps\ndocs/* docs@example.org\n\
                /lib/linstor @rp-\n/apps/quiet\n**/logs @logs\n/a/**/z @az @two\n";
    for (path, wanted) in [
        ("README.md", "@all"),
        ("src/x.js", "@js"),
        ("build/x.js", "@build"),
        ("src/build/x", "@all"),
        ("src/apps/deep/x.js", "@apps"),
        ("docs/start.md", "docs@example.org"),
        ("docs/more/start.md", "@all"),
        ("lib/linstor/src/A.java", "@rp-"),
        ("lib/linstor2/A.java", "@all"),
        ("apps/quiet/x", ""),
        ("apps/quieter", "@apps"),
        ("deep/logs/today", "@logs"),
        ("a/b/c/z", "@az @two"),
        ("a/z", "@az @two"),
    ] {
        assert_eq!(owners(text, path), wanted, "{path}");
    }
}

#[test]
fn lines_that_github_does_not_read_own_nothing() {
    let text = "# *.md @comment\n!docs @negated\n[ab].md @range\n/ @root\na{b,c} @braces\n\
                with\\ blank @blank\n*.txt not-an-owner\n";
    for (path, wanted) in [
        ("a.md", ""),
        ("docs", ""),
        ("ab", ""),
        ("a{b,c}", "@braces"),
        ("with blank", "@blank"),
        ("x.txt", ""),
        ("X.MD", ""),
    ] {
        assert_eq!(owners(text, path), wanted, "{path}");
    }
    assert_eq!(owned("", &files(&["a", "b"])).unwrap().unowned, 2);
    assert_eq!(owned(&"x @y\n".repeat(5001), &files(&["a"])), None, "no list that people keep");
}

#[test]
fn owners_are_counted_by_their_files() {
    let owned = owned("/a @one @two\n/b @one\n", &files(&["a/x", "b/y", "c"])).unwrap();
    assert_eq!(owned.by_owner["@one"], ["a/x", "b/y"]);
    assert_eq!(owned.by_owner["@two"], ["a/x"]);
    assert_eq!(owned.unowned, 1);
}

const CYBORG: &str = "labelPRBasedOnFilePath:
  component:api: [api/*, ./server/src/main/java/com/cloud/api/*]
  component:build: [pom.xml, '**/pom.xml']
  component:ipv6: ['**/Ipv6*']
  component:unit-test: ['../*Test.java']
  docs: ['*.md', '!CHANGES.md']
  one: only/this
firstPRWelcomeComment: >
  Welcome!
labelerFlags: { labelOnPRUpdates: true }
";

fn cyborg(paths: &[&str]) -> String {
    boring_cyborg(CYBORG, &files(paths)).unwrap().given.join(" ")
}

#[test]
fn boring_cyborg_reads_patterns_as_gitignore_does() {
    for (paths, wanted) in [
        (&["api/pom.xml"][..], "component:api component:build"),
        (&["api/src/main/java/deep/A.java"], "component:api"),
        (&["API/Src/A.java"], "component:api"),
        (&["x/api/A.java"], ""),
        (&["server/src/main/java/com/cloud/api/A.java"], ""),
        (&["net/src/Ipv6Address.java"], "component:ipv6"),
        (&["api2/src/test/ATest.java"], ""),
        (&["a/b.md"], "docs"),
        (&["CHANGES.md"], ""),
        (&["CHANGES.md", "README.md"], "docs"),
        (&["only/this/file"], "one"),
        (&[], ""),
    ] {
        assert_eq!(cyborg(paths), wanted, "{paths:?}");
    }
    let mut many = vec!["a"; 30];
    many.push("pom.xml");
    assert_eq!(cyborg(&many), "", "the bot sees the first 30 files");
    assert!(boring_cyborg(CYBORG, &[]).unwrap().greets);
    assert!(!boring_cyborg("labelPRBasedOnFilePath: {}\n", &[]).unwrap().greets);
    assert_eq!(boring_cyborg("labelPRBasedOnFilePath: [", &[]), None);
}

#[test]
fn labeler_is_read_before_and_since_its_fifth_version() {
    let old = "api: ['api/**']\nui: [ui/*.js, web/*.js]\nodd: ['!docs/**']\n";
    let new = "api:\n- changed-files:\n  - any-glob-to-any-file: ['api/**', 'a{b,c}/*']\n\
               one:\n- changed-files:\n  - any-glob-to-any-file: x\n\
               release:\n- base-branch: ['4.*']\n\
               all:\n- changed-files:\n  - all-globs-to-all-files: ['y']\n";
    let read = |config: &str, path: &str| {
        let Labels { given, unsure, .. } = labeler(config, &files(&[path])).unwrap();
        (given.join(" "), unsure.join(" "))
    };
    assert_eq!(read(old, "api/x/y.java"), ("api".into(), "odd".into()));
    assert_eq!(read(old, "ui/deep/x.js"), (String::new(), "odd".into()));
    assert_eq!(read(new, "api/x"), ("api".into(), "all release".into()));
    assert_eq!(read(new, "ac/x"), ("api".into(), "all release".into()));
    assert_eq!(read(new, "x"), ("one".into(), "all release".into()));
    assert_eq!(labeler("api: {", &[]), None);
}

#[test]
fn an_author_is_known_by_address_or_by_the_account_of_the_fork() {
    let theirs = |author: &str| is_theirs(author, Some("ada@lovelace.dev"), Some("ada"));
    for author in [
        "ada@lovelace.dev",
        "Ada@Lovelace.DEV",
        "ada@users.noreply.github.com",
        "12345+Ada@users.noreply.github.com",
    ] {
        assert!(theirs(author), "{author}");
    }
    for author in [
        "",
        "bob@lovelace.dev",
        "adam@users.noreply.github.com",
        "1+ada2@users.noreply.github.com",
        "ada@users.noreply.github.com.example.org",
    ] {
        assert!(!theirs(author), "{author}");
    }
    assert!(!is_theirs("", Some(""), None));
}

fn told(newcomer: &Newcomer, notes: &[Note]) -> String {
    let labels = Labels { given: vec!["component:api".into()], unsure: Vec::new(), greets: true };
    let ground = Ground {
        newcomer,
        files: 2,
        owners: Some((
            ".github/CODEOWNERS",
            Some(owned("/a @one\n", &files(&["a", "b"])).unwrap()),
        )),
        bots: vec![(".github/boring-cyborg.yml", Some(labels))],
        notes,
    };
    let rows = rows(&ground).into_iter().map(|(name, text)| format!("{name}: {text}\n"));
    rows.collect()
}

#[test]
fn newcomers_are_told_more_and_everybody_how_it_was_told() {
    let note = |about: &str, first| Note {
        about: about.into(),
        say: format!("{about} said"),
        source: "there".into(),
        first,
    };
    let notes = [note("review", false), note("silence", true)];
    let first = Newcomer::First("none of the 9 commits of upstream/main is by ada@x".into());
    assert_eq!(
        told(&first, &notes),
        "you: your first change here, as far as can be told: none of the 9 commits of \
         upstream/main is by ada@x\n\
         greeting: a bot greets whoever comes for the first time, in the words of \
         .github/boring-cyborg.yml\n\
         labels: component:api; a bot sets them by path (.github/boring-cyborg.yml)\n\
         owners: @one for a; nobody for 1 of 2 (.github/CODEOWNERS)\n\
         review: review said\nsilence: silence said\n"
    );
    let known = told(&Newcomer::Known("0123456789abcdef".into()), &notes);
    assert!(known.starts_with("you: you have changes here already, such as 0123456789\n"));
    assert!(!known.contains("greeting") && !known.contains("silence"), "{known}");
    let unsure = told(&Newcomer::Unsure("the history is cut".into()), &notes);
    assert!(unsure.contains("cannot be told: the history is cut") && unsure.contains("silence"));
}

#[test]
fn files_that_cannot_be_read_and_hostile_names_are_told_safely() {
    let owned =
        Owned { by_owner: [("@a\u{1b}[2J".to_owned(), files(&["x\ny", "z"]))].into(), unowned: 0 };
    let newcomer = Newcomer::Known("\u{1b}]0;x".into());
    let ground = Ground {
        newcomer: &newcomer,
        files: 2,
        owners: Some(("CODEOWNERS", Some(owned))),
        bots: vec![(".github/labeler.yml", None)],
        notes: &[],
    };
    let rows = rows(&ground);
    let text = format!("{rows:?}");
    assert!(!text.contains('\u{1b}') && !text.contains("x\ny"), "{text}");
    assert!(
        rows.iter()
            .any(|(_, text)| text == ".github/labeler.yml cannot be read, so none are foreseen")
    );
    let none = Ground { owners: Some(("CODEOWNERS", None)), ..ground };
    assert!(
        format!("{:?}", onramp::pr::afterwards::rows(&none)).contains("CODEOWNERS cannot be read")
    );
}
