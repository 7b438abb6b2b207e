/* Loses requests on their way: the next one that a process sends, the next few, or for a while each
 * with some probability.
 *
 * Injects: a request that never reaches the Redis. Nothing is applied; its sender waits its
 * request_timeout in vain, cannot know, and connects anew. What the same connection carries behind
 * it is lost with it, as in TCP; the Redis sees only a client that goes. The next `count` are
 * lost one after the other; with `for`, every one during that time, or with `share` so many percent
 * of them, drawn by the seed. Of several of these at once, each takes its share of what the others
 * leave. Never loses an answer, never closes a connection, and passes over what makes a connection
 * usable (AUTH, SELECT). */
#include "sim/faults/losing.h"

const struct fault_row fault_lose = {
    .name = "lose",
    .summary = "loses a process's next request, the next few, or a share of them: it never arrives",
    .details = "Nothing is applied, and its sender waits in vain. With `for` it is so for that "
               "time, with all requests or a `share` of them; `{when: {who: 1, does: asks_lock, "
               "before: true}, lose: 1, count: 2}` loses two.",
    .told = "is to lose requests to @",
    .over = "loses no more requests",
    .example = "{at: 1s, lose: 3, share: 20, for: 2s}",
    .targets = TARGETS_PROCESSES,
    .params = LOSING_PARAMS,
    .needs = STATE_ANY,
    .link = LINK_LOSE,
    .wait_for = losing_wait_for,
    .add = losing_add,
    .clash = losing_clash,
};
