//! `onramp pr` with files: what it writes, refuses and says.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;

use onramp::cli::Session;
use onramp::cli::pr::afterwards::Prospect;
use onramp::cli::pr::lint::remarks;
use onramp::cli::pr::said::SaidArgs;
use onramp::cli::pr::{PrArgs, PrPlan, drafted, pr, summary};
use onramp::cli::terminal::{Terminal, render};
use onramp::cli::trouble::Trouble;
use onramp::exit::Exit;
use onramp::pr::gate::Gate;
use onramp::pr::next::{Origin, Pushed, Whereabouts};
use onramp::pr::withheld::Withheld;
use onramp::probe::Machine;
use onramp::profile;
use onramp::sys::Real;

use super::pr_draft::two_commits;
use super::pr_template::TODAY;

fn plan(folder: &Path) -> PrPlan {
    fs::create_dir_all(folder.join("git")).unwrap();
    PrPlan {
        template: Some(("PULL_REQUEST_TEMPLATE.md".into(), TODAY.into())),
        passed_over: None,
        asks: profile::Request {
            sections: vec!["Description".into()],
            ..profile::Request::default()
        },
        screens: vec!["ui/".into()],
        commits: two_commits(),
        files: two_commits().into_iter().flat_map(|commit| commit.files).collect(),
        head: None,
        here: Whereabouts {
            project: "https://github.com/apache/cloudstack".into(),
            origin: Origin::Fork("git@github.com:ada/cloudstack.git".into()),
            has_origin: true,
            has_upstream: true,
            branch: Some("resize".into()),
            base: "4.20".into(),
            pushed: Pushed::Absent,
        },
        evidence: Vec::new(),
        withheld: Withheld::default(),
        notes: Vec::new(),
        gate: Gate::Open("45 of 45 checks hold".into()),
        fixes: None,
        unanswered: None,
        prospect: Prospect::default(),
        tree: folder.join("tree"),
        record: folder.join("git/onramp/pr.json"),
    }
}

fn run(args: &PrArgs, plan: &PrPlan) -> anyhow::Result<Exit> {
    let terminal =
        Terminal { out_colour: false, err_colour: false, live: false, quiet: true, width: 80 };
    let machine = Machine::live(Arc::new(Real::default()));
    pr(&Session { bench: &Real::default(), machine, terminal }, args, plan)
}

fn refused(args: &PrArgs, plan: &PrPlan) -> Trouble {
    run(args, plan).unwrap_err().downcast().expect("trouble")
}

#[test]
fn an_edited_draft_is_never_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("pr.md");
    let args = PrArgs { output: Some(file.clone()), ..PrArgs::default() };
    let mut plan = plan(folder.path());
    assert_eq!(run(&args, &plan).unwrap(), Exit::Success);
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&file), mode(&plan.record)), (0o644, 0o600));

    plan.evidence = vec!["built on JDK 17".into()];
    run(&args, &plan).unwrap();
    assert!(fs::read_to_string(&file).unwrap().contains("built on JDK 17"), "untouched: replaced");

    fs::write(&file, "my words").unwrap();
    assert_eq!(run(&args, &plan).unwrap(), Exit::Success);
    assert_eq!(fs::read_to_string(&file).unwrap(), "my words", "all of it is the author's");
}

#[test]
fn a_foreign_file_is_never_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let plan = plan(folder.path());
    for (name, content) in [("README.md", Vec::new()), ("large", vec![b'x'; 2 << 20])] {
        let file = folder.path().join(name);
        fs::write(&file, &content).unwrap();
        let args = PrArgs { output: Some(file.clone()), ..PrArgs::default() };
        assert!(
            refused(&args, &plan).what.contains("knows of no draft of its own there"),
            "{name}"
        );
        assert_eq!(fs::read(&file).unwrap(), content);
    }
    let args = PrArgs { output: Some(folder.path().to_owned()), ..PrArgs::default() };
    assert!(refused(&args, &plan).what.contains("cannot be written"));
    assert!(!plan.record.exists());
}

#[test]
fn a_broken_record_protects_the_draft() {
    let folder = tempfile::tempdir().unwrap();
    let mut plan = plan(folder.path());
    let args = PrArgs { output: Some(folder.path().join("pr.md")), ..PrArgs::default() };
    run(&args, &plan).unwrap();
    fs::write(&plan.record, "{").unwrap();
    run(&args, &plan).expect("the same draft again changes nothing");
    fs::write(&plan.record, "{").unwrap();
    plan.here.base = "main".into();
    plan.commits.pop();
    assert!(refused(&args, &plan).what.contains("knows of no draft of its own there"));
}

#[test]
fn what_the_author_said_holds_for_the_branch() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("pr.md");
    let mut plan = plan(folder.path());
    let plain = PrArgs { output: Some(file.clone()), ..PrArgs::default() };
    let said = SaidArgs {
        severity: Some("major".into()),
        assisted: Some("Copilot: wrote the test".into()),
        ..SaidArgs::default()
    };
    let text = |args: &PrArgs, plan: &PrPlan| {
        run(args, plan).unwrap();
        fs::read_to_string(&file).unwrap()
    };
    let first = text(&PrArgs { said, ..plain.clone() }, &plan);
    assert!(first.contains("Generated-by: Copilot: wrote the test"), "{first}");
    assert!(first.contains("- [x] Major"), "{first}");
    assert_eq!(text(&plain, &plan), first, "the command that onramp names brings the same");

    fs::write(&file, first.replace("- [x] Major", "- [x] Minor")).unwrap();
    assert!(text(&plain, &plan).contains("- [x] Minor"), "ticked by hand");
    let said = SaidArgs { severity: Some("trivial".into()), ..SaidArgs::default() };
    fs::write(&file, &first).unwrap();
    text(&PrArgs { said, ..plain.clone() }, &plan);
    let now = text(&plain, &plan);
    assert!(now.contains("- [x] Trivial") && now.contains("Generated-by: Copilot"), "{now}");

    let feature = text(&PrArgs { kind: Some("new feature".into()), ..plain.clone() }, &plan);
    assert!(!feature.contains("[x] Trivial"), "a feature has no severity: {feature}");
    plan.here.branch = Some("other".into());
    let elsewhere = folder.path().join("other.md");
    run(&PrArgs { output: Some(elsewhere.clone()), ..PrArgs::default() }, &plan).unwrap();
    assert!(!fs::read_to_string(&elsewhere).unwrap().contains("Generated-by: Copilot"));

    plan.here.branch = Some("resize".into());
    let said = SaidArgs { forget: true, ..SaidArgs::default() };
    let forgotten = text(&PrArgs { said, ..plain.clone() }, &plan);
    assert!(!forgotten.contains("Generated-by:") && forgotten.contains("[x] Bug fix"));
    assert_eq!(text(&plain, &plan), forgotten);
}

#[test]
fn one_file_has_one_name() {
    let folder = tempfile::tempdir().unwrap();
    let mut plan = plan(folder.path());
    fs::create_dir(folder.path().join("below")).unwrap();
    let write = |file: &str, plan: &PrPlan| {
        run(&PrArgs { output: Some(folder.path().join(file)), ..PrArgs::default() }, plan)
    };
    write("below/../pr.md", &plan).unwrap();
    plan.evidence = vec!["built on JDK 17".into()];
    write("pr.md", &plan).unwrap();
    fs::rename(folder.path().join("pr.md"), folder.path().join("moved.md")).unwrap();
    plan.evidence = vec!["built on JDK 21".into()];
    write("moved.md", &plan).unwrap();
    let text = fs::read_to_string(folder.path().join("moved.md")).unwrap();
    assert!(text.contains("JDK 21") && !text.contains("JDK 17"), "{text}");
}

#[test]
fn nothing_to_draft_and_unknown_types_are_usage() {
    let folder = tempfile::tempdir().unwrap();
    let mut plan = plan(folder.path());
    let odd = PrArgs { kind: Some("miracle".into()), ..PrArgs::default() };
    let trouble = refused(&odd, &plan);
    assert_eq!(trouble.what, "there is no type of change called \"miracle\"");
    assert!(trouble.remedy.unwrap().contains("Bug fix, Enhancement"));
    plan.commits.clear();
    let trouble = refused(&PrArgs::default(), &plan);
    assert_eq!(
        (trouble.exit, trouble.what.as_str()),
        (Exit::Usage, "there is nothing to draft: no commits since 4.20")
    );
}

#[test]
fn the_summary_says_why_and_what_next() {
    let folder = tempfile::tempdir().unwrap();
    let plan = plan(folder.path());
    let draft = drafted(&PrArgs::default(), &plan).unwrap();
    let remarks = remarks(&plan, Some(&draft.title), &draft.body);
    let lines = summary(&plan, &draft, &remarks, Some(Path::new("pr.md")));
    let text: String = lines.iter().map(|line| render(line, false) + "\n").collect();
    let wanted = "\
title     kvm: fix size of volumes resized while the VM is stopped – the first of 2 commits, all about kvm
type      Bug fix – \"kvm: fix size of volumes resized while the VM is stopped\" (1a2b3c4d5e) names the issue it fixes
base      4.20
closes    #12345 – once it is merged, as your commits say
template  PULL_REQUEST_TEMPLATE.md
draft     pr.md
patch     45 of 45 checks hold
for you   tick how severe the bug is for those who meet it (--severity)
          say how you tested: what you ran, where, and what you saw
          say what you tried to break it: wrong input, missing rights, a restart in between
next      the branch is not on your fork yet
  git push -u origin resize
";
    assert_eq!(text, wanted);
}
