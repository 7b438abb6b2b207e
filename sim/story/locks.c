/* Locks in a story: who lost one, and how; who gave back another's. */
#include <assert.h>

#include "sim/history/names.h"
#include "sim/history/text.h"
#include "sim/story/teller.h"

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

/* A release that removed a lock of somebody else, as the checks found. */
void tell_lock_reply(struct teller *teller)
{
    const struct history_event *event = teller->event;
    assert(event->kind == HISTORY_REPLY);
    int32_t id = loser(teller);
    size_t asked = history_asked(teller->history, teller->index);
    uint32_t request = asked == HISTORY_NOWHERE ? EVENT_NONE : (uint32_t)asked;
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
