/* The key that a command names first. See keys.h. */
#include "sim/resp/keys.h"

#include <stddef.h>

/* Where it is. */
enum place {
    NOWHERE,
    BEHIND_A_NUMBER, /* of keys, if that is at least 1: `word` is the number's place */
    AT_A_WORD,       /* `word` is its place */
    BEHIND_STREAMS   /* behind the word STREAMS */
};

struct row {
    const char *name;
    uint8_t place;
    uint8_t word;
};

static const struct row rows[] = {
    {"EVAL", BEHIND_A_NUMBER, 2},
    {"EVALSHA", BEHIND_A_NUMBER, 2},
    {"EVAL_RO", BEHIND_A_NUMBER, 2},
    {"EVALSHA_RO", BEHIND_A_NUMBER, 2},
    {"FCALL", BEHIND_A_NUMBER, 2},
    {"FCALL_RO", BEHIND_A_NUMBER, 2},
    {"LMPOP", BEHIND_A_NUMBER, 1},
    {"ZMPOP", BEHIND_A_NUMBER, 1},
    {"BLMPOP", BEHIND_A_NUMBER, 2},
    {"BZMPOP", BEHIND_A_NUMBER, 2},
    {"SINTERCARD", BEHIND_A_NUMBER, 1},
    {"ZDIFF", BEHIND_A_NUMBER, 1},
    {"ZINTER", BEHIND_A_NUMBER, 1},
    {"ZINTERCARD", BEHIND_A_NUMBER, 1},
    {"ZUNION", BEHIND_A_NUMBER, 1},
    {"BITOP", AT_A_WORD, 2},
    {"OBJECT", AT_A_WORD, 2},
    {"MEMORY", AT_A_WORD, 2},
    {"XGROUP", AT_A_WORD, 2},
    {"XINFO", AT_A_WORD, 2},
    {"XREAD", BEHIND_STREAMS, 0},
    {"XREADGROUP", BEHIND_STREAMS, 0},
    {"ACL", NOWHERE, 0},
    {"AUTH", NOWHERE, 0},
    {"CLIENT", NOWHERE, 0},
    {"CLUSTER", NOWHERE, 0},
    {"COMMAND", NOWHERE, 0},
    {"CONFIG", NOWHERE, 0},
    {"ECHO", NOWHERE, 0},
    {"FLUSHALL", NOWHERE, 0},
    {"FLUSHDB", NOWHERE, 0},
    {"FUNCTION", NOWHERE, 0},
    {"HELLO", NOWHERE, 0},
    {"INFO", NOWHERE, 0},
    {"KEYS", NOWHERE, 0},
    {"PING", NOWHERE, 0},
    {"PSUBSCRIBE", NOWHERE, 0},
    {"PUBLISH", NOWHERE, 0},
    {"PUBSUB", NOWHERE, 0},
    {"PUNSUBSCRIBE", NOWHERE, 0},
    {"SCAN", NOWHERE, 0},
    {"SCRIPT", NOWHERE, 0},
    {"SELECT", NOWHERE, 0},
    {"SUBSCRIBE", NOWHERE, 0},
    {"SWAPDB", NOWHERE, 0},
    {"UNSUBSCRIBE", NOWHERE, 0},
    {"WAIT", NOWHERE, 0},
};

static const struct resp_item *word(const struct resp_message *command, uint32_t place)
{
    return place < command->count ? &command->items[place] : NULL;
}

static const struct resp_item *behind_streams(const struct resp_message *command)
{
    uint32_t place = 1;
    while (place < command->count && !resp_says(&command->items[place], "STREAMS")) {
        place++;
    }
    return word(command, place + 1);
}

const struct resp_item *resp_first_key(const struct resp_message *command)
{
    const struct row *row = NULL;
    for (size_t i = 0; command->count > 0 && !row && i < sizeof rows / sizeof *rows; i++) {
        row = resp_says(&command->items[0], rows[i].name) ? &rows[i] : NULL;
    }
    if (!row) {
        return word(command, 1);
    }
    int64_t keys = 0;
    switch ((enum place)row->place) {
    case BEHIND_A_NUMBER:
        return row->word < command->count && resp_number(&command->items[row->word], &keys) &&
                       keys > 0
                   ? word(command, row->word + 1u)
                   : NULL;
    case AT_A_WORD:
        return word(command, row->word);
    case BEHIND_STREAMS:
        return behind_streams(command);
    case NOWHERE:
        break;
    }
    return NULL;
}
