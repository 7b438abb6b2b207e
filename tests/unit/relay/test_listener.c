/* A listener at a port: it lets in, lets wait, and refuses, as one at a path does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sim/relay/listener.h"

/* Who asked in vain asks again after a second, then after two more. */
#define PATIENCE_MS 10000

struct door {
    struct listener listener;
    uint16_t port;
    int reserved;
};

static int set_up(void **state)
{
    static struct door door;
    door.reserved = listener_reserve(&door.port);
    assert_true(door.reserved >= 0 && door.port > 0);
    listener_init(&door.listener, "/tmp", 1, 0, door.port);
    *state = &door;
    return 0;
}

static int tear_down(void **state)
{
    struct door *door = *state;
    assert_true(listener_set(&door->listener, LISTENER_CLOSED));
    close(door->reserved);
    return 0;
}

/* Begins to connect. */
static int knock(const struct door *door)
{
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_port = htons(door->port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    assert_true(fd >= 0);
    int status = connect(fd, (struct sockaddr *)&at, sizeof at);
    assert_true(status == 0 || errno == EINPROGRESS || errno == ECONNREFUSED);
    return fd;
}

/* 0: it is connected; else errno, EAGAIN: nothing has happened yet. */
static int outcome(int fd, int timeout_ms)
{
    struct pollfd writable = {.fd = fd, .events = POLLOUT};
    struct sockaddr_in peer;
    socklen_t size = sizeof peer;
    if (poll(&writable, 1, timeout_ms) == 0) {
        return EAGAIN;
    }
    return getpeername(fd, (struct sockaddr *)&peer, &size) == 0 ? 0 : ECONNREFUSED;
}

/* Somebody is let in, and it is he. */
static void lets_in(struct door *door, int fd)
{
    struct sockaddr_in own = {0}, peer = {0};
    socklen_t size = sizeof own;
    struct pollfd readable = {.fd = door->listener.fd, .events = POLLIN};
    int let_in = -1;
    while (let_in < 0) {
        assert_int_equal(poll(&readable, 1, PATIENCE_MS), 1);
        let_in = listener_accept(&door->listener); /* or one of its own, which it closes */
        assert_true(let_in >= 0 || errno == EAGAIN);
    }
    assert_int_equal(getsockname(fd, (struct sockaddr *)&own, &size), 0);
    assert_int_equal(getpeername(let_in, (struct sockaddr *)&peer, &size), 0);
    assert_int_equal(own.sin_port, peer.sin_port);
    close(let_in);
    close(fd);
}

static void closed_it_refuses(void **state)
{
    struct door *door = *state;
    int fd = knock(door);
    assert_int_equal(outcome(fd, PATIENCE_MS), ECONNREFUSED);
    close(fd);
    assert_true(listener_set(&door->listener, LISTENER_OPEN));
    lets_in(door, knock(door));
    assert_true(listener_set(&door->listener, LISTENER_CLOSED));
    fd = knock(door);
    assert_int_equal(outcome(fd, PATIENCE_MS), ECONNREFUSED);
    close(fd);
    assert_true(listener_set(&door->listener, LISTENER_OPEN));
    lets_in(door, knock(door));
}

static void many_are_let_in(void **state)
{
    struct door *door = *state;
    int fds[50];
    assert_true(listener_set(&door->listener, LISTENER_OPEN));
    for (int i = 0; i < 50; i++) {
        fds[i] = knock(door);
        assert_int_equal(outcome(fds[i], PATIENCE_MS), 0);
    }
    for (int i = 0; i < 50; i++) {
        lets_in(door, fds[i]);
    }
}

static void stuffed_it_lets_wait(void **state)
{
    struct door *door = *state;
    assert_true(listener_set(&door->listener, LISTENER_OPEN));
    assert_true(listener_set(&door->listener, LISTENER_STUFFED));
    int fd = knock(door);
    assert_int_equal(outcome(fd, 100), EAGAIN);
    assert_true(listener_set(&door->listener, LISTENER_OPEN));
    assert_int_equal(outcome(fd, PATIENCE_MS), 0);
    lets_in(door, fd);
    assert_int_equal(listener_accept(&door->listener), -1);
    assert_int_equal(errno, EAGAIN);
    lets_in(door, knock(door));
}

#define AT_A_DOOR(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        AT_A_DOOR(closed_it_refuses),
        AT_A_DOOR(many_are_let_in),
        AT_A_DOOR(stuffed_it_lets_wait),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
