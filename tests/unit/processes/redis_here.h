/* A redis-server of a test's own, and the guardian that sees to its end. */
#ifndef HUSTINGS_TESTS_UNIT_PROCESSES_REDIS_HERE_H
#define HUSTINGS_TESTS_UNIT_PROCESSES_REDIS_HERE_H

#include "sim/processes/link_commands.h"
#include "sim/processes/server.h"

struct redis_here {
    struct guardian guardian;
    struct server server;
    struct link link; /* a first connection, to look and to meddle with */
};

/* cmocka's set-up and tear-down: *state is a struct redis_here that answers. */
int redis_here_start(void **state);
int redis_here_stop(void **state);

/* Does a command, words ended by NULL, on the first connection; its integer, or -1. */
long long redis_here_do(struct redis_here *here, const char *const words[]);

/* `name` of the server's INFO commandstats, its `field`: cmdstat_set, "calls". 0: never called. */
long redis_here_stat(struct redis_here *here, const char *name, const char *field);

#endif
