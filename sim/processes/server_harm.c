/* What is done to a private server by commands of the driver's own: the lock is evicted, scripts
 * are forgotten, the lock's key gets another type, memory is out. Then everything of it is
 * undone. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/processes/server_verbs.h"

/* What pushes the lock out. Each is made by one short command. */
#define FILLERS 6
#define FILLER_LAST_BYTE "1048575"
#define FILLER_ROOM (1 << 20)

/* --- asking ----------------------------------------------------------------------------------- */

/* The number that follows `label` in an INFO; -1 if there is none. */
static long long info_number(const redisReply *reply, const char *label)
{
    bool text = reply && reply->type == REDIS_REPLY_STRING;
    const char *found = text ? strstr(reply->str, label) : NULL;
    return found ? strtoll(found + strlen(label), NULL, 10) : -1;
}

static long long ask_info(struct run *run, const char *section, const char *label)
{
    const char *const info[] = {"INFO", section, NULL};
    redisReply *reply = server_demand(run, info);
    long long number = info_number(reply, label);
    freeReplyObject(reply);
    return number;
}

/* How much memory the server may take, as text: it may be short of it already. */
static bool ask_limit(struct run *run, char *limit, size_t size)
{
    const char *const get[] = {"CONFIG", "GET", "maxmemory", NULL};
    redisReply *reply = server_demand(run, get);
    bool good = reply && reply->type == REDIS_REPLY_ARRAY && reply->elements == 2;
    snprintf(limit, size, "%.20s", good ? reply->element[1]->str : "0");
    freeReplyObject(reply);
    return good;
}

static bool configure(struct run *run, const char *name, const char *value)
{
    const char *const set[] = {"CONFIG", "SET", name, value, NULL};
    return server_carry_out(run, set);
}

/* --- eviction --------------------------------------------------------------------------------- */

static void put_fillers(struct pipeline *pipeline, char names[FILLERS][40])
{
    const char *forget[FILLERS + 2] = {"UNLINK"};
    const char *const info[] = {"INFO", "stats", NULL};
    for (int i = 0; i < FILLERS; i++) {
        snprintf(names[i], sizeof names[i], "hustings:filler-%d", i);
        const char *const fill[] = {"SETRANGE", names[i], FILLER_LAST_BYTE, "x", NULL};
        pipeline_put(pipeline, fill);
        forget[i + 1] = names[i];
    }
    pipeline_put(pipeline, info);
    pipeline_put(pipeline, forget);
}

/* Memory for a MiB more than is in use, some MiB of keys without a TTL, and the policy to evict the
 * key whose TTL ends soonest: the lock, since no other key has one. */
static redisReply *crowd_out(struct run *run, long long used, const char *limit)
{
    char names[FILLERS][40];
    char bound[32];
    struct pipeline pipeline = {.run = run};
    snprintf(bound, sizeof bound, "%lld", used + FILLER_ROOM);
    const char *const evict[] = {"CONFIG", "SET", "maxmemory-policy", "volatile-ttl", NULL};
    const char *const narrow[] = {"CONFIG", "SET", "maxmemory", bound, NULL};
    const char *const keep[] = {"CONFIG", "SET", "maxmemory-policy", "noeviction", NULL};
    const char *const widen[] = {"CONFIG", "SET", "maxmemory", limit, NULL};
    pipeline_allow_writes(&pipeline);
    pipeline_put(&pipeline, evict);
    pipeline_put(&pipeline, narrow);
    put_fillers(&pipeline, names);
    pipeline_put(&pipeline, keep);
    pipeline_put(&pipeline, widen);
    return pipeline_read(&pipeline, 3 + pipeline_refuse_again(&pipeline));
}

bool server_evict_lock(struct run *run)
{
    const char *const ttl[] = {"PTTL", run->control.keys.names[KEY_LOCK], NULL};
    char limit[24];
    if (!run_server_ready(run) || server_number(run, ttl) <= 0) {
        return false; /* a lock without a TTL is evicted no sooner than the rest */
    }
    long long used = ask_info(run, "memory", "used_memory:");
    long long before = ask_info(run, "stats", "evicted_keys:");
    if (used < 0 || before < 0 || !ask_limit(run, limit, sizeof limit)) {
        return false;
    }
    redisReply *stats = crowd_out(run, used, limit);
    long long after = info_number(stats, "evicted_keys:");
    freeReplyObject(stats);
    if (after > before) {
        run_lock_gone(run, "was evicted");
    }
    return after > before;
}

/* --- scripts, types, memory ------------------------------------------------------------------- */

bool server_forget_scripts(struct run *run)
{
    const char *const flush[] = {"SCRIPT", "FLUSH", NULL};
    return run_server_ready(run) && server_carry_out(run, flush);
}

/* In one write and one transaction, so that nobody takes the lock in between; and with memory for
 * it, of which the server may be short by another fault. The reply begins with the type of what was
 * there before. */
static redisReply *put_list(struct run *run, const char *limit)
{
    const char *lock = run->control.keys.names[KEY_LOCK];
    const char *const widen[] = {"CONFIG", "SET", "maxmemory", "0", NULL};
    const char *const multi[] = {"MULTI", NULL};
    const char *const type[] = {"TYPE", lock, NULL};
    const char *const del[] = {"DEL", lock, NULL};
    const char *const push[] = {"RPUSH", lock, "a list, and no lock", NULL};
    const char *const exec[] = {"EXEC", NULL};
    const char *const narrow[] = {"CONFIG", "SET", "maxmemory", limit, NULL};
    struct pipeline pipeline = {.run = run};
    pipeline_allow_writes(&pipeline);
    pipeline_put(&pipeline, widen);
    pipeline_put(&pipeline, multi);
    pipeline_put(&pipeline, type);
    pipeline_put(&pipeline, del);
    pipeline_put(&pipeline, push);
    pipeline_put(&pipeline, exec);
    pipeline_put(&pipeline, narrow);
    return pipeline_read(&pipeline, 1 + pipeline_refuse_again(&pipeline));
}

/* Nobody but us makes a list there. */
static bool has_list(struct run *run)
{
    const char *const type[] = {"TYPE", run->control.keys.names[KEY_LOCK], NULL};
    redisReply *reply = server_demand(run, type);
    bool list = reply && strcmp(reply->str, "list") == 0;
    freeReplyObject(reply);
    return list;
}

bool server_wrong_type(struct run *run)
{
    char limit[24];
    if (run->server.state == SERVER_BOOTS) {
        run->keeps_list = true; /* and is put as soon as it is up */
        run->pending &= ~(1u << SERVER_WRONG_TYPE);
        return true;
    }
    if (!run_server_ready(run) || !ask_limit(run, limit, sizeof limit)) {
        return false;
    }
    run->keeps_list = true;
    redisReply *done = put_list(run, limit);
    bool good = done && done->type == REDIS_REPLY_ARRAY && done->elements == 3;
    if (good && strcmp(done->element[0]->str, "string") == 0) {
        run_lock_gone(run, "was overwritten by a list");
    }
    freeReplyObject(done);
    return good;
}

static bool take_memory(struct run *run)
{
    return configure(run, "maxmemory-policy", "noeviction") && configure(run, "maxmemory", "1");
}

bool server_oom(struct run *run)
{
    bool boots = run->server.state == SERVER_BOOTS;
    if (!boots && !(run_server_ready(run) && take_memory(run))) {
        return false;
    }
    run->oom_until_ns = INT64_MAX; /* one that starts is told as soon as it is up */
    run->pending &= ~(1u << SERVER_OOM);
    return true;
}

void server_apply_again(struct run *run)
{
    server_apply_refusals(run);
    if (run->oom_until_ns == INT64_MAX) {
        take_memory(run);
    }
    if (run->keeps_list && !has_list(run)) {
        server_wrong_type(run);
    }
}

/* --- recovering ------------------------------------------------------------------------------- */

/* Only the list goes. */
static void remove_list(struct run *run)
{
    const char *const del[] = {"DEL", run->control.keys.names[KEY_LOCK], NULL};
    if (has_list(run)) {
        server_written(run, del);
    }
}

bool server_recover(struct run *run, enum server_fault from)
{
    run->pending |= 1u << from;
    if (run_server_ready(run)) {
        server_recover_pending(run);
    }
    return true;
}

void server_recover_pending(struct run *run)
{
    if (run->pending & 1u << SERVER_WRONG_TYPE) {
        run->keeps_list = false;
        remove_list(run);
    }
    if (run->pending & 1u << SERVER_OOM) {
        configure(run, "maxmemory", "0");
        run->oom_until_ns = monotonic_ns();
    }
    run->pending = 0;
    server_apply_refusals(run);
}
