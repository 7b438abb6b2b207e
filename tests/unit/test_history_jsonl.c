/* Histories as JSON lines: written, and read back alike. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sim/jsonl/jsonl.h"
#include "tests/unit/all_kinds.h"

/* How many bytes of an event have a meaning; what a union's member leaves over has none. */
static size_t meaningful(const struct history_event *event)
{
    static const size_t sizes[HISTORY_KINDS] = {
        [HISTORY_REQUEST] = sizeof event->request, [HISTORY_CLAIM] = sizeof event->claim,
        [HISTORY_DECIDED] = sizeof event->decided, [HISTORY_FAULT] = sizeof event->fault,
        [HISTORY_HEALED] = sizeof event->fault,    [HISTORY_SKIPPED] = sizeof event->fault,
        [HISTORY_DIED] = sizeof event->died,       [HISTORY_EXPIRED] = sizeof event->key,
        [HISTORY_PHASE] = sizeof event->phase,     [HISTORY_MORE] = sizeof event->more,
        [HISTORY_COMMAND] = sizeof event->command,
    };
    size_t payload = sizes[event->kind];
    if (event->kind == HISTORY_REPLY) {
        bool good = event->reply.outcome == STORE_OK;
        payload = offsetof(struct history_reply, value);
        if (good && event->reply.op == STORE_READ_BALLOT) {
            payload = sizeof event->reply;
        } else if (good &&
                   (event->reply.op == STORE_DELETE_IF_EQUAL ||
                    event->reply.op == STORE_EXTEND_IF_EQUAL || event->reply.op == STORE_WRITE)) {
            payload += sizeof event->reply.value.integer;
        } else if (good &&
                   (event->reply.op == STORE_GET_TOKEN || event->reply.op == STORE_GET_RESULT)) {
            payload += sizeof event->reply.value.token;
        }
    }
    return offsetof(struct history_event, request) + payload;
}

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
    assert_memory_equal(&one, &two, meaningful(a));
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
    assert_int_equal(copy.text_count, 10); /* each once */

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
        "{\"hustings\":\"history\",\"version\":2,\"scenario\":\"of \\\"all\\\" kinds\\\\\","
        "\"host\":\"processes\",\"trial\":12,\"seed\":\"18446744073709551615\",\"nodes\":40,"
        "\"topology\":\"single\",\"servers\":1,"
        "\"protocol\":{\"name\":\"article\",\"decided_by\":\"nodes\",\"submits\":\"nobody\","
        "\"sticky\":true,\"master_locks\":false,\"poll_ns\":\"100000001\","
        "\"report_ns\":\"500000000\"},"
        "\"lock\":{\"name\":\"token\",\"ttl_ns\":\"2000000000\",\"retry_ns\":\"100000000\","
        "\"wait_ns\":\"3\"},"
        "\"work_every_ns\":\"50000000\","
        "\"settles_within_ns\":\"1000000000000000000\",\"lock_within_ns\":\"10000000000\","
        "\"heals\":true}\n"
        "{\"i\":0,\"t_ms\":-0.000001,\"t_ns\":\"-1\",\"process\":\"master\",\"event\":\"born\","
        "\"why\":\"forked\"}\n"
        "{\"i\":1,\"t_ms\":12.345678,\"t_ns\":\"12345678\",\"process\":3,\"event\":\"request\","
        "\"number\":1,\"moment\":\"asks_lock\",\"op\":\"put_if_absent\",\"key\":\"lock\","
        "\"token\":\"000000000000000100000000000000ff\",\"ttl_ms\":2000}\n");
    free(text);
    history_free(&history);
}

/* Which server an event is about is written where there are several, and counts from 1. */
static void servers_come_back(void **state)
{
    static const uint8_t servers[] = {1, 2, 2, NO_SERVER, 1, 0};
    struct history history = {0};
    struct history copy;
    size_t length;
    char error[160];
    (void)state;
    fill_facts(&history.facts);
    settings_choose_topology(&history.facts.settings, TOPOLOGY_INDEPENDENT);
    history.facts.settings.servers = 3;
    request(&history, 3, (struct history_request){.number = 1, .moment = MOMENT_NONE});
    tell(&history, HISTORY_EXPIRED, HISTORY_HARNESS, (struct history_event){.key = KEY_LOCK});
    tell(&history, HISTORY_FAULT, HISTORY_HARNESS, (struct history_event){.fault.index = 1});
    tell(&history, HISTORY_SKIPPED, HISTORY_HARNESS, (struct history_event){.fault.index = 1});
    tell(&history, HISTORY_OUTSIDE, HISTORY_HARNESS, (struct history_event){.why = "stopped"});
    tell(&history, HISTORY_PAUSED, 3, (struct history_event){0});
    for (size_t i = 0; i < history.count; i++) {
        history.events[i].server = servers[i];
    }
    char *text = write_text(&history, &length);
    assert_non_null(strstr(text, "\"topology\":\"independent\",\"servers\":3,"));
    assert_non_null(strstr(text, "\"event\":\"expired\",\"server\":3,"));
    assert_true(read_text(text, length, &copy, error));
    assert_memory_equal(&copy.facts, &history.facts, sizeof copy.facts);
    for (size_t i = 0; i < copy.count; i++) {
        assert_alike(&copy.events[i], &history.events[i]);
        assert_int_equal(copy.events[i].server, servers[i]);
    }
    history_free(&copy);
    free(text);
    history.events[0].server = 3; /* there is no fourth */
    text = write_text(&history, &length);
    assert_false(read_text(text, length, &copy, error));
    assert_string_equal(error, "line 2: \"server\" is no whole number from 1 to 3");
    free(text);
    history_free(&history);
}

/* A history from before there were several servers. */
static void without_a_topology_there_is_one_server(void **state)
{
    static const char old[] =
        "{\"hustings\":\"history\",\"version\":2,\"scenario\":\"old\",\"host\":\"model\","
        "\"trial\":1,\"seed\":\"1\",\"nodes\":5,\"protocol\":{\"name\":\"article\","
        "\"decided_by\":\"nodes\",\"submits\":\"nobody\",\"sticky\":true,"
        "\"master_locks\":false,\"poll_ns\":\"0\",\"report_ns\":\"0\"},"
        "\"lock\":{\"name\":\"none\"},\"settles_within_ns\":\"0\",\"lock_within_ns\":\"0\","
        "\"heals\":true}\n";
    struct history history;
    char error[160];
    (void)state;
    assert_true(read_text(old, strlen(old), &history, error));
    assert_int_equal(history.facts.settings.topology, TOPOLOGY_SINGLE);
    assert_int_equal(history.facts.settings.servers, 1);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_comes_back_as_it_was),
        cmocka_unit_test(it_reads_like_this),
        cmocka_unit_test(servers_come_back),
        cmocka_unit_test(without_a_topology_there_is_one_server),
        cmocka_unit_test(a_full_disk_is_noticed),
        cmocka_unit_test(many_texts_are_kept_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
