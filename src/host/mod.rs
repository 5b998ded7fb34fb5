//! Facts about this machine: JDKs, memory, disk.

pub mod disk;
pub mod jdk;
pub mod memory;
