/* The table of protocols, and the step that goes through it. See protocol.h for how to add one. */
#include "src/protocol.h"

#include <assert.h>
#include <string.h>

#include "src/lock/lock.h"

const struct protocol_row *const protocol_rows[] = {
    &protocol_article,
    NULL,
};

struct process process_new(uint16_t id)
{
    struct process process;
    memset(&process, 0, sizeof process);
    process.id = id;
    process.claim.follows = NOBODY;
    process.claim.status = STATUS_PREPARE;
    process.claim.until_ns = INT64_MAX;
    process.known.id = NOBODY;
    process.decided.id = NOBODY;
    return process;
}

/* Whether a protocol or its lock may ask this of the store: their rows say so, and a Redis is
 * probed for that much. */
static bool may_ask(const struct settings *settings, const struct action *action)
{
    uint32_t asks = protocol_rows[settings->row[OWNER_PROTOCOL]]->asks |
                    lock_rows[settings->row[OWNER_LOCK]]->asks;
    return action->kind != ACTION_REQUEST || (asks & 1u << action->request.op);
}

uint32_t protocol_moments(const struct settings *settings, uint16_t id)
{
    return protocol_rows[settings->row[OWNER_PROTOCOL]]->moments(settings, id) |
           lock_rows[settings->row[OWNER_LOCK]]->moments;
}

void process_step(const struct settings *settings, struct process *process,
                  const struct event *event, struct action *action)
{
    memset(action, 0, sizeof *action);
    action->request_moment = MOMENT_NONE;
    action->decided.id = NOBODY;
    protocol_rows[settings->row[OWNER_PROTOCOL]]->step(settings, process, event, action);
    assert(may_ask(settings, action));
}
