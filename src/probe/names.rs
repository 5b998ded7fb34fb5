//! What names of hosts mean on this machine. Asks the system's own resolver, and connects to
//! nothing.

use std::net::IpAddr;
use std::thread;
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Kind, World};
use crate::net::{Connector, Failure};
use crate::observation::Unknown;

/// Longest look-up.
const DEADLINE: Duration = Duration::from_secs(3);
/// Most names looked up, at the same time and at all.
const NAMES: usize = 16;

/// Looks names up.
pub struct Names;

/// Which names.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Arguments {
    /// The names.
    hosts: Vec<String>,
}

/// One name.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Name {
    /// The name.
    name: String,
    /// Its addresses.
    addresses: Vec<String>,
    /// Whether it has any; none where nobody could be asked in time.
    known: Option<bool>,
    /// Whether all of them are this machine's own.
    loopback: bool,
    /// Why it has none or why that cannot be told.
    reason: Option<String>,
}

/// What was found.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Found {
    /// Whether any name was asked for.
    present: bool,
    /// The names, in order.
    names: Vec<Name>,
}

impl Kind for Names {
    type Arguments = Arguments;
    type Found = Found;
    const NAME: &'static str = "names";

    fn observe(world: World<'_>, arguments: Arguments) -> Result<Found, Unknown> {
        let mut hosts = arguments.hosts;
        hosts.truncate(NAMES);
        // The last one is looked up here: a thread costs more than most answers.
        let last = hosts.pop();
        let names = thread::scope(|scope| {
            let asked: Vec<_> =
                hosts.into_iter().map(|host| scope.spawn(move || name(world.net, host))).collect();
            let last = last.map(|host| name(world.net, host));
            let asked = asked.into_iter().filter_map(|answer| answer.join().ok());
            asked.chain(last).collect::<Vec<_>>()
        });
        Ok(Found { present: !names.is_empty(), names })
    }
}

fn name(net: &dyn Connector, name: String) -> Name {
    let (addresses, known, reason) = match net.look_up(&name, DEADLINE) {
        Ok(addresses) => (addresses, Some(true), None),
        Err(Failure::NameUnknown(why)) => (Vec::new(), Some(false), Some(why)),
        Err(Failure::Unclear(why)) => (Vec::new(), None, Some(why)),
        Err(_) => {
            let why = format!("looking it up took longer than {} s", DEADLINE.as_secs());
            (Vec::new(), None, Some(why))
        }
    };
    let loopback = !addresses.is_empty() && addresses.iter().all(IpAddr::is_loopback);
    let addresses = addresses.iter().map(ToString::to_string).collect();
    Name { name, addresses, known, loopback, reason }
}
