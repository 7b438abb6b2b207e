/* A tap. See tap.h. */
#include "sim/relay/tap.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static void tell_belief(struct tap *tap, const struct belief_change *change, int64_t now_ns)
{
    assert(!(change->begins && change->ends));
    if (change->begins || change->ends || change->outlived) {
        tap->witness->believes(tap->witness->self, &tap->place, change, now_ns);
    }
}

static void tell_lost(struct tap *tap, const char *why, int64_t now_ns)
{
    if (!tap->lost) {
        tap->lost = true;
        tap->witness->lost(tap->witness->self, &tap->place, why, now_ns);
    }
}

/* Its traffic may stand from now on. True: what it sends is not to leave it before it goes on. */
static bool show(struct tap *tap, enum witness_when when, const struct wild_request *request,
                 uint8_t effect)
{
    enum witness_stands shown = tap->witness->shows(tap->witness->self, &tap->place, when, request,
                                                    (enum wild_effect)effect);
    if (shown != WITNESS_GOES_ON) {
        tap->standing->left =
            shown == WITNESS_LEFT && (tap->standing->left || !tap->standing->stands);
        tap->standing->stands = true;
    }
    return shown == WITNESS_STANDS;
}

/* --- what it hears ---------------------------------------------------------------------------- */

/* Without memory the request keeps the time at which it came. */
static void await_passing(struct tap *tap, uint64_t place, uint32_t tag, int64_t now_ns)
{
    if (tap->sent_count == tap->sent_room) {
        size_t room = tap->sent_room ? 2 * tap->sent_room : 4;
        struct tap_sent *sent = realloc(tap->sent, room * sizeof *sent);
        if (!sent) {
            return;
        }
        tap->sent = sent;
        tap->sent_room = room;
    }
    assert(tap->sent_count < tap->sent_room && place > 0);
    tap->sent[tap->sent_count++] = (struct tap_sent){.place = place, .tag = tag, .at_ns = now_ns};
}

static void hear_command(void *self, const struct resp_message *command, uint64_t number,
                         bool answered, uint64_t place, int64_t now_ns)
{
    struct tap *tap = self;
    struct talk_asked *asked = talk_command(&tap->talk, command, number, answered || tap->lost);
    assert(asked->number == number);
    if (command->count == 0) {
        return;
    }
    asked->tag = tap->witness->asked(tap->witness->self, &tap->place, &asked->request, now_ns);
    if (place > 0 && asked->request.kind == WILD_LOCK) {
        await_passing(tap, place, asked->tag, now_ns);
    }
    if (tap->dead) {
        return;
    }
    tap->before = show(tap, WITNESS_BEFORE, &asked->request, WILD_NOTHING) || tap->before;
    for (uint64_t i = asked->from; i <= number; i++) {
        struct talk_asked *done = talk_find(&tap->talk, i);
        if (done) {
            struct belief_change change = belief_sent(tap->belief, &done->request);
            tell_belief(tap, &change, now_ns);
        }
    }
}

/* Makes room for another answer that is under way. */
static bool make_room(struct tap *tap)
{
    if (tap->count < tap->room) {
        return true;
    }
    size_t room = tap->room ? 2 * tap->room : 16;
    struct tap_waiting *waiting = room <= TAP_WAITING_MAX ? calloc(room, sizeof *waiting) : NULL;
    if (!waiting) {
        return false;
    }
    assert(tap->count == 0 || tap->room > 0);
    for (size_t i = 0; i < tap->count; i++) {
        waiting[i] = tap->waiting[(tap->first + i) % tap->room];
    }
    free(tap->waiting);
    tap->waiting = waiting;
    tap->room = room;
    tap->first = 0;
    return true;
}

static void hear_answer(void *self, const struct resp_message *answer, const struct pairs *pairs,
                        const struct paired *paired, uint64_t place, int64_t now_ns)
{
    struct tap *tap = self;
    struct talk_reply replies[TALK_REPLIES];
    if (pairs->lost) {
        tell_lost(tap, pairs_why(pairs->lost), now_ns);
    }
    uint32_t count = talk_answer(&tap->talk, answer, pairs, paired, replies);
    for (uint32_t i = 0; i < count; i++) {
        if (replies[i].obscure) { /* whether anybody reads that or not */
            tap->witness->lost(tap->witness->self, &tap->place, replies[i].obscure, now_ns);
        }
    }
    for (uint32_t i = 0; i < count && place > 0 && !tap->lost && !tap->dead; i++) {
        if (!tap->closed && !make_room(tap)) {
            tell_lost(tap, "too many answers are under way to it", now_ns);
            return;
        }
        if (!tap->closed) { /* else nobody will read it */
            tap->waiting[(tap->first + tap->count++) % tap->room] =
                (struct tap_waiting){.place = place, .reply = replies[i]};
        }
        show(tap, WITNESS_APPLIED, &replies[i].request, replies[i].reply.effect);
    }
}

/* --- what becomes of it ----------------------------------------------------------------------- */

static void tell_reply(struct tap *tap, const struct talk_reply *reply, int64_t now_ns)
{
    if (reply->missed) {
        tap->witness->lost(tap->witness->self, &tap->place,
                           "it has more commands under way than can be followed", now_ns);
    }
    tap->witness->told(tap->witness->self, &tap->place, reply, now_ns);
    const char *why = belief_doubts(tap->belief, &reply->request, &reply->reply);
    if (why) {
        tap->witness->lost(tap->witness->self, &tap->place, why, now_ns);
    }
    struct belief_change change =
        belief_told(tap->belief, &reply->request, &reply->reply, tap->place.connection, reply->tag);
    tell_belief(tap, &change, now_ns);
    show(tap, WITNESS_AFTER, &reply->request, reply->reply.effect);
}

void tap_sent(struct tap *tap, uint64_t passed, int64_t now_ns)
{
    size_t count = 0;
    while (count < tap->sent_count && tap->sent[count].place <= passed) {
        const struct tap_sent *sent = &tap->sent[count++];
        assert(sent->at_ns <= now_ns);
        if (sent->at_ns < now_ns) {
            tap->witness->sent(tap->witness->self, &tap->place, sent->tag, now_ns);
        }
    }
    tap->sent_count -= count;
    if (count > 0) {
        memmove(tap->sent, tap->sent + count, tap->sent_count * sizeof *tap->sent);
    }
}

void tap_passed(struct tap *tap, uint64_t passed, int64_t now_ns)
{
    if (tap->count == 0 || !tap->witness->reads(tap->witness->self, tap->place.id)) {
        return;
    }
    while (tap->count > 0 && tap->waiting[tap->first].place <= passed) {
        tell_reply(tap, &tap->waiting[tap->first].reply, now_ns);
        tap->first = (tap->first + 1) % tap->room;
        tap->count--;
    }
    assert(tap->count <= tap->room);
}

void tap_closed(struct tap *tap, int64_t now_ns)
{
    /* Who is stopped closes nothing: it is killed just now, and its end is another. */
    bool lives = !tap->dead && tap->witness->reads(tap->witness->self, tap->place.id);
    if (!tap->closed && lives) {
        tap->closed = true;
        tap->count = 0; /* what is under way to it nobody will read */
        struct belief_change change = belief_closed(tap->belief, tap->place.connection);
        tell_belief(tap, &change, now_ns);
    }
}

void tap_cut(const struct tap *tap)
{
    belief_cut(tap->belief, tap->place.connection);
}

void tap_died(struct tap *tap)
{
    tap->dead = true;
    tap->count = 0;
}

struct tap *tap_open(const struct relay_witness *witness, struct belief *belief,
                     struct witness_standing *standing, const struct witness_place *place,
                     const char *lock_key, struct talk_shared *shared)
{
    struct tap *tap = calloc(1, sizeof *tap);
    if (!tap) {
        return NULL;
    }
    assert(witness && belief && standing && place->connection > 0);
    tap->hook = (struct channel_tap){
        .self = tap, .stands = &standing->stands, .asked = hear_command, .answered = hear_answer};
    tap->hook.watch = lock_key;
    tap->hook.watch_size = strlen(lock_key);
    tap->witness = witness;
    tap->belief = belief;
    tap->standing = standing;
    tap->place = *place;
    talk_begin(&tap->talk, lock_key, shared);
    return tap;
}

void tap_free(struct tap *tap)
{
    if (tap) {
        free(tap->waiting);
        free(tap->sent);
        free(tap);
    }
}
