//! The real JDK story: which JDK the build will use and who decided, what else is on PATH, what
//! Maven's toolchains offer, and every JDK installed.
//!
//! Everything is told from files; only [`trial`] and [`class_data`] start a JVM. What files cannot tell is
//! [`path::Leads::Untold`], with the reason.

pub mod chosen;
pub mod class_data;
pub mod home;
pub mod installed;
pub mod path;
pub mod rc;
pub mod shims;
pub mod toolchains;
pub mod trial;
mod words;
