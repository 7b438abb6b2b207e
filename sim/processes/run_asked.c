/* One trial on real processes: what the driver asks of it: what to listen to, when the next turn is
 * due, how far it is. See run.h. */
#include <assert.h>

#include "sim/processes/run_parts.h"
#include "sim/processes/server_verbs.h"

int run_heard_fd(const struct run *run, uint8_t number)
{
    assert(number < run->scenario->settings.servers);
    const struct trial_server *server = &run->servers[number];
    const struct link *link = &server->subscription;
    return link->redis && run->state != RUN_BOOTING ? link->redis->fd : -1;
}

void run_listen(struct run *run, uint8_t number)
{
    if (run_heard_fd(run, number) < 0) {
        return;
    }
    if (run->common->program) {
        server_listen(&run->servers[number]);
    } else {
        run_listen_to_redis(run);
    }
}

static bool one_boots(const struct run *run)
{
    bool boots = false;
    for (int i = 0; i < run->scenario->settings.servers && run->common->program; i++) {
        boots = boots || run->servers[i].process.state == SERVER_BOOTS;
    }
    return boots;
}

/* A member that is stopped in the middle of telling us something keeps the others' words from us,
 * as they find it said: so we look now and then even if nobody calls. */
#define LOOK_EVERY_NS (20 * NS_PER_MS)

int64_t run_due(const struct run *run)
{
    int64_t look = monotonic_ns() + LOOK_EVERY_NS;
    int64_t due = run->state_until_ns < look ? run->state_until_ns : look;
    if (run->state == RUN_BOOTING || run->state == RUN_LEAVING || one_boots(run)) {
        return monotonic_ns() + NS_PER_MS;
    }
    if (run->state == RUN_SAFETY) {
        int64_t fault = nemesis_due(&run->nemesis);
        due = fault < due - run->t0_ns ? fault + run->t0_ns : due;
        for (uint32_t id = first_of(run); id < slots_of(run); id++) {
            int64_t start = run->starts_ns[id];
            due = start < due - run->t0_ns ? start + run->t0_ns : due;
        }
    }
    return due;
}

struct progress run_progress(const struct run *run, uint32_t trials)
{
    bool begun = run->t0_ns != 0;
    assert(run->number > 0 && run->number <= trials);
    return (struct progress){
        .scenario = run->scenario,
        .trial = run->number,
        .trials = trials,
        .now_ns = begun ? monotonic_ns() - run->t0_ns : -1,
        .end_ns = run->scenario->duration_ns,
        .phase = run->state == RUN_LIVENESS ? PHASE_LIVENESS : PHASE_SAFETY,
        .processes = run->members,
        .last_fault = run->nemesis.last,
        .last_fault_ns = run->nemesis.last_ns,
    };
}
