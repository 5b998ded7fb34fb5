//! Facts about this machine: JDKs, Python, Node.js, memory, disk, limits.

pub mod disk;
pub mod jdk;
pub mod jvm;
pub mod limits;
pub mod load;
pub mod managers;
pub mod memory;
pub mod mounts;
pub mod node;
pub mod python;
pub mod stand_in;
