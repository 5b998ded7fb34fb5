//! Which modules need which, circles among them, and what a branch's files ask to be built.

use std::collections::BTreeSet;
use std::path::Path;

use onramp::maven::circle::circle;
use onramp::maven::graph::{Graph, at_most};
use onramp::maven::local;
use onramp::maven::profiles::Asked;
use onramp::maven::project::{Reactor, reactor, reactor_with};
use onramp::maven::touched::{Scope, dependents, folder_of, requirements, scope};
use onramp::sys::recorded::Recorded;

const ROOT: &str = "<groupId>g</groupId><artifactId>root</artifactId><version>1</version><packaging>pom</packaging>";
const PARENT: &str =
    "<parent><groupId>g</groupId><artifactId>root</artifactId><version>1</version></parent>";

fn used(artifact: &str, version: &str) -> String {
    format!(
        "<dependency><groupId>g</groupId><artifactId>{artifact}</artifactId>{version}</dependency>"
    )
}

/// A reactor of a root and modules with what each uses; the root says `more`.
fn of(modules: &[(&str, String)], more: &str) -> Reactor {
    let names: String =
        modules.iter().map(|(name, _)| format!("<module>{name}</module>")).collect();
    let root = format!("<project>{ROOT}<modules>{names}</modules>{more}</project>");
    let mut files = format!("files:\n  /t/pom.xml: '{root}'\n");
    for (name, uses) in modules {
        files += &format!(
            "  /t/{name}/pom.xml: '<project>{PARENT}<artifactId>{name}</artifactId>\
             <dependencies>{uses}</dependencies></project>'\n"
        );
    }
    reactor(&Recorded::read(&files).unwrap(), Path::new("/t")).unwrap()
}

const OWN: &str = "<version>${project.version}</version>";

/// `api` <- `core` <- `server`, and `tool` by itself.
fn shop() -> Reactor {
    let modules = [
        ("api", String::new()),
        ("core", used("api", OWN)),
        ("server", used("core", "")),
        ("tool", String::new()),
    ];
    of(&modules, "")
}

fn names(reactor: &Reactor, modules: &BTreeSet<usize>) -> Vec<String> {
    modules.iter().map(|module| reactor.modules[*module].artifact().to_owned()).collect()
}

#[test]
fn what_needs_what() {
    let reactor = shop();
    let graph = Graph::of(&reactor);
    let number = |name: &str| reactor.modules.iter().position(|m| m.artifact() == name).unwrap();
    let api = BTreeSet::from([number("api")]);
    assert_eq!(names(&reactor, &dependents(&reactor, &graph, &api)), ["core", "server"]);
    let server = BTreeSet::from([number("server")]);
    assert_eq!(names(&reactor, &requirements(&graph, &server)), ["root", "api", "core"]);
    assert_eq!(circle(&reactor), None);
}

#[test]
fn children_use_what_their_parent_uses() {
    let plugin = "<build><plugins><plugin><artifactId>maven-checkstyle-plugin</artifactId><dependencies>\
                  <dependency><groupId>g</groupId><artifactId>rules</artifactId><version>1</version></dependency>\
                  </dependencies></plugin></plugins></build>";
    let reactor = of(&[("rules", String::new()), ("api", String::new())], plugin);
    let graph = Graph::of(&reactor);
    let rules = BTreeSet::from([1]);
    assert_eq!(names(&reactor, &dependents(&reactor, &graph, &rules)), ["root", "api"]);
    assert_eq!(circle(&reactor), None, "Maven looks past circles of plug-ins");
}

#[test]
fn what_is_managed_is_needed_by_those_that_use_it() {
    let managed = |plugin: &str| {
        format!(
            "<build><pluginManagement><plugins><plugin><artifactId>{plugin}</artifactId><dependencies>{}\
             </dependencies></plugin></plugins></pluginManagement></build>",
            used("rules", OWN)
        )
    };
    let needing = |plugin: &str| {
        let reactor = of(&[("rules", String::new()), ("api", String::new())], &managed(plugin));
        let graph = Graph::of(&reactor);
        names(&reactor, &dependents(&reactor, &graph, &BTreeSet::from([1])))
    };
    assert!(needing("maven-checkstyle-plugin").is_empty(), "nobody uses it");
    // Maven has every module compiled.
    assert_eq!(needing("maven-compiler-plugin"), ["root", "api"]);
}

/// A root whose profiles bring a module and a dependency: `extra` by name, `more` by a property, and
/// `usual` unless another is on.
fn profiles(words: &[&str]) -> Reactor {
    let profile = |id: &str, activation: &str, module: &str| {
        format!(
            "<profile><id>{id}</id><activation>{activation}</activation><modules><module>{module}</module>\
             </modules></profile>"
        )
    };
    let set = |what: &str| format!("<property>{what}</property>");
    let root = [
        profile("extra", "", "extra"),
        profile("more", &set("<name>more</name>"), "more"),
        profile("off", &set("<name>kind</name><value>!small</value>"), "off"),
        profile("usual", "<activeByDefault>true</activeByDefault>", "usual"),
    ];
    let module = |name: &str, more: &str| {
        format!("<project>{PARENT}<artifactId>{name}</artifactId>{more}</project>")
    };
    let uses = format!("<dependencies>{}</dependencies>", used("core", OWN));
    let client = format!("<profiles><profile><id>extra</id>{uses}</profile></profiles>");
    let files = [
        (
            "pom.xml",
            format!(
                "<project>{ROOT}<modules><module>core</module><module>client</module></modules><profiles>{}</profiles></project>",
                root.concat()
            ),
        ),
        ("core/pom.xml", module("core", "")),
        ("client/pom.xml", module("client", &client)),
        ("extra/pom.xml", module("extra", "")),
        ("more/pom.xml", module("more", "")),
        ("off/pom.xml", module("off", "")),
        ("usual/pom.xml", module("usual", "")),
    ];
    let files: String =
        files.iter().map(|(file, text)| format!("  /t/{file}: '{text}'\n")).collect();
    let machine = Recorded::read(&format!("files:\n{files}")).unwrap();
    reactor_with(&machine, Path::new("/t"), &Asked::of(words.iter().copied())).unwrap()
}

#[test]
fn profiles_that_are_asked_for_bring_their_modules() {
    let found = |words: &[&str]| {
        let all = profiles(words);
        let all: Vec<_> = all.modules.iter().skip(3).map(|it| it.artifact().to_owned()).collect();
        all.join(" ")
    };
    assert_eq!(found(&[]), "off");
    assert_eq!(found(&["-Dkind=small"]), "usual", "which is on while no other is");
    assert_eq!(found(&["-Pextra", "-Dkind=small"]), "extra");
    assert_eq!(found(&["-P", "extra,!off", "install"]), "extra");
    assert_eq!(found(&["--activate-profiles=extra", "-P", "-off"]), "extra");
    assert_eq!(found(&["-D", "more", "-Dkind=large"]), "more off");
    assert_eq!(found(&["-P!off,!usual", "-DskipTests"]), "");
    let client = |words: &[&str]| Graph::of(&profiles(words)).needs(2).to_vec();
    assert_eq!(client(&[]), [0]);
    assert_eq!(client(&["-Pextra"]), [0, 1], "what a profile uses is needed while it is on");
    let all = profiles(&[]);
    let most = at_most(&all, &BTreeSet::from([2])).unwrap();
    assert_eq!(names(&all, &most), ["root", "core"], "or may be on");
}

#[test]
fn what_may_be_needed_is_unknown_where_a_pom_leaves_it_open() {
    let most = |reactor: &Reactor| at_most(reactor, &BTreeSet::from([3]));
    let shop = shop();
    assert_eq!(names(&shop, &most(&shop).unwrap()), ["root", "api", "core"]);
    let import = "<dependencyManagement><dependencies><dependency><groupId>g</groupId><artifactId>api</artifactId>\
                  <scope>import</scope></dependency></dependencies></dependencyManagement>";
    let modules = ["api", "core", "server"].map(|name| (name, String::new()));
    let importing = of(&modules, import);
    assert_eq!(names(&importing, &most(&importing).unwrap()), ["root", "api"]);
    assert_eq!(Graph::of(&importing).needs(3), [0], "no build waits for a list of versions");
    let open = [("api", used("${what}", OWN)), ("core", String::new()), ("server", String::new())];
    assert_eq!(most(&of(&open, "")), None);
    let elsewhere =
        "<parent><groupId>g</groupId><artifactId>above</artifactId><version>1</version></parent>";
    assert_eq!(most(&of(&modules, elsewhere)), None, "a parent that is no module");
}

#[test]
fn a_circle_is_named_where_it_is_certain() {
    let modules = [
        ("api", used("server", OWN)),
        ("core", used("api", OWN)),
        ("server", used("core", "<version>1</version>")),
    ];
    let reactor = of(&modules, "");
    let found = circle(&reactor).unwrap();
    let mut named: Vec<_> = found.iter().map(|m| reactor.modules[*m].artifact()).collect();
    named.sort_unstable();
    assert_eq!(named, ["api", "core", "server"]);
    // Another release of a module is not that module.
    let old = [("api", used("core", "<version>0.9</version>")), ("core", used("api", OWN))];
    assert_eq!(circle(&of(&old, "")), None);
    // Who manages the version may mean another release, which is none.
    let open = [("api", used("core", "")), ("core", used("api", OWN))];
    assert_eq!(circle(&of(&open, "")), None);
}

#[test]
fn a_deep_reactor_needs_no_deep_stack() {
    let modules: Vec<(String, String)> = (0..4000)
        .map(|n| {
            (
                format!("m{n}"),
                if n == 0 { String::new() } else { used(&format!("m{}", n - 1), OWN) },
            )
        })
        .collect();
    let modules: Vec<_> =
        modules.iter().map(|(name, uses)| (name.as_str(), uses.clone())).collect();
    let reactor = of(&modules, "");
    assert_eq!(circle(&reactor), None);
    let graph = Graph::of(&reactor);
    assert_eq!(dependents(&reactor, &graph, &BTreeSet::from([1])).len(), 3999);
}

fn words(reactor: &Reactor, files: &[&str], installed: &[&str]) -> Result<String, Scope> {
    let graph = Graph::of(reactor);
    let files: Vec<String> = files.iter().map(|file| (*file).to_owned()).collect();
    let has = |module: usize| installed.contains(&reactor.modules[module].artifact());
    match scope(reactor, &graph, &files, &has) {
        Scope::Modules(chosen) => Ok(chosen.words(reactor, &graph).join(" ")),
        other => Err(other),
    }
}

#[test]
fn files_choose_modules() {
    let reactor = shop();
    let all = ["root", "api", "core", "server", "tool"];
    let file = "core/src/main/java/Core.java";
    assert_eq!(words(&reactor, &[file], &all).unwrap(), "-pl :core -amd");
    assert_eq!(words(&reactor, &["server/new/", "tool/"], &all).unwrap(), "-pl :server,:tool -amd");
    // `api` was never installed, so that `core` cannot find it.
    assert_eq!(words(&reactor, &[file], &["root"]).unwrap(), "-pl :core -amd -am");
    // `-am` would not build what only a dependent needs.
    let only = of(
        &[
            ("api", String::new()),
            ("other", String::new()),
            ("server", used("api", OWN) + &used("other", OWN)),
        ],
        "",
    );
    assert_eq!(words(&only, &["api/A.java"], &["root"]).unwrap(), "-pl :api,:other,:server");
    assert_eq!(words(&reactor, &[], &all).unwrap_err(), Scope::Nothing);
    for outside in ["pom.xml", "scripts/run.sh"] {
        let scope = words(&reactor, &[file, outside], &all).unwrap_err();
        assert_eq!(scope, Scope::Everything(outside.to_owned()));
    }
}

#[test]
fn two_modules_of_one_name_are_told_apart_by_folder() {
    let reactor = of(&[("a/same", String::new()), ("b/same", String::new())], "");
    let mut reactor = reactor;
    for module in &mut reactor.modules[1..] {
        module.pom.artifact = Some("same".to_owned());
    }
    assert_eq!(words(&reactor, &["b/same/X.java"], &["root"]).unwrap(), "-pl b/same -amd");
}

#[test]
fn the_nearest_folder_counts() {
    let module = |folder: &Path| folder == Path::new("a") || folder == Path::new("a/b");
    assert_eq!(folder_of("a/b/src/X.java", &module), Some(Path::new("a/b")));
    assert_eq!(folder_of("a/c/X.java", &module), Some(Path::new("a")));
    assert_eq!(folder_of("a/b/", &module), Some(Path::new("a/b")));
    assert_eq!(folder_of("README", &module), None);
}

#[test]
fn installed_means_pom_and_archive_with_something_in_them() {
    let machine = Recorded::read(
        "files:
  /m2/g/api/1/api-1.pom: <project/>
  /m2/g/api/1/api-1.jar: PK
  /m2/g/core/1/core-1.pom: <project/>
  /m2/g/core/1/core-1.jar: ''
  /m2/g/server/1/server-1.pom: <project/>
  /m2/g/root/1/root-1.pom: <project/>
",
    )
    .unwrap();
    let reactor = shop();
    let has = |number: usize| local::has(&machine, Path::new("/m2"), &reactor.modules[number].pom);
    let installed: Vec<_> = (0..5).filter(|number| has(*number)).collect();
    assert_eq!(names(&reactor, &installed.into_iter().collect()), ["root", "api"]);
}
