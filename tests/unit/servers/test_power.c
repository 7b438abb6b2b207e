/* Loss of power, and the library that a server is started with for it.
 * ctest-timeout: 300 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/unit/servers/stage.h"

#define REDIS HISTORY_HARNESS

static const char *const PLAN = "starts: {all: 50s}\n"
                                "faults: [{at: 59s, power_loss: redis}]\n"
                                "redis: {persistence: %s}\n";

static void begin(struct stage *stage, const char *persistence)
{
    char more[256];
    snprintf(more, sizeof more, PLAN, persistence);
    stage_begin(stage, more);
}

/* Of the file of what was written since the start: its bytes, and how many of them are on the
 * disk. */
static void look_at_aof(const struct stage *stage, int64_t *length, int64_t *synced)
{
    struct stat status;
    char path[256];
    const struct preload *shared = stage->run.servers[0].process.preloading.shared;
    snprintf(path, sizeof path, "%s/data/appendonlydir/appendonly.aof.1.incr.aof",
             stage->run.servers[0].process.folder);
    assert_int_equal(stat(path, &status), 0);
    *length = status.st_size;
    *synced = 0;
    for (int i = 0; i < PRELOAD_FILES; i++) {
        if (shared->files[i].inode == (uint64_t)status.st_ino) {
            *synced = shared->files[i].synced;
        }
    }
}

static bool all_is_on_disk(struct stage *stage)
{
    int64_t length, synced;
    look_at_aof(stage, &length, &synced);
    return length > 0 && length == synced;
}

static void restart(struct stage *stage)
{
    assert_true(stage_heal(stage, &fault_power_loss, REDIS));
    assert_true(stage_until(stage, server_answers, 10000));
}

static void an_acknowledged_write_is_lost_within_the_window_of_everysec(void **state)
{
    struct stage stage;
    int64_t length = 0, synced = 0;
    (void)state;
    begin(&stage, "aof-everysec");
    assert_string_equal(stage_ask(&stage, "SET old 1"), "OK");
    assert_true(stage_until(&stage, all_is_on_disk, 20000));
    do { /* until the second's fsync does not happen to come in between */
        assert_string_equal(stage_ask(&stage, "SET new 1"), "OK");
        look_at_aof(&stage, &length, &synced);
    } while (length == synced);
    assert_true(stage_apply(&stage, &fault_power_loss, REDIS, 0));
    look_at_aof(&stage, &length, &synced);
    assert_int_equal(length, synced);
    restart(&stage);
    assert_string_equal(stage_ask(&stage, "GET old"), "1");
    assert_string_equal(stage_ask(&stage, "GET new"), "nil");
    /* And it goes on: what is written now survives the next one. */
    assert_string_equal(stage_ask(&stage, "SET newer 1"), "OK");
    assert_true(stage_until(&stage, all_is_on_disk, 20000));
    assert_true(stage_apply(&stage, &fault_power_loss, REDIS, 0));
    restart(&stage);
    assert_string_equal(stage_ask(&stage, "MGET old newer"), "1 1");
    stage_end(&stage);
}

static void a_crash_alone_loses_nothing_of_that(void **state)
{
    struct stage stage;
    (void)state;
    begin(&stage, "aof-everysec");
    assert_string_equal(stage_ask(&stage, "SET new 1"), "OK");
    assert_true(stage_apply(&stage, &fault_crash, REDIS, 0));
    restart(&stage);
    assert_string_equal(stage_ask(&stage, "GET new"), "1");
    stage_end(&stage);
}

static void with_always_nothing_acknowledged_is_lost(void **state)
{
    struct stage stage;
    (void)state;
    begin(&stage, "aof-always");
    for (int i = 0; i < 20; i++) {
        assert_int_equal(atoi(stage_ask(&stage, "INCR epoch")), i + 1);
    }
    assert_true(stage_apply(&stage, &fault_power_loss, REDIS, 0));
    restart(&stage);
    assert_string_equal(stage_ask(&stage, "GET epoch"), "20");
    stage_end(&stage);
}

static void without_persistence_it_is_a_crash(void **state)
{
    struct stage stage;
    (void)state;
    begin(&stage, "none");
    assert_string_equal(stage_ask(&stage, "SET new 1"), "OK");
    assert_true(stage_apply(&stage, &fault_power_loss, REDIS, 0));
    restart(&stage);
    assert_string_equal(stage_ask(&stage, "GET new"), "nil");
    stage_end(&stage);
}

/* --- the library ------------------------------------------------------------------------------ */

static void only_who_needs_it_is_started_with_it(void **state)
{
    struct stage stage;
    (void)state;
    stage_begin(&stage, "faults: [{at: 1s, jump: 1, by: 1s}, {at: 1s, crash: redis}]\n");
    assert_null(stage.run.servers[0].process.preloading.shared);
    stage_end(&stage);
}

static void a_server_that_drops_the_library_is_refused_by_name(void **state)
{
    struct stage stage;
    char more[256];
    char path[64] = "/tmp/hustings-test-XXXXXX";
    struct server_program real;
    char error[512];
    (void)state;
    assert_true(server_find(NULL, &real, error, sizeof error));
    int fd = mkstemp(path);
    dprintf(fd, "#!/bin/bash\nunset LD_PRELOAD\nexec -a redis-server '%s' \"$@\"\n", real.path);
    fchmod(fd, 0700);
    close(fd);
    snprintf(more, sizeof more, PLAN, "none");
    assert_false(stage_begin_with(&stage, more, path));
    unlink(path);
    assert_true(stage.run.failed);
    assert_non_null(strstr(stage.run.error, "does not use hustings_clock.so"));
    stage_end(&stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_acknowledged_write_is_lost_within_the_window_of_everysec),
        cmocka_unit_test(a_crash_alone_loses_nothing_of_that),
        cmocka_unit_test(with_always_nothing_acknowledged_is_lost),
        cmocka_unit_test(without_persistence_it_is_a_crash),
        cmocka_unit_test(only_who_needs_it_is_started_with_it),
        cmocka_unit_test(a_server_that_drops_the_library_is_refused_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
