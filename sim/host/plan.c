/* What is settled about a trial before it begins. See plan.h. */
#include "sim/host/plan.h"

#include <assert.h>
#include <stdio.h>

#include "sim/host/rng.h"
#include "src/protocol.h"

void plan_starts(const struct scenario *scenario, uint64_t seed, int64_t *starts_ns)
{
    uint64_t rng = seed ^ 0x737461727473ULL; /* another stream than the hosts' own random numbers */
    starts_ns[MASTER_ID] = INT64_MAX;        /* if there is no master */
    for (uint32_t id = protocol_first_id(&scenario->settings); id <= scenario->settings.nodes;
         id++) {
        const struct start *start = &scenario->starts[id];
        switch ((enum start_kind)start->kind) {
        case START_AT:
            starts_ns[id] = start->time_ns;
            break;
        case START_WITHIN:
            starts_ns[id] = rng_between(&rng, 0, start->time_ns > 0 ? start->time_ns - 1 : 0);
            break;
        case START_ALL_REPORTED:
            starts_ns[id] = INT64_MAX;
            break;
        }
        assert(starts_ns[id] >= 0);
    }
}

void plan_facts(const struct scenario *scenario, const char *host, uint32_t trial, uint64_t seed,
                struct history_facts *facts)
{
    *facts = (struct history_facts){.trial = trial,
                                    .seed = seed,
                                    .settings = scenario->settings,
                                    .settles_within_ns = scenario->expect.settles_within_ns,
                                    .lock_within_ns = scenario->expect.lock_within_ns,
                                    .heals = scenario->heal,
                                    .programs = scenario->programs != NULL};
    snprintf(facts->scenario, sizeof facts->scenario, "%s", scenario->name);
    snprintf(facts->host, sizeof facts->host, "%s", host);
}
