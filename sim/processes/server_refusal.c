/* A private server refuses to write, by settings of its own.
 *
 * NOREPLICAS is one setting. MISCONF needs that its last save has failed: that is brought about as
 * soon as the server is up, with the setting that makes it matter off; the fault turns that on. The
 * save fails because the child that does it can open no file: it inherits a limit which the server
 * has for the moment of the fork alone. Nothing that the server has saved before is touched. */
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "sim/processes/server_verbs.h"
#include "sim/text/errors.h"
#include "src/units.h"

#define SAVE_TIMEOUT_NS (10 * NS_PER_S)

static const struct {
    const char *setting, *off, *on, *says;
} ways[REFUSALS] = {
    [REFUSAL_MISCONF] = {"stop-writes-on-bgsave-error", "no", "yes", "MISCONF"},
    [REFUSAL_NOREPLICAS] = {"min-replicas-to-write", "0", "1", "NOREPLICAS"},
};

static bool may_refuse(const struct trial_server *server, enum refusal refusal)
{
    for (uint32_t i = 0; i < server->run->scenario->fault_count; i++) {
        struct in_force sum = {0};
        const struct fault_spec *spec = &server->run->scenario->faults[i];
        if (fault_rows[spec->kind] == &fault_refuse && fault_refuse.add(spec, 1, &sum) &&
            sum.refusals & 1u << refusal) {
            return true;
        }
    }
    return false;
}

/* --- a save that fails ------------------------------------------------------------------------ */

static bool begin_save(struct trial_server *server)
{
    const char *const save[] = {"BGSAVE", NULL};
    pid_t pid = server->process.pid;
    struct rlimit before;
    assert(pid > 0); /* 0 would be ourselves */
    if (prlimit(pid, RLIMIT_NOFILE, NULL, &before) != 0) {
        run_fail(server->run, "cannot read the limits of the Redis: %s", error_words(errno));
        return false;
    }
    const struct rlimit none = {.rlim_cur = 0, .rlim_max = before.rlim_max};
    bool good = prlimit(pid, RLIMIT_NOFILE, &none, NULL) == 0;
    bool begun = good && server_carry_out(server, save);
    bool lives = server->process.pid == pid; /* it may have been killed from outside just now */
    if (!good || (lives && prlimit(pid, RLIMIT_NOFILE, &before, NULL) != 0)) {
        run_fail(server->run, "cannot set the limits of the Redis: %s", error_words(errno));
        return false;
    }
    return begun;
}

static bool save_has_failed(struct trial_server *server)
{
    const char *const info[] = {"INFO", "persistence", NULL};
    redisReply *reply = link_command(&server->control, info);
    bool failed = reply && reply->type == REDIS_REPLY_STRING &&
                  strstr(reply->str, "rdb_last_bgsave_status:err") != NULL;
    freeReplyObject(reply);
    return failed;
}

/* It has a save point, which no trial lives to see, so that a failed save matters at all. Its own
 * clock, which looks after the save, ticks faster meanwhile. */
static bool begin_spoiling(struct trial_server *server)
{
    assert(!server->spoils_save);
    bool rdb = server->run->scenario->persistence == PERSIST_RDB; /* that has one */
    return server_configure(server, ways[REFUSAL_MISCONF].setting, "no") &&
           (rdb || server_configure(server, "save", "31536000 1")) &&
           server_configure(server, "hz", "500") && begin_save(server);
}

/* It takes the server some milliseconds to find out: it is looked at once a turn. */
static bool save_is_spoilt(struct trial_server *server)
{
    if (!server->spoils_save) {
        server->spoils_save = begin_spoiling(server);
        server->spoilt_until_ns = monotonic_ns() + SAVE_TIMEOUT_NS;
        return false;
    }
    assert(server->spoilt_until_ns > 0);
    if (save_has_failed(server)) {
        server->spoils_save = false;
        return server_configure(server, "hz", "10");
    }
    if (monotonic_ns() > server->spoilt_until_ns) {
        run_fail(server->run, "the Redis saved its data, or did not say that it could not: it "
                              "cannot be made to refuse with MISCONF");
    }
    return false;
}

bool server_prepare_refusals(struct trial_server *server)
{
    return !may_refuse(server, REFUSAL_MISCONF) || save_is_spoilt(server);
}

/* --- refusing --------------------------------------------------------------------------------- */

static bool turn(struct trial_server *server, enum refusal refusal, bool on)
{
    assert(refusal < REFUSALS);
    const char *value = on ? ways[refusal].on : ways[refusal].off;
    return server_configure(server, ways[refusal].setting, value);
}

bool server_apply_refusals(struct trial_server *server)
{
    bool good = true;
    for (int i = 0; good && i < REFUSALS; i++) {
        bool on = server->refusals & 1u << i;
        if (on || server->refuses_until_ns[i] == INT64_MAX) {
            server->refuses_until_ns[i] = INT64_MAX;
            good = turn(server, (enum refusal)i, on);
            server->refuses_until_ns[i] = on ? INT64_MAX : monotonic_ns();
        }
    }
    return good;
}

bool server_refuse(struct trial_server *server, uint8_t refusals)
{
    bool begins = refusals & ~server->refusals;
    assert(refusals < 1u << REFUSALS);
    if (begins && !run_server_ready(server) && server->process.state != SERVER_BOOTS) {
        return false;
    }
    server->refusals = refusals;
    return !run_server_ready(server) || server_apply_refusals(server);
}

static bool server_refused(const struct trial_server *server, const char *words, int64_t sent_ns)
{
    for (int i = 0; i < REFUSALS; i++) {
        if (strstr(words, ways[i].says) && sent_ns < server->refuses_until_ns[i]) {
            return true;
        }
    }
    return false;
}

/* --- commands of our own ---------------------------------------------------------------------- */

static int put_all(struct pipeline *pipeline, bool on)
{
    int count = 0;
    assert(pipeline->server->refusals < 1u << REFUSALS);
    for (int i = 0; i < REFUSALS; i++) {
        const char *value = on ? ways[i].on : ways[i].off;
        if (pipeline->server->refusals & 1u << i) {
            pipeline_configure(pipeline, ways[i].setting, value);
            count++;
        }
    }
    return count;
}

int pipeline_allow_writes(struct pipeline *pipeline)
{
    return put_all(pipeline, false);
}

int pipeline_refuse_again(struct pipeline *pipeline)
{
    return put_all(pipeline, true);
}

long long server_written(struct trial_server *server, const char *const words[])
{
    struct pipeline pipeline = {.server = server};
    if (server->refusals == 0 || !server->control.redis) {
        return server_number(server, words);
    }
    pipeline_allow_writes(&pipeline);
    pipeline_put(&pipeline, words);
    redisReply *reply = pipeline_read(&pipeline, pipeline_refuse_again(&pipeline));
    long long number = reply && reply->type == REDIS_REPLY_INTEGER ? reply->integer : -1;
    freeReplyObject(reply);
    return number;
}

/* --- what the members hear -------------------------------------------------------------------- */

/* Whether the relay has said so in the Redis's place. */
static bool relay_refused(const struct run *run, const char *refusal)
{
    bool any = false;
    for (uint32_t i = 0; i < run->scenario->fault_count; i++) {
        any = any || fault_rows[run->scenario->faults[i].kind] == &fault_refuse_command;
    }
    for (size_t i = 0; any && i < COMMAND_ERRORS; i++) {
        size_t length = strlen(command_errors[i]);
        length -= command_errors[i][length - 1] == '.'; /* as refusal_copy() does */
        if (strncmp(refusal, command_errors[i], length) == 0) {
            return true;
        }
    }
    return false;
}

/* Whether nobody can work with a Redis that refuses so: no verdict would mean anything. Unless the
 * scenario itself has brought that about: an answer may lie unread for long, so what counts is
 * whether its request was sent before that was over. No fault is aimed at the resource. */
static bool breaks_the_trial(const struct run *run, const struct member_slot *slot)
{
    const char *refusal = slot->refusal;
    int64_t sent_ns = slot->refused_ns;
    assert(slot->refusing < settings_all_servers(&run->scenario->settings));
    if (slot->refusing == settings_resource(&run->scenario->settings)) {
        return refusal_is_fatal(refusal);
    }
    const struct trial_server *server = &run->servers[slot->refusing];
    bool own = (strstr(refusal, "OOM") && sent_ns < server->oom_until_ns) ||
               server_refused(server, refusal, sent_ns) || relay_refused(run, refusal) ||
               (strstr(refusal, "LOADING") && sent_ns < server->loading_until_ns);
    return !own && refusal_is_fatal(refusal);
}

void run_hear_refusals(struct run *run)
{
    for (uint32_t id = 0; id < slots_of(run); id++) {
        struct member_slot *slot = &run->shared->slots[id];
        if (atomic_load(&slot->refusals) == 0) {
            continue;
        }
        if (breaks_the_trial(run, slot)) {
            bool resource = slot->refusing == settings_resource(&run->scenario->settings);
            run_fail(run, "the %s %srefuses %s: %s%s", resource ? "resource" : "Redis",
                     refusal_meaning(slot->refusal), slot->refused, slot->refusal,
                     refusal_advice(slot->refusal));
        }
        atomic_store(&slot->refusals, 0); /* the next one is told, too */
    }
}
