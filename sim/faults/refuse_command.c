/* Answers a command with an error in the Redis's place: it is not done, and its sender is told why.
 *
 * Injects: the answer of a Redis that cannot save its data, has become a replica, has no memory, is
 * starting, runs a slow script, … to single commands of one process, while all others are served.
 * The next `count` that fit, or with `for` every one in that time, or with `share` so many percent
 * of them. Within a MULTI the whole transaction is undone, as a Redis does. Never touches the data,
 * never closes the connection. The order of answers is kept: what is refused goes to the Redis as a
 * command that none knows, and what the Redis says of that gets the words of the error. */
#include "sim/faults/losing.h"

const char *const command_errors[COMMAND_ERRORS] = {
    "MISCONF Redis is configured to save RDB snapshots, but it cannot save to disk.",
    "NOREPLICAS Not enough good replicas to write.",
    "OOM command not allowed when used memory > 'maxmemory'.",
    "READONLY You can't write against a read only replica.",
    "LOADING Redis is loading the dataset in memory",
    "BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.",
    "NOSCRIPT No matching script. Please use EVAL.",
    "ERR it was refused",
};

enum { ERROR = LOSING_FOR + 1 };

static void wait_for(const struct fault_spec *spec, struct link_order *order)
{
    losing_wait_for(spec, order);
    order->error = (uint8_t)spec->params[ERROR];
}

const struct fault_row fault_refuse_command = {
    .name = "refuse_command",
    .summary = "answers commands of a process with an error in the Redis's place",
    .details = "They are not done. Which ones, `of`, `key` and `nth` say, else the next.",
    .told = "is to have commands to @ refused",
    .over = "has no more commands refused",
    .example = "{at: 1s, refuse_command: 3, of: EVALSHA, error: READONLY, count: 2}",
    .targets = TARGETS_PROCESSES,
    .params = {LOSING_ROWS,
               {.name = "error",
                .summary = "what it says",
                .type = PARAM_WORD,
                .words = "MISCONF|NOREPLICAS|OOM|READONLY|LOADING|BUSY|NOSCRIPT|ERR"}},
    .needs = STATE_ANY,
    .link = LINK_REFUSE,
    .wait_for = wait_for,
    .clash = losing_clash,
};
