/* Makes a process's link slow: so many bytes a second in each direction.
 *
 * Injects: the time that messages take to go out, one after the other; a message has arrived when
 * its last byte has. Of several, the slowest counts. What is under way when that ends goes on as
 * fast as it can then; after the last, at once. Never loses or reorders
 * anything, and adds nothing to what is not sent: an idle link is as fast as ever. */
#include "sim/faults/fault.h"

enum { RATE };

static bool add(const struct fault_spec *spec, int64_t times, struct in_force *sum)
{
    (void)times; /* once is as good as often */
    if (sum->bytes_per_s == 0 || spec->params[RATE] < sum->bytes_per_s) {
        sum->bytes_per_s = spec->params[RATE];
    }
    return true;
}

const struct fault_row fault_slow = {
    .name = "slow",
    .summary = "lets so many bytes a second pass between a process and the Redis",
    .details = "A message takes the time that its bytes take.",
    .told = "has a slow link to @",
    .over = "has as fast a link to @ as before",
    .example = "{at: 1s, slow: 3, rate: 2000, for: 1s}",
    .targets = TARGETS_PROCESSES,
    .params = {{.name = "rate",
                .summary = "bytes a second",
                .type = PARAM_NUMBER,
                .required = true,
                .low = 1,
                .high = INT64_C(1000000000000)},
               {.name = "for", .summary = "how long", .type = PARAM_DURATION}},
    .needs = STATE_ANY,
    .link = LINK_SLOW,
    .add = add,
};
