#!/bin/sh
# Stands between git and the program that signs: starts it just as git would and keeps what it
# says on standard error, which git throws away.
here=${0%/*}
if [ -n "$ONRAMP_TMPDIR" ]; then export TMPDIR="$ONRAMP_TMPDIR"; else unset TMPDIR; fi
if [ "$ONRAMP_FORMAT" = ssh ]; then
    echo "$$" >"$here/pid"
    exec "$ONRAMP_PROGRAM" "$@"
fi
# Whom to revoke is asked over the network; a rehearsal stays here.
[ "${ONRAMP_PROGRAM##*/}" != gpgsm ] || set -- --disable-dirmngr "$@"
# shellcheck disable=SC2016
sh -c 'echo "$$" >"$0"; exec "$ONRAMP_PROGRAM" "$@"' "$here/pid" "$@" 2>"$here/said"
code=$?
cat "$here/said" >&2
exit "$code"
