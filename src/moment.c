/* The table of moments. See moment.h for how to add one. */
#include "src/moment.h"

#include <string.h>

const struct moment_row moment_rows[MOMENTS] = {
    [MOMENT_ASKS_LOCK] = {"asks_lock", "asked for the lock", .is_request = true},
    [MOMENT_ACQUIRES_LOCK] = {"acquires_lock", "acquired the lock", .is_request = false},
    [MOMENT_EXTENDS_LOCK] = {"extends_lock", "extended the lock", .is_request = true},
    [MOMENT_RELEASES_LOCK] = {"releases_lock", "released the lock", .is_request = true},
    [MOMENT_REPORTS] = {"reports", "reported", .is_request = true},
    [MOMENT_READS] = {"reads", "read", .is_request = true},
    [MOMENT_DECIDES] = {"decides", "decided", .is_request = false},
    [MOMENT_PUBLISHES] = {"publishes", "published", .is_request = true},
    [MOMENT_FOLLOWS] = {"follows", "followed another leader", .is_request = false},
    [MOMENT_LEADS] = {"leads", "led", .is_request = false},
    [MOMENT_RESIGNS] = {"resigns", "resigned", .is_request = false},
};

int moment_find(const char *name)
{
    for (int moment = 0; moment < MOMENTS; moment++) {
        if (strcmp(moment_rows[moment].name, name) == 0) {
            return moment;
        }
    }
    return -1;
}
