/* A machine that asks, drops and waits at random, under every fault at once: the model asserts that
 * its state is sound all the while. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "src/units.h"
#include "tests/unit/model/script.h"

/* Asks, drops and sets its timer as the random bits of its tokens say. */
static void erratic(const struct event *event, struct action *action)
{
    static uint32_t out;
    uint64_t bits = event->fresh.low;
    action->took_token = true;
    if (event->kind == EVENT_STARTED) {
        out = 0;
    } else if (event->kind == EVENT_REPLY) {
        assert_true(out & 1u << event->tag);
        out &= ~(1u << event->tag);
    }
    if (bits % 5 == 0) {
        action->drop = out & (uint32_t)event->fresh.high;
        out &= ~action->drop;
    }
    const uint8_t asks = bits % 4;
    for (uint8_t tag = (uint8_t)(bits % TAGS), i = 0; i < asks;
         i++, tag = (uint8_t)((tag + 5) % TAGS)) {
        if (!(out & 1u << tag)) {
            script_ask(action, (uint8_t)((bits >> 8) + i) % 3, tag, (bits >> 16) % 3 ? 0 : 8);
            action->send[action->sends - 1].moment = i == 1 ? MOMENT_REPORTS : MOMENT_NONE;
            out |= 1u << tag;
        }
    }
    if (bits % 7 == 0 || out == 0) {
        action_wait(action, 0, (int64_t)(bits >> 20) % (20 * NS_PER_MS));
    } else if (bits % 11 == 0) {
        action->wake[TIMER_PROTOCOL].order = TIMER_CANCEL;
    }
}

static const char everything[] =
    "duration: 1s\nnetwork: {latency: {p50: 1ms, p99: 30ms}}\n"
    "faults: [{every: 70ms, pause: 1, for: 20ms}, {every: 110ms, crash: 1, for: 15ms},\n"
    "         {every: 130ms, stall: redis 1, for: 40ms},\n"
    "         {every: 170ms, crash: redis 2, for: 30ms},\n"
    "         {every: 90ms, cut: 1, server: redis 3, for: 25ms},\n"
    "         {every: 60ms, late: 1, by: 20ms, server: redis 1},\n"
    "         {every: 80ms, reset: 1, server: redis 3},\n"
    "         {every: 140ms, lose_reply: 1, server: redis 2},\n"
    "         {every: 190ms, flip: 1, to: submit},\n"
    "         {every: 200ms, delay: 1, by: 3ms, jitter: 9ms, server: redis 1, for: 50ms},\n"
    "         {when: {who: 1, does: reports, nth: 9, before: true}, crash: 1, for: 10ms},\n"
    "         {when: {who: 1, does: reports, nth: 19, applied: true}, pause: 1, for: 10ms}]\n";

/* The model asserts that its state is sound; each of the two ways comes to the same. */
static void whatever_befalls_it_the_state_is_sound(void **state)
{
    char yaml[3000];
    struct cluster cluster;
    (void)state;
    snprintf(yaml, sizeof yaml, SCRIPT_CLUSTER "%s", everything);
    cluster_new(&cluster, yaml);
    model_step_with(cluster.model, script_step);
    script.play = erratic;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        size_t length[2];
        char *bytes[2];
        for (int detours = 0; detours < 2; detours++) {
            model_take_detours(cluster.model, detours);
            cluster_run(&cluster, seed);
            bytes[detours] = history_bytes(&cluster.history, &length[detours]);
        }
        assert_int_equal(length[0], length[1]);
        assert_memory_equal(bytes[0], bytes[1], length[0]);
        free(bytes[0]);
        free(bytes[1]);
    }
    cluster_free(&cluster);
}

/* Breaks the contract of src/process.h: after its first step nothing is to come. */
static void fall_asleep(const struct settings *settings, struct process *process,
                        const struct event *event, struct action *action)
{
    (void)settings;
    (void)process;
    (void)event;
    memset(action, 0, sizeof *action);
}

/* The model notices: without, such a machine would stand still for ever, and nobody would know. */
static void a_machine_with_nothing_to_come_is_a_bug(void **state)
{
    int status = 0;
    (void)state;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct cluster cluster;
        (void)!freopen("/dev/null", "w", stderr);
        signal(SIGABRT, SIG_DFL);
        cluster_new(&cluster, SCRIPT_CLUSTER "duration: 10ms\n");
        model_step_with(cluster.model, fall_asleep);
        cluster_run(&cluster, 1);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatever_befalls_it_the_state_is_sound),
        cmocka_unit_test(a_machine_with_nothing_to_come_is_a_bug),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
