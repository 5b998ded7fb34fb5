//! SSH keys, signatures, certificates and lists of revoked keys, made by ssh-keygen for one test,
//! and signatures put together by hand where ssh-keygen makes none so odd.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use onramp::ssh::encode;
use ring::digest::{SHA256, SHA512, digest};
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256,
    RSA_PKCS1_SHA512, RsaKeyPair,
};
use tempfile::TempDir;

/// A folder of keys.
pub(crate) struct Workshop {
    folder: TempDir,
}

impl Workshop {
    pub(crate) fn new() -> Self {
        Self { folder: TempDir::new().unwrap() }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, content).unwrap();
        path
    }

    /// Runs ssh-keygen in the folder.
    pub(crate) fn keygen(&self, arguments: &[&str]) {
        let output = Command::new("ssh-keygen")
            .arg("-q")
            .args(arguments)
            .current_dir(self.folder.path())
            .env("TZ", "UTC")
            .output()
            .expect("ssh-keygen is installed");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "ssh-keygen {arguments:?}: {said}");
    }

    /// Makes a key.
    pub(crate) fn make(&self, name: &str, kind: &[&str]) {
        self.keygen(&[&["-N", "", "-C", "made for a test", "-f", name], kind].concat());
    }

    /// `ssh-ed25519 AAAA…`.
    pub(crate) fn public(&self, name: &str) -> String {
        let text = fs::read_to_string(self.path(&format!("{name}.pub"))).unwrap();
        text.split(' ').take(2).collect::<Vec<_>>().join(" ").trim().to_owned()
    }

    /// The bytes of a public key.
    pub(crate) fn blob(&self, name: &str) -> Vec<u8> {
        let public = self.public(name);
        onramp::ssh::decode(public.split(' ').nth(1).unwrap().as_bytes()).unwrap()
    }

    /// A signature over a payload, by a key or with a certificate.
    pub(crate) fn sign(&self, key: &str, payload: &[u8], options: &[&str]) -> Vec<u8> {
        self.write("payload", payload);
        let _ = fs::remove_file(self.path("payload.sig"));
        let namespace = if options.contains(&"-n") { &[][..] } else { &["-n", "git"] };
        self.keygen(&[&["-Y", "sign", "-f", key], namespace, options, &["payload"]].concat());
        fs::read(self.path("payload.sig")).unwrap()
    }

    /// Certifies the key `ed` and returns the name to sign with.
    pub(crate) fn certify(&self, name: &str, options: &[&str]) -> String {
        for end in ["", ".pub"] {
            fs::copy(self.path(&format!("ed{end}")), self.path(&format!("{name}{end}"))).unwrap();
        }
        let public = format!("{name}.pub");
        self.keygen(&[&["-s", "ca", "-I", name], options, &[&public]].concat());
        format!("{name}-cert.pub")
    }

    /// A binary list of revoked keys, from keys or from a specification.
    pub(crate) fn revoke(&self, name: &str, of: &str, options: &[&str]) -> PathBuf {
        self.keygen(&[&["-k", "-f", name], options, &[of]].concat());
        self.path(name)
    }

    /// Signs as RSA with a digest that ssh-keygen would not choose; the key must be in PEM form.
    pub(crate) fn rsa(&self, key: &str, data: &[u8], sha256: bool) -> Vec<u8> {
        let text = fs::read_to_string(self.path(key)).unwrap();
        let body: String = text.lines().filter(|line| !line.starts_with("-----")).collect();
        let pair = RsaKeyPair::from_der(&onramp::ssh::decode(body.as_bytes()).unwrap()).unwrap();
        let padding = if sha256 { &RSA_PKCS1_SHA256 } else { &RSA_PKCS1_SHA512 };
        let mut value = vec![0; pair.public().modulus_len()];
        pair.sign(padding, &SystemRandom::new(), data, &mut value).unwrap();
        value
    }
}

/// Bytes after their length.
pub(crate) fn string(bytes: &[u8]) -> Vec<u8> {
    [&u32::try_from(bytes.len()).unwrap().to_be_bytes(), bytes].concat()
}

/// A public key's line.
pub(crate) fn line(name: &str, blob: &[u8]) -> String {
    let padding = "=".repeat((3 - blob.len() % 3) % 3);
    format!("{name} {}{padding}", encode(blob))
}

/// The parts of a signature, to be put together otherwise than ssh-keygen would.
pub(crate) struct Parts<'a> {
    pub(crate) magic: &'a [u8],
    pub(crate) version: u32,
    pub(crate) key: &'a [u8],
    pub(crate) namespace: &'a [u8],
    pub(crate) reserved: &'a [u8],
    pub(crate) hash: &'a str,
}

impl<'a> Parts<'a> {
    pub(crate) fn of(key: &'a [u8]) -> Self {
        let (namespace, reserved) = (&b"git"[..], &b""[..]);
        Self { magic: b"SSHSIG", version: 1, key, namespace, reserved, hash: "sha512" }
    }

    /// The bytes that are signed.
    pub(crate) fn signed(&self, payload: &[u8]) -> Vec<u8> {
        let algorithm = if self.hash == "sha256" { &SHA256 } else { &SHA512 };
        let hash = digest(algorithm, payload);
        let parts = [self.namespace, self.reserved, self.hash.as_bytes(), hash.as_ref()];
        [b"SSHSIG".to_vec(), parts.map(string).concat()].concat()
    }

    /// The whole in its armour; `inner` is the value with its kind.
    pub(crate) fn armoured(&self, inner: &[u8]) -> Vec<u8> {
        armoured(&self.blob(inner))
    }

    pub(crate) fn blob(&self, inner: &[u8]) -> Vec<u8> {
        let parts = [self.key, self.namespace, self.reserved, self.hash.as_bytes(), inner];
        let head = [self.magic, &self.version.to_be_bytes()].concat();
        [head, parts.map(string).concat()].concat()
    }
}

/// Puts a signature into its armour.
pub(crate) fn armoured(blob: &[u8]) -> Vec<u8> {
    let padding = "=".repeat((3 - blob.len() % 3) % 3);
    let digits = format!("{}{padding}", encode(blob));
    let lines: Vec<&str> =
        digits.as_bytes().chunks(70).map(|line| std::str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN SSH SIGNATURE-----\n{}\n-----END SSH SIGNATURE-----\n", lines.join("\n"))
        .into_bytes()
}

/// An Ed25519 key made here.
pub(crate) struct Edwards {
    pair: Ed25519KeyPair,
}

impl Edwards {
    pub(crate) fn new() -> Self {
        Self { pair: Ed25519KeyPair::from_seed_unchecked(&[7; 32]).unwrap() }
    }

    pub(crate) fn blob(&self) -> Vec<u8> {
        [&b"ssh-ed25519"[..], self.pair.public_key().as_ref()].map(string).concat()
    }

    /// The value with its kind.
    pub(crate) fn sign(&self, data: &[u8]) -> Vec<u8> {
        [&b"ssh-ed25519"[..], self.pair.sign(data).as_ref()].map(string).concat()
    }

    /// A security key's public key.
    pub(crate) fn card(&self) -> Vec<u8> {
        [&b"sk-ssh-ed25519@openssh.com"[..], self.pair.public_key().as_ref(), b"ssh:"]
            .map(string)
            .concat()
    }

    /// What a security key would sign.
    pub(crate) fn sign_on_card(&self, data: &[u8], flags: u8) -> Vec<u8> {
        let (message, tail) = on_card(data, flags);
        let value = self.pair.sign(&message);
        let named = [&b"sk-ssh-ed25519@openssh.com"[..], value.as_ref()].map(string).concat();
        [named, tail].concat()
    }
}

/// A P-256 key on a security key: its public key, and a signer.
pub(crate) struct Curve {
    pair: EcdsaKeyPair,
}

impl Curve {
    pub(crate) fn new() -> Self {
        let (random, kind) = (SystemRandom::new(), &ECDSA_P256_SHA256_FIXED_SIGNING);
        let made = EcdsaKeyPair::generate_pkcs8(kind, &random).unwrap();
        Self { pair: EcdsaKeyPair::from_pkcs8(kind, made.as_ref(), &random).unwrap() }
    }

    pub(crate) fn card(&self) -> Vec<u8> {
        let point = self.pair.public_key().as_ref();
        [&b"sk-ecdsa-sha2-nistp256@openssh.com"[..], b"nistp256", point, b"ssh:"]
            .map(string)
            .concat()
    }

    pub(crate) fn sign_on_card(&self, data: &[u8], flags: u8) -> Vec<u8> {
        let (message, tail) = on_card(data, flags);
        let value = self.pair.sign(&SystemRandom::new(), &message).unwrap();
        let numbers = value.as_ref().chunks(32).map(number).collect::<Vec<_>>().concat();
        let named = [&b"sk-ecdsa-sha2-nistp256@openssh.com"[..], &numbers].map(string).concat();
        [named, tail].concat()
    }
}

fn on_card(data: &[u8], flags: u8) -> (Vec<u8>, Vec<u8>) {
    let tail = [flags, 0, 0, 0, 7].to_vec();
    let (application, data) = (digest(&SHA256, b"ssh:"), digest(&SHA256, data));
    ([application.as_ref(), &tail, data.as_ref()].concat(), tail)
}

/// A big number.
fn number(bytes: &[u8]) -> Vec<u8> {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    let bytes = &bytes[zeros..];
    let padding: &[u8] = if bytes.first().is_some_and(|first| *first >= 0x80) { &[0] } else { &[] };
    string(&[padding, bytes].concat())
}

/// A file of the workshop as git wants it named.
pub(crate) fn shown(path: &Path) -> String {
    path.to_str().unwrap().to_owned()
}
