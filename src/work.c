/* Work. See work.h. */
#include "src/work.h"

const char *const work_texts[WORK_TEXTS] = {
    [WORK_BEGINS] = "begins to work: the barrier write",
    [WORK_GOES_ON] = "works",
};

static enum works works_by(const struct claim *claim, bool leaders)
{
    bool works = leaders ? claim->leads : claim->in_section;
    return !works ? WORKS_NOT : leaders ? WORKS_AS_LEADER : WORKS_AS_HOLDER;
}

/* A number of the grant that another one of this member has not. */
static uint64_t grant_of(const struct process *process, enum works works)
{
    return works == WORKS_AS_LEADER   ? process->claim.term
           : works == WORKS_AS_HOLDER ? process->lock.token.low
                                      : 0;
}

static void write_next(const struct settings *settings, struct process *process,
                       const struct event *event, struct action *action)
{
    struct work *work = &process->work;
    assert(!work->outstanding && work->works != WORKS_NOT);
    struct request *request = action_send(action, STORE_WRITE, KEY_WRITES, MOMENT_WRITES);
    request->server = settings_resource(settings);
    request->tag = TAG_WORK;
    request->value.number = process->claim.in_section ? process->lock.epoch : 0;
    work->begins = work->sent_ns == 0;
    work->outstanding = 1;
    work->sent_ns = event->now_ns;
}

/* Whatever the former grant has under way is no longer waited for. */
static void begin_anew(struct work *work, enum works works, uint64_t grant, struct action *action)
{
    assert(works != WORKS_NOT || grant == 0);
    if (work->outstanding) {
        action->drop |= 1u << TAG_WORK;
    }
    action->wake[TIMER_WORK].order = TIMER_CANCEL;
    *work = (struct work){.grant = grant, .works = (uint8_t)works};
}

/* The rest of the time until the next write is due. A clock that jumped does not count. */
static void rest(const struct settings *settings, const struct work *work,
                 const struct event *event, struct action *action)
{
    int64_t since_ns = event->now_ns - work->sent_ns;
    int64_t left_ns = settings->work_every_ns - (since_ns > 0 ? since_ns : 0);
    assert(settings->work_every_ns > 0 && left_ns <= settings->work_every_ns);
    left_ns = left_ns > 0 ? left_ns : 0;
    action_wake(action, TIMER_WORK, left_ns, left_ns);
}

void work_step(const struct settings *settings, bool leaders, struct process *process,
               const struct event *event, struct action *action)
{
    struct work *work = &process->work;
    enum works works = works_by(&process->claim, leaders);
    uint64_t grant = grant_of(process, works);
    bool answered = event->kind == EVENT_REPLY && event->tag == TAG_WORK;
    bool woke = event->kind == EVENT_WOKE && event->timer == TIMER_WORK;
    assert(!answered || work->outstanding);
    if (answered) {
        work->outstanding = 0;
    }
    if (action->stop) {
        return;
    }
    if (works != work->works || grant != work->grant) {
        begin_anew(work, works, grant, action);
        if (works != WORKS_NOT) {
            write_next(settings, process, event, action);
        }
    } else if (answered) {
        rest(settings, work, event, action);
    } else if (woke) {
        write_next(settings, process, event, action);
    }
}
