/* What befalls the trial's children from outside: somebody's kill, a stop, the kernel for want of
 * memory. That is no fault of the scenario and none of ours: it is told, the trial goes on without
 * its verdict, and so do the others. What a child does to itself (an exit, a crash) is an error. */
#include <assert.h>
#include <signal.h>
#include <sys/wait.h>

#include "sim/history/text.h"
#include "sim/processes/member.h"
#include "sim/processes/program.h"
#include "sim/processes/run_parts.h"
#include "sim/processes/server_verbs.h"
#include "sim/system/tree.h"
#include "sim/text/errors.h"

/* A process sends itself these when it has a bug. */
static bool is_own_doing(int number)
{
    static const int own[] = {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSYS, SIGTRAP};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
        if (own[i] == number) {
            return true;
        }
    }
    return false;
}

/* Before the trial's zero there is no history that could tell of it. */
static bool is_outside(const struct run *run, int status)
{
    return run->t0_ns != 0 && WIFSIGNALED(status) && !is_own_doing(WTERMSIG(status));
}

/* Whom it is about: a process, or with HISTORY_HARNESS a server, or neither. */
static void tell_killed(struct run *run, struct fault_place at, const char *name, int status)
{
    assert(is_outside(run, status));
    run_tell(run, HISTORY_OUTSIDE, at, "%s was killed by signal %d (%s), not by the scenario", name,
             WTERMSIG(status), signal_words(WTERMSIG(status)));
}

static void tell_stopped(struct run *run, struct fault_place at, const char *name, bool stopped)
{
    run_tell(run, HISTORY_OUTSIDE, at, "%s was %s, not by the scenario", name,
             stopped ? "stopped" : "resumed");
}

/* --- members ---------------------------------------------------------------------------------- */

static void member_ended(struct run *run, uint16_t id, int status)
{
    struct short_text name = text_process(id);
    struct history_event event = {.kind = HISTORY_DIED, .process = id};
    int code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    int number = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    assert((code >= 0) != (number > 0));

    run->pids[id] = 0;
    run->members[id] =
        (struct cluster_member){.started = run->members[id].started, .claim.follows = NOBODY};
    event.died = (struct history_died){.exit_status = code, .signal = number};
    if (run_is_program(run, id) && run_program_ended(run, id, code, &event)) {
        run_record(run, &event);
        run_tell_relay_of_dead_member(run, id);
        return;
    }
    if (run_is_program(run, id)) { /* its keeper was killed: what is left of it has come to us */
        tree_kill_strays();
    }
    if (is_outside(run, status)) {
        tell_killed(run, (struct fault_place){.id = id}, name.text, status);
    } else if (code == MEMBER_NOT_CONNECTED) {
        run_fail(run, "%s: %s", name.text, run->shared->slots[id].refusal);
    } else if (number) {
        run_fail(run, "%s was killed by signal %d (%s), which no fault of the scenario did",
                 name.text, number, signal_words(number));
    } else if (code > 0) {
        run_fail(run, "%s ended by itself with status %d", name.text, code);
    }
    run_record(run, &event);
}

/* A stop that a fault has ordered has been waited for (run_strike), and `paused` says what is
 * ordered: a change that differs from it was not. */
static void member_stops_or_goes_on(struct run *run, uint16_t id, bool stops)
{
    struct cluster_member *member = &run->members[id];
    struct history_event event = {.kind = stops ? HISTORY_PAUSED : HISTORY_RESUMED, .process = id};
    if (member->paused == stops || run->t0_ns == 0) {
        return;
    }
    assert(member->alive);
    member->paused = stops;
    tell_stopped(run, (struct fault_place){.id = id}, text_process(id).text, stops);
    run_record(run, &event);
    if (!stops) {
        slot_tell_resumed(&run->shared->slots[id]);
    }
}

/* --- servers ---------------------------------------------------------------------------------- */

static void server_ended(struct trial_server *server, int status)
{
    struct run *run = server->run;
    char words[1024];
    assert(server->process.pid > 0 && server->process.state != SERVER_DOWN);
    struct server_text name = server_name(server);
    const struct fault_place at = {.id = HISTORY_HARNESS, .server = server->index};
    bool shut_down = run->t0_ns != 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
    server->process.pid = 0;
    if (is_outside(run, status) || shut_down) {
        if (shut_down) {
            run_tell(run, HISTORY_OUTSIDE, at, "%s was shut down, not by the scenario", name.text);
        } else {
            tell_killed(run, at, name.text, status);
        }
    } else {
        server_last_words(&server->process, words, sizeof words);
        run_fail(run, "%s died by itself (%s %d); %s", name.text,
                 WIFSIGNALED(status) ? "signal" : "status",
                 WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status), words);
    }
    server_is_gone(server);
}

static void server_stops_or_goes_on(struct trial_server *server, bool stops)
{
    bool stopped = server->process.state == SERVER_STALLED;
    if (stopped == stops || server->run->t0_ns == 0) {
        return;
    }
    tell_stopped(server->run, (struct fault_place){.id = HISTORY_HARNESS, .server = server->index},
                 server_name(server).text, stops);
    server_enter(server, stops ? SERVER_STALLED : SERVER_UP);
    if (!stops) {
        server_recover_pending(server);
    }
}

/* --- the relay -------------------------------------------------------------------------------- */

/* In the history of one server, all is about that. */
static uint8_t no_server(const struct run *run)
{
    return run->scenario->settings.servers > 1 ? NO_SERVER : 0;
}

static void relay_changed(struct run *run, int status)
{
    struct run_relay *relay = &run->relay;
    const struct fault_place at = {.id = HISTORY_HARNESS, .server = no_server(run)};
    assert(relay->pid > 0);
    if (WIFSTOPPED(status) || WIFCONTINUED(status)) {
        relay->stopped = WIFSTOPPED(status);
        tell_stopped(run, at, "the relay of the links", relay->stopped);
    } else if (is_outside(run, status)) {
        run_relay_is_gone(run);
        tell_killed(run, at, "the relay of the links", status);
    } else {
        run_relay_ended(run, status);
    }
}

/* --- the resource ----------------------------------------------------------------------------- */

static void resource_changed(struct run *run, int status)
{
    struct server *process = &run->resource.process;
    assert(process->pid > 0);
    const struct fault_place at = {.id = HISTORY_HARNESS, .server = no_server(run)};
    char words[1024];
    if (WIFSTOPPED(status) || WIFCONTINUED(status)) {
        tell_stopped(run, at, "the resource", WIFSTOPPED(status));
        return;
    }
    process->pid = 0;
    if (is_outside(run, status)) {
        tell_killed(run, at, "the resource", status);
    } else {
        server_last_words(process, words, sizeof words);
        run_fail(run, "the resource, a %.60s of our own, ended by itself; %s",
                 run->common->resource->name, words);
    }
}

/* --- who it is -------------------------------------------------------------------------------- */

static bool is_change(int status)
{
    return WIFSTOPPED(status) || WIFCONTINUED(status);
}

static bool server_changed(struct run *run, pid_t pid, int status)
{
    for (int i = 0; i < run->scenario->settings.servers; i++) {
        struct trial_server *server = &run->servers[i];
        if (server->process.pid != pid) {
            continue;
        }
        if (is_change(status)) {
            server_stops_or_goes_on(server, WIFSTOPPED(status));
        } else {
            server_ended(server, status);
        }
        return true;
    }
    return false;
}

bool run_child_changed(struct run *run, pid_t pid, int status)
{
    assert(pid > 0);
    if (server_changed(run, pid, status)) {
        return true;
    }
    if (run->resource.process.pid != 0 && pid == run->resource.process.pid) {
        resource_changed(run, status);
        return true;
    }
    if (run->relay.pid != 0 && pid == run->relay.pid) {
        relay_changed(run, status);
        return true;
    }
    for (uint32_t id = 0; run->pids && id < slots_of(run); id++) {
        if (run->pids[id] == pid && is_change(status)) {
            member_stops_or_goes_on(run, (uint16_t)id, WIFSTOPPED(status));
            return true;
        }
        if (run->pids[id] == pid) {
            member_ended(run, (uint16_t)id, status);
            return true;
        }
    }
    return false;
}
