#!/bin/sh
# sim/hustings around a small program: builds it once, hands over arguments, folder and exit status,
# sees what has changed, builds once for two callers at a time, and shows what a failing build says.
set -eu

root=$(pwd)
. tests/launcher/must.sh
unset HUSTINGS_BUILD

# run FOLDER ARGUMENTS…: the launcher, called in that folder.
run() {
    cd "$1"
    shift
    status=0
    "$work/house/sim/hustings" "$@" >"$work/out" 2>"$work/err" || status=$?
    cd "$work"
}

# The program prints its folder and its arguments; each build of it adds a line to `builds`.
mkdir -p "$work/house/sim" "$work/house/src" "$work/elsewhere"
cp "$root/sim/hustings" "$root/sim/packages.sh" "$work/house/sim/"
cat >"$work/house/CMakeLists.txt" <<'END'
cmake_minimum_required(VERSION 3.18)
project(small LANGUAGES C)
add_executable(hustings sim/main.c)
add_custom_command(TARGET hustings PRE_LINK COMMAND sh -c "echo built >>${CMAKE_SOURCE_DIR}/builds")
END
cat >"$work/house/sim/main.c" <<'END'
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
int main(int count, char **words) {
    char folder[4096];
    if (count > 1 && strcmp(words[1], "called") == 0) return puts(getenv("HUSTINGS_CALLED")) < 0;
    puts(getcwd(folder, sizeof folder));
    for (int i = 1; i < count; i++) puts(words[i]);
    return 7;
}
END

run "$work/elsewhere" run "a scenario.yaml"
must "builds and runs" [ "$status" = 7 ]
must "… in the caller's folder, with his words" [ "$(cat "$work/out")" = "$work/elsewhere
run
a scenario.yaml" ]
must "… and says that it builds" grep -q "building in $work/house/build" "$work/err"

run "$work" called
must "… and tells the program what it was called" \
    [ "$(cat "$work/out")" = "$work/house/sim/hustings" ]

# The quickest of some: a busy machine makes the others wait.
took_ms=1000
for _ in 1 2 3 4 5 6 7 8 9 10; do
    began=$(date +%s%N)
    run "$work" again
    one_ms=$((($(date +%s%N) - began) / 1000000))
    took_ms=$((one_ms < took_ms ? one_ms : took_ms))
done
must "again, up to date: says nothing" [ ! -s "$work/err" ]
must "… builds nothing" [ "$(wc -l <"$work/house/builds")" = 1 ]
must "… and takes less than 0.1 s ($took_ms ms)" [ "$took_ms" -lt 100 ]

touch "$work/house/sim/main.c"
"$work/house/sim/hustings" one >"$work/one" 2>&1 &
run "$work" two
wait "$!" || :
must "changed: two callers at a time both run" \
    [ "$(tail -qn 1 "$work/one" "$work/out" | tr '\n' ' ')" = "one two " ]
must "… and build once" [ "$(wc -l <"$work/house/builds")" = 2 ]

# What draws reports came later.
sed -i 's|^d3=.*|d3='"$work"'/d3.min.js|' "$work/house/sim/hustings"
cat >>"$work/house/CMakeLists.txt" <<'END'
find_file(HUSTINGS_D3 d3.min.js PATHS ${CMAKE_SOURCE_DIR}/.. NO_DEFAULT_PATH)
END
HUSTINGS_INSTALL=no run "$work" x
must "without what draws reports: builds, and runs" [ "$status" = 7 ]
must "… and says what is missing" grep -q "install -y --no-install-recommends node-d3" "$work/err"
run "$work" x
must "… once" [ ! -s "$work/err" ]
touch "$work/d3.min.js"
run "$work" x
must "it is there: looks for it again" grep -q "^HUSTINGS_D3:.*/d3.min.js" \
    "$work/house/build/CMakeCache.txt"
must "… and runs" [ "$status" = 7 ]

echo 'this is not C' >>"$work/house/sim/main.c"
run "$work" x
must "a build that fails: 3" [ "$status" = 3 ]
must "… with the compiler's words" grep -q "main.c:12" "$work/err"
sed -i '$d' "$work/house/sim/main.c"
run "$work" x
must "… and fixed, it runs again" [ "$status" = 7 ]

mv "$work/house" "$work/moved"
mkdir "$work/house" "$work/house/sim"
ln -s "$work/moved/sim/hustings" "$work/house/sim/hustings"
run "$work" x
must "moved to another folder, and called through a link: builds anew" [ "$status" = 7 ]

[ "$failures" = 0 ]
