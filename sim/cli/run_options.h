/* What `hustings run` was asked for. */
#ifndef HUSTINGS_CLI_RUN_OPTIONS_H
#define HUSTINGS_CLI_RUN_OPTIONS_H

#include "sim/cli/option.h"
#include "sim/cli/pace_option.h"
#include "sim/cli/session.h"

struct run_asked {
    struct session session;
    const char *host;            /* as given */
    char url[OPTION_REDIS_SIZE]; /* "": none */
    struct pace_options pace;
    const char *shard, *into; /* as given */
};

#endif
