//! git's settings, each with the place it comes from: what a tree sets itself is marked, because
//! a tree is not to be trusted with programs. Changes none.

use std::path::PathBuf;

use git2::{Config, ConfigLevel, Repository};
use schemars::JsonSchema;
use serde::Serialize;

use super::Unreadable;

/// Whose setting it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// The machine's.
    System,
    /// The user's.
    User,
    /// The tree's own.
    Tree,
}

/// A setting that takes effect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Setting {
    /// As asked for, such as `user.email`.
    pub name: String,
    /// Its value, foreign bytes replaced.
    pub value: String,
    /// Whose it is.
    pub scope: Scope,
    /// The file it stands in, or that includes the one it stands in; none where git has no name
    /// for it.
    pub file: Option<String>,
}

/// Files that stand in for the user's and the machine's own, as `GIT_CONFIG_GLOBAL` and
/// `GIT_CONFIG_SYSTEM` name them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Places {
    /// The user's files, in the order read; none for the usual ones.
    pub user: Option<Vec<PathBuf>>,
    /// The machine's file; `Some(None)` for none at all.
    pub system: Option<Option<PathBuf>>,
}

/// Whether git reads the value of a setting as a yes.
#[must_use]
pub fn is_yes(value: &str) -> bool {
    ["true", "yes", "on"].iter().any(|yes| value.eq_ignore_ascii_case(yes))
        || value.parse::<i64>().is_ok_and(|number| number != 0)
}

/// Reads the settings that take effect.
pub(super) fn settings(
    repository: Option<&Repository>,
    places: &Places,
    names: &[&str],
) -> Result<Vec<Setting>, Unreadable> {
    let config = config(repository, places)?;
    names.iter().filter_map(|name| setting(&config, repository, places, name).transpose()).collect()
}

/// Everything that takes effect in a repository, or outside of any.
pub(super) fn config(
    repository: Option<&Repository>,
    places: &Places,
) -> Result<Config, Unreadable> {
    let mut config = match repository {
        Some(repository) if *places == Places::default() => repository.config()?,
        _ => stack(repository, places)?,
    };
    Ok(config.snapshot()?)
}

/// The proxies: the address of `http.<url>.proxy`, none for `http.proxy`, and the proxy's own.
pub(super) fn proxies(config: &Config) -> Result<Vec<(Option<String>, String)>, Unreadable> {
    let mut proxies = Vec::new();
    let mut entries = config.entries(Some("^http\\.(.*\\.)?proxy$"))?;
    while let Some(entry) = entries.next() {
        let entry = entry?;
        let name = String::from_utf8_lossy(entry.name_bytes()).into_owned();
        let url = name.strip_prefix("http.").and_then(|rest| rest.strip_suffix(".proxy"));
        let value = String::from_utf8_lossy(entry.value_bytes()).into_owned();
        proxies.push((url.map(ToOwned::to_owned), value));
    }
    Ok(proxies)
}

/// The files in the order git reads them; those that are not there are left out.
fn stack(repository: Option<&Repository>, places: &Places) -> Result<Config, Unreadable> {
    let mut config = Config::new()?;
    let tree = repository.map(|repository| repository.commondir().join("config"));
    let mut files: Vec<(PathBuf, ConfigLevel)> = Vec::new();
    files.extend(system_file(places).map(|file| (file, ConfigLevel::System)));
    files.extend(user_files(places));
    files.extend(tree.map(|file| (file, ConfigLevel::Local)));
    for (file, level) in files {
        match config.add_file(&file, level, false) {
            Err(error) if error.code() != git2::ErrorCode::NotFound => return Err(error.into()),
            _ => {}
        }
    }
    Ok(config)
}

fn system_file(places: &Places) -> Option<PathBuf> {
    match &places.system {
        Some(file) => file.clone(),
        None => Config::find_system().ok(),
    }
}

fn user_files(places: &Places) -> Vec<(PathBuf, ConfigLevel)> {
    match &places.user {
        // libgit2 takes one file a level; git itself reads one such file only.
        Some(files) => {
            files.iter().map(|file| (file.clone(), ConfigLevel::Global)).take(1).collect()
        }
        None => {
            let xdg = Config::find_xdg().ok().map(|file| (file, ConfigLevel::XDG));
            let global = Config::find_global().ok().map(|file| (file, ConfigLevel::Global));
            xdg.into_iter().chain(global).collect()
        }
    }
}

fn setting(
    config: &Config,
    repository: Option<&Repository>,
    places: &Places,
    name: &str,
) -> Result<Option<Setting>, Unreadable> {
    let entry = match config.get_entry(name) {
        Ok(entry) => entry,
        Err(error) if error.code() == git2::ErrorCode::NotFound => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    // `[commit] gpgsign` without a value means true.
    let value = if entry.has_value() {
        String::from_utf8_lossy(entry.value_bytes()).into_owned()
    } else {
        "true".to_owned()
    };
    let level = entry.level();
    let scope = match level {
        ConfigLevel::ProgramData | ConfigLevel::System => Scope::System,
        ConfigLevel::XDG | ConfigLevel::Global => Scope::User,
        _ => Scope::Tree,
    };
    let file = match scope {
        Scope::System => system_file(places),
        Scope::User => {
            user_files(places).into_iter().find(|(_, other)| *other == level).map(|(file, _)| file)
        }
        Scope::Tree => repository.map(|repository| repository.commondir().join("config")),
    };
    let file = file.map(|file| file.to_string_lossy().into_owned());
    Ok(Some(Setting { name: name.to_owned(), value, scope, file }))
}
