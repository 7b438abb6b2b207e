/* One trial on real processes: its members. See run.h. */
#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "sim/processes/member.h"
#include "sim/processes/program.h"
#include "sim/processes/run_parts.h"
#include "sim/text/errors.h"
#include "src/protocol.h"
#include "src/units.h"

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
    static struct member member; /* of this process alone */

    assert(id >= first_of(run) && id < slots_of(run));
    if (run_is_program(run, id)) {
        program_keep(run, id);
    }
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
    for (uint8_t i = 0; i < settings_all_servers(&run->scenario->settings); i++) {
        struct address address;
        run_route(run, id, i, &address);
        link_init(&member.links[i], &address, run->prefix,
                  (int)(run->scenario->request_timeout_ns / NS_PER_MS));
        wire_keys_move_lock(&member.links[i].keys, run->scenario->lock_key);
    }
    /* Who is started again may find its link cut, or no server, and tries for as long as it lives.
     * With several servers it does without those that are not there. */
    bool again = atomic_load(&slot->started);
    bool waits = !again || run->scenario->settings.servers == 1;
    int64_t timeout_ns = again ? INT64_MAX / 2 : CONNECT_TIMEOUT_NS / 2;
    const struct link *failed = waits ? member_connect(&member, timeout_ns, !again) : NULL;
    if (failed) {
        link_tell(failed, slot->refusal, sizeof slot->refusal);
        _exit(MEMBER_NOT_CONNECTED);
    }
    atomic_store(&slot->ready, 1);
    member_notify(&member);
    member_run(&member, id);
    _exit(0);
}

bool run_fork_member(struct run *run, uint16_t id, bool at_once)
{
    struct member_slot *slot = &run->shared->slots[id];
    struct claim claim = process_new(id).claim;
    struct history_event born = {.kind = HISTORY_BORN, .process = id};

    assert(id >= first_of(run) && id < slots_of(run));
    assert(run->pids[id] == 0 && !run->members[id].alive);
    atomic_store(&slot->started, at_once ? 1 : 0);
    atomic_store(&slot->command, 0);
    atomic_store(&slot->stall_ns, 0);
    atomic_store(&slot->paused, 0); /* its last life may have died so */
    atomic_store(&slot->held, 0);
    slot->holds = 0; /* the relay knows of its death */
    slot->has_later = false;
    slot->begins = false;
    atomic_store(&slot->felled, 0);
    atomic_store(&slot->begun, 0);
    atomic_store(&slot->kept_go, atomic_load(&slot->kept_stopped));
    atomic_store(&slot->drained, atomic_load(&slot->drain));
    atomic_store(&slot->claim_turn, 0); /* its last writer may have died in the middle */
    slot_set_claim(slot, &claim);
    run_record(run, &born);
    if (run_is_program(run, id)) {
        run_wake_relay(run); /* where its last life stood, this one does not */
    }
    int kept[] = {run->notify_fd, slot->wake_fd};
    pid_t pid = guardian_fork(run->common->guardian, kept, 2);
    if (pid == 0) {
        live(run, id);
    }
    if (pid < 0) {
        run_fail(run, "cannot fork process %u of %u: %s; raise the limit of processes (ulimit -u)",
                 id + 1u - first_of(run), slots_of(run) - first_of(run), error_words(errno));
        return false;
    }
    assert(run->relay.pid != pid);
    run->pids[id] = pid;
    run->members[id] = (struct cluster_member){.alive = true, .started = at_once, .claim = claim};
    return true;
}

void run_dismiss_members(struct run *run)
{
    for (uint32_t id = 0; run->pids && id < slots_of(run); id++) {
        if (run->pids[id] > 0) {
            if (run_is_program(run, (uint16_t)id)) {
                run_kill_program(run, (uint16_t)id);
            }
            kill(run->pids[id], SIGKILL);
        }
    }
    for (uint32_t id = 0; run->pids && id < slots_of(run); id++) {
        if (run->pids[id] > 0) {
            guardian_kill(run->pids[id]);
        }
        run->pids[id] = 0;
    }
}
