/* What the report says of the order of events, and of the lifetimes of locks: only what the values
 * that were read prove. */
#include "tests/support/story.h"

#include <stdlib.h>
#include <string.h>

#include "sim/report/history_json.h"

/* What `part` writes of the story, without the object around it; free() it. */
static char *written(struct tale *story,
                     void (*part)(struct data *data, const struct history *history))
{
    char *text = NULL;
    size_t length = 0;
    struct data data = {.file = open_memstream(&text, &length)};
    assert_non_null(data.file);
    data.out = json_out(data.file, 0);
    json_open(&data.out, NULL, '{');
    part(&data, &story->history);
    json_close(&data.out);
    fclose(data.file);
    assert_string_equal(data.error, "");
    return text;
}

/* The rows must be exactly these, as JSON. */
static void assert_reads(struct tale *story, const char *format, unsigned reply, unsigned request)
{
    char expected[128];
    snprintf(expected, sizeof expected, format, reply, request);
    char *text = written(story, history_reads);
    assert_string_equal(text, expected);
    free(text);
}

#define ONE "{\"reads\":[[%u,%u]]}"
#define NONE "{\"reads\":[]}"

static void a_result_is_read_after_it_was_written(void **state)
{
    (void)state;
    struct tale *s = tale_new(3);
    everybody_runs(s);
    uint32_t request = publishes(s, 1, 1, 3, 7);
    looks(s, 2);
    uint32_t reply = sees(s, 2, 1, 3, 7);
    assert_reads(s, ONE, reply, request);
    looks(s, 2); /* the same again proves nothing more */
    sees(s, 2, 1, 3, 7);
    assert_reads(s, ONE, reply, request);
    tale_free(s);
}

static void what_is_read_before_it_is_written_proves_nothing(void **state)
{
    (void)state;
    struct tale *s = tale_new(3);
    everybody_runs(s);
    looks(s, 2);
    sees(s, 2, 1, 3, 7);
    publishes(s, 1, 1, 3, 7);
    assert_reads(s, NONE, 0, 0);
    tale_free(s);
}

static void what_two_have_written_proves_nothing(void **state)
{
    (void)state;
    struct tale *s = tale_new(3);
    everybody_runs(s);
    publishes(s, 1, 1, 3, 7);
    publishes(s, 3, 1, 3, 7);
    looks(s, 2);
    sees(s, 2, 1, 3, 7);
    assert_reads(s, NONE, 0, 0);
    tale_free(s);
}

static void ones_own_value_proves_nothing(void **state)
{
    (void)state;
    struct tale *s = tale_new(3);
    everybody_runs(s);
    publishes(s, 1, 1, 3, 7);
    gets(s, 1, STORE_OK);
    looks(s, 1);
    sees(s, 1, 1, 3, 7);
    assert_reads(s, NONE, 0, 0);
    tale_free(s);
}

/* Node 1 asks in vain, then gets the lock with the same token: whoever sees it, sees the second. */
static void what_was_not_applied_was_not_read(void **state)
{
    (void)state;
    struct tale *s = tale_new(3);
    everybody_runs(s);
    asks_lock(s, 1, 11);
    finds_it_busy(s, 1);
    uint32_t request = asks_lock(s, 1, 11);
    gets_lock(s, 1);
    looks_whose(s, 2, 12);
    uint32_t reply = finds_token(s, 2, 11);
    assert_reads(s, ONE, reply, request);
    tale_free(s);
}

static void what_the_server_did_not_answer_is_unheard(void **state)
{
    (void)state;
    char expected[64];
    struct tale *s = tale_new(3);
    everybody_runs(s);
    publishes(s, 1, 1, 3, 7);
    gets(s, 1, STORE_OK);
    publishes(s, 1, 1, 3, 8);
    uint32_t unknown = gets(s, 1, STORE_UNKNOWN);
    publishes(s, 1, 1, 3, 8);
    uint32_t refused = gets(s, 1, STORE_REFUSED);
    snprintf(expected, sizeof expected, "{\"unheard\":[%u,%u]}", unknown, refused);
    char *text = written(s, history_unheard);
    assert_string_equal(text, expected);
    free(text);
    tale_free(s);
}

static void a_ballot_is_read_after_a_status_was_reported(void **state)
{
    (void)state;
    struct tale *s = tale_new(3);
    everybody_runs(s);
    uint32_t request = sends_status(s, 3);
    reads(s, 1);
    uint32_t reply = gets_statuses(s, 1, "---p");
    assert_reads(s, ONE, reply, request);
    tale_free(s);
}

static void the_resource_counts(void **state)
{
    (void)state;
    struct tale *s = tale_new(3);
    has_work(s, true);
    everybody_runs(s);
    uint32_t request = writes(s, 1, 1);
    is_told(s, 1, 1);
    writes(s, 2, 2);
    uint32_t reply = is_told(s, 2, 2);
    assert_reads(s, ONE, reply, request);
    tale_free(s);
}

static void a_lock_gets_lifetimes(void **state)
{
    (void)state;
    struct tale *s = tale_new(3);
    everybody_runs(s);
    at(s, 100);
    asks_lock(s, 1, 11);
    at(s, 101);
    gets_lock(s, 1);
    at(s, 600);
    extends(s, 1, 11);
    at(s, 602);
    is_told(s, 1, 1);
    char *text = written(s, history_states);
    const char *lifetimes = strstr(text, "\"lifetimes\"");
    assert_non_null(lifetimes);
    assert_string_equal(lifetimes,
                        "\"lifetimes\":[[0,100000000,2100000000],[0,602000000,2600000000]]}");
    free(text);
    tale_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_result_is_read_after_it_was_written),
        cmocka_unit_test(what_is_read_before_it_is_written_proves_nothing),
        cmocka_unit_test(what_two_have_written_proves_nothing),
        cmocka_unit_test(ones_own_value_proves_nothing),
        cmocka_unit_test(what_was_not_applied_was_not_read),
        cmocka_unit_test(what_the_server_did_not_answer_is_unheard),
        cmocka_unit_test(a_ballot_is_read_after_a_status_was_reported),
        cmocka_unit_test(the_resource_counts),
        cmocka_unit_test(a_lock_gets_lifetimes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
