//! What `onramp branch` must not cost: files that git ignores or was told not to look at, and those
//! whose names are no UTF-8. Every refusal leaves all as it was, and none is without need.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::path::Path;

use crate::support::branching::Branching;
use crate::support::process::Output;
use crate::support::world::TestWorld;

/// A topic with a fix, above which upstream goes on by what `news` does to the files.
fn with_news(news: impl FnOnce(&Branching)) -> Branching {
    let clone = Branching::new();
    clone.write("folder/inside.txt", "inside\n");
    symlink("folder", clone.tree.join("way")).unwrap();
    clone.commit("Add a folder");
    clone.git(&["update-ref", "refs/remotes/upstream/main", "HEAD"]);
    clone.fix();
    clone.git(&["switch", "-q", "--detach", "upstream/main"]);
    news(&clone);
    clone.commit("Go on elsewhere");
    clone.git(&["update-ref", "refs/remotes/upstream/main", "HEAD"]);
    clone.git(&["switch", "-q", "topic"]);
    clone
}

fn sync(clone: &Branching) -> Output {
    clone.world.onramp(&clone.tree, &["--offline", "branch", "sync", "--yes"])
}

fn ignore(clone: &Branching, pattern: &str) {
    let file = clone.tree.join(".git/info/exclude");
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, format!("{pattern}\n")).unwrap();
}

#[track_caller]
fn refused(clone: &Branching, says: &str) {
    let before = clone.whole();
    let output = sync(clone);
    assert_eq!(output.code, Some(2), "{}{}", output.stdout(), output.stderr());
    assert!(output.stderr().contains(says), "{}", output.stderr());
    assert_eq!(clone.whole(), before);
    assert!(!clone.tree.join(".git/onramp/moving.json").exists());
}

#[test]
fn an_ignored_file_in_the_place_of_a_folder_stays() {
    let clone = with_news(|clone| clone.write("notes/new.txt", "news\n"));
    ignore(&clone, "notes");
    clone.write("notes", "precious\n");
    refused(&clone, "notes stands where a file of the new base belongs");
    assert_eq!(fs::read_to_string(clone.tree.join("notes")).unwrap(), "precious\n");
}

#[test]
fn an_ignored_link_stays_wherever_it_leads() {
    let clone = with_news(|clone| {
        clone.write("notes/new.txt", "news\n");
        clone.write("dead", "news\n");
    });
    ignore(&clone, "notes\ndead");
    symlink("folder", clone.tree.join("notes")).unwrap();
    refused(&clone, "notes stands where a file of the new base belongs");
    fs::remove_file(clone.tree.join("notes")).unwrap();
    symlink("nowhere", clone.tree.join("dead")).unwrap();
    refused(&clone, "dead stands where a file of the new base belongs");
}

#[test]
fn an_ignored_file_with_a_foreign_name_stays() {
    let name = OsStr::from_bytes(b"bad\xffname");
    let clone = with_news(|clone| fs::write(clone.tree.join(name), "news\n").unwrap());
    ignore(&clone, "bad*");
    fs::write(clone.tree.join(name), "precious\n").unwrap();
    refused(&clone, "stands where a file of the new base belongs");
    assert_eq!(fs::read_to_string(clone.tree.join(name)).unwrap(), "precious\n");
}

#[test]
fn a_folder_may_become_a_file_unless_something_of_the_users_lies_in_it() {
    let clone = with_news(|clone| {
        fs::remove_dir_all(clone.tree.join("folder")).unwrap();
        clone.write("folder", "a file now\n");
    });
    ignore(&clone, "*.own");
    clone.write("folder/mine.own", "precious\n");
    refused(&clone, "folder/mine.own stands where a file of the new base belongs");
    fs::remove_file(clone.tree.join("folder/mine.own")).unwrap();
    let output = sync(&clone);
    assert_eq!(output.code, Some(0), "{}{}", output.stdout(), output.stderr());
    assert_eq!(fs::read_to_string(clone.tree.join("folder")).unwrap(), "a file now\n");
}

#[test]
fn an_edit_that_git_does_not_look_at_is_refused_beforehand() {
    for flag in ["--assume-unchanged", "--skip-worktree"] {
        let clone = with_news(|clone| clone.write("folder/inside.txt", "inside, and more\n"));
        clone.git(&["update-index", flag, "folder/inside.txt"]);
        clone.write("folder/inside.txt", "precious\n");
        refused(&clone, "folder/inside.txt is edited, and git is told here not to look at it");
        let text = fs::read_to_string(clone.tree.join("folder/inside.txt")).unwrap();
        assert_eq!(text, "precious\n", "{flag}");
    }
}

fn lead(clone: &Branching, to: &str) {
    fs::remove_file(clone.tree.join("way")).unwrap();
    symlink(to, clone.tree.join("way")).unwrap();
}

#[test]
fn a_link_that_git_does_not_look_at_is_edited_where_it_leads_elsewhere() {
    let clone = with_news(|clone| lead(clone, "api"));
    clone.git(&["update-index", "--assume-unchanged", "way"]);
    lead(&clone, "precious");
    refused(&clone, "way is edited, and git is told here not to look at it");
    assert_eq!(fs::read_link(clone.tree.join("way")).unwrap(), Path::new("precious"));
    let clone = with_news(|clone| lead(clone, "api"));
    clone.git(&["update-index", "--assume-unchanged", "way"]);
    let output = sync(&clone);
    assert_eq!(output.code, Some(0), "{}{}", output.stdout(), output.stderr());
    assert_eq!(fs::read_link(clone.tree.join("way")).unwrap(), Path::new("api"));
}

#[test]
fn a_sparse_work_tree_is_as_clean_as_git_says() {
    let clone = with_news(|clone| clone.write("news.txt", "news\n"));
    clone.git(&["sparse-checkout", "set", "--cone", "--no-sparse-index", "api"]);
    assert!(!clone.tree.join("folder").exists());
    let output = clone.world.onramp(&clone.tree, &["--offline", "check", "clean-tree"]);
    assert_eq!(output.code, Some(0), "{}{}", output.stdout(), output.stderr());
    let output = sync(&clone);
    assert_eq!(output.code, Some(0), "{}{}", output.stdout(), output.stderr());
    assert_eq!(clone.git(&["status", "--porcelain"]), "");
    assert!(!clone.tree.join("folder").exists());
    let output = clone.world.onramp(&clone.tree, &["--offline", "ci", "--list"]);
    let said = output.stderr().split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("git sparse-checkout add .github"), "{said}");
}

#[test]
fn a_dry_run_in_a_partial_clone_needs_no_contents() {
    let clone = with_news(|clone| clone.write("news.txt", "news\n"));
    let news = clone.git(&["rev-parse", "refs/remotes/upstream/main"]);
    clone.git(&["config", "uploadpack.allowFilter", "true"]);
    clone.git(&["branch", "news", &news]);
    let address = format!("file://{}", clone.tree.display());
    let partial = clone.world.path("partial");
    let words = ["clone", "-q", "--filter=blob:none", &address, partial.to_str().unwrap()];
    clone.world.git(&clone.world.work(), &words);
    clone.world.git(&partial, &["update-ref", "refs/remotes/upstream/main", &news]);
    let project = "https://github.com/apache/cloudstack.git";
    clone.world.git(&partial, &["remote", "add", "upstream", project]);
    let words = ["--offline", "branch", "sync", "--dry-run"];
    let output = clone.world.onramp(&partial, &words);
    assert_eq!(output.code, Some(0), "{}{}", output.stdout(), output.stderr());
    assert!(output.stderr().contains("no conflict can be foreseen"), "{}", output.stderr());
}

#[test]
fn a_branch_whose_name_is_not_utf8_is_never_taken_for_another() {
    let clone = with_news(|clone| clone.write("news.txt", "news\n"));
    let odd = clone.tree.join(".git/refs/heads").join(OsStr::from_bytes(b"w\xff"));
    fs::write(&odd, format!("{}\n", clone.topic())).unwrap();
    fs::write(clone.tree.join(".git/HEAD"), b"ref: refs/heads/w\xff\n").unwrap();
    clone.git(&["branch", "w\u{fffd}"]);
    refused(&clone, "the branch's name is not UTF-8");
}

#[test]
fn nothing_is_folded_by_a_damaged_index() {
    let clone = with_news(|clone| clone.write("news.txt", "news\n"));
    let before = clone.topic();
    let index = fs::read(clone.tree.join(".git/index")).unwrap();
    fs::write(clone.tree.join(".git/index"), &index[..50]).unwrap();
    let output = clone.branch(&["amend", "--yes"]);
    assert_eq!(output.code, Some(2), "{}{}", output.stdout(), output.stderr());
    assert_eq!(clone.topic(), before);
}

#[test]
fn a_template_that_leads_into_gits_own_folder_is_not_read() {
    let clone = Branching::within(TestWorld::new());
    fs::remove_file(clone.tree.join("PULL_REQUEST_TEMPLATE.md")).unwrap();
    symlink(".git/config", clone.tree.join("PULL_REQUEST_TEMPLATE.md")).unwrap();
    clone.git(&["config", "http.extraheader", "Authorization: Basic precious"]);
    clone.fix();
    let output = clone.world.onramp(&clone.tree, &["--offline", "pr"]);
    let told = format!("{}{}", output.stdout(), output.stderr());
    assert!(!told.contains("precious") && !told.contains("[core]"), "{told}");
    assert!(told.contains("PULL_REQUEST_TEMPLATE.md is a link that leads out"), "{told}");
}
