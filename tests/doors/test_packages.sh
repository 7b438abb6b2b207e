#!/bin/sh
# sim/packages.sh with a made-up dpkg and apt-get: installs exactly what is missing, says so, and
# where it may not install, ends with 3 and the command to type.
set -eu

# shellcheck source=sim/packages.sh
. "$(pwd)/sim/packages.sh"
me="the test"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0

# fake NAME BODY: a program that is found before the real one.
fake() {
    printf '#!/bin/sh\n%s\n' "$2" >"$work/$1"
    chmod +x "$work/$1"
}

# must WHAT CONDITION…
must() {
    what=$1
    shift
    if "$@"; then
        echo "ok   $what"
    else
        echo "FAIL $what"
        cat "$work/said"
        failures=$((failures + 1))
    fi
}

# call USER-ID PACKAGES-ARGUMENTS…: leaves its status, its words in said, apt-get's calls in apt.
call() {
    fake id "echo $1"
    shift
    : >"$work/apt"
    status=0
    (
        PATH=$work:$PATH
        packages "$@"
    ) 2>"$work/said" </dev/null || status=$?
}

fake dpkg-query 'printf "gcc=installed\ncmake=config-files\nlibc6-dev=installed\n"; exit 1'
fake apt-get "echo \"\$*\" >>$work/apt"
fake sudo 'exit 1'

call 0 "to test" sh -- gcc libc6-dev
must "nothing missing: nothing installed" [ "$status" = 0 ]
must "… and nothing said" [ ! -s "$work/said" ]

call 0 "to test" sh -- gcc cmake libc6-dev ninja-build
must "as root: succeeds" [ "$status" = 0 ]
must "… installs only what is missing" grep -q -- "--no-install-recommends cmake ninja-build$" \
    "$work/apt"
must "… says what and why" grep -q "installing cmake ninja-build (to test)" "$work/said"

call 1000 "to test" no-such-tool -- gcc cmake
must "neither root nor sudo: 3" [ "$status" = 3 ]
must "… with the command to type" grep -q "apt-get install -y --no-install-recommends cmake$" \
    "$work/said"
must "… and nothing tried" [ ! -s "$work/apt" ]

call 1000 "to test" sh no-such-tool/sh -- gcc cmake
must "neither root nor sudo, but every tool is there: goes on" [ "$status" = 0 ]

# shellcheck disable=SC2016 # for the shell that runs it
fake sudo 'case $1 in -n) exit 0 ;; esac; exec "$@"'
call 1000 "to test" sh -- gcc cmake
must "with sudo: installs" grep -q "install.* cmake$" "$work/apt"

fake apt-get 'case $* in *update*) exit 1 ;; *) echo "E: no disk"; exit 100 ;; esac'
call 0 "to test" sh -- cmake
must "apt-get fails: 3" [ "$status" = 3 ]
must "… and its words are shown" grep -q "E: no disk" "$work/said"

has_tool() {
    [ "$1" = sh ]
}
call 0 "to test" sh -- gcc cmake
must "no Debian, all there: goes on" [ "$status" = 0 ]
call 0 "to test" sh flock -- gcc cmake
must "no Debian, something missing: 3" [ "$status" = 3 ]
must "… names it" grep -q "not found: flock" "$work/said"

[ "$failures" = 0 ]
