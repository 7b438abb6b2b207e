/* One trial on real processes: its beginning, its people, its end. See run.h. */
#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/host/plan.h"
#include "sim/processes/member.h"
#include "sim/processes/run_parts.h"
#include "sim/processes/server_verbs.h"
#include "sim/text/errors.h"
#include "src/protocol.h"
#include "src/units.h"

/* --- the beginning ---------------------------------------------------------------------------- */

static bool allocate(struct run *run)
{
    size_t count = slots_of(run);
    assert(count > 1);
    run->shared = shared_map((uint32_t)count + 1); /* one is the relay's */
    run->notify_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    run->pids = calloc(count, sizeof *run->pids);
    run->members = calloc(count, sizeof *run->members);
    run->starts_ns = calloc(count, sizeof *run->starts_ns);
    run->handled = calloc(count, sizeof *run->handled);
    run->clocks = calloc(count, sizeof *run->clocks);
    if (!run->shared || run->notify_fd < 0 || !run->pids || !run->members || !run->starts_ns ||
        !run->handled || !run->clocks) {
        run_fail(run, "cannot get memory and descriptors for %zu processes: %s%s", count,
                 error_words(errno),
                 errno == EMFILE ? "; raise the limit of open files (ulimit -n)" : "");
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        run->members[i].claim.follows = NOBODY;
    }
    return true;
}

/* Fills run->servers[index], and starts a private one. */
static bool start_server(struct run *run, uint8_t index)
{
    const struct run_common *common = run->common;
    struct trial_server *server = &run->servers[index];
    struct address address = common->address;
    char folder[112];
    assert(!server->run && index < SERVERS_MAX);
    server->run = run;
    server->index = index;
    if (common->program) {
        bool several = run->scenario->settings.servers > 1;
        struct server_options options = run_server_options(run);
        snprintf(folder, sizeof folder, several ? "%.95s/%u-%u" : "%.95s/%u",
                 common->guardian->folder, run->number, index + 1u);
        if (!server_start(&server->process, &options, folder, run->error, sizeof run->error)) {
            run->failed = true;
            return false;
        }
        address = server->process.address;
    }
    link_init(&server->control, &address, run->prefix, 1000);
    link_init(&server->subscription, &address, run->prefix, 1000);
    wire_keys_move_lock(&server->control.keys, run->scenario->lock_key);
    wire_keys_move_lock(&server->subscription.keys, run->scenario->lock_key);
    return true;
}

static bool start_servers(struct run *run)
{
    if (!run->common->program) {
        snprintf(run->prefix, sizeof run->prefix, "%s%u:", run->common->prefix, run->number);
    }
    bool good = true;
    for (uint8_t i = 0; i < run->scenario->settings.servers; i++) {
        good = good && start_server(run, i);
    }
    return good;
}

static int64_t now(void *self)
{
    const struct run *run = self;
    assert(run->t0_ns > 0);
    return monotonic_ns() - run->t0_ns;
}

static void tell_undecided(void *self, const char *why)
{
    run_tell(self, HISTORY_UNDECIDED, (struct fault_place){.id = HISTORY_HARNESS}, "%s", why);
}

bool run_begin(struct run *run, const struct run_common *common, uint32_t number, uint64_t seed)
{
    assert(number > 0);
    memset(run, 0, sizeof *run);
    run->common = common;
    run->scenario = common->scenario;
    run->number = number;
    run->seed = seed;
    run->notify_fd = -1;
    run->child_changed = run_child_changed;
    run->state = RUN_BOOTING;
    run->state_until_ns = monotonic_ns() + BOOT_TIMEOUT_NS;
    run->ops = *common->host->verbs;
    run->ops.self = run;
    if (!allocate(run) || !start_servers(run) || !run_open_clocks(run) ||
        !run_start_resource(run)) {
        run->state = RUN_OVER;
        return false;
    }
    const struct record record = {.self = run,
                                  .event = run_record,
                                  .amend = run_amend,
                                  .now = now,
                                  .undecided = tell_undecided};
    if (!nemesis_begin(&run->nemesis, run->scenario, seed, &run->ops, run->members,
                       &run->shared->breakpoints, &record)) {
        run_fail(run, "out of memory");
        run->state = RUN_OVER;
    }
    assert(run->failed == (run->state == RUN_OVER));
    return !run->failed;
}

/* --- the end ---------------------------------------------------------------------------------- */

/* What the members did between the end and their death does not belong to the trial. */
static void cut_after_end(struct history *history)
{
    for (size_t i = 0; i < history->count; i++) {
        const struct history_event *event = &history->events[i];
        if (event->kind == HISTORY_PHASE && event->phase == PHASE_END) {
            history->count = i + 1;
            return;
        }
    }
}

static void collect(struct run *run, struct trial *trial)
{
    plan_facts(run->scenario, run->common->host->name, run->number, run->seed,
               &trial->history.facts);
    if (run->t0_ns == 0) {
        return; /* it never began */
    }
    assert(run->relay.pid == 0 && trial->history.count == 0);
    bool whole = shared_collect(run->shared, &run->own, run->t0_ns, &trial->history);
    for (uint8_t i = 0; i < run->scenario->settings.servers; i++) {
        whole = whole && expiry_place(&trial->history, i, &run->servers[i].times, run->t0_ns);
    }
    if (!whole) {
        run_fail(run, "out of memory");
    }
    if (atomic_load(&run->shared->overflow)) {
        run_fail(run, "the trial is too long for one history; shorten it");
    }
    if (run->nemesis.out_of_memory) {
        run_fail(run, "out of memory");
    }
    trial->history.texts = run->own.texts; /* the events point to them */
    trial->history.text_count = run->own.text_count;
    run->own.texts = NULL;
    run->own.text_count = 0;
    cut_after_end(&trial->history);
}

static void end_server(struct trial_server *server)
{
    if (server->run) { /* it was begun */
        assert(server == &server->run->servers[server->index]);
        link_close(&server->control);
        link_close(&server->subscription);
        server_stop(&server->process);
        server_times_free(&server->times);
    }
}

void run_end(struct run *run, struct trial *trial)
{
    run_dismiss_members(run);
    run_stop_relay(run);
    run_remove_keys(run);
    memset(trial, 0, sizeof *trial);
    trial->number = run->number;
    trial->seed = run->seed;
    if (run->shared) {
        collect(run, trial);
    }
    assert(!run->failed || run->error[0]);
    trial->end =
        run->failed ? TRIAL_WORLD_FAILED : (run->interrupted ? TRIAL_INTERRUPTED : TRIAL_RAN);
    snprintf(trial->error, sizeof trial->error, "%s", run->error);
    for (int i = 0; i < run->scenario->settings.servers; i++) {
        end_server(&run->servers[i]);
    }
    run_stop_resource(run);
    run_close_clocks(run);
    shared_unmap(run->shared);
    if (run->notify_fd >= 0) {
        close(run->notify_fd);
    }
    history_free(&run->own);
    texts_forget(&run->texts);
    nemesis_free(&run->nemesis);
    free(run->pids);
    free(run->members);
    free(run->starts_ns);
    free(run->handled);
    free(run->clocks);
}
