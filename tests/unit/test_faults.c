/* The table of faults: every row is whole, its example is a good scenario, and it uses the verb
 * that it should. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "sim/scenario/scenario.h"

/* A world that writes down the last verb it was asked for. */
struct tape {
    char text[64];
};

static bool note_flip(void *self, uint16_t id, enum status to)
{
    struct tape *tape = self;
    snprintf(tape->text, sizeof tape->text, "flip %u %d", id, (int)to);
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

static bool refuse(void *self)
{
    struct tape *tape = self;
    snprintf(tape->text, sizeof tape->text, "expire_lock");
    return false; /* nobody had it */
}

static struct world whole_world(struct tape *tape)
{
    return (struct world){.self = tape,
                          .flip = note_flip,
                          .crash = note_crash,
                          .restart = note_restart,
                          .pause = note_pause,
                          .resume = note_resume,
                          .stall = note_stall,
                          .expire_lock = refuse};
}

static void each_fault_uses_its_verb(void **state)
{
    static const struct {
        const struct fault_row *row;
        int64_t param;
        bool applied;
        const char *does, *heals;
    } rows[] = {
        {&fault_flip, STATUS_SUBMIT, true, "flip 3 1", NULL},
        {&fault_crash, 0, true, "crash 3", "restart 3"},
        {&fault_restart, 0, true, "restart 3", NULL},
        {&fault_pause, 0, true, "pause 3", "resume 3"},
        {&fault_resume, 0, true, "resume 3", NULL},
        {&fault_expire_lock, 0, false, "expire_lock", NULL},
        {&fault_hold_lock, 5000, true, "stall 3 5000", "stall 3 0"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct tape tape = {""};
        struct world world = whole_world(&tape);
        struct fault_spec spec = {.params = {rows[i].param}};
        assert_ptr_equal(fault_rows[i], rows[i].row);
        assert_int_equal(rows[i].row->apply(&world, 3, &spec), rows[i].applied);
        assert_string_equal(tape.text, rows[i].does);
        assert_int_equal(rows[i].row->heal != NULL, rows[i].heals != NULL);
        if (rows[i].heals && rows[i].row->heal) {
            rows[i].row->heal(&world, 3, &spec);
            assert_string_equal(tape.text, rows[i].heals);
        }
    }
    assert_null(fault_rows[sizeof rows / sizeof rows[0]]);
}

static void a_world_without_verbs_can_do_nothing(void **state)
{
    struct world nothing = {0};
    struct world everything = whole_world(NULL);
    (void)state;
    for (size_t i = 0; fault_rows[i]; i++) {
        assert_false(fault_rows[i]->possible(&nothing));
        assert_true(fault_rows[i]->possible(&everything));
    }
}

/* Puts an entry into a scenario in which everything it may need has happened. */
static void assert_loads(const char *entry)
{
    char text[600];
    struct scenario scenario;
    struct scenario_report report;
    snprintf(text, sizeof text,
             "name: example\nnodes: 5\nduration: 10s\nfaults:\n"
             "  - {at: 0s, crash: any}\n  - {at: 0s, pause: any}\n  - %s\n",
             entry);
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

static void rows_are_whole_and_found_by_name(void **state)
{
    (void)state;
    for (int i = 0; fault_rows[i]; i++) {
        const struct fault_row *row = fault_rows[i];
        assert_int_equal(fault_find(row->name), i);
        assert_true(row->summary[0] && row->targets != 0 && row->possible && row->apply);
        assert_true(row->targets < 1u << TARGET_KINDS);
        for (int j = 0; j < FAULT_PARAMS_MAX && row->params[j].type != PARAM_NONE; j++) {
            assert_non_null(row->params[j].name);
        }
    }
    assert_int_equal(fault_find("earthquake"), -1);
    for (int i = 0; i < MOMENTS; i++) {
        assert_non_null(moment_names[i]);
    }
    for (int i = 0; i < TARGET_KINDS; i++) {
        assert_int_equal(target_names[i] == NULL, i == TARGET_IDS);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_fault_uses_its_verb),
        cmocka_unit_test(a_world_without_verbs_can_do_nothing),
        cmocka_unit_test(every_example_is_a_good_entry),
        cmocka_unit_test(rows_are_whole_and_found_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
