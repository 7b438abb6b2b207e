/* Which commands a pattern is about. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sim/faults/pattern.h"

static bool matches(const char *name, const char *key, const char *sent, const char *of)
{
    struct command_pattern pattern = {.name = ""};
    strcpy(pattern.name, name);
    strcpy(pattern.key, key);
    return pattern_matches(&pattern, &(struct command_seen){.name = sent, .key = of});
}

static void names(void **state)
{
    (void)state;
    assert_true(matches("SET", "", "SET", ""));
    assert_true(matches("SET", "", "set", "k"));
    assert_false(matches("SET", "", "SETNX", "k"));
    assert_false(matches("SETNX", "", "SET", "k"));
    assert_true(matches("EVAL*", "", "EVALSHA", "k"));
    assert_true(matches("EVAL*", "", "EVAL", "k"));
    assert_true(matches("?ET", "", "GET", "k"));
    assert_false(matches("?ET", "", "ET", "k"));
    assert_true(matches("*", "", "PING", ""));
    assert_true(matches("", "", "PING", ""));
    assert_false(matches("", "", NULL, NULL));
}

static void keys(void **state)
{
    (void)state;
    assert_true(matches("SET", "node_lock", "SET", "node_lock"));
    assert_false(matches("SET", "node_lock", "SET", "Node_lock"));
    assert_false(matches("SET", "node_lock", "SET", ""));
    assert_true(matches("SET", "node_*", "SET", "node_"));
    assert_false(matches("SET", "node_*", "SET", "node"));
    assert_true(matches("", "a*b*c", "SET", "aXbXbc"));
    assert_true(matches("", "a*bc", "SET", "abcbc"));
    assert_false(matches("", "a*bc", "SET", "abcb"));
    assert_true(matches("", "*:?", "SET", "job:7"));
    assert_false(matches("", "*:?", "SET", "job:"));
    assert_true(matches("", "**", "SET", ""));
}

/* A star that is tried at each place of a long text does not take long. */
static void many_stars(void **state)
{
    char text[4096];
    (void)state;
    memset(text, 'a', sizeof text);
    text[sizeof text - 1] = '\0';
    assert_false(matches("", "a*a*a*a*a*a*a*a*a*a*a*a*a*b", "SET", text));
}

static void texts(void **state)
{
    char out[80];
    (void)state;
    assert_string_equal(pattern_text(&(struct command_pattern){.name = "SET"}, out, sizeof out),
                        "SET");
    assert_string_equal(
        pattern_text(&(struct command_pattern){.name = "SET", .key = "k*"}, out, sizeof out),
        "SET of k*");
    assert_string_equal(pattern_text(&(struct command_pattern){.key = "k"}, out, sizeof out),
                        "any command of k");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names),
        cmocka_unit_test(keys),
        cmocka_unit_test(many_stars),
        cmocka_unit_test(texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
