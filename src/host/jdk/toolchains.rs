//! The JDKs that `~/.m2/toolchains.xml` offers to builds that choose one by toolchain. Reads the
//! file only; whether a build asks for toolchains at all is the build's matter.

use std::path::Path;

use quick_xml::Reader;
use quick_xml::events::Event;
use schemars::JsonSchema;
use serde::Serialize;

use super::home;
use crate::sys::System;

/// One `<toolchain>` of type `jdk`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Toolchain {
    /// The folder it names.
    pub home: Option<String>,
    /// The version it claims to provide, as written.
    pub version: Option<String>,
    /// The vendor it claims.
    pub vendor: Option<String>,
    /// The feature release that lies there; none where no JDK does.
    pub feature: Option<u64>,
}

/// What the user's toolchains file offers.
///
/// # Errors
/// A fragment that names the file and why it cannot be understood.
pub fn read(system: &dyn System) -> Result<Vec<Toolchain>, String> {
    let Some(home) = system.home() else { return Ok(Vec::new()) };
    let Some(text) = home::text(system, &home.join(".m2/toolchains.xml")) else {
        return Ok(Vec::new());
    };
    let mut toolchains =
        parse(&text).map_err(|error| format!("~/.m2/toolchains.xml is no valid XML: {error}"))?;
    for toolchain in &mut toolchains {
        let folder = toolchain.home.as_deref().map(Path::new);
        toolchain.feature =
            folder.and_then(|folder| home::read(system, folder)).and_then(|jdk| jdk.feature);
    }
    Ok(toolchains)
}

fn parse(text: &str) -> Result<Vec<Toolchain>, quick_xml::Error> {
    let mut reader = Reader::from_str(text);
    let (mut found, mut current) = (Vec::new(), (String::new(), Toolchain::default()));
    let mut content = String::new();
    loop {
        match reader.read_event()? {
            Event::Start(start) => {
                if start.local_name().as_ref() == "toolchain" {
                    current = Default::default();
                }
                content.clear();
            }
            Event::Text(part) => content.push_str(&part.xml10_content()),
            Event::End(end) => {
                let (kind, toolchain) = &mut current;
                let value = Some(content.trim().to_owned());
                match end.local_name().as_ref() {
                    "type" => *kind = content.trim().to_owned(),
                    "version" => toolchain.version = value,
                    "vendor" => toolchain.vendor = value,
                    "jdkHome" => toolchain.home = value,
                    "toolchain" if kind == "jdk" => found.push(std::mem::take(toolchain)),
                    _ => {}
                }
                content.clear();
            }
            Event::Eof => return Ok(found),
            _ => {}
        }
    }
}
