/* Stalls, crashes and restarts of a private server, seen from Redis and from the processes.
 * ctest-timeout: 180 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/unit/servers/stage.h"

#define REDIS HISTORY_HARNESS

static const char *const QUIET = "starts: {all: 50s}\n";

static char state_of(pid_t pid)
{
    char path[64];
    char line[256] = "";
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    FILE *file = fopen(path, "r");
    if (!file) {
        return '-';
    }
    assert_non_null(fgets(line, sizeof line, file));
    fclose(file);
    return strrchr(line, ')')[2];
}

static uint32_t first_requests, first_reports;

static bool nodes_go_on(struct stage *stage)
{
    uint32_t now = 0;
    for (int id = 0; id <= 2; id++) {
        now += stage->run.shared->slots[id].reports;
    }
    return now > first_reports;
}

static bool everybody_asks(struct stage *stage)
{
    return stage->run.shared->slots[1].request_number > first_requests &&
           stage->run.shared->slots[2].request_number > first_requests;
}

static void remember(struct stage *stage)
{
    first_requests = 0;
    first_reports = 0;
    for (int id = 0; id <= 2; id++) {
        const struct member_slot *slot = &stage->run.shared->slots[id];
        first_requests =
            slot->request_number > first_requests ? slot->request_number : first_requests;
        first_reports += slot->reports;
    }
}

static bool nobody_is_pleased(struct stage *stage)
{
    (void)stage;
    return false;
}

/* --- stalls ----------------------------------------------------------------------------------- */

/* Somebody who waits for an answer no longer than 100 ms, and is gone then. */
static bool is_answered(struct stage *stage, const char *const words[])
{
    struct link link;
    link_init(&link, &stage->run.servers[0].process.address, "", 100);
    redisReply *reply = link_command(&link, words);
    bool answered = reply != NULL;
    freeReplyObject(reply);
    link_close(&link);
    return answered;
}

static void a_stalled_server_is_silent_and_its_time_goes_on(void **state)
{
    struct stage stage;
    const char *const ping[] = {"PING", NULL};
    (void)state;
    stage_begin(&stage, QUIET);
    assert_string_equal(stage_ask(&stage, "SET a 1 PX 60000"), "OK");
    assert_true(stage_apply(&stage, &fault_stall, REDIS, 0));
    assert_int_equal(state_of(stage.run.servers[0].process.pid), 'T');
    assert_false(is_answered(&stage, ping));
    assert_true(stage_heal(&stage, &fault_stall, REDIS));
    assert_true(stage_until(&stage, server_answers, 10000));
    assert_int_not_equal(state_of(stage.run.servers[0].process.pid), 'T');
    long left = atol(stage_ask(&stage, "PTTL a"));
    assert_in_range(left, 1, 59900);
    assert_false(stage_heal(&stage, &fault_stall, REDIS)); /* there is nothing left to heal */
    assert_false(stage.run.failed);
    stage_end(&stage);
}

static bool ghost_is_there(struct stage *stage)
{
    return strcmp(stage_ask(stage, "GET ghost"), "1") == 0;
}

static void what_was_sent_to_a_stalled_server_is_done_later(void **state)
{
    struct stage stage;
    const char *const set[] = {"SET", "ghost", "1", NULL};
    (void)state;
    stage_begin(&stage, QUIET);
    assert_true(stage_apply(&stage, &fault_stall, REDIS, 0));
    assert_false(is_answered(&stage, set));
    assert_true(stage_heal(&stage, &fault_stall, REDIS));
    assert_true(stage_until(&stage, ghost_is_there, 10000));
    stage_end(&stage);
}

static void the_driver_does_not_wait_for_a_stalled_server(void **state)
{
    struct stage stage;
    (void)state;
    stage_begin(&stage, "");
    assert_true(stage_apply(&stage, &fault_stall, REDIS, 0));
    int64_t before = monotonic_ns();
    assert_false(stage_apply(&stage, &fault_expire_lock, REDIS, 0));
    assert_false(stage_apply(&stage, &fault_evict, REDIS, 0));
    assert_false(stage_apply(&stage, &fault_forget_scripts, REDIS, 0));
    assert_false(stage_apply(&stage, &fault_wrong_type, REDIS, 0));
    assert_false(stage_apply(&stage, &fault_oom, REDIS, 0));
    assert_false(stage_apply(&stage, &fault_stall, REDIS, 0));
    assert_false(stage_apply(&stage, &fault_restart, REDIS, 0));
    assert_false(stage_until(&stage, nobody_is_pleased, 100));
    assert_true(monotonic_ns() - before <
                3000000000); /* each that asked would wait for one second */
    remember(&stage);
    assert_true(stage_heal(&stage, &fault_stall, REDIS));
    assert_true(stage_until(&stage, everybody_asks, 20000));
    assert_false(stage.run.failed);
    stage_end(&stage);
}

/* --- crashes ---------------------------------------------------------------------------------- */

static bool everybody_is_back(struct stage *stage)
{
    /* two nodes, master, driver, its subscription, and the test */
    return server_answers(stage) && stage_info(stage, "connected_clients") >= 6;
}

static bool an_expiry_was_heard(struct stage *stage)
{
    const struct history *own = &stage->run.own;
    return own->count > 0 && own->events[own->count - 1].kind == HISTORY_EXPIRED;
}

static void crash_and_restart(struct stage *stage)
{
    pid_t pid = stage->run.servers[0].process.pid;
    char path[108];
    snprintf(path, sizeof path, "%s", stage->run.servers[0].process.address.path);
    assert_true(stage_apply(stage, &fault_crash, REDIS, 0));
    assert_int_equal(kill(pid, 0), -1);
    assert_string_equal(stage_ask(stage, "PING"), "silence");
    assert_string_equal(stage_ask(stage, "PING"), "silence");
    assert_false(stage_apply(stage, &fault_crash, REDIS, 0));
    assert_false(stage_until(stage, nobody_is_pleased, 50));
    assert_false(stage->run.failed);
    assert_true(stage_heal(stage, &fault_crash, REDIS));
    assert_true(stage_until(stage, server_answers, 10000));
    assert_string_equal(stage->run.servers[0].process.address.path, path);
    assert_int_not_equal(stage->run.servers[0].process.pid, pid);
    assert_false(stage_apply(stage, &fault_restart, REDIS, 0));
}

static void survives(const char *persistence, const char *expected)
{
    struct stage stage;
    char more[128];
    snprintf(more, sizeof more, "%sredis: {persistence: %s}\n", QUIET, persistence);
    stage_begin(&stage, more);
    assert_string_equal(stage_ask(&stage, "SET kept 1 PX 60000"), "OK");
    crash_and_restart(&stage);
    assert_string_equal(stage_ask(&stage, "GET kept"), expected);
    if (strcmp(expected, "1") == 0) {
        assert_in_range(atol(stage_ask(&stage, "PTTL kept")), 1, 59990);
    }
    stage_end(&stage);
}

static void without_persistence_a_crash_forgets_all(void **state)
{
    (void)state;
    survives("none", "nil");
}

static void with_rdb_a_crash_forgets_what_came_after_the_snapshot(void **state)
{
    (void)state;
    survives("rdb", "nil");
}

static void with_aof_a_crash_forgets_nothing(void **state)
{
    (void)state;
    survives("aof-everysec", "1");
    survives("aof-always", "1");
}

static void after_a_crash_everybody_comes_back_and_the_ears_hear(void **state)
{
    struct stage stage;
    (void)state;
    stage_begin(&stage, "protocol: {article: {report: 100ms, poll: 100ms}}\n");
    assert_true(stage_until(&stage, nodes_go_on, 20000));
    crash_and_restart(&stage);
    remember(&stage);
    assert_true(stage_until(&stage, everybody_is_back, 20000));
    assert_true(stage_until(&stage, nodes_go_on, 20000)); /* reports are acknowledged again */
    crash_and_restart(&stage);
    assert_true(stage_until(&stage, everybody_is_back, 20000));
    /* A stranger's lock, which the nodes find busy until its time is over. */
    for (int tries = 0; tries < 1000 && strcmp(stage_ask(&stage, "SET node_lock x NX PX 20"), "OK");
         tries++) {
    }
    assert_true(stage_until(&stage, an_expiry_was_heard, 20000));
    assert_false(stage.run.failed);
    stage_end(&stage);
}

/* In its section, and kept there by the fault: it may have been inside before that, and leave. */
static bool node_1_is_inside(struct stage *stage)
{
    return stage->run.members[1].claim.in_section &&
           atomic_load(&stage->run.shared->slots[1].stall_ns) == 0;
}

static void a_holder_learns_from_the_history_that_its_lock_was_lost(void **state)
{
    struct stage stage;
    struct fault_spec linger = {.params = {50 * INT64_C(1000000000)}};
    struct history history;
    (void)state;
    stage_begin(&stage, "protocol: {article: {report: 100ms}}\nlock: {token: {ttl: 30s}}\n");
    assert_true(fault_hold_lock.apply(&stage.run.ops, (struct fault_place){.id = 1}, &linger));
    assert_true(stage_until(&stage, node_1_is_inside, 20000));
    crash_and_restart(&stage);
    assert_true(stage_until(&stage, an_expiry_was_heard, 20000));
    assert_string_equal(stage.run.own.events[stage.run.own.count - 1].why,
                        "did not survive the restart of the Redis");
    stage_end_with(&stage, &history);
    history_free(&history);
}

/* As a node does that finds the server before the driver looks. */
static void somebody_else_takes_the_lock(struct stage *stage)
{
    const struct timespec moment = {.tv_nsec = 1000000};
    const char *answer = "";
    for (int tries = 0; strcmp(answer, "OK") != 0 && strcmp(answer, "nil") != 0; tries++) {
        assert_true(tries < 20000);
        nanosleep(&moment, NULL);
        answer = stage_ask(stage, "SET node_lock another NX");
    }
}

static void a_lock_is_lost_also_if_another_has_it_already(void **state)
{
    struct stage stage;
    struct fault_spec linger = {.params = {50 * INT64_C(1000000000)}};
    (void)state;
    stage_begin(&stage, "protocol: {article: {report: 100ms}}\nlock: {token: {ttl: 30s}}\n");
    assert_true(fault_hold_lock.apply(&stage.run.ops, (struct fault_place){.id = 1}, &linger));
    assert_true(stage_until(&stage, node_1_is_inside, 20000));
    assert_true(stage_apply(&stage, &fault_crash, REDIS, 0));
    assert_true(stage_heal(&stage, &fault_crash, REDIS));
    somebody_else_takes_the_lock(&stage);
    assert_true(stage_until(&stage, an_expiry_was_heard, 20000));
    assert_string_equal(stage.run.own.events[stage.run.own.count - 1].why,
                        "did not survive the restart of the Redis");
    stage_end(&stage);
}

static void a_crash_ends_a_stall(void **state)
{
    struct stage stage;
    (void)state;
    stage_begin(&stage, QUIET);
    assert_true(stage_apply(&stage, &fault_stall, REDIS, 0));
    assert_true(stage_apply(&stage, &fault_crash, REDIS, 0));
    assert_false(stage_heal(&stage, &fault_stall, REDIS));
    assert_true(stage_heal(&stage, &fault_crash, REDIS));
    assert_true(stage_until(&stage, server_answers, 10000));
    stage_end(&stage);
}

static bool something_came_from_outside(struct stage *stage)
{
    const struct history *own = &stage->run.own;
    for (size_t i = 0; i < own->count; i++) {
        if (own->events[i].kind == HISTORY_OUTSIDE) {
            return strstr(own->events[i].why, "was killed by signal 9 (Killed), not by the scen");
        }
    }
    return false;
}

static void a_death_that_nobody_planned_came_from_outside(void **state)
{
    struct stage stage;
    (void)state;
    stage_begin(&stage, QUIET);
    crash_and_restart(&stage);
    kill(stage.run.servers[0].process.pid, SIGKILL);
    assert_true(stage_until(&stage, something_came_from_outside, 5000));
    assert_false(stage.run.failed);
    stage_end(&stage);
}

/* Whatever befalls it in the same turn is done to nobody: the number 0 would mean all of us. */
static void who_has_died_by_itself_is_left_alone(void **state)
{
    struct stage stage;
    (void)state;
    stage_begin(&stage, QUIET);
    kill(stage.run.servers[0].process.pid, SIGSEGV);
    assert_true(stage_until(&stage, trial_failed, 5000));
    assert_int_equal(stage.run.servers[0].process.state, SERVER_DOWN);
    assert_false(stage_apply(&stage, &fault_stall, REDIS, 0));
    assert_false(stage_apply(&stage, &fault_crash, REDIS, 0));
    stage_end(&stage);
}

/* --- the harness is late itself --------------------------------------------------------------- */

/* Whether a trial is undecided after the harness was woken so much later than it wanted to be. */
static bool undecided_after(const char *more, int64_t late_ms)
{
    struct stage stage;
    struct history history;
    bool undecided = false;
    stage_begin(&stage, more);
    run_turn(&stage.run, late_ms * 1000000);
    stage_end_with(&stage, &history);
    for (size_t i = 0; i < history.count; i++) {
        undecided = undecided || (history.events[i].kind == HISTORY_UNDECIDED &&
                                  strstr(history.events[i].why, "woken"));
    }
    history_free(&history);
    return undecided;
}

static void a_standstill_that_could_break_a_promise_decides_nothing(void **state)
{
    const char *const soon = "starts: {all: 50s}\nexpect: {lock_within: 500ms}\n";
    (void)state;
    assert_false(undecided_after(QUIET, 450));
    assert_true(undecided_after(QUIET, 550));
    assert_false(undecided_after(soon, 200));
    assert_true(undecided_after(soon, 300));
    assert_true(undecided_after("starts: {all: 50s}\nexpect: {settles_within: 400ms}\n", 250));
    assert_false(undecided_after("starts: {all: 50s}\nexpect: {lock_within: 10ms}\n", 90));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stalled_server_is_silent_and_its_time_goes_on),
        cmocka_unit_test(what_was_sent_to_a_stalled_server_is_done_later),
        cmocka_unit_test(the_driver_does_not_wait_for_a_stalled_server),
        cmocka_unit_test(without_persistence_a_crash_forgets_all),
        cmocka_unit_test(with_rdb_a_crash_forgets_what_came_after_the_snapshot),
        cmocka_unit_test(with_aof_a_crash_forgets_nothing),
        cmocka_unit_test(after_a_crash_everybody_comes_back_and_the_ears_hear),
        cmocka_unit_test(a_holder_learns_from_the_history_that_its_lock_was_lost),
        cmocka_unit_test(a_lock_is_lost_also_if_another_has_it_already),
        cmocka_unit_test(a_crash_ends_a_stall),
        cmocka_unit_test(a_death_that_nobody_planned_came_from_outside),
        cmocka_unit_test(who_has_died_by_itself_is_left_alone),
        cmocka_unit_test(a_standstill_that_could_break_a_promise_decides_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
