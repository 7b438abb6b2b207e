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

/* " under node 2, which stands still" */
static void say_under(struct teller *teller, size_t place, int32_t id)
{
    uint32_t bits = scene_bits(&teller->scene, (uint16_t)id);
    const char *state = !(bits & SCENE_ALIVE)    ? ", which is dead"
                        : bits & SCENE_PAUSED    ? ", which stands still"
                        : bits & SCENE_CUT       ? ", which is cut off"
                        : !(bits & SCENE_INSIDE) ? ", which no longer uses it"
                                                 : "";
    teller_say(teller, place, " under %s%s", text_process(id).text, state);
}

void tell_expired(struct teller *teller)
{
    const struct history_event *event = teller->event;
    struct drafts *drafts = &teller->drafts;
    assert(event->kind == HISTORY_EXPIRED);
    int32_t id = loser(teller);
    if (event->why && teller->lock_fault != NO_DRAFT &&
        drafts->list[teller->lock_fault].line.at_ns == event->at_ns) {
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
    teller_say(teller, place, " %s", event->why ? event->why : "runs out");
    if (hurts) {
        say_under(teller, place, id);
    }
}

/* A release that removed a lock of somebody else. */
void tell_lock_reply(struct teller *teller)
{
    const struct history_event *event = teller->event;
    const struct scene *scene = &teller->scene;
    assert(event->kind == HISTORY_REPLY);
    int32_t id = loser(teller);
    if (id == NOBODY || id == event->process || scene->ended.ended != SCENE_RELEASED ||
        !teller_is_guilty(teller, teller->index)) {
        return;
    }
    teller->lost_to_take = true;
    size_t place = teller_line(teller, STORY_CAUSE - 500);
    teller_say(teller, place, "releases a lock that is not its own: that of %s",
               text_process(id).text);
}
