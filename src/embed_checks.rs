//! Build script: embeds the checks folder, so that the directory is the registry.

fn main() {}
