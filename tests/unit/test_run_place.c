/* A merge of a run that is killed at any of its renames, or whose renames fail from there on: it
 * can be given again, and spoils nothing that was there. Neither does one that is killed while it
 * removes what it was made of. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "sim/cli/run_place.h"
#include "sim/grid/folder.h"
#include "sim/processes/guardian.h"
#include "sim/text/ordinary.h"

#define HEAD "hustings-grid 3 run 4 0123456789abcdef 0000000000000000"
#define DIED 9

static int dies_at; /* the so-many-th rename is the last thing that is not done; 0: none */

static int fails_from; /* the so-many-th rename, and all after it, fail; 0: none */

/* In the place of libc's. */
int rename(const char *from, const char *to)
{
    if (fails_from == 1) {
        errno = EIO;
        return -1;
    }
    fails_from -= fails_from > 0;
    if (dies_at > 0 && --dies_at == 0) {
        _exit(DIED);
    }
    return renameat(AT_FDCWD, from, AT_FDCWD, to);
}

static int dies_at_removal; /* the so-many-th unlink() or remove(); 0: none */

static void removal(void)
{
    if (dies_at_removal > 0 && --dies_at_removal == 0) {
        _exit(DIED);
    }
}

int unlink(const char *path)
{
    removal();
    return unlinkat(AT_FDCWD, path, 0);
}

int remove(const char *path)
{
    removal();
    return unlinkat(AT_FDCWD, path, 0) == 0 ? 0 : unlinkat(AT_FDCWD, path, AT_REMOVEDIR);
}

static const char *const names[] = {"elections.csv", "history/1", "trials.csv", "run.json"};
#define NAMES (sizeof names / sizeof *names)

static void put(const char *folder, const char *name, const char *text)
{
    char path[200];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

/* What a file says, "" if it is not there. */
static void said(const char *folder, const char *name, char *out, size_t size)
{
    char path[200];
    size_t length = 0;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    char *text = ordinary_bytes(path, &length);
    snprintf(out, size, "%s", text ? text : "");
    free(text);
}

static bool is_there(const char *folder, const char *name)
{
    char path[200];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return access(path, F_OK) == 0;
}

/* A merge, in a process of its own; whether it came to its end. */
static bool merges(const char *folder, const char *text, int at_rename)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct run_place place = {0};
        char error[400], history[200], run[200];
        dies_at = at_rename;
        bool good = run_place_open(&place, folder, HEAD, error, sizeof error);
        snprintf(history, sizeof history, "%s/history", place.beside ? place.beside : "");
        good = good && mkdir(history, 0777) == 0;
        for (size_t i = 0; good && i + 1 < NAMES; i++) {
            put(place.beside, names[i], text);
        }
        snprintf(run, sizeof run, "{\"grid\": \"" HEAD "\", \"text\": \"%s\"}", text);
        if (good) {
            put(place.beside, "run.json", run);
            good = run_place_move(&place, error, sizeof error);
        }
        run_place_close(&place);
        _exit(good ? 0 : 1);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_true(WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == (fails_from > 0 ? 1 : DIED));
    return WEXITSTATUS(status) == 0;
}

static void is_whole(const char *folder, const char *text)
{
    char found[200];
    for (size_t i = 0; i + 1 < NAMES; i++) {
        said(folder, names[i], found, sizeof found);
        assert_string_equal(found, text);
    }
    said(folder, "run.json", found, sizeof found);
    assert_non_null(strstr(found, text));
    assert_false(is_there(folder, ".merging"));
    assert_false(is_there(folder, ".merging.txt"));
}

static bool is_empty(const char *folder)
{
    bool any = false;
    for (size_t i = 0; i < NAMES; i++) {
        any = any || is_there(folder, names[i]);
    }
    return !any;
}

static void folder_new(char folder[40])
{
    snprintf(folder, 40, "/tmp/hustings-place-XXXXXX");
    assert_non_null(mkdtemp(folder));
}

static void a_first_one_can_be_given_again(void **state)
{
    (void)state;
    for (int killed = 1, again; killed < 100; killed++) {
        char folder[40];
        folder_new(folder);
        again = !merges(folder, "one", killed);
        /* Nothing is there, or it is known to be of this merge; so it is after a second kill. */
        assert_true(is_empty(folder) || run_is_merged(folder, HEAD));
        merges(folder, "one", 1);
        assert_true(is_empty(folder) || run_is_merged(folder, HEAD));
        assert_false(run_is_merged(folder, "hustings-grid 3 run 4 another 0"));
        assert_true(merges(folder, "one", 0));
        is_whole(folder, "one");
        remove_folder(folder);
        if (!again) {
            assert_true(killed > (int)NAMES - 1);
            return;
        }
    }
    fail_msg("it never came to its end");
}

static void a_second_one_spoils_nothing(void **state)
{
    (void)state;
    for (int killed = 1, again; killed < 100; killed++) {
        char folder[40], found[200];
        folder_new(folder);
        assert_true(merges(folder, "one", 0));
        again = !merges(folder, "two", killed);
        assert_true(run_is_merged(folder, HEAD));
        /* One that begins, and cannot go on, takes away nothing that the killed one had moved. */
        struct run_place place = {0};
        assert_true(run_place_open(&place, folder, HEAD, found, sizeof found));
        run_place_close(&place);
        for (size_t i = 0; i < NAMES; i++) {
            said(folder, names[i], found, sizeof found);
            assert_true(strstr(found, "one") || strstr(found, "two"));
        }
        assert_true(merges(folder, "two", 0));
        is_whole(folder, "two");
        remove_folder(folder);
        if (!again) {
            return;
        }
    }
    fail_msg("it never came to its end");
}

/* While the second merge fails, and so does putting back, nothing is lost. */
static void a_disk_that_fails_loses_nothing(void **state)
{
    bool was_kept = false;
    (void)state;
    for (int from = 1, again; from < 100; from++) {
        char folder[40], found[400];
        folder_new(folder);
        assert_true(merges(folder, "one", 0));
        fails_from = from;
        again = !merges(folder, "two", 0);
        struct run_place place = {0};
        if (is_there(folder, ".merging/old-history")) {
            was_kept = true;
            fails_from = 1;
            assert_false(run_place_open(&place, folder, HEAD, found, sizeof found));
            assert_non_null(strstr(found, ".merging/old-history: cannot be moved back to "));
            run_place_close(&place);
        }
        fails_from = 0;
        assert_true(run_place_open(&place, folder, HEAD, found, sizeof found));
        run_place_close(&place);
        for (size_t i = 0; i < NAMES; i++) {
            said(folder, names[i], found, sizeof found);
            assert_true(strstr(found, "one") || strstr(found, "two"));
        }
        assert_true(merges(folder, "three", 0));
        is_whole(folder, "three");
        remove_folder(folder);
        if (!again) {
            assert_true(was_kept);
            return;
        }
    }
    fail_msg("it never came to its end");
}

/* A part that became the whole: while anything of it is left, it is known to be hustings' own. */
static void what_is_left_of_a_part_is_known(void **state)
{
    static const char *const of_part[] = {"plan.txt", "inputs", NULL};
    (void)state;
    for (int killed = 1, again; killed < 100; killed++) {
        char folder[40], inputs[60];
        folder_new(folder);
        snprintf(inputs, sizeof inputs, "%s/inputs", folder);
        assert_int_equal(mkdir(inputs, 0777), 0);
        put(inputs, "latency.json", "{}");
        put(folder, "plan.txt", "run\n");
        put(folder, "cells.txt", HEAD "\n");
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            dies_at_removal = killed;
            run_place_remove_part(folder);
            _exit(0);
        }
        int status = 0;
        assert_int_equal(waitpid(child, &status, 0), child);
        again = status != 0;
        assert_null(grid_taken(folder, of_part));
        assert_true(again == is_there(folder, "cells.txt"));
        run_place_remove_part(folder);
        assert_int_equal(rmdir(folder), 0);
        if (!again) {
            assert_int_equal(killed, 5);
            return;
        }
    }
    fail_msg("it never came to its end");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_first_one_can_be_given_again),
        cmocka_unit_test(a_second_one_spoils_nothing),
        cmocka_unit_test(a_disk_that_fails_loses_nothing),
        cmocka_unit_test(what_is_left_of_a_part_is_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
