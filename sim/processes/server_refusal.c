/* A private server refuses to write, by settings of its own.
 *
 * NOREPLICAS is one setting. MISCONF needs that its last save has failed: that is brought about as
 * soon as the server is up, with the setting that makes it matter off; the fault turns that on. The
 * save fails because the child that does it can open no file: it inherits a limit which the server
 * has for the moment of the fork alone. Nothing that the server has saved before is touched. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

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

static bool may_refuse(const struct run *run, enum refusal refusal)
{
    for (uint32_t i = 0; i < run->scenario->fault_count; i++) {
        struct in_force sum = {0};
        const struct fault_spec *spec = &run->scenario->faults[i];
        if (fault_rows[spec->kind] == &fault_refuse && fault_refuse.add(spec, 1, &sum) &&
            sum.refusals & 1u << refusal) {
            return true;
        }
    }
    return false;
}

static void nap(void)
{
    const struct timespec moment = {.tv_nsec = 1000000};
    nanosleep(&moment, NULL);
}

/* --- a save that fails ------------------------------------------------------------------------ */

static bool begin_save(struct run *run)
{
    const char *const save[] = {"BGSAVE", NULL};
    struct rlimit before;
    if (prlimit(run->server.pid, RLIMIT_NOFILE, NULL, &before) != 0) {
        run_fail(run, "cannot read the limits of the Redis: %s", error_words(errno));
        return false;
    }
    const struct rlimit none = {.rlim_cur = 0, .rlim_max = before.rlim_max};
    bool good = prlimit(run->server.pid, RLIMIT_NOFILE, &none, NULL) == 0;
    bool begun = good && server_carry_out(run, save);
    if (!good || prlimit(run->server.pid, RLIMIT_NOFILE, &before, NULL) != 0) {
        run_fail(run, "cannot set the limits of the Redis: %s", error_words(errno));
        return false;
    }
    return begun;
}

static bool save_has_failed(struct run *run)
{
    const char *const info[] = {"INFO", "persistence", NULL};
    redisReply *reply = link_command(&run->control, info);
    bool failed = reply && reply->type == REDIS_REPLY_STRING &&
                  strstr(reply->str, "rdb_last_bgsave_status:err") != NULL;
    freeReplyObject(reply);
    return failed;
}

/* It has a save point, which no trial lives to see, so that a failed save matters at all. Its own
 * clock, which looks after the save, ticks faster meanwhile. */
static bool spoil_saving(struct run *run)
{
    const char *const ignore[] = {"CONFIG", "SET", ways[REFUSAL_MISCONF].setting, "no", NULL};
    const char *const point[] = {"CONFIG", "SET", "save", "31536000 1", NULL};
    const char *const faster[] = {"CONFIG", "SET", "hz", "500", NULL};
    const char *const usual[] = {"CONFIG", "SET", "hz", "10", NULL};
    bool rdb = run->scenario->persistence == PERSIST_RDB; /* that has one */
    int64_t until_ns = monotonic_ns() + SAVE_TIMEOUT_NS;
    if (!server_carry_out(run, ignore) || !(rdb || server_carry_out(run, point)) ||
        !server_carry_out(run, faster) || !begin_save(run)) {
        return false;
    }
    while (!save_has_failed(run)) {
        if (monotonic_ns() > until_ns) {
            run_fail(run, "the Redis saved its data, or did not say that it could not: it cannot "
                          "be made to refuse with MISCONF");
            return false;
        }
        nap();
    }
    return server_carry_out(run, usual);
}

bool server_prepare_refusals(struct run *run)
{
    return !may_refuse(run, REFUSAL_MISCONF) || spoil_saving(run);
}

/* --- refusing --------------------------------------------------------------------------------- */

static bool turn(struct run *run, enum refusal refusal, bool on)
{
    const char *value = on ? ways[refusal].on : ways[refusal].off;
    const char *const set[] = {"CONFIG", "SET", ways[refusal].setting, value, NULL};
    return server_carry_out(run, set);
}

bool server_apply_refusals(struct run *run)
{
    bool good = true;
    for (int i = 0; good && i < REFUSALS; i++) {
        bool on = run->refusals & 1u << i;
        if (on || run->refuses_until_ns[i] == INT64_MAX) {
            run->refuses_until_ns[i] = INT64_MAX;
            good = turn(run, (enum refusal)i, on);
            run->refuses_until_ns[i] = on ? INT64_MAX : monotonic_ns();
        }
    }
    return good;
}

bool server_refuse(struct run *run, uint8_t refusals)
{
    bool begins = refusals & ~run->refusals;
    if (begins && !run_server_ready(run) && run->server.state != SERVER_BOOTS) {
        return false;
    }
    run->refusals = refusals;
    return !run_server_ready(run) || server_apply_refusals(run);
}

bool server_refused(const struct run *run, const char *words, int64_t sent_ns)
{
    for (int i = 0; i < REFUSALS; i++) {
        if (strstr(words, ways[i].says) && sent_ns < run->refuses_until_ns[i]) {
            return true;
        }
    }
    return false;
}

/* --- commands of our own ---------------------------------------------------------------------- */

static int put_all(struct pipeline *pipeline, bool on)
{
    int count = 0;
    for (int i = 0; i < REFUSALS; i++) {
        const char *value = on ? ways[i].on : ways[i].off;
        const char *const set[] = {"CONFIG", "SET", ways[i].setting, value, NULL};
        if (pipeline->run->refusals & 1u << i) {
            pipeline_put(pipeline, set);
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

long long server_written(struct run *run, const char *const words[])
{
    struct pipeline pipeline = {.run = run};
    if (run->refusals == 0 || !run->control.redis) {
        return server_number(run, words);
    }
    pipeline_allow_writes(&pipeline);
    pipeline_put(&pipeline, words);
    redisReply *reply = pipeline_read(&pipeline, pipeline_refuse_again(&pipeline));
    long long number = reply && reply->type == REDIS_REPLY_INTEGER ? reply->integer : -1;
    freeReplyObject(reply);
    return number;
}
