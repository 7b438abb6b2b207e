/* A channel. See channel.h. */
#include "sim/relay/channel.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* As long as this much waits to be passed on, no more is read. */
#define WAITING_MAX ((size_t)1 << 20)

void channel_init(struct channel *channel, struct link_faults *link_faults)
{
    assert(link_faults);
    *channel = (struct channel){.link_faults = link_faults, .mark = LINK_HEAL};
}

void channel_free(struct channel *channel)
{
    for (int way = 0; way < WAYS; way++) {
        free(channel->flows[way].bytes);
        free(channel->flows[way].messages);
    }
    *channel = (struct channel){.mark = LINK_HEAL};
}

/* --- the store of a flow ---------------------------------------------------------------------- */

/* What waits lies within what there is room for; the end of an ended one is still to be told. */
static bool is_sound(const struct flow *flow)
{
    return flow->begin <= flow->end && flow->end <= flow->capacity && flow->first <= flow->last &&
           flow->last <= flow->room && flow->part <= flow->end - flow->begin &&
           (!flow->ended || (flow->part == 0 && flow->first < flow->last));
}

/* Makes room at the end for so many bytes. */
static bool reserve_bytes(struct flow *flow, size_t size)
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

static bool reserve_message(struct flow *flow)
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

/* The last `size` bytes are a message. */
static bool queue_message(struct channel *channel, enum way way, size_t size, int64_t now_ns,
                          int64_t until_ns)
{
    struct flow *flow = &channel->flows[way];
    if (!reserve_message(flow)) {
        return false;
    }
    assert(flow->last < flow->room && size <= flow->end - flow->begin);
    struct message *message = &flow->messages[flow->last++];
    *message = (struct message){.size = size};
    message->hold = link_faults_hold(channel->link_faults, way, size, now_ns);
    message->hold.until_ns = until_ns;
    return true;
}

/* --- what lies in wait for a request ---------------------------------------------------------- */

/* Commands that make a connection usable, not requests of a process's: they meet no fault that is
 * meant for one. */
static bool is_greeting(const char *word)
{
    static const char *const greetings[] = {"AUTH", "HELLO", "PING", "SELECT"};
    for (size_t i = 0; i < sizeof greetings / sizeof *greetings; i++) {
        if (strcmp(word, greetings[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* Whole requests come by here. Returns until when this one is held back: 0, not at all. While the
 * answer to another one is marked, none meets anything. */
static int64_t meet_request(struct channel *channel, int64_t now_ns)
{
    struct link_faults *link_faults = channel->link_faults;
    const char *word = channel->flows[WAY_REQUESTS].resp.word;
    if (word[0] == '\0') {
        return 0; /* an empty line is not answered */
    }
    assert(channel->mark == LINK_HEAL || channel->marked <= channel->asked);
    channel->asked++;
    if (is_greeting(word) || channel->mark != LINK_HEAL || channel->flows[WAY_REPLIES].silent) {
        return 0;
    }
    uint8_t met = link_faults_meet(link_faults);
    if (met == LINK_LATE) {
        return now_ns + link_faults->late_ns;
    }
    if (met == LINK_LOSE) {
        channel->flows[WAY_REQUESTS].silent = true;
    } else if (met == LINK_RESET && !link_faults->applied) {
        channel->broken = true;
    } else if (met != LINK_HEAL) {
        channel->mark = met;
        channel->marked = channel->asked;
    }
    return 0;
}

/* Whole replies come by here. False: this one is dropped. A lost one takes with it all that come
 * behind it: whoever has several requests under way would take the next answer for it. */
static bool meet_reply(struct channel *channel)
{
    struct link_faults *link_faults = channel->link_faults;
    uint8_t mark = channel->mark;
    channel->answered++;
    if (mark == LINK_HEAL || channel->answered != channel->marked) {
        return true;
    }
    assert(mark == LINK_LOSE_REPLY || mark == LINK_RESET);
    channel->mark = LINK_HEAL;
    if (strcmp(channel->flows[WAY_REPLIES].resp.word, "-NOSCRIPT") == 0) {
        /* Nothing was applied: the same request will come again, with its script. */
        link_faults_meet_again(link_faults, mark);
        return true;
    }
    channel->broken = mark == LINK_RESET;
    channel->flows[WAY_REPLIES].silent = true;
    return false;
}

/* --- bytes in --------------------------------------------------------------------------------- */

static bool end_message(struct channel *channel, enum way way, int64_t now_ns)
{
    struct flow *flow = &channel->flows[way];
    int64_t until_ns = 0;
    size_t size = flow->part;
    assert(flow->resp.whole && size > 0);
    flow->part = 0;
    if (way == WAY_REQUESTS) {
        until_ns = meet_request(channel, now_ns);
    } else if (!meet_reply(channel)) {
        flow->end -= size;
        return true;
    }
    if (flow->deaf || flow->silent) {
        flow->end -= size;
        return true;
    }
    return queue_message(channel, way, size, now_ns, until_ns);
}

/* What has come of a message that is not whole is lost, and all that will come. */
static void fall_silent(struct flow *flow)
{
    assert(is_sound(flow));
    flow->end -= flow->part;
    flow->part = 0;
    flow->silent = true;
}

bool channel_take(struct channel *channel, enum way way, const char *bytes, size_t size,
                  int64_t now_ns)
{
    struct flow *flow = &channel->flows[way];
    assert(!flow->ended);
    if (flow->silent || link_faults_drops(channel->link_faults, way)) {
        fall_silent(flow);
        return true;
    }
    while (size > 0 && !flow->silent && !channel->broken) {
        size_t taken = resp_take(&flow->resp, bytes, size);
        if (!reserve_bytes(flow, taken)) {
            return false;
        }
        assert(taken > 0 && flow->capacity - flow->end >= taken);
        memcpy(flow->bytes + flow->end, bytes, taken);
        flow->end += taken;
        flow->part += taken;
        bytes += taken;
        size -= taken;
        if (flow->resp.whole && !end_message(channel, way, now_ns)) {
            return false;
        }
    }
    assert(is_sound(flow));
    return true;
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
    bool held =
        channel->link_faults->cut & WAY_BIT(way) && !link_faults_drops(channel->link_faults, way);
    return !flow->ended && !held && flow->end - flow->begin - flow->part < WAITING_MAX;
}

/* --- bytes out -------------------------------------------------------------------------------- */

size_t channel_ready(const struct channel *channel, enum way way, int64_t now_ns,
                     const char **bytes)
{
    const struct flow *flow = &channel->flows[way];
    size_t size = 0;
    assert(is_sound(flow));
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
    }
    if (size > 0) {
        assert(flow->first < flow->last && size < flow->messages[flow->first].size);
        flow->messages[flow->first].size -= size;
    }
    assert(is_sound(flow));
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
    assert(is_sound(flow));
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

/* Loses what is under way this way, but the end. True if there was anything. */
static bool lose_all(struct flow *flow)
{
    size_t end = flow->ended ? 1 : 0;
    bool lost = flow->last - flow->first > end || flow->part > 0;
    if (lost) {
        fall_silent(flow);
        flow->first = flow->last - end;
        flow->begin = flow->end;
        assert(is_sound(flow));
    }
    return lost;
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
            changed = lose_all(flow) || changed;
        }
    }
    if (channel->mark != LINK_HEAL && heals(order, (enum link_fault)channel->mark)) {
        channel->mark = LINK_HEAL;
        changed = true;
    }
    return changed;
}
