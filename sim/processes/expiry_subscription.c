/* What a trial's driver hears of its Redis: whether it is still there, still the same and still
 * willing, and, of a private one, which keys expired. See run.h. */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "sim/processes/run.h"
#include "sim/processes/server_verbs.h"

bool run_redis_answers(struct run *run)
{
    const char *const words[] = {"PING", NULL};
    return link_demand(&run->control, words);
}

/* Which server it is: a restarted one has another id. Empty if it does not say. */
static void ask_id(struct run *run, char *id, size_t size)
{
    const char *const words[] = {"INFO", "server", NULL};
    redisReply *reply = link_command(&run->control, words);
    const char *found =
        reply && reply->type == REDIS_REPLY_STRING ? strstr(reply->str, "\nrun_id:") : NULL;
    id[0] = '\0';
    if (found) {
        snprintf(id, size, "%.40s", found + strlen("\nrun_id:"));
    }
    freeReplyObject(reply);
}

bool run_subscribe(struct run *run)
{
    const char *const words[] = {"SUBSCRIBE", "__keyevent@0__:expired", NULL};
    redisReply *reply = link_command(&run->subscription, words);
    freeReplyObject(reply);
    run->subscriptions++;
    return reply != NULL;
}

void run_remember_redis(struct run *run)
{
    ask_id(run, run->redis_id, sizeof run->redis_id);
}

void run_still_there(struct run *run)
{
    char id[sizeof run->redis_id];
    if (run->common->program) {
        return;
    }
    if (!run_redis_answers(run)) {
        char what[64];
        snprintf(what, sizeof what, "the Redis went away in the middle of trial %u: ", run->number);
        run_fail_link(run, what);
        return;
    }
    ask_id(run, id, sizeof id);
    if (strcmp(id, run->redis_id) != 0) {
        run_fail(run, "the Redis at %s was restarted in the middle of trial %u",
                 run->control.address.shown, run->number);
    }
}

/* --- what the members hear -------------------------------------------------------------------- */

/* Whether nobody can work with a Redis that refuses so: no verdict would mean anything. Unless the
 * scenario itself has brought that about: an answer may lie unread for long, so what counts is
 * whether its request was sent before that was over. */
static bool breaks_the_trial(const struct run *run, const char *refusal, int64_t sent_ns)
{
    bool own = (strstr(refusal, "OOM") && sent_ns < run->oom_until_ns) ||
               server_refused(run, refusal, sent_ns) ||
               (strstr(refusal, "LOADING") && sent_ns < run->loading_until_ns);
    return !own && refusal_is_fatal(refusal);
}

void run_hear_refusals(struct run *run)
{
    for (uint32_t id = 0; id < slots_of(run); id++) {
        struct member_slot *slot = &run->shared->slots[id];
        if (atomic_load(&slot->refusals) == 0) {
            continue;
        }
        if (breaks_the_trial(run, slot->refusal, slot->refused_ns)) {
            run_fail(run, "the Redis %srefuses %s: %s%s", refusal_meaning(slot->refusal),
                     slot->refused, slot->refusal, refusal_advice(slot->refusal));
        }
        atomic_store(&slot->refusals, 0); /* the next one is told, too */
    }
}

/* --- what it says by itself --------------------------------------------------------------- */

int run_subscription_fd(const struct run *run)
{
    const struct link *link = run->common->program ? &run->subscription : &run->control;
    return link->redis && run->state != RUN_BOOTING ? link->redis->fd : -1;
}

static void hear_expired(struct run *run, const redisReply *reply)
{
    if (reply->type == REDIS_REPLY_ARRAY && reply->elements == 3 &&
        reply->element[2]->type == REDIS_REPLY_STRING &&
        strcmp(reply->element[2]->str, run->subscription.keys.names[KEY_LOCK]) == 0) {
        struct history_event event = {.kind = HISTORY_EXPIRED, .process = HISTORY_HARNESS};
        event.key = KEY_LOCK;
        run_record(run, &event);
    }
}

void run_note_time(struct run *run)
{
    struct preload *preload = run->server.preloading.shared;
    struct skew skew = preload ? skew_read(&preload->wall) : (struct skew){0};
    bool runs = run->server.state == SERVER_UP;
    if (!server_times_add(&run->times, monotonic_ns(), skew, runs)) {
        run_fail(run, "out of memory");
    }
}

/* Being looked at is what makes the server drop the key. It tells us before it answers what it is
 * asked next. */
void run_hear_expired(struct run *run)
{
    const char *const exists[] = {"EXISTS", run->control.keys.names[KEY_LOCK], NULL};
    if (run->common->program && run_server_ready(run) && run->subscription.redis) {
        freeReplyObject(link_command(&run->control, exists));
        run_redis_answers(run);
        run_listen(run);
    }
}

bool run_listen(struct run *run)
{
    struct pollfd readable = {.fd = run_subscription_fd(run), .events = POLLIN};
    if (!run->common->program) {
        char byte;
        ssize_t got = recv(readable.fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
        if (got > 0 || (got < 0 && errno == EAGAIN)) {
            return true;
        }
        link_close(&run->control);
        run_still_there(run);
        return false;
    }
    while (readable.fd >= 0 && poll(&readable, 1, 0) > 0) {
        void *raw = NULL;
        if (redisBufferRead(run->subscription.redis) != REDIS_OK) {
            link_close(&run->subscription); /* the server has died: SIGCHLD tells it, too */
            return true;
        }
        while (redisGetReplyFromReader(run->subscription.redis, &raw) == REDIS_OK && raw) {
            hear_expired(run, raw);
            freeReplyObject(raw);
            raw = NULL;
        }
    }
    return true;
}
