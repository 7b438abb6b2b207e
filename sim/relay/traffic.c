/* The relay's connections: reading, passing on, closing. What may be passed on, and when, is the
 * channel's to say. */
#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "sim/relay/state.h"
#include "src/units.h"

#define PORTION 65536
#define RETRY_NS NS_PER_MS

static void watch_sides(struct relay *relay, struct connection *connection)
{
    assert(!connection->dead && (connection->connecting || connection->retry_ns == 0));
    for (int way = 0; way < WAYS; way++) {
        uint32_t events = channel_wants(&connection->channel, (enum way)way) ? EPOLLIN : 0;
        events |= connection->blocked[!way] ? EPOLLOUT : 0u;
        if (way == WAY_REPLIES && connection->connecting) {
            events = connection->retry_ns ? 0 : EPOLLOUT;
        }
        relay_watch(relay, &connection->sides[way], events);
    }
}

static void kill_connection(struct relay *relay, struct connection *connection)
{
    assert(!connection->dead && *connection->link == connection);
    for (int way = 0; way < WAYS; way++) {
        if (connection->sides[way].fd >= 0) {
            close(connection->sides[way].fd); /* which takes it out of the epoll set */
        }
    }
    channel_free(&connection->channel);
    if (connection->tap && !connection->tap->closed) {
        tap_cut(connection->tap);
    }
    tap_free(connection->tap);
    connection->tap = NULL;
    *connection->link = connection->next;
    if (connection->next) {
        connection->next->link = connection->link;
    }
    connection->dead = true;
    connection->next = relay->graves;
    relay->graves = connection;
}

void traffic_bury(struct relay *relay)
{
    while (relay->graves) {
        struct connection *next = relay->graves->next;
        assert(relay->graves->dead);
        free(relay->graves);
        relay->graves = next;
    }
}

/* --- to the Redis ----------------------------------------------------------------------------- */

/* Begins, or tries again. False: it is refused. */
static bool connect_redis(struct relay *relay, struct connection *connection)
{
    struct source *redis = &connection->sides[WAY_REPLIES];
    if (redis->fd >= 0) {
        close(redis->fd);
    }
    *redis = (struct source){.kind = SOURCE_SIDE,
                             .way = WAY_REPLIES,
                             .fd = relay_reach_redis(relay, connection->line->upstream),
                             .owner = connection};
    if (redis->fd < 0) {
        return false;
    }
    connection->connecting = errno == EINPROGRESS || errno == EAGAIN;
    connection->retry_ns = errno == EAGAIN ? relay->now_ns + RETRY_NS : 0;
    if (connection->retry_ns) {
        relay_remind(relay, connection->retry_ns);
    }
    return true;
}

static bool finish_connecting(struct connection *connection)
{
    int error = 0;
    socklen_t size = sizeof error;
    assert(connection->connecting && connection->retry_ns == 0);
    connection->connecting = false;
    getsockopt(connection->sides[WAY_REPLIES].fd, SOL_SOCKET, SO_ERROR, &error, &size);
    return error == 0;
}

/* If it is a stranger's. */
static void listen_to(struct relay *relay, struct connection *connection)
{
    struct line *line = connection->line;
    if (!line->stranger) {
        return;
    }
    const struct witness_place place = {
        .id = line->id, .server = line->upstream->server, .connection = ++relay->taps};
    connection->tap = tap_open(relay->plan->witness, &line->belief, &line->stranger->standing,
                               &place, relay->plan->lock_key, &relay->shared);
    if (!connection->tap) {
        relay_die(relay, "cannot get memory");
    }
}

static void hear_met(void *self, const struct link_met *met, const struct command_seen *seen,
                     int64_t now_ns)
{
    const struct connection *connection = self;
    const struct relay_witness *witness = connection->witness;
    const struct witness_place place = {.id = connection->line->id,
                                        .server = connection->line->upstream->server};
    if (witness && witness->met) {
        witness->met(witness->self, &place, met, seen, now_ns);
    }
}

static void begin_connection(struct relay *relay, struct connection *connection, struct line *line,
                             int fd)
{
    assert(fd >= 0);
    connection->line = line;
    listen_to(relay, connection);
    channel_init(&connection->channel, &line->link_faults,
                 connection->tap ? &connection->tap->hook : NULL);
    connection->witness = relay->plan->witness;
    connection->ear =
        (struct channel_ear){.self = connection, .prefix = relay->plan->prefix, .met = hear_met};
    connection->channel.ear = &connection->ear;
    connection->sides[WAY_REQUESTS] =
        (struct source){.kind = SOURCE_SIDE, .way = WAY_REQUESTS, .fd = fd, .owner = connection};
    connection->sides[WAY_REPLIES].fd = -1;
    connection->next = line->connections;
    connection->link = &line->connections;
    if (connection->next) {
        connection->next->link = &connection->next;
    }
    line->connections = connection;
    if (connect_redis(relay, connection)) {
        watch_sides(relay, connection);
    } else {
        monitor_look(relay, connection->line->upstream);
        kill_connection(relay, connection);
    }
}

void traffic_welcome(struct relay *relay, struct line *line, int fd)
{
    struct connection *connection = calloc(1, sizeof *connection);
    if (connection) {
        begin_connection(relay, connection, line, fd);
    } else {
        relay_die(relay, "cannot get memory");
    }
}

/* --- passing on ------------------------------------------------------------------------------- */

static bool stands(const struct connection *connection)
{
    return connection->tap && connection->line->stranger->standing.stands;
}

static void tell_passed(struct tap *tap, enum way way, uint64_t passed, int64_t now_ns)
{
    assert(way < WAYS);
    if (way == WAY_REQUESTS) {
        tap_sent(tap, passed, now_ns);
    } else {
        tap_passed(tap, passed, now_ns);
    }
}

/* False: the connection is to be closed. */
static bool pass_on(struct relay *relay, struct connection *connection, enum way way)
{
    struct channel *channel = &connection->channel;
    int to = connection->sides[!way].fd;
    const char *bytes;
    size_t size;
    assert(!connection->connecting && to >= 0);
    connection->blocked[way] = false;
    if (stands(connection)) {
        return true;
    }
    while (!stands(connection) && (size = channel_ready(channel, way, relay->now_ns, &bytes)) > 0) {
        ssize_t sent = send(to, bytes, size, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent >= 0) {
            assert((size_t)sent <= size);
            channel_passed(channel, way, (size_t)sent);
            if (connection->tap) {
                tell_passed(connection->tap, way, channel->flows[way].passed, relay->now_ns);
            }
        } else if (errno == EAGAIN) {
            connection->blocked[way] = true;
            break;
        } else if (errno != EINTR) {
            channel_deafen(channel, way);
        }
    }
    if (!stands(connection) && !connection->said_end[way] &&
        channel_over(channel, way, relay->now_ns)) {
        connection->said_end[way] = true;
        if (way == WAY_REPLIES) {
            return false; /* nothing more can come from either side */
        }
        shutdown(to, SHUT_WR);
    }
    int64_t due_ns = channel_due(channel, way);
    if (due_ns > relay->now_ns && due_ns < INT64_MAX) {
        relay_remind(relay, due_ns);
    }
    return true;
}

/* The Redis has closed, perhaps because the process had, or will not have us. */
static void lose_redis(struct relay *relay, struct connection *connection)
{
    if (!connection->said_end[WAY_REQUESTS]) {
        monitor_look(relay, connection->line->upstream);
    }
    kill_connection(relay, connection);
}

static bool try_again(struct relay *relay, struct connection *connection)
{
    assert(connection->connecting);
    return connection->retry_ns == 0 || connection->retry_ns > relay->now_ns ||
           connect_redis(relay, connection);
}

void traffic_settle(struct relay *relay, struct connection *connection)
{
    if (connection->dead) {
        return;
    }
    if (connection->channel.broken) {
        kill_connection(relay, connection);
        return;
    }
    if (connection->connecting && !try_again(relay, connection)) {
        lose_redis(relay, connection);
        return;
    }
    if (!connection->connecting &&
        (!pass_on(relay, connection, WAY_REQUESTS) || !pass_on(relay, connection, WAY_REPLIES))) {
        lose_redis(relay, connection);
        return;
    }
    if (connection->retry_ns > relay->now_ns) {
        relay_remind(relay, connection->retry_ns);
    }
    watch_sides(relay, connection);
}

/* --- reading ---------------------------------------------------------------------------------- */

/* False: nothing is there. */
static bool read_side(struct relay *relay, struct connection *connection, enum way way)
{
    static char portion[PORTION];
    struct channel *channel = &connection->channel;
    assert(!connection->dead && channel_wants(channel, way));
    ssize_t got = recv(connection->sides[way].fd, portion, sizeof portion, MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
        return false;
    }
    if (got <= 0 && way == WAY_REQUESTS && connection->tap) {
        tap_passed(connection->tap, channel->flows[WAY_REPLIES].passed, relay->now_ns);
        tap_closed(connection->tap, relay->now_ns);
    }
    bool good = got > 0 ? channel_take(channel, way, portion, (size_t)got, relay->now_ns)
                        : channel_end(channel, way, relay->now_ns);
    if (!good) {
        relay_die(relay, "cannot get memory");
    }
    return got > 0;
}

/* Whoever sends without end is not waited for: what comes behind that which was lost is lost, too.
 */
#define PORTIONS_MAX 64

void traffic_drain(struct relay *relay, struct connection *connection)
{
    for (int way = 0; way < WAYS && !connection->dead; way++) {
        bool reachable = way == WAY_REQUESTS || !connection->connecting;
        int left = PORTIONS_MAX;
        while (reachable && left-- > 0 &&
               link_faults_drops(&connection->line->link_faults, (enum way)way) &&
               channel_wants(&connection->channel, (enum way)way) &&
               read_side(relay, connection, (enum way)way)) {
        }
    }
}

void traffic_event(struct relay *relay, struct source *side, uint32_t events)
{
    struct connection *connection = side->owner;
    enum way way = (enum way)side->way;
    assert(way < WAYS && side == &connection->sides[way]);
    if (connection->dead) {
        return;
    }
    if (way == WAY_REPLIES && connection->connecting) {
        if (connection->retry_ns == 0 && !finish_connecting(connection)) {
            lose_redis(relay, connection);
            return;
        }
    } else if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) &&
               channel_wants(&connection->channel, way)) {
        read_side(relay, connection, way);
    }
    traffic_settle(relay, connection);
}

/* Whether it has closed the connection, which is known before all that it sent has been read. */
static bool is_gone(const struct connection *connection)
{
    struct pollfd polled = {.fd = connection->sides[WAY_REQUESTS].fd, .events = POLLRDHUP};
    bool ended = connection->channel.flows[WAY_REQUESTS].ended || connection->tap->dead;
    return ended || (poll(&polled, 1, 0) > 0 && polled.revents);
}

/* Nothing is read here: a command that has not been read yet may stand anew, and that is for those
 * which stood to go on before. */
void traffic_go_on(struct relay *relay, struct connection *connection)
{
    struct channel *channel = &connection->channel;
    assert(connection->tap && !stands(connection));
    if (connection->dead) {
        return;
    }
    if (connection->tap->before && is_gone(connection)) {
        channel_deafen(channel, WAY_REQUESTS); /* with all that it sent behind it */
    }
    connection->tap->before = false;
    channel_meet(channel, relay->now_ns);
    traffic_settle(relay, connection);
}
