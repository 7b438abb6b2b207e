/* A trial of the model that is held. See held.h. */
#include "sim/live/held.h"

#include <assert.h>
#include <stdlib.h>

#include "sim/text/grown.h"
#include "src/units.h"

static bool begin_again(struct held_trial *held)
{
    held->done = 0;
    held->reached_ns = INT64_MIN;
    return model_begin(held->model, held->number, held->seed, &held->history);
}

bool held_begin(struct held_trial *held, struct model *model, uint32_t number, uint64_t seed)
{
    *held = (struct held_trial){.model = model, .number = number, .seed = seed};
    return begin_again(held);
}

static void forget_judgement(struct held_trial *held)
{
    if (held->judged_count > 0) {
        judged_trial_free(&held->judged);
        held->judged_count = 0;
    }
}

void held_free(struct held_trial *held)
{
    forget_judgement(held);
    history_free(&held->history);
    free(held->acts);
    *held = (struct held_trial){0};
}

/* --- going on --------------------------------------------------------------------------------- */

/* When something happens next, an order among it; INT64_MAX: never. */
static int64_t next_ns(const struct held_trial *held, struct model_choice *next)
{
    bool any = model_enabled(held->model, next, 1) > 0;
    int64_t at_ns = any ? next->at_ns : INT64_MAX;
    if (any && held->done < held->count && held->acts[held->done].at_ns < at_ns) {
        at_ns = held->acts[held->done].at_ns;
    }
    return at_ns;
}

/* Of what is due at one time, an order comes last, as it did when it was given. */
static void take_next(struct held_trial *held, const struct model_choice *next)
{
    assert(held->done <= held->count);
    if (held->done < held->count && held->acts[held->done].at_ns < next->at_ns) {
        const struct held_act *act = &held->acts[held->done++];
        model_order(held->model, act->order, act->at_ns);
        held->reached_ns = act->at_ns;
        return;
    }
    model_take(held->model, *next);
    held->reached_ns = next->at_ns > held->reached_ns ? next->at_ns : held->reached_ns;
}

bool held_go_on(void *self, int64_t until_ns)
{
    struct held_trial *held = self;
    struct model_choice next;
    size_t count = held->history.count;
    bool one = until_ns == INT64_MIN;
    int64_t last_ns = one ? INT64_MAX : until_ns;
    /* Once it is over there is no next one, however long one waits. */
    while (!model_is_over(held->model) && next_ns(held, &next) <= last_ns &&
           (!one || held->history.count == count)) {
        take_next(held, &next);
    }
    if (!one && until_ns > held->reached_ns && until_ns < INT64_MAX) {
        held->reached_ns = until_ns;
    }
    return !model_is_over(held->model);
}

/* --- orders ----------------------------------------------------------------------------------- */

/* The orders after this time never were. False: memory is out. */
static bool go_back(struct held_trial *held, int64_t now_ns)
{
    while (held->count > 0 && held->acts[held->count - 1].done_ns > now_ns) {
        held->count--;
    }
    forget_judgement(held);
    return begin_again(held);
}

/* What is done by hand lies so far apart that each can be told by a scenario: a fault that lasts
 * does so for a microsecond at least. */
#define APART_NS NS_PER_US

const char *held_order(struct held_trial *held, struct hand_order order, int64_t now_ns)
{
    int64_t at_ns = now_ns > 0 ? now_ns : 0;
    if (at_ns < held->reached_ns && !go_back(held, at_ns)) {
        return "memory is out";
    }
    if (held->count > 0 && at_ns < held->acts[held->count - 1].done_ns + APART_NS) {
        at_ns = held->acts[held->count - 1].done_ns + APART_NS;
    }
    held_go_on(held, at_ns);
    struct held_act *acts = grown(held->acts, held->count, &held->room, sizeof *acts);
    if (!acts) {
        return "memory is out";
    }
    held->acts = acts;
    size_t before = held->history.count;
    const char *why_not = model_order(held->model, order, at_ns);
    size_t count = held->history.count;
    int64_t done_ns = count > before ? held->history.events[count - 1].at_ns : at_ns;
    acts[held->count++] = (struct held_act){at_ns, done_ns, order};
    held->done = held->count;
    held->reached_ns = done_ns;
    return why_not;
}

const struct violations *held_found(void *self)
{
    struct held_trial *held = self;
    if (held->history.count != held->judged_count) {
        forget_judgement(held);
        if (!checks_judge(&held->history, &held->judged)) {
            return NULL;
        }
        held->judged_count = held->history.count;
    }
    return held->judged_count > 0 ? &held->judged.violations : NULL;
}
