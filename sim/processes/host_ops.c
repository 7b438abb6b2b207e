/* The verbs that faults are made of, on real processes: signals, the slots' wake-up, and commands
 * of the driver's own to the server. */
#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "sim/history/text.h"
#include "sim/host/command.h"
#include "sim/processes/program.h"
#include "sim/processes/run_parts.h"
#include "sim/processes/server_verbs.h"
#include "sim/text/errors.h"
#include "src/units.h"

/* A child of ours runs it as long as it lives, and only who lives is paused. */
static bool is_sound(const struct run *run, uint16_t id)
{
    const struct cluster_member *member = &run->members[id];
    return id >= first_of(run) && id < slots_of(run) && (run->pids[id] > 0) == member->alive &&
           (member->alive || !member->paused);
}

static void record(struct run *run, uint8_t kind, uint16_t id)
{
    struct history_event event = {.kind = kind, .process = id};
    run_record(run, &event);
}

static bool command(void *self, uint16_t id, enum command command, int32_t value)
{
    struct run *run = self;
    assert(is_sound(run, id) && command < COMMANDS);
    const struct cluster_member *member = &run->members[id];
    if (run_is_program(run, id)) {
        return false; /* it knows no commands of ours */
    }
    bool in_vain = command == COMMAND_RESIGN && !member->claim.leads;
    if (!member->alive || !member->started || in_vain) {
        return false;
    }
    atomic_store(&run->shared->slots[id].command, command_packed(command, value));
    slot_wake(&run->shared->slots[id]);
    return true;
}

static bool crash(void *self, uint16_t id)
{
    struct run *run = self;
    int status = 0;
    pid_t pid = run->pids[id];
    assert(is_sound(run, id));
    if (pid == 0) {
        return false;
    }
    if (run_is_program(run, id) && !run_kill_program(run, id)) {
        return false;
    }
    if (!run_strike(run, text_process(id).text, pid, SIGKILL, &status)) {
        return false;
    }
    assert(WIFSIGNALED(status) || WIFEXITED(status));
    if (run_is_program(run, id) && WIFEXITED(status)) {
        run->child_changed(run, pid, status); /* it had just ended by itself */
        return false;
    }
    run->pids[id] = 0;
    run->members[id] =
        (struct cluster_member){.started = run->members[id].started, .claim.follows = NOBODY};
    struct history_event event = {.kind = HISTORY_DIED, .process = id};
    event.died =
        (struct history_died){.by_fault = 1, .exit_status = -1, .signal = WTERMSIG(status)};
    run_record(run, &event);
    run_tell_relay_of_dead_member(run, id);
    return true;
}

static bool restart(void *self, uint16_t id)
{
    struct run *run = self;
    assert(is_sound(run, id));
    return run->pids[id] == 0 && run_fork_member(run, id, true);
}

/* False: it was dying by itself, or the world failed. */
static bool pause_program(struct run *run, uint16_t id)
{
    if (!run_stop_program(run, id) || run->pids[id] == 0) {
        return false;
    }
    run->members[id].paused = true;
    record(run, HISTORY_PAUSED, id);
    return true;
}

static bool pause_member(void *self, uint16_t id)
{
    struct run *run = self;
    int status = 0;
    pid_t pid = run->pids[id];
    assert(is_sound(run, id));
    if (pid == 0 || run->members[id].paused) {
        return false;
    }
    if (run_is_program(run, id)) {
        return pause_program(run, id);
    }
    if (!run_strike(run, text_process(id).text, pid, SIGSTOP, &status)) {
        return false;
    }
    if (!WIFSTOPPED(status)) {
        run->child_changed(run, pid, status); /* it was dying by itself */
        return false;
    }
    run->members[id].paused = true;
    atomic_store(&run->shared->slots[id].paused, 1);
    record(run, HISTORY_PAUSED, id);
    return true;
}

static bool resume(void *self, uint16_t id)
{
    struct run *run = self;
    assert(is_sound(run, id));
    if (run->pids[id] == 0 || !run->members[id].paused) {
        return false;
    }
    run->members[id].paused = false;
    atomic_store(&run->shared->slots[id].paused, 0);
    record(run, HISTORY_RESUMED, id);
    if (run_is_program(run, id)) {
        bool resumed = run_resume_program(run, id);
        run_wake_relay(run);
        return resumed;
    }
    slot_tell_resumed(&run->shared->slots[id]);
    return run_wake(run, text_process(id).text, run->pids[id]);
}

static bool stall(void *self, uint16_t id, int64_t for_ns)
{
    struct run *run = self;
    struct member_slot *slot = &run->shared->slots[id];
    assert(is_sound(run, id) && for_ns >= 0);
    if (!run->members[id].alive || run_is_program(run, id)) {
        return false;
    }
    int64_t waits_ns = atomic_load(&slot->stall_ns);
    if (for_ns == 0) {
        atomic_store(&slot->stall_ns, 0);
        atomic_fetch_add(&slot->unstall, 1);
    } else if (for_ns > waits_ns) {
        /* If it has just begun to stay for as long as it had waited to, this is one more stay. */
        atomic_store(&slot->stall_ns, for_ns);
    }
    slot_wake(slot);
    return true;
}

/* A TTL of 1 ms, and then a look now and then, which is also what makes the server drop the key.
 * Whoever takes the lock in between has set it a TTL of his own, or none. */
static bool expire_lock(void *self, uint8_t number)
{
    struct run *run = self;
    assert(number < run->scenario->settings.servers);
    struct trial_server *server = &run->servers[number];
    const char *key = server->control.keys.names[KEY_LOCK];
    const char *const expire[] = {"PEXPIRE", key, "1", NULL};
    const char *const left[] = {"PTTL", key, NULL};
    run_hear_expired(server); /* what ran out by itself is told apart */
    if (!run_server_ready(server) || server_written(server, expire) != 1) {
        return false;
    }
    int64_t until = monotonic_ns() + NOTICE_TIMEOUT_NS;
    long long left_ms;
    while ((left_ms = server_number(server, left)) >= 0 && left_ms <= 1 && monotonic_ns() < until) {
        run_nap();
    }
    if (!run->common->program || !server->subscription.redis) { /* it does not tell us */
        run_lock_gone(server, NULL);
    } else {
        run_hear_expired(server);
    }
    return true;
}

const struct host_ops processes_verbs = {
    .command = command,
    .crash = crash,
    .restart = restart,
    .pause = pause_member,
    .resume = resume,
    .stall = stall,
    .expire_lock = expire_lock,
    .server = server_verb,
    .clock = clock_verb,
    .link = run_link_verb,
};
