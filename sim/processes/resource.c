/* One trial on real processes: the protected resource, to which members write as their work. It is
 * a private server whatever the Redis is, and goes with the trial. See run.h. */
#include <assert.h>
#include <stdio.h>

#include "sim/processes/run_parts.h"

static bool is_wanted(const struct run *run)
{
    return run->scenario->settings.work_every_ns > 0;
}

bool run_start_resource(struct run *run)
{
    struct run_resource *resource = &run->resource;
    const struct server_options options = {.program = run->common->resource,
                                           .guardian = run->common->guardian,
                                           .clients = slots_of(run) + 64,
                                           .persistence = PERSIST_NONE};
    char folder[112];
    if (!is_wanted(run)) {
        return true;
    }
    assert(options.program && resource->process.pid == 0);
    snprintf(folder, sizeof folder, "%.90s/%u-resource", run->common->guardian->folder,
             run->number);
    if (!server_start(&resource->process, &options, folder, run->error, sizeof run->error)) {
        run->failed = true;
        return false;
    }
    link_init(&resource->control, &resource->process.address, "", 1000);
    return true;
}

bool run_resource_came_up(struct run *run)
{
    struct run_resource *resource = &run->resource;
    char telling[LINK_TELLING];
    if (!is_wanted(run) || resource->process.state == SERVER_UP) {
        return true;
    }
    assert(run->state == RUN_BOOTING);
    if (link_try_ping(&resource->control) == LINK_ANSWERED) {
        resource->process.state = SERVER_UP;
        link_close(&resource->control);
    } else if (monotonic_ns() >= run->state_until_ns) {
        link_tell(&resource->control, telling, sizeof telling);
        run_fail(run, "the resource: %s", telling);
    }
    return resource->process.state == SERVER_UP;
}

void run_stop_resource(struct run *run)
{
    if (is_wanted(run)) {
        link_close(&run->resource.control);
        server_stop(&run->resource.process);
    }
}
