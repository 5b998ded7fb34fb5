//! Which files Apache RAT leaves out: by the patterns of a project, and by itself. Goes by paths
//! alone.

use regex::bytes::RegexSet;

/// Files that RAT leaves out, as the project's own pom and RAT itself say.
#[derive(Debug, Clone, Default)]
pub struct Exclusions(RegexSet);

/// Files that RAT and Maven's directory scanner leave out by themselves, wherever they lie.
const FILES: [&str; 10] = [
    ".DS_Store",
    ".MySCMServerInfo",
    ".bzrignore",
    ".cvsignore",
    ".darcs-temp-mail",
    ".gitattributes",
    ".gitignore",
    ".hgignore",
    "project.pj",
    "vssver.scc",
];

/// Folders that they leave out, wherever they lie, and files of these names as well.
const FOLDERS: [&str; 13] = [
    ".arch-ids",
    ".bzr",
    ".darcsrepo",
    ".git",
    ".hg",
    ".metadata",
    ".svn",
    "BitKeeper",
    "CVS",
    "ChangeSet",
    "RCS",
    "SCCS",
    "_darcs",
];

/// What is left out at the root alone: these files, files with these endings, and what lies in these
/// folders.
const ROOT_FILES: [&str; 8] = [
    ".classpath",
    ".mvn",
    ".project",
    ".repository",
    "build.log",
    "cobertura.ser",
    "pom.xml.releaseBackup",
    "release.properties",
];
const ROOT_ENDINGS: [&str; 3] = [".iml", ".ipr", ".iws"];
const ROOT_FOLDERS: [&str; 3] = [".idea", ".settings", "target"];

/// Whether a file is left out by RAT itself, whatever the project says.
fn always(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let framed = |mark: char| name.len() > 1 && name.starts_with(mark) && name.ends_with(mark);
    let begins = |start: &&str| name.starts_with(start);
    let at_root = match path.split_once('/') {
        Some((folder, _)) => ROOT_FOLDERS.contains(&folder),
        None => {
            ROOT_FILES.contains(&name) || ROOT_ENDINGS.iter().any(|ending| name.ends_with(ending))
        }
    };
    at_root
        || FILES.contains(&name)
        || framed('#')
        || framed('%')
        || name.ends_with('~')
        || ["-darcs-backup", ".#", "._"].iter().any(begins)
        || path.split('/').any(|part| FOLDERS.contains(&part))
}

impl Exclusions {
    /// From patterns as Maven writes them.
    #[must_use]
    pub fn of<'a>(patterns: impl IntoIterator<Item = &'a str>) -> Self {
        let all: Vec<_> = patterns.into_iter().filter_map(pattern).collect();
        // Every part is escaped, so only an absurd size can fail; nothing is then left out.
        Self(RegexSet::new(all).unwrap_or_default())
    }

    /// Whether RAT leaves this path out.
    #[must_use]
    pub fn cover(&self, path: &str) -> bool {
        always(path) || self.0.is_match(path.as_bytes())
    }
}

/// One character that is no slash, in UTF-8.
const CHARACTER: &str = r"(?-u:[^/\x80-\xff]|[\xc0-\xff][\x80-\xbf]*)";

/// One Maven pattern as an expression over the bytes of the whole path: `**` is any number of
/// folders, `*` and `?` stay within one, and a slash at the end means everything below. `None` for no
/// pattern.
#[must_use]
pub fn pattern(text: &str) -> Option<String> {
    let text = text.trim().replace('\\', "/");
    let text = text.strip_prefix('/').unwrap_or(&text);
    if text.is_empty() {
        return None;
    }
    let text = if text.ends_with('/') { format!("{text}**") } else { text.to_owned() };
    let mut expression = String::from("^");
    let parts: Vec<_> = text.split('/').collect();
    for (index, part) in parts.iter().enumerate() {
        let last = index + 1 == parts.len();
        match (*part, last) {
            ("**", true) => expression.push_str("(?s-u:.)*"),
            ("**", false) => expression.push_str("(?:(?-u:[^/])+/)*"),
            (part, last) => {
                for c in part.chars() {
                    match c {
                        '*' => expression.push_str("(?-u:[^/])*"),
                        '?' => expression.push_str(CHARACTER),
                        other => expression.push_str(&regex::escape(&other.to_string())),
                    }
                }
                if !last {
                    // `folder/**` covers the folder's own name as well.
                    let all_below = parts[index + 1..].iter().all(|part| *part == "**");
                    expression.push_str(if all_below { "(?:/|$)" } else { "/" });
                }
            }
        }
    }
    expression.push('$');
    Some(expression)
}
