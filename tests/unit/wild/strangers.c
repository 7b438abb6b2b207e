/* A stranger for the tests. See strangers.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "strangers.h"

void begin_stranger(struct stranger *stranger, const char *key)
{
    memset(stranger, 0, sizeof *stranger);
    stranger->key = key;
    stranger->connection = 1;
    resp_begin(&stranger->asks, RESP_COMMANDS);
    resp_watch(&stranger->asks, key, strlen(key));
    resp_begin(&stranger->reads, RESP_ANSWERS);
}

static void read_message(struct resp_reader *reader, const char *bytes)
{
    size_t size = strlen(bytes);
    assert_int_equal(resp_read(reader, bytes, size), size);
    assert_true(reader->whole && !reader->broken);
}

bool sends(struct stranger *stranger, const char *bytes)
{
    read_message(&stranger->asks, bytes);
    wild_recognise(&stranger->asks.message, stranger->key, strlen(stranger->key), &stranger->learnt,
                   &stranger->request);
    stranger->number++;
    stranger->change = belief_sent(&stranger->belief, &stranger->request);
    return stranger->change.begins || stranger->change.ends;
}

struct wild_reply reads(struct stranger *stranger, const char *bytes)
{
    read_message(&stranger->reads, bytes);
    const struct resp_message *message = &stranger->reads.message;
    wild_answer(&stranger->request, &message->items[0],
                message->count > 1 ? &message->items[1] : NULL, &stranger->reply);
    stranger->change = belief_told(&stranger->belief, &stranger->request, &stranger->reply,
                                   stranger->connection, stranger->number);
    return stranger->reply;
}

struct token token_named(const char *value)
{
    struct resp_item item = {.type = '$', .size = strlen(value)};
    assert_true(item.size <= RESP_KEPT);
    item.kept = (uint8_t)item.size;
    memcpy(item.text, value, item.size);
    return wild_token(&item);
}
