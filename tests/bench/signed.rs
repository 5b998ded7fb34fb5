//! Repositories of signed commits for the benchmark, the same ones every time but for the RSA key:
//! one straight line above a root that no range includes, in one pack, and a GnuPG home
//! that trusts the key. Signs in process; gpg only imports.

pub(crate) mod key;

use std::fs::{self, Permissions};
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use flate2::Compression;
use flate2::write::ZlibEncoder;
use ring::digest::{Context, SHA1_FOR_LEGACY_USE_ONLY, digest};

use key::{Key, Kind, armored};

/// Every so many commits one whose message was changed after signing, and one without a signature.
const TAMPERED: usize = 500;
const UNSIGNED: usize = 700;
const BEGINNING: u32 = 1_760_000_000;
const COMMIT: u8 = 1;
const TREE: u8 = 2;
const BLOB: u8 = 3;

/// A work tree, the keys of its commits, and what they come to.
pub(crate) struct Signed {
    pub(crate) tree: PathBuf,
    pub(crate) gnupg: PathBuf,
    /// Full ids: the root, which stands before the range, and the newest commit.
    pub(crate) root: String,
    pub(crate) head: String,
    /// The certificate in armour.
    pub(crate) certificate: String,
    /// Number of good, bad and unsigned commits.
    pub(crate) verdicts: [usize; 3],
    /// Bytes of the pack and its index, which git2 maps into memory.
    pub(crate) mapped: u64,
}

impl Signed {
    /// Makes it in a folder: `count` commits above the root, a few of them planted to be found
    /// where `planted`.
    pub(crate) fn make(
        folder: &Path,
        kind: Kind,
        count: usize,
        planted: bool,
    ) -> Result<Self, String> {
        let key = Key::make(kind)?;
        let certificate = key.certificate()?;
        let gnupg = folder.join("gnupg");
        import(&gnupg, &key, &certificate).map_err(|error| error.to_string())?;
        let mut pack = Pack::default();
        let blob = pack.add(BLOB, b"hello\n");
        let tree = hex(&pack.add(TREE, &[&b"100644 README\0"[..], &blob].concat()));
        let [before, message] = commit(&tree, None, 0);
        // sq-git sets out from a root that is signed like the rest.
        let root =
            signed(&before, &key.sign((before.clone() + &message).as_bytes(), time(0))?, &message);
        let root = hex(&pack.add(COMMIT, root.as_bytes()));
        let (mut head, mut verdicts) = (root.clone(), [0; 3]);
        for number in 1..=count {
            let [before, mut message] = commit(&tree, Some(&head), number);
            let text = if planted && number % UNSIGNED == 0 {
                verdicts[2] += 1;
                before + &message
            } else {
                let signature = key.sign(format!("{before}{message}").as_bytes(), time(number))?;
                if planted && number % TAMPERED == 0 {
                    message = message.replace("tested", "TESTED");
                    verdicts[1] += 1;
                } else {
                    verdicts[0] += 1;
                }
                signed(&before, &signature, &message)
            };
            head = hex(&pack.add(COMMIT, text.as_bytes()));
        }
        let tree = folder.join("tree");
        let mapped = pack.store(&tree, &head).map_err(|error| error.to_string())?;
        let certificate = armored(&certificate).replace("SIGNATURE", "PUBLIC KEY BLOCK");
        Ok(Self { tree, gnupg, root, head, certificate, verdicts, mapped })
    }

    /// The range of all commits but the root.
    pub(crate) fn range(&self) -> String {
        format!("{}..{}", self.root, self.head)
    }
}

fn signed(before: &str, signature: &str, message: &str) -> String {
    format!("{before}gpgsig {}\n{message}", signature.replace('\n', "\n "))
}

fn time(number: usize) -> u32 {
    BEGINNING + 60 * u32::try_from(number).unwrap_or_default()
}

/// What stands before and after the place of the signature.
fn commit(tree: &str, parent: Option<&str>, number: usize) -> [String; 2] {
    let parent = parent.map(|parent| format!("parent {parent}\n")).unwrap_or_default();
    let who = format!("Ada Lovelace <ada@example.org> {} +0000", time(number));
    let before = format!("tree {tree}\n{parent}author {who}\ncommitter {who}\n");
    let message = format!(
        "\nserver: change number {number}\n\nThis fixes issue #{number}: a message body of an \
         ordinary length that says why\nthe change was made and how it was tested.\n"
    );
    [before, message]
}

/// Makes a GnuPG home that knows the key and trusts it.
fn import(gnupg: &Path, key: &Key, certificate: &[u8]) -> std::io::Result<()> {
    fs::create_dir_all(gnupg)?;
    fs::set_permissions(gnupg, Permissions::from_mode(0o700))?;
    let trust = format!("{}:6:\n", hex(&key.fingerprint).to_uppercase());
    for (word, content) in [("--import", certificate), ("--import-ownertrust", trust.as_bytes())] {
        let mut gpg = Command::new("gpg");
        gpg.arg("--homedir").arg(gnupg).args(["--batch", "--quiet", "--no-autostart", word]);
        feed(gpg, content)?;
    }
    let mut gpg = Command::new("gpg");
    gpg.arg("--homedir").arg(gnupg).args(["--batch", "--quiet", "--check-trustdb"]);
    feed(gpg, b"")
}

/// The objects of one pack.
#[derive(Default)]
struct Pack {
    objects: Vec<u8>,
    count: u32,
}

impl Pack {
    fn add(&mut self, kind: u8, content: &[u8]) -> [u8; 20] {
        let name = match kind {
            COMMIT => "commit",
            TREE => "tree",
            _ => "blob",
        };
        let mut hash = Context::new(&SHA1_FOR_LEGACY_USE_ONLY);
        hash.update(format!("{name} {}\0", content.len()).as_bytes());
        hash.update(content);
        let mut rest = content.len();
        let mut byte = (kind << 4) | (rest & 15).to_le_bytes()[0];
        rest >>= 4;
        while rest > 0 {
            self.objects.push(byte | 0x80);
            byte = (rest & 0x7f).to_le_bytes()[0];
            rest >>= 7;
        }
        self.objects.push(byte);
        let mut zipped = ZlibEncoder::new(&mut self.objects, Compression::fast());
        // Writing to memory does not fail.
        let _ = zipped.write_all(content).and_then(|()| zipped.try_finish());
        drop(zipped);
        self.count += 1;
        let mut id = [0; 20];
        id.copy_from_slice(hash.finish().as_ref());
        id
    }

    /// Makes a work tree with these objects and `main` at a commit; bytes of pack and index.
    fn store(self, tree: &Path, head: &str) -> std::io::Result<u64> {
        let mut pack = b"PACK\0\0\0\x02".to_vec();
        pack.extend(self.count.to_be_bytes());
        pack.extend(self.objects);
        pack.extend(digest(&SHA1_FOR_LEGACY_USE_ONLY, &pack.clone()).as_ref());
        let git = |words: &[&str], input: &[u8]| {
            let mut git = Command::new("git");
            git.arg("-C").arg(tree).args(words);
            feed(git, input)
        };
        fs::create_dir_all(tree)?;
        git(&["init", "--quiet", "--initial-branch", "main"], b"")?;
        git(&["index-pack", "--stdin"], &pack)?;
        git(&["update-ref", "refs/heads/main", head], b"")?;
        let files = fs::read_dir(tree.join(".git/objects/pack"))?;
        files.map(|file| Ok(file?.metadata()?.len())).sum()
    }
}

/// Runs a command on some input.
fn feed(mut command: Command, input: &[u8]) -> std::io::Result<()> {
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = command.spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(input)?;
    }
    let output = child.wait_with_output()?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(std::io::Error::other(format!("{command:?} ended with {} and said: {said}", output.status)))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
