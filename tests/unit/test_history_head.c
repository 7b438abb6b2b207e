/* The head of a history: numbers and durations lie within their bounds, so that whoever reckons
 * with them comes to no time that cannot be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/all_kinds.h"

/* Whether a history with this head can be read; else why not. */
static bool is_read(const struct history_facts *facts, char error[160])
{
    struct history history = {.facts = *facts};
    struct history copy;
    size_t length;
    char *text = write_text(&history, &length);
    bool good = read_text(text, length, &copy, error);
    if (good) {
        assert_memory_equal(&copy.facts, facts, sizeof copy.facts);
        history_free(&copy);
    }
    free(text);
    return good;
}

/* Read with the largest value; refused by name with the next one, and with the largest of all. */
static void is_bounded(const struct history_facts *facts, int64_t *value, int64_t high,
                       const char *name)
{
    const int64_t beyond[] = {high + 1, INT64_MAX};
    const int64_t before = *value;
    char error[160] = "", wanted[64];
    snprintf(wanted, sizeof wanted, "line 1: \"%.40s", name);
    *value = high;
    if (!is_read(facts, error)) {
        fail_msg("%s at its bound: %s", name, error);
    }
    for (size_t i = 0; i < sizeof beyond / sizeof *beyond; i++) {
        *value = beyond[i];
        if (is_read(facts, error)) {
            fail_msg("%s is %lld, and nobody said a word", name, (long long)beyond[i]);
        }
        assert_memory_equal(error, wanted, strlen(wanted));
    }
    *value = before;
}

static void row_is_bounded(enum owner owner, size_t row)
{
    struct history_facts facts;
    const struct param_row *params = owner_params(owner, row);
    memset(&facts, 0, sizeof facts);
    fill_facts(&facts);
    settings_choose(&facts.settings, owner, (uint8_t)row);
    for (size_t i = 0; params[i].type != PARAM_NONE; i++) {
        if (params[i].type != PARAM_FLAG && params[i].type != PARAM_WORD) {
            is_bounded(&facts, &facts.settings.value[owner][i], param_high(&params[i]),
                       params[i].name);
        }
    }
}

static void parameters_are_within_the_bounds_of_their_rows(void **state)
{
    (void)state;
    for (size_t row = 0; owner_row_name(OWNER_PROTOCOL, row); row++) {
        row_is_bounded(OWNER_PROTOCOL, row);
    }
    for (size_t row = 0; owner_row_name(OWNER_LOCK, row); row++) {
        row_is_bounded(OWNER_LOCK, row);
    }
}

static void other_durations_are_31_years_at_most(void **state)
{
    struct history_facts facts;
    char error[160];
    (void)state;
    memset(&facts, 0, sizeof facts);
    fill_facts(&facts);
    is_bounded(&facts, &facts.settings.work_every_ns, HISTORY_TIME_MAX, "work_every_ns");
    is_bounded(&facts, &facts.settles_within_ns, HISTORY_TIME_MAX, "settles_within_ns");
    is_bounded(&facts, &facts.lock_within_ns, HISTORY_TIME_MAX, "lock_within_ns");

    facts.lock_within_ns = INT64_MAX;
    assert_false(is_read(&facts, error));
    assert_string_equal(error, "line 1: \"lock_within_ns\" is longer than 1000000000000000000 ns");
    facts.lock_within_ns = -1;
    assert_false(is_read(&facts, error));
    assert_string_equal(error, "line 1: \"lock_within_ns\" is negative");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parameters_are_within_the_bounds_of_their_rows),
        cmocka_unit_test(other_durations_are_31_years_at_most),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
