/* The relay's lines: whether their listeners are open. See state.h. */
#include <assert.h>
#include <sys/epoll.h>

#include "sim/relay/state.h"

void line_mind_listener(struct relay *relay, struct line *line)
{
    enum listener_state state = line->upstream->away ? LISTENER_CLOSED : LISTENER_OPEN;
    if (line->link_faults.cut) {
        state = LISTENER_STUFFED;
    }
    if (line->listener.state == state) {
        return;
    }
    relay_watch(relay, &line->accepts, 0);
    if (!listener_set(&line->listener, state)) {
        relay_die(relay, "cannot open a socket");
    }
    line->accepts.fd = line->listener.fd;
    assert(state == LISTENER_CLOSED || line->accepts.fd >= 0);
    relay_watch(relay, &line->accepts, state == LISTENER_OPEN ? EPOLLIN : 0);
}

void lines_mind_listeners(struct relay *relay, const struct upstream *upstream)
{
    for (uint32_t i = 0; i < relay->line_count; i++) {
        if (relay->lines[i].upstream == upstream) {
            line_mind_listener(relay, &relay->lines[i]);
        }
    }
}
