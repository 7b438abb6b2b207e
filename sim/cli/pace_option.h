/* The options --slow and --speed, of several verbs. */
#ifndef HUSTINGS_CLI_PACE_OPTION_H
#define HUSTINGS_CLI_PACE_OPTION_H

#include "sim/cli/option.h"
#include "sim/live/pace.h"

struct pace_options {
    uint32_t slow;     /* 0: it was not given */
    const char *speed; /* NULL: likewise */
};

/* Sets the pace if one of them was given. OPTIONS_GOOD, or the exit code: it has said what is
 * wrong. */
int pace_read(const struct pace_options *options, const char *program, const char *verb,
              struct pace *pace);

#endif
