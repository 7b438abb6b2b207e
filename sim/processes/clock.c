/* The verb on clocks. A process's own monotonic clock lies in its slot: the process adds the skew
 * to what the machine's clock says. A private server's wall clock, and a program's, are shifted by
 * the library that they were started with (preload.h). */
#include <assert.h>

#include "sim/processes/program.h"
#include "sim/processes/run_parts.h"
#include "sim/processes/server_verbs.h"

static void set(struct shared_skew *shared, const struct clock_order *order)
{
    struct skew skew = skew_read(shared);
    skew_set(&skew, monotonic_ns(), 0, order);
    skew_publish(shared, &skew);
}

/* A program that is dead is started with the clock as it is then. What takes a fault back is done
 * in any case. */
static bool set_of_program(struct run *run, uint16_t id, const struct clock_order *order)
{
    bool right = order->shift_ns == 0 && order->drift_ppm == 0;
    assert(run->clocks && run->clocks[id].shared); /* the scenario has such a fault for it */
    if (!right && run->pids[id] > 0 && !run_goes_by_library(run, id)) {
        return false;
    }
    set(&run->clocks[id].shared->wall, order);
    return true;
}

bool clock_verb(void *self, struct fault_place at, const struct clock_order *order)
{
    struct run *run = self;
    if (at.id == HISTORY_HARNESS) {
        if (!run->common->program) {
            return false; /* not ours; such scenarios are refused before they start */
        }
        assert(order->wall && run->servers[at.server].process.preloading.shared);
        set(&run->servers[at.server].process.preloading.shared->wall, order);
        run_note_time(&run->servers[at.server]);
        return true;
    }
    assert(!order->wall);
    if (run_is_program(run, at.id)) {
        return set_of_program(run, at.id, order);
    }
    set(&run->shared->slots[at.id].skew, order);
    slot_wake(&run->shared->slots[at.id]); /* its waits end at another time now */
    return true;
}
