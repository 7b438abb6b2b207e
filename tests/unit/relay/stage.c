/* The stage of the relay's tests. See stage.h. */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>

#include "tests/unit/relay/stage.h"

static struct sockaddr_un redis_at(const struct stage *stage)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    snprintf(at.sun_path, sizeof at.sun_path, "%s/redis", stage->folder);
    return at;
}

void redis_comes(struct stage *stage)
{
    struct sockaddr_un at = redis_at(stage);
    stage->redis = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    unlink(at.sun_path);
    assert_int_equal(bind(stage->redis, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(listen(stage->redis, 16), 0);
}

void monitor_comes(struct stage *stage)
{
    stage->monitor = redis_accepts(stage);
}

void redis_goes(struct stage *stage)
{
    close(stage->redis);
    stage->redis = -1;
}

int stage_set_up(void **state)
{
    return stage_set_up_with(state, (struct relay_plan){0});
}

int stage_set_up_with(void **state, struct relay_plan plan)
{
    static const uint16_t ids[] = {0, 3};
    struct stage *stage = calloc(1, sizeof *stage);
    struct sockaddr_un at;
    plan.ids = ids;
    plan.count = 2;
    plan.servers = 1;
    plan.seed = 1;
    int ends[2];
    char error[RELAY_ERROR];
    strcpy(stage->folder, "/tmp/hustings-relay-XXXXXX");
    assert_non_null(mkdtemp(stage->folder));
    redis_comes(stage);
    at = redis_at(stage);
    memcpy(&plan.redis[0].at, &at, sizeof at);
    plan.redis[0].length = sizeof at;
    plan.folder = stage->folder;
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends), 0);
    stage->control = ends[0];
    plan.control = ends[1];
    stage->relay = fork();
    if (stage->relay == 0) {
        close(ends[0]);
        close(stage->redis);
        relay_run(&plan);
    }
    close(ends[1]);
    assert_true(relay_await(stage->control, error));
    monitor_comes(stage);
    *state = stage;
    return 0;
}

int stage_tear_down(void **state)
{
    struct stage *stage = *state;
    char path[108];
    int status;
    close(stage->control);
    if (stage->relay > 0) {
        assert_int_equal(waitpid(stage->relay, &status, 0), stage->relay);
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0); /* it leaves with the driver */
    }
    if (stage->redis >= 0) {
        redis_goes(stage);
    }
    close(stage->monitor);
    unlink(redis_at(stage).sun_path);
    listener_path(stage->folder, 0, 0, path);
    unlink(path);
    listener_path(stage->folder, 3, 0, path);
    unlink(path);
    assert_int_equal(rmdir(stage->folder), 0);
    free(stage);
    return 0;
}

/* --- what a test tells ------------------------------------------------------------------------ */

int64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

int try_connect(const struct stage *stage, uint16_t id, int timeout_ms)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    struct timeval bound = {.tv_sec = timeout_ms / 1000, .tv_usec = timeout_ms % 1000 * 1000};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    char path[108];
    listener_path(stage->folder, id, 0, path);
    strcpy(at.sun_path, path);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &bound, sizeof bound);
    if (connect(fd, (struct sockaddr *)&at, sizeof at) != 0) {
        int why = errno;
        close(fd);
        return -why;
    }
    return fd;
}

int process_connects(const struct stage *stage, uint16_t id)
{
    int fd = try_connect(stage, id, TIMEOUT_MS);
    assert_true(fd >= 0);
    return fd;
}

bool something_comes(int fd, int timeout_ms)
{
    struct pollfd readable = {.fd = fd, .events = POLLIN};
    return poll(&readable, 1, timeout_ms) == 1;
}

int redis_accepts(const struct stage *stage)
{
    assert_true(something_comes(stage->redis, TIMEOUT_MS));
    int fd = accept4(stage->redis, NULL, NULL, SOCK_CLOEXEC);
    assert_true(fd >= 0);
    return fd;
}

void sends(int fd, const char *bytes)
{
    assert_int_equal(send(fd, bytes, strlen(bytes), MSG_NOSIGNAL), strlen(bytes));
}

void hears(int fd, const char *wanted)
{
    char text[256];
    size_t heard = 0;
    while (heard < strlen(wanted)) {
        assert_true(something_comes(fd, TIMEOUT_MS));
        ssize_t got = recv(fd, text + heard, sizeof text - heard, 0);
        assert_true(got > 0);
        heard += (size_t)got;
    }
    assert_int_equal(heard, strlen(wanted));
    assert_memory_equal(text, wanted, heard);
}

/* An order goes there and back several times over: all that was sent before is seen by then. */
void relay_notices(const struct stage *stage)
{
    struct link_order nothing = {.fault = LINK_HEAL, .undo = LINK_RESET};
    char error[RELAY_ERROR];
    bool changed;
    for (int i = 0; i < 5; i++) {
        assert_true(relay_order(stage->control, 3, 0, &nothing, &changed, error));
    }
}

/* The relay has seen all that was sent before, so this is no matter of luck. */
void hears_nothing(const struct stage *stage, int fd)
{
    relay_notices(stage);
    assert_false(something_comes(fd, 20));
}

void hears_the_end(int fd)
{
    char byte;
    assert_true(something_comes(fd, TIMEOUT_MS));
    assert_true(recv(fd, &byte, 1, 0) <= 0);
    close(fd);
}

bool ordered(const struct stage *stage, struct link_order order)
{
    char error[RELAY_ERROR];
    bool changed;
    assert_true(relay_order(stage->control, 3, 0, &order, &changed, error));
    return changed;
}

bool healed(const struct stage *stage, enum link_fault what)
{
    bool waits = what == LINK_LATE || what == LINK_LOSE_REPLY || what == LINK_RESET;
    struct link_order call_off = {.fault = LINK_HEAL, .undo = (uint8_t)what};
    struct link_order none = {.fault = (uint8_t)what, .directions = what == LINK_CUT ? 0 : BOTH};
    return ordered(stage, waits ? call_off : none);
}
