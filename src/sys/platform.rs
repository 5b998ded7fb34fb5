//! Reads which package family a machine belongs to from its `os-release`. Pure.

use super::Platform;

/// From the compiler's names of system and processor and the text of `/etc/os-release`.
pub(super) fn read(os: &str, arch: &str, release: &str) -> Platform {
    let field = |name: &str| {
        release
            .lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix('='))
            .map(|value| value.trim().trim_matches(['"', '\'']).to_owned())
    };
    let ids =
        format!("{} {}", field("ID").unwrap_or_default(), field("ID_LIKE").unwrap_or_default());
    let family = match os {
        "macos" => "macos",
        _ => ids.split_whitespace().find_map(family_of).unwrap_or("other"),
    };
    Platform {
        os: os.to_owned(),
        family: family.to_owned(),
        name: field("PRETTY_NAME").unwrap_or_else(|| os.to_owned()),
        arch: arch.to_owned(),
    }
}

fn family_of(id: &str) -> Option<&'static str> {
    Some(match id {
        "debian" | "ubuntu" => "debian",
        "fedora" | "rhel" | "centos" => "fedora",
        "suse" | "opensuse" | "sles" => "suse",
        "arch" => "arch",
        "alpine" => "alpine",
        _ => return None,
    })
}
