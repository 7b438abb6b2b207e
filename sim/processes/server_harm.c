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

#define WORDS_MAX 8

void run_lock_gone(struct run *run, const char *why)
{
    struct history_event event = {.kind = HISTORY_EXPIRED, .process = HISTORY_HARNESS, .why = why};
    event.key = KEY_LOCK;
    run_record(run, &event);
}

/* --- asking ----------------------------------------------------------------------------------- */

/* The server gives no answer: somebody else has stopped or killed it just now, which is told then;
 * or the world failed. */
static void note_silence(struct run *run)
{
    if (run_was_touched(run, run->server.pid)) {
        link_close(&run->control); /* what it may still say is an answer to nothing */
    } else {
        run_fail_link(run, "");
    }
}

/* The reply to a command that must not fail; NULL: it did. */
static redisReply *demand(struct run *run, const char *const words[])
{
    redisReply *reply = link_command(&run->control, words);
    if (!reply) {
        note_silence(run);
    } else if (reply->type == REDIS_REPLY_ERROR) {
        char said[REFUSAL_WORDS];
        refusal_copy(reply->str, run->control.address.password, said, sizeof said);
        run_fail(run, "the Redis refuses %s %s, which the scenario's fault needs: %s%s", words[0],
                 words[1] ? words[1] : "", said, refusal_advice(said));
        freeReplyObject(reply);
        reply = NULL;
    }
    return reply;
}

bool server_carry_out(struct run *run, const char *const words[])
{
    redisReply *reply = demand(run, words);
    freeReplyObject(reply);
    return reply != NULL;
}

long long server_number(struct run *run, const char *const words[])
{
    redisReply *reply = demand(run, words);
    long long number = reply && reply->type == REDIS_REPLY_INTEGER ? reply->integer : -1;
    freeReplyObject(reply);
    return number;
}

int server_lock_string(struct run *run, char *out, size_t size)
{
    const char *const get[] = {"GET", run->control.keys.names[KEY_LOCK], NULL};
    redisReply *reply = link_command(&run->control, get);
    int found = -1;
    out[0] = '\0';
    if (!reply) {
        note_silence(run);
    } else if (reply->type == REDIS_REPLY_STRING) {
        snprintf(out, size, "%s", reply->str);
        found = 1;
    } else if (reply->type == REDIS_REPLY_NIL) {
        found = 0;
    }
    freeReplyObject(reply);
    return found;
}

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
    redisReply *reply = demand(run, info);
    long long number = info_number(reply, label);
    freeReplyObject(reply);
    return number;
}

/* How much memory the server may take, as text: it may be short of it already. */
static bool ask_limit(struct run *run, char *limit, size_t size)
{
    const char *const get[] = {"CONFIG", "GET", "maxmemory", NULL};
    redisReply *reply = demand(run, get);
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

/* --- gulps ------------------------------------------------------------------------------------ */

/* Commands that the server takes in one read: they fit into one of its reads, and it answers all
 * that it has read before it turns to anybody else. */
void gulp_put(struct pipeline *pipeline, const char *const words[])
{
    link_put(&pipeline->run->control, words);
    pipeline->count++;
}

redisReply *gulp_swallow(struct pipeline *pipeline, int after)
{
    redisReply *wanted = NULL;
    for (int left = pipeline->count - 1; left >= 0; left--) {
        redisReply *reply = link_take(&pipeline->run->control);
        if (!reply) {
            note_silence(pipeline->run);
            break;
        }
        if (left == after) {
            wanted = reply;
        } else {
            freeReplyObject(reply);
        }
    }
    return wanted;
}

long long server_written(struct run *run, const char *const words[])
{
    struct pipeline pipeline = {.run = run};
    if (run->refusals == 0 || !run->control.redis) {
        return server_number(run, words);
    }
    gulp_open(&pipeline);
    gulp_put(&pipeline, words);
    redisReply *reply = gulp_swallow(&pipeline, gulp_shut(&pipeline));
    long long number = reply && reply->type == REDIS_REPLY_INTEGER ? reply->integer : -1;
    freeReplyObject(reply);
    return number;
}

/* --- eviction --------------------------------------------------------------------------------- */

static void put_fillers(struct pipeline *pipeline, char names[FILLERS][40])
{
    const char *forget[FILLERS + 2] = {"UNLINK"};
    const char *const info[] = {"INFO", "stats", NULL};
    for (int i = 0; i < FILLERS; i++) {
        snprintf(names[i], sizeof names[i], "hustings:filler-%d", i);
        const char *const fill[] = {"SETRANGE", names[i], FILLER_LAST_BYTE, "x", NULL};
        gulp_put(pipeline, fill);
        forget[i + 1] = names[i];
    }
    gulp_put(pipeline, info);
    gulp_put(pipeline, forget);
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
    gulp_open(&pipeline);
    gulp_put(&pipeline, evict);
    gulp_put(&pipeline, narrow);
    put_fillers(&pipeline, names);
    gulp_put(&pipeline, keep);
    gulp_put(&pipeline, widen);
    return gulp_swallow(&pipeline, 3 + gulp_shut(&pipeline));
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
    gulp_open(&pipeline);
    gulp_put(&pipeline, widen);
    gulp_put(&pipeline, multi);
    gulp_put(&pipeline, type);
    gulp_put(&pipeline, del);
    gulp_put(&pipeline, push);
    gulp_put(&pipeline, exec);
    gulp_put(&pipeline, narrow);
    return gulp_swallow(&pipeline, 1 + gulp_shut(&pipeline));
}

/* Nobody but us makes a list there. */
static bool has_list(struct run *run)
{
    const char *const type[] = {"TYPE", run->control.keys.names[KEY_LOCK], NULL};
    redisReply *reply = demand(run, type);
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

void server_keep_troubles(struct run *run)
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
        server_pay_debts(run);
    }
    return true;
}

void server_pay_debts(struct run *run)
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
