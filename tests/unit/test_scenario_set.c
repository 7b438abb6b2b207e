/* Values of a scenario that are set from outside: what becomes of its text, and what is said of a
 * wrong one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/scenario/set.h"

static void assert_set(const char *text, const char *word, const char *expected)
{
    char why[600];
    size_t length = 0, from = 0, to = 0;
    char *out = set_value(text, strlen(text), word, &length, &from, &to, why, sizeof why);
    if (!out) {
        fail_msg("%s: %s", word, why);
    }
    assert_string_equal(out, expected);
    assert_int_equal(length, strlen(expected));
    assert_true(from < to && to <= length);
    free(out);
}

static void what_is_there_is_replaced_alone(void **state)
{
    (void)state;
    assert_set("nodes: 2 # two\nseed: 1\n", "nodes=3", "nodes: 3 # two\nseed: 1\n");
    assert_set("lock: {token: {ttl: 1s, retry: 2ms}} # mine\n", "lock.token.ttl=500ms",
               "lock: {token: {ttl: 500ms, retry: 2ms}} # mine\n");
    assert_set("faults:\n  - {at: 1s, crash: 1}\n  - at: 2s\n    pause: 2\n    for: 1s # long\n",
               "faults.2.for=3s",
               "faults:\n  - {at: 1s, crash: 1}\n  - at: 2s\n    pause: 2\n    for: 3s # long\n");
    assert_set("lock: {token: {ttl: 1s}}\r\nnodes: 2\r\n", "lock=setnx",
               "lock: setnx\r\nnodes: 2\r\n");
    assert_set("expect:\n  checks: {two_leaders: never}\nnodes: 2\n", "expect={settles_within: 9s}",
               "expect:\n    {settles_within: 9s}\nnodes: 2\n");
    assert_set("faults:\n- {at: 1s, crash: 1}\nnodes: 2\n", "faults=[]",
               "faults:\n  []\nnodes: 2\n");
    assert_set("about: |\n  long\n  text\nnodes: 2\n", "about=short", "about: short\nnodes: 2\n");
}

static void what_is_not_there_is_put_in(void **state)
{
    (void)state;
    assert_set("# mine\nname: a\nnodes: 2\n", "lock.token.ttl=1s",
               "# mine\nlock: {token: {ttl: 1s}}\nname: a\nnodes: 2\n");
    assert_set("lock: {token: {retry: 2ms}}\n", "lock.token.ttl=1s",
               "lock: {token: {ttl: 1s, retry: 2ms}}\n");
    assert_set("lock: {}\n", "lock.token.ttl=1s", "lock: {token: {ttl: 1s}}\n");
    assert_set("lock: token # as redis-py\n", "lock.token.ttl=1s",
               "lock: {token: {ttl: 1s}} # as redis-py\n");
    assert_set("lock:\nnodes: 2\n", "lock.token.ttl=1s", "lock: {token: {ttl: 1s}}\nnodes: 2\n");
    assert_set("faults:\n  - at: 2s\n    pause: 2\n", "faults.1.for=3s",
               "faults:\n  - for: 3s\n    at: 2s\n    pause: 2\n");
}

static void assert_refused(const char *text, const char *word, const char *words)
{
    char why[600];
    size_t length = 0, from = 0, to = 0;
    assert_null(set_value(text, strlen(text), word, &length, &from, &to, why, sizeof why));
    if (!strstr(why, words)) {
        fail_msg("%s: %s", word, why);
    }
}

static void a_wrong_way_is_refused_with_the_right_one(void **state)
{
    static const char text[] = "lock: token\nfaults:\n  - {at: 1s, crash: 1}\n  - {at: 2s, crash: "
                               "2}\n";
    (void)state;
    assert_refused(text, "nodes", "KEY=VALUE");
    assert_refused(text, "nodes=", "empty");
    assert_refused(text, "nodes= ", "empty");
    assert_refused(text, "nodes=1\nseed: 3", "not one line");
    assert_refused(text, "=3", "no key");
    assert_refused(text, "lock..ttl=1s", "no key");
    assert_refused(text, "{a=1s", "no key");
    assert_refused(text, "faults.3.for=1s", "a list of 2");
    assert_refused(text, "faults.0.for=1s", "from 1 to 2");
    assert_refused(text, "faults.for=1s", "faults.1");
    assert_refused(text, "lock.redlock.ttl=1s", "--set lock=redlock before it");
    assert_refused(text, "a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q=1", "no key");
    assert_refused("[a, b]\n", "nodes=1", "no map");
    assert_refused("nodes: [\n", "nodes=1", "cannot be read");
}

static const char scenario_text[] = "name: a\nnodes: 2\nduration: 3s\nlock: token\n"
                                    "faults:\n  - {at: 1s, pause: 1, for: 1s}\n";

/* Loads it with two values set; the caller frees what was said. */
static bool load(const char *first, const char *second, struct scenario *scenario, char **said)
{
    const char *const words[] = {first, second};
    const struct set_words sets = {words, 2};
    size_t size = 0;
    FILE *file = open_memstream(said, &size);
    assert_non_null(file);
    bool good =
        scenario_parse_set("a.yaml", scenario_text, strlen(scenario_text), &sets, scenario, file);
    fclose(file);
    return good;
}

static void a_scenario_has_what_was_set(void **state)
{
    struct scenario scenario;
    char *said = NULL;
    (void)state;
    assert_true(load("lock.token.ttl=700ms", "faults.1.for=250ms", &scenario, &said));
    assert_string_equal(said, "");
    assert_string_equal(scenario.faults[0].text, "pause 1 for 250ms");
    assert_non_null(strstr(scenario.text, "lock: {token: {ttl: 700ms}}"));
    scenario_free(&scenario);
    free(said);
    assert_true(load("nodes=3", "nodes=4", &scenario, &said));
    assert_int_equal(scenario.settings.nodes, 4);
    scenario_free(&scenario);
    free(said);
}

static void assert_blames(const char *first, const char *second, const char *expected)
{
    struct scenario scenario;
    char *said = NULL;
    assert_false(load(first, second, &scenario, &said));
    assert_string_equal(said, expected);
    free(said);
}

static void the_value_that_is_wrong_is_named(void **state)
{
    (void)state;
    assert_blames("lock.token.tll=1s", "nodes=3",
                  "a.yaml: with --set lock.token.tll=1s: \"tll\": unknown key; did you mean "
                  "ttl?\n");
    assert_blames("nodes=3", "fault.1.for=1s",
                  "a.yaml: with --set fault.1.for=1s: \"fault\": unknown key; did you mean "
                  "faults?\n");
    assert_blames("faults.2.for=1s", "nodes=3",
                  "a.yaml: with --set faults.2.for=1s: faults is a list of 1, and \"2\" is none of "
                  "them; give a number from 1 to 1: faults.1\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_there_is_replaced_alone),
        cmocka_unit_test(what_is_not_there_is_put_in),
        cmocka_unit_test(a_wrong_way_is_refused_with_the_right_one),
        cmocka_unit_test(a_scenario_has_what_was_set),
        cmocka_unit_test(the_value_that_is_wrong_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
