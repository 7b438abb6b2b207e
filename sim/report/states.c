/* How each member and each lock stood, from the scene. See history_json.h. */
#include <assert.h>
#include <stdlib.h>

#include "sim/report/history_json.h"
#include "sim/report/who.h"
#include "sim/scene/scene.h"

/* What the page knows of a member. */
struct known {
    uint32_t bits;
    int32_t follows;
    uint64_t term;
    int64_t until_ns; /* INT64_MAX: no end */
};

/* A lock was given a time to live. */
struct lifetime {
    uint8_t server;
    int64_t at_ns, until_ns;
};

struct watch {
    struct data *data;
    const struct history *history;
    struct scene scene;
    struct known *known; /* by id */
    struct scene_hold *holds;
    size_t hold_count, hold_capacity;
    struct lifetime *lifetimes;
    size_t lifetime_count, lifetime_capacity;
};

static struct known now_known(const struct watch *watch, uint16_t id)
{
    const struct claim *claim = &watch->scene.view.processes[id].claim;
    return (struct known){.bits = scene_bits(&watch->scene, id),
                          .follows = claim->follows == NOBODY ? -1 : claim->follows,
                          .term = claim->term,
                          .until_ns = claim->until_ns};
}

static void put_time_or_null(struct json_out *out, int64_t ns, bool is)
{
    if (is) {
        json_whole(out, NULL, ns);
    } else {
        json_null(out, NULL);
    }
}

/* A row, if something is new: [event, member, bits, follows, term, until]. */
static void look_at(struct watch *watch, uint32_t index, uint16_t id)
{
    struct json_out *out = &watch->data->out;
    struct known *old = &watch->known[id];
    const struct known now = now_known(watch, id);
    int32_t place = place_of(watch->history, id);
    if (place < 0 || (old->bits == now.bits && old->follows == now.follows &&
                      old->term == now.term && old->until_ns == now.until_ns)) {
        return;
    }
    *old = now;
    json_open(out, NULL, '[');
    json_whole(out, NULL, index);
    json_whole(out, NULL, place);
    json_whole(out, NULL, now.bits);
    json_whole(out, NULL, now.follows);
    json_whole(out, NULL, (int64_t)now.term);
    put_time_or_null(out, now.until_ns, now.until_ns != INT64_MAX);
    json_close(out);
}

/* Which of them may be another one after the event: the one that it is about; by the mere time,
 * whoever leads or is inside until then; and after faults, anybody. */
static void look_around(struct watch *watch, uint32_t index)
{
    const struct history_event *event = &watch->history->events[index];
    const uint32_t messages = 1u << HISTORY_REQUEST | 1u << HISTORY_REPLY | 1u << HISTORY_CLAIM |
                              1u << HISTORY_DECIDED | 1u << HISTORY_MORE | 1u << HISTORY_COMMAND;
    bool any = !(messages & 1u << event->kind);
    for (uint32_t id = 0; id <= watch->history->facts.settings.nodes; id++) {
        bool timed = watch->known[id].bits & (SCENE_LEADS | SCENE_INSIDE);
        if (any || timed || id == event->process) {
            look_at(watch, index, (uint16_t)id);
        }
    }
}

static void keep_hold(struct watch *watch, const struct scene_hold *hold)
{
    if (watch->hold_count == watch->hold_capacity) {
        size_t capacity = watch->hold_capacity ? 2 * watch->hold_capacity : 256;
        struct scene_hold *holds = realloc(watch->holds, capacity * sizeof *holds);
        if (!holds) {
            data_wrong(watch->data, "history", "memory is out");
            return;
        }
        watch->holds = holds;
        watch->hold_capacity = capacity;
    }
    watch->holds[watch->hold_count++] = *hold;
}

/* The event may have given a lock a time to live: `before` is how it stood. */
static void look_at_lock(struct watch *watch, uint32_t index, const struct scene_hold *before)
{
    const struct scene_hold *now = &watch->scene.locks[before->server];
    bool other = now->event != before->event;
    if (now->holder == NOBODY || (!other && now->until_ns == before->until_ns)) {
        return;
    }
    int64_t at_ns = other ? now->from_ns : watch->history->events[index].at_ns;
    if (watch->lifetime_count == watch->lifetime_capacity) {
        size_t capacity = watch->lifetime_capacity ? 2 * watch->lifetime_capacity : 256;
        struct lifetime *grown = realloc(watch->lifetimes, capacity * sizeof *grown);
        if (!grown) {
            data_wrong(watch->data, "history", "memory is out");
            return;
        }
        watch->lifetimes = grown;
        watch->lifetime_capacity = capacity;
    }
    watch->lifetimes[watch->lifetime_count++] =
        (struct lifetime){before->server, at_ns, now->until_ns};
}

static void put_states(struct watch *watch)
{
    const uint8_t servers = watch->history->facts.settings.servers;
    json_open(&watch->data->out, "states", '[');
    for (uint32_t i = 0; i < watch->history->count; i++) {
        const struct history_event *event = &watch->history->events[i];
        bool answer = event->kind == HISTORY_REPLY && event->server < servers;
        const struct scene_hold before = watch->scene.locks[answer ? event->server : 0];
        scene_apply(&watch->scene, watch->history, i);
        if (answer) {
            look_at_lock(watch, i, &before);
        }
        if (watch->scene.has_ended) {
            keep_hold(watch, &watch->scene.ended);
        }
        look_around(watch, i);
    }
    json_close(&watch->data->out);
    for (uint8_t server = 0; server < watch->history->facts.settings.servers; server++) {
        if (watch->scene.locks[server].holder != NOBODY) {
            keep_hold(watch, &watch->scene.locks[server]);
        }
    }
}

static int by_beginning(const void *a, const void *b)
{
    const struct scene_hold *left = a, *right = b;
    return (left->from_ns > right->from_ns) - (left->from_ns < right->from_ns);
}

/* [server, holder, from, until, ended, how it ended]. */
static void put_locks(struct watch *watch)
{
    struct json_out *out = &watch->data->out;
    if (watch->hold_count > 1) {
        qsort(watch->holds, watch->hold_count, sizeof *watch->holds, by_beginning);
    }
    json_open(out, "locks", '[');
    for (size_t i = 0; i < watch->hold_count; i++) {
        const struct scene_hold *hold = &watch->holds[i];
        json_open(out, NULL, '[');
        json_whole(out, NULL, hold->server);
        json_whole(out, NULL, place_of(watch->history, hold->holder));
        json_whole(out, NULL, hold->from_ns);
        put_time_or_null(out, hold->until_ns, hold->until_ns != INT64_MAX);
        put_time_or_null(out, hold->ended_ns, hold->ended != SCENE_HELD);
        json_text(out, NULL, scene_ended_words[hold->ended]);
        json_close(out);
    }
    json_close(out);
}

static void put_lifetimes(struct watch *watch)
{
    struct json_out *out = &watch->data->out;
    json_open(out, "lifetimes", '[');
    for (size_t i = 0; i < watch->lifetime_count; i++) {
        const struct lifetime *lifetime = &watch->lifetimes[i];
        json_open(out, NULL, '[');
        json_whole(out, NULL, lifetime->server);
        json_whole(out, NULL, lifetime->at_ns);
        put_time_or_null(out, lifetime->until_ns, lifetime->until_ns != INT64_MAX);
        json_close(out);
    }
    json_close(out);
}

void history_states(struct data *data, const struct history *history)
{
    struct watch watch = {.data = data, .history = history};
    watch.known = calloc(history->facts.settings.nodes + (size_t)1, sizeof *watch.known);
    if (!watch.known || !scene_new(&watch.scene, &history->facts)) {
        data_wrong(data, "history", "memory is out");
        free(watch.known);
        return;
    }
    for (uint32_t id = 0; id <= history->facts.settings.nodes; id++) {
        watch.known[id] = (struct known){.follows = -1, .until_ns = INT64_MAX};
    }
    put_states(&watch);
    put_locks(&watch);
    put_lifetimes(&watch);
    scene_free(&watch.scene);
    free(watch.known);
    free(watch.holds);
    free(watch.lifetimes);
}
