/* Steps in a story: what members claim, ask and are told. */
#include <assert.h>
#include <string.h>

#include "sim/history/elected.h"
#include "sim/history/text.h"
#include "sim/story/teller.h"
#include "src/protocol.h"

/* --- claims ----------------------------------------------------------------------------------- */

/* What changed by the claim. */
struct change {
    const struct claim *was, *now;
    bool enters, leaves, begins_to_lead, stops_leading, follows, turns, longer;
};

static struct change change_of(const struct teller *teller)
{
    assert(teller->event->kind == HISTORY_CLAIM);
    const struct claim *was = &teller->scene.view.before.claim;
    const struct claim *now = &teller->event->claim.claim;
    struct change change = {.was = was, .now = now};
    change.enters = now->in_section && !was->in_section;
    change.leaves = was->in_section && !now->in_section;
    change.begins_to_lead = now->leads && (!was->leads || now->term != was->term);
    change.stops_leading = was->leads && !now->leads;
    change.follows = now->follows != was->follows;
    change.turns = now->status != was->status;
    change.longer = now->in_section && was->in_section && now->until_ns != was->until_ns;
    return change;
}

/* " (term 2, until 0.900 s)" */
static void say_term(struct teller *teller, size_t place, const struct claim *claim)
{
    bool lasts = claim->until_ns != INT64_MAX;
    if (claim->term > 0 || lasts) {
        teller_say(teller, place, " (");
        if (claim->term > 0) {
            teller_say(teller, place, "term %llu", (unsigned long long)claim->term);
        }
        if (lasts) {
            teller_say(teller, place, "%suntil %s", claim->term > 0 ? ", " : "",
                       text_seconds(claim->until_ns).text);
        }
        teller_say(teller, place, ")");
    }
}

/* ", while node 2 still believes that it holds it" */
static void say_beside(struct teller *teller, size_t place, bool leads)
{
    uint16_t id = teller->event->process;
    int32_t inside = teller_other_inside(teller, id), leader = teller_other_leader(teller, id);
    if (leads && leader != NOBODY) {
        teller_say(teller, place, ", while %s still leads", text_process(leader).text);
    } else if (!leads && inside != NOBODY) {
        teller_say(teller, place, ", while %s still is in its critical section",
                   text_process(inside).text);
    }
}

static void tell_leads(struct teller *teller, const struct change *change)
{
    assert(change->now->leads);
    size_t place = teller_line(teller, STORY_NEWS + 4000);
    teller_say(teller, place, "%s%s", change->enters ? "acquires the lock and leads" : "leads",
               change->was->leads ? " on" : "");
    say_term(teller, place, change->now);
    say_beside(teller, place, true);
}

static void tell_stops(struct teller *teller, const struct change *change)
{
    assert(change->was->leads);
    size_t place = teller_line(teller, STORY_NEWS + 3500);
    teller_say(teller, place, "steps down");
    if (change->now->follows != NOBODY && change->follows) {
        teller_say(teller, place, ", and follows %s", text_process(change->now->follows).text);
    } else if (teller->event->why) {
        static const char again[] = ": steps down";
        const char *why = teller->event->why, *end = strstr(why, again);
        teller_say(teller, place, ": %.*s", (int)(end ? end - why : (ptrdiff_t)strlen(why)), why);
    }
}

/* Of what most are: one of many rounds under the lock. */
static void tell_enters(struct teller *teller, const struct change *change)
{
    assert(change->enters);
    uint16_t id = teller->event->process;
    int32_t other = teller_other_inside(teller, id);
    bool beside = other != NOBODY && !teller->notes[other].beside_told;
    bool first = teller->lost_to_take;
    if (!beside && !first && !teller_is_guilty(teller, teller->index)) {
        teller_fold(teller, FOLD_ROUND);
        return;
    }
    if (beside) {
        teller->notes[other].beside_told = true;
    }
    size_t place = teller_line(teller, beside || first ? STORY_CAUSE - 600 : STORY_ROUTINE);
    teller_say(teller, place, "acquires the lock");
    say_term(teller, place, &(struct claim){.until_ns = change->now->until_ns});
    say_beside(teller, place, false);
}

static void tell_follows(struct teller *teller, const struct change *change)
{
    size_t place = teller_line(teller, STORY_NEWS - 100);
    if (change->now->follows == NOBODY) {
        teller_say(teller, place, "follows nobody any more");
    } else {
        teller_say(teller, place, "follows %s", text_process(change->now->follows).text);
    }
}

/* It leaves where it had no right to be for a time. */
static void tell_leaves(struct teller *teller, bool lost)
{
    if (lost) {
        size_t place = teller_line(teller, STORY_NEWS + 1500);
        teller_say(teller, place, "leaves its critical section");
    }
}

/* It holds its lock for longer, or so it believes. */
static void tell_longer(struct teller *teller)
{
    struct member_note *note = &teller->notes[teller->event->process];
    if (note->foreign == FOREIGN_NEW) {
        note->foreign = FOREIGN_KNOWN; /* it was just told */
    } else {
        teller_fold(teller, note->foreign == FOREIGN_KNOWN ? FOLD_FOREIGN : FOLD_RENEWAL);
    }
}

void tell_claim(struct teller *teller)
{
    const struct change change = change_of(teller);
    struct member_note *note = &teller->notes[teller->event->process];
    bool lost = note->lost;
    if (change.enters || change.leaves) {
        note->beside_told = false;
        note->lost = false;
        note->foreign = FOREIGN_NONE;
    }
    if (change.begins_to_lead) {
        tell_leads(teller, &change);
    } else if (change.stops_leading) {
        tell_stops(teller, &change);
    } else if (change.enters) {
        tell_enters(teller, &change);
    } else if (change.follows) {
        tell_follows(teller, &change);
    } else if (change.turns && !note->flipped) {
        size_t place = teller_line(teller, STORY_NEWS - 100);
        teller_say(teller, place, "turns to %s",
                   change.now->status == STATUS_SUBMIT ? "submit" : "prepare");
    } else if (change.leaves) {
        tell_leaves(teller, lost);
    } else if (change.longer) {
        tell_longer(teller);
    } else if (teller_is_guilty(teller, teller->index)) {
        size_t place = teller_line(teller, STORY_NEWS);
        teller_say(teller, place, "%s", teller->event->why ? teller->event->why : "goes on");
    }
    teller->lost_to_take = teller->lost_to_take && !change.enters;
    note->flipped = note->flipped && !change.turns;
}

/* --- requests and answers --------------------------------------------------------------------- */

/* What became of it, and that it was asked, is one line. */
static bool is_told_by_answer(uint8_t moment)
{
    return moment == MOMENT_READS || moment == MOMENT_WRITES || moment == MOMENT_RELEASES_LOCK;
}

/* In the words of its lock, if it has some. Some of these say first what was found: "the record is
 * its own: renews it" becomes "renews it, since the record is its own". */
static void tell_asking(struct teller *teller)
{
    char what[160];
    const char *why = teller->event->why;
    size_t place = teller_line(teller, STORY_ROUTINE);
    assert(teller->event->kind == HISTORY_REQUEST);
    history_describe(teller->history, teller->event, what, sizeof what);
    const char *does = why && strncmp(why, "the ", 4) == 0 ? strstr(why, ": ") : NULL;
    if (does) {
        teller_say(teller, place, "%s, since %.*s", does + 2, (int)(does - why), why);
    } else {
        teller_say(teller, place, "%s", why ? why : what);
    }
}

void tell_request(struct teller *teller)
{
    const struct history_event *event = teller->event;
    assert(event->kind == HISTORY_REQUEST);
    if (event->request.moment == MOMENT_PUBLISHES) {
        tell_publication(teller);
    } else if (!is_told_by_answer(event->request.moment) &&
               teller_is_guilty(teller, teller->index)) {
        tell_asking(teller);
    }
}

/* That one is rejected is what fencing is for. */
static void weigh_rejected(struct teller *teller, bool accepted)
{
    size_t place = teller->notes[teller->event->process].folds[FOLD_REJECTED];
    if (!accepted && place != NO_DRAFT) {
        teller->drafts.list[place].line.weight = STORY_NEWS + 2500;
    }
}

static void tell_write(struct teller *teller)
{
    assert(history_is_on_resource(teller->event));
    bool accepted = history_applied(&teller->event->reply);
    size_t asked = history_asked(teller->history, teller->index);
    uint32_t request = asked == HISTORY_NOWHERE ? EVENT_NONE : (uint32_t)asked;
    if (!teller_is_guilty(teller, teller->index) && !teller_is_guilty(teller, request)) {
        teller_fold(teller, accepted ? FOLD_WRITE : FOLD_REJECTED);
        weigh_rejected(teller, accepted);
    } else {
        size_t place = teller_line(teller, STORY_NEWS);
        teller_say(teller, place, "writes to the resource, which %s it",
                   accepted ? "accepts" : "rejects");
        draft_tells(&teller->drafts, place, request);
    }
}

/* Whether a member cannot be answered by the server, which it asked in vain. */
static bool has_no_way(const struct teller *teller, const struct history_event *event)
{
    const struct reach *reach = &teller->scene.reach;
    assert(event->kind == HISTORY_REPLY);
    return event->server < SERVERS_MAX && (reach_is_cut(reach, event->process, event->server) ||
                                           reach_is_down(reach, event->server));
}

/* An answer that is no good one. */
static void tell_failure(struct teller *teller, uint8_t outcome)
{
    assert(outcome <= STORE_UNREADABLE && outcome != STORE_OK);
    bool no_way = has_no_way(teller, teller->event);
    teller_fold(teller, outcome == STORE_UNKNOWN             ? FOLD_UNANSWERED
                        : outcome == STORE_REFUSED && no_way ? FOLD_NO_WAY
                        : outcome == STORE_REFUSED           ? FOLD_REFUSED
                                                             : FOLD_UNREADABLE);
}

void tell_reply(struct teller *teller)
{
    const struct history_event *event = teller->event;
    const struct history_reply *reply = &event->reply;
    bool good = reply->outcome == STORE_OK || reply->outcome == STORE_NIL;
    struct decision found;
    assert(event->kind == HISTORY_REPLY);
    if (reply->moment == MOMENT_PUBLISHES) {
        tell_published(teller);
    } else if (good && history_tells(event, &found)) {
        tell_found(teller, &found);
    } else if (!good) {
        tell_failure(teller, reply->outcome);
    } else if (history_is_on_resource(event)) {
        tell_write(teller);
    } else if (op_has(reply->op, OP_TAKES_LOCK) && reply->outcome == STORE_NIL) {
        teller_fold(teller, FOLD_BUSY);
    } else if (op_has(reply->op, OP_ON_LOCK)) {
        tell_lock_reply(teller);
    }
}
