//! A home with a key to publish, and a network that is one server on loopback.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use super::process::Output;
use super::tls_proxy::{Behind, TlsProxy};
use super::world::TestWorld;

/// The name that the server's certificate is for.
pub(crate) const HOST: &str = "localhost";

/// Somebody with a key, and a server that their machine believes.
pub(crate) struct Publishing {
    pub(crate) world: TestWorld,
    pub(crate) proxy: TlsProxy,
    /// The server's name with its port.
    pub(crate) server: String,
    pub(crate) fingerprint: String,
}

impl Publishing {
    /// With an Ed25519 key.
    pub(crate) fn behind(behind: Behind) -> Self {
        let mut own = Self::keyless(behind);
        own.fingerprint = own.world.signing_key();
        own
    }

    /// Without a key.
    pub(crate) fn keyless(behind: Behind) -> Self {
        let proxy = TlsProxy::start(behind, &[HOST, "127.0.0.1"]);
        let world = TestWorld::new().with_program("gpg");
        let certificate = proxy.certificate(&world.home());
        let world = world.with_variable("SSL_CERT_FILE", certificate);
        let server = format!("{HOST}:{}", proxy.port);
        Self { world, proxy, server, fingerprint: String::new() }
    }

    /// Makes the GnuPG home, where gpg is to make a key of some other kind.
    pub(crate) fn home(&self) -> PathBuf {
        let home = self.world.home().join(".gnupg");
        fs::create_dir(&home).expect("a new folder");
        fs::set_permissions(&home, fs::Permissions::from_mode(0o700)).expect("our folder");
        home
    }

    /// Runs `onramp key publish` without a terminal.
    #[track_caller]
    pub(crate) fn publish(&self, arguments: &[&str]) -> Output {
        let publish = [&["key", "publish"], arguments].concat();
        self.world.onramp(&self.world.work(), &publish)
    }

    /// Publishes, agreed beforehand.
    #[track_caller]
    pub(crate) fn agreed(&self) -> Output {
        self.publish(&[&self.fingerprint, "--server", &self.server, "--yes"])
    }

    /// Runs gpg on the key, with nobody to ask.
    #[track_caller]
    pub(crate) fn gpg(&self, arguments: &[&str]) -> Output {
        let gpg = which::which("gpg").expect("the tests need gpg");
        let batch = ["--batch", "--quiet", "--passphrase", "", "--pinentry-mode", "loopback"];
        let done = self.run(&gpg, &[&batch[..], arguments].concat());
        assert_eq!(done.code, Some(0), "{}", done.stderr());
        done
    }

    #[track_caller]
    fn run(&self, program: &Path, arguments: &[&str]) -> Output {
        self.world.run(&self.world.work(), program, arguments, b"")
    }
}
