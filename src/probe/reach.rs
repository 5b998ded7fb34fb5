//! Probe `reach`: which hosts answer, by the way git or Maven would take. Opens a connection and
//! hangs up; sends nothing of the user's, and never follows an address any further.

use std::collections::HashMap;
use std::path::Path;
use std::thread;
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::net::proxy::{self, GitProxy, MavenProxy};
use crate::net::target::{self, NotATarget};
use crate::net::{Connector, Failure, Route, Target, explain};
use crate::observation::Unknown;
use crate::sys::System;

use super::{Given, Kind, World};

/// Longest attempt, name look-up included.
const DEADLINE: Duration = Duration::from_secs(3);
/// Most hosts tried at the same time, and at all.
const HOSTS: usize = 64;

/// See the module.
pub struct Reachability;

/// What to reach.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Arguments {
    /// The addresses, mirrors and rewritings already applied.
    pub urls: Vec<Wanted>,
    /// Proxies from the settings of git and Maven; variables are looked up here.
    #[serde(default)]
    pub proxies: Option<Proxies>,
}

/// One address.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    /// The address.
    pub url: String,
    /// What it is: a repository's id, a remote's name.
    pub what: String,
    /// Whose way is taken.
    #[serde(default)]
    pub tool: Tool,
    /// Where it is written.
    #[serde(default)]
    pub file: Option<String>,
    /// The line there.
    #[serde(default)]
    pub line: Option<u64>,
    /// What it stands in for, where it is a mirror.
    #[serde(default)]
    pub mirror_of: Option<String>,
}

/// Whose rules about proxies apply.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Tool {
    /// git's and curl's: settings, then variables.
    #[default]
    Git,
    /// Maven's: its settings alone.
    Maven,
}

/// Proxies from settings.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Proxies {
    /// git's `http.proxy` and `http.<url>.proxy`.
    pub git: Vec<GitProxy>,
    /// Maven's active proxies, in order.
    pub maven: Vec<MavenProxy>,
}

/// What was found.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Found {
    /// Whether there was anything to reach.
    pub present: bool,
    /// One per address, in order.
    pub targets: Vec<Item>,
}

/// One address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Item {
    /// What it is.
    pub what: String,
    /// The address without user name and password.
    pub url: String,
    /// Host; none for an address that leads to none.
    pub host: Option<String>,
    /// Port.
    pub port: Option<u16>,
    /// `direct`, `local`, or the proxy and the setting that names it.
    pub via: String,
    /// Whether the host answered; none where that cannot be told.
    pub reachable: Option<bool>,
    /// The kind of failure, one word.
    pub error: Option<&'static str>,
    /// What happened, a fragment.
    pub reason: Option<String>,
    /// What it stands in for.
    pub mirror_of: Option<String>,
    /// Where it is written.
    pub file: Option<String>,
    /// The line there.
    pub line: Option<u64>,
}

impl Kind for Reachability {
    type Arguments = Arguments;
    type Found = Found;
    const NAME: &'static str = "reach";
    const WAITS: bool = true;
    const UNTRUSTED: Option<&'static [(&'static str, Given)]> = Some(&[
        ("urls", Given::Only(&["run.git_urls", "run.maven_urls"])),
        ("proxies", Given::Only(&["run.proxies"])),
    ]);

    fn observe(world: World<'_>, arguments: Arguments) -> Result<Found, Unknown> {
        Ok(reach(world.system, world.net, &arguments))
    }
}

/// Reaches every address, each host and way once and all at the same time.
pub fn reach(system: &dyn System, net: &dyn Connector, arguments: &Arguments) -> Found {
    let variable = |name: &str| system.env(name).map(|value| value.to_string_lossy().into_owned());
    let none = Proxies::default();
    let proxies = arguments.proxies.as_ref().unwrap_or(&none);
    let way = |wanted: &Wanted, target: &Target| match wanted.tool {
        Tool::Git => proxy::for_git(target, &proxies.git, &variable),
        Tool::Maven => proxy::for_maven(target, &proxies.maven),
    };
    let trips: Vec<Result<Trip, NotATarget>> = arguments
        .urls
        .iter()
        .map(|wanted| {
            let target = target::parse(&wanted.url)?;
            Ok(Trip { route: way(wanted, &target), target })
        })
        .collect();
    let answers = travel(net, trips.iter().flatten());
    let targets = arguments.urls.iter().zip(&trips).map(|(wanted, trip)| match trip {
        Ok(trip) => {
            let answer = answers.get(&trip.key()).cloned();
            let mut item = arrived(wanted, trip, answer);
            hint_at_variables(&mut item, wanted, trip, &variable);
            item
        }
        Err(reason) => nowhere(system, wanted, reason),
    });
    Found { present: !arguments.urls.is_empty(), targets: targets.collect() }
}

struct Trip {
    target: Target,
    route: Route,
}

/// Host, port and way: what makes two trips the same.
type Key = (String, u16, String);

impl Trip {
    fn key(&self) -> Key {
        (self.target.host.clone(), self.target.port, self.via())
    }

    fn via(&self) -> String {
        match &self.route {
            Route::Direct => "direct".to_owned(),
            Route::Through(proxy) => {
                format!("{}:{} ({})", proxy.host, proxy.port, proxy.named_by)
            }
            Route::Unclear(_) => "unclear".to_owned(),
        }
    }
}

fn travel<'a>(
    net: &dyn Connector,
    trips: impl Iterator<Item = &'a Trip>,
) -> HashMap<Key, Option<Failure>> {
    let mut different: HashMap<Key, &Trip> = HashMap::new();
    for trip in trips {
        if different.len() < HOSTS {
            different.entry(trip.key()).or_insert(trip);
        }
    }
    let attempt = |trip: &Trip| net.reach(&trip.target, &trip.route, DEADLINE).failure;
    if let [(key, trip)] = &different.iter().collect::<Vec<_>>()[..] {
        return HashMap::from([((*key).clone(), attempt(trip))]);
    }
    thread::scope(|scope| {
        let running: Vec<_> = different
            .into_iter()
            .map(|(key, trip)| (key, scope.spawn(move || attempt(trip))))
            .collect();
        // A trip that panicked has no answer, which is shown as one that could not be told.
        let ended = running.into_iter().filter_map(|(key, run)| Some((key, run.join().ok()?)));
        ended.collect()
    })
}

fn arrived(wanted: &Wanted, trip: &Trip, answer: Option<Option<Failure>>) -> Item {
    let (reachable, error, reason) = match &answer {
        Some(None) => (Some(true), None, None),
        Some(Some(failure)) => {
            let told = explain::settles(failure, &trip.target, &trip.route);
            let reason = explain::sentence(failure, &trip.target, &trip.route, DEADLINE);
            (told.then_some(false), Some(explain::word(failure)), Some(reason))
        }
        None => (None, Some("untried"), Some("it was not tried: too many hosts".to_owned())),
    };
    Item {
        host: Some(trip.target.host.clone()),
        port: Some(trip.target.port),
        url: trip.target.shown.clone(),
        reachable,
        error,
        reason,
        ..blank(wanted, trip.via())
    }
}

fn blank(wanted: &Wanted, via: String) -> Item {
    Item {
        what: wanted.what.clone(),
        url: String::new(),
        host: None,
        port: None,
        via,
        reachable: None,
        error: None,
        reason: None,
        mirror_of: wanted.mirror_of.clone(),
        file: wanted.file.clone(),
        line: wanted.line,
    }
}

/// An address of this machine, or none at all.
fn nowhere(system: &dyn System, wanted: &Wanted, reason: &NotATarget) -> Item {
    let NotATarget::Local = reason else {
        let reason = Some(format!("the address is not understood: {reason}"));
        // Shown without what may be a password.
        let url = wanted.url.rsplit_once('@').map_or(wanted.url.as_str(), |(_, rest)| rest);
        let via = "unclear".to_owned();
        return Item { url: url.to_owned(), error: Some("address"), reason, ..blank(wanted, via) };
    };
    let path = wanted.url.trim_start_matches("file:").trim_start_matches("//");
    let folder = Path::new(path);
    let there = folder.is_absolute().then(|| system.kind(folder).is_some());
    let (error, reason) = match there {
        Some(true) => (None, None),
        Some(false) => (Some("no-folder"), Some(format!("there is no folder {path}"))),
        None => (Some("address"), Some(format!("{path} is relative to an unknown folder"))),
    };
    let url = wanted.url.clone();
    Item { url, reachable: there, error, reason, ..blank(wanted, "local".to_owned()) }
}

/// Many set a variable and wonder why Maven does not use it.
fn hint_at_variables(
    item: &mut Item,
    wanted: &Wanted,
    trip: &Trip,
    variable: &dyn Fn(&str) -> Option<String>,
) {
    let direct = trip.route == Route::Direct && wanted.tool == Tool::Maven;
    if item.reachable != Some(false) || !direct {
        return;
    }
    let names = ["https_proxy", "HTTPS_PROXY", "http_proxy", "all_proxy", "ALL_PROXY"];
    let set = names.into_iter().find(|name| variable(name).is_some());
    if let (Some(name), Some(reason)) = (set, &mut item.reason) {
        reason.push_str(&format!("; {name} is set, but Maven does not read it"));
    }
}
