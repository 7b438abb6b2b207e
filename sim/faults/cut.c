/* Cuts the link between a process and the Redis: a black hole, in one direction or in both.
 *
 * Injects: silence. What is sent waits where it is, connecting hangs, and nobody is told. When it
 * heals, all that waited goes on its way, as packets that are sent again do: so a request may be
 * applied long after its sender gave it up. A cut of either direction keeps new connections from
 * being made, since a handshake needs both. Never closes a connection, never changes a byte, and
 * never touches other processes' links or the server. Of several cuts at once, each lasts to its
 * own end.
 *
 * With `drop: true` it is the cut of a firewall that has forgotten the connection: what was under
 * way in these directions, or is sent into it, is lost, and never arrives. A connection that has
 * lost something stays silent in that direction after the cut, too, since TCP delivers nothing
 * behind a gap; nobody resets it. Its owner waits its request_timeout in vain and connects anew,
 * which is possible when the cut is over. One on which nothing was sent goes on as before. */
#include "sim/faults/fault.h"

enum { FOR, DIRECTION, DROP };

static bool add(const struct fault_spec *spec, int64_t times, struct in_force *sum)
{
    static const uint8_t of[] = {LINK_REQUESTS | LINK_REPLIES, LINK_REQUESTS, LINK_REPLIES};
    (void)times; /* once is as good as often */
    sum->directions |= of[spec->params[DIRECTION]];
    sum->drops |= spec->params[DROP] ? of[spec->params[DIRECTION]] : 0;
    return true;
}

const struct fault_row fault_cut = {
    .name = "cut",
    .summary = "cuts a process off from the Redis: a black hole, nothing is closed",
    .details = "What is under way, or is sent into it, is held and arrives when the cut ends, "
               "though its sender may have given up meanwhile. With `drop: true` it is lost "
               "instead, as behind a firewall that has forgotten the connection: that one stays "
               "silent, and its owner connects anew when the cut is over.",
    .told = "is cut off from @",
    .over = "reaches @ again",
    .example = "{at: 1s, cut: 3, for: 2s, direction: replies}",
    .targets = TARGETS_PROCESSES,
    .params = {{.name = "for", .summary = "how long", .type = PARAM_DURATION},
               {.name = "direction",
                .summary = "which way nothing passes",
                .type = PARAM_WORD,
                .words = "both|requests|replies"},
               {.name = "drop",
                .summary = "whether what is sent into it is lost, instead of arriving when it ends",
                .type = PARAM_FLAG}},
    .takes_down = true,
    .needs = STATE_ANY,
    .link = LINK_CUT,
    .add = add,
};
