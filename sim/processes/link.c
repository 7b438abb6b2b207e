/* One process's connection to one Redis. See link.h. */
#include "sim/processes/link.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "sim/ops/op.h"
#include "sim/processes/shared.h"
#include "sim/text/clean.h"
#include "src/units.h"

/* So often a request whose time is up may still read what lies there already: one who was kept from
 * reading finds a whole answer, even a large one, and a server that never stops is left. */
#define LATE_READS 64

void link_init(struct link *link, const struct address *address, const char *prefix, int timeout_ms)
{
    memset(link, 0, sizeof *link);
    link->address = *address;
    link->timeout_ms = timeout_ms;
    wire_keys_make(&link->keys, prefix);
}

static void drop(struct link *link)
{
    if (link->redis) {
        redisFree(link->redis);
        link->redis = NULL;
    }
    link->scripts = 0;
}

void link_close(struct link *link)
{
    drop(link);
    free(link->votes.list);
    link->votes = (struct wire_votes){0};
}

static void note_io_error(struct link *link)
{
    snprintf(link->error, sizeof link->error, "%.500s: %.120s", link->address.shown,
             link->redis->errstr);
}

/* From now on it has this long for all that it does. */
static void begin_timeout(struct link *link)
{
    link->until_ns = monotonic_ns() + link->timeout_ms * NS_PER_MS;
}

/* Waits until the socket is ready, or until the time is up; then it has a last look. One who was
 * stopped and goes on finds the wait interrupted: then all its timeout begins anew. */
static bool is_ready(struct link *link, short events)
{
    struct pollfd socket = {.fd = link->redis->fd, .events = events};
    for (;;) {
        int64_t left_ns = link->until_ns - monotonic_ns();
        left_ns = left_ns > 0 ? left_ns : 0;
        struct timespec left = {.tv_sec = left_ns / NS_PER_S, .tv_nsec = left_ns % NS_PER_S};
        int got = ppoll(&socket, 1, &left, NULL);
        if (got > 0) {
            return true;
        }
        if (got == 0 || errno != EINTR) {
            return false;
        }
        begin_timeout(link);
    }
}

static void note_silence(struct link *link)
{
    snprintf(link->error, sizeof link->error, "%.500s: no answer in time", link->address.shown);
}

/* Keeps the words with which the server refused a command. */
static void note_refusal(struct link *link, const char *command, const char *words)
{
    link->refused_by_server = true;
    snprintf(link->refused, sizeof link->refused, "%s", command);
    refusal_copy(words, link->address.password, link->error, sizeof link->error);
}

void link_tell(const struct link *link, char *text, size_t size)
{
    const char *advice = refusal_advice(link->error);
    if (link->refused_by_server) {
        snprintf(text, size, "the Redis at %.500s %srefuses %s: %s%s", link->address.shown,
                 refusal_meaning(link->error), link->refused, link->error, advice);
    } else {
        snprintf(text, size, "cannot use the Redis at %s%s", link->error, advice);
    }
}

static bool flush(struct link *link)
{
    int done = 0;
    for (;;) {
        if (redisBufferWrite(link->redis, &done) != REDIS_OK) {
            note_io_error(link);
            return false;
        }
        if (done) {
            return true;
        }
        if (!is_ready(link, POLLOUT)) {
            note_silence(link);
            return false;
        }
    }
}

/* The next reply, or NULL. */
static redisReply *next_reply(struct link *link)
{
    void *reply = NULL;
    int late = 0;
    for (;;) {
        if (redisGetReplyFromReader(link->redis, &reply) != REDIS_OK) {
            note_io_error(link);
            return NULL;
        }
        if (reply) {
            return reply;
        }
        late += monotonic_ns() >= link->until_ns;
        if (late > LATE_READS || !is_ready(link, POLLIN)) {
            note_silence(link);
            return NULL;
        }
        if (redisBufferRead(link->redis) != REDIS_OK) {
            note_io_error(link);
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

void link_put(struct link *link, const char *const words[])
{
    int count = 0;
    while (words[count]) {
        count++;
    }
    redisAppendCommandArgv(link->redis, count, (const char **)words, NULL);
}

/* Sends what is queued, and takes the next reply, within the time that is left. */
static redisReply *exchange(struct link *link)
{
    redisReply *reply = flush(link) ? next_reply(link) : last_words(link);
    if (!reply || link->redis->err) {
        drop(link);
    }
    return reply;
}

redisReply *link_take(struct link *link)
{
    if (!link->redis) {
        return NULL;
    }
    begin_timeout(link);
    return exchange(link);
}

/* One command and its answer. */
static redisReply *ask(struct link *link, const char *const words[])
{
    link_put(link, words);
    return exchange(link);
}

/* Whether it is an answer to this command and no error; frees it. */
static bool is_accepted(struct link *link, const char *command, redisReply *reply)
{
    if (!reply) {
        return false;
    }
    link->refused_by_server = reply->type == REDIS_REPLY_ERROR;
    if (link->refused_by_server) {
        note_refusal(link, command, reply->str);
    }
    freeReplyObject(reply);
    return !link->refused_by_server;
}

redisReply *link_command(struct link *link, const char *const words[])
{
    link->error[0] = '\0';
    link->refused_by_server = false;
    if (!link->redis && !link_open(link)) {
        return NULL;
    }
    begin_timeout(link);
    return ask(link, words);
}

bool link_demand(struct link *link, const char *const words[])
{
    return is_accepted(link, words[0], link_command(link, words));
}

static bool log_in(struct link *link)
{
    const struct address *address = &link->address;
    char db[16];
    if (address->password[0]) {
        const char *const with_user[] = {"AUTH", address->user, address->password, NULL};
        const char *const without[] = {"AUTH", address->password, NULL};
        if (!is_accepted(link, "AUTH", ask(link, address->user[0] ? with_user : without))) {
            return false;
        }
    }
    if (address->db == 0) {
        return true;
    }
    snprintf(db, sizeof db, "%d", address->db);
    const char *const words[] = {"SELECT", db, NULL};
    return is_accepted(link, "SELECT", ask(link, words));
}

bool link_open(struct link *link)
{
    drop(link);
    link->error[0] = '\0';
    link->refused_by_server = false;
    begin_timeout(link);
    int fd = address_connect(&link->address, link->timeout_ms, link->error, sizeof link->error);
    if (fd < 0) {
        return false;
    }
    link->redis = redisConnectFd(fd);
    if (!link->redis || link->redis->err) {
        snprintf(link->error, sizeof link->error, "out of memory");
        if (!link->redis) {
            close(fd);
        }
        drop(link);
        return false;
    }
    link->redis->flags &= ~REDIS_BLOCK; /* all waiting is done here */
    if (!log_in(link)) {
        drop(link);
        return false;
    }
    return true;
}

/* A script's text goes along until it is known that the server has it: a digest alone may come too
 * late for a second try, when the one who asked has given up waiting for a stalled server. */
static bool send_as(struct link *link, const struct request *request, bool whole_script)
{
    whole_script = whole_script || !(link->scripts & 1u << request->op);
    link->sent_whole = whole_script;
    if (!wire_append(link->redis, &link->keys, request, whole_script)) {
        note_io_error(link);
        return false;
    }
    return flush(link);
}

bool link_send(struct link *link, const struct request *request)
{
    link->error[0] = '\0';
    link->refused_by_server = false;
    if (!link->redis && !link_open(link)) {
        return false;
    }
    begin_timeout(link);
    /* A write that fails may have gone out in part: link_receive says "unknown". */
    if (!send_as(link, request, false)) {
        drop(link);
    }
    return true;
}

/* Waits until there is something to read, and looks at its first bytes. Returns how many. */
static size_t peek(struct link *link, char bytes[WIRE_PEEK])
{
    if (!is_ready(link, POLLIN)) {
        return 0;
    }
    ssize_t length = recv(link->redis->fd, bytes, WIRE_PEEK, MSG_PEEK | MSG_DONTWAIT);
    return length > 0 ? (size_t)length : 0;
}

/* The server has forgotten the script: nothing was applied yet. Sends it whole. */
static bool send_again(struct link *link, const struct request *request)
{
    freeReplyObject(next_reply(link));
    return send_as(link, request, true);
}

bool link_await(struct link *link, const struct request *request)
{
    char bytes[WIRE_PEEK] = "";
    size_t length = link->redis ? peek(link, bytes) : 0;
    if (wire_begins_unknown_script(bytes, length)) {
        length = send_again(link, request) ? peek(link, bytes) : 0;
    }
    if (length == 0) {
        drop(link);
    }
    return wire_applied(bytes, length, request);
}

/* Keeps what is there instead of what was asked for. */
static void note_unreadable(struct link *link, const struct request *request,
                            const struct reply *reply, const redisReply *raw)
{
    char found[200] = "a value of another type";
    if (reply->outcome != STORE_UNREADABLE) {
        return;
    }
    if (raw->type == REDIS_REPLY_STRING) {
        clean_text(raw->str, found, sizeof found);
    }
    snprintf(link->error, sizeof link->error, "%s: %s", link->keys.names[request->key], found);
}

void link_receive(struct link *link, const struct request *request, struct reply *reply)
{
    redisReply *raw = link->redis ? next_reply(link) : NULL;
    if (raw && wire_unknown_script(raw)) {
        freeReplyObject(raw);
        raw = send_as(link, request, true) ? next_reply(link) : NULL;
    }
    if (!raw) {
        drop(link);
        memset(reply, 0, sizeof *reply);
        reply->outcome = STORE_UNKNOWN;
        return;
    }
    wire_reply(raw, request, &link->votes, reply);
    if (raw->type == REDIS_REPLY_ERROR) {
        note_refusal(link, op_command(request->op, link->sent_whole), raw->str);
    } else {
        note_unreadable(link, request, reply, raw);
        link->scripts |= 1u << request->op;
    }
    freeReplyObject(raw);
}
