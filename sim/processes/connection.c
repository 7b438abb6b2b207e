/* A connection to a Redis. See connection.h. */
#include "sim/processes/connection.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/text/clock.h"
#include "src/units.h"

/* When there is no room to connect (a link that is cut, a server that is stopped), it is tried
 * again after 1 ms, 2 ms, and so on up to this: the kernel does not tell when there is. */
#define RETRY_NS NS_PER_MS
#define RETRY_MAX_NS (4 * NS_PER_MS)

/* What is there in each state: a socket, a connection, requests to be told their end. */
static bool is_sound(const struct link *link)
{
    bool open = link->state == LINK_GREETING || link->state == LINK_OPEN;
    bool broken = link->state == LINK_BROKEN;
    return (broken || open == (link->redis != NULL)) &&
           (link->state == LINK_CONNECTING || link->connecting_fd < 0) &&
           broken == (link->lost > 0) && link->lost <= link->count && link->sent <= link->count &&
           (link->state == LINK_GREETING) == (link->greetings > 0);
}

void link_init(struct link *link, const struct address *address, const char *prefix, int timeout_ms)
{
    assert(timeout_ms > 0);
    memset(link, 0, sizeof *link);
    link->address = *address;
    link->timeout_ms = timeout_ms;
    link->connecting_fd = -1;
    wire_keys_make(&link->keys, prefix);
}

void link_forget(struct link *link)
{
    if (link->redis) {
        redisFree(link->redis);
        link->redis = NULL;
    }
    if (link->connecting_fd >= 0) {
        close(link->connecting_fd);
    }
    link->connecting_fd = -1;
    link->scripts = 0;
    link->greetings = 0;
    link->unwritten = false;
    link->tried = false;
    link->state = LINK_CLOSED;
}

void link_close(struct link *link)
{
    if (link->timeout_ms == 0) {
        return; /* all zero: its descriptor 0 is not its own */
    }
    link_forget(link);
    free(link->asked);
    free(link->votes.list);
    link->asked = NULL;
    link->first = link->count = link->capacity = link->sent = link->lost = 0;
    link->votes = (struct wire_votes){0};
    assert(is_sound(link));
}

/* --- what went wrong -------------------------------------------------------------------------- */

void link_note_io_error(struct link *link)
{
    assert(link->redis);
    snprintf(link->error, sizeof link->error, "%.500s: %.120s", link->address.shown,
             link->redis->errstr);
}

void link_note_silence(struct link *link)
{
    snprintf(link->error, sizeof link->error, "%.500s: no answer in time", link->address.shown);
}

void link_note_refusal(struct link *link, const char *command, const char *words)
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

/* What has come by now is still read: a server that turns a client away says why and closes, and a
 * client that was writing meanwhile hears of a broken pipe first. */
static void read_last_words(struct link *link)
{
    if (link->redis) {
        link->redis->err = 0;
        for (int i = 0; i < LATE_READS && link_is_readable(link); i++) {
            if (redisBufferRead(link->redis) != REDIS_OK) {
                break;
            }
        }
    }
}

void link_break(struct link *link)
{
    assert(link->state != LINK_BROKEN && link->state != LINK_CLOSED && link->lost == 0);
    link->lost = link->count;
    if (link->lost == 0) {
        link_forget(link);
        return;
    }
    if (link->state == LINK_OPEN) {
        link->refused_by_server = false;
        read_last_words(link);
    } else {
        link_forget(link);
    }
    link->state = LINK_BROKEN;
    assert(is_sound(link));
}

/* --- connecting ------------------------------------------------------------------------------- */

void link_put(struct link *link, const char *const words[])
{
    int count = 0;
    assert(link->redis && words[0]);
    while (words[count]) {
        count++;
    }
    redisAppendCommandArgv(link->redis, count, (const char **)words, NULL);
}

/* Queues AUTH and SELECT, as far as they are needed. */
static void greet(struct link *link)
{
    const struct address *address = &link->address;
    char db[16];
    assert(link->state == LINK_GREETING && link->greetings == 0);
    if (address->password[0]) {
        const char *const with_user[] = {"AUTH", address->user, address->password, NULL};
        const char *const without[] = {"AUTH", address->password, NULL};
        link_put(link, address->user[0] ? with_user : without);
        link->greetings++;
    }
    if (address->db != 0) {
        snprintf(db, sizeof db, "%d", address->db);
        const char *const words[] = {"SELECT", db, NULL};
        link_put(link, words);
        link->greetings++;
    }
}

static void hear_greeting(struct link *link)
{
    redisReply *reply;
    while (link->state == LINK_GREETING && (reply = link_whole_reply(link))) {
        assert(link->greetings > 0);
        bool select = link->greetings == 1 && link->address.db != 0;
        if (reply->type == REDIS_REPLY_ERROR) {
            link_note_refusal(link, select ? "SELECT" : "AUTH", reply->str);
            link_break(link);
        } else if (--link->greetings == 0) {
            link->state = LINK_OPEN;
        }
        freeReplyObject(reply);
    }
    if (link->state == LINK_GREETING && link->redis->reader->err) {
        link_break(link);
    }
}

/* The connection has broken already. */
static void end_greeting(struct link *link)
{
    assert(link->state == LINK_GREETING);
    read_last_words(link);
    hear_greeting(link);
    if (link->state == LINK_GREETING || link->state == LINK_OPEN) {
        link_break(link);
    }
    assert(link->state == LINK_CLOSED || link->state == LINK_BROKEN);
}

/* The socket is connected. */
static void begin_greeting(struct link *link, int fd)
{
    assert(link->state == LINK_CONNECTING && fd >= 0 && !link->redis);
    link->connecting_fd = -1;
    link->redis = redisConnectFd(fd);
    if (!link->redis || link->redis->err) {
        snprintf(link->error, sizeof link->error, "out of memory");
        if (!link->redis) {
            close(fd);
        }
        link_break(link);
        return;
    }
    link->redis->flags &= ~REDIS_BLOCK; /* whoever waits, polls */
    link->state = LINK_GREETING;
    greet(link);
    if (link->greetings == 0) {
        link->state = LINK_OPEN;
    } else if (!link_write(link)) {
        end_greeting(link);
    }
}

/* Tries an address, or the same again. */
static void try_address(struct link *link)
{
    int fd = -1;
    assert(link->state == LINK_CONNECTING && link->connecting_fd < 0);
    link->retry_ns = INT64_MAX;
    switch (address_begin(&link->address, &link->candidate, &fd, link->error, sizeof link->error)) {
    case CONNECT_DONE:
        begin_greeting(link, fd);
        break;
    case CONNECT_BEGUN:
        assert(fd >= 0);
        link->connecting_fd = fd;
        break;
    case CONNECT_NO_ROOM: {
        int64_t rest_ns = RETRY_NS << (link->tries < 2 ? link->tries : 2);
        link->retry_ns = monotonic_ns() + (rest_ns < RETRY_MAX_NS ? rest_ns : RETRY_MAX_NS);
        link->tries++;
        break;
    }
    case CONNECT_FAILED:
        link_break(link);
        break;
    }
}

void link_begin(struct link *link)
{
    assert(link->state == LINK_CLOSED);
    link->refused_by_server = false;
    link->state = LINK_CONNECTING;
    link->candidate = link->tries = 0;
    try_address(link);
    assert(is_sound(link));
}

static void go_on_connecting(struct link *link, short events)
{
    assert(link->state == LINK_CONNECTING);
    if (link->connecting_fd < 0) {
        if (monotonic_ns() >= link->retry_ns) {
            try_address(link);
        }
        return;
    }
    if (events == 0) {
        return;
    }
    if (address_is_connected(&link->address, link->connecting_fd, link->error,
                             sizeof link->error)) {
        begin_greeting(link, link->connecting_fd);
    } else {
        close(link->connecting_fd);
        link->connecting_fd = -1;
        link->candidate++;
        try_address(link);
    }
}

/* --- reading and writing ---------------------------------------------------------------------- */

bool link_write(struct link *link)
{
    int done = 0;
    assert(link->redis);
    if (redisBufferWrite(link->redis, &done) != REDIS_OK) {
        link_note_io_error(link);
        return false;
    }
    link->unwritten = !done;
    return true;
}

bool link_read(struct link *link)
{
    assert(link->redis);
    if (redisBufferRead(link->redis) != REDIS_OK) {
        link_note_io_error(link);
        return false;
    }
    return true;
}

bool link_is_readable(const struct link *link)
{
    struct pollfd socket = {.fd = link->redis->fd, .events = POLLIN};
    return poll(&socket, 1, 0) > 0;
}

redisReply *link_whole_reply(struct link *link)
{
    void *reply = NULL;
    if (link->redis && redisReaderGetReply(link->redis->reader, &reply) != REDIS_OK) {
        snprintf(link->error, sizeof link->error, "%.500s: %.120s", link->address.shown,
                 link->redis->reader->errstr);
        return NULL;
    }
    return reply;
}

struct pollfd link_polled(const struct link *link)
{
    struct pollfd polled = {.fd = -1};
    if (link->state == LINK_CONNECTING) {
        polled.fd = link->connecting_fd;
        polled.events = POLLOUT;
    } else if (link->state == LINK_GREETING || (link->state == LINK_OPEN && link->count > 0)) {
        polled.fd = link->redis->fd;
        polled.events = link->unwritten ? POLLIN | POLLOUT : POLLIN;
    }
    return polled;
}

void link_go_on(struct link *link, short events)
{
    if (link->state == LINK_CONNECTING) {
        go_on_connecting(link, events);
    } else if (link->state == LINK_GREETING || link->state == LINK_OPEN) {
        bool good = !(events & POLLOUT) || link_write(link);
        good = good && (!(events & ~POLLOUT) || link_read(link));
        if (!good && link->state == LINK_OPEN) {
            link_break(link);
        } else if (!good) {
            end_greeting(link);
        } else if (link->state == LINK_GREETING) {
            hear_greeting(link);
        }
    }
    assert(is_sound(link));
}
