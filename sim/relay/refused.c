/* A command that is refused in the Redis's place. See refused.h. */
#include "sim/relay/refused.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

/* The digit behind it is the error. */
static const char name[] = "HUSTINGS.";

/* A line typed by hand may be so long, a server says; we stay far below. */
#define LINE_MAX_BYTES 32768

bool refused_write(uint8_t error, char *bytes, size_t size)
{
    size_t length = strlen(name);
    assert(error < COMMAND_ERRORS && COMMAND_ERRORS <= 10);
    if (size < length + 3 || size > LINE_MAX_BYTES) {
        return false;
    }
    memset(bytes, ' ', size);
    for (size_t i = 0; i < length; i++) {
        bytes[i] = name[i];
    }
    bytes[length] = (char)('0' + error);
    bytes[size - 2] = '\r';
    bytes[size - 1] = '\n';
    return true;
}

size_t refused_answer(const struct resp_item *answer, char out[REFUSED_ERROR])
{
    static const char unknown[] = "ERR unknown command";
    if (answer->type != '-' || strncmp(answer->text, unknown, strlen(unknown)) != 0) {
        return 0;
    }
    const char *found = strstr(answer->text, name);
    int error = found ? found[strlen(name)] - '0' : -1;
    if (error < 0 || error >= COMMAND_ERRORS) {
        return 0;
    }
    return (size_t)snprintf(out, REFUSED_ERROR, "-%s\r\n", command_errors[error]);
}
