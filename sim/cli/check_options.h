/* What `hustings check` was asked for. */
#ifndef HUSTINGS_CLI_CHECK_OPTIONS_H
#define HUSTINGS_CLI_CHECK_OPTIONS_H

#include <stdint.h>

#include "sim/cli/option.h"

struct check_asked {
    uint32_t explain; /* 0: no trial */
    int format;       /* 1: json */
};

#endif
