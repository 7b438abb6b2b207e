/* Combinations: what is read from their words, and what is said of those that are none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "sim/matrix/combination.h"
#include "src/owners.h"
#include "src/units.h"

static struct combination list[COMBINATIONS_MAX];

static void has(const char *name)
{
    size_t i = 0;
    while (i < COMBINATIONS_MAX && strcmp(list[i].name, name) != 0) {
        i++;
    }
    if (i == COMBINATIONS_MAX) {
        fail_msg("there is no %s", name);
    }
}

static void is_refused(const char *text, const char *words)
{
    char why[COMBINATION_WHY] = "";
    assert_int_equal(combinations_read(text, list, why), 0);
    if (!strstr(why, words)) {
        fail_msg("%s: says \"%s\", not \"%s\"", text, why, words);
    }
}

static void reads_protocol_lock_and_parameters(void **state)
{
    (void)state;
    struct combination one;
    char why[COMBINATION_WHY];
    const char *text = "lease:duration=4s:on_renew_failure=go_on+redlock:drift=0.1+servers=3";
    assert_true(combination_read(text, &one, why));
    assert_string_equal(one.name, text);
    assert_string_equal(owner_row_name(OWNER_PROTOCOL, one.settings.row[OWNER_PROTOCOL]), "lease");
    assert_string_equal(owner_row_name(OWNER_LOCK, one.settings.row[OWNER_LOCK]), "redlock");
    assert_int_equal(settings_value(&one.settings, OWNER_PROTOCOL, "duration", 0), 4 * NS_PER_S);
    assert_int_equal(settings_value(&one.settings, OWNER_LOCK, "drift", 0), 100);
    assert_int_equal(one.settings.topology, TOPOLOGY_INDEPENDENT);
    assert_int_equal(one.settings.servers, 3);
    assert_false(one.settings.fencing);
    assert_true(one.named[OWNER_PROTOCOL][0]);  /* duration */
    assert_false(one.named[OWNER_PROTOCOL][1]); /* renew_deadline */
}

static void fencing_is_the_locks(void **state)
{
    (void)state;
    struct combination one;
    char why[COMBINATION_WHY];
    assert_true(combination_read("lease+token+fencing", &one, why));
    assert_true(one.settings.fencing);
    is_refused("lease+redlock+fencing", "fencing");
    is_refused("article+token+fencing", "fencing");
}

static void all_are_all_pairs_and_own(void **state)
{
    (void)state;
    char why[COMBINATION_WHY];
    size_t count = combinations_read("all", list, why);
    assert_in_range(count, 10, COMBINATIONS_MAX - 1);
    assert_true(list[0].own);
    has("article+token");
    has("lease+setnx");
    has("lease+record+fencing");
    has("lease+redlock");
    assert_int_equal(combinations_read("all,lease+token,own", list, why), count);
}

static void lists_keep_their_order(void **state)
{
    (void)state;
    char why[COMBINATION_WHY];
    assert_int_equal(combinations_read("lease+token,own,article+none,lease+token", list, why), 3);
    assert_string_equal(list[0].name, "lease+token");
    assert_true(list[1].own);
    assert_string_equal(list[2].name, "article+none");
    assert_int_equal(combinations_read(" lease+token,\n\town , article+none, ", list, why), 3);
    assert_string_equal(list[0].name, "lease+token");
    assert_true(list[1].own);
    assert_string_equal(list[2].name, "article+none");
    assert_int_equal(combinations_read(" , ", list, why), 0);
}

static void says_what_is_wrong(void **state)
{
    (void)state;
    is_refused("", "there is none in it");
    is_refused(",", "there is none in it");
    is_refused("lease", "write PROTOCOL+LOCK");
    is_refused("raft+token", "\"raft\": there is no such protocol; see hustings list protocols");
    is_refused("lease+redsync", "\"redsync\": there is no such lock; see hustings list locks");
    is_refused("own,lease+token+nothing", "\"nothing\": a combination ends with");
    is_refused("lease:retry+token", "\"retry\": a parameter is written NAME=VALUE");
    is_refused("lease:retry=soon+token", "\"soon\"");
    is_refused("lease:rtry=1s+token", "\"rtry\"");
    is_refused("lease:retry=1s}}+token", "a parameter is written NAME=VALUE");
    is_refused("lease:duration=1s:renew_deadline=3s+token", "renew_deadline");
    is_refused("lease+redlock+servers=0", "write servers=3");
    is_refused("lease+redlock+servers=1", "servers");
    is_refused("lease+token+servers=3", "only one Redis");
    char longest[2 * COMBINATION_NAME];
    memset(longest, 'x', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    is_refused(longest, "it is longer than");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_protocol_lock_and_parameters),
        cmocka_unit_test(fencing_is_the_locks),
        cmocka_unit_test(all_are_all_pairs_and_own),
        cmocka_unit_test(lists_keep_their_order),
        cmocka_unit_test(says_what_is_wrong),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
