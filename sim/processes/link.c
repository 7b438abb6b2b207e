/* The requests of a link: asked, sent, answered, in one order. See link.h. */
#include "sim/processes/link.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "sim/ops/op.h"
#include "sim/text/clean.h"
#include "sim/text/clock.h"
#include "sim/text/grown.h"
#include "src/process.h"
#include "src/units.h"

static struct outstanding *nth(const struct link *link, size_t n)
{
    assert(n < link->count);
    return &link->asked[link->first + n];
}

/* --- asking ----------------------------------------------------------------------------------- */

/* Whether a request was sent of which the server may say that it does not know the script. */
static bool is_digest(const struct outstanding *one)
{
    return op_has(one->request.op, OP_SCRIPT) && !one->whole;
}

/* A script's text goes along until it is known that the server has it: a digest alone may come too
 * late for a second try, when the one who asked has given up waiting for a stalled server. And it
 * goes along if anything was asked before it or with it. */
static bool send_next(struct link *link)
{
    struct outstanding *next = nth(link, link->sent);
    assert(link->state == LINK_OPEN && !next->sent);
    bool alone = next->alone && link->count == 1;
    bool known = link->scripts & 1u << next->request.op;
    next->whole = next->whole || !known || !alone;
    next->sent = true;
    link->sent++;
    if (!wire_append(link->redis, &link->keys, &next->request, next->whole)) {
        link_note_io_error(link);
        return false;
    }
    return true;
}

/* Sends what may go out now, on an open connection. */
static void send_waiting(struct link *link)
{
    bool good = true;
    bool news = false;
    assert(link->state == LINK_OPEN && link->lost == 0);
    while (good && link->sent < link->count && !(link->sent > 0 && is_digest(nth(link, 0)))) {
        good = send_next(link);
        news = true;
    }
    if (!good || (news && !link_write(link))) {
        link_break(link);
    }
}

void link_turn(struct link *link, short events)
{
    link_go_on(link, events);
    if (link->state == LINK_CLOSED && link->count > 0) {
        link_begin(link);
    }
    if (link->state == LINK_OPEN) {
        send_waiting(link);
    }
    assert(link->sent <= link->count && link->lost <= link->count);
}

bool link_ask(struct link *link, const struct request *request, uint32_t number, bool alone)
{
    assert(request->op < STORE_OPS && request->key < STORE_KEYS && request->tag < TAGS);
    if (link->first > 0) { /* the list is short: most of the time it is empty */
        memmove(link->asked, link->asked + link->first, link->count * sizeof *link->asked);
        link->first = 0;
    }
    struct outstanding *asked = grown(link->asked, link->count, &link->capacity, sizeof *asked);
    if (!asked) {
        return false;
    }
    int64_t timeout_ms = request->timeout_ms ? (int64_t)request->timeout_ms : link->timeout_ms;
    int64_t now_ns = monotonic_ns();
    assert(timeout_ms > 0);
    link->asked = asked;
    asked[link->count++] = (struct outstanding){.request = *request,
                                                .number = number,
                                                .alone = alone,
                                                .asked_ns = now_ns,
                                                .timeout_ns = timeout_ms * NS_PER_MS,
                                                .until_ns = now_ns + timeout_ms * NS_PER_MS};
    link_turn(link, 0);
    return true;
}

void link_drop(struct link *link, uint32_t tags)
{
    for (size_t i = 0; i < link->count; i++) {
        struct outstanding *one = nth(link, i);
        one->dropped = one->dropped || tags & 1u << one->request.tag;
    }
}

/* --- time ------------------------------------------------------------------------------------- */

static int64_t first_until_ns(const struct link *link)
{
    int64_t first_ns = INT64_MAX;
    for (size_t i = 0; i < link->count; i++) {
        int64_t until_ns = nth(link, i)->until_ns;
        first_ns = until_ns < first_ns ? until_ns : first_ns;
    }
    return first_ns;
}

int64_t link_due(const struct link *link)
{
    assert(link->state != LINK_OPEN || link->redis);
    if (link->lost > 0 || (link->state == LINK_CLOSED && link->count > 0)) {
        return 0;
    }
    int64_t due_ns = first_until_ns(link);
    bool retries = link->state == LINK_CONNECTING && link->retry_ns < due_ns;
    return retries ? link->retry_ns : due_ns;
}

void link_begin_anew(struct link *link)
{
    int64_t now_ns = monotonic_ns();
    assert(link->lost <= link->count);
    for (size_t i = 0; i < link->count; i++) {
        nth(link, i)->until_ns = now_ns + nth(link, i)->timeout_ns;
    }
}

/* --- answers ---------------------------------------------------------------------------------- */

/* Takes the one that was asked first off the list. */
static void take_first(struct link *link, struct link_answer *answer)
{
    answer->asked = *nth(link, 0);
    answer->refused = false;
    assert(!answer->asked.sent || link->sent > 0);
    link->first++;
    link->count--;
    link->sent -= answer->asked.sent ? 1 : 0;
    if (link->lost > 0 && --link->lost == 0) {
        link_forget(link);
        link->sent = 0;
    }
    assert(link->sent <= link->count && (link->lost > 0) == (link->state == LINK_BROKEN));
}

/* Keeps what is there instead of what was asked for. */
static void note_unreadable(struct link *link, const struct request *request,
                            const struct reply *reply, const redisReply *raw)
{
    char found[200] = "a value of another type";
    if (reply->outcome != STORE_UNREADABLE) {
        return;
    }
    if (raw->type == REDIS_REPLY_STRING) {
        clean_text(raw->str, found, sizeof found);
    }
    snprintf(link->error, sizeof link->error, "%s: %s", link->keys.names[request->key], found);
}

static void read_answer(struct link *link, const redisReply *raw, struct link_answer *answer)
{
    const struct request *request = &nth(link, 0)->request;
    bool whole = nth(link, 0)->whole;
    assert(nth(link, 0)->sent);
    link->error[0] = '\0';
    link->refused_by_server = false;
    wire_reply(raw, request, &link->votes, &answer->reply);
    if (raw->type == REDIS_REPLY_ERROR) {
        link_note_refusal(link, op_command(request->op, whole), raw->str);
    } else {
        note_unreadable(link, request, &answer->reply, raw);
        link->scripts |= 1u << request->op;
    }
    take_first(link, answer);
    answer->refused = link->refused_by_server;
}

/* It went alone, so that nothing was applied yet of what was asked before or after it. */
static void send_script(struct link *link)
{
    struct outstanding *first = nth(link, 0);
    assert(link->sent == 1 && is_digest(first));
    first->whole = true;
    first->sent = false;
    link->sent--;
    if (link->state == LINK_OPEN) {
        send_waiting(link);
    }
}

/* The next whole reply; who is told that the script is unknown sends it again. */
static redisReply *next_reply(struct link *link)
{
    redisReply *raw = link->sent > 0 ? link_whole_reply(link) : NULL;
    if (raw && is_digest(nth(link, 0)) && wire_unknown_script(raw)) {
        freeReplyObject(raw);
        send_script(link);
        raw = NULL;
    }
    return raw;
}

/* The time of one of them is up: a last look, and then the connection is given up. */
static redisReply *look_for_the_last_time(struct link *link)
{
    redisReply *raw = NULL;
    assert(link->lost == 0 && link->count > 0);
    for (int i = 0; i < LATE_READS && !raw && link->state == LINK_OPEN && link_is_readable(link);
         i++) {
        if (!link_read(link)) {
            break;
        }
        raw = next_reply(link);
    }
    if (!raw && link->state != LINK_BROKEN) {
        link_note_silence(link);
        link_break(link);
        raw = next_reply(link);
    }
    return raw;
}

bool link_answered(struct link *link, struct link_answer *answer)
{
    if (link->count == 0) {
        return false;
    }
    redisReply *raw = next_reply(link);
    if (!raw && link->state == LINK_OPEN && link->redis->reader->err) {
        link_break(link); /* what it says is no Redis's */
    }
    if (!raw && link->lost == 0 && monotonic_ns() >= first_until_ns(link)) {
        raw = look_for_the_last_time(link);
    }
    if (raw) {
        read_answer(link, raw, answer);
        freeReplyObject(raw);
        return true;
    }
    if (link->lost == 0) {
        return false;
    }
    bool refused = link->refused_by_server;
    assert(link->state == LINK_BROKEN);
    take_first(link, answer);
    answer->refused = refused;
    answer->reply = (struct reply){.outcome = answer->asked.sent ? STORE_UNKNOWN : STORE_REFUSED};
    return true;
}
