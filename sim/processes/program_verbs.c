/* The driver's side of members that are programs. See program.h. */
#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "sim/history/text.h"
#include "sim/processes/program.h"
#include "sim/processes/program_keeper.h"
#include "sim/system/tree.h"
#include "sim/text/clean.h"
#include "sim/text/errors.h"

/* A keeper that has to read what its program has written must be given a processor for that. */
#define DRAIN_TIMEOUT_NS (20 * NS_PER_S)

static void fail(struct run *run, uint16_t id, const char *what)
{
    if (errno == ETIMEDOUT) {
        run_fail(run, "cannot %s all that %s has started: it took longer than %d s", what,
                 text_process(id).text, TREE_TIMEOUT_S);
        return;
    }
    run_fail(run, "cannot %s what %s has started, something here forbids it: %s", what,
             text_process(id).text, error_words(errno));
}

/* Until all that the program has written is read. */
static bool await_drained(struct run *run, uint16_t id)
{
    struct member_slot *slot = &run->shared->slots[id];
    uint32_t asked = atomic_fetch_add(&slot->drain, 1) + 1;
    int64_t until_ns = monotonic_ns() + DRAIN_TIMEOUT_NS;
    slot_wake(slot);
    while (atomic_load(&slot->drained) != asked) {
        if (run_was_touched(run, run->pids[id]) || run->pids[id] == 0) {
            return true; /* it was dying by itself */
        }
        if (monotonic_ns() > until_ns) {
            run_fail(run, "the keeper of %s does not answer", text_process(id).text);
            return false;
        }
        run_nap();
    }
    return true;
}

bool run_stop_program(struct run *run, uint16_t id)
{
    assert(run_is_program(run, id) && run->pids[id] > 0);
    atomic_store(&run->shared->slots[id].held, 1);
    if (!tree_stop(run->pids[id])) {
        fail(run, id, "stop");
        return false;
    }
    atomic_store(&run->shared->slots[id].paused, 1); /* what it is answered now it cannot read */
    return await_drained(run, id);
}

bool run_resume_program(struct run *run, uint16_t id)
{
    assert(run_is_program(run, id) && run->pids[id] > 0);
    atomic_store(&run->shared->slots[id].held, 0);
    if (!tree_go_on(run->pids[id])) {
        fail(run, id, "resume");
        return false;
    }
    return true;
}

bool run_kill_program(struct run *run, uint16_t id)
{
    assert(run_is_program(run, id) && run->pids[id] > 0);
    atomic_store(&run->shared->slots[id].felled, 1);
    if (!tree_kill(run->pids[id])) {
        fail(run, id, "kill");
        return false;
    }
    return true;
}

/* "node 2, python3, ended by itself with status 1; its last words: …". */
static void describe_end(const struct run *run, uint16_t id, int status, char *out, size_t size)
{
    char how[64], name[64];
    const char *words = run->shared->slots[id].refusal;
    if (WIFSIGNALED(status)) {
        snprintf(how, sizeof how, "was killed by signal %d, not by the scenario", WTERMSIG(status));
    } else {
        snprintf(how, sizeof how, "ended by itself with status %d", WEXITSTATUS(status));
    }
    snprintf(out, size, "%s, %s, %s%s%s", text_process(id).text,
             clean_text(scenario_program(run->scenario, id)[0], name, sizeof name), how,
             *words ? "; its log ends: " : "", words);
}

bool run_program_ended(struct run *run, uint16_t id, int code, struct history_event *died)
{
    const struct member_slot *slot = &run->shared->slots[id];
    char text[REFUSAL_WORDS + 256];
    int status = slot->program_status;
    if (code == KEEPER_BAD_LINE || code == KEEPER_CANNOT_START) {
        run_fail(run, "%s %s", text_process(id).text, slot->refusal);
        return true;
    }
    if (code != KEEPER_PROGRAM_ENDED) {
        return false;
    }
    if (WIFSIGNALED(status) && (WTERMSIG(status) == SIGKILL || WTERMSIG(status) == SIGTERM)) {
        run_tell(run, HISTORY_OUTSIDE, (struct fault_place){.id = id},
                 "%s was killed by signal %d, not by the scenario", text_process(id).text,
                 WTERMSIG(status)); /* by whom, nobody can know */
    }
    describe_end(run, id, status, text, sizeof text);
    if (run->scenario->must_live) {
        run_fail(run, "%s; must_live says that none may", text);
    }
    if (*slot->refusal) {
        snprintf(text, sizeof text, "its log ends: %s", slot->refusal);
        died->why = texts_intern(&run->texts, &run->own, text);
    }
    died->died = (struct history_died){.exit_status = WIFEXITED(status) ? WEXITSTATUS(status) : -1,
                                       .signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0};
    return true;
}
