/* The table of faults: every row is whole, its example is a good scenario, and it uses the verb
 * that it should. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "sim/scenario/load.h"
#include "sim/scenario/scenario.h"

/* Where each fault is done: on member 3, on the second server. */
static const struct fault_place place = {.id = 3, .server = 1};

/* A world that writes down the last verb it was asked for. */
struct tape {
    char text[80];
};

static bool note_command(void *self, uint16_t id, enum command command, int32_t value)
{
    struct tape *tape = self;
    snprintf(tape->text, sizeof tape->text, "command %u %d %d", id, (int)command, (int)value);
    return true;
}

static bool note(struct tape *tape, const char *verb, uint16_t id)
{
    snprintf(tape->text, sizeof tape->text, "%s %u", verb, id);
    return true;
}
static bool note_crash(void *self, uint16_t id)
{
    return note(self, "crash", id);
}
static bool note_restart(void *self, uint16_t id)
{
    return note(self, "restart", id);
}
static bool note_pause(void *self, uint16_t id)
{
    return note(self, "pause", id);
}
static bool note_resume(void *self, uint16_t id)
{
    return note(self, "resume", id);
}

static bool note_stall(void *self, uint16_t id, int64_t for_ns)
{
    struct tape *tape = self;
    snprintf(tape->text, sizeof tape->text, "stall %u %lld", id, (long long)for_ns);
    return true;
}

static bool refuse(void *self, uint8_t server)
{
    struct tape *tape = self;
    snprintf(tape->text, sizeof tape->text, "expire_lock at %u", server);
    return false; /* nobody had it */
}

static bool note_server(void *self, uint8_t server, const struct server_order *order)
{
    struct tape *tape = self;
    snprintf(tape->text, sizeof tape->text, "server %u: %u %u", server, order->fault,
             order->fault == SERVER_REFUSE ? order->refusals : order->from);
    return true;
}

static bool note_link(void *self, uint16_t id, uint8_t server, const struct link_order *order)
{
    struct tape *tape = self;
    snprintf(tape->text, sizeof tape->text, "link %u-%u: %u undo %u ways %u %lld+%lld %lld/s%s", id,
             server, order->fault, order->undo, order->directions, (long long)order->by_ns,
             (long long)order->jitter_ns, (long long)order->bytes_per_s,
             order->applied ? " applied" : "");
    return true;
}

static bool note_clock(void *self, struct fault_place at, const struct clock_order *order)
{
    struct tape *tape = self;
    snprintf(tape->text, sizeof tape->text, "%s %u %+lld %+lld", order->wall ? "wall" : "own",
             at.id, (long long)order->shift_ns, (long long)order->drift_ppm);
    return true;
}

static struct host_ops whole_world(struct tape *tape)
{
    return (struct host_ops){.self = tape,
                             .command = note_command,
                             .crash = note_crash,
                             .restart = note_restart,
                             .pause = note_pause,
                             .resume = note_resume,
                             .stall = note_stall,
                             .expire_lock = refuse,
                             .link = note_link,
                             .server = note_server,
                             .clock = note_clock};
}

/* What several at once come to is told to links and clocks; a clock's is composed elsewhere. */
static bool tells(const struct fault_row *row, struct host_ops *ops, const struct in_force *sum)
{
    struct tape *tape = ops->self;
    if (!fault_is_on_clocks(row)) {
        return fault_set(row, ops, place, sum);
    }
    snprintf(tape->text, sizeof tape->text, "sum %+lld %+lld", (long long)sum->shift_ns,
             (long long)sum->drift_ppm);
    return true;
}

static bool begins(const struct fault_row *row, struct host_ops *ops, const struct fault_spec *spec)
{
    struct in_force sum = {0};
    if (!fault_adds_up(spec)) {
        return fault_apply(row, ops, place, spec);
    }
    return row->add(spec, 1, &sum) && tells(row, ops, &sum);
}

static void ends(const struct fault_row *row, struct host_ops *ops, const struct fault_spec *spec)
{
    const struct in_force nothing = {0};
    if (fault_heals(row)) {
        fault_heal(row, ops, place, spec);
    } else {
        tells(row, ops, &nothing);
    }
}

/* "link 3-1: 1" and "server 1: 1" have the first of enum link_fault and of enum server_fault. */
static void each_fault_uses_its_verb(void **state)
{
    static const struct {
        const struct fault_row *row;
        int64_t param;
        bool applied;
        const char *does, *heals;
        uint8_t target; /* enum target_kind */
    } rows[] = {
        {&fault_flip, STATUS_SUBMIT, true, "command 3 0 1", NULL, TARGET_IDS},
        {&fault_resign, 0, true, "command 3 1 0", NULL, TARGET_IDS},
        {&fault_crash, 0, true, "crash 3", "restart 3", TARGET_IDS},
        {&fault_restart, 0, true, "restart 3", NULL, TARGET_IDS},
        {&fault_pause, 0, true, "pause 3", "resume 3", TARGET_IDS},
        {&fault_resume, 0, true, "resume 3", NULL, TARGET_IDS},
        {&fault_expire_lock, 0, false, "expire_lock at 1", NULL, TARGET_IDS},
        {&fault_hold_lock, 5000, true, "stall 3 5000", "stall 3 0", TARGET_IDS},
        {&fault_cut, 0, true, "link 3-1: 1 undo 0 ways 3 0+0 0/s",
         "link 3-1: 1 undo 0 ways 0 0+0 0/s", TARGET_IDS},
        {&fault_delay, 7, true, "link 3-1: 2 undo 0 ways 3 7+0 0/s",
         "link 3-1: 2 undo 0 ways 3 0+0 0/s", TARGET_IDS},
        {&fault_late, 7, true, "link 3-1: 3 undo 0 ways 0 7+0 0/s",
         "link 3-1: 0 undo 3 ways 0 0+0 0/s", TARGET_IDS},
        {&fault_lose_reply, 0, true, "link 3-1: 4 undo 0 ways 0 0+0 0/s",
         "link 3-1: 0 undo 4 ways 0 0+0 0/s", TARGET_IDS},
        {&fault_lose, 2, true, "link 3-1: 7 undo 0 ways 0 0+0 0/s",
         "link 3-1: 0 undo 7 ways 0 0+0 0/s", TARGET_IDS},
        {&fault_reset, 1, true, "link 3-1: 5 undo 0 ways 0 0+0 0/s applied",
         "link 3-1: 0 undo 5 ways 0 0+0 0/s", TARGET_IDS},
        {&fault_slow, 9, true, "link 3-1: 6 undo 0 ways 3 0+0 9/s",
         "link 3-1: 6 undo 0 ways 3 0+0 0/s", TARGET_IDS},
        {&fault_stall, 0, true, "server 1: 1 0", "server 1: 2 0", TARGET_REDIS},
        {&fault_power_loss, 0, true, "server 1: 5 0", "server 1: 4 0", TARGET_REDIS},
        {&fault_evict, 0, true, "server 1: 6 0", NULL, TARGET_LOCK},
        {&fault_forget_scripts, 0, true, "server 1: 7 0", NULL, TARGET_REDIS},
        {&fault_wrong_type, 0, true, "server 1: 8 0", "server 1: 10 8", TARGET_LOCK},
        {&fault_oom, 0, true, "server 1: 9 0", "server 1: 10 9", TARGET_REDIS},
        {&fault_refuse, 0, true, "server 1: 11 1", "server 1: 11 0", TARGET_REDIS},
        {&fault_jump, -7, true, "sum -7 +0", "sum +0 +0", TARGET_REDIS},
        {&fault_drift, 90, true, "sum +0 +90", "sum +0 +0", TARGET_REDIS},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct tape tape = {""};
        struct host_ops ops = whole_world(&tape);
        struct fault_spec spec = {.kind = (uint16_t)fault_find(rows[i].row->name),
                                  .params = {rows[i].param},
                                  .target.kind = rows[i].target};
        assert_int_equal(begins(rows[i].row, &ops, &spec), rows[i].applied);
        assert_string_equal(tape.text, rows[i].does);
        assert_int_equal(fault_heals(rows[i].row) || rows[i].row->add, rows[i].heals != NULL);
        if (rows[i].heals) {
            ends(rows[i].row, &ops, &spec);
            assert_string_equal(tape.text, rows[i].heals);
        }
    }
}

/* Of the whole table, whatever is new in it: who begins or heals does something to the world. */
static void each_fault_tells_the_world(void **state)
{
    (void)state;
    for (uint16_t kind = 0; fault_rows[kind]; kind++) {
        const struct fault_row *row = fault_rows[kind];
        struct fault_spec spec = {.kind = kind, .params = {1, 1, 1, 1}};
        struct tape tape = {""};
        struct host_ops ops = whole_world(&tape);
        spec.target.kind = row->targets & 1u << TARGET_REDIS ? TARGET_REDIS : TARGET_IDS;
        begins(row, &ops, &spec);
        assert_string_not_equal(tape.text, "");
        if (fault_heals(row) || row->add) {
            tape.text[0] = '\0';
            ends(row, &ops, &spec);
            assert_string_not_equal(tape.text, "");
        }
    }
}

static void those_that_hit_both_know_a_process_from_the_redis(void **state)
{
    static const struct {
        const struct fault_row *row;
        uint8_t target; /* enum target_kind */
        const char *does, *heals;
    } rows[] = {
        {&fault_crash, TARGET_REDIS, "server 1: 3 0", "server 1: 4 0"},
        {&fault_restart, TARGET_REDIS, "server 1: 4 0", NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct tape tape = {""};
        struct host_ops ops = whole_world(&tape);
        struct fault_spec spec = {.params = {50}, .target.kind = rows[i].target};
        assert_true(fault_apply(rows[i].row, &ops, place, &spec));
        assert_string_equal(tape.text, rows[i].does);
        if (rows[i].heals) {
            assert_true(fault_heal(rows[i].row, &ops, place, &spec));
            assert_string_equal(tape.text, rows[i].heals);
        }
    }
}

/* So many times at once is as so many times one after the other; a drift rounds otherwise. */
static void many_at_once_add_up_likewise(void **state)
{
    static const struct {
        const struct fault_row *row;
        int64_t params[3];
        int64_t times;
    } cases[] = {
        {&fault_cut, {0}, 3},       {&fault_delay, {1000, 7}, 1000}, {&fault_lose, {1, 10, 5}, 17},
        {&fault_jump, {-3000}, 99}, {&fault_drift, {500}, 1000},     {&fault_drift, {-700}, 800},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct fault_spec spec = {.target.kind = TARGET_REDIS};
        struct in_force one = {0};
        struct in_force all = {0};
        memcpy(spec.params, cases[i].params, sizeof cases[i].params);
        for (int64_t time = 0; time < cases[i].times; time++) {
            assert_true(cases[i].row->add(&spec, 1, &one));
        }
        assert_true(cases[i].row->add(&spec, cases[i].times, &all));
        assert_in_range(all.drift_ppm - one.drift_ppm + 1000, 0, 2000);
        all.drift_ppm = one.drift_ppm;
        all.faster_ppm = one.faster_ppm;
        all.slower_ppm = one.slower_ppm;
        assert_memory_equal(&one, &all, sizeof one);
    }
    struct fault_spec spec = {.params = {1000}, .target.kind = TARGET_REDIS};
    struct in_force sum = {0};
    assert_false(fault_jump.add(&spec, SHIFT_NS_MAX / 1000 + 1, &sum));
    assert_false(fault_delay.add(&spec, INT64_MAX, &sum));
    assert_false(fault_drift.add(&spec, INT64_MAX, &sum));
    spec.params[0] = -1000;
    sum = (struct in_force){0};
    assert_false(fault_drift.add(&spec, INT64_MAX, &sum));
}

/* Twice, and once more beyond the bounds. */
static void they_add_up(void **state)
{
    struct fault_spec spec = {.params = {500000}, .target.kind = TARGET_REDIS};
    struct in_force sum = {0};
    (void)state;
    assert_true(fault_drift.add(&spec, 1, &sum));
    assert_int_equal(sum.drift_ppm, 500000);
    spec.params[0] = 333333;
    assert_true(fault_drift.add(&spec, 1, &sum));
    assert_in_range(sum.drift_ppm, 999998, 1000000);
    spec.params[0] = -500000;
    assert_true(fault_drift.add(&spec, 1, &sum));
    assert_in_range(sum.drift_ppm + 10, 8, 10);
    spec.params[0] = 1000; /* with the slow one over, it would be too fast */
    assert_false(fault_drift.add(&spec, 1, &sum));

    sum = (struct in_force){0};
    spec = (struct fault_spec){.params = {1, 20, 1}}; /* 20 % for a while, and once more */
    assert_true(fault_lose.add(&spec, 1, &sum));
    assert_true(fault_lose.add(&spec, 1, &sum));
    assert_int_equal(sum.lost_ppm, 360000);
    spec.params[1] = 0; /* all of what they leave */
    assert_true(fault_lose.add(&spec, 1, &sum));
    assert_int_equal(sum.lost_ppm, LOST_WHOLE);
    spec.params[2] = 0; /* the next one alone is no share */
    sum.lost_ppm = 0;
    assert_true(fault_lose.add(&spec, 1, &sum));
    assert_int_equal(sum.lost_ppm, 0);

    sum = (struct in_force){0};
    spec = (struct fault_spec){.target.kind = TARGET_REDIS};
    spec.params[0] = SHIFT_NS_MAX;
    assert_true(fault_jump.add(&spec, 1, &sum));
    spec.params[0] = -5;
    assert_true(fault_jump.add(&spec, 1, &sum));
    assert_int_equal(sum.shift_ns, SHIFT_NS_MAX - 5);
    spec.params[0] = 1;
    assert_false(fault_jump.add(&spec, 1, &sum));

    sum = (struct in_force){0};
    spec = (struct fault_spec){.params = {100, 10}};
    assert_true(fault_delay.add(&spec, 1, &sum) && fault_delay.add(&spec, 1, &sum));
    assert_int_equal(sum.by_ns, 200);
    assert_int_equal(sum.jitter_ns, 20);
    spec.params[0] = 2000;
    assert_true(fault_slow.add(&spec, 1, &sum));
    spec.params[0] = 1000;
    assert_true(fault_slow.add(&spec, 1, &sum));
    spec.params[0] = 3000;
    assert_true(fault_slow.add(&spec, 1, &sum));
    assert_int_equal(sum.bytes_per_s, 1000);
    spec = (struct fault_spec){.params = {0, 1}};
    assert_true(fault_cut.add(&spec, 1, &sum));
    assert_int_equal(sum.directions, LINK_REQUESTS);
    spec.params[1] = 2;
    assert_true(fault_cut.add(&spec, 1, &sum));
    assert_int_equal(sum.directions, LINK_REQUESTS | LINK_REPLIES);
}

static void a_world_without_verbs_can_do_nothing(void **state)
{
    struct host_ops nothing = {0};
    struct host_ops everything = whole_world(NULL);
    (void)state;
    for (size_t i = 0; fault_rows[i]; i++) {
        assert_false(fault_possible(fault_rows[i], &nothing));
        assert_true(fault_possible(fault_rows[i], &everything));
    }
}

/* Puts an entry into a scenario in which everything it may need has happened. */
static void assert_loads(const char *entry)
{
    char text[600];
    struct scenario scenario;
    struct scenario_report report;
    snprintf(text, sizeof text,
             "name: example\nnodes: 5\nduration: 10s\nprotocol: %s\nfaults:\n"
             "  - {at: 0s, crash: any}\n  - {at: 0s, pause: any}\n  - %s\n",
             strstr(entry, "resign:") ? "lease" : "article", entry);
    if (!scenario_parse("example", text, strlen(text), &scenario, &report)) {
        scenario_report_print(stderr, entry, &report);
        fail();
    }
    scenario_free(&scenario);
}

static void every_example_is_a_good_entry(void **state)
{
    (void)state;
    for (size_t i = 0; fault_rows[i]; i++) {
        assert_non_null(strstr(fault_rows[i]->example, fault_rows[i]->name));
        assert_loads(fault_rows[i]->example);
    }
    for (size_t i = 0; i < TRIGGER_KINDS; i++) {
        assert_non_null(strstr(trigger_rows[i].example, trigger_rows[i].name));
        assert_loads(trigger_rows[i].example);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_fault_uses_its_verb),
        cmocka_unit_test(each_fault_tells_the_world),
        cmocka_unit_test(those_that_hit_both_know_a_process_from_the_redis),
        cmocka_unit_test(they_add_up),
        cmocka_unit_test(many_at_once_add_up_likewise),
        cmocka_unit_test(a_world_without_verbs_can_do_nothing),
        cmocka_unit_test(every_example_is_a_good_entry),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
