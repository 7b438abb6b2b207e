/* Commands by the thousand. See crowd.h. */
#include "sim/processes/crowd.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

const char *crowd_key(const char *prefix, const char *key)
{
    size_t length = strlen(prefix);
    return strncmp(key, prefix, length) == 0 ? key + length : key;
}

struct history_event crowd_command(const char *prefix, const struct wild_request *asked)
{
    struct history_event event = {.kind = HISTORY_COMMAND, .server = NO_SERVER};
    assert(asked->kind != WILD_LOCK);
    const char *key = crowd_key(prefix, asked->key);
    event.command.bytes = asked->bytes;
    snprintf(event.command.name, sizeof event.command.name, "%.13s", asked->name);
    snprintf(event.command.key, sizeof event.command.key, "%.15s", key);
    for (char *c = event.command.key; *c; c++) {
        if ((unsigned char)*c & 0x80) {
            *c = '?'; /* a letter may be cut in two */
        }
    }
    return event;
}

bool crowd_is_full(uint32_t number, struct history_event *event)
{
    assert(number > CROWD_TOLD);
    if (number % CROWD_OF != 0) {
        return false;
    }
    *event = (struct history_event){.kind = HISTORY_COMMAND, .server = NO_SERVER};
    event->command.number = number;
    snprintf(event->command.name, sizeof event->command.name, "%d commands", CROWD_OF);
    return true;
}
