/* Faults that await certain commands: which of them they hit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sim/host/command_faults.h"

static struct command_faults faults;
static uint64_t rng = 1;

static bool add(uint32_t instance, const char *name, uint32_t nth, uint32_t count)
{
    struct link_order order = {
        .fault = LINK_LOSE, .by_command = true, .nth = nth, .count = count, .instance = instance};
    strcpy(order.of.name, name);
    return command_faults_add(&faults, &order);
}

/* Whom a command meets; -1: nobody. */
static int meets(const char *name)
{
    const struct command_seen seen = {.name = name, .key = ""};
    struct link_met met = command_faults_meet(&faults, &seen, &rng);
    return met.fault == LINK_HEAL ? -1 : (int)met.instance;
}

static void the_nth_and_the_next(void **state)
{
    (void)state;
    faults.count = 0;
    assert_true(add(7, "SET", 2, 2));
    assert_int_equal(meets("SET"), -1);
    assert_int_equal(meets("GET"), -1);
    assert_int_equal(meets("SET"), 7);
    assert_int_equal(meets("SET"), 7);
    assert_int_equal(meets("SET"), -1);
    assert_false(command_faults_remove(&faults, 7));
}

static void each_counts_for_itself(void **state)
{
    (void)state;
    faults.count = 0;
    assert_true(add(1, "SET", 1, 1) && add(2, "S*", 2, 1));
    assert_int_equal(meets("SET"), 1);
    assert_int_equal(meets("SETNX"), 2);
    assert_true(add(1, "A", 1, 1) && add(2, "B", 1, 1) && add(3, "C", 1, 1) && add(4, "D", 1, 1));
    assert_false(add(5, "E", 1, 1));
    assert_true(command_faults_remove(&faults, 2));
    assert_int_equal(meets("B"), -1);
    assert_int_equal(meets("D"), 4);
}

static void a_script_comes_again(void **state)
{
    (void)state;
    faults.count = 0;
    const struct command_seen seen = {.name = "EVALSHA", .key = ""};
    assert_true(add(3, "EVALSHA", 1, 1));
    struct link_met met = command_faults_meet(&faults, &seen, &rng);
    assert_int_equal(met.instance, 3);
    command_faults_meet_again(&faults, &met);
    assert_int_equal(meets("SET"), -1);
    assert_int_equal(meets("EVAL"), 3);
    assert_int_equal(faults.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_nth_and_the_next),
        cmocka_unit_test(each_counts_for_itself),
        cmocka_unit_test(a_script_comes_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
