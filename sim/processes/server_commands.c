/* Commands of the driver's own to a server, one by one or several in one read. See
 * server_verbs.h. */
#include "sim/processes/server_verbs.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "sim/wild/request.h"

/* The server gives no answer: somebody else has stopped or killed it just now, which is told then;
 * or the world failed. */
static void note_silence(struct trial_server *server)
{
    if (run_was_touched(server->run, server->process.pid)) {
        link_close(&server->control); /* what it may still say is an answer to nothing */
    } else {
        run_fail_link(server, "");
    }
}

bool server_configure(struct trial_server *server, const char *name, const char *value)
{
    const char *const set[] = {"CONFIG", "SET", name, value, NULL};
    return server_carry_out(server, set);
}

/* Whether it was stopped or killed from outside since the trial's last turn: it is not asked, as
 * its answer would be waited for in vain. */
static bool was_touched(struct trial_server *server)
{
    assert(server->run);
    bool touched = run_was_touched(server->run, server->process.pid);
    if (touched) {
        link_close(&server->control);
    }
    return touched;
}

redisReply *server_demand(struct trial_server *server, const char *const words[])
{
    if (was_touched(server)) {
        return NULL;
    }
    redisReply *reply = link_command(&server->control, words);
    if (!reply) {
        note_silence(server);
    } else if (reply->type == REDIS_REPLY_ERROR) {
        char said[REFUSAL_WORDS];
        refusal_copy(reply->str, server->control.address.password, said, sizeof said);
        run_fail(server->run, "the Redis refuses %s %s, which the scenario's fault needs: %s%s",
                 words[0], words[1] ? words[1] : "", said, refusal_advice(said));
        freeReplyObject(reply);
        reply = NULL;
    }
    return reply;
}

bool server_carry_out(struct trial_server *server, const char *const words[])
{
    redisReply *reply = server_demand(server, words);
    freeReplyObject(reply);
    return reply != NULL;
}

long long server_number(struct trial_server *server, const char *const words[])
{
    redisReply *reply = server_demand(server, words);
    long long number = reply && reply->type == REDIS_REPLY_INTEGER ? reply->integer : -1;
    freeReplyObject(reply);
    return number;
}

int server_lock_token(struct trial_server *server, struct token *token)
{
    const char *const get[] = {"GET", server->control.keys.names[KEY_LOCK], NULL};
    int found = -1;
    assert(server->process.state != SERVER_DOWN);
    if (was_touched(server)) {
        return found;
    }
    redisReply *reply = link_command(&server->control, get);
    if (!reply) {
        note_silence(server);
    } else if (reply->type == REDIS_REPLY_STRING) {
        *token = wild_token_of(reply->str, reply->len);
        found = 1;
    } else if (reply->type == REDIS_REPLY_NIL) {
        found = 0;
    }
    freeReplyObject(reply);
    return found;
}

/* --- several at once -------------------------------------------------------------------------- */

void pipeline_put(struct pipeline *pipeline, const char *const words[])
{
    assert(run_server_ready(pipeline->server));
    link_put(&pipeline->server->control, words);
    pipeline->count++;
}

void pipeline_configure(struct pipeline *pipeline, const char *name, const char *value)
{
    const char *const set[] = {"CONFIG", "SET", name, value, NULL};
    pipeline_put(pipeline, set);
}

redisReply *pipeline_read(struct pipeline *pipeline, int after)
{
    redisReply *wanted = NULL;
    assert(after >= 0 && after < pipeline->count);
    if (was_touched(pipeline->server)) {
        return NULL;
    }
    for (int left = pipeline->count - 1; left >= 0; left--) {
        redisReply *reply = link_take(&pipeline->server->control);
        if (!reply) {
            note_silence(pipeline->server);
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
