//! What it means for signing that a work tree sets something itself. Words only: a clone is never
//! made with settings, but an archive or a copied folder may bring them.

use crate::git::Listed;

/// What a setting of the tree's own means here; none where it means nothing for signing.
#[must_use]
pub(super) fn means(listed: &Listed) -> Option<String> {
    let yes = listed.is_yes();
    let words = match listed.name.as_str() {
        "gpg.program" | "gpg.openpgp.program" | "gpg.ssh.program" | "gpg.x509.program" => {
            "git starts this program to sign and to judge signatures, in this clone alone; onramp \
             never does"
        }
        "user.signingkey" => {
            "commits in this clone are signed with this key, not with your usual one"
        }
        "gpg.format" => "signatures in this clone are of this kind, whatever your own settings say",
        "commit.gpgsign" if yes => "commits in this clone are signed",
        "commit.gpgsign" => "commits in this clone are not signed, whatever your own settings say",
        "tag.gpgsign" if yes => "tags in this clone are signed",
        "tag.gpgsign" => "tags in this clone are not signed, whatever your own settings say",
        "gpg.ssh.allowedsignersfile" => {
            "git takes the tree's word for whose SSH signatures are good; onramp never does"
        }
        "gpg.ssh.revocationfile" => {
            "git takes the tree's word for which SSH keys are revoked; onramp never does"
        }
        "gpg.ssh.defaultkeycommand" => "git runs this command to choose a key; onramp never does",
        "gpg.mintrustlevel" => "git trusts keys here as the tree says; onramp never does",
        "user.email" | "committer.email" => {
            "commits in this clone carry this address, and the key must name it"
        }
        "user.useconfigonly" if yes => "git makes no address up here",
        _ => return None,
    };
    Some(words.to_owned())
}
