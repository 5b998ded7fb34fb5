//! Facts about this machine: JDKs, Python, Node.js, memory, disk.

pub mod disk;
pub mod jdk;
pub mod managers;
pub mod memory;
pub mod node;
pub mod python;
pub mod stand_in;
