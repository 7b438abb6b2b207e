/* A trial that cannot begin is ended all the same, and closes nothing that it did not open:
 * descriptor 0 is somebody else's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "sim/host/host.h"
#include "sim/processes/run.h"
#include "sim/scenario/load.h"

static const char text[] = "name: never-begun\nnodes: 2\nduration: 150ms\nwork: {every: 20ms}\n";

static void is_still_there(int fd, const struct stat *before)
{
    struct stat now;
    assert_int_equal(fstat(fd, &now), 0);
    assert_int_equal(now.st_dev, before->st_dev);
    assert_int_equal(now.st_ino, before->st_ino);
}

/* Begins and ends a trial whose folders cannot be made. */
static void fails_to_begin(const struct server_program *program, const char *wanted)
{
    static struct run run;
    static struct scenario_report report;
    static struct guardian guardian = {.folder = "/nowhere/at/all"};
    static const struct server_program resource = {.path = "/bin/false", .name = "false"};
    struct scenario scenario;
    struct trial trial;
    struct stat before;
    assert_int_equal(fstat(STDIN_FILENO, &before), 0);
    assert_true(scenario_parse("test.yaml", text, strlen(text), &scenario, &report));
    const struct run_common common = {.host = &host_processes,
                                      .scenario = &scenario,
                                      .guardian = &guardian,
                                      .program = program,
                                      .resource = &resource};
    assert_false(run_begin(&run, &common, 1, 42));
    assert_non_null(strstr(run.error, wanted));
    run_end(&run, &trial);
    assert_int_equal(trial.end, TRIAL_WORLD_FAILED);
    is_still_there(STDIN_FILENO, &before);
    history_free(&trial.history);
    scenario_free(&scenario);
}

static void its_server_cannot_start(void **state)
{
    static const struct server_program program = {.path = "/bin/false", .name = "false"};
    (void)state;
    fails_to_begin(&program, "cannot make the folder /nowhere/at/all/1:");
}

static void its_resource_cannot_start(void **state)
{
    (void)state;
    fails_to_begin(NULL, "cannot make the folder /nowhere/at/all/1-resource:");
}

/* A link that link_init() never saw. */
static void what_was_never_begun_is_not_closed(void **state)
{
    struct link link = {0};
    struct stat before;
    (void)state;
    assert_int_equal(fstat(STDIN_FILENO, &before), 0);
    link_close(&link);
    is_still_there(STDIN_FILENO, &before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(its_server_cannot_start),
        cmocka_unit_test(its_resource_cannot_start),
        cmocka_unit_test(what_was_never_begun_is_not_closed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
