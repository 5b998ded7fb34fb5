//! Which hosts a proxy is not used for. Pure: the lists of curl and of Maven.

use std::net::IpAddr;

/// curl's `no_proxy`, which git shares: names and addresses parted by commas or blanks. A name
/// covers the domains below it, an address may carry a prefix length, and a list that is nothing
/// but `*` is every host. As in curl, an entry with a port or a star in it covers nothing.
#[must_use]
pub fn exempt(host: &str, list: &str) -> bool {
    if list.trim() == "*" {
        return true;
    }
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    let entries = list.split([',', ' ', '\t']).filter(|entry| !entry.is_empty());
    match host.parse::<IpAddr>() {
        Ok(address) => entries.into_iter().any(|entry| covers_address(entry, address)),
        Err(_) => entries.into_iter().any(|entry| covers_name(entry, &host)),
    }
}

fn covers_name(entry: &str, host: &str) -> bool {
    let name = entry.strip_prefix('.').unwrap_or(entry).trim_end_matches('.').to_ascii_lowercase();
    let rest = host.strip_suffix(&name);
    !name.is_empty() && rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

fn covers_address(entry: &str, address: IpAddr) -> bool {
    let Some((network, bits)) = entry.split_once('/') else {
        return bare(entry).parse() == Ok(address);
    };
    let (network, bits) = (bare(network).parse::<IpAddr>(), bits.parse::<u32>());
    matches!((network, bits), (Ok(network), Ok(bits)) if inside(address, network, bits))
}

fn bare(address: &str) -> &str {
    address.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(address)
}

fn inside(address: IpAddr, network: IpAddr, bits: u32) -> bool {
    match (address, network) {
        (IpAddr::V4(address), IpAddr::V4(network)) if bits <= 32 => {
            let mask = u32::MAX.checked_shl(32 - bits).unwrap_or(0);
            address.to_bits() & mask == network.to_bits() & mask
        }
        (IpAddr::V6(address), IpAddr::V6(network)) if bits <= 128 => {
            let mask = u128::MAX.checked_shl(128 - bits).unwrap_or(0);
            address.to_bits() & mask == network.to_bits() & mask
        }
        _ => false,
    }
}

/// Maven's `nonProxyHosts`: entries parted by bars, `*` for any run of characters.
#[must_use]
pub fn maven_exempt(host: &str, list: &str) -> bool {
    let host = host.to_ascii_lowercase();
    let entries = list.split(['|', ',']).map(str::trim).filter(|entry| !entry.is_empty());
    entries.into_iter().any(|entry| wildcard(&host, &entry.to_ascii_lowercase()))
}

fn wildcard(text: &str, pattern: &str) -> bool {
    let Some((head, tail)) = pattern.split_once('*') else { return text == pattern };
    let Some(rest) = text.strip_prefix(head) else { return false };
    let mut ends = rest.char_indices().map(|(at, _)| at).chain([rest.len()]);
    ends.any(|at| wildcard(&rest[at..], tail))
}
