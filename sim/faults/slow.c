/* Makes a process's link slow: so many bytes a second in each direction.
 *
 * Injects: the time that messages take to go out, one after the other; a message has arrived when
 * its last byte has. Of several, the slowest counts. What is under way when that ends goes on as
 * fast as it can then; after the last, at once. Never loses or reorders
 * anything, and adds nothing to what is not sent: an idle link is as fast as ever. */
#include "sim/faults/fault.h"

enum { RATE };

static bool possible(const struct host_ops *ops)
{
    return ops->link;
}

static bool add(const struct fault_spec *spec, int64_t times, struct in_force *sum)
{
    (void)times; /* once is as good as often */
    if (sum->bytes_per_s == 0 || spec->params[RATE] < sum->bytes_per_s) {
        sum->bytes_per_s = spec->params[RATE];
    }
    return true;
}

static bool set(struct host_ops *ops, struct fault_place at, const struct in_force *sum)
{
    struct link_order order = {.fault = LINK_SLOW,
                               .directions = LINK_REQUESTS | LINK_REPLIES,
                               .bytes_per_s = sum->bytes_per_s};
    return ops->link(ops->self, at.id, at.server, &order);
}

const struct fault_row fault_slow = {
    .name = "slow",
    .summary = "lets so many bytes a second pass between a process and the Redis",
    .details = "A message takes the time that its bytes take.",
    .example = "{at: 1s, slow: 3, rate: 2000, for: 1s}",
    .targets = 1u << TARGET_IDS | 1u << TARGET_LEADER | 1u << TARGET_LOCK_HOLDER |
               1u << TARGET_ANY | 1u << TARGET_OTHERS,
    .params = {{.name = "rate",
                .summary = "bytes a second",
                .type = PARAM_NUMBER,
                .required = true,
                .low = 1,
                .high = INT64_C(1000000000000)},
               {.name = "for", .summary = "how long", .type = PARAM_DURATION}},
    .needs = STATE_UP | STATE_DEAD | STATE_STOPPED,
    .possible = possible,
    .add = add,
    .set = set,
};
