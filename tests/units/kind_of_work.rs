//! The one decision of what kind a change is, over titles as they are really written: a bug fix and
//! a feature only where that is sure, for the base follows from it.

use onramp::base::{Kind, Message, Work, decide, work_of};
use onramp::git;

const PRODUCT: &str = "server/src/main/java/com/cloud/Manager.java";

/// The kind by the title alone, and whether that is sure.
fn kind_of(subject: &str, file: &str) -> (Kind, bool) {
    let files = [file.to_owned()];
    let (short, body, merge) = ("1a2b3c4d5e", "", false);
    let decision = decide(&[Message { short, subject, body, files: &files, merge }], &files);
    (decision.kind, !decision.unsure)
}

/// Titles in the manner of the project's, with what they are and whether anybody could doubt it.
const TITLES: [(&str, Kind, bool); 64] = [
    ("server: fix volume size after a live resize", Kind::Bug, true),
    ("server: avoid NPE when the host has no cluster", Kind::Bug, true),
    ("kvm: fix migration of VMs with local storage", Kind::Bug, true),
    ("Fix NPE when a template has no zone", Kind::Bug, true),
    ("[UI] Fix the paging of the list of events", Kind::Bug, true),
    ("Fixes wrong offering in the deployment view", Kind::Bug, true),
    ("Fixed NPE in the login of a disabled user", Kind::Bug, true),
    ("vmware: NPE in the scan of detached disks", Kind::Bug, true),
    ("fix: volumes stay in Migrating", Kind::Bug, true),
    ("fix(ui): keep the filter", Kind::Bug, true),
    ("CLOUDSTACK-9999: Fix usage of deleted networks", Kind::Bug, true),
    ("linstor: Fix using multiple primary storages", Kind::Bug, true),
    ("[4.20] network: fix the order of rules", Kind::Bug, true),
    ("Usage records of stopped VMs are fixed", Kind::Bug, true),
    ("VR: small fix for the default route", Kind::Bug, true),
    ("server: fix duplicate events and add unit tests", Kind::Bug, true),
    ("volumes: download fix", Kind::Bug, true),
    ("NSX: deadlock in the release of segments", Kind::Bug, true),
    // What a fix usually is, and need not be.
    ("server: prevent password updates of SAML users", Kind::Bug, false),
    ("storage: handle an empty pool", Kind::Bug, false),
    ("CLOUDSTACK-9999: usage is wrong for deleted networks", Kind::Bug, false),
    ("ui: missing label in the domain view", Kind::Bug, false),
    ("Revert \"server: fix volume size\"", Kind::Bug, false),
    ("kvm: fix the heartbeat and refactor its reader", Kind::Bug, false),
    ("Correct the number of cores", Kind::Bug, false),
    ("Forms for features and bug reports", Kind::Bug, false),
    ("HA of hosts - a fix to keep the items of stopped VMs", Kind::Bug, false),
    // Fixed before a noun, or a fix of no bug.
    ("server: add a switch for fixed addresses", Kind::Feature, false),
    ("Fixed IP addresses of routers", Kind::Enhancement, false),
    ("Use a fixed thread pool for agents", Kind::Enhancement, false),
    ("README: fix a typo", Kind::Docs, false),
    ("Fix typos in messages of the API", Kind::Cleanup, false),
    ("Fix checkstyle of the agent", Kind::Cleanup, false),
    ("Fix codespell warnings", Kind::Cleanup, false),
    ("Fix issue of the last merge", Kind::Cleanup, false),
    ("ui: fix the missing key in the mock of a widget test", Kind::Test, false),
    ("Upgrade the client to a release with the fix", Kind::Enhancement, false),
    ("Fix the flaky test of snapshots", Kind::Test, false),
    ("Fix build on JDK 17", Kind::Build, false),
    ("debug: print the prefix", Kind::Enhancement, false),
    // Features.
    ("Add support for instance snapshots on NFS", Kind::Feature, true),
    ("Add API to list the versions of templates", Kind::Feature, true),
    ("[Feature] Tags of quotas", Kind::Feature, true),
    ("Introduce the plugin of another backup provider", Kind::Feature, true),
    ("feat: leases of instances", Kind::Feature, true),
    ("Implement rolling upgrades of routers", Kind::Feature, true),
    ("api: add a parameter to listHosts", Kind::Feature, false),
    ("Add null check in the agent", Kind::Feature, false),
    ("Add a fix for the console of Windows guests", Kind::Feature, false),
    ("ui: add new button and fix the list", Kind::Feature, false),
    ("Root disk resize support for VMware", Kind::Feature, false),
    // Everything else.
    ("Remove unused classes of the simulator", Kind::Cleanup, true),
    ("engine: remove OldPlanner / remove unused code", Kind::Cleanup, true),
    ("Remove the limit of names", Kind::Cleanup, false),
    ("Refactor the deployment planner", Kind::Cleanup, true),
    ("ui: rename a variable", Kind::Cleanup, true),
    ("Improve the log of migrations", Kind::Enhancement, true),
    ("server: improve the cleanup that fixes stale hosts", Kind::Enhancement, false),
    ("Bump log4j from 2.17.1 to 2.19.0", Kind::Build, true),
    ("docs: describe the switches", Kind::Docs, false),
    ("test: fix the smoke test of templates", Kind::Test, false),
    ("Update the default of the timeout", Kind::Enhancement, false),
    ("volume size in bytes", Kind::Enhancement, false),
    ("prefix handling of addresses", Kind::Enhancement, false),
];

#[test]
fn titles_as_they_are_written() {
    let wrong: Vec<String> = TITLES
        .iter()
        .filter(|(title, kind, sure)| kind_of(title, PRODUCT) != (*kind, *sure))
        .map(|(title, kind, sure)| {
            format!("{title}: {kind:?} {sure}, {:?}", kind_of(title, PRODUCT))
        })
        .collect();
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn files_that_are_all_of_one_use_decide() {
    assert_eq!(kind_of("README: fix a typo", "README.md"), (Kind::Docs, true));
    assert_eq!(
        kind_of("fix NPE in the test", "server/src/test/java/ATest.java"),
        (Kind::Test, true)
    );
    assert_eq!(kind_of("fix the job", ".github/workflows/a.yml"), (Kind::Build, true));
}

fn message(subject: &str, body: &str) -> git::Message {
    git::Message {
        commit: "1a2b3c4d5e6f".into(),
        subject: subject.into(),
        body: body.into(),
        author: "ada@example.org".into(),
        merge: false,
        files: vec![PRODUCT.into()],
    }
}

/// What the base goes by, for commits from oldest to newest.
fn work(subjects: &[&str]) -> Work {
    let newest_first: Vec<_> = subjects.iter().rev().map(|one| message(one, "")).collect();
    work_of(&newest_first)
}

#[test]
fn the_base_follows_only_from_what_is_sure() {
    let fix = work(&["server: fix the size", "Address review comments"]);
    assert!(matches!(&fix, Work::Fix(why) if why.ends_with("says \"fix\"")), "{fix:?}");
    for unsure in [
        &["Add leases", "fix NPE of leases"][..],
        &["Leases, first part", "fix NPE of leases"],
        &["Refactor the planner", "server: fix the size"],
        &["server: prevent double clicks"],
        &[],
    ] {
        assert!(matches!(work(unsure), Work::Unsure(_)), "{unsure:?}: {:?}", work(unsure));
    }
    let closing = |subject| work_of(&[message(subject, "Fixes: #12")]);
    assert!(matches!(closing("server: prevent double clicks"), Work::Fix(_)));
    assert!(
        matches!(closing("volume size in bytes"), Work::Unsure(_)),
        "features close issues too"
    );
    assert!(matches!(closing("Add support for leases"), Work::Feature(_)));
    let many = ["server: fix the size"; 40];
    assert!(matches!(work(&many), Work::Fix(_)));
    let other = work(&["Remove unused classes"]);
    assert!(
        matches!(&other, Work::Other(why) if why.contains("no bug fix but a cleanup")),
        "{other:?}"
    );
}
