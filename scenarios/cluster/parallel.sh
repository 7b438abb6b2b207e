#!/bin/sh
# A command of hustings in parts by GNU parallel, as many at a time as there are processors; then
# the parts are merged:
#
#     ./parallel.sh 16 sweep mine.yaml --set nodes=3..18/16 --into results/mine
#
# --into comes last. On several machines that see the same folder (parallel reads this variable):
#
#     PARALLEL='--sshlogin 8/one,8/two --workdir .' ./parallel.sh 16 sweep …
#
# Some parts failed? Give the same again: what is finished is not run a second time.
set -eu
parts=$1
shift
for into in "$@"; do :; done # the last word
hustings=${HUSTINGS:-hustings}
seq "$parts" | parallel --quote "$hustings" "$@" --jobs 1 --shard "{}/$parts"
exec "$hustings" merge "$into"
