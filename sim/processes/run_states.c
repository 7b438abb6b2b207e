/* One trial on real processes: its states. See run.h. Forking and ending: lifecycle.c. Verbs:
 * host_ops.c.
 */
#include "sim/processes/program.h"
#include "sim/processes/run_parts.h"
#include "sim/processes/server_verbs.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "sim/history/text.h"
#include "sim/host/late.h"
#include "sim/host/plan.h"
#include "src/units.h"

/* What is about the harness alone. */
static const struct fault_place nobody = {.id = HISTORY_HARNESS};

static void enter(struct run *run, enum run_state state, int64_t lasts_ns)
{
    assert(state == run->state + 1 && state <= RUN_LIVENESS && lasts_ns >= 0);
    run->state = state;
    run->state_until_ns = monotonic_ns() + lasts_ns;
}

static void enter_phase(struct run *run, enum history_phase phase)
{
    struct history_event event = {.kind = HISTORY_PHASE, .process = HISTORY_HARNESS};
    assert(run->t0_ns > 0 && run->end_ns == 0);
    event.phase = (uint8_t)phase;
    run_record(run, &event);
}

/* --- booting ---------------------------------------------------------------------------------- */

static void fork_all(struct run *run)
{
    assert(run->state == RUN_BOOTING && run->t0_ns == 0);
    if (!run_start_relay(run)) {
        return;
    }
    enter(run, RUN_CONNECTING, CONNECT_TIMEOUT_NS);
    for (uint32_t id = first_of(run); id < slots_of(run); id++) {
        if (!run_fork_member(run, (uint16_t)id, false)) {
            return;
        }
    }
}

static void boot(struct run *run)
{
    assert(run->state == RUN_BOOTING);
    for (int i = 0; i < run->scenario->settings.servers; i++) {
        struct trial_server *server = &run->servers[i];
        if (server->process.state == SERVER_UP || run_server_came_up(server)) {
            continue;
        }
        bool pending = link_is_pending(&server->control);
        if (monotonic_ns() >= run->state_until_ns || (!run->common->program && !pending)) {
            run_fail_link(server, "");
        }
        return;
    }
    if (run_resource_came_up(run) && run_redis_is_known(run)) {
        run_keep_keys(run);
        fork_all(run);
    }
}

/* --- connecting ------------------------------------------------------------------------------- */

static void connect_all(struct run *run)
{
    uint32_t ready = 0;
    for (uint32_t id = first_of(run); id < slots_of(run); id++) {
        ready += atomic_load(&run->shared->slots[id].ready);
    }
    uint32_t members = slots_of(run) - first_of(run);
    assert(run->state == RUN_CONNECTING && run->t0_ns == 0 && ready <= members);
    if (ready < members) {
        if (monotonic_ns() >= run->state_until_ns) {
            run_fail(run, "only %u of %u processes could connect within 60 s", ready, members);
        }
        return;
    }
    plan_starts(run->scenario, run->seed, run->starts_ns);
    run->t0_ns = monotonic_ns();
    atomic_store(&run->shared->t0_ns, run->t0_ns);
    enter(run, RUN_SAFETY, run->scenario->duration_ns);
    enter_phase(run, PHASE_SAFETY);
}

/* --- running ---------------------------------------------------------------------------------- */

static void start_member(struct run *run, uint32_t id)
{
    assert(id >= first_of(run) && id < slots_of(run));
    run->starts_ns[id] = INT64_MAX;
    run->members[id].started = true;
    atomic_store(&run->shared->slots[id].started, 1);
    slot_wake(&run->shared->slots[id]);
}

/* Those who wait for everybody's first report. */
static void start_awaiting(struct run *run)
{
    if (run->reported) {
        return;
    }
    for (uint32_t id = 1; id < slots_of(run); id++) {
        if (atomic_load(&run->shared->slots[id].reports) == 0) {
            return;
        }
    }
    assert(run->t0_ns > 0);
    run->reported = true;
    for (uint32_t id = first_of(run); id < slots_of(run); id++) {
        if (run->scenario->starts[id].kind == START_ALL_REPORTED && !run->members[id].started) {
            start_member(run, id);
        }
    }
}

/* Who was to be there first may not have been. */
static void mind_start(struct run *run, uint32_t id, int64_t due_ns, int64_t late_ns)
{
    if (is_late(due_ns, late_ns)) {
        run_tell(run, HISTORY_UNDECIDED, nobody,
                 "the harness was late: %s, to start at %lld ms, started %lld ms later",
                 text_process((int32_t)id).text, (long long)(due_ns / NS_PER_MS),
                 (long long)(late_ns / NS_PER_MS));
    }
}

static void start_due(struct run *run, int64_t since_ns)
{
    for (uint32_t id = first_of(run); id < slots_of(run); id++) {
        int64_t due_ns = run->starts_ns[id];
        if (due_ns <= since_ns) {
            start_member(run, id);
            mind_start(run, id, due_ns, since_ns - due_ns);
        }
    }
    start_awaiting(run);
}

/* For the others, time goes on while one stands at a breakpoint: if it had to wait for us, it was
 * as if it had been paused. */
static void mind_breakpoint(struct run *run, uint32_t id, int64_t since_ns)
{
    int64_t stood_ns = monotonic_ns() - since_ns;
    if (is_late(INT64_MAX, stood_ns)) {
        run_tell(run, HISTORY_UNDECIDED, nobody,
                 "the harness was late: %s stood at a breakpoint for %lld ms",
                 text_process((int32_t)id).text, (long long)(stood_ns / NS_PER_MS));
    }
}

/* All that waits for this step is done at this step, before the process goes on. */
static void serve(struct run *run, uint32_t id, struct breakpoint_hits hits)
{
    assert(id >= first_of(run) && id < slots_of(run));
    for (int breakpoint;
         (breakpoint = breakpoint_hits_next(&run->shared->breakpoints, &hits)) >= 0;) {
        if (run->state == RUN_SAFETY) {
            nemesis_hit(&run->nemesis, breakpoint, (uint16_t)id, monotonic_ns() - run->t0_ns);
        }
    }
}

/* A program has said something at which a fault is due: its keeper stands. */
static void serve_keeper(struct run *run, uint32_t id)
{
    struct member_slot *slot = &run->shared->slots[id];
    uint32_t turn = atomic_load(&slot->kept_stopped);
    if (turn == atomic_load(&slot->kept_go)) {
        return;
    }
    run_look(run);
    serve(run, id, slot->kept_hits);
    mind_breakpoint(run, id, atomic_load(&slot->kept_since_ns));
    atomic_store(&slot->kept_go, turn);
    slot_wake(slot);
}

/* Processes that stand at a breakpoint: the fault is applied, then they may go on. */
static void serve_breakpoints(struct run *run)
{
    for (uint32_t id = first_of(run); id < slots_of(run); id++) {
        struct member_slot *slot = &run->shared->slots[id];
        uint32_t turn = atomic_load(&slot->stopped);
        serve_keeper(run, id);
        assert(turn >= run->handled[id]);
        if (turn == run->handled[id]) {
            continue;
        }
        run->handled[id] = turn;
        run_look(run);
        serve(run, id, slot->hits);
        mind_breakpoint(run, id, atomic_load(&slot->stopped_ns));
        atomic_store(&slot->go, turn);
        slot_wake(slot);
        run_wake_relay(run);
    }
}

/* Whether each program that lives is known to have begun: who is brought back by the healing is not
 * at once, and checks wait for it. */
static bool programs_have_begun(const struct run *run)
{
    for (uint32_t id = first_of(run); id < slots_of(run); id++) {
        const struct member_slot *slot = &run->shared->slots[id];
        if (run_is_program(run, (uint16_t)id) && run->members[id].alive &&
            run->members[id].started && atomic_load(&slot->begun) == 0) {
            return false;
        }
    }
    return true;
}

static void notice_settling(struct run *run)
{
    int64_t now_ns = monotonic_ns() - run->t0_ns;
    assert(now_ns >= 0);
    bool settled = members_settled_on(&run->scenario->settings, run->members, now_ns) != NOBODY &&
                   programs_have_begun(run);
    if (settled && !run->settled && run->state == RUN_SAFETY) {
        nemesis_settled(&run->nemesis, now_ns);
    }
    run->settled = settled;
}

static void hear_all_expired(struct run *run)
{
    assert(run->scenario->settings.servers <= SERVERS_MAX);
    for (int i = 0; i < run->scenario->settings.servers; i++) {
        run_hear_expired(&run->servers[i]);
    }
}

static void over(struct run *run)
{
    assert(run->state == RUN_SAFETY || run->state == RUN_LIVENESS);
    enter_phase(run, PHASE_END);
    assert(run->own.count > 0 || run->failed);
    run->end_ns = run->own.events[run->own.count - 1].at_ns;
    hear_all_expired(run); /* it may have run out before */
    run->state = run->common->program ? RUN_OVER : RUN_LEAVING;
}

/* What is in force until the healing was so for too long. */
static void mind_end(struct run *run)
{
    int64_t late_ns = monotonic_ns() - run->state_until_ns;
    assert(late_ns >= 0);
    if (is_late(run->scenario->duration_ns, late_ns)) {
        run_tell(run, HISTORY_UNDECIDED, nobody,
                 "the harness was late: the faults' end came %lld ms after its time",
                 (long long)(late_ns / NS_PER_MS));
    }
}

static void begin_liveness(struct run *run)
{
    assert(run->state == RUN_SAFETY);
    mind_end(run);
    if (!run->scenario->heal) {
        over(run);
        return;
    }
    nemesis_heal(&run->nemesis);
    enter(run, RUN_LIVENESS, run->scenario->expect.settles_within_ns);
    enter_phase(run, PHASE_LIVENESS);
    run->settled = false;
}

static void keep_safety(struct run *run)
{
    int64_t since = monotonic_ns() - run->t0_ns;
    assert(since >= 0);
    run_mind_servers(run);
    start_due(run, since);
    nemesis_advance(&run->nemesis, since);
    run_look(run);
    serve_breakpoints(run);
    notice_settling(run);
    if (monotonic_ns() >= run->state_until_ns) {
        begin_liveness(run);
    }
}

static void keep_liveness(struct run *run)
{
    assert(run->state == RUN_LIVENESS);
    start_due(run, monotonic_ns() - run->t0_ns); /* who waits for the last report may be late */
    run_mind_servers(run);
    run_look(run);
    serve_breakpoints(run);
    notice_settling(run);
    if (run->settled || monotonic_ns() >= run->state_until_ns) {
        over(run);
    }
}

static void hear_notifications(struct run *run)
{
    uint64_t count;
    if (run->shared) {
        /* In this order: whoever still finds `notified` set has been heard, for all states are
         * looked at below; the other way round, a word said in between would be read away for
         * good. */
        ssize_t got = read(run->notify_fd, &count, sizeof count);
        (void)got; /* nothing to read is fine */
        atomic_store(&run->shared->notified, 0);
        if (run->state < RUN_LEAVING) {
            run_hear_refusals(run);
        }
    }
}

/* Whether something was told because of which the trial is undecided, from that event on. */
static bool told_undecided(const struct run *run, size_t from)
{
    assert(from <= run->own.count);
    for (size_t i = from; i < run->own.count; i++) {
        if (run->own.events[i].kind == HISTORY_UNDECIDED) {
            return true;
        }
    }
    return false;
}

/* Nothing may have been due, but all that the members did meanwhile may have been late, too. */
static void mind_sleep(struct run *run, int64_t late_ns)
{
    if (late_ns > late_standstill_ns(run->scenario)) {
        run_tell(run, HISTORY_UNDECIDED, nobody,
                 "the harness was late: it was woken %lld ms later than it wanted to be",
                 (long long)(late_ns / NS_PER_MS));
    }
}

void run_turn(struct run *run, int64_t late_ns)
{
    enum run_state before = run->state;
    size_t told = run->own.count;
    if (before == RUN_LIVENESS) { /* it may be over in a moment */
        mind_sleep(run, late_ns);
    }
    hear_notifications(run);
    if (run->state == RUN_BOOTING && !run->failed) {
        boot(run);
    }
    if (run->state == RUN_CONNECTING && !run->failed) {
        connect_all(run);
    }
    if (run->state != RUN_BOOTING && run->state != RUN_LEAVING) {
        run_keep_keys(run);
    }
    if (run->state == RUN_SAFETY && !run->failed) {
        keep_safety(run);
    }
    if (before == RUN_SAFETY && run->state <= RUN_LIVENESS && !told_undecided(run, told)) {
        mind_sleep(run, late_ns); /* if nothing was due, which would say more */
    }
    if (run->state == RUN_LIVENESS && !run->failed) {
        keep_liveness(run);
    }
    if (run->failed || (run->state == RUN_LEAVING && run_has_left(run))) {
        run->state = RUN_OVER;
    }
    assert(run->state >= before);
}
