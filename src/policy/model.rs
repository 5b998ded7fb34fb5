//! The shape of `_policies.yaml`, strict: policies by name. Nothing here is checked yet; `book`
//! does that.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;
use serde_saphyr::Spanned;

use crate::finding::Severity;
use crate::pack::model::Text;
use crate::pack::suggest::suggestion;

/// One policy, as written.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawPolicy {
    /// What it is, in a phrase.
    #[serde(default)]
    pub title: Option<String>,
    /// The policy whose severities and values it starts from.
    #[serde(default)]
    pub extends: Option<Text>,
    /// Severities by id of a check, or the end of one.
    #[serde(default)]
    pub severity: Option<Spanned<BTreeMap<String, Weight>>>,
    /// Values of the project that it sets, in the shape of `_project.yaml`.
    #[serde(default)]
    pub project: Option<Spanned<Value>>,
}

/// What a check that does not hold amounts to: a severity, or `{ is, because }`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weight {
    /// The severity.
    pub severity: Severity,
    /// The reason, a phrase.
    pub because: Option<String>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Reasoned {
    is: Word,
    because: String,
}

/// A severity that says what to write instead of `off`.
struct Word(Severity);

const OFF: &str = "a policy cannot switch a check off; `advice` keeps it in sight and never fails \
                   a run";

fn severity<E: de::Error>(word: &str) -> Result<Severity, E> {
    match word {
        "error" => Ok(Severity::Error),
        "warn" => Ok(Severity::Warn),
        "advice" => Ok(Severity::Advice),
        "off" => Err(E::custom(OFF)),
        other => {
            let hint = suggestion(other, ["error", "warn", "advice"].into_iter());
            Err(E::custom(format!("there is no severity `{other}`{hint}")))
        }
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Weight;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("error, warn or advice, or `{ is: advice, because: a reason }`")
    }

    fn visit_str<E: de::Error>(self, word: &str) -> Result<Weight, E> {
        Ok(Weight { severity: severity(word)?, because: None })
    }

    fn visit_bool<E: de::Error>(self, _: bool) -> Result<Weight, E> {
        Err(E::custom(OFF))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Weight, A::Error> {
        let Reasoned { is, because } = Reasoned::deserialize(MapAccessDeserializer::new(map))?;
        Ok(Weight { severity: is.0, because: Some(because) })
    }
}

impl<'de> Deserialize<'de> for Weight {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

impl<'de> Deserialize<'de> for Word {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        severity(&String::deserialize(deserializer)?).map(Self)
    }
}
