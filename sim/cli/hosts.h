/* The table of hosts. */
#ifndef HUSTINGS_CLI_HOSTS_H
#define HUSTINGS_CLI_HOSTS_H

#include "sim/host/host.h"

/* Ends with NULL. */
extern const struct host_row *const host_rows[];

/* A row by its name, or NULL. */
const struct host_row *host_find(const char *name);

#endif
