# Signs a commit in a repository that is thrown away, and tells all that came of it on standard
# output: `= NAME`, the number of bytes, the bytes. Runs in a private folder, which whoever started
# it removes. The arguments are git's settings; what else it needs is in ONRAMP_*.
umask 077
chmod 700 program || exit 90
here=$PWD
git=

tell() {
    for name in "$@"; do
        [ -f "$name" ] || continue
        printf '= %s %s\n' "$name" "$(($(wc -c <"$name")))"
        cat "$name"
        echo
    done
}

# A passphrase that nobody waits for any more is not to be asked for, and an agent that was not
# there before is not to stay.
leave() {
    trap '' INT TERM HUP
    if [ -n "$git" ]; then
        asks=$(sed -n 's/^\[GNUPG:\] PINENTRY_LAUNCHED \([0-9][0-9]*\) .*/\1/p' said 2>/dev/null)
        # The number may be another machine's, where the agent's socket was handed on.
        case $(ps -o comm= -p "${asks:-0}" 2>/dev/null) in
        *pinentry*) kill "$asks" 2>/dev/null ;;
        esac
        [ ! -f pid ] || kill "$(cat pid)" 2>/dev/null
        kill "$git" 2>/dev/null
    fi
    if [ -n "$ONRAMP_END_AGENT" ]; then
        "$ONRAMP_END_AGENT" --kill gpg-agent >/dev/null 2>&1 </dev/null
    fi
    tell author committer commit.err commit.code said raw verified letter holds
}
trap 'leave; exit 91' INT TERM HUP

"$ONRAMP_GIT" -c init.defaultBranch=main init --quiet --template= repository || exit 92
set -- "$@" -c "gpg.$ONRAMP_FORMAT.program=$here/program"
# Some releases of git leave files of theirs in the folder for temporary files.
of_git() {
    TMPDIR=$here "$ONRAMP_GIT" -C "$here/repository" "$@"
}
of_git "$@" var GIT_AUTHOR_IDENT >author 2>/dev/null
of_git "$@" var GIT_COMMITTER_IDENT >committer 2>/dev/null

echo '= signing 0'
echo
# In the background, so that a signal is heeded at once.
of_git "$@" commit --quiet --allow-empty --no-verify -S -m 'Rehearse a signature' \
    >/dev/null 2>commit.err &
git=$!
wait "$git"
echo "$?" >commit.code
git=
echo '= signed 0'
echo

if [ "$(cat commit.code)" = 0 ]; then
    [ ! -f said ] || mv said said.signing
    of_git cat-file commit HEAD >raw
    of_git "$@" verify-commit --raw HEAD >/dev/null 2>verified
    of_git "$@" log -1 --no-show-signature --format=%G? >letter 2>/dev/null
    # Whether the signature holds is another question than whose key it is.
    : >signers
    of_git "$@" -c "gpg.ssh.allowedSignersFile=$here/signers" \
        log -1 --no-show-signature --format=%G? >holds 2>/dev/null
    [ ! -f said.signing ] || mv said.signing said
fi
leave
