//! The one next command, and addresses to open.

use onramp::pr::compare::{Repository, Route, address};
use onramp::pr::draft::draft;
use onramp::pr::next::{Next, Origin, Pushed, Whereabouts, next};

use super::pr_draft::{request, two_commits};
use super::pr_kind::change;

fn here(origin: Origin, pushed: Pushed) -> Whereabouts {
    Whereabouts {
        project: "https://github.com/apache/cloudstack.git".into(),
        has_origin: origin != Origin::Absent,
        has_upstream: false,
        origin,
        branch: Some("fix/resize".into()),
        base: "4.20".into(),
        pushed,
    }
}

fn fork() -> Origin {
    Origin::Fork("https://ada:secret@github.com/ada/cloudstack.git".into())
}

fn step(here: &Whereabouts) -> Next {
    let change = change(&two_commits());
    let request = request(None, &change);
    next(here, &draft(&request).unwrap(), None)
}

#[test]
fn owners_from_any_spelling() {
    let same = [
        "https://github.com/ada/cloudstack",
        "https://github.com/ada/cloudstack.git/",
        "https://ada:token@GitHub.com/ada/cloudstack.git",
        "ssh://git@github.com/ada/cloudstack.git",
        "ssh://git@ssh.github.com:443/ada/cloudstack.git",
        "git@github.com:ada/cloudstack.git",
        "github.com:ada/cloudstack",
        "git://github.com/ada/cloudstack.git",
    ];
    for url in same {
        assert_eq!(Repository::of(url).unwrap().slug(), "ada/cloudstack", "{url}");
    }
    let others = [
        ("https://user:token@gitlab.com/ada/cloudstack.git", "gitlab.com"),
        ("git@example.org:ada/cloudstack", "example.org"),
        ("https://github.com.example.org/ada/x", "github.com.example.org"),
        ("https://github.com/ada", "github.com"),
        ("https://github.com/ada/x?y=<z>", "github.com"),
        ("/srv/git/cloudstack.git", "a folder on this machine"),
        ("../cloudstack", "a folder on this machine"),
    ];
    for (url, host) in others {
        assert_eq!(Repository::of(url), Err(host.to_owned()), "{url}");
    }
}

#[test]
fn a_pushed_branch_can_be_opened() {
    let next = step(&here(fork(), Pushed::Same));
    assert_eq!(next.commands, ["onramp pr --open"]);
    assert_eq!(
        next.note.unwrap(),
        "it fills in the text; by hand, open https://github.com/apache/cloudstack/compare/4.20...ada:fix/resize?expand=1&title=kvm%3A%20fix%20size%20of%20volumes%20resized%20while%20the%20VM%20is%20stopped and paste the draft above there, in place of what stands on the page"
    );
}

#[test]
fn what_comes_before_opening() {
    let commands = |origin, pushed| step(&here(origin, pushed)).commands;
    assert_eq!(commands(fork(), Pushed::Absent), ["git push -u origin fix/resize"]);
    assert_eq!(commands(fork(), Pushed::Behind), ["git push -u origin fix/resize"]);
    assert_eq!(
        commands(fork(), Pushed::Diverged),
        ["git push --force-with-lease origin fix/resize"]
    );
    assert_eq!(
        commands(fork(), Pushed::Unseen),
        ["git fetch origin", "git log HEAD..origin/fix/resize"]
    );
    let absent = step(&here(Origin::Absent, Pushed::Absent));
    assert!(absent.why.contains("https://github.com/apache/cloudstack/fork"), "{}", absent.why);
    let unknown = step(&here(fork(), Pushed::Unknown));
    assert_eq!(unknown.commands, ["git push -u origin fix/resize", "onramp pr --open"]);
}

#[test]
fn the_way_to_a_fork_fits_the_remotes_there_are() {
    const URL: &str = "https://github.com/YOUR-NAME/cloudstack.git";
    let commands = |origin, has_origin, has_upstream| {
        step(&Whereabouts { has_origin, has_upstream, ..here(origin, Pushed::Unknown) }).commands
    };
    let change = format!("git remote set-url origin {URL}");
    let add = format!("git remote add origin {URL}");
    assert_eq!(commands(Origin::Project, true, true), [change.as_str()]);
    assert_eq!(commands(Origin::Project, true, false), ["git remote rename origin upstream", &add]);
    assert_eq!(commands(Origin::Absent, false, true), [add.as_str()]);
    assert_eq!(commands(Origin::Absent, true, true), [change.as_str()], "a name not filled in");
}

#[test]
fn a_branch_of_its_own_comes_first() {
    let detached = Whereabouts { branch: None, ..here(fork(), Pushed::Same) };
    let on_base = Whereabouts { branch: Some("4.20".into()), ..here(fork(), Pushed::Same) };
    for here in [detached, on_base] {
        let next = step(&here);
        assert_eq!(
            (next.commands.as_slice(), next.note),
            (&["git switch -c my-topic".to_owned()][..], None)
        );
    }
    let odd = Whereabouts { branch: Some("a;b'$(c)".into()), ..here(fork(), Pushed::Absent) };
    assert_eq!(step(&odd).commands, ["git push -u origin 'a;b'\\''$(c)'"]);
}

#[test]
fn other_hosts_get_a_sentence() {
    let elsewhere = Origin::Fork("https://ada:secret@gitlab.com/ada/cloudstack".into());
    let next = step(&here(elsewhere, Pushed::Same));
    assert!(next.commands.is_empty(), "{:?}", next.commands);
    let note = next.note.unwrap();
    assert!(note.contains("gitlab.com is not GitHub") && !note.contains("secret"), "{note}");
}

#[test]
fn heads_in_forks_of_other_names() {
    let project = Repository::of("https://github.com/apache/cloudstack").unwrap();
    for (fork, wanted) in [
        ("https://github.com/ada/acs", "main...ada:acs:t%23%3F"),
        ("https://github.com/apache/cloudstack", "main...t%23%3F"),
    ] {
        let fork = Repository::of(fork).unwrap();
        let route = Route { project: &project, fork: &fork, base: "main", branch: "t#?" };
        let url = address(&route, "");
        assert!(url.contains(&format!("compare/{wanted}?expand=1")), "{url}");
    }
}

#[test]
fn the_address_stays_short() {
    let project = Repository::of("https://github.com/apache/cloudstack").unwrap();
    let route = Route { project: &project, fork: &project, base: "main", branch: "topic" };
    assert!(address(&route, "a & b").ends_with("topic?expand=1&title=a%20%26%20b"));
    let long = address(&route, &"é".repeat(50));
    assert!(long.ends_with("topic?expand=1"), "{long}");
}
