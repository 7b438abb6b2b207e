/* The table of protocols, and the step that goes through it. See protocol.h for how to add one. */
#include "src/protocol.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "src/lock/lock.h"
#include "src/work.h"

const struct protocol_row *const protocol_rows[] = {
    &protocol_article, &protocol_lease, &protocol_own_lock, &protocol_own_leader, NULL,
};

struct process process_new(uint16_t id)
{
    struct process process;
    assert(id <= NODE_ID_MAX);
    memset(&process, 0, sizeof process);
    process.id = id;
    process.claim.follows = NOBODY;
    process.claim.status = STATUS_PREPARE;
    process.claim.until_ns = INT64_MAX;
    return process;
}

bool protocol_has_master(const struct settings *settings)
{
    return protocol_rows[settings->row[OWNER_PROTOCOL]]->has_master;
}

uint16_t protocol_first_id(const struct settings *settings)
{
    return protocol_has_master(settings) ? MASTER_ID : 1;
}

uint32_t protocol_moments(const struct settings *settings, uint16_t id)
{
    const uint32_t extends = 1u << MOMENT_EXTENDS_LOCK;
    if (id < protocol_first_id(settings)) {
        return 0;
    }
    uint32_t own = protocol_rows[settings->row[OWNER_PROTOCOL]]->moments(settings, id);
    uint32_t locks = lock_rows[settings->row[OWNER_LOCK]]->moments;
    uint32_t work = settings->work_every_ns > 0 ? 1u << MOMENT_WRITES : 0;
    return (own & ~extends) | (locks & ~extends) | (own & locks & extends) | work;
}

uint32_t protocol_asks(const struct settings *settings)
{
    const struct lock_row *lock = lock_rows[settings->row[OWNER_LOCK]];
    bool extends = protocol_moments(settings, 1) & 1u << MOMENT_EXTENDS_LOCK;
    return protocol_rows[settings->row[OWNER_PROTOCOL]]->asks | lock->asks |
           (extends ? lock->extends_by : 0) | (settings->fencing ? lock->fences_by : 0);
}

uint32_t protocol_all_moments(const struct settings *settings)
{
    uint32_t moments = protocol_moments(settings, MASTER_ID);
    /* Node 1 stands for all nodes. */
    assert(settings->nodes == 0 ||
           protocol_moments(settings, 1) == protocol_moments(settings, settings->nodes));
    return settings->nodes > 0 ? moments | protocol_moments(settings, 1) : moments;
}

bool protocol_has_statuses(const struct settings *settings)
{
    return protocol_all_moments(settings) & 1u << MOMENT_REPORTS;
}

bool protocol_holds_on(const struct settings *settings)
{
    assert(settings->row[OWNER_PROTOCOL] < UINT8_MAX);
    return protocol_rows[settings->row[OWNER_PROTOCOL]]->holds_on;
}

bool protocol_has_leaders(const struct settings *settings)
{
    return protocol_all_moments(settings) & 1u << MOMENT_LEADS;
}

bool protocol_is_foreign(const struct settings *settings)
{
    assert(settings->row[OWNER_PROTOCOL] < UINT8_MAX);
    return protocol_rows[settings->row[OWNER_PROTOCOL]]->foreign;
}

bool protocol_leads_by_claim(const struct settings *settings)
{
    uint32_t moments = protocol_all_moments(settings);
    return moments & 1u << MOMENT_LEADS && !(moments & 1u << MOMENT_PUBLISHES);
}

const char *process_why(const struct settings *settings, uint16_t why)
{
    unsigned text = (why & 0xffu) - 1;
    assert(why >> 8 < OWNERS);
    if (why == 0) {
        return NULL;
    }
    return why >> 8 == OWNER_LOCK ? lock_text(settings, text)
                                  : protocol_rows[settings->row[OWNER_PROTOCOL]]->texts[text];
}

const char *process_why_asked(const struct settings *settings, const struct process *process,
                              const struct action *action, const struct request *request)
{
    assert(request->op < STORE_OPS);
    if (request->tag != TAG_WORK) {
        return process_why(settings, action->why);
    }
    return work_texts[process->work.begins ? WORK_BEGINS : WORK_GOES_ON];
}

const char *protocol_clash(const struct settings *settings, const char **hint)
{
    const struct protocol_row *protocol = protocol_rows[settings->row[OWNER_PROTOCOL]];
    return protocol->clash ? protocol->clash(settings, hint) : NULL;
}

const char *protocol_reason(const struct settings *settings, unsigned reason)
{
    const char *const *reasons = protocol_rows[settings->row[OWNER_PROTOCOL]]->reasons;
    unsigned last = 0;
    while (reasons[last + 1]) {
        last++;
    }
    return reason == 0 || reason > last ? NULL : reasons[reason];
}

int32_t truth_find(const struct truth *truth, int32_t id)
{
    uint32_t low = 0, high = truth->live.count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (truth->live.votes[middle].id < id) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    bool found = low < truth->live.count && truth->live.votes[low].id == id;
    return found ? (int32_t)low : -1;
}

/* --- moving in time --------------------------------------------------------------------------- */

static void shift(int64_t *time_ns, int64_t by_ns)
{
    bool is_time = *time_ns != 0 && *time_ns != INT64_MAX;
    *time_ns += is_time ? by_ns : 0;
}

static void shift_own(int64_t *own, const uint16_t *times, int64_t by_ns)
{
    for (; *times != NO_MORE_TIMES; times++) {
        assert(*times % sizeof *own == 0);
        shift(&own[*times / sizeof *own], by_ns);
    }
}

void process_shift(const struct settings *settings, struct process *process, int64_t by_ns)
{
    shift(&process->claim.until_ns, by_ns);
    shift(&process->lock.asked_ns, by_ns);
    shift(&process->lock.valid_until_ns, by_ns);
    shift(&process->work.sent_ns, by_ns);
    shift_own(process->lock.own, lock_rows[settings->row[OWNER_LOCK]]->times, by_ns);
    shift_own(process->own, protocol_rows[settings->row[OWNER_PROTOCOL]]->times, by_ns);
}

/* --- steps ------------------------------------------------------------------------------------ */

/* Whether a protocol or its lock may ask this of the store, or its work of the resource. What
 * extends the lock is not looked up unless it must be: this is asked at every step. */
static bool may_ask(const struct settings *settings, const struct request *request)
{
    uint32_t op = 1u << request->op;
    if (request->tag == TAG_WORK) {
        return settings->work_every_ns > 0 && request->op == STORE_WRITE &&
               request->server == settings_resource(settings);
    }
    uint32_t always = protocol_rows[settings->row[OWNER_PROTOCOL]]->asks |
                      lock_rows[settings->row[OWNER_LOCK]]->asks;
    return request->server < settings->servers && request->tag < TAGS &&
           (always & op || protocol_asks(settings) & op);
}

static bool is_in_order(const struct settings *settings, const struct action *action)
{
    uint32_t tags = 0;
    for (int i = 0; i < action->sends; i++) {
        const struct request *request = &action->send[i];
        if (!may_ask(settings, request) || tags & 1u << request->tag) {
            return false;
        }
        tags |= 1u << request->tag;
    }
    const struct wake *wake = &action->wake[TIMER_PROTOCOL];
    return action->sends <= SENDS_MAX && !(action->stop && action->sends) && 0 <= wake->min_ns &&
           wake->min_ns <= wake->max_ns;
}

void process_step(const struct settings *settings, struct process *process,
                  const struct event *event, struct action *action)
{
    memset(action, 0, offsetof(struct action, send));
    action->decided.leader = NOBODY;
    bool works = settings->work_every_ns > 0;
    if (!works || !work_takes(event)) {
        protocol_rows[settings->row[OWNER_PROTOCOL]]->step(settings, process, event, action);
    }
    if (works) {
        bool leaders = protocol_all_moments(settings) & 1u << MOMENT_LEADS;
        work_step(settings, leaders, process, event, action);
    }
    assert(is_in_order(settings, action));
}
