//! Real repositories, read through git2: every state has its own sentence, the right base is found,
//! and nothing of a tree runs.

use std::path::Path;

use onramp::git::{Content, split};
use onramp::git::{HeadState, Live, Object, Repositories, SignatureKind, Unreadable, Wanted};

use crate::support::repository::{Ground, HEADER};

const URL: &str = "https://github.com/apache/cloudstack.git";

fn wanted() -> Wanted {
    let branches = ["main", "4.22", "4.20"].map(String::from).into();
    Wanted { head: None, base: None, repository: URL.into(), branches }
}

/// A clone of the sample project, its `upstream` named after the real one.
fn cloned(ground: &Ground) -> std::path::PathBuf {
    let source = ground.project("source");
    let tree = ground.path("tree");
    let words = ["clone", "-q", "-o", "upstream", source.to_str().unwrap(), tree.to_str().unwrap()];
    ground.git(&ground.path(""), &words);
    ground.git(&tree, &["remote", "set-url", "upstream", "git@github.com:apache/cloudstack"]);
    tree
}

#[test]
fn every_state_has_its_own_sentence() {
    let ground = Ground::new();
    let git = Live::default();
    let says = |path: &Path| git.commits(path, &wanted(), 10).unwrap_err().to_string();
    std::fs::create_dir(ground.path("plain")).unwrap();
    assert!(says(&ground.path("plain")).ends_with("is not inside a git clone"));
    let unborn = ground.repository("unborn");
    assert!(says(&unborn).starts_with("branch main has no commit yet"), "{}", says(&unborn));
    let head = git.state(&unborn).unwrap().head;
    assert_eq!(
        (head.state, head.name.as_deref(), head.id),
        (HeadState::Unborn, Some("main"), None)
    );
    assert!(git.branch(&unborn, &wanted()).is_err());
    ground.git(&ground.path(""), &["init", "-q", "--bare", "bare"]);
    assert!(git.state(&ground.path("bare")).unwrap().bare);
    assert!(matches!(git.status(&ground.path("bare")), Err(Unreadable::Bare(_))));
    ground.git(&ground.path(""), &["init", "-q", "--object-format=sha256", "sha256"]);
    assert!(says(&ground.path("sha256")).contains("SHA-256"), "{}", says(&ground.path("sha256")));
    let odd = ground.repository("odd");
    ground.git(&odd, &["config", "core.repositoryformatversion", "1"]);
    ground.git(&odd, &["config", "extensions.refStorage", "reftable"]);
    assert!(says(&odd).contains("reftable"), "{}", says(&odd));
}

#[test]
fn detached_linked_shallow_and_under_way() {
    let ground = Ground::new();
    let git = Live::default();
    let tree = cloned(&ground);
    ground.git(&tree, &["checkout", "-q", "--detach"]);
    let state = git.state(&tree).unwrap();
    assert_eq!((state.head.state, state.head.name), (HeadState::Detached, None));
    ground.git(&tree, &["worktree", "add", "-q", "-b", "other", "../linked"]);
    let linked = git.state(&ground.path("linked")).unwrap();
    assert!(linked.linked);
    assert_eq!(linked.head.name.as_deref(), Some("other"));
    let source = format!("file://{}", ground.path("source").display());
    ground.git(&ground.path(""), &["clone", "-q", "--depth=1", &source, "shallow"]);
    assert!(git.state(&ground.path("shallow")).unwrap().shallow);
    ground.commit(&tree, "c.txt", "mine", "mine");
    let merge = ground.command(&tree, &["cherry-pick", "upstream/main~1"]).output().unwrap();
    assert!(!merge.status.success());
    let status = git.status(&tree).unwrap();
    assert_eq!(status.repository.operation.as_deref(), Some("cherry-pick"));
    assert_eq!((status.clean, status.conflicts), (false, 1));
}

#[test]
fn the_base_is_the_branch_that_work_was_cut_from() {
    let ground = Ground::new();
    let git = Live::default();
    let tree = cloned(&ground);
    for (start, base) in
        [("upstream/main", "main"), ("upstream/4.22", "4.22"), ("upstream/4.20", "4.20")]
    {
        ground.git(&tree, &["checkout", "-q", "--no-track", "-B", "topic", start]);
        ground.commit(&tree, "new.txt", HEADER, "something new");
        let branch = git.branch(&tree, &wanted()).unwrap();
        let found = branch.base.unwrap();
        assert_eq!((found.name.as_str(), found.ahead), (base, 1), "from {start}");
        assert_eq!(branch.remotes.project.as_deref(), Some("upstream"));
        assert!(branch.foreign_commits.is_empty());
        assert!(!branch.on_base && branch.pushed.is_none());
    }
}

#[test]
fn commits_of_another_branch_are_foreign() {
    let ground = Ground::new();
    let git = Live::default();
    let tree = cloned(&ground);
    ground.git(&tree, &["checkout", "-q", "-b", "fix-npe", "upstream/main"]);
    ground.commit(&tree, "new.txt", HEADER, "mine");
    let asked = Wanted { base: Some("4.20".into()), ..wanted() };
    let branch = git.branch(&tree, &asked).unwrap();
    assert_eq!(branch.foreign_total, branch.base.as_ref().unwrap().ahead - 1);
    assert!(branch.foreign_commits.iter().all(|commit| commit.subject != "mine"));
    // Compared with a bare commit, nothing can be foreign: each lies on some branch.
    let asked =
        Wanted { base: Some("HEAD~3".into()), head: Some("upstream/main".into()), ..wanted() };
    assert_eq!(git.branch(&tree, &asked).unwrap().foreign_total, 0);
}

#[test]
fn without_a_maintained_branch_there_is_no_base() {
    let ground = Ground::new();
    let git = Live::default();
    let tree = ground.repository("tree");
    ground.commit(&tree, "a", HEADER, "a");
    ground.git(&tree, &["branch", "-m", "trunk"]);
    let reason = git.commits(&tree, &wanted(), 10).unwrap_err();
    assert!(matches!(reason, Unreadable::NoBase(_)), "{reason}");
    let branch = git.branch(&tree, &wanted()).unwrap();
    assert!(branch.base.is_none() && branch.candidates.is_empty());
    let nowhere = Wanted { base: Some("nowhere".into()), ..wanted() };
    let reason = git.commits(&tree, &nowhere, 10).unwrap_err();
    assert_eq!(reason.to_string(), "there is no commit called nowhere here");
}

#[test]
fn a_shallow_history_is_not_judged() {
    let ground = Ground::new();
    let git = Live::default();
    let source = format!("file://{}", ground.project("source").display());
    ground.git(
        &ground.path(""),
        &["clone", "-q", "--depth=1", "--no-single-branch", &source, "tree"],
    );
    let tree = ground.path("tree");
    ground.commit(&tree, "new.txt", HEADER, "mine");
    // Against its own base it can be told, against another it cannot.
    assert_eq!(git.commits(&tree, &wanted(), 10).unwrap().total, 1);
    let asked = Wanted { base: Some("4.20".into()), ..wanted() };
    assert_eq!(git.commits(&tree, &asked, 10).unwrap_err(), Unreadable::Shallow);
}

#[test]
fn forks_and_pushed_copies_are_seen() {
    let ground = Ground::new();
    let git = Live::default();
    let tree = cloned(&ground);
    ground.git(
        &tree,
        &["remote", "add", "origin", "https://ada:token@github.com/ada/cloudstack.git"],
    );
    ground.git(&tree, &["checkout", "-q", "-b", "topic"]);
    let old = ground.git(&tree, &["rev-parse", "HEAD"]);
    ground.git(&tree, &["update-ref", "refs/remotes/origin/topic", &old]);
    let branch = git.branch(&tree, &wanted()).unwrap();
    let origin = branch.remotes.origin.unwrap();
    assert!(origin.fork && !origin.project);
    assert_eq!(origin.url, "https://github.com/ada/cloudstack.git");
    assert!(branch.pushed.unwrap().equal);
    ground.commit(&tree, "new.txt", HEADER, "mine");
    assert!(!git.branch(&tree, &wanted()).unwrap().pushed.unwrap().equal);
}

#[test]
fn commits_are_read_whatever_they_hold() {
    let ground = Ground::new();
    let git = Live::default();
    let tree = cloned(&ground);
    ground.git(&tree, &["checkout", "-q", "-b", "topic"]);
    let at = ground.git(&tree, &["log", "-1", "--format=tree %T%nparent %H"]);
    let person = "Ada <ada@cloud.test> 1790000000 +0000";
    let head = format!("{at}\nauthor {person}\ncommitter {person}\n\ncaf");
    let rest = b"\xe9 \x1b[31m\n\nbody\n\nSigned-off-by: Ada <a@b.test>\n";
    let raw = [head.as_bytes(), rest].concat();
    let repository = git2::Repository::open(&tree).unwrap();
    let id = repository.odb().unwrap().write(git2::ObjectType::Commit, &raw).unwrap();
    ground.git(&tree, &["reset", "-q", "--hard", &id.to_string()]);
    ground.commit(&tree, "new.txt", HEADER, "mine");
    let commits = git.commits(&tree, &wanted(), 10).unwrap();
    let odd = commits.commits.iter().find(|commit| commit.foreign_bytes).unwrap();
    assert_eq!(odd.subject, "caf\u{fffd} \u{1b}[31m");
    assert_eq!(odd.trailers[0].key, "Signed-off-by");
    assert_eq!((odd.signed, odd.signature), (false, SignatureKind::None));
    assert_eq!(git.commits(&tree, &wanted(), 1).unwrap().commits.len(), 1);
    let objects = git.signed(&tree, &wanted(), 10).unwrap();
    assert_eq!(objects.len() as u64, commits.total);
    assert!(objects.iter().any(|object| object.payload.windows(4).any(|part| part == b"caf\xe9")));
}

#[test]
fn what_a_signature_covers_is_kept_byte_for_byte() {
    let signature = "-----BEGIN SSH SIGNATURE-----\nabc\n\ndef\n-----END SSH SIGNATURE-----\n";
    let head = "tree 1\nauthor A <a> 1 +0000\ncommitter A <a> 1 +0000\n";
    let folded = signature.trim_end().replace('\n', "\n ");
    let raw = format!("{head}gpgsig {folded}\nencoding latin1\n\nmessage\ngpgsig not a header\n");
    let object = split("id".into(), raw.as_bytes());
    assert_eq!(object.signature.as_deref(), Some(signature.as_bytes()));
    assert_eq!(object.kind, SignatureKind::Ssh);
    let payload = format!("{head}encoding latin1\n\nmessage\ngpgsig not a header\n");
    assert_eq!(String::from_utf8_lossy(&object.payload), payload);
    let twice = format!("{head}gpgsig {folded}\ngpgsig {folded}\n\nm\n");
    assert_eq!(split("id".into(), twice.as_bytes()).kind, SignatureKind::Other);
    let other = format!("{head}gpgsig-sha256 {folded}\n\nm\n");
    let object = split("id".into(), other.as_bytes());
    assert_eq!((object.signature, object.payload), (None, format!("{head}\nm\n").into_bytes()));
}

#[test]
fn changes_since_the_merge_base() {
    let ground = Ground::new();
    let git = Live::default();
    let tree = cloned(&ground);
    ground.git(&tree, &["checkout", "-q", "-b", "topic", "upstream/main~1"]);
    let first = ground.commit(&tree, "new.sh", "echo\n", "first");
    let second = ground.commit(&tree, "new.sh", "echo more\n", "second");
    ground.git(&tree, &["rm", "-q", "src/Old.java"]);
    std::os::unix::fs::symlink("/etc/passwd", tree.join("link")).unwrap();
    let third = ground.commit(&tree, "pom.xml", "<project/>", "third");
    ground.git(&tree, &["merge", "-q", "-m", "Merge branch 'main' into topic", "upstream/main"]);
    let changes = git.changes(&tree, &wanted()).unwrap();
    let seen: Vec<_> = changes
        .files
        .iter()
        .map(|file| (file.file.as_str(), file.status, file.kind, file.commit.clone().unwrap()))
        .collect();
    assert_ne!(first, second);
    assert_eq!(
        seen,
        [
            ("link", "added", "link", third.clone()),
            ("new.sh", "added", "file", second),
            ("pom.xml", "modified", "file", third.clone()),
            ("src/Old.java", "deleted", "none", third),
        ]
    );
    let id = changes.files[1].object.clone().unwrap();
    let objects = [
        Object::Id(id.clone()),
        Object::At(changes.head.clone(), "nothing".into()),
        Object::Id("1".repeat(40)),
    ];
    let contents = git.contents(&tree, &objects, 100).unwrap();
    assert_eq!(contents[0], Content::Bytes(b"echo more\n".as_slice().into()));
    assert_eq!(contents[1], Content::NoSuchFile);
    assert!(matches!(&contents[2], Content::Absent(Unreadable::Missing(_, false))));
    assert_eq!(git.contents(&tree, &objects[..1], 3).unwrap()[0], Content::Large(10));
}

#[test]
fn what_a_partial_clone_left_behind_is_named_with_the_way_to_it() {
    let ground = Ground::new();
    let git = Live::default();
    let source = ground.project("source");
    ground.git(&source, &["config", "uploadpack.allowFilter", "true"]);
    let url = format!("file://{}", source.display());
    ground.git(
        &ground.path(""),
        &["clone", "-q", "--no-checkout", "--filter=blob:none", &url, "tree"],
    );
    let tree = ground.path("tree");
    assert_eq!(git.state(&tree).unwrap().promisor.as_deref(), Some("origin"));
    let asked = Wanted { base: Some("HEAD~1".into()), ..wanted() };
    let changes = git.changes(&tree, &asked).unwrap();
    assert!(!changes.files.is_empty() && changes.files.iter().all(|file| file.size.is_none()));
    let id = changes.files[0].object.clone().unwrap();
    let contents = git.contents(&tree, &[Object::Id(id.clone())], 100).unwrap();
    let Content::Absent(reason) = &contents[0] else { panic!("{contents:?}") };
    assert!(reason.to_string().contains(&format!("`git cat-file -e {id}` brings it")), "{reason}");
}

#[test]
fn looking_runs_nothing_of_a_hostile_tree() {
    let ground = Ground::new();
    let git = Live::default();
    let tree = cloned(&ground);
    let canary = ground.path("canary");
    let run = format!("touch {}", canary.display());
    std::fs::write(tree.join(".gitattributes"), "* filter=x diff=x merge=x\n").unwrap();
    for key in [
        "core.fsmonitor",
        "filter.x.clean",
        "filter.x.smudge",
        "filter.x.process",
        "diff.x.command",
        "diff.x.textconv",
        "core.pager",
        "core.sshCommand",
        "gpg.program",
        "gpg.ssh.program",
        "core.gitProxy",
        "credential.helper",
        "remote.upstream.uploadpack",
        "uploadpack.packObjectsHook",
    ] {
        ground.git(&tree, &["config", key, &run]);
    }
    std::fs::write(tree.join("c.txt"), "changed").unwrap();
    let status = git.status(&tree).unwrap();
    assert_eq!((status.changed_total, status.untracked_total), (1, 1));
    git.branch(&tree, &wanted()).unwrap();
    git.commits(&tree, &wanted(), 10).unwrap();
    git.changes(&tree, &wanted()).unwrap();
    let settings = git.settings(Some(&tree), &["gpg.program"]).unwrap();
    assert_eq!(settings[0].scope, onramp::git::Scope::Tree);
    assert!(!canary.exists());
}
