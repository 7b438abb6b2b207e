/* The table of hosts. See hosts.h.
 *
 * How to add a host: a folder in sim/ (see sim/README.md for that) whose `struct host_row` is
 * declared in sim/host/host.h, and one row here. It must run the step machines of src/ and nothing
 * else that elects. */
#include "sim/cli/hosts.h"

#include <string.h>

const struct host_row *const host_rows[] = {
    &host_processes,
    &host_model,
    NULL,
};

const struct host_row *host_find(const char *name)
{
    for (int i = 0; host_rows[i]; i++) {
        if (strcmp(host_rows[i]->name, name) == 0) {
            return host_rows[i];
        }
    }
    return NULL;
}
