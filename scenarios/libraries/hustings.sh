# shellcheck shell=sh
# Claims of a member of hustings, as JSON lines on stdout. HUSTINGS_CLAIMS=no: it makes none.
claim() { # '"in_section": true'
    [ "${HUSTINGS_CLAIMS:-}" = no ] || printf '{"claim": {%s}}\n' "$1"
}
claim '' # of nothing: from the beginning, nothing is to be inferred of it
write() { # TOKEN to the protected resource; whether it was taken
    printf '{"write": {%s}}\n' "${1:+\"token\": $1}"
    IFS= read -r answer && case $answer in *true*) true ;; *) false ;; esac
}
stop() { # a place where a fault may stop it
    printf '{"stop": true}\n'
    IFS= read -r _
}
