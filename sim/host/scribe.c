/* The scribe. See scribe.h. */
#include "sim/host/scribe.h"

#include <string.h>

void scribe_request(struct history_event *event, const struct action *action, uint32_t number)
{
    const struct request *request = &action->request;
    *event = (struct history_event){.kind = HISTORY_REQUEST, .why = action->why};
    event->request = (struct history_request){.number = number,
                                              .moment = action->request_moment,
                                              .op = request->op,
                                              .key = request->key,
                                              .status = request->status,
                                              .id = request->id,
                                              .ttl_ms = request->ttl_ms};
    memcpy(&event->request.value, &request->value, sizeof event->request.value);
}

bool scribe_is_ballot(const struct request *request, const struct reply *reply)
{
    return request->op == STORE_READ_BALLOT && reply->outcome == STORE_OK;
}

void scribe_reply(struct history_event *event, const struct request *request,
                  const struct reply *reply, uint32_t number)
{
    *event = (struct history_event){.kind = HISTORY_REPLY};
    event->reply =
        (struct history_reply){.number = number, .op = request->op, .outcome = reply->outcome};
    switch ((enum store_op)request->op) {
    case STORE_READ_BALLOT:
        break;
    case STORE_GET_TOKEN:
        event->reply.value.token = reply->value.token;
        break;
    case STORE_GET_RESULT:
        event->reply.value.result = reply->value.result;
        break;
    default:
        event->reply.value.integer = reply->value.integer;
        break;
    }
}

void scribe_decided(struct history_event *event, const struct action *action, uint32_t read_number)
{
    *event = (struct history_event){.kind = HISTORY_DECIDED, .why = action->why};
    event->decided =
        (struct history_decided){.choice = action->decided, .read_number = read_number};
}

bool scribe_claim(struct history_event *event, const struct claim *before,
                  const struct claim *claim, const struct action *action)
{
    uint32_t happened = action->happened & ~(1u << MOMENT_DECIDES);
    if (happened == 0 && memcmp(before, claim, sizeof *claim) == 0) {
        return false;
    }
    *event = (struct history_event){.kind = HISTORY_CLAIM, .why = action->why};
    event->claim = (struct history_claim){.claim = *claim, .happened = action->happened};
    return true;
}
