# shellcheck shell=sh
# Claims of a member of hustings, as JSON lines on stdout. HUSTINGS_CLAIMS=no: it makes none.
tell() { # '{"claim": {"in_section": true}}'
    [ "${HUSTINGS_CLAIMS:-}" = no ] || printf '%s\n' "$1"
}
write() { # TOKEN to the protected resource; whether it was taken
    tell "{\"write\": {${1:+\"token\": $1}}}"
    IFS= read -r answer && case $answer in *true*) true ;; *) false ;; esac
}
stop() { # a place where a fault may stop it
    tell '{"stop": true}'
    IFS= read -r _
}
