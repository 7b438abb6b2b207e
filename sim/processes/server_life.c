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

#include "sim/processes/run_parts.h"
#include "sim/processes/server_verbs.h"

bool run_needs_preload(const struct scenario *scenario)
{
    for (uint32_t i = 0; i < scenario->fault_count; i++) {
        const struct fault_spec *spec = &scenario->faults[i];
        if (spec->target.kind == TARGET_REDIS && fault_rows[spec->kind]->through_preload) {
            return true;
        }
    }
    return false;
}

struct server_options run_server_options(const struct run *run)
{
    assert(run->common->program);
    return (struct server_options){.program = run->common->program,
                                   .guardian = run->common->guardian,
                                   .clients = slots_of(run) + 64,
                                   .persistence = (enum persistence)run->scenario->persistence,
                                   .preload = run_needs_preload(run->scenario)};
}

/* Only who has a process boots, is up or is stalled; a Redis of the user's is up, or not yet. */
void server_enter(struct trial_server *server, enum server_state state)
{
    struct server *process = &server->process;
    assert(state != process->state && state != SERVER_BOOTS);
    assert((process->pid > 0) == (state != SERVER_DOWN && server->run->common->program));
    process->state = (uint8_t)state;
    run_note_time(server);
}

/* --- coming up -------------------------------------------------------------------------------- */

/* A server cannot run a command without asking what time it is. */
static bool goes_by_preload(struct trial_server *server)
{
    struct preload *preload = server->process.preloading.shared;
    if (!preload) {
        assert(!run_needs_preload(server->run->scenario));
        return true;
    }
    atomic_store(&preload->asked, 0);
    return link_pings(&server->control) && atomic_load(&preload->asked) == 1;
}

/* What a private server takes before it is of use. */
static bool is_prepared(struct trial_server *server)
{
    assert(server->run->common->program);
    if (!goes_by_preload(server)) {
        run_fail(server->run,
                 "%.100s does not use %s, without which its clock and power cannot be touched: it "
                 "is linked statically, or something forbids LD_PRELOAD; try another "
                 "--redis-server",
                 server->run->common->program->path, PRELOAD_LIBRARY);
        return false;
    }
    return server_prepare_refusals(server) && run_subscribe(server);
}

bool run_server_came_up(struct trial_server *server)
{
    assert(server->process.state == SERVER_BOOTS);
    if (link_try_ping(&server->control) != LINK_ANSWERED ||
        (server->run->common->program && !is_prepared(server))) {
        return false;
    }
    server_enter(server, SERVER_UP);
    return true;
}

/* Whoever believed to hold the lock when the server went may have lost it with the server's memory.
 * If there is one, it may be that of another, who has asked for it since. */
static void note_lost_lock(struct trial_server *server)
{
    struct run *run = server->run;
    struct token there, own;
    bool held = false, kept = false;
    assert(server->process.gone_ns > 0);
    run_look(run);
    int found = server_lock_token(server, &there);
    for (uint32_t id = 0; id <= run->scenario->settings.nodes; id++) {
        if (run->members[id].alive && run->members[id].claim.in_section) {
            bool had = slot_lock_token(run->shared, (uint16_t)id, server->index,
                                       server->process.gone_ns, &own);
            held = held || had;
            kept = kept || (had && found == 1 && token_equal(own, there));
        }
    }
    if (found >= 0 && held && !kept) {
        run_lock_gone(server, "did not survive the restart of the Redis");
    }
}

static void mind_server(struct trial_server *server)
{
    if (!server->run->common->program || server->process.state != SERVER_BOOTS) {
        return;
    }
    assert(server->boot_until_ns > 0);
    if (run_server_came_up(server)) {
        server->loading_until_ns = monotonic_ns();
        note_lost_lock(server);
        server_recover_pending(server);
        server_apply_again(server);
    } else if (monotonic_ns() >= server->boot_until_ns) {
        run_fail_link(server, "after its restart: ");
    }
}

void run_mind_servers(struct run *run)
{
    for (int i = 0; i < run->scenario->settings.servers; i++) {
        mind_server(&run->servers[i]);
    }
}

/* --- stalls ----------------------------------------------------------------------------------- */

bool server_stall(struct trial_server *server)
{
    int status = 0;
    struct server *process = &server->process;
    if (process->state != SERVER_UP) {
        return false;
    }
    if (!run_strike(server->run, server->run->common->program->name, process->pid, SIGSTOP,
                    &status)) {
        return false;
    }
    if (!WIFSTOPPED(status)) {
        server->run->child_changed(server->run, process->pid,
                                   status); /* it has died just now, by itself */
        return false;
    }
    server_enter(server, SERVER_STALLED);
    return true;
}

bool server_go_on(struct trial_server *server)
{
    if (server->process.state != SERVER_STALLED) {
        return false;
    }
    if (!run_wake(server->run, server->run->common->program->name, server->process.pid)) {
        return false;
    }
    server_enter(server, SERVER_UP);
    server_recover_pending(server);
    return true;
}

/* --- deaths ----------------------------------------------------------------------------------- */

/* What it has said to the subscription is heard first. */
void server_is_gone(struct trial_server *server)
{
    server_enter(server, SERVER_DOWN);
    server->process.gone_ns = monotonic_ns();
    run_tell_relay_of_death(server);
    server_listen(server);
    link_close(&server->subscription);
    link_close(&server->control);
}

bool server_crash(struct trial_server *server)
{
    int status = 0;
    struct server *process = &server->process;
    assert((process->pid == 0) == (process->state == SERVER_DOWN));
    if (process->pid == 0) {
        return false;
    }
    if (!run_strike(server->run, server->run->common->program->name, process->pid, SIGKILL,
                    &status)) {
        return false;
    }
    process->pid = 0;
    server_is_gone(server);
    return true;
}

bool server_power_loss(struct trial_server *server)
{
    char data[128];
    char error[240];
    assert(server->process.preloading.shared);
    if (!server_crash(server)) {
        return false;
    }
    server_data(&server->process, data, sizeof data);
    if (!preload_cut_power(&server->process.preloading, data, error, sizeof error)) {
        run_fail(server->run, "%s", error);
    }
    return true;
}

bool server_restart(struct trial_server *server)
{
    char error[256];
    struct server_options options = run_server_options(server->run);
    bool in_force = server->oom_until_ns == INT64_MAX && !(server->pending & 1u << SERVER_OOM);
    options.oom = in_force; /* such a fault outlasts the server's death */
    options.refuses = server->refusals != 0;
    if (server->process.state != SERVER_DOWN) {
        return false;
    }
    assert(server->process.pid == 0);
    if (!server_start_again(&server->process, &options, error, sizeof error)) {
        run_fail(server->run, "%s", error);
        return false;
    }
    server->boot_until_ns = monotonic_ns() + BOOT_TIMEOUT_NS;
    server->loading_until_ns = INT64_MAX;
    server->spoils_save = false;
    if (options.refuses) {
        server->refuses_until_ns[REFUSAL_NOREPLICAS] = INT64_MAX; /* until it is told more */
    }
    return true;
}
