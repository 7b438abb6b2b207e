/* What is done to a private server by commands of the driver's own: the lock is evicted, scripts
 * are forgotten, the lock's key gets another type, memory is out. Then everything of it is
 * undone. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/processes/server_verbs.h"

/* What pushes the lock out. Each is made by one short command. */
#define FILLERS 6
#define FILLER_LAST_BYTE "1048575"
#define FILLER_ROOM (1 << 20)

#define WORDS_MAX 8

/* --- asking --------------------------------------------------------------------------------- */

/* The number that follows `label` in an INFO; -1 if there is none. */
static long long info_number(const redisReply *reply, const char *label)
{
    bool text = reply && reply->type == REDIS_REPLY_STRING;
    const char *found = text ? strstr(reply->str, label) : NULL;
    return found ? strtoll(found + strlen(label), NULL, 10) : -1;
}

static long long ask_info(struct trial_server *server, const char *section, const char *label)
{
    const char *const info[] = {"INFO", section, NULL};
    redisReply *reply = server_demand(server, info);
    long long number = info_number(reply, label);
    freeReplyObject(reply);
    return number;
}

/* How much memory the server may take, as text: it may be short of it already. */
static bool ask_limit(struct trial_server *server, char *limit, size_t size)
{
    const char *const get[] = {"CONFIG", "GET", "maxmemory", NULL};
    redisReply *reply = server_demand(server, get);
    bool good = reply && reply->type == REDIS_REPLY_ARRAY && reply->elements == 2;
    snprintf(limit, size, "%.20s", good ? reply->element[1]->str : "0");
    freeReplyObject(reply);
    return good;
}

/* --- eviction --------------------------------------------------------------------------------- */

static void put_fillers(struct pipeline *pipeline, char names[FILLERS][40])
{
    const char *forget[FILLERS + 2] = {"UNLINK"};
    assert(pipeline->count > 0); /* memory was narrowed before */
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
static redisReply *crowd_out(struct trial_server *server, long long used, const char *limit)
{
    char names[FILLERS][40];
    char bound[32];
    struct pipeline pipeline = {.server = server};
    assert(used >= 0);
    snprintf(bound, sizeof bound, "%lld", used + FILLER_ROOM);
    pipeline_allow_writes(&pipeline);
    pipeline_configure(&pipeline, "maxmemory-policy", "volatile-ttl");
    pipeline_configure(&pipeline, "maxmemory", bound);
    put_fillers(&pipeline, names);
    pipeline_configure(&pipeline, "maxmemory-policy", "noeviction");
    pipeline_configure(&pipeline, "maxmemory", limit);
    return pipeline_read(&pipeline, 3 + pipeline_refuse_again(&pipeline));
}

bool server_evict_lock(struct trial_server *server)
{
    const char *const ttl[] = {"PTTL", server->control.keys.names[KEY_LOCK], NULL};
    char limit[24];
    if (!run_server_ready(server) || server_number(server, ttl) <= 0) {
        return false; /* a lock without a TTL is evicted no sooner than the rest */
    }
    long long used = ask_info(server, "memory", "used_memory:");
    long long before = ask_info(server, "stats", "evicted_keys:");
    if (used < 0 || before < 0 || !ask_limit(server, limit, sizeof limit)) {
        return false;
    }
    redisReply *stats = crowd_out(server, used, limit);
    long long after = info_number(stats, "evicted_keys:");
    freeReplyObject(stats);
    if (after > before) {
        run_lock_gone(server, "was evicted");
    }
    return after > before;
}

/* --- scripts, types, memory ------------------------------------------------------------------- */

bool server_forget_scripts(struct trial_server *server)
{
    const char *const flush[] = {"SCRIPT", "FLUSH", NULL};
    return run_server_ready(server) && server_carry_out(server, flush);
}

/* In one write and one transaction, so that nobody takes the lock in between; and with memory for
 * it, of which the server may be short by another fault. The reply begins with the type of what was
 * there before. */
static redisReply *put_list(struct trial_server *server, const char *limit)
{
    const char *lock = server->control.keys.names[KEY_LOCK];
    assert(server->keeps_list && server->process.state == SERVER_UP);
    const char *const multi[] = {"MULTI", NULL};
    const char *const type[] = {"TYPE", lock, NULL};
    const char *const del[] = {"DEL", lock, NULL};
    const char *const push[] = {"RPUSH", lock, "a list, and no lock", NULL};
    const char *const exec[] = {"EXEC", NULL};
    struct pipeline pipeline = {.server = server};
    pipeline_allow_writes(&pipeline);
    pipeline_configure(&pipeline, "maxmemory", "0");
    pipeline_put(&pipeline, multi);
    pipeline_put(&pipeline, type);
    pipeline_put(&pipeline, del);
    pipeline_put(&pipeline, push);
    pipeline_put(&pipeline, exec);
    pipeline_configure(&pipeline, "maxmemory", limit);
    return pipeline_read(&pipeline, 1 + pipeline_refuse_again(&pipeline));
}

/* Nobody but us makes a list there. */
static bool has_list(struct trial_server *server)
{
    const char *const type[] = {"TYPE", server->control.keys.names[KEY_LOCK], NULL};
    redisReply *reply = server_demand(server, type);
    bool list = reply && reply->type == REDIS_REPLY_STATUS && strcmp(reply->str, "list") == 0;
    freeReplyObject(reply);
    return list;
}

bool server_wrong_type(struct trial_server *server)
{
    char limit[24];
    if (server->process.state == SERVER_BOOTS) {
        server->keeps_list = true; /* and is put as soon as it is up */
        server->pending &= ~(1u << SERVER_WRONG_TYPE);
        return true;
    }
    if (!run_server_ready(server) || !ask_limit(server, limit, sizeof limit)) {
        return false;
    }
    server->keeps_list = true;
    redisReply *done = put_list(server, limit);
    bool good = done && done->type == REDIS_REPLY_ARRAY && done->elements == 3;
    if (good && strcmp(done->element[0]->str, "string") == 0) {
        run_lock_gone(server, "was overwritten by a list");
    }
    freeReplyObject(done);
    return good;
}

static bool take_memory(struct trial_server *server)
{
    return server_configure(server, "maxmemory-policy", "noeviction") &&
           server_configure(server, "maxmemory", "1");
}

bool server_oom(struct trial_server *server)
{
    bool boots = server->process.state == SERVER_BOOTS;
    if (!boots && !(run_server_ready(server) && take_memory(server))) {
        return false;
    }
    server->oom_until_ns = INT64_MAX; /* one that starts is told as soon as it is up */
    server->pending &= ~(1u << SERVER_OOM);
    return true;
}

void server_apply_again(struct trial_server *server)
{
    server_apply_refusals(server);
    if (server->oom_until_ns == INT64_MAX) {
        take_memory(server);
    }
    if (server->keeps_list && !has_list(server)) {
        server_wrong_type(server);
    }
}

/* --- recovering ------------------------------------------------------------------------------- */

/* Only the list goes. */
static void remove_list(struct trial_server *server)
{
    const char *const del[] = {"DEL", server->control.keys.names[KEY_LOCK], NULL};
    if (has_list(server)) {
        server_written(server, del);
    }
}

bool server_recover(struct trial_server *server, enum server_fault from)
{
    assert(from == SERVER_WRONG_TYPE || from == SERVER_OOM);
    server->pending |= 1u << from;
    if (run_server_ready(server)) {
        server_recover_pending(server);
    }
    return true;
}

void server_recover_pending(struct trial_server *server)
{
    if (server->pending & 1u << SERVER_WRONG_TYPE) {
        server->keeps_list = false;
        remove_list(server);
    }
    if (server->pending & 1u << SERVER_OOM) {
        server_configure(server, "maxmemory", "0");
        server->oom_until_ns = monotonic_ns();
    }
    server->pending = 0;
    server_apply_refusals(server);
}
