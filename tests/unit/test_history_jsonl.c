/* Histories as JSON lines: written, read back alike, and garbage refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/checks/check.h"
#include "sim/faults/fault.h"
#include "src/lock/lock.h"
#include "src/protocol.h"

/* --- helpers -------------------------------------------------------------------------------------
 */

static void tell(struct history *history, uint8_t kind, uint16_t process,
                 struct history_event event)
{
    event.kind = kind;
    event.process = process;
    event.seq = (uint32_t)history->count;
    if (event.at_ns == 0) {
        event.at_ns = (int64_t)history->count * 1000003 - 2500000;
    }
    assert_true(history_append(history, &event));
}

static void append(void *history, struct history_event *event)
{
    tell(history, event->kind, event->process, *event);
}

static void request(struct history *history, uint16_t process, struct history_request asked)
{
    tell(history, HISTORY_REQUEST, process, (struct history_event){.request = asked});
}

static void reply(struct history *history, uint16_t process, struct history_reply answer)
{
    tell(history, HISTORY_REPLY, process, (struct history_event){.reply = answer});
}

static void fill_facts(struct history_facts *facts)
{
    snprintf(facts->scenario, sizeof facts->scenario, "of \"all\" kinds\\");
    snprintf(facts->host, sizeof facts->host, "processes");
    facts->trial = 12;
    facts->seed = UINT64_MAX;
    facts->settings = (struct settings){.protocol = (uint8_t)protocol_find("article"),
                                        .lock = (uint8_t)lock_find("token"),
                                        .decided_by = DECIDED_BY_NODES,
                                        .submits = SUBMITS_NOBODY,
                                        .sticky = 1,
                                        .nodes = 40,
                                        .lock_ttl_ns = 2000000000,
                                        .lock_retry_ns = 100000000,
                                        .lock_wait_ns = 3,
                                        .poll_ns = 100000001,
                                        .report_ns = 500000000};
    facts->settles_within_ns = INT64_MAX;
    facts->lock_within_ns = 10000000000;
    facts->heals = true;
}

static void tell_requests(struct history *history)
{
    struct token token = {.high = 0x0123456789abcdef, .low = 0xfedcba9876543210};
    for (uint8_t op = 0; op < STORE_OPS; op++) {
        struct history_request asked = {
            .number = UINT32_MAX - op, .moment = op, .op = op, .key = op % STORE_KEYS};
        if (op == STORE_SET_RESULT) {
            asked.value.result = (struct result){.id = 3, .rule = 2, .term = UINT64_MAX};
            asked.moment = MOMENT_NONE;
        } else if (op == STORE_SET_STATUS) {
            asked.id = 40;
            asked.status = STATUS_SUBMIT;
        } else if (op <= STORE_GET_TOKEN) {
            asked.value.token = token;
            asked.ttl_ms = op == STORE_PUT_IF_ABSENT ? 2000 : 0;
        }
        request(history, op, asked);
        reply(history, op, (struct history_reply){.number = 1, .op = op, .outcome = STORE_NIL});
        reply(history, op, (struct history_reply){.op = op, .outcome = STORE_REFUSED});
        reply(history, op, (struct history_reply){.op = op, .outcome = STORE_UNKNOWN});
        if (op != STORE_READ_BALLOT) {
            struct history_reply good = {.op = op, .outcome = STORE_OK};
            if (op == STORE_GET_TOKEN) {
                good.value.token = token;
            } else if (op == STORE_GET_RESULT) {
                good.value.result = (struct result){.id = NOBODY, .rule = -7, .term = 9};
            } else if (op == STORE_DELETE_IF_EQUAL) {
                good.value.integer = INT64_MIN;
            }
            reply(history, op, good);
        }
    }
}

static void tell_ballots(struct history *history)
{
    struct vote votes[40];
    for (uint16_t i = 0; i < 40; i++) {
        votes[i] = (struct vote){.id = (uint16_t)(i + i / 3), .status = (uint8_t)(i / 2 % 3)};
    }
    for (uint32_t count = 0; count <= 40; count += 8) {
        struct history_event read = {
            .kind = HISTORY_REPLY,
            .process = 2,
            .why = count ? NULL : "nobody yet",
            .reply = {.number = count, .op = STORE_READ_BALLOT, .outcome = STORE_OK}};
        history_put_ballot(&read, (struct ballot){.votes = votes, .count = count}, append, history);
    }
}

static void tell_claims(struct history *history)
{
    struct claim claim = {.follows = NOBODY, .until_ns = INT64_MAX};
    tell(history, HISTORY_CLAIM, 1, (struct history_event){.claim = {.claim = claim}});
    claim = (struct claim){.follows = 39,
                           .status = STATUS_SUBMIT,
                           .leads = 1,
                           .in_section = 1,
                           .term = UINT64_MAX,
                           .until_ns = -1};
    tell(history, HISTORY_CLAIM, 40,
         (struct history_event){.claim = {.claim = claim, .happened = (1u << MOMENTS) - 1}});
    tell(history, HISTORY_DECIDED, 0,
         (struct history_event){.decided = {.choice = {.id = 3, .rule = 2}, .read_number = 7}});
    tell(history, HISTORY_DECIDED, 0,
         (struct history_event){.decided = {.choice = {.id = NOBODY, .rule = 0}}});
}

/* Every kind of event in every form. */
static struct history all_kinds(void)
{
    struct history history = {0};
    fill_facts(&history.facts);
    const uint8_t plain[] = {HISTORY_BORN, HISTORY_STARTED, HISTORY_PAUSED, HISTORY_RESUMED};
    for (size_t i = 0; i < sizeof plain; i++) {
        tell(&history, plain[i], (uint16_t)(i * 13),
             (struct history_event){.why =
                                        i % 2 ? "line\nbreak, \"quote\", \\ \x01 \x7f é ☃" : "w"});
    }
    tell_requests(&history);
    tell_ballots(&history);
    tell_claims(&history);
    for (uint16_t kind = 0; fault_rows[kind]; kind++) {
        struct history_event event = {.fault = {.index = kind, .kind = kind, .param = INT64_MIN}};
        tell(&history, HISTORY_FAULT, kind, event);
        event.fault.index = HISTORY_HARNESS;
        event.fault.param = 1;
        event.why = "the healing";
        tell(&history, HISTORY_HEALED, HISTORY_HARNESS, event);
    }
    tell(&history, HISTORY_DIED, 3,
         (struct history_event){.died = {.by_fault = 1, .exit_status = -1, .signal = 9}});
    tell(&history, HISTORY_DIED, 4, (struct history_event){.died = {.exit_status = 3}});
    for (uint8_t key = 0; key < STORE_KEYS; key++) {
        tell(&history, HISTORY_EXPIRED, HISTORY_HARNESS, (struct history_event){.key = key});
    }
    for (uint8_t phase = PHASE_SAFETY; phase <= PHASE_END; phase++) {
        tell(&history, HISTORY_PHASE, HISTORY_HARNESS, (struct history_event){.phase = phase});
    }
    return history;
}

/* Writes a history into memory; free() it. */
static char *write_text(const struct history *history, size_t *length)
{
    char *text = NULL;
    FILE *file = open_memstream(&text, length);
    assert_non_null(file);
    assert_true(history_write_jsonl(history, file));
    fclose(file);
    return text;
}

static bool read_text(const char *text, size_t length, struct history *history, char error[160])
{
    error[0] = '\0';
    FILE *file = length ? fmemopen((void *)(uintptr_t)text, length, "r") : fopen("/dev/null", "r");
    assert_non_null(file);
    bool good = history_read_jsonl(history, file, error, 160);
    fclose(file);
    return good;
}

/* --- there and back ------------------------------------------------------------------------------
 */

static void assert_alike(const struct history_event *a, const struct history_event *b)
{
    struct history_event one = *a;
    struct history_event two = *b;
    assert_int_equal(!one.why, !two.why);
    if (one.why) {
        assert_string_equal(one.why, two.why);
    }
    one.why = NULL;
    two.why = NULL;
    assert_memory_equal(&one, &two, sizeof one);
}

static void it_comes_back_as_it_was(void **state)
{
    struct history history = all_kinds();
    struct history copy;
    char error[160];
    size_t length;
    (void)state;
    char *text = write_text(&history, &length);
    if (!read_text(text, length, &copy, error)) {
        fail_msg("%s", error);
    }
    assert_memory_equal(&copy.facts, &history.facts, sizeof copy.facts);
    assert_int_equal(copy.count, history.count);
    for (size_t i = 0; i < copy.count; i++) {
        assert_alike(&copy.events[i], &history.events[i]);
    }
    assert_int_equal(copy.text_count, 4); /* each once */

    size_t again_length;
    char *again = write_text(&copy, &again_length);
    assert_int_equal(again_length, length);
    assert_memory_equal(again, text, length);
    free(again);
    free(text);
    history_free(&copy);
    history_free(&history);
}

static void it_reads_like_this(void **state)
{
    struct history history = {0};
    size_t length;
    (void)state;
    fill_facts(&history.facts);
    tell(&history, HISTORY_BORN, 0, (struct history_event){.at_ns = -1, .why = "forked"});
    request(&history, 3,
            (struct history_request){.number = 1,
                                     .moment = MOMENT_ASKS_LOCK,
                                     .op = STORE_PUT_IF_ABSENT,
                                     .key = KEY_LOCK,
                                     .ttl_ms = 2000,
                                     .value.token = {.high = 1, .low = 255}});
    history.events[1].at_ns = 12345678;
    char *text = write_text(&history, &length);
    assert_string_equal(
        text,
        "{\"hustings\":\"history\",\"version\":1,\"scenario\":\"of \\\"all\\\" kinds\\\\\","
        "\"host\":\"processes\",\"trial\":12,\"seed\":\"18446744073709551615\",\"nodes\":40,"
        "\"protocol\":\"article\",\"lock\":\"token\",\"decided_by\":\"nodes\","
        "\"submits\":\"nobody\",\"sticky\":true,\"master_locks\":false,"
        "\"lock_ttl_ns\":\"2000000000\",\"lock_retry_ns\":\"100000000\",\"lock_wait_ns\":\"3\","
        "\"poll_ns\":\"100000001\",\"report_ns\":\"500000000\","
        "\"settles_within_ns\":\"9223372036854775807\",\"lock_within_ns\":\"10000000000\","
        "\"heals\":true}\n"
        "{\"i\":0,\"t_ms\":-0.000001,\"t_ns\":\"-1\",\"process\":\"master\",\"event\":\"born\","
        "\"why\":\"forked\"}\n"
        "{\"i\":1,\"t_ms\":12.345678,\"t_ns\":\"12345678\",\"process\":3,\"event\":\"request\","
        "\"number\":1,\"moment\":\"asks_lock\",\"op\":\"put_if_absent\",\"key\":\"lock\","
        "\"token\":\"000000000000000100000000000000ff\",\"ttl_ms\":2000}\n");
    free(text);
    history_free(&history);
}

static void a_full_disk_is_noticed(void **state)
{
    struct history history = all_kinds();
    (void)state;
    FILE *full = fopen("/dev/full", "w");
    assert_non_null(full);
    assert_false(history_write_jsonl(&history, full));
    fclose(full);
    history_free(&history);
}

/* A stranger's file may have many different texts. */
static void many_texts_are_kept_apart(void **state)
{
    struct history history = {0};
    struct history copy;
    char error[160];
    size_t length;
    static char texts[3000][8];
    (void)state;
    fill_facts(&history.facts);
    for (int i = 0; i < 6000; i++) {
        snprintf(texts[i % 3000], sizeof *texts, "t%d", i % 3000);
        tell(&history, HISTORY_BORN, 1, (struct history_event){.why = texts[i % 3000]});
    }
    char *text = write_text(&history, &length);
    assert_true(read_text(text, length, &copy, error));
    assert_int_equal(copy.text_count, 3000);
    for (size_t i = 0; i < copy.count; i++) {
        assert_string_equal(copy.events[i].why, history.events[i].why);
        assert_ptr_equal(copy.events[i].why, copy.events[i % 3000].why);
    }
    free(text);
    history_free(&copy);
    history_free(&history);
}

/* --- errors --------------------------------------------------------------------------------------
 */

#define HEAD                                                                                       \
    "{\"hustings\":\"history\",\"version\":1,\"scenario\":\"s\",\"host\":\"model\",\"trial\":1,"   \
    "\"seed\":\"1\",\"nodes\":5,\"protocol\":\"article\",\"lock\":\"token\","                      \
    "\"decided_by\":\"master\",\"submits\":\"elected\",\"sticky\":false,\"master_locks\":true,"    \
    "\"lock_ttl_ns\":\"2\",\"lock_retry_ns\":\"1\",\"lock_wait_ns\":\"0\",\"poll_ns\":\"1\","      \
    "\"report_ns\":\"0\",\"settles_within_ns\":\"0\",\"lock_within_ns\":\"0\",\"heals\":false}\n"
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
    {"{\"hustings\":\"history\",\"version\":2}\n", "line 1: \"version\" is no whole number from 1"},
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
    {HEAD "{\"i\":0,\"t_ns\":\"5\",\"event\":\"born\",\"process\":1}\n"
          "{\"i\":1,\"t_ns\":\"4\",\"event\":\"born\",\"process\":1}\n",
     "line 3: \"t_ns\" goes back"},
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

static void a_file_cut_anywhere_is_read_or_refused(void **state)
{
    struct history history = all_kinds();
    size_t length;
    size_t good = 0;
    (void)state;
    char *text = write_text(&history, &length);
    for (size_t cut = 0; cut <= length; cut++) {
        /* A copy of just this size, so that reading beyond it is seen. */
        char *part = malloc(cut + 1);
        assert_non_null(part);
        memcpy(part, text, cut);
        good += read_and_use(part, cut);
        free(part);
    }
    /* At the ends of lines, with and without the line's end, but not without the head. */
    assert_int_equal(good, 2 * (history.count + 1));
    free(text);
    history_free(&history);
}

static uint64_t draw(uint64_t *dice)
{
    *dice = *dice * 6364136223846793005u + 1442695040888963407u;
    return *dice >> 33;
}

static void bytes_turned_at_random_are_read_or_refused(void **state)
{
    struct history history = all_kinds();
    size_t length;
    uint64_t dice = 1;
    size_t good = 0;
    (void)state;
    char *text = write_text(&history, &length);
    char *turned = malloc(length);
    assert_non_null(turned);
    for (int round = 0; round < 3000; round++) {
        memcpy(turned, text, length);
        for (uint64_t turns = 1 + draw(&dice) % 3; turns > 0; turns--) {
            turned[draw(&dice) % length] = (char)(draw(&dice) % 256);
        }
        good += read_and_use(turned, length);
    }
    assert_in_range(good, 1, 2999); /* some fall into texts, most do not */
    free(turned);
    free(text);
    history_free(&history);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_comes_back_as_it_was),
        cmocka_unit_test(it_reads_like_this),
        cmocka_unit_test(a_full_disk_is_noticed),
        cmocka_unit_test(many_texts_are_kept_apart),
        cmocka_unit_test(what_is_wrong_is_said),
        cmocka_unit_test(lines_without_an_end_are_refused),
        cmocka_unit_test(a_file_cut_anywhere_is_read_or_refused),
        cmocka_unit_test(bytes_turned_at_random_are_read_or_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
