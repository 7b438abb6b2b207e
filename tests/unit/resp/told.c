/* What the reader keeps of messages. See told.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "told.h"

static size_t put(char *out, size_t room, size_t used, const char *text)
{
    size_t length = strlen(text);
    assert_true(used + length < room);
    memcpy(out + used, text, length + 1);
    return used + length;
}

static void tell_item(const struct resp_item *item, char *out, size_t room)
{
    char digits[8];
    if (item->null) {
        snprintf(out, room, "null");
    } else if (item->type == ':' || item->type == '#' || strchr("*%~>", item->type)) {
        snprintf(out, room, "%c%lld", item->type, (long long)item->number);
    } else if (item->size > RESP_KEPT) {
        snprintf(digits, sizeof digits, "%02x%02x", item->digest[0], item->digest[1]);
        snprintf(out, room, "%c%.4s~%llu %s", item->type, item->text,
                 (unsigned long long)item->size, digits);
    } else {
        snprintf(out, room, "%c%s", item->type, item->text);
    }
}

void tell_message(const struct resp_message *message, enum resp_side side, char *out, size_t room)
{
    char one[128];
    size_t used = 0;
    out[0] = '\0';
    for (uint32_t i = 0; i < message->count; i++) {
        tell_item(&message->items[i], one, sizeof one);
        used = put(out, room, used, i ? " " : "");
        used = put(out, room, used, one + (side == RESP_COMMANDS));
    }
    if (message->count < message->values + (side == RESP_ANSWERS)) {
        put(out, room, used, " …");
    }
}

const char *tell_stream(enum resp_side side, const char *bytes, size_t size, size_t portion)
{
    static char out[4096];
    struct resp_reader reader;
    char one[1024];
    size_t at = 0, used = 0, part = 0, count = 0;
    resp_begin(&reader, side);
    out[0] = '\0';
    while (at < size) {
        size_t given = size - at < portion ? size - at : portion;
        size_t taken = resp_read(&reader, bytes + at, given);
        assert_true(taken > 0 && taken <= given);
        at += taken;
        part += taken;
        if (reader.broken) {
            put(out, sizeof out, used, count ? "; !" : "!");
            return out;
        }
        if (reader.whole) {
            assert_int_equal(reader.message.bytes, part);
            tell_message(&reader.message, side, one, sizeof one);
            used = put(out, sizeof out, used, count++ ? "; " : "");
            used = put(out, sizeof out, used, one);
            part = 0;
        } else {
            assert_int_equal(taken, given); /* only a message's end stops it */
        }
    }
    if (part > 0) {
        snprintf(one, sizeof one, "%s(%zu)", count ? "; " : "", part);
        put(out, sizeof out, used, one);
    }
    return out;
}

void read_one(struct resp_reader *reader, enum resp_side side, const char *bytes)
{
    resp_begin(reader, side);
    assert_int_equal(resp_read(reader, bytes, strlen(bytes)), strlen(bytes));
    assert_true(reader->whole && !reader->broken);
}
