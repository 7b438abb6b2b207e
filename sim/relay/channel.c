/* A channel. See channel.h. */
#include "sim/relay/channel.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* As long as this much waits to be passed on, no more is read. */
#define WAITING_MAX ((size_t)1 << 20)

void channel_init(struct channel *channel, struct link_faults *link_faults,
                  const struct channel_tap *tap)
{
    assert(link_faults);
    memset(channel, 0, sizeof *channel);
    channel->link_faults = link_faults;
    channel->tap = tap;
    channel->mark = LINK_HEAL;
    pairs_begin(&channel->pairs);
    resp_begin(&channel->flows[WAY_REQUESTS].reader, RESP_COMMANDS);
    if (tap && tap->watch) {
        resp_watch(&channel->flows[WAY_REQUESTS].reader, tap->watch, tap->watch_size);
    }
    resp_begin(&channel->flows[WAY_REPLIES].reader, RESP_ANSWERS);
}

void channel_free(struct channel *channel)
{
    for (int way = 0; way < WAYS; way++) {
        free(channel->flows[way].bytes);
        free(channel->flows[way].messages);
        channel->flows[way].bytes = NULL;
        channel->flows[way].messages = NULL;
    }
}

/* The last `size` bytes are a message. */
static bool queue_message(struct channel *channel, enum way way, size_t size, int64_t now_ns,
                          int64_t until_ns)
{
    struct flow *flow = &channel->flows[way];
    if (!flow_reserve_message(flow)) {
        return false;
    }
    assert(flow->last < flow->room && size <= flow->end - flow->begin);
    struct message *message = &flow->messages[flow->last++];
    flow->queued++;
    *message = (struct message){.size = size};
    message->hold = link_faults_hold(channel->link_faults, way, size, now_ns);
    message->hold.until_ns = until_ns;
    return true;
}

/* --- bytes in --------------------------------------------------------------------------------- */

/* One side sends what is no RESP: then nothing can be said of the other's answers. */
static void mind_broken(struct channel *channel)
{
    for (int way = 0; way < WAYS; way++) {
        if (channel->flows[way].reader.broken) {
            pairs_lose(&channel->pairs, PAIRS_NO_RESP);
        }
    }
}

/* The last part of what waits is a whole message. False: memory is out. */
static bool keep_message(struct channel *channel, enum way way, int64_t now_ns, int64_t until_ns)
{
    struct flow *flow = &channel->flows[way];
    size_t size = flow->part;
    flow->part = 0;
    if (flow->deaf || flow->silent) {
        flow->end -= size;
        return true;
    }
    return queue_message(channel, way, size, now_ns, until_ns);
}

/* Of requests, those that are answered and are no greetings meet the faults of the link; those of a
 * stranger whose traffic stands do so later. */
static bool end_request(struct channel *channel, int64_t now_ns)
{
    struct flow *flow = &channel->flows[WAY_REQUESTS];
    const struct resp_message *command = &flow->reader.message;
    bool answered = pairs_command(&channel->pairs, command);
    bool meets = answered && !meet_is_greeting(&command->items[0]);
    uint64_t number = channel->pairs.asked, before = flow->queued;
    if (channel->tap) {
        uint64_t place = flow->deaf || flow->silent ? 0 : flow->queued + 1;
        channel->tap->asked(channel->tap->self, command, number, answered, place, now_ns);
    }
    bool later = channel->tap && *channel->tap->stands;
    struct command_name named = {.name = ""};
    int64_t until_ns = 0;
    if (meets) {
        meet_name(channel, command, &named);
    }
    if (meets && !later) {
        char *bytes = flow->bytes + flow->end - flow->part;
        until_ns = meet_request(channel, &named, number, bytes, flow->part, now_ns);
    }
    if (!keep_message(channel, WAY_REQUESTS, now_ns, until_ns)) {
        return false;
    }
    if (meets && later && flow->queued > before) {
        flow->messages[flow->last - 1].unmet = number;
        flow->messages[flow->last - 1].named = named;
    }
    return true;
}

static bool end_reply(struct channel *channel, int64_t now_ns)
{
    struct flow *flow = &channel->flows[WAY_REPLIES];
    struct paired paired = pairs_answer(&channel->pairs, &flow->reader.message);
    if (!meet_put_words(flow)) {
        return false;
    }
    meet_reply(channel, &paired);
    uint64_t before = flow->queued;
    bool good = keep_message(channel, WAY_REPLIES, now_ns, 0);
    if (channel->tap) {
        uint64_t place = flow->queued > before ? flow->queued : 0;
        channel->tap->answered(channel->tap->self, &flow->reader.message, &channel->pairs, &paired,
                               place, now_ns);
    }
    return good;
}

static bool end_message(struct channel *channel, enum way way, int64_t now_ns)
{
    assert(channel->flows[way].reader.whole && channel->flows[way].part > 0);
    mind_broken(channel);
    return way == WAY_REQUESTS ? end_request(channel, now_ns) : end_reply(channel, now_ns);
}

/* What is lost on its way, its sender has sent all the same. */
static void hear_lost(struct channel *channel, enum way way, const char *bytes, size_t size,
                      int64_t now_ns)
{
    struct resp_reader *reader = &channel->flows[way].reader;
    while (channel->tap && way == WAY_REQUESTS && size > 0 && !reader->broken) {
        size_t taken = resp_read(reader, bytes, size);
        bytes += taken;
        size -= taken;
        if (reader->whole) {
            bool answered = pairs_command(&channel->pairs, &reader->message);
            channel->tap->asked(channel->tap->self, &reader->message, channel->pairs.asked,
                                answered, 0, now_ns);
        }
    }
}

bool channel_take(struct channel *channel, enum way way, const char *bytes, size_t size,
                  int64_t now_ns)
{
    struct flow *flow = &channel->flows[way];
    assert(!flow->ended);
    if (flow->silent || link_faults_drops(channel->link_faults, way)) {
        flow_fall_silent(flow);
        hear_lost(channel, way, bytes, size, now_ns);
        return true;
    }
    while (size > 0 && !flow->silent && !channel->broken) {
        size_t taken = resp_read(&flow->reader, bytes, size);
        if (!flow_reserve_bytes(flow, taken)) {
            return false;
        }
        assert(taken > 0 && flow->capacity - flow->end >= taken);
        memcpy(flow->bytes + flow->end, bytes, taken);
        flow->end += taken;
        flow->part += taken;
        bytes += taken;
        size -= taken;
        if (flow->reader.whole && !end_message(channel, way, now_ns)) {
            return false;
        }
    }
    hear_lost(channel, way, bytes, size, now_ns); /* what came behind that which was lost */
    assert(flow_is_sound(flow));
    return true;
}

void channel_meet(struct channel *channel, int64_t now_ns)
{
    struct flow *flow = &channel->flows[WAY_REQUESTS];
    size_t at = flow->begin;
    for (size_t i = flow->first; i < flow->last && !flow->silent && !channel->broken; i++) {
        struct message *message = &flow->messages[i];
        if (message->unmet > 0) {
            message->hold.until_ns = meet_request(channel, &message->named, message->unmet,
                                                  flow->bytes + at, message->size, now_ns);
            message->unmet = 0;
        }
        at += message->size;
        if (flow->silent) {
            flow_lose_from(flow, i);
        }
    }
}

bool channel_end(struct channel *channel, enum way way, int64_t now_ns)
{
    struct flow *flow = &channel->flows[way];
    assert(!flow->ended);
    size_t part = flow->part;
    flow->ended = true;
    flow->part = 0;
    return (part == 0 || queue_message(channel, way, part, now_ns, 0)) &&
           queue_message(channel, way, 0, now_ns, 0);
}

bool channel_wants(const struct channel *channel, enum way way)
{
    const struct flow *flow = &channel->flows[way];
    bool held = !channel->tap && channel->link_faults->cut & WAY_BIT(way) &&
                !link_faults_drops(channel->link_faults, way);
    return !flow->ended && !held && flow->end - flow->begin - flow->part < WAITING_MAX;
}

/* --- bytes out -------------------------------------------------------------------------------- */

size_t channel_ready(const struct channel *channel, enum way way, int64_t now_ns,
                     const char **bytes)
{
    const struct flow *flow = &channel->flows[way];
    size_t size = 0;
    assert(flow_is_sound(flow));
    if (channel->link_faults->cut & WAY_BIT(way)) {
        return 0;
    }
    for (size_t i = flow->first; i < flow->last; i++) {
        if (hold_ends(&flow->messages[i].hold) > now_ns) {
            break;
        }
        size += flow->messages[i].size;
    }
    assert(size <= flow->end - flow->begin - flow->part);
    if (size > 0) {
        *bytes = flow->bytes + flow->begin;
    }
    return size;
}

/* Takes bytes off the front; the end of a flow stays where it is. */
void channel_passed(struct channel *channel, enum way way, size_t size)
{
    struct flow *flow = &channel->flows[way];
    flow->begin += size;
    while (flow->first < flow->last && size >= flow->messages[flow->first].size) {
        size_t whole = flow->messages[flow->first].size;
        if (flow->ended && flow->first + 1 == flow->last) {
            break;
        }
        size -= whole;
        flow->first++;
        flow->passed++;
    }
    if (size > 0) {
        assert(flow->first < flow->last && size < flow->messages[flow->first].size);
        flow->messages[flow->first].size -= size;
    }
    assert(flow_is_sound(flow));
}

void channel_deafen(struct channel *channel, enum way way)
{
    struct flow *flow = &channel->flows[way];
    flow->deaf = true;
    if (flow->ended) {
        flow->first = flow->last - 1;
        flow->begin = flow->end;
    } else {
        flow->first = flow->last;
        flow->begin = flow->end - flow->part;
    }
    assert(flow_is_sound(flow));
}

bool channel_over(const struct channel *channel, enum way way, int64_t now_ns)
{
    const struct flow *flow = &channel->flows[way];
    return flow->ended && flow->first + 1 == flow->last &&
           !(channel->link_faults->cut & WAY_BIT(way)) &&
           hold_ends(&flow->messages[flow->first].hold) <= now_ns;
}

int64_t channel_due(const struct channel *channel, enum way way)
{
    const struct flow *flow = &channel->flows[way];
    if (flow->first == flow->last || (channel->link_faults->cut & WAY_BIT(way))) {
        return INT64_MAX;
    }
    return hold_ends(&flow->messages[flow->first].hold);
}

bool channel_follow(struct channel *channel, const struct link_order *order,
                    const struct link_faults *before, int64_t now_ns)
{
    bool changed = false;
    for (int way = 0; way < WAYS; way++) {
        struct flow *flow = &channel->flows[way];
        for (size_t i = flow->first; i < flow->last; i++) {
            struct hold *hold = &flow->messages[i].hold;
            changed = hold_follow(hold, (enum way)way, order, before, now_ns) || changed;
        }
        if (link_faults_drops(channel->link_faults, (enum way)way)) {
            changed = flow_lose_all(flow) || changed;
        }
    }
    if (channel->mark != LINK_HEAL && heals(order, (enum link_fault)channel->mark)) {
        channel->mark = LINK_HEAL;
        changed = true;
    }
    return changed;
}
