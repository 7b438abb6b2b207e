#!/bin/sh
# A shell's lock with redis-cli, as Redis's page "Distributed Locks" has it for one server: a token
# by chance, and a script that deletes only what bears it. Each call is a connection of its own.
here=$(dirname "$0")
# shellcheck source=scenarios/libraries/hustings.sh
. "$here/hustings.sh"
free='if redis.call("get",KEYS[1]) == ARGV[1]
then return redis.call("del",KEYS[1]) else return 0 end'
case $REDIS_URL in
unix://*) redis() { redis-cli -s "${REDIS_URL#unix://}" "$@"; } ;;
*) redis() { redis-cli -u "$REDIS_URL" "$@"; } ;;
esac
rest() {
    sleep "$(echo "$1" | sed 's/^/000/; s/\(...\)$/.\1/')"
}

while :; do
    token=$(od -An -N16 -tx1 /dev/urandom | tr -d ' ')
    taken=$(redis set "$HUSTINGS_LOCK_KEY" "$token" nx px "${HUSTINGS_LOCK_TTL_MS:-30000}")
    if [ "$taken" = OK ]; then
        claim '"in_section": true'
        rest "${WORK_MS:-200}"
        claim '"in_section": false'
        [ "$(redis eval "$free" 1 "$HUSTINGS_LOCK_KEY" "$token")" = 1 ] ||
            echo "says: the lock was not ours any more" >&2
    fi
    rest "${REST_MS:-100}"
done
