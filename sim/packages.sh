# shellcheck shell=sh
# Installs what is missing. Sourced by sim/hustings and tests/run, which set `me` (their name, for
# messages).
#
#   packages WHY TOOL=PACKAGE...
#
# Looks for every TOOL; if all are there, nothing is said and nothing installed, whatever the
# package manager knows. A TOOL is a program, a choice of programs (a/b/c), pc:NAME for a library
# that pkg-config knows, h:NAME for a header of C, py:NAME for a module of Python, or file:PATH.
# PACKAGE is what Debian calls it. What is done about what is missing:
#
#   as root, or where CI is set   says what it installs and why, and installs it
#   through sudo on a terminal    asks first, once
#   otherwise                     installs nothing; prints the command; returns 3
#
# HUSTINGS_INSTALL=no is as "otherwise", even for root.

say() {
    printf '%s: %s\n' "${me:-hustings}" "$*" >&2
}

has_tool() {
    case $1 in
    pc:*) pkg-config --exists "${1#pc:}" ;;
    h:*) echo "#include <${1#h:}>" | cc -E -x c - ;;
    py:*) /usr/bin/python3 -c "import ${1#py:}" ;;
    file:*) [ -e "${1#file:}" ] ;;
    */*) has_tool "${1%%/*}" || has_tool "${1#*/}" ;;
    *) command -v "$1" ;;
    esac >/dev/null 2>&1
}

# Of TOOL=PACKAGE...: sets `lacking`, tools, and `wanted`, their packages; each after a blank.
look_for() {
    lacking=
    wanted=
    for pair; do
        has_tool "${pair%=*}" && continue
        lacking="$lacking ${pair%=*}"
        case "$wanted " in
        *" ${pair#*=} "*) ;;
        *) wanted="$wanted ${pair#*=}" ;;
        esac
    done
}

on_terminal() {
    [ -t 0 ] && [ -t 2 ]
}

# May we install? Sets `as_root`, what a command of root's begins with.
may_install() {
    as_root=
    [ "${HUSTINGS_INSTALL:-yes}" = no ] && return 1
    [ "$(id -u)" = 0 ] && return 0
    has_tool sudo || return 1
    as_root=sudo
    if [ -n "${CI:-}" ]; then
        as_root="sudo -n"
        return 0
    fi
    on_terminal || return 1
    [ "${agreed:-}" = yes ] && return 0
    printf '%s: %s: missing here:%s. Install with sudo? [Y/n] ' "${me:-hustings}" "$why" \
        "$wanted" >&2
    read -r answer || return 1
    case $answer in
    '' | [yY] | [yY][eE][sS]) agreed=yes ;;
    *) return 1 ;;
    esac
}

apt_install() {
    say "installing$wanted ($why)"
    # A failed update (no network, one broken source) need not stop an install from what is known.
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq update >/dev/null 2>&1 </dev/null || :
    # shellcheck disable=SC2086 # a list of words
    if ! apt_said=$($as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y \
        --no-install-recommends $wanted 2>&1 </dev/null); then
        printf '%s\n' "$apt_said" >&2
        say "apt-get could not install$wanted; see above"
        return 3
    fi
}

packages() {
    why=$1
    shift
    look_for "$@"
    [ -z "$lacking" ] && return 0
    if ! has_tool apt-get; then
        say "not found:$lacking ($why)"
        say "this is no Debian; please install what Debian calls$wanted"
        return 3
    fi
    if ! may_install; then
        say "not found:$lacking ($why); as root, install"
        say "    apt-get update && apt-get install -y --no-install-recommends$wanted"
        return 3
    fi
    apt_install || return
    look_for "$@"
    [ -z "$lacking" ] && return 0
    say "still not found:$lacking; the packages$wanted should have brought it"
    return 3
}
