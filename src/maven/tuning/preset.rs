//! The settings of JVMs and threads that are worth trying against each other, apart from what they
//! become on a certain machine. Plain data, kept between builds by calibration.

use serde::{Deserialize, Serialize};

use super::{Compiler, Work};

/// Modules that are compiled at a time in one JVM before its collector needs several threads.
const FEW: usize = 4;

/// How far the JVMs compile their own code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Speed {
    /// With the first compiler alone: soon at work, for short lives.
    Quick,
    /// As they come: better code in the end, at a price that long lives pay back.
    Full,
}

/// Garbage collectors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Collector {
    /// One thread, smallest cost.
    Serial,
    /// Several threads, all work stopped meanwhile.
    Parallel,
    /// What the JVM takes by itself.
    Default,
}

/// One setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preset {
    /// Compilers of the JVM.
    pub speed: Speed,
    /// Collector of the JVM.
    pub collector: Collector,
    /// Whether the class-data archive is used where there is one.
    pub archive: bool,
    /// Modules at a time; none to have it worked out.
    pub threads: Option<usize>,
}

impl Preset {
    /// What measured best where nobody measured.
    #[must_use]
    pub fn usual(work: &Work) -> Self {
        if work.skips_tests {
            let (speed, collector) = (Speed::Quick, Collector::Serial);
            return Self { speed, collector, archive: true, threads: None };
        }
        Self { speed: Speed::Full, collector: Collector::Default, archive: false, threads: None }
    }

    /// The collector for Maven's own JVM at so many modules at a time: where they are all compiled
    /// in it, one thread that collects would be what all others wait for.
    pub(super) fn collector_of_maven(&self, compiler: Compiler, threads: usize) -> Collector {
        match (self.collector, compiler) {
            (Collector::Serial, Compiler::InProcess) if threads > FEW => Collector::Parallel,
            (collector, _) => collector,
        }
    }

    /// In a few words.
    #[must_use]
    pub fn told(&self) -> String {
        let speed = match self.speed {
            Speed::Quick => "quick compilers",
            Speed::Full => "full compilers",
        };
        let collector = match self.collector {
            Collector::Serial => "serial collector",
            Collector::Parallel => "parallel collector",
            Collector::Default => "the JVM's own collector",
        };
        let archive = if self.archive { "shared class data" } else { "no shared class data" };
        let threads = self.threads.map(|threads| format!(", {threads} at a time"));
        format!("{speed}, {collector}, {archive}{}", threads.unwrap_or_default())
    }
}

impl Collector {
    /// The JVM's option; none for its own choice.
    pub(super) fn option(self) -> Option<&'static str> {
        match self {
            Self::Serial => Some("-XX:+UseSerialGC"),
            Self::Parallel => Some("-XX:+UseParallelGC"),
            Self::Default => None,
        }
    }
}
