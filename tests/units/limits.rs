//! Limits and mounts from Linux's own tables, and what is told where these are odd.

use onramp::host::{limits, mounts};
use serde_json::{Value, json};

use super::machine::{machine, observe};

#[test]
fn limits_are_read_and_no_limit_is_none() {
    let text = "Limit                     Soft Limit           Hard Limit           Units     
Max processes             unlimited            unlimited            processes 
Max open files            1024                 524288               files     
";
    let found = limits::from_text(text).unwrap();
    assert_eq!((found.open_files, found.most_open_files), (Some(1024), Some(524_288)));
    assert_eq!((found.processes, found.by_container), (None, false));
    assert_eq!(limits::from_text("nothing of the kind"), None);
    assert_eq!(limits::from_text("Max open files\nMax processes"), None);
}

#[test]
fn the_nearest_mount_counts_and_a_later_one_hides_an_earlier() {
    let text = r"
22 1 8:1 / / rw - ext4 /dev/sda1 rw
23 22 8:2 / /home rw - xfs /dev/sda2 rw
24 22 8:3 / /home rw,noexec - btrfs /dev/sda3 rw
25 24 8:4 / /home/ada/my\040disk ro - vfat /dev/sdb1 ro,errors=remount-ro
a line that is none
";
    let escaped = text.replace('\\', "\\\\").replace('\n', "\\n");
    let machine = machine(&format!("files: {{ /proc/self/mountinfo: \"{escaped}\" }}"));
    let kind = |path: &str| mounts::of(&machine, path.as_ref()).map(|mount| mount.kind);
    assert_eq!(kind("/srv/x").as_deref(), Some("ext4"));
    assert_eq!(kind("/home/ada/x").as_deref(), Some("btrfs"));
    assert_eq!(kind("/home/ada/my disk/x").as_deref(), Some("vfat"));
    assert_eq!(kind("/homestead").as_deref(), Some("ext4"));
}

#[test]
fn a_strange_escape_is_left_as_it_is() {
    let mounts = mounts::read(r"1 1 8:1 / /a\9zz\134 rw - ext4 C:\ rw");
    assert_eq!(mounts[0].point.to_str(), Some(r"/a\9zz\"));
    assert_eq!(mounts[0].source, r"C:\");
}

#[test]
fn a_system_without_the_table_leaves_the_mount_untold() {
    let arguments = json!({ "path": "/home/ada/x" });
    let found = observe(&machine("{}"), "file_system", arguments).unwrap();
    assert_eq!((&found["kind"], &found["windows_drive"]), (&Value::Null, &Value::Null), "{found}");
}
