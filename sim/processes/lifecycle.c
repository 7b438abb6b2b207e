/* One trial on real processes: its beginning, its people, its end. See run.h. */
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
#include "sim/processes/run.h"
#include "sim/text/errors.h"
#include "src/protocol.h"
#include "src/units.h"

/* --- the beginning ---------------------------------------------------------------------------- */

static bool allocate(struct run *run)
{
    size_t count = slots_of(run);
    run->shared = shared_map((uint32_t)count);
    run->notify_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    run->pids = calloc(count, sizeof *run->pids);
    run->members = calloc(count, sizeof *run->members);
    run->starts_ns = calloc(count, sizeof *run->starts_ns);
    run->handled = calloc(count, sizeof *run->handled);
    if (!run->shared || run->notify_fd < 0 || !run->pids || !run->members || !run->starts_ns ||
        !run->handled) {
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

static bool start_server(struct run *run, struct address *address)
{
    const struct run_common *common = run->common;
    char folder[112];
    if (!common->program) {
        *address = common->address;
        snprintf(run->prefix, sizeof run->prefix, "%s%u:", common->prefix, run->number);
        return true;
    }
    snprintf(folder, sizeof folder, "%.95s/%u", common->guardian->folder, run->number);
    struct server_options options = run_server_options(run);
    if (!server_start(&run->server, &options, folder, run->error, sizeof run->error)) {
        run->failed = true;
        return false;
    }
    *address = run->server.address;
    return true;
}

static int64_t now(void *self)
{
    const struct run *run = self;
    return monotonic_ns() - run->t0_ns;
}

static void tell_undecided(void *self, const char *why)
{
    run_tell(self, HISTORY_UNDECIDED, HISTORY_HARNESS, "%s", why);
}

bool run_begin(struct run *run, const struct run_common *common, uint32_t number, uint64_t seed)
{
    struct address address;
    memset(run, 0, sizeof *run);
    run->common = common;
    run->scenario = common->scenario;
    run->number = number;
    run->seed = seed;
    run->notify_fd = -1;
    run->child_changed = run_child_changed;
    run->state = RUN_BOOTING;
    run->state_until_ns = monotonic_ns() + BOOT_TIMEOUT_NS;
    run->ops = processes_verbs;
    run->ops.self = run;
    if (!allocate(run) || !start_server(run, &address)) {
        run->state = RUN_OVER;
        return false;
    }
    link_init(&run->control, &address, run->prefix, 1000);
    link_init(&run->subscription, &address, run->prefix, 1000);
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
    return !run->failed;
}

/* --- the members ------------------------------------------------------------------------------ */

struct record_place {
    struct shared *shared;
    struct member_slot *slot;
};

static void record_in_slot(void *self, struct history_event *event)
{
    const struct record_place *place = self;
    slot_record(place->shared, place->slot, event);
}

/* The life of a forked member; never returns. */
static void live(const struct run *run, uint16_t id)
{
    struct member_slot *slot = &run->shared->slots[id];
    struct record_place place = {.shared = run->shared, .slot = slot};
    struct address address;
    static struct member member; /* of this process alone */
    uint64_t one = 1;

    prctl(PR_SET_NAME, id == MASTER_ID ? "hustings-master" : "hustings-node");
    prctl(PR_SET_TIMERSLACK, 1UL);
    member = (struct member){.settings = &run->scenario->settings,
                             .slot = slot,
                             .breakpoints = &run->shared->breakpoints,
                             .notify_fd = run->notify_fd,
                             .notified = &run->shared->notified,
                             .record = record_in_slot,
                             .record_self = &place,
                             .rng = run->seed + 0x9e3779b97f4a7c15ULL * (id + 1u)};
    run_route(run, id, &address);
    link_init(&member.links[0], &address, run->prefix,
              (int)(run->scenario->request_timeout_ns / NS_PER_MS));
    /* Who is started again may find its link cut, or no server, and tries for as long as it
     * lives. */
    int64_t timeout_ns = atomic_load(&slot->started) ? INT64_MAX / 2 : CONNECT_TIMEOUT_NS / 2;
    const struct link *failed = member_connect(&member, timeout_ns);
    if (failed) {
        link_tell(failed, slot->refusal, sizeof slot->refusal);
        _exit(MEMBER_NOT_CONNECTED);
    }
    atomic_store(&slot->ready, 1);
    if (atomic_exchange(&run->shared->notified, 1) == 0) {
        ssize_t written = write(run->notify_fd, &one, sizeof one);
        (void)written;
    }
    member_run(&member, id);
    _exit(0);
}

bool run_fork_member(struct run *run, uint16_t id, bool at_once)
{
    struct member_slot *slot = &run->shared->slots[id];
    struct claim claim = process_new(id).claim;
    struct history_event born = {.kind = HISTORY_BORN, .process = id};

    atomic_store(&slot->started, at_once ? 1 : 0);
    atomic_store(&slot->flip, 0);
    atomic_store(&slot->stall_ns, 0);
    atomic_store(&slot->claim_turn, 0); /* its last writer may have died in the middle */
    slot_set_claim(slot, &claim);
    run_record(run, &born);
    pid_t pid = guardian_fork(run->common->guardian, run->notify_fd, slot->wake_fd);
    if (pid == 0) {
        live(run, id);
    }
    if (pid < 0) {
        run_fail(run, "cannot fork process %u of %u: %s; raise the limit of processes (ulimit -u)",
                 id + 1u, slots_of(run), error_words(errno));
        return false;
    }
    run->pids[id] = pid;
    run->members[id] = (struct cluster_member){.alive = true, .started = at_once, .claim = claim};
    return true;
}

/* --- the end ---------------------------------------------------------------------------------- */

static void dismiss_members(struct run *run)
{
    for (uint32_t id = 0; run->pids && id < slots_of(run); id++) {
        if (run->pids[id] > 0) {
            kill(run->pids[id], SIGKILL);
        }
    }
    for (uint32_t id = 0; run->pids && id < slots_of(run); id++) {
        while (run->pids[id] > 0 && waitpid(run->pids[id], NULL, 0) < 0 && errno == EINTR) {
        }
        run->pids[id] = 0;
    }
}

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
    plan_facts(run->scenario, host_processes.name, run->number, run->seed, &trial->history.facts);
    if (run->t0_ns == 0) {
        return; /* it never began */
    }
    if (!shared_collect(run->shared, &run->own, run->t0_ns, &trial->history) ||
        !expiry_place(&trial->history, &run->times, run->t0_ns)) {
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

void run_end(struct run *run, struct trial *trial)
{
    dismiss_members(run);
    run_stop_relay(run);
    run_remove_keys(run);
    memset(trial, 0, sizeof *trial);
    trial->number = run->number;
    trial->seed = run->seed;
    if (run->shared) {
        collect(run, trial);
    }
    trial->end =
        run->failed ? TRIAL_WORLD_FAILED : (run->interrupted ? TRIAL_INTERRUPTED : TRIAL_RAN);
    snprintf(trial->error, sizeof trial->error, "%s", run->error);
    link_close(&run->control);
    link_close(&run->subscription);
    server_stop(&run->server);
    shared_unmap(run->shared);
    if (run->notify_fd >= 0) {
        close(run->notify_fd);
    }
    history_free(&run->own);
    server_times_free(&run->times);
    texts_forget(&run->texts);
    nemesis_free(&run->nemesis);
    free(run->pids);
    free(run->members);
    free(run->starts_ns);
    free(run->handled);
}
