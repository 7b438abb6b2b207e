/* Which keys of a private server have expired: it tells so on a connection of its own. See
 * server_verbs.h. */
#include <assert.h>
#include <poll.h>
#include <string.h>

#include "sim/processes/server_verbs.h"

bool run_subscribe(struct trial_server *server)
{
    assert(server->run->common->program);
    const char *const words[] = {"SUBSCRIBE", "__keyevent@0__:expired", NULL};
    redisReply *reply = link_command(&server->subscription, words);
    freeReplyObject(reply);
    server->subscriptions++;
    return reply != NULL;
}

void run_lock_gone(struct trial_server *server, const char *why)
{
    struct history_event event = {
        .kind = HISTORY_EXPIRED, .process = HISTORY_HARNESS, .server = server->index, .why = why};
    assert(server->index < server->run->scenario->settings.servers);
    event.key = KEY_LOCK;
    run_record(server->run, &event);
}

static void hear_expired(struct trial_server *server, const redisReply *reply)
{
    if (reply->type == REDIS_REPLY_ARRAY && reply->elements == 3 &&
        reply->element[2]->type == REDIS_REPLY_STRING &&
        strcmp(reply->element[2]->str, server->subscription.keys.names[KEY_LOCK]) == 0) {
        run_lock_gone(server, NULL);
    }
}

void run_note_time(struct trial_server *server)
{
    struct preload *preload = server->process.preloading.shared;
    assert(server->index < SERVERS_MAX);
    struct skew skew = preload ? skew_read(&preload->wall) : (struct skew){0};
    bool runs = server->process.state == SERVER_UP;
    if (!server_times_add(&server->times, monotonic_ns(), skew, runs)) {
        run_fail(server->run, "out of memory");
    }
}

/* Being looked at is what makes the server drop the key. It tells us before it answers what it is
 * asked next. */
void run_hear_expired(struct trial_server *server)
{
    const char *const exists[] = {"EXISTS", server->control.keys.names[KEY_LOCK], NULL};
    if (server->run->common->program && run_server_ready(server) && server->subscription.redis) {
        freeReplyObject(link_command(&server->control, exists));
        link_pings(&server->control);
        server_listen(server);
    }
}

void server_listen(struct trial_server *server)
{
    bool open = server->subscription.redis != NULL;
    struct pollfd readable = {.fd = open ? server->subscription.redis->fd : -1, .events = POLLIN};
    while (readable.fd >= 0 && poll(&readable, 1, 0) > 0) {
        void *raw = NULL;
        if (redisBufferRead(server->subscription.redis) != REDIS_OK) {
            link_close(&server->subscription); /* the server has died: SIGCHLD tells it, too */
            return;
        }
        while (redisGetReplyFromReader(server->subscription.redis, &raw) == REDIS_OK && raw) {
            hear_expired(server, raw);
            freeReplyObject(raw);
            raw = NULL;
        }
    }
}
