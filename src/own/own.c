/* The protocols of a cluster of which every member is a program of the user's: no machine of ours
 * takes part, so they say only what is to be expected of the programs. See protocol.h.
 *
 *     own_lock      they take a lock in turn; nobody is elected
 *     own_leader    they elect a leader, who holds the lock for as long as it leads
 *
 * Both are known by what the programs claim, or by their traffic. */
#include <assert.h>

#include "src/process.h"
#include "src/protocol.h"

static void step(const struct settings *settings, struct process *process,
                 const struct event *event, struct action *action)
{
    (void)settings;
    assert(process->id > 0 && event);
    action->stop = true; /* there is no machine of ours */
}

static uint32_t lock_moments(const struct settings *settings, uint16_t id)
{
    (void)settings;
    (void)id;
    return 1u << MOMENT_EXTENDS_LOCK | 1u << MOMENT_STOPS;
}

static uint32_t leader_moments(const struct settings *settings, uint16_t id)
{
    (void)settings;
    (void)id;
    return 1u << MOMENT_EXTENDS_LOCK | 1u << MOMENT_LEADS | 1u << MOMENT_RESIGNS |
           1u << MOMENT_FOLLOWS | 1u << MOMENT_STOPS;
}

static bool nobody_may_lead(const struct settings *settings, const struct truth *truth,
                            int32_t leader, int32_t incumbent)
{
    (void)settings;
    (void)truth;
    (void)leader;
    (void)incumbent;
    return false;
}

/* Any that runs. */
static bool anybody_may_lead(const struct settings *settings, const struct truth *truth,
                             int32_t leader, int32_t incumbent)
{
    (void)settings;
    (void)incumbent;
    int32_t place = truth_find(truth, leader);
    return place >= 0 && truth->up[place];
}

static const struct param_row no_params[] = {{.type = PARAM_NONE}};
static const char *const no_texts[] = {NULL};
static const char *const reasons[] = {NULL, "its own rules", NULL};
static const uint16_t no_times[] = {NO_MORE_TIMES};

const struct protocol_row protocol_own_lock = {
    .name = "own_lock",
    .summary = "programs of yours that take a lock in turn; nobody is elected",
    .topologies = 1u << TOPOLOGY_SINGLE | 1u << TOPOLOGY_INDEPENDENT,
    .params = no_params,
    .foreign = true,
    .texts = no_texts,
    .reasons = reasons,
    .times = no_times,
    .step = step,
    .moments = lock_moments,
    .acceptable = nobody_may_lead,
};

const struct protocol_row protocol_own_leader = {
    .name = "own_leader",
    .summary = "programs of yours that elect a leader, who holds the lock while it leads",
    .topologies = 1u << TOPOLOGY_SINGLE | 1u << TOPOLOGY_INDEPENDENT,
    .params = no_params,
    .foreign = true,
    .holds_on = true,
    .texts = no_texts,
    .reasons = reasons,
    .times = no_times,
    .step = step,
    .moments = leader_moments,
    .acceptable = anybody_may_lead,
};
