//! Breaks every house rule on purpose and holds the sentence that explains it. Also shows that
//! prose, strings and what only looks alike break none.

use super::source::Source;
use super::{doors, guides, layers, modules, packs, paths, shape};

fn source(path: &str, text: &str) -> Source {
    Source::new(path, text)
}

/// The one complaint, whole.
#[track_caller]
fn one(complaints: &[String]) -> &str {
    assert_eq!(complaints.len(), 1, "{complaints:#?}");
    &complaints[0]
}

#[track_caller]
fn none(complaints: &[String]) {
    assert!(complaints.is_empty(), "{complaints:#?}");
}

#[test]
fn a_tool_that_imports_another_tool() {
    let broken = source("src/git/range.rs", "//! Ranges.\nuse crate::pgp::Keyring;\n");
    assert_eq!(
        one(&layers::complaints(&broken)),
        "src/git/range.rs:2: `git` may not import `pgp`: tools do not know each other: let the \
         probe or the command join the two"
    );
}

#[test]
fn a_lower_layer_that_imports_a_higher_one() {
    for text in [
        "use crate::cli::terminal::Terminal;",
        "use crate::{cli::terminal, text};",
        "fn say(t: &super::super::cli::terminal::Terminal) {}",
        "fn say() { crate::cli::terminal::render() }",
    ] {
        let broken = source("src/probe/tool.rs", text);
        assert_eq!(
            one(&layers::complaints(&broken)),
            "src/probe/tool.rs:1: `probe` may not import `cli`: a module imports only layers above \
             its own: hand the value or a trait down instead"
        );
    }
}

#[test]
fn an_engine_that_runs_backwards() {
    let broken = source("src/plan.rs", "use crate::profile::Profile;\nuse crate::judge::judge;\n");
    let complaints = layers::complaints(&broken);
    assert!(
        one(&complaints).starts_with("src/plan.rs:2: `plan` may not import `judge`: the engine")
    );
}

#[test]
fn outputs_that_know_each_other_and_modules_without_a_layer() {
    let broken = source("src/pr/draft.rs", "use crate::report::markdown;");
    assert!(one(&layers::complaints(&broken)).contains("outputs do not know each other"));
    let stray = source("src/cache.rs", "");
    assert!(one(&layers::complaints(&stray)).contains("the module `cache` is in no layer"));
    let hidden = source("src/probe/tool.rs", "use crate::Everything;");
    assert!(one(&layers::complaints(&hidden)).contains("is no module with a layer"));
}

#[test]
fn imports_that_go_the_right_way() {
    let fine = "//! Like `use crate::cli::x`.\n/// [`crate::cli`]\nuse crate::git::Repositories;\n\
                use super::Kind;\nconst S: &str = \"use crate::cli::x;\";\n";
    none(&layers::complaints(&source("src/probe/tool.rs", fine)));
    none(&layers::complaints(&source("src/finding.rs", "use crate::exit::Exit;")));
    none(&layers::complaints(&source("src/lib.rs", "pub mod cli;")));
}

#[test]
fn machines_touched_past_the_door() {
    for (text, name) in [
        ("use std::process::Command;", "std::process::Command"),
        ("use std::{env, io};", "std::env"),
        ("fn f() { let _ = std::fs::read(\"x\"); }", "std::fs::read"),
        ("use std::fs::{self, File as F};", "std::fs::self"),
        ("use std::os::unix::process::CommandExt;", "std::os::unix::process::CommandExt"),
        ("use rustix::fs::statvfs;", "rustix::fs::statvfs"),
    ] {
        let complaints = doors::complaints(&source("src/judge.rs", text));
        let wanted = format!(
            "src/judge.rs:1: uses `{name}`; only src/sys touches processes, files and \
             environment: take a `&dyn System` and ask it"
        );
        assert_eq!(complaints[0], wanted);
        none(&doors::complaints(&source("src/sys/real.rs", text)));
    }
}

#[test]
fn adapters_that_pass_through_more_than_their_own_door() {
    let everything = "use std::net::TcpStream;\nuse git2::Repository;\n\
                      use std::fs::File;\n";
    for (file, own) in [("src/net/tcp.rs", "std::net"), ("src/git/range.rs", "git2")] {
        let complaints = doors::complaints(&source(file, everything));
        assert_eq!(complaints.len(), 2, "{complaints:#?}");
        assert!(!complaints.iter().any(|what| what.contains(&format!("uses `{own}"))));
    }
}

#[test]
fn clocks_screens_and_disks_looked_at_behind_the_back_of_sys() {
    for (text, what) in [
        ("fn f() { let t = SystemTime::now(); }", "only src/sys knows the time of day"),
        ("fn f() { let t = jiff::Timestamp::now(); }", "ask `System::now`"),
        ("use std::io;\nfn f() { io::stdout(); }", "holds the standard streams"),
        ("use indicatif::ProgressBar;", "only src/cli draws on the screen"),
        ("fn f(p: &Path) -> bool { p.exists() }", "`.exists()` looks at the disk"),
        ("fn f(e: clap::Error) { e.print(); }", "`.print()` prints; only src/cli/terminal.rs"),
        ("fn f() { println!(\"x\"); }", "`println!` prints; only src/cli/terminal.rs prints"),
    ] {
        assert!(one(&doors::complaints(&source("src/report/human.rs", text))).contains(what));
    }
}

#[test]
fn what_only_looks_like_passing_a_door() {
    let fine = "use std::process::ExitCode;\nuse std::net::IpAddr;\nuse std::env::split_paths;\nuse console::strip_ansi_codes;\nuse std::io::Write;\n\
                // std::fs::read is for sys\nconst S: &str = r#\"println!(\"std::env\")\"#;\n\
                fn f(c: char) -> bool { c == '\"' } // \"println!\"\nfn sprint_print() {}\n\
                fn g<'a>(x: &'a str) -> &'a str { x }\n/* std::env /* nested */ git2:: */\n";
    none(&doors::complaints(&source("src/judge.rs", fine)));
    none(&doors::complaints(&source("src/main.rs", "use std::env::args_os;")));
    let other = doors::complaints(&source("src/main.rs", "use std::env::var;"));
    assert!(one(&other).contains("std::env::var"));
}

#[test]
fn files_without_purpose_or_measure() {
    let bare = shape::complaints(&source("src/judge.rs", "use x;\n"));
    assert!(one(&bare).starts_with("src/judge.rs:1: begin the file with a `//!` paragraph"));
    let long = format!("//! Long.\n{}", "// line\n".repeat(400));
    let long = shape::complaints(&source("src/judge.rs", &long));
    assert!(one(&long).starts_with("src/judge.rs:401: 401 lines, and 400 is the most"));
    let bag = shape::complaints(&source("src/git/utils.rs", "//! Things.\n"));
    assert!(one(&bag).starts_with("src/git/utils.rs:1: `utils` says nothing"));
}

#[test]
fn functions_beyond_measure() {
    let body = "    let x: [u8; 2] = f();\n".repeat(79);
    let long = format!("//! Long.\nfn short() {{}}\nfn long() -> [u8; 2] {{\n{body}}}\n");
    let complaints = shape::complaints(&source("src/judge.rs", &long));
    assert!(one(&complaints).starts_with("src/judge.rs:3: the function `long` has 81 lines"));
    let brace = format!("//! Fine.\nfn short() {{ \"{{\"; '{{'; }}\n{}", "//\n".repeat(90));
    none(&shape::complaints(&source("src/judge.rs", &brace)));
}

#[test]
fn work_left_undone() {
    for (line, what) in [
        ("fn f() { todo!() }", "`todo!` is not allowed"),
        ("#[ignore = \"slow\"]", "a test that does not run proves nothing"),
        ("fn f() { std::thread::sleep(d) }", "wait for the event itself"),
        ("// TODO: later", "`TODO` puts work off"),
    ] {
        let complaints = shape::complaints(&source("tests/x.rs", &format!("//! X.\n{line}\n")));
        assert!(one(&complaints).starts_with("tests/x.rs:2: "), "{complaints:?}");
        assert!(complaints[0].contains(what), "{complaints:?}");
    }
}

#[test]
fn a_forgotten_test_file() {
    let sources = [
        source("tests/main.rs", "mod units;\n#[path = \"odd/place.rs\"]\nmod odd;\n"),
        source("tests/units/mod.rs", "mod text;\n// mod lost;\n"),
        source("tests/units/text.rs", ""),
        source("tests/units/lost.rs", ""),
        source("tests/odd/place.rs", ""),
    ];
    let complaints = modules::complaints(&sources, &["tests/main.rs"]);
    assert!(one(&complaints).starts_with("tests/units/lost.rs:1: no `mod` line leads here"));
}

#[test]
fn a_check_without_cases_and_cases_without_a_check() {
    let path = |path: &str| vec![path.to_owned()];
    let complaints = packs::pairs(&path("a/machine/git.yaml"), &path("a/machine/got.yaml"));
    assert_eq!(complaints.len(), 2, "{complaints:#?}");
    assert!(complaints[0].starts_with("checks/a/machine/git.yaml:1: nothing shows that it works"));
    assert!(complaints[1].starts_with("tests/checks/a/machine/got.yaml:1: there is no check"));
}

#[test]
fn texts_of_a_check_out_of_style() {
    let check = "title: git is new.\nwhy: Old ones break\nsay: \"git \\e[1m{{ found.version }}\"\n\
                 when:\n- if: run.tree\n  say: there is no tree.\nfix:\n  any: git commit --no-verify\n";
    let complaints = packs::complaints("checks/a/b/c.yaml", check).join("\n");
    for wanted in [
        "checks/a/b/c.yaml:1: `title` ends in a full stop",
        "checks/a/b/c.yaml:2: `why` does not end in a full stop",
        "checks/a/b/c.yaml:3: `say` holds a control character",
        "checks/a/b/c.yaml:4: `when` ends in a full stop",
        "checks/a/b/c.yaml:7: `fix` goes round a rule with `--no-verify`",
    ] {
        assert!(complaints.contains(wanted), "{wanted}\n{complaints}");
    }
}

#[test]
fn a_guide_that_names_a_lost_file() {
    let files = ["src/sys/real.rs".to_owned()];
    let text =
        "See `src/sys/real.rs` and `src/sys`,\nnot `src/sys/gone.rs` or `checks/<pack>/x`.\n";
    let complaints = guides::complaints("README.md", text, &files);
    assert!(one(&complaints).starts_with("README.md:2: names `src/sys/gone.rs`"));
}

#[test]
fn use_trees_are_spelled_out() {
    let text = "use a::{b::{c, d as e}, f::*};\npub(crate) use g;\nfn h() { i::j::<K>::l(); }\n";
    let found = paths::named(&source("src/x.rs", text));
    let found: Vec<_> = found.iter().map(|path| path.names.join("::")).collect();
    assert_eq!(found, ["a::b::c", "a::b::d", "a::f::*", "g", "i::j"]);
}
