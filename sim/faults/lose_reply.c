/* Loses answers: that to the next request which a process sends, to the next few, or for a while
 * each with some probability. How many, as with lose.
 *
 * Injects: a request that was applied, while its sender waits until its timeout is over and
 * cannot know. An answer that says that nothing was applied, because the script is not known,
 * passes: it is the same request's next try whose answer is lost. Never loses a request, and never
 * closes the connection. */
#include "sim/faults/losing.h"

const struct fault_row fault_lose_reply = {
    .name = "lose_reply",
    .summary =
        "has a process's next request applied, the next few or a share, and swallows the answer",
    .details = "With `for` it is so for that time, with all requests or a `share` of them.",
    .told = "is to lose answers from @",
    .over = "loses no more answers",
    .example = "{when: {who: 2, does: asks_lock, before: true}, lose_reply: 2}",
    .targets = TARGETS_PROCESSES,
    .params = LOSING_PARAMS,
    .needs = STATE_ANY,
    .link = LINK_LOSE_REPLY,
    .wait_for = losing_wait_for,
    .add = losing_add,
    .clash = losing_clash,
};
