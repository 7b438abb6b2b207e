#!/bin/sh
# sim/packages.sh among made-up tools: nothing is installed while all are there; what is missing is
# installed by root and in CI, after a question on a terminal, and else by nobody.
# shellcheck disable=SC2016 # what stands in quotes is for other shells
set -eu

. tests/launcher/must.sh
unset CI HUSTINGS_INSTALL

# fake NAME BODY: a program on the only PATH that there is.
mkdir "$work/bin"
fake() {
    printf '#!/bin/sh\n%s\n' "$2" >"$work/bin/$1"
    chmod +x "$work/bin/$1"
}

said() {
    grep -qF -- "$1" "$work/said"
}

installed() {
    grep -qx -- "-qq install -y --no-install-recommends $1" "$work/apt"
}

nothing_tried() {
    [ ! -s "$work/apt" ]
}

# The script that is called: `packages`, with nothing on PATH but the fakes.
for tool in env cat grep; do
    ln -s "$(command -v "$tool")" "$work/bin/$tool"
done
cat >"$work/call" <<END
me="the test"
. "$(pwd)/sim/packages.sh"
PATH=$work/bin
packages "to test" "\$@" || exit
packages "to test more" "\$@" late=late-package
END

# call USER-ID TOOL=PACKAGE...: leaves its status, its words in said, apt-get's calls in apt.
call() {
    fake id "echo $1"
    shift
    : >"$work/apt"
    status=0
    sh "$work/call" "$@" 2>"$work/said" </dev/null || status=$?
}

# answer WORD TOOL=PACKAGE...: the same on a terminal, where the question is answered with the word.
answer() {
    fake id "echo 1000"
    : >"$work/apt"
    word=$1
    shift
    status=0
    echo "$word" |
        SHELL=/bin/sh timeout 20 script -qec "sh $work/call $*" /dev/null >"$work/said" || status=$?
}

# apt-get installs what it is told: a tool of the same name, but for "late-package".
apt='echo "$*" >>'$work'/apt
case $* in *install*) ;; *) exit 0 ;; esac
for word; do
    case $word in
    -* | install) ;;
    late-package) echo >'$work/bin/late' && /bin/chmod +x '$work/bin/late' ;;
    *) echo >'$work/bin/'$word && /bin/chmod +x '$work/bin/'$word ;;
    esac
done'
forget() {
    fake apt-get "$apt"
    rm -f "$work/bin/new-one" "$work/bin/new-two" "$work/bin/late"
}
fake there 'exit 0'
fake pkg-config '[ "$*" = "--exists here" ]'
fake cc 'grep -q "<here.h>"'

# --- what is there ---

forget
fake late 'exit 0'
call 0 there=a no/such/there=b pc:here=c h:here.h=d
must "all tools are there: goes on" [ "$status" = 0 ]
must "… says nothing, though no package is known" [ ! -s "$work/said" ]
must "… and calls no apt-get" nothing_tried
forget

# --- root and CI ---

call 0 there=a new-one=new-one new-two=new-two
must "as root: installs" [ "$status" = 0 ]
must "… only what is missing" installed "new-one new-two"
must "… and says what and why" said "installing new-one new-two (to test)"
must "… one list after the other" installed "late-package"

forget
call 0 pc:lost=lost-dev h:lost.h=lost-dev no/such=new-one
must "libraries, headers and choices are looked for, a package is named once" \
    installed "lost-dev new-one"
must "what the packages did not bring is an error: 3" [ "$status" = 3 ]
must "… and named" said "still not found: pc:lost h:lost.h"

forget
export HUSTINGS_INSTALL=no
call 0 new-one=new-one
must "HUSTINGS_INSTALL=no: 3, even for root" [ "$status" = 3 ]
must "… with the command to type" said "apt-get install -y --no-install-recommends new-one"
must "… and nothing tried" nothing_tried
unset HUSTINGS_INSTALL

fake sudo 'echo "sudo $1" >>'"$work"'/apt; case $1 in -n) shift ;; esac; exec "$@"'
export CI=true
call 1000 new-one=new-one
must "in CI, not as root: installs through sudo" [ "$status" = 0 ]
must "… without a password" grep -qx "sudo -n" "$work/apt"
unset CI

# --- neither root nor CI ---

forget
call 1000 there=a new-one=new-one
must "no terminal: 3" [ "$status" = 3 ]
must "… names what is missing" said "not found: new-one (to test)"
must "… with the command to type" said "apt-get install -y --no-install-recommends new-one"
must "… and nothing tried" nothing_tried

answer y new-one=new-one
must "a terminal, and yes: installs" installed "new-one"
must "… goes on" [ "$status" = 0 ]
must "… asks once for all" [ "$(grep -o 'Install with sudo?' "$work/said" | wc -l)" = 1 ]

forget
answer "" new-one=new-one
must "just Enter is yes" installed "new-one"

forget
answer n new-one=new-one
must "no: 3" [ "$status" = 3 ]
must "… with the command to type" said "apt-get install -y --no-install-recommends new-one"
must "… and nothing tried" nothing_tried

rm "$work/bin/sudo"
answer y new-one=new-one
must "a terminal but no sudo: 3" [ "$status" = 3 ]
must "… and no question" [ "$(grep -c 'Install with sudo?' "$work/said")" = 0 ]

# --- what goes wrong ---

fake apt-get 'case $* in *update*) exit 1 ;; *) echo "E: no disk"; exit 100 ;; esac'
call 0 new-one=new-one
must "apt-get fails: 3" [ "$status" = 3 ]
must "… and its words are shown" said "E: no disk"

rm "$work/bin/apt-get"
call 0 there=a new-one=new-one
must "no Debian, something missing: 3" [ "$status" = 3 ]
must "… names it" said "not found: new-one"
must "… and what Debian calls it" said "please install what Debian calls new-one"

[ "$failures" = 0 ]
