//! SSH signatures as `ssh-keygen -Y` makes and reads them: the signature, the file that says whose
//! keys to believe, and the lists of revoked keys. Works on bytes alone, starts no program, opens
//! no private key, and believes no file it was not handed.
//!
//! Where `ssh-keygen` of OpenSSH 9.2 refuses, this refuses. What it takes and this does not is
//! named where it is refused.

mod arithmetic;
mod base64;
mod certificate;
pub mod clock;
mod key;
mod krl;
mod options;
mod pattern;
pub mod revoked;
pub mod signers;
mod sshsig;
mod wire;

pub use base64::{decode, encode};
pub use certificate::Certificate;
pub use clock::{Clock, Moment};
pub use key::{Identity, Kind, PublicKey};
pub use revoked::Revoked;
pub use signers::{AllowedSigners, Answer, Line};
pub use sshsig::{Fault, Held, Signature};
