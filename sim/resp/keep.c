/* What a reader keeps of the message that it reads: item after item. See message.h and reader.h. */
#include <assert.h>
#include <string.h>

#include "sim/resp/reader.h"

/* --- what is watched for ---------------------------------------------------------------------- */

/* With so many of its bytes matched, how many are if the next is not: the longest beginning of it
 * that these end with. */
static size_t fall_back(const char *watch, size_t matched)
{
    size_t shorter = matched - 1;
    while (memcmp(watch, watch + matched - shorter, shorter) != 0) {
        shorter--;
    }
    return shorter;
}

static void watch_text(struct resp_reader *reader, const char *bytes, size_t size)
{
    reader->word_bytes += size;
    for (size_t i = 0; i < size && !reader->found; i++) {
        while (reader->matched > 0 && reader->watch[reader->matched] != bytes[i]) {
            reader->matched = fall_back(reader->watch, reader->matched);
        }
        reader->matched += reader->watch[reader->matched] == bytes[i];
        reader->found = reader->matched == reader->watch_size;
    }
    assert(reader->matched <= reader->watch_size);
}

static void watch_end(struct resp_reader *reader)
{
    struct resp_message *message = &reader->message;
    if (reader->found && reader->words > 1) {
        message->word_with = message->word_with ? message->word_with : reader->words - 1;
        message->beyond =
            message->beyond || (!reader->open && reader->word_bytes == reader->watch_size);
    }
    reader->found = false;
}

/* --- items ------------------------------------------------------------------------------------ */

void resp_open_item(struct resp_reader *reader, char type)
{
    struct resp_message *message = &reader->message;
    assert(!reader->open && message->count <= RESP_ITEMS);
    reader->digests = false;
    reader->words++;
    reader->matched = 0;
    reader->word_bytes = 0;
    if (message->count == RESP_ITEMS || reader->deeper > 0 || reader->skipped > 0) {
        return;
    }
    reader->open = &message->items[message->count++];
    reader->open->type = type;
    reader->open->null = false;
    reader->open->kept = 0;
    reader->open->size = 0;
    reader->open->number = 0;
}

/* Of the first long text more is kept. */
static void add_long(struct resp_message *message, const char *bytes, size_t size)
{
    size_t room = RESP_LONG - message->long_kept;
    size_t kept = size < room ? size : room;
    memcpy(message->long_text + message->long_kept, bytes, kept);
    message->long_kept = (uint16_t)(message->long_kept + kept);
}

void resp_add_text(struct resp_reader *reader, const char *bytes, size_t size)
{
    struct resp_item *item = reader->open;
    if (reader->watch) {
        watch_text(reader, bytes, size);
    }
    if (!item || size == 0) {
        return;
    }
    if (!reader->digests && item->size + size > RESP_KEPT) {
        reader->digests = true;
        digest_begin(&reader->digest);
        digest_add(&reader->digest, item->text, item->kept);
        if (!reader->message.longest) {
            reader->message.longest = item;
            add_long(&reader->message, item->text, item->kept);
        }
    }
    if (reader->message.longest == item) {
        add_long(&reader->message, bytes, size);
    }
    if (reader->digests && reader->digest.size < RESP_DIGESTED) {
        uint64_t room = RESP_DIGESTED - reader->digest.size;
        digest_add(&reader->digest, bytes, size < room ? size : (size_t)room);
    }
    size_t kept = RESP_KEPT - item->kept;
    kept = size < kept ? size : kept;
    memcpy(item->text + item->kept, bytes, kept);
    item->kept = (uint8_t)(item->kept + kept);
    item->size += size;
    assert(item->kept <= RESP_KEPT && item->kept <= item->size);
}

void resp_close_item(struct resp_reader *reader)
{
    struct resp_item *item = reader->open;
    watch_end(reader);
    reader->open = NULL;
    if (!item) {
        return;
    }
    item->text[item->kept] = '\0';
    if (reader->digests) {
        digest_end(&reader->digest, item->digest);
        reader->digests = false;
    }
}
