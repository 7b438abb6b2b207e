/* The table of moments. See moment.h for how to add one. */
#include "src/moment.h"

#include <string.h>

const struct moment_row moment_rows[MOMENTS] = {
    [MOMENT_ASKS_LOCK] = {"asks_lock", "asks for the lock (again at each try)",
                          "asked for the lock", .is_request = true},
    [MOMENT_ACQUIRES_LOCK] = {"acquires_lock", "has got the lock, and is in the critical section",
                              "acquired the lock", .is_request = false},
    [MOMENT_EXTENDS_LOCK] = {"extends_lock", "asks to hold the lock for longer",
                             "extended the lock", .is_request = true},
    [MOMENT_RELEASES_LOCK] = {"releases_lock", "gives the lock back", "released the lock",
                              .is_request = true},
    [MOMENT_REPORTS] = {"reports", "writes its status into Redis", "reported", .is_request = true},
    [MOMENT_READS] = {"reads", "reads everybody's status", "read", .is_request = true},
    [MOMENT_DECIDES] = {"decides", "has decided by the rules", "decided", .is_request = false},
    [MOMENT_PUBLISHES] = {"publishes", "writes the result", "published", .is_request = true},
    [MOMENT_FOLLOWS] = {"follows", "follows another leader than before", "followed another leader",
                        .is_request = false},
    [MOMENT_LEADS] = {"leads", "begins to act as leader, or does so in a new term", "led",
                      .is_request = false},
    [MOMENT_RESIGNS] = {"resigns", "no longer acts as leader, of its own accord", "resigned",
                        .is_request = false},
    [MOMENT_WRITES] = {"writes", "writes to the protected resource, as its work", "wrote",
                       .is_request = true},
    [MOMENT_STOPS] = {"stops", "offers to be stopped: a program of yours, by {\"stop\": true}",
                      "offered to be stopped", .is_request = false},
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
