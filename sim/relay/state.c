/* What all files of the relay need. See state.h. */
#include "sim/relay/state.h"

#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "sim/text/errors.h"
#include "src/units.h"

void relay_answer(const struct relay *relay, const struct relay_answer *words)
{
    if (send(relay->plan->control, words, sizeof *words, MSG_NOSIGNAL) != (ssize_t)sizeof *words) {
        _exit(1); /* the driver is gone */
    }
}

void relay_die(const struct relay *relay, const char *what)
{
    struct relay_answer words = {.ends = true};
    snprintf(words.error, sizeof words.error, "%s: %s", what, error_words(errno));
    relay_answer(relay, &words);
    _exit(1);
}

void relay_watch(struct relay *relay, struct source *source, uint32_t events)
{
    struct epoll_event wanted = {.events = events, .data.ptr = source};
    if (events == source->watched) {
        return;
    }
    assert(source->fd >= 0);
    int what = events == 0 ? EPOLL_CTL_DEL : (source->watched ? EPOLL_CTL_MOD : EPOLL_CTL_ADD);
    if (epoll_ctl(relay->epoll, what, source->fd, &wanted) != 0) {
        relay_die(relay, "cannot watch a descriptor");
    }
    source->watched = events;
}

void relay_remind(struct relay *relay, int64_t at_ns)
{
    assert(at_ns > 0 && at_ns < INT64_MAX);
    struct itimerspec at = {.it_value = {.tv_sec = at_ns / NS_PER_S, .tv_nsec = at_ns % NS_PER_S}};
    if (at_ns < relay->due_ns) {
        relay->due_ns = at_ns;
        timerfd_settime(relay->timer.fd, TFD_TIMER_ABSTIME, &at, NULL);
    }
}

int relay_reach_redis(const struct relay *relay, const struct upstream *upstream)
{
    assert(upstream->server < relay->plan->servers);
    const struct relay_redis *redis = &relay->plan->redis[upstream->server];
    const struct sockaddr *address = (const struct sockaddr *)&redis->at;
    int fd = socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) {
        relay_die(relay, "cannot make a socket");
    }
    if (address->sa_family != AF_UNIX) {
        int yes = 1;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    }
    errno = 0;
    if (connect(fd, address, redis->length) == 0 || errno == EINPROGRESS || errno == EAGAIN) {
        return fd;
    }
    close(fd);
    return -1;
}
