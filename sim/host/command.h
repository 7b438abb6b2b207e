/* What a process is told from outside, as one number: for places where it waits to be taken in. */
#ifndef HUSTINGS_HOST_COMMAND_H
#define HUSTINGS_HOST_COMMAND_H

#include <assert.h>

#include "src/process.h"

/* Never 0: that is no command. */
static inline uint16_t command_packed(enum command command, int32_t value)
{
    assert((unsigned)command < COMMANDS && value >= 0 && value < 255);
    return (uint16_t)((unsigned)command << 8 | (unsigned)(value + 1));
}

static inline struct event command_event(uint32_t packed)
{
    assert((packed & 0xff) > 0 && packed >> 8 < COMMANDS);
    return (struct event){.kind = EVENT_COMMAND,
                          .command = (enum command)(packed >> 8),
                          .value = (int32_t)(packed & 0xff) - 1};
}

#endif
