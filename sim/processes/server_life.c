/* The life of a private server under faults: it stalls, crashes, loses its power, and starts again.
 *
 *     BOOTS ──answers──▶ UP ──stall──▶ STALLED ──go on──▶ UP
 *       ▲                 └────────────────┴──crash, power loss──▶ DOWN
 *       └──────────────────────────restart────────────────────────┘
 *
 * A restarted server has the same socket and the same files. Members find it again by themselves;
 * the driver looks for it in every turn, and has no business with it while it does not answer. */
#include <assert.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "sim/processes/run.h"
#include "sim/processes/server_verbs.h"

/* --- coming up -------------------------------------------------------------------------------- */

/* A server cannot run a command without asking what time it is. */
static bool goes_by_preload(struct run *run)
{
    struct preload *preload = run->server.preloading.shared;
    if (!preload) {
        return true;
    }
    atomic_store(&preload->asked, 0);
    return run_redis_answers(run) && atomic_load(&preload->asked) == 1;
}

bool run_server_came_up(struct run *run)
{
    if (!run_redis_answers(run) || (run->common->program && !run_subscribe(run))) {
        return false;
    }
    if (!goes_by_preload(run)) {
        run_fail(run,
                 "%.100s does not use %s, without which its clock and power cannot be touched: it "
                 "is linked statically, or something forbids LD_PRELOAD; try another "
                 "--redis-server",
                 run->common->program->path, PRELOAD_LIBRARY);
        return false;
    }
    if (run->common->program && !server_prepare_refusals(run)) {
        return false;
    }
    run->server.state = SERVER_UP;
    run_note_time(run);
    return true;
}

/* Whoever believed to hold the lock when the server went may have lost it with the server's memory.
 * If there is one, it may be that of another, who has asked for it since. */
static void note_lost_lock(struct run *run)
{
    char there[40], own[33];
    bool held = false, kept = false;
    run_look(run);
    int found = server_lock_string(run, there, sizeof there);
    for (uint32_t id = 0; id <= run->scenario->settings.nodes; id++) {
        if (run->members[id].alive && run->members[id].claim.in_section) {
            slot_lock_token(run->shared, &run->shared->slots[id], run->server.gone_ns, own);
            held = held || own[0];
            kept = kept || (own[0] && strcmp(own, there) == 0);
        }
    }
    if (found >= 0 && held && !kept) {
        run_lock_gone(run, "did not survive the restart of the Redis");
    }
}

void run_mind_server(struct run *run)
{
    if (!run->common->program || run->server.state != SERVER_BOOTS) {
        return;
    }
    if (run_server_came_up(run)) {
        run->loading_until_ns = monotonic_ns();
        note_lost_lock(run);
        server_recover_pending(run);
        server_apply_again(run);
    } else if (monotonic_ns() >= run->boot_until_ns) {
        run_fail_link(run, "after its restart: ");
    }
}

struct server_options run_server_options(const struct run *run)
{
    return (struct server_options){.program = run->common->program,
                                   .guardian = run->common->guardian,
                                   .clients = slots_of(run) + 64,
                                   .persistence = (enum persistence)run->scenario->persistence,
                                   .preload = run_needs_preload(run->scenario)};
}

/* --- stalls ----------------------------------------------------------------------------------- */

bool server_stall(struct run *run)
{
    int status = 0;
    struct server *server = &run->server;
    if (server->state != SERVER_UP) {
        return false;
    }
    if (!run_strike(run, run->common->program->name, server->pid, SIGSTOP, &status)) {
        return false;
    }
    if (!WIFSTOPPED(status)) {
        run->child_changed(run, server->pid, status); /* it has died just now, by itself */
        return false;
    }
    server->state = SERVER_STALLED;
    run_note_time(run);
    return true;
}

bool server_go_on(struct run *run)
{
    if (run->server.state != SERVER_STALLED) {
        return false;
    }
    if (!run_wake(run, run->common->program->name, run->server.pid)) {
        return false;
    }
    run->server.state = SERVER_UP;
    run_note_time(run);
    server_recover_pending(run);
    return true;
}

/* --- deaths ----------------------------------------------------------------------------------- */

/* What it has said to the subscription is heard first. */
void server_is_gone(struct run *run)
{
    run->server.state = SERVER_DOWN;
    run->server.gone_ns = monotonic_ns();
    run_tell_relay_of_death(run);
    run_note_time(run);
    run_listen(run);
    link_close(&run->subscription);
    link_close(&run->control);
}

bool server_crash(struct run *run)
{
    int status = 0;
    struct server *server = &run->server;
    if (server->pid == 0) {
        return false;
    }
    if (!run_strike(run, run->common->program->name, server->pid, SIGKILL, &status)) {
        return false;
    }
    server->pid = 0;
    server_is_gone(run);
    return true;
}

bool server_power_loss(struct run *run)
{
    char data[128];
    char error[240];
    assert(run->server.preloading.shared);
    if (!server_crash(run)) {
        return false;
    }
    server_data(&run->server, data, sizeof data);
    if (!preload_cut_power(&run->server.preloading, data, error, sizeof error)) {
        run_fail(run, "%s", error);
    }
    return true;
}

bool server_restart(struct run *run)
{
    char error[256];
    struct server_options options = run_server_options(run);
    bool in_force = run->oom_until_ns == INT64_MAX && !(run->pending & 1u << SERVER_OOM);
    options.oom = in_force; /* such a fault outlasts the server's death */
    options.refuses = run->refusals != 0;
    if (run->server.state != SERVER_DOWN) {
        return false;
    }
    if (!server_start_again(&run->server, &options, error, sizeof error)) {
        run_fail(run, "%s", error);
        return false;
    }
    run->boot_until_ns = monotonic_ns() + BOOT_TIMEOUT_NS;
    run->loading_until_ns = INT64_MAX;
    if (options.refuses) {
        run->refuses_until_ns[REFUSAL_NOREPLICAS] = INT64_MAX; /* until it is told more */
    }
    return true;
}
