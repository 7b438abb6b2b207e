/* The words of values. See values.h. */
#include "sim/ops/values.h"

const char *const status_names[STATUSES] = {
    [STATUS_PREPARE] = "prepare",
    [STATUS_SUBMIT] = "submit",
    [STATUS_UNKNOWN] = "unknown",
};
