//! Facts about this machine: JDKs, memory, disk.
