/* The monitor: a connection of the relay's own to a Redis that says nothing, and by whose end the
 * relay learns at once that the Redis is gone. A process without a relay is refused from that very
 * moment on; so listeners must close then, and not when the next one has been let in to nobody.
 *
 *     STANDS ──falls──▶ look ──connected──▶ STANDS
 *       ▲                └─────refused────▶ AWAY, listeners closed ──look, every ms──▶ …
 *       └────────────────────────────────────┘
 *
 * A dying server closes what it has accepted before it stops listening: in between one can connect
 * to it, and is hung up on. So there is a look after every fall, until one is refused. A server
 * that turns us away is looked at less often. */
#include <assert.h>
#include <errno.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "sim/relay/state.h"
#include "src/units.h"

#define LOOK_EVERY_NS NS_PER_MS
#define SHORT_NS (100 * NS_PER_MS) /* a monitor that stood no longer than that has hardly stood */
#define FALLS 4                    /* so many in a row are a death; more, a server that is full */
#define LOOK_SELDOM_NS (10 * NS_PER_MS)

static void dismiss(struct upstream *upstream)
{
    if (upstream->monitor.fd >= 0) {
        close(upstream->monitor.fd); /* which takes it out of the epoll set */
    }
    upstream->monitor = (struct source){.kind = SOURCE_MONITOR, .fd = -1, .owner = upstream};
}

static void look_at(struct relay *relay, struct upstream *upstream, int64_t at_ns)
{
    assert(upstream->monitor.fd < 0 && at_ns > relay->now_ns);
    upstream->look_ns = at_ns;
    relay_remind(relay, at_ns);
}

void monitor_look(struct relay *relay, struct upstream *upstream)
{
    dismiss(upstream);
    upstream->look_ns = INT64_MAX;
    int fd = relay_reach_redis(relay, upstream);
    bool queue_full = fd >= 0 && errno == EAGAIN;
    upstream->away = fd < 0;
    upstream->falls = upstream->away ? 0 : upstream->falls;
    upstream->monitor.fd = fd;
    upstream->watching_ns = relay->now_ns;
    if (queue_full) {
        dismiss(upstream);
    }
    if (upstream->away || queue_full) {
        look_at(relay, upstream, relay->now_ns + LOOK_EVERY_NS);
    } else {
        relay_watch(relay, &upstream->monitor, EPOLLRDHUP);
    }
    assert(!upstream->away || upstream->monitor.fd < 0);
    assert((upstream->look_ns < INT64_MAX) == (upstream->monitor.fd < 0));
    lines_mind_listeners(relay, upstream);
}

void monitor_fell(struct relay *relay, struct upstream *upstream)
{
    bool hardly = relay->now_ns - upstream->watching_ns < SHORT_NS;
    upstream->falls = hardly ? upstream->falls + 1 : 0;
    if (upstream->falls < FALLS) {
        monitor_look(relay, upstream);
    } else {
        dismiss(upstream);
        look_at(relay, upstream, relay->now_ns + LOOK_SELDOM_NS);
    }
}

void monitor_mind(struct relay *relay, struct upstream *upstream)
{
    if (upstream->look_ns <= relay->now_ns) {
        monitor_look(relay, upstream);
    } else if (upstream->look_ns < INT64_MAX) {
        relay_remind(relay, upstream->look_ns);
    }
}
