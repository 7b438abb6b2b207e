/* Commands that change how a connection answers. See roles.h. */
#include "sim/resp/roles.h"

#include <assert.h>

static const struct row {
    const char *name, *second, *third; /* NULL: whatever it is */
    uint8_t role, detail;
} rows[] = {
    {"SUBSCRIBE", NULL, NULL, ROLE_SUBSCRIBES, CHANNELS},
    {"PSUBSCRIBE", NULL, NULL, ROLE_SUBSCRIBES, PATTERNS},
    {"SSUBSCRIBE", NULL, NULL, ROLE_SUBSCRIBES, SHARDS},
    {"UNSUBSCRIBE", NULL, NULL, ROLE_UNSUBSCRIBES, CHANNELS},
    {"PUNSUBSCRIBE", NULL, NULL, ROLE_UNSUBSCRIBES, PATTERNS},
    {"SUNSUBSCRIBE", NULL, NULL, ROLE_UNSUBSCRIBES, SHARDS},
    {"MULTI", NULL, NULL, ROLE_MULTI, 0},
    {"EXEC", NULL, NULL, ROLE_EXEC, 0},
    {"DISCARD", NULL, NULL, ROLE_DISCARD, 0},
    {"RESET", NULL, NULL, ROLE_RESET, 0},
    {"HELLO", "2", NULL, ROLE_HELLO, 2},
    {"HELLO", "3", NULL, ROLE_HELLO, 3},
    {"QUIT", NULL, NULL, ROLE_QUIT, 0},
    {"MONITOR", NULL, NULL, ROLE_MONITOR, 0},
    {"SYNC", NULL, NULL, ROLE_SYNC, 0},
    {"PSYNC", NULL, NULL, ROLE_SYNC, 0},
    {"CLIENT", "REPLY", "ON", ROLE_REPLY_ON, 0},
    {"CLIENT", "REPLY", "OFF", ROLE_REPLY_OFF, 0},
    {"CLIENT", "REPLY", "SKIP", ROLE_REPLY_SKIP, 0},
    {"REPLCONF", "ACK", NULL, ROLE_UNANSWERED, 0},
};

static bool fits(const struct resp_message *command, uint32_t at, const char *word)
{
    return !word || (at < command->count && resp_says(&command->items[at], word));
}

enum role role_of_command(const struct resp_message *command, uint8_t *detail)
{
    *detail = 0;
    if (command->count == 0) {
        return ROLE_NOTHING;
    }
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct row *row = &rows[i];
        if (fits(command, 0, row->name) && fits(command, 1, row->second) &&
            fits(command, 2, row->third)) {
            *detail = row->detail;
            return row->role;
        }
    }
    return ROLE_PLAIN;
}

bool role_confirms(enum role role, uint8_t channels, const struct resp_item *word)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (rows[i].role == role && rows[i].detail == channels) {
            assert(role == ROLE_SUBSCRIBES || role == ROLE_UNSUBSCRIBES);
            return resp_says(word, rows[i].name);
        }
    }
    return false;
}

bool role_is_message(const struct resp_item *word)
{
    return resp_says(word, "MESSAGE") || resp_says(word, "PMESSAGE") || resp_says(word, "SMESSAGE");
}
