/* Whether a scenario may run on a host, before anything does. */
#ifndef HUSTINGS_CLI_MAY_RUN_H
#define HUSTINGS_CLI_MAY_RUN_H

#include <stdio.h>

#include "sim/host/host.h"

struct may_run {
    const char *program; /* as it was called */
    const struct host_row *host;
    const char *redis_url; /* NULL: a private one */
    bool allow_exec;       /* programs of the user's may be started */
};

/* Refuses faults that the host has no verb for, or that would harm a Redis that is not ours;
 * several servers where there is one; programs where they cannot be, or nobody has allowed them.
 * False after saying why on `said`. */
bool may_run(const struct may_run *may, const struct scenario *scenario, FILE *said);

#endif
