/* Records on the wire. See record.h. */
#include "sim/ops/record.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "sim/ops/words.h"

/* --- as text ---------------------------------------------------------------------------------- */

size_t record_text(const struct lease_record *record, char text[RECORD_TEXT])
{
    char holder[33] = "";
    if (!record_is_free(record)) {
        token_text(record->holder, holder);
    }
    int length = snprintf(text, RECORD_TEXT,
                          "{\"holder\": \"%s\", \"leaseMs\": %" PRIu32 ", \"acquire\": %" PRIu64
                          ", \"renew\": %" PRIu64 ", \"transitions\": %" PRIu32 "}",
                          holder, record->lease_ms, record->acquire_ms, record->renew_ms,
                          record->transitions);
    assert(length > 0 && length < RECORD_TEXT);
    return (size_t)length;
}

/* The number behind a label, up to `most`; moves on. 0 if there is none: nothing is written so. */
static uint64_t number_after(const char **at, const char *label, uint64_t most)
{
    size_t length = strlen(label);
    uint64_t number = 0;
    assert(length > 0);
    if (strncmp(*at, label, length) != 0) {
        return 0;
    }
    for (*at += length; **at >= '0' && **at <= '9' && number <= TERM_MAX; ++*at) {
        number = number * 10 + (uint64_t)(**at - '0');
    }
    return number <= most ? number : 0;
}

bool record_parse(const char *text, size_t length, struct lease_record *record)
{
    static const char head[] = "{\"holder\": \"";
    char copy[RECORD_TEXT];
    char again[RECORD_TEXT];
    const char *at = copy + sizeof head - 1;
    memset(record, 0, sizeof *record);
    if (length < sizeof head + 32 || length >= sizeof copy) {
        return false;
    }
    memcpy(copy, text, length);
    copy[length] = '\0';
    at += token_parse(at, 32, &record->holder) ? 32 : 0;
    record->lease_ms = (uint32_t)number_after(&at, "\", \"leaseMs\": ", UINT32_MAX);
    record->acquire_ms = number_after(&at, ", \"acquire\": ", TERM_MAX);
    record->renew_ms = number_after(&at, ", \"renew\": ", TERM_MAX);
    record->transitions = (uint32_t)number_after(&at, ", \"transitions\": ", UINT32_MAX);
    bool same = record_is_readable(record) && record_text(record, again) == length &&
                memcmp(again, copy, length) == 0;
    if (!same) {
        memset(record, 0, sizeof *record);
    }
    return same;
}

/* --- compare and set -------------------------------------------------------------------------- */

const struct op_script record_script = {
    .text = "if (redis.call('GET', KEYS[1]) or '') == ARGV[1] then "
            "redis.call('SET', KEYS[1], ARGV[2]) return tonumber(ARGV[3]) end return 0",
    .digest = "2983eee06445c62e1f43ed9c4b6c4839c6bc05df",
    .command = "EVAL (a script with GET and SET)",
};

void record_encode(const struct request *request, const struct lease_record *to, uint32_t answer,
                   struct op_words *words)
{
    const struct lease_record *from = &request->value.from.record;
    char text[RECORD_TEXT] = "";
    assert(answer > 0);
    if (from->lease_ms > 0) {
        record_text(from, text);
    }
    op_word_format(words, "%s", text);
    record_text(to, text);
    op_word_format(words, "%s", text);
    op_word_number(words, answer);
}

bool record_is_found(const struct keyspace *keys, const struct request *request)
{
    const struct store_value *value = keyspace_look(keys, request->key);
    const struct lease_record *from = &request->value.from.record;
    if (from->lease_ms == 0) {
        return value->content == CONTENT_NOTHING;
    }
    return value->content == CONTENT_RECORD && record_equal(&value->record, from);
}

void record_apply(const struct keyspace *keys, const struct request *request,
                  const struct lease_record *to, struct reply *reply, uint32_t answer)
{
    uint8_t content = keyspace_look(keys, request->key)->content;
    assert(answer > 0);
    if (content != CONTENT_NOTHING && !content_is_string(content)) {
        reply->outcome = STORE_REFUSED;
    } else if (record_is_found(keys, request)) {
        keyspace_set(keys, request->key, CONTENT_RECORD)->record = *to;
        reply->value.integer = answer;
    }
}
