/* What every machine needs. See process.h. */
#include "src/process.h"

#include <assert.h>

struct request *action_send(struct action *action, uint8_t op, uint8_t key, uint8_t moment)
{
    assert(action->sends < SENDS_MAX);
    struct request *request = &action->send[action->sends++];
    *request = (struct request){.op = op, .key = key, .moment = moment};
    return request;
}

void action_wait(struct action *action, int64_t min_ns, int64_t max_ns)
{
    assert(0 <= min_ns && min_ns <= max_ns);
    action->timer = TIMER_SET;
    action->wake_min_ns = min_ns;
    action->wake_max_ns = max_ns;
}
