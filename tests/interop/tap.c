/* A tap between clients and a server: passes on every byte, and prints what the reader makes of it.
 * test_tap.py compares that with what the clients saw.
 *
 *     tap LISTEN UPSTREAM KEY        two Unix sockets, the lock's key; ends when stdin does
 *
 * Lines: CONNECTION ask NUMBER NAME OP TTL, and CONNECTION answer NUMBER EFFECT INTEGER ITEM, with
 * `believes` or `doubts` at their end. And: CONNECTION push, lost WHY, closed.
 */
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "sim/ops/op.h"
#include "sim/resp/reader.h"
#include "sim/wild/belief.h"
#include "sim/wild/talk.h"

#define MOST 64

struct connection {
    int fds[2]; /* the client's, the server's */
    struct resp_reader sides[2];
    struct pairs pairs;
    struct talk talk;
    bool told_lost;
};

static struct connection *connections[MOST];
static struct talk_shared shared;
static struct belief belief;
static const char *key;

static void need(bool good, const char *what)
{
    if (!good) {
        fprintf(stderr, "tap: %s\n", what);
        _exit(1);
    }
}

static int open_socket(const char *path, bool listens)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    need(fd >= 0, "socket");
    if (listens) {
        need(bind(fd, (struct sockaddr *)&address, sizeof address) == 0, path);
        need(listen(fd, 64) == 0, path);
    } else {
        need(connect(fd, (struct sockaddr *)&address, sizeof address) == 0, path);
    }
    return fd;
}

static const char *believes(void)
{
    return belief_holds(&belief) ? "believes" : "doubts";
}

static void told_answer(int number, struct connection *one, const struct resp_message *answer)
{
    static const char *const effects[WILD_EFFECTS] = {
        "nothing",  "took",     "busy", "kept",   "lost",
        "released", "not_ours", "saw",  "absent", "refused",
    };
    struct talk_reply replies[TALK_REPLIES];
    struct paired paired = pairs_answer(&one->pairs, answer);
    uint32_t count = talk_answer(&one->talk, answer, &one->pairs, &paired, replies);
    for (uint32_t i = 0; i < count; i++) {
        const struct resp_item *item = i + 1 < count ? &answer->items[1 + i] : &answer->items[0];
        belief_told(&belief, &replies[i].request, &replies[i].reply, (uint64_t)number + 1, 0);
        printf("%d answer %" PRIu64 " %s %" PRId64 " %c%s %s\n", number, replies[i].number,
               effects[replies[i].reply.effect], item->number, item->null ? '~' : item->type,
               item->kept ? item->text : "-", believes());
    }
    if (count == 0) {
        printf("%d push\n", number);
    }
}

static void told_ask(int number, struct connection *one, const struct resp_message *command)
{
    bool answered = pairs_command(&one->pairs, command);
    const struct talk_asked *asked = talk_command(&one->talk, command, one->pairs.asked, answered);
    const struct wild_request *request = &asked->request;
    for (uint64_t i = asked->from; i <= asked->number; i++) {
        struct talk_asked *done = talk_find(&one->talk, i);
        if (done) {
            belief_sent(&belief, &done->request);
        }
    }
    printf("%d ask %" PRIu64 " %s %s %" PRIu32 " %s\n", number, asked->number,
           request->name[0] ? request->name : "-",
           request->kind == WILD_LOCK ? op_rows[request->op]->name : "-", request->ttl_ms,
           believes());
}

static void read_bytes(int number, struct connection *one, int side, const char *bytes, size_t size)
{
    struct resp_reader *reader = &one->sides[side];
    while (size > 0) {
        size_t taken = resp_read(reader, bytes, size);
        bytes += taken;
        size -= taken;
        if (reader->broken) {
            pairs_lose(&one->pairs, PAIRS_NO_RESP);
        } else if (reader->whole && side == RESP_COMMANDS) {
            told_ask(number, one, &reader->message);
        } else if (reader->whole) {
            told_answer(number, one, &reader->message);
        }
        if (one->pairs.lost && !one->told_lost) {
            one->told_lost = true;
            printf("%d lost %s\n", number, pairs_why(one->pairs.lost));
        }
    }
}

/* False: a side has closed. */
static bool pass(int number, struct connection *one, int side)
{
    char bytes[16384];
    ssize_t got = recv(one->fds[side], bytes, sizeof bytes, 0);
    if (got <= 0) {
        return false;
    }
    read_bytes(number, one, side, bytes, (size_t)got);
    for (ssize_t at = 0, sent; at < got; at += sent) {
        sent = send(one->fds[!side], bytes + at, (size_t)(got - at), MSG_NOSIGNAL);
        if (sent < 0) {
            return false;
        }
    }
    return true;
}

static void welcome(int listener, const char *upstream)
{
    struct connection *one = calloc(1, sizeof *one);
    need(one, "calloc");
    one->fds[0] = accept(listener, NULL, NULL);
    need(one->fds[0] >= 0, "accept");
    one->fds[1] = open_socket(upstream, false);
    resp_begin(&one->sides[0], RESP_COMMANDS);
    resp_begin(&one->sides[1], RESP_ANSWERS);
    pairs_begin(&one->pairs);
    talk_begin(&one->talk, key, &shared);
    for (int i = 0; i < MOST; i++) {
        if (!connections[i]) {
            connections[i] = one;
            return;
        }
    }
    need(false, "too many connections");
}

static void part(int number)
{
    struct connection *one = connections[number];
    belief_closed(&belief, (uint64_t)number + 1);
    printf("%d closed %s\n", number, believes());
    close(one->fds[0]);
    close(one->fds[1]);
    free(one);
    connections[number] = NULL;
}

int main(int argc, char **argv)
{
    need(argc == 4, "usage: tap LISTEN UPSTREAM KEY");
    key = argv[3];
    setvbuf(stdout, NULL, _IOLBF, 0);
    int listener = open_socket(argv[1], true);
    printf("ready\n");
    for (;;) {
        struct pollfd polled[2 + 2 * MOST] = {{.fd = 0, .events = POLLIN},
                                              {.fd = listener, .events = POLLIN}};
        for (int i = 0; i < 2 * MOST; i++) {
            const struct connection *one = connections[i / 2];
            polled[2 + i] = (struct pollfd){.fd = one ? one->fds[i % 2] : -1, .events = POLLIN};
        }
        need(poll(polled, 2 + 2 * MOST, -1) > 0, "poll");
        if (polled[0].revents) {
            return 0;
        }
        if (polled[1].revents) {
            welcome(listener, argv[2]);
        }
        for (int i = 0; i < 2 * MOST; i++) {
            if (polled[2 + i].revents && connections[i / 2] &&
                !pass(i / 2, connections[i / 2], i % 2)) {
                part(i / 2);
            }
        }
    }
}
