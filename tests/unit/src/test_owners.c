/* The tables of owners and their parameters, and the settings that are made of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "src/article/article.h"
#include "src/lock/lock.h"
#include "src/owners.h"
#include "src/protocol.h"
#include "src/units.h"

static void every_row_has_a_name_and_says_what_it_is(void **state)
{
    (void)state;
    for (int i = 0; i < OWNERS; i++) {
        enum owner owner = (enum owner)i;
        size_t row = 0;
        for (; owner_row_name(owner, row); row++) {
            assert_int_equal(owner_find(owner, owner_row_name(owner, row)), row);
            assert_true(strlen(owner_row_summary(owner, row)) > 0);
            assert_non_null(owner_params(owner, row));
        }
        assert_true(row > 0);
        assert_null(owner_row_summary(owner, row));
        assert_int_equal(owner_find(owner, "no such row"), -1);
    }
}

static void defaults_are_those_of_the_rows(void **state)
{
    (void)state;
    struct settings settings = settings_default(3);
    assert_int_equal(settings.nodes, 3);
    assert_string_equal(owner_row_name(OWNER_PROTOCOL, settings.row[OWNER_PROTOCOL]), "article");
    assert_string_equal(owner_row_name(OWNER_LOCK, settings.row[OWNER_LOCK]), "token");
    assert_int_equal(settings.value[OWNER_LOCK][LOCK_TTL], 2 * NS_PER_S);
    assert_int_equal(settings.value[OWNER_LOCK][LOCK_RETRY], 100 * NS_PER_MS);
}

static void another_choice_brings_its_own_defaults(void **state)
{
    (void)state;
    struct settings settings = settings_default(3);
    settings.value[OWNER_LOCK][LOCK_TTL] = 1;
    settings_choose(&settings, OWNER_LOCK, (uint8_t)owner_find(OWNER_LOCK, "setnx"));
    assert_int_equal(settings.value[OWNER_LOCK][LOCK_TTL], 2 * NS_PER_S);
}

static void a_value_is_found_by_name(void **state)
{
    (void)state;
    struct settings settings = settings_default(3);
    settings.value[OWNER_LOCK][LOCK_TTL] = 42;
    assert_int_equal(settings_value(&settings, OWNER_LOCK, "ttl", -1), 42);
    assert_int_equal(settings_value(&settings, OWNER_LOCK, "poll", -1), -1);
    settings_choose(&settings, OWNER_LOCK, (uint8_t)owner_find(OWNER_LOCK, "none"));
    assert_int_equal(settings_value(&settings, OWNER_LOCK, "ttl", -1), -1);
}

static void words_are_found_by_place_and_the_other_way(void **state)
{
    (void)state;
    const struct param_row param = {.name = "colour", .type = PARAM_WORD, .words = "red|green"};
    const struct param_row number = {.name = "count", .type = PARAM_NUMBER};
    char word[8];
    assert_true(param_word(&param, 1, word, sizeof word));
    assert_string_equal(word, "green");
    assert_false(param_word(&param, 2, word, sizeof word));
    assert_string_equal(word, "");
    assert_true(param_word(&param, 1, word, 3)); /* cut, and ended */
    assert_string_equal(word, "gr");
    assert_false(param_word(&number, 0, word, sizeof word));
    assert_int_equal(param_word_find(&param, "green"), 1);
    assert_int_equal(param_word_find(&param, "gre"), -1);
    assert_int_equal(param_word_find(&number, "green"), -1);
}

static void who_decides_reads_and_publishes(void **state)
{
    (void)state;
    struct settings settings = settings_default(3);
    const uint32_t decides = 1u << MOMENT_READS | 1u << MOMENT_DECIDES | 1u << MOMENT_PUBLISHES;
    const uint32_t asks = 1u << MOMENT_ASKS_LOCK;
    assert_int_equal(protocol_moments(&settings, MASTER_ID) & decides, decides);
    assert_int_equal(protocol_moments(&settings, 1) & decides, 0);
    assert_int_equal(protocol_moments(&settings, 1) & asks, asks);
    settings.value[OWNER_PROTOCOL][ARTICLE_DECIDED_BY] = DECIDED_BY_NODES;
    assert_int_equal(protocol_moments(&settings, MASTER_ID) & decides, 0);
    assert_int_equal(protocol_moments(&settings, 1) & decides, decides);
    assert_true(lock_is_in_store(&settings));
    settings_choose(&settings, OWNER_LOCK, (uint8_t)owner_find(OWNER_LOCK, "none"));
    assert_int_equal(protocol_moments(&settings, 1) & asks, 0);
    assert_false(lock_is_in_store(&settings));
}

/* Who is not there has no moment, not even one of the lock. */
static void a_protocol_says_whether_it_has_a_master(void **state)
{
    (void)state;
    struct settings settings = settings_default(3);
    assert_true(protocol_has_master(&settings));
    assert_int_equal(protocol_first_id(&settings), MASTER_ID);
    assert_true(protocol_has_statuses(&settings));
    settings_choose(&settings, OWNER_PROTOCOL, (uint8_t)owner_find(OWNER_PROTOCOL, "lease"));
    assert_false(protocol_has_master(&settings));
    assert_int_equal(protocol_first_id(&settings), 1);
    assert_false(protocol_has_statuses(&settings));
    assert_int_equal(protocol_moments(&settings, MASTER_ID), 0);
    assert_int_equal(protocol_all_moments(&settings), protocol_moments(&settings, 1));
    assert_true(protocol_leads_by_claim(&settings));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_has_a_name_and_says_what_it_is),
        cmocka_unit_test(defaults_are_those_of_the_rows),
        cmocka_unit_test(another_choice_brings_its_own_defaults),
        cmocka_unit_test(a_value_is_found_by_name),
        cmocka_unit_test(words_are_found_by_place_and_the_other_way),
        cmocka_unit_test(who_decides_reads_and_publishes),
        cmocka_unit_test(a_protocol_says_whether_it_has_a_master),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
