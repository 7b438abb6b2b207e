# shellcheck shell=sh
# Installs Debian packages that are missing. Sourced by sim/hustings and tests/run, which set
# `me` (their name, for messages).
#
#   packages WHY TOOL... -- PACKAGE...
#
# On Debian and its relatives: installs whichever PACKAGEs are missing, as root or through sudo, and
# says so. On another system, or where one may not install: returns 0 if every TOOL is there anyhow,
# else 3 and the command to type, or what to install. A TOOL is a program, a choice of programs
# (a/b/c), or pc:NAME for a library that pkg-config knows.

say() {
    printf '%s: %s\n' "${me:-hustings}" "$*" >&2
}

has_tool() {
    case $1 in
    pc:*) pkg-config --exists "${1#pc:}" 2>/dev/null ;;
    */*) has_tool "${1%%/*}" || has_tool "${1#*/}" ;;
    *) command -v "$1" >/dev/null 2>&1 ;;
    esac
}

# The PACKAGEs that dpkg does not know as installed, each after a blank.
missing_packages() {
    # dpkg-query fails when there is one that it does not know.
    installed=$(dpkg-query -W -f '${Package}=${db:Status-Status}\n' "$@" 2>/dev/null) || :
    for package; do
        case "
$installed
" in
        *"
$package=installed
"*) ;;
        *) printf ' %s' "$package" ;;
        esac
    done
}

apt_install() {
    say "installing$missing_list ($why)"
    # A failed update (no network, one broken source) need not stop an install from what is known.
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq update >/dev/null 2>&1 </dev/null || :
    # shellcheck disable=SC2086 # a list of words
    if ! apt_said=$($as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y \
        --no-install-recommends $missing_list 2>&1 </dev/null); then
        printf '%s\n' "$apt_said" >&2
        say "apt-get could not install$missing_list; see above"
        return 3
    fi
}

packages() {
    why=$1
    shift
    lacking=
    while [ "$1" != -- ]; do
        has_tool "$1" || lacking="$lacking ${1#pc:}"
        shift
    done
    shift
    if ! has_tool dpkg-query || ! has_tool apt-get; then
        [ -z "$lacking" ] && return 0
        say "not found:$lacking ($why)"
        say "this is no Debian; please install what it calls: $*"
        return 3
    fi
    missing_list=$(missing_packages "$@")
    [ -z "$missing_list" ] && return 0
    if [ "$(id -u)" = 0 ]; then
        as_root=
    elif has_tool sudo && { [ -t 0 ] || sudo -n true 2>/dev/null; }; then
        as_root=sudo
    elif [ -z "$lacking" ]; then
        return 0
    else
        say "missing packages ($why); please have them installed by"
        say "    apt-get install -y --no-install-recommends$missing_list"
        return 3
    fi
    apt_install
}
