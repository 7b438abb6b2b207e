/* The store of a flow. See flow.h. */
#include "sim/relay/flow.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

bool flow_is_sound(const struct flow *flow)
{
    return flow->begin <= flow->end && flow->end <= flow->capacity && flow->first <= flow->last &&
           flow->last <= flow->room && flow->part <= flow->end - flow->begin &&
           (!flow->ended || (flow->part == 0 && flow->first < flow->last));
}

bool flow_reserve_bytes(struct flow *flow, size_t size)
{
    if (flow->begin == flow->end) {
        flow->begin = flow->end = 0;
    }
    if (flow->capacity - flow->end >= size) {
        return true;
    }
    if (flow->begin > 0) {
        memmove(flow->bytes, flow->bytes + flow->begin, flow->end - flow->begin);
        flow->end -= flow->begin;
        flow->begin = 0;
    }
    size_t capacity = flow->capacity ? flow->capacity : 1024;
    while (capacity - flow->end < size) {
        capacity *= 2;
    }
    if (capacity == flow->capacity) {
        return true;
    }
    char *bytes = realloc(flow->bytes, capacity);
    if (!bytes) {
        return false;
    }
    flow->bytes = bytes;
    flow->capacity = capacity;
    return true;
}

bool flow_reserve_message(struct flow *flow)
{
    if (flow->first == flow->last) {
        flow->first = flow->last = 0;
    }
    if (flow->last < flow->room) {
        return true;
    }
    if (flow->first > 0) {
        memmove(flow->messages, flow->messages + flow->first,
                (flow->last - flow->first) * sizeof *flow->messages);
        flow->last -= flow->first;
        flow->first = 0;
        return true;
    }
    size_t room = flow->room ? 2 * flow->room : 4;
    struct message *messages = realloc(flow->messages, room * sizeof *messages);
    if (!messages) {
        return false;
    }
    flow->messages = messages;
    flow->room = room;
    return true;
}

void flow_fall_silent(struct flow *flow)
{
    assert(flow_is_sound(flow));
    flow->end -= flow->part;
    flow->part = 0;
    flow->silent = true;
}

bool flow_lose_all(struct flow *flow)
{
    size_t end = flow->ended ? 1 : 0;
    bool lost = flow->last - flow->first > end || flow->part > 0;
    if (lost) {
        flow_fall_silent(flow);
        flow->first = flow->last - end;
        flow->begin = flow->end;
        assert(flow_is_sound(flow));
    }
    return lost;
}

void flow_lose_from(struct flow *flow, size_t message)
{
    size_t kept = message;
    assert(flow->first <= message && message < flow->last);
    flow_fall_silent(flow);
    for (size_t i = message; i < flow->last; i++) {
        flow->end -= flow->messages[i].size;
    }
    if (flow->ended) {
        flow->messages[kept++] = flow->messages[flow->last - 1];
    }
    flow->last = kept;
    assert(flow_is_sound(flow));
}
