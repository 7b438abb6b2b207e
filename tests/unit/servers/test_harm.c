/* Eviction, forgotten scripts, wrong types and want of memory, as Redis itself tells of them.
 * ctest-timeout: 300 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/unit/servers/stage.h"

#define REDIS HISTORY_HARNESS

static const char *const QUIET = "starts: {all: 50s}\n";
static const char *const BUSY = "protocol: {article: {report: 50ms, poll: 50ms}}\n";

static void lock_is_held(struct stage *stage)
{
    assert_string_equal(stage_ask(stage, "SET node_lock me PX 60000"), "OK");
}

static uint32_t reports(const struct stage *stage)
{
    return stage->run.shared->slots[1].reports + stage->run.shared->slots[2].reports;
}

static uint32_t reports_before;

static bool reports_go_on(struct stage *stage)
{
    return reports(stage) > reports_before + 2;
}

/* --- expiry ----------------------------------------------------------------------------------- */

/* Takes the lock as soon as it is free, and keeps it for a minute. */
static void grab_the_lock(const struct stage *stage)
{
    static const char *const set[] = {"SET", "node_lock", "you", "NX", "PX", "60000", NULL};
    struct link link;
    bool taken = false;
    link_init(&link, &stage->run.servers[0].process.address, "", 5000);
    while (!taken) {
        redisReply *reply = link_command(&link, set);
        taken = !reply || reply->type == REDIS_REPLY_STATUS;
        freeReplyObject(reply);
    }
    _exit(0);
}

static size_t events_before;

static bool is_told_of_something(struct stage *stage)
{
    return stage->run.own.count > events_before;
}

/* The driver does not take it for the old one, on whose end it waits. */
static void whoever_takes_an_expired_lock_at_once_keeps_it(void **state)
{
    struct stage stage;
    (void)state;
    stage_begin(&stage, QUIET);
    lock_is_held(&stage);
    pid_t pid = fork();
    if (pid == 0) {
        grab_the_lock(&stage);
    }
    assert_true(pid > 0);
    events_before = stage.run.own.count;
    int64_t began_ns = monotonic_ns();
    assert_true(stage_apply(&stage, &fault_expire_lock, REDIS, 0));
    assert_true(monotonic_ns() - began_ns < NOTICE_TIMEOUT_NS);
    assert_int_equal(waitpid(pid, NULL, 0), pid);
    assert_string_equal(stage_ask(&stage, "GET node_lock"), "you");
    /* What the server tells of it may come after its answer. */
    assert_true(stage_until(&stage, is_told_of_something, 20000));
    assert_string_equal(stage.run.error, "");
    assert_int_equal(stage.run.own.count, events_before + 1);
    assert_int_equal(stage.run.own.events[events_before].kind, HISTORY_EXPIRED);
    stage_end(&stage);
}

/* --- eviction --------------------------------------------------------------------------------- */

static void the_lock_goes_by_eviction_and_nothing_else_does(void **state)
{
    struct stage stage;
    (void)state;
    stage_begin(&stage, QUIET);
    lock_is_held(&stage);
    assert_string_equal(stage_ask(&stage, "SET other 1"), "OK");
    assert_true(stage_apply(&stage, &fault_evict, REDIS, 0));
    assert_string_equal(stage_ask(&stage, "GET node_lock"), "nil");
    assert_string_equal(stage_ask(&stage, "DBSIZE"), "1");
    assert_int_equal(stage_info(&stage, "\nevicted_keys"), 1);
    assert_int_equal(stage_info(&stage, "\nexpired_keys"), 0);
    const struct history_event *last = &stage.run.own.events[stage.run.own.count - 1];
    assert_int_equal(last->kind, HISTORY_EXPIRED);
    assert_string_equal(last->why, "was evicted");
    stage_end(&stage);
}

static void after_it_the_memory_is_as_before(void **state)
{
    struct stage stage;
    (void)state;
    stage_begin(&stage, QUIET);
    lock_is_held(&stage);
    assert_true(stage_apply(&stage, &fault_evict, REDIS, 0));
    assert_string_equal(stage_ask(&stage, "CONFIG GET maxmemory"), "maxmemory 0");
    assert_string_equal(stage_ask(&stage, "CONFIG GET maxmemory-policy"),
                        "maxmemory-policy noeviction");
    lock_is_held(&stage);
    stage_end(&stage);
}

static void without_a_lock_or_its_ttl_there_is_nothing_to_evict(void **state)
{
    struct stage stage;
    (void)state;
    stage_begin(&stage, QUIET);
    assert_false(stage_apply(&stage, &fault_evict, REDIS, 0));
    assert_string_equal(stage_ask(&stage, "SET node_lock me"), "OK");
    assert_false(stage_apply(&stage, &fault_evict, REDIS, 0));
    assert_string_equal(stage_ask(&stage, "GET node_lock"), "me");
    assert_int_equal(stage_info(&stage, "\nevicted_keys"), 0);
    stage_end(&stage);
}

static bool can_evict(struct stage *stage)
{
    return stage_apply(stage, &fault_evict, REDIS, 0);
}

/* Others that are busy all the time never see the want of memory. */
static void nobody_else_is_refused_meanwhile(void **state)
{
    struct stage stage;
    (void)state;
    stage_begin(&stage,
                "protocol: {article: {report: 1ms, poll: 1ms}}\nlock: {token: {retry: 1ms}}\n");
    for (int i = 0; i < 20; i++) {
        assert_true(stage_until(&stage, can_evict, 20000)); /* somebody holds the lock just then */
        reports_before = reports(&stage);
        assert_true(stage_until(&stage, reports_go_on, 20000));
    }
    assert_int_equal(stage_info(&stage, "\nevicted_keys"), 20);
    assert_int_equal(stage_info(&stage, "errorstat_OOM:count") > 0 &&
                         stage.run.shared->slots[1].refusal[0] != '\0',
                     0);
    assert_string_equal(stage.run.shared->slots[1].refusal, "");
    assert_string_equal(stage.run.shared->slots[2].refusal, "");
    stage_end(&stage);
}

/* --- scripts ---------------------------------------------------------------------------------- */

static void scripts_are_forgotten_and_sent_again(void **state)
{
    struct stage stage;
    char command[64];
    (void)state;
    stage_begin(&stage, BUSY);
    reports_before = 0;
    assert_true(stage_until(&stage, reports_go_on, 20000));
    snprintf(command, sizeof command, "SCRIPT EXISTS %.40s",
             stage_ask(&stage, "SCRIPT LOAD return(1)"));
    assert_string_equal(stage_ask(&stage, command), "1");
    assert_true(stage_apply(&stage, &fault_forget_scripts, REDIS, 0));
    assert_string_equal(stage_ask(&stage, command), "0");
    /* Somebody who has never called it yet may send it whole before the others miss it. */
    for (int i = 0; i < 50 && !strstr(stage_ask(&stage, "INFO all"), "errorstat_NOSCRIPT"); i++) {
        assert_true(stage_apply(&stage, &fault_forget_scripts, REDIS, 0));
        reports_before = reports(&stage);
        assert_true(stage_until(&stage, reports_go_on, 20000));
    }
    assert_non_null(strstr(stage_ask(&stage, "INFO all"), "errorstat_NOSCRIPT"));
    stage_end(&stage);
}

/* --- wrong types ------------------------------------------------------------------------------ */

static void a_list_takes_the_place_of_the_lock(void **state)
{
    struct stage stage;
    (void)state;
    stage_begin(&stage, QUIET);
    lock_is_held(&stage);
    assert_true(stage_apply(&stage, &fault_wrong_type, REDIS, 0));
    assert_string_equal(stage_ask(&stage, "TYPE node_lock"), "list");
    assert_int_equal(strncmp(stage_ask(&stage, "GET node_lock"), "WRONGTYPE", 9), 0);
    assert_string_equal(stage_ask(&stage, "SET node_lock you NX PX 1000"), "nil");
    assert_string_equal(stage.run.own.events[stage.run.own.count - 1].why,
                        "was overwritten by a list");
    assert_true(stage_heal(&stage, &fault_wrong_type, REDIS));
    assert_string_equal(stage_ask(&stage, "EXISTS node_lock"), "0");
    stage_end(&stage);
}

/* Nobody has the lock then. */
static void a_second_list_takes_no_lock_away(void **state)
{
    struct stage stage;
    (void)state;
    stage_begin(&stage, QUIET);
    assert_true(stage_apply(&stage, &fault_wrong_type, REDIS, 0));
    size_t events = stage.run.own.count;
    assert_true(stage_apply(&stage, &fault_wrong_type, REDIS, 0));
    assert_string_equal(stage_ask(&stage, "TYPE node_lock"), "list");
    assert_int_equal(stage.run.own.count, events);
    stage_end(&stage);
}

static void healing_takes_away_the_list_alone(void **state)
{
    struct stage stage;
    (void)state;
    stage_begin(&stage, QUIET);
    assert_true(stage_apply(&stage, &fault_wrong_type, REDIS, 0));
    assert_string_equal(stage_ask(&stage, "DEL node_lock"), "1");
    lock_is_held(&stage);
    assert_true(stage_heal(&stage, &fault_wrong_type, REDIS));
    assert_string_equal(stage_ask(&stage, "GET node_lock"), "me");
    stage_end(&stage);
}

static bool list_is_gone(struct stage *stage)
{
    return strcmp(stage_ask(stage, "EXISTS node_lock"), "0") == 0;
}

static void what_cannot_be_healed_now_is_healed_as_soon_as_it_can(void **state)
{
    struct stage stage;
    (void)state;
    stage_begin(&stage, "starts: {all: 50s}\nredis: {persistence: aof-always}\n");
    assert_true(stage_apply(&stage, &fault_wrong_type, REDIS, 0));
    assert_true(stage_apply(&stage, &fault_oom, REDIS, 0));
    assert_true(stage_apply(&stage, &fault_stall, REDIS, 0));
    assert_true(stage_heal(&stage, &fault_oom, REDIS));
    assert_true(stage_heal(&stage, &fault_stall, REDIS));
    assert_string_equal(stage_ask(&stage, "CONFIG GET maxmemory"), "maxmemory 0");
    assert_string_equal(stage_ask(&stage, "TYPE node_lock"), "list");
    assert_true(stage_apply(&stage, &fault_crash, REDIS, 0));
    assert_true(stage_heal(&stage, &fault_wrong_type, REDIS));
    assert_true(stage_heal(&stage, &fault_crash, REDIS));
    assert_true(stage_until(&stage, list_is_gone, 20000));
    stage_end(&stage);
}

static bool server_is_up(struct stage *stage)
{
    return stage->run.servers[0].process.state == SERVER_UP;
}

/* The driver is not turned until the server answers the test: so it starts with its memory. */
static void what_is_over_when_it_starts_does_not_begin_again(void **state)
{
    struct stage stage;
    (void)state;
    stage_begin(&stage, QUIET);
    assert_true(stage_apply(&stage, &fault_oom, REDIS, 0));
    assert_true(stage_apply(&stage, &fault_crash, REDIS, 0));
    assert_true(stage_heal(&stage, &fault_oom, REDIS));
    assert_true(stage_heal(&stage, &fault_crash, REDIS));
    int64_t until = monotonic_ns() + 20 * INT64_C(1000000000);
    while (strcmp(stage_ask(&stage, "PING"), "PONG") != 0) {
        assert_true(monotonic_ns() < until);
    }
    assert_string_equal(stage_ask(&stage, "CONFIG GET maxmemory"), "maxmemory 0");
    stage_end(&stage);
}

/* It pays its debts as soon as it is up; those of the same fault from before are none any more. */
static void what_begins_while_it_starts_stays(void **state)
{
    struct stage stage;
    (void)state;
    stage_begin(&stage, QUIET);
    assert_true(stage_apply(&stage, &fault_oom, REDIS, 0));
    assert_true(stage_apply(&stage, &fault_wrong_type, REDIS, 0));
    assert_true(stage_apply(&stage, &fault_crash, REDIS, 0));
    assert_true(stage_heal(&stage, &fault_oom, REDIS));
    assert_true(stage_heal(&stage, &fault_wrong_type, REDIS));
    assert_true(stage_heal(&stage, &fault_crash, REDIS));
    assert_true(stage_apply(&stage, &fault_oom, REDIS, 0));
    assert_true(stage_apply(&stage, &fault_wrong_type, REDIS, 0));
    assert_true(stage_until(&stage, server_is_up, 20000));
    assert_string_equal(stage_ask(&stage, "CONFIG GET maxmemory"), "maxmemory 1");
    assert_string_equal(stage_ask(&stage, "TYPE node_lock"), "list");
    stage_end(&stage);
}

/* --- want of memory --------------------------------------------------------------------------- */

static bool was_refused(struct stage *stage)
{
    return strncmp(stage->run.shared->slots[1].refusal, "OOM", 3) == 0;
}

static void what_would_need_memory_is_refused_and_the_rest_is_not(void **state)
{
    struct stage stage;
    (void)state;
    stage_begin(&stage, QUIET);
    lock_is_held(&stage);
    assert_true(stage_apply(&stage, &fault_oom, REDIS, 0));
    assert_int_equal(strncmp(stage_ask(&stage, "SET a 1"), "OOM", 3), 0);
    assert_int_equal(strncmp(stage_ask(&stage, "HSET nodes 1 x"), "OOM", 3), 0);
    assert_string_equal(stage_ask(&stage, "GET node_lock"), "me");
    assert_string_equal(
        stage_ask(&stage, "EVAL return(redis.call('pexpire',KEYS[1],30000)) 1 node_lock"), "1");
    assert_string_equal(stage_ask(&stage, "EVAL return(redis.call('del',KEYS[1])) 1 node_lock"),
                        "1");
    assert_true(stage_heal(&stage, &fault_oom, REDIS));
    assert_string_equal(stage_ask(&stage, "SET a 1"), "OK");
    stage_end(&stage);
}

static void the_scenarios_own_want_of_memory_is_no_failure_of_the_world(void **state)
{
    struct stage stage;
    (void)state;
    stage_begin(&stage, BUSY);
    reports_before = 0;
    assert_true(stage_until(&stage, reports_go_on, 20000));
    assert_true(stage_apply(&stage, &fault_oom, REDIS, 0));
    assert_true(stage_until(&stage, was_refused, 20000));
    assert_true(stage_heal(&stage, &fault_oom, REDIS));
    reports_before = reports(&stage);
    assert_true(stage_until(&stage, reports_go_on, 20000));
    assert_false(stage.run.failed);
    stage_end(&stage);
}

static void anybody_elses_is(void **state)
{
    struct stage stage;
    (void)state;
    stage_begin(&stage, BUSY);
    assert_string_equal(stage_ask(&stage, "CONFIG SET maxmemory 1"), "OK");
    stage_until(&stage, trial_failed, 5000);
    assert_non_null(strstr(stage.run.error, "the Redis refuses "));
    assert_non_null(strstr(stage.run.error, ": OOM command not allowed"));
    stage_end(&stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whoever_takes_an_expired_lock_at_once_keeps_it),
        cmocka_unit_test(the_lock_goes_by_eviction_and_nothing_else_does),
        cmocka_unit_test(after_it_the_memory_is_as_before),
        cmocka_unit_test(without_a_lock_or_its_ttl_there_is_nothing_to_evict),
        cmocka_unit_test(nobody_else_is_refused_meanwhile),
        cmocka_unit_test(scripts_are_forgotten_and_sent_again),
        cmocka_unit_test(a_list_takes_the_place_of_the_lock),
        cmocka_unit_test(a_second_list_takes_no_lock_away),
        cmocka_unit_test(healing_takes_away_the_list_alone),
        cmocka_unit_test(what_cannot_be_healed_now_is_healed_as_soon_as_it_can),
        cmocka_unit_test(what_is_over_when_it_starts_does_not_begin_again),
        cmocka_unit_test(what_begins_while_it_starts_stays),
        cmocka_unit_test(what_would_need_memory_is_refused_and_the_rest_is_not),
        cmocka_unit_test(the_scenarios_own_want_of_memory_is_no_failure_of_the_world),
        cmocka_unit_test(anybody_elses_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
