/* Files that are no histories, or no longer: refused with the line and what is wrong there, or
 * read, and then fit for all that comes after. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sim/checks/check.h"
#include "tests/unit/all_kinds.h"

/* --- errors --------------------------------------------------------------------------------------
 */

#define BEGIN                                                                                      \
    "{\"hustings\":\"history\",\"version\":2,\"scenario\":\"s\",\"host\":\"model\",\"trial\":1,"   \
    "\"seed\":\"1\",\"nodes\":5,"
#define PROTOCOL                                                                                   \
    "\"protocol\":{\"name\":\"article\",\"decided_by\":\"master\",\"submits\":\"elected\","        \
    "\"sticky\":false,\"master_locks\":true,\"poll_ns\":\"1\",\"report_ns\":\"0\"},"
#define LOCK "\"lock\":{\"name\":\"token\",\"ttl_ns\":\"2\",\"retry_ns\":\"1\",\"wait_ns\":\"0\"},"
#define REST "\"settles_within_ns\":\"0\",\"lock_within_ns\":\"0\",\"heals\":false}\n"
#define HEAD BEGIN PROTOCOL LOCK REST
#define EVENT(rest) HEAD "{\"i\":0,\"t_ns\":\"5\"," rest "}\n"

static const struct {
    const char *text, *error;
} bad[] = {
    {"", "line 1: the file is empty"},
    {"\n", "line 1: no JSON object"},
    {"[]\n", "line 1: no JSON object"},
    {"{}\n", "line 1: this is no history of hustings"},
    {"scenario,trial\n", "line 1: no JSON object"},
    {"{\"hustings\":\"history\"}\n", "line 1: \"version\" is missing"},
    {"{\"hustings\":\"history\",\"version\":2}\n", "line 1: \"scenario\" is missing"},
    {HEAD "{\"i\":0,\n", "line 2: no JSON object"},
    {HEAD "\n", "line 2: no JSON object"},
    {HEAD "{\"i\":1}\n", "line 2: \"i\" is 1, but this is event 0"},
    {HEAD "{\"i\":0.5}\n", "line 2: \"i\" is no whole number"},
    {HEAD "{\"i\":0,\"t_ns\":5}\n", "line 2: \"t_ns\" is no text"},
    {HEAD "{\"i\":0,\"t_ns\":\"5 ms\"}\n", "line 2: \"t_ns\" is no string with a whole number"},
    {HEAD "{\"i\":0,\"t_ns\":\"99999999999999999999\"}\n", "line 2: \"t_ns\" is no string"},
    {EVENT("\"event\":\"sneezed\",\"process\":1"), "line 2: \"event\" is \"sneezed\""},
    {EVENT("\"event\":\"born\",\"process\":6"),
     "line 2: \"process\" is no whole number from 1 to 5"},
    {EVENT("\"event\":\"born\",\"process\":0"), "line 2: \"process\" is no whole number"},
    {EVENT("\"event\":\"born\",\"process\":\"harness\""), "line 2: the harness cannot be \"born\""},
    {EVENT("\"event\":\"phase\",\"process\":1,\"phase\":\"end\""),
     "line 2: \"process\" should be \"harness\" with \"phase\""},
    {EVENT("\"event\":\"born\",\"process\":true"), "line 2: \"process\" is neither"},
    {EVENT("\"event\":\"died\",\"process\":1,\"by_fault\":1"), "line 2: \"by_fault\" is neither"},
    {EVENT("\"event\":\"fault\",\"process\":1,\"fault\":\"rain\""),
     "line 2: \"fault\" is \"rain\", which this hustings does not know"},
    {EVENT("\"event\":\"more\",\"process\":1,\"ballot\":[]"), "line 2: more of a ballot, but"},
    {EVENT("\"event\":\"reply\",\"process\":1,\"number\":1,\"op\":\"read_ballot\","
           "\"outcome\":\"ok\",\"runs\":2,\"ballot\":[[1,2,\"submit\"]]"),
     "line 2: \"ballot\" should have 2 runs here"},
    {EVENT("\"event\":\"reply\",\"process\":1,\"number\":1,\"op\":\"read_ballot\","
           "\"outcome\":\"ok\",\"runs\":2,\"ballot\":[[1,2,\"submit\"],[2,3,\"prepare\"]]"),
     "line 2: \"ballot\" is no whole number from 3 to"},
    {EVENT("\"event\":\"reply\",\"process\":1,\"number\":1,\"op\":\"read_ballot\","
           "\"outcome\":\"ok\",\"runs\":1,\"ballot\":[[2,1,\"submit\"]]"),
     "line 2: \"ballot\" is no whole number from 2 to"},
    {EVENT("\"event\":\"reply\",\"process\":1,\"number\":1,\"op\":\"read_ballot\","
           "\"outcome\":\"ok\",\"runs\":1,\"ballot\":[7]"),
     "line 2: \"ballot\" has a run that is not"},
    {EVENT("\"event\":\"reply\",\"process\":1,\"number\":1,\"op\":\"get_token\","
           "\"outcome\":\"ok\",\"token\":\"xyz\""),
     "line 2: \"token\" is no 32 hex digits"},
    {EVENT("\"event\":\"reply\",\"process\":1,\"number\":1,\"op\":\"get_result\","
           "\"outcome\":\"ok\",\"result\":3"),
     "line 2: \"result\" is no object"},
    {EVENT("\"event\":\"request\",\"process\":1,\"number\":1,\"op\":\"set_result\","
           "\"key\":\"result\",\"result\":{\"id\":1,\"rule\":259,\"term\":\"1\"}"),
     "line 2: \"rule\" is no whole number from 0 to 255"},
    {HEAD "{\"i\":0,\"t_ns\":\"5\",\"event\":\"born\",\"process\":1}\n"
          "{\"i\":1,\"t_ns\":\"4\",\"event\":\"born\",\"process\":1}\n",
     "line 3: \"t_ns\" goes back"},
    {HEAD "{\"i\":0,\"t_ns\":\"9000000000000000000\",\"event\":\"born\",\"process\":1}\n",
     "line 2: \"t_ns\" is more than 31 years from the beginning"},
    {HEAD "{\"i\":0,\"t_ns\":\"-1000000000000000001\",\"event\":\"born\",\"process\":1}\n",
     "line 2: \"t_ns\" is more than 31 years from the beginning"},
};

static void what_is_wrong_is_said(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct history history;
        char error[160];
        assert_false(read_text(bad[i].text, strlen(bad[i].text), &history, error));
        if (strncmp(error, bad[i].error, strlen(bad[i].error)) != 0) {
            fail_msg("said \"%s\" instead of \"%s\"", error, bad[i].error);
        }
        assert_null(history.events);
        assert_int_equal(history.count, 0);
    }
}

static void lines_without_an_end_are_refused(void **state)
{
    size_t length = 1 << 20;
    char *text = malloc(length);
    struct history history;
    char error[160];
    (void)state;
    assert_non_null(text);
    memset(text, ' ', length);
    assert_false(read_text(text, length, &history, error));
    assert_string_equal(error, "line 1: longer than 65536 bytes");
    free(text);
}

/* --- garbage -------------------------------------------------------------------------------------
 */

/* Whatever was read must be fit for all that comes after. */
static bool read_and_use(const char *text, size_t length)
{
    struct history history;
    struct violations found = {0};
    char error[160];
    if (!read_text(text, length, &history, error)) {
        assert_memory_equal(error, "line ", 5);
        return false;
    }
    assert_true(checks_run(&history, &found));
    violations_free(&found);
    size_t again_length;
    free(write_text(&history, &again_length));
    history_free(&history);
    return true;
}

/* The sanitizers make each reading seven times as long: there one of so many is enough. The fuzzer,
 * which runs with them, tries the rest. */
static int one_of(void)
{
    const char *sanitized = getenv("HUSTINGS_SANITIZED");
    return sanitized && strcmp(sanitized, "ON") == 0 ? 7 : 1;
}

/* Whether a line ends at the cut, or would. */
static bool at_an_end(const char *text, size_t length, size_t cut)
{
    return cut == length || text[cut] == '\n' || (cut > 0 && text[cut - 1] == '\n');
}

static void a_file_cut_anywhere_is_read_or_refused(void **state)
{
    struct history history = all_kinds();
    size_t length;
    size_t good = 0;
    (void)state;
    char *text = write_text(&history, &length);
    for (size_t cut = 0; cut <= length; cut++) {
        if (cut % (size_t)one_of() == 0 || at_an_end(text, length, cut)) {
            good += read_and_use(text, cut);
        }
    }
    /* At the ends of lines, with and without the line's end, but not without the head. */
    assert_int_equal(good, 2 * (history.count + 1));
    free(text);
    history_free(&history);
}

static uint64_t draw(uint64_t *rng)
{
    *rng = *rng * 6364136223846793005u + 1442695040888963407u;
    return *rng >> 33;
}

static void bytes_turned_at_random_are_read_or_refused(void **state)
{
    struct history history = all_kinds();
    size_t length;
    uint64_t rng = 1;
    size_t good = 0;
    (void)state;
    char *text = write_text(&history, &length);
    char *turned = malloc(length);
    assert_non_null(turned);
    for (int round = 0; round < 1500 / one_of(); round++) {
        memcpy(turned, text, length);
        for (uint64_t turns = 1 + draw(&rng) % 3; turns > 0; turns--) {
            turned[draw(&rng) % length] = (char)(draw(&rng) % 256);
        }
        good += read_and_use(turned, length);
    }
    assert_in_range(good, 1, 1500 / one_of() - 1); /* some fall into texts, most do not */
    free(turned);
    free(text);
    history_free(&history);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_wrong_is_said),
        cmocka_unit_test(lines_without_an_end_are_refused),
        cmocka_unit_test(a_file_cut_anywhere_is_read_or_refused),
        cmocka_unit_test(bytes_turned_at_random_are_read_or_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
