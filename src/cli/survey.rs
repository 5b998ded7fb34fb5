//! Fills in what this run looks at: the folder, the commit e-mail, and every address the road
//! ahead needs, rewritten as git and Maven would. Asks files only; connects to nothing.

use std::path::Path;

use crate::git::{Setting, address, is_yes};
use crate::maven::settings::{self, Settings};
use crate::maven::{locate, project};
use crate::net::proxy::{GitProxy, MavenProxy};
use crate::net::target;
use crate::pack::Check;
use crate::plan::{Address, Proxies, Run, Signing};

use super::Session;
use super::workspace::Workspace;

/// The probe whose checks need addresses; they cost reading every pom.
const REACH: &str = "reach";

/// Completes `options`.
#[must_use]
pub fn survey(
    session: &Session<'_>,
    workspace: &Workspace,
    options: Run,
    chosen: &[&Check],
) -> Run {
    let tree = workspace.tree.as_ref().map(|tree| tree.root.as_path());
    // Verdicts on the history of something else would be about nobody's pull request.
    let elsewhere = workspace.elsewhere(session.machine.world().git);
    let told = Told::read(session, tree);
    let signing = told.signing();
    let mut run = Run {
        tree: tree.filter(|_| !elsewhere).map(|root| root.to_string_lossy().into_owned()),
        destination: Some(workspace.folder.to_string_lossy().into_owned()),
        name: told.of("user.name"),
        email: email(session, &told),
        signs: told.of("commit.gpgsign").is_some_and(|value| is_yes(&value)),
        signing_key: signing.key.clone().filter(|_| signing.format == "openpgp"),
        signing,
        ..options
    };
    if !run.offline && chosen.iter().any(|check| check.probe == REACH) {
        let settings = maven_settings(session);
        run.git_urls = git_urls(session, workspace, tree);
        run.remote_urls = remote_urls(session, tree, &run.git_urls);
        run.maven_urls = maven_urls(session, workspace, tree, &settings);
        run.proxies = Proxies { git: git_proxies(session, tree), maven: maven_proxies(&settings) };
    }
    run
}

/// What git is told about commits, all read at once: each reading opens every file of settings.
struct Told(Vec<Setting>);

impl Told {
    fn read(session: &Session<'_>, tree: Option<&Path>) -> Self {
        const NAMES: [&str; 5] =
            ["user.name", "user.email", "user.signingkey", "gpg.format", "commit.gpgsign"];
        Self(session.machine.world().git.settings(tree, &NAMES).unwrap_or_default())
    }

    fn of(&self, name: &str) -> Option<String> {
        self.0.iter().find(|setting| setting.name == name).map(|setting| setting.value.clone())
    }

    /// What git is told to sign with.
    fn signing(&self) -> Signing {
        let format = self.of("gpg.format").unwrap_or_else(|| "openpgp".to_owned());
        Signing { format, key: self.of("user.signingkey") }
    }
}

/// The e-mail that commits will carry: the committer's, as git chooses it.
fn email(session: &Session<'_>, told: &Told) -> Option<String> {
    let variable = session.bench.env("GIT_COMMITTER_EMAIL");
    let variable = variable.map(|value| value.to_string_lossy().into_owned());
    variable.or_else(|| told.of("user.email"))
}

fn git_urls(session: &Session<'_>, workspace: &Workspace, tree: Option<&Path>) -> Vec<Address> {
    let rules = session.machine.world().git.rewrites(tree).unwrap_or_default();
    let documented = workspace.project.repository.iter();
    documented
        .map(|url| Address {
            url: address::shown(&address::rewrite(url, &rules)),
            what: workspace.project.title.clone(),
            tool: "git".to_owned(),
            ..Address::default()
        })
        .collect()
}

/// The remotes a contributor works with: a fork to push to, the project to fetch from. Where the
/// push has an address of its own, that counts too; a host that is asked already does not.
fn remote_urls(session: &Session<'_>, tree: Option<&Path>, asked: &[Address]) -> Vec<Address> {
    const REMOTES: [&str; 4] = [
        "remote.origin.url",
        "remote.origin.pushurl",
        "remote.upstream.url",
        "remote.upstream.pushurl",
    ];
    if tree.is_none() {
        return Vec::new();
    }
    let git = session.machine.world().git;
    let rules = git.rewrites(tree).unwrap_or_default();
    let settings = git.settings(tree, &REMOTES).unwrap_or_default();
    let mut urls: Vec<Address> = Vec::new();
    for setting in settings {
        let url = address::shown(&address::rewrite(&setting.value, &rules));
        let what = setting.name.split('.').nth(1).unwrap_or("origin").to_owned();
        let place = place(&url);
        if !asked
            .iter()
            .chain(&urls)
            .any(|known| place.is_some() && self::place(&known.url) == place)
        {
            urls.push(Address { url, what, tool: "git".to_owned(), ..Address::default() });
        }
    }
    urls
}

/// Host and port of an address; none for a folder.
fn place(url: &str) -> Option<(String, u16)> {
    target::parse(url).ok().map(|target| (target.host, target.port))
}

fn git_proxies(session: &Session<'_>, tree: Option<&Path>) -> Vec<GitProxy> {
    let proxies = session.machine.world().git.proxies(tree).unwrap_or_default();
    let shown =
        |(url, proxy): (Option<String>, String)| GitProxy { url, proxy: without_login(&proxy) };
    proxies.into_iter().map(shown).collect()
}

/// A proxy's address with its login replaced by a word: that there is one matters, what it is must
/// not be kept.
fn without_login(proxy: &str) -> String {
    let Some((before, after)) = proxy.split_once('@') else { return proxy.to_owned() };
    let scheme = before.split_once("://").map_or("", |(scheme, _)| scheme);
    if scheme.is_empty() { format!("login@{after}") } else { format!("{scheme}://login@{after}") }
}

fn maven_settings(session: &Session<'_>) -> Settings {
    let maven = locate::locate(session.bench).and_then(|maven| maven.home);
    // Settings that cannot be read stop Maven as well; the build says so with file and line.
    settings::load(session.bench, maven.as_deref()).unwrap_or_default()
}

fn maven_proxies(settings: &Settings) -> Vec<MavenProxy> {
    let proxy = |proxy: &settings::Proxy| MavenProxy {
        protocol: Some(proxy.protocol.clone()),
        host: proxy.host.clone(),
        port: proxy.port,
        login: proxy.has_credentials,
        non_proxy_hosts: Some(proxy.non_proxy_hosts.clone()),
        ..MavenProxy::default()
    };
    settings.proxies.iter().map(proxy).collect()
}

/// Every repository the tree's poms name, or Maven's own alone where there is no tree.
fn maven_urls(
    session: &Session<'_>,
    workspace: &Workspace,
    tree: Option<&Path>,
    settings: &Settings,
) -> Vec<Address> {
    let named = workspace
        .tree
        .as_ref()
        .and_then(|tree| project::repositories(session.bench, &tree.root, tree.pom.as_ref()).ok());
    let central = || project::Reactor::default().repositories();
    let applies = |repository: &project::NamedRepository| {
        repository.profile.as_ref().is_none_or(|profile| profile.active)
    };
    let mut urls: Vec<Address> = Vec::new();
    for repository in named.unwrap_or_else(central).iter().filter(|repository| applies(repository))
    {
        let route = settings.route(&repository.id, &repository.url);
        let address = Address {
            url: route.url,
            what: route.mirror.clone().unwrap_or_else(|| repository.id.clone()),
            tool: "maven".to_owned(),
            file: repository
                .file
                .as_ref()
                .filter(|_| tree.is_some())
                .map(|file| file.to_string_lossy().into_owned()),
            line: repository.line,
            mirror_of: route.mirror.map(|_| repository.id.clone()),
        };
        if !urls.iter().any(|known| known.url == address.url && known.what == address.what) {
            urls.push(address);
        }
    }
    urls
}
