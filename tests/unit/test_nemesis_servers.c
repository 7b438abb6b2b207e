/* The nemesis with several servers: what it asks of a host's verbs, of which server, and what it
 * tells. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/host/nemesis.h"
#include "sim/scenario/load.h"
#include "src/units.h"

/* A host that writes down each verb as a word: "stall1" is SERVER_STALL of the second server. */
struct tape {
    struct scenario scenario;
    struct nemesis nemesis;
    struct breakpoints breakpoints;
    struct cluster_member members[4];
    struct history history;
    int64_t now_ns;
    char text[600];
};

__attribute__((format(printf, 2, 3))) static void note(struct tape *tape, const char *format, ...)
{
    size_t used = strlen(tape->text);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(tape->text + used, sizeof tape->text - used, format, arguments);
    va_end(arguments);
}

static bool note_server(void *self, uint8_t server, const struct server_order *order)
{
    static const char *const names[] = {
        [SERVER_STALL] = "stall", [SERVER_GO_ON] = "go-on",     [SERVER_CRASH] = "crash",
        [SERVER_OOM] = "oom",     [SERVER_RECOVER] = "recover", [SERVER_RESTART] = "restart"};
    note(self, "%s%u ", names[order->fault], server);
    return true;
}

static bool note_link(void *self, uint16_t id, uint8_t server, const struct link_order *order)
{
    if (order->fault == LINK_CUT) {
        note(self, "%u-%u:cut%u ", id, server, order->directions);
    } else {
        note(self, "%u-%u:by%lld ", id, server, (long long)(order->by_ns / NS_PER_MS));
    }
    return true;
}

static bool note_expiry(void *self, uint8_t server)
{
    note(self, "expire%u ", server);
    return true;
}

static bool note_clock(void *self, struct fault_place at, const struct clock_order *order)
{
    note(self, "clock%u%+lld ", at.server, (long long)(order->shift_ns / NS_PER_MS));
    return true;
}

static bool note_pause(void *self, uint16_t id)
{
    note(self, "pause-%u ", id);
    return true;
}

static void record(void *self, struct history_event *event)
{
    struct tape *tape = self;
    event->at_ns = tape->now_ns;
    event->seq = (uint32_t)tape->history.count;
    assert_true(history_append(&tape->history, event));
}

static void amend(void *self, uint32_t seq, uint8_t kind, const char *why)
{
    struct tape *tape = self;
    tape->history.events[seq].kind = kind;
    tape->history.events[seq].why = why;
}

static int64_t now(void *self)
{
    return ((struct tape *)self)->now_ns;
}

/* Runs these faults, on three nodes and `servers` servers, up to the end of the safety phase; and
 * heals, with "| " before. The caller frees the tape. */
static struct tape *play(unsigned servers, uint64_t seed, const char *faults)
{
    const struct host_ops ops = {.server = note_server,
                                 .link = note_link,
                                 .expire_lock = note_expiry,
                                 .clock = note_clock,
                                 .pause = note_pause,
                                 .resume = note_pause};
    struct tape *tape = calloc(1, sizeof *tape);
    assert_non_null(tape);
    char text[2000];
    struct scenario_report report;
    snprintf(text, sizeof text,
             "name: servers\nnodes: 3\nduration: 10s\nlock: none\n"
             "redis: {topology: independent, servers: %u}\nfaults:\n%s",
             servers, faults);
    if (!scenario_parse("servers", text, strlen(text), &tape->scenario, &report)) {
        scenario_report_print(stderr, "servers", &report);
        fail();
    }
    for (int id = 0; id <= 3; id++) {
        tape->members[id] = (struct cluster_member){.alive = true, .started = true};
    }
    struct host_ops own = ops;
    own.self = tape;
    struct record events = {.self = tape, .event = record, .amend = amend, .now = now};
    assert_true(nemesis_begin(&tape->nemesis, &tape->scenario, seed, &own, tape->members,
                              &tape->breakpoints, &events));
    while ((tape->now_ns = nemesis_due(&tape->nemesis)) < 10 * NS_PER_S) {
        nemesis_advance(&tape->nemesis, tape->now_ns);
    }
    tape->now_ns = 10 * NS_PER_S;
    note(tape, "| ");
    nemesis_heal(&tape->nemesis);
    return tape;
}

static void free_tape(struct tape *tape)
{
    nemesis_free(&tape->nemesis);
    scenario_free(&tape->scenario);
    history_free(&tape->history);
    free(tape);
}

static void assert_plays(const char *faults, const char *expected)
{
    struct tape *tape = play(3, 1, faults);
    assert_string_equal(tape->text, expected);
    free_tape(tape);
}

static void each_server_has_faults_of_its_own(void **state)
{
    (void)state;
    assert_plays("  - {at: 1s, stall: redis 2, for: 2s}\n"
                 "  - {at: 1s, crash: redis 3, for: 1s}\n"
                 "  - {at: 4s, oom: [redis 1, redis 3]}\n",
                 "stall1 crash2 restart2 go-on1 oom0 oom2 | recover2 recover0 ");
}

/* One that stands still already is not stopped again, and goes on at the end of the last stall. */
static void faults_of_one_server_compose(void **state)
{
    (void)state;
    assert_plays("  - {at: 1s, stall: redis 2, for: 4s}\n"
                 "  - {at: 2s, stall: [redis 2, redis 3], for: 1s}\n",
                 "stall1 stall2 go-on2 go-on1 | ");
    assert_plays("  - {at: 1s, jump: redis 1, by: 5ms}\n"
                 "  - {at: 2s, jump: [redis 1, redis 2], by: 2ms, for: 1s}\n",
                 "clock0+5 clock0+7 clock1+2 clock0+5 clock1+0 | clock0+0 ");
}

static void a_link_is_to_one_server(void **state)
{
    (void)state;
    assert_plays("  - {at: 1s, cut: 3, for: 2s}\n"
                 "  - {at: 2s, cut: 3, server: redis 2, for: 3s}\n",
                 "3-0:cut3 3-1:cut3 3-2:cut3 3-1:cut3 3-0:cut0 3-1:cut3 3-2:cut0 3-1:cut0 | ");
    assert_plays("  - {at: 1s, delay: [1, 2], by: 5ms, server: redis 3}\n"
                 "  - {at: 2s, delay: 2, by: 2ms, server: [redis 1, redis 3], for: 1s}\n",
                 "1-2:by5 2-2:by5 2-0:by2 2-2:by7 2-0:by0 2-2:by5 | 2-2:by0 1-2:by0 ");
}

static void what_is_done_to_a_process_is_done_once(void **state)
{
    (void)state;
    struct tape *tape = play(3, 1, "  - {at: 1s, pause: 2}\n  - {at: 2s, stall: redis 3}\n");
    assert_string_equal(tape->text, "pause-2 stall2 | go-on2 pause-2 ");
    assert_int_equal(tape->history.events[0].server, NO_SERVER);
    assert_int_equal(tape->history.events[1].server, 2);
    free_tape(tape);
}

/* Which servers are the minority is drawn when the fault is applied, and those are healed. */
static void a_minority_is_drawn_once(void **state)
{
    (void)state;
    unsigned seen = 0;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        struct tape *tape = play(5, seed, "  - {every: 4s, stall: minority, for: 1s}\n");
        const struct history_event *events = tape->history.events;
        assert_int_equal(tape->history.count, 8); /* two servers, twice, each with its end */
        for (size_t i = 0; i < 8; i += 4) {
            assert_true(events[i].server < events[i + 1].server && events[i + 1].server < 5);
            assert_int_equal(events[i].kind, HISTORY_FAULT);
            assert_int_equal(events[i + 2].kind, HISTORY_HEALED);
            assert_int_equal(events[i + 2].server, events[i].server);
            assert_int_equal(events[i + 3].server, events[i + 1].server);
            seen |= 1u << (events[i].server * 5 + events[i + 1].server);
        }
        free_tape(tape);
    }
    assert_int_equal(__builtin_popcount(seen), 10); /* all pairs of five */
    struct tape *tape = play(5, 1, "  - {at: 1s, stall: majority}\n");
    assert_int_equal(tape->history.count, 6);
    free_tape(tape);
    tape = play(2, 1, "  - {at: 1s, stall: majority}\n"); /* both */
    assert_int_equal(tape->history.count, 4);
    free_tape(tape);
}

/* Chaos takes nobody more down than it may: who lost one link of three is not down, who lost two
 * is. */
static void who_reaches_no_majority_is_down(void **state)
{
    (void)state;
    const char *chaos = "  - {randomly: {mean: 100ms, until: 9s}, cut: [1, 2, 3], server: %s}\n";
    char faults[200];
    snprintf(faults, sizeof faults, chaos, "redis 1");
    struct tape *tape = play(3, 1, faults);
    assert_non_null(strstr(tape->text, "1-0:cut3 2-0:cut3 3-0:cut3"));
    free_tape(tape);
    snprintf(faults, sizeof faults, chaos, "[redis 1, redis 2]");
    tape = play(3, 1, faults);
    assert_memory_equal(tape->text, "1-0:cut3 1-1:cut3 2-0:cut3 3-0:cut3 ", 36);
    assert_null(strstr(tape->text, "2-1"));
    assert_null(strstr(tape->text, "3-1"));
    free_tape(tape);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_server_has_faults_of_its_own),
        cmocka_unit_test(faults_of_one_server_compose),
        cmocka_unit_test(a_link_is_to_one_server),
        cmocka_unit_test(what_is_done_to_a_process_is_done_once),
        cmocka_unit_test(a_minority_is_drawn_once),
        cmocka_unit_test(who_reaches_no_majority_is_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
