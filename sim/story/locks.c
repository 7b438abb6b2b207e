/* Locks in a story: who lost one, and how; who gave back another's. */
#include <assert.h>

#include "sim/history/names.h"
#include "sim/history/text.h"
#include "sim/story/teller.h"
#include "src/units.h"

/* Whether a member still has the lock on a majority of the servers. */
static bool has_majority(const struct teller *teller, int32_t id)
{
    unsigned servers = teller->history->facts.settings.servers, held = 0;
    assert(servers <= SERVERS_MAX && id != NOBODY);
    for (unsigned server = 0; server < servers; server++) {
        held += teller->scene.locks[server].holder == id;
    }
    return held > servers / 2;
}

/* The holder that lost its lock by the event; NOBODY. What it believes is what counts. */
static int32_t loser(struct teller *teller)
{
    const struct scene *scene = &teller->scene;
    int32_t id = scene->has_ended ? scene->ended.holder : NOBODY;
    if (id == NOBODY) {
        return NOBODY;
    }
    assert(id >= 0 && id <= teller->history->facts.settings.nodes);
    const struct view_process *process = teller_member(teller, (uint16_t)id);
    if (view_is_inside(&scene->view, process) && !has_majority(teller, id)) {
        teller->notes[id].lost = true;
    }
    return id;
}

/* ", which stands still" */
static const char *state_of(const struct teller *teller, int32_t id)
{
    uint32_t bits = scene_bits(&teller->scene, (uint16_t)id);
    return !(bits & SCENE_ALIVE)    ? ", which is dead"
           : bits & SCENE_PAUSED    ? ", which stands still"
           : bits & SCENE_CUT       ? ", which is cut off"
           : !(bits & SCENE_INSIDE) ? ", which no longer uses it"
                                    : "";
}

/* A fault on the lock is told, and not so soon afterwards that the lock was gone. */
#define BY_FAULT_NS INT64_C(50000000)

void tell_expired(struct teller *teller)
{
    const struct history_event *event = teller->event;
    struct drafts *drafts = &teller->drafts;
    assert(event->kind == HISTORY_EXPIRED);
    int32_t id = loser(teller);
    if (teller->lock_fault != NO_DRAFT && (event->why || id == NOBODY) &&
        event->at_ns - drafts->list[teller->lock_fault].line.at_ns <= BY_FAULT_NS) {
        draft_tells(drafts, teller->lock_fault, teller->index); /* the fault did it */
        return;
    }
    bool hurts = id != NOBODY && event->key == KEY_LOCK;
    teller->lost_to_take = teller->lost_to_take || hurts;
    size_t place = drafts_add(drafts, event->at_ns, teller->index, HISTORY_HARNESS,
                              hurts ? STORY_CAUSE - 500 : STORY_NEWS - 200);
    teller_say(teller, place, "the %s", key_names[event->key]);
    if (teller->history->facts.settings.servers > 1) {
        teller_say(teller, place, " on %s", text_server(teller->history, event->server).text);
    }
    if (hurts && event->why) {
        const char *state = state_of(teller, id);
        teller_say(teller, place, " of %s%s%s", text_process(id).text, state, *state ? "," : "");
    }
    teller_say(teller, place, " %s", event->why ? event->why : "runs out");
    if (hurts && !event->why) {
        teller_say(teller, place, " under %s%s", text_process(id).text, state_of(teller, id));
    }
}

void note_renewals(struct teller *teller)
{
    const struct history_event *event = teller->event;
    bool asks = event->kind == HISTORY_REQUEST, told = event->kind == HISTORY_REPLY;
    uint8_t op = asks ? event->request.op : event->reply.op;
    if (event->kind == HISTORY_DIED) {
        for (unsigned server = 0; server < SERVERS_MAX; server++) {
            teller->notes[event->process].dates[server] = EVENT_NONE;
        }
    } else if ((asks || told) && event->server < SERVERS_MAX &&
               op_has(op, OP_DATES_LOCK | OP_TAKES_LOCK)) {
        struct member_note *note = &teller->notes[event->process];
        bool unknown = told && event->reply.outcome == STORE_UNKNOWN;
        bool good = told && history_applied(&event->reply);
        bool dates = op_has(op, OP_DATES_LOCK);
        note->dates[event->server] = asks && dates ? teller->index : EVENT_NONE;
        if (asks) {
            int64_t ttl_ms = op_ttl_ms(op, event->request.ttl_ms);
            note->ends_ns[event->server] =
                ttl_ms > 0 ? event->at_ns + ttl_ms * NS_PER_MS : INT64_MAX;
        }
        note->unheard[event->server] =
            (note->unheard[event->server] && !good) || (unknown && dates);
    }
}

/* A renewal that extended the lock of somebody else: that one knew that it had the lock before the
 * request went out. Told once; then it is folded. */
static void tell_renewal(struct teller *teller)
{
    const struct history_event *event = teller->event;
    const struct scene_hold *hold = &teller->scene.locks[event->server];
    size_t asked = history_asked(teller->history, teller->index);
    struct member_note *note = &teller->notes[event->process];
    assert(event->kind == HISTORY_REPLY && event->server < SERVERS_MAX);
    if (hold->holder == NOBODY || hold->holder == event->process || asked == HISTORY_NOWHERE ||
        hold->event >= asked || hold->unawares || !history_applied(&event->reply)) {
        note->foreign = FOREIGN_NONE;
    } else if (note->foreign == FOREIGN_NONE) {
        note->foreign = FOREIGN_NEW;
        size_t place = teller_line(teller, STORY_CAUSE - 400);
        teller_say(teller, place, "extends the lock, which is that of %s, and takes it for its own",
                   text_process(hold->holder).text);
        draft_tells(&teller->drafts, place, (uint32_t)asked);
    }
}

/* A release that removed a lock of somebody else, as the checks found; or a renewal. */
void tell_lock_reply(struct teller *teller)
{
    const struct history_event *event = teller->event;
    assert(event->kind == HISTORY_REPLY);
    int32_t id = loser(teller);
    size_t asked = history_asked(teller->history, teller->index);
    uint32_t request = asked == HISTORY_NOWHERE ? EVENT_NONE : (uint32_t)asked;
    if (op_has(event->reply.op, OP_DATES_LOCK) && event->server < SERVERS_MAX) {
        tell_renewal(teller);
        return;
    }
    bool guilty = teller_is_guilty(teller, teller->index) || teller_is_guilty(teller, request);
    if (!op_has(event->reply.op, OP_REMOVES_LOCK) || !guilty || id == event->process) {
        return;
    }
    teller->lost_to_take = true;
    size_t place = teller_line(teller, STORY_CAUSE - 500);
    teller_say(teller, place, "releases a lock that is not its own");
    if (id != NOBODY) {
        teller_say(teller, place, ", but that of %s", text_process(id).text);
    }
    draft_tells(&teller->drafts, place, request);
}
