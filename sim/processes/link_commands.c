/* What waits on a link: one thing at a time. See link_commands.h. */
#include "sim/processes/link_commands.h"

#include <assert.h>
#include <errno.h>
#include <string.h>
#include <time.h>

#include "sim/text/clock.h"
#include "src/units.h"

/* So long link_try() waits for what is expected at any moment. */
#define TRY_NS NS_PER_MS

/* From now on it has this long for all that it does. */
static void begin_timeout(struct link *link)
{
    assert(link->timeout_ms > 0);
    link->until_ns = monotonic_ns() + link->timeout_ms * NS_PER_MS;
}

/* Waits until the socket is ready, or until the time is up; then it has a last look. */
static bool is_ready(int fd, short events, int64_t until_ns)
{
    struct pollfd socket = {.fd = fd, .events = events};
    for (;;) {
        int64_t left_ns = until_ns - monotonic_ns();
        left_ns = left_ns > 0 ? left_ns : 0;
        struct timespec left = {.tv_sec = left_ns / NS_PER_S, .tv_nsec = left_ns % NS_PER_S};
        int got = ppoll(&socket, 1, &left, NULL);
        if (got >= 0 || errno != EINTR) {
            return got > 0;
        }
    }
}

/* --- opening ---------------------------------------------------------------------------------- */

/* Waits for what a link waits for, but not beyond its time. */
static void wait_and_turn(struct link *link, int64_t until_ns)
{
    struct pollfd polled = link_polled(link);
    assert(link->state != LINK_CLOSED || link->count > 0);
    int64_t due_ns = link_due(link);
    due_ns = link->state == LINK_CONNECTING && link->retry_ns < due_ns ? link->retry_ns : due_ns;
    due_ns = until_ns < due_ns ? until_ns : due_ns;
    if (is_ready(polled.fd, polled.events, due_ns)) {
        polled.revents = polled.events;
    }
    link_turn(link, polled.revents);
}

bool link_open(struct link *link)
{
    assert(link->count == 0);
    link_forget(link);
    link->error[0] = '\0';
    begin_timeout(link);
    link_begin(link);
    while (link->state == LINK_CONNECTING || link->state == LINK_GREETING) {
        if (monotonic_ns() >= link->until_ns) {
            link_note_silence(link);
            link_break(link);
        } else {
            wait_and_turn(link, link->until_ns);
        }
    }
    assert(link->state == LINK_OPEN || link->state == LINK_CLOSED);
    return link->state == LINK_OPEN;
}

/* --- a request -------------------------------------------------------------------------------- */

struct reply link_request(struct link *link, const struct request *request)
{
    struct link_answer answer = {.reply.outcome = STORE_REFUSED};
    link->error[0] = '\0';
    link->refused_by_server = false;
    if ((link->redis || link_open(link)) && link_ask(link, request, 0, true)) {
        while (!link_answered(link, &answer)) {
            wait_and_turn(link, INT64_MAX);
        }
    }
    return answer.reply;
}

/* --- commands --------------------------------------------------------------------------------- */

static bool flush(struct link *link)
{
    assert(link->redis && link->count == 0);
    for (;;) {
        if (!link_write(link)) {
            return false;
        }
        if (!link->unwritten) {
            return true;
        }
        if (!is_ready(link->redis->fd, POLLOUT, link->until_ns)) {
            link_note_silence(link);
            return false;
        }
    }
}

/* The next reply, or NULL. */
static redisReply *next_reply(struct link *link)
{
    int late = 0;
    assert(link->redis && link->count == 0);
    for (;;) {
        redisReply *reply = link_whole_reply(link);
        if (reply || link->redis->reader->err) {
            return reply;
        }
        late += monotonic_ns() >= link->until_ns;
        if (late > LATE_READS || !is_ready(link->redis->fd, POLLIN, link->until_ns)) {
            link_note_silence(link);
            return NULL;
        }
        if (!link_read(link)) {
            return NULL;
        }
    }
}

/* A server that turns a client away says why and closes; a client that was writing meanwhile hears
 * of a broken pipe first. Its words, if it left any; the connection is of no use any more. */
static redisReply *last_words(struct link *link)
{
    int why = link->redis->err;
    link->redis->err = 0;
    redisReply *reply = next_reply(link);
    link->redis->err = why;
    if (reply && reply->type != REDIS_REPLY_ERROR) {
        freeReplyObject(reply);
        reply = NULL;
    }
    return reply;
}

redisReply *link_take(struct link *link)
{
    if (!link->redis) {
        return NULL;
    }
    begin_timeout(link);
    redisReply *reply = flush(link) ? next_reply(link) : last_words(link);
    if (!reply || link->redis->err) {
        link_forget(link);
    }
    return reply;
}

redisReply *link_command(struct link *link, const char *const words[])
{
    link->error[0] = '\0';
    link->refused_by_server = false;
    if (!link->redis && !link_open(link)) {
        return NULL;
    }
    link_put(link, words);
    return link_take(link);
}

static enum link_progress give_up_trying(struct link *link)
{
    link->tried = false;
    link_forget(link);
    assert(link->state == LINK_CLOSED);
    return LINK_FAILED;
}

/* What has come by `until_ns`, which may be an error. */
static enum link_progress look(struct link *link, int64_t until_ns, redisReply **reply)
{
    assert(link->state == LINK_OPEN);
    bool ready = is_ready(link->redis->fd, POLLIN, until_ns);
    if ((link->unwritten && !link_write(link)) || (ready && !link_read(link))) {
        return give_up_trying(link);
    }
    *reply = link_whole_reply(link);
    if (*reply) {
        return LINK_ANSWERED;
    }
    if (link->redis->reader->err) {
        return give_up_trying(link);
    }
    if (monotonic_ns() >= link->until_ns) {
        link_note_silence(link);
        return give_up_trying(link);
    }
    return LINK_PENDING;
}

/* What has come of a command that was sent. */
static enum link_progress look_for_answer(struct link *link, const char *command,
                                          redisReply **reply)
{
    assert(link->tried);
    enum link_progress progress = look(link, monotonic_ns() + TRY_NS, reply);
    if (progress != LINK_ANSWERED) {
        return progress;
    }
    link->tried = false;
    if ((*reply)->type == REDIS_REPLY_ERROR) {
        link_note_refusal(link, command, (*reply)->str);
        freeReplyObject(*reply);
        *reply = NULL;
        return LINK_FAILED;
    }
    return LINK_ANSWERED;
}

void link_send_put(struct link *link)
{
    assert(link->state == LINK_OPEN);
    begin_timeout(link);
    if (!link_write(link)) {
        link_forget(link);
    }
}

bool link_is_pending(const struct link *link)
{
    return link->tried || link->state == LINK_CONNECTING || link->state == LINK_GREETING;
}

enum link_progress link_try(struct link *link, const char *const words[], redisReply **reply)
{
    if (link->state == LINK_CLOSED) {
        link->tried = false;
        begin_timeout(link);
        link_begin(link);
    } else if (link->state != LINK_OPEN) {
        wait_and_turn(link, monotonic_ns() + TRY_NS);
    }
    if (link->state == LINK_CLOSED) {
        return LINK_FAILED; /* link->error says why */
    }
    if (link->state != LINK_OPEN) {
        if (monotonic_ns() < link->until_ns) {
            return LINK_PENDING;
        }
        link_note_silence(link);
        return give_up_trying(link);
    }
    if (!link->tried) {
        link->tried = true;
        link->refused_by_server = false;
        link_put(link, words);
        link_send_put(link);
    }
    return link->state == LINK_OPEN ? look_for_answer(link, words[0], reply) : LINK_FAILED;
}

enum link_progress link_look(struct link *link, redisReply **reply)
{
    return link->state == LINK_OPEN ? look(link, 0, reply) : give_up_trying(link);
}

bool link_demand(struct link *link, const char *const words[])
{
    redisReply *reply = link_command(link, words);
    if (!reply) {
        return false;
    }
    if (reply->type == REDIS_REPLY_ERROR) {
        link_note_refusal(link, words[0], reply->str);
    }
    freeReplyObject(reply);
    return !link->refused_by_server;
}

static const char *const ping[] = {"PING", NULL};

bool link_pings(struct link *link)
{
    return link_demand(link, ping);
}

enum link_progress link_try_ping(struct link *link)
{
    redisReply *reply = NULL;
    enum link_progress progress = link_try(link, ping, &reply);
    freeReplyObject(reply);
    return progress;
}
