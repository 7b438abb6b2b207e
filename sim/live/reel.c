/* A history, and the scene at one place of it. See reel.h. */
#include "sim/live/reel.h"

#include <assert.h>
#include <stdlib.h>

#include "sim/text/grown.h"

#define FRAME_EVERY 512

bool reel_new(struct reel *reel, const struct history *history)
{
    *reel = (struct reel){.history = history};
    return scene_new(&reel->scene, &history->facts);
}

static void forget_frames(struct reel *reel, size_t from)
{
    while (reel->frame_count > from) {
        scene_free(&reel->frames[--reel->frame_count]);
    }
}

void reel_free(struct reel *reel)
{
    forget_frames(reel, 0);
    free(reel->frames);
    scene_free(&reel->scene);
    *reel = (struct reel){0};
}

/* When memory is out there are fewer copies, and going back takes longer. */
static void keep_frame(struct reel *reel)
{
    assert(reel->place == (reel->frame_count + 1) * FRAME_EVERY);
    struct scene *frames =
        grown(reel->frames, reel->frame_count, &reel->frame_room, sizeof *frames);
    if (!frames) {
        return;
    }
    reel->frames = frames;
    struct scene *frame = &frames[reel->frame_count];
    if (scene_new(frame, &reel->history->facts)) {
        scene_copy(frame, &reel->scene);
        reel->frame_count++;
    }
}

/* False: memory is out, and the reel is where it was. */
static bool begin_again(struct reel *reel)
{
    struct scene first;
    if (!scene_new(&first, &reel->history->facts)) {
        return false;
    }
    scene_copy(&reel->scene, &first);
    scene_free(&first);
    reel->place = 0;
    return true;
}

/* To the last copy that is not behind `place`. */
static bool wind_back(struct reel *reel, uint32_t place)
{
    size_t frame = place / FRAME_EVERY;
    frame = frame < reel->frame_count ? frame : reel->frame_count;
    if (frame == 0) {
        return begin_again(reel);
    }
    scene_copy(&reel->scene, &reel->frames[frame - 1]);
    reel->place = (uint32_t)(frame * FRAME_EVERY);
    return true;
}

void reel_go(struct reel *reel, uint32_t place)
{
    assert(place <= reel->history->count);
    if (place < reel->place && !wind_back(reel, place)) {
        return;
    }
    while (reel->place < place) {
        scene_apply(&reel->scene, reel->history, reel->place++);
        if (reel->place == (reel->frame_count + 1) * FRAME_EVERY) {
            keep_frame(reel);
        }
    }
    if (place > 0) {
        reel->scene.view.now_ns = reel->history->events[place - 1].at_ns;
    }
}

void reel_cut(struct reel *reel, uint32_t count)
{
    assert(count <= reel->history->count);
    forget_frames(reel, count / FRAME_EVERY < reel->frame_count ? count / FRAME_EVERY
                                                                : reel->frame_count);
    if (reel->place > count) {
        reel_go(reel, count);
    }
}

uint32_t reel_next(const struct reel *reel, uint32_t place)
{
    const struct history *history = reel->history;
    place += place < history->count;
    while (place < history->count && history->events[place].kind == HISTORY_MORE) {
        place++;
    }
    return place;
}

uint32_t reel_previous(const struct reel *reel, uint32_t place)
{
    const struct history *history = reel->history;
    place -= place > 0;
    while (place > 0 && history->events[place].kind == HISTORY_MORE) {
        place--;
    }
    return place;
}

uint32_t reel_at(const struct reel *reel, int64_t at_ns)
{
    const struct history_event *events = reel->history->events;
    size_t low = 0, high = reel->history->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (events[middle].at_ns <= at_ns) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return (uint32_t)low;
}

const struct history_event *reel_event(const struct reel *reel)
{
    uint32_t place = reel->place;
    while (place > 1 && reel->history->events[place - 1].kind == HISTORY_MORE) {
        place--;
    }
    return place > 0 ? &reel->history->events[place - 1] : NULL;
}

void reel_pass(struct reel *reel, int64_t now_ns)
{
    assert(reel->place == 0 || now_ns >= reel->history->events[reel->place - 1].at_ns);
    reel->scene.view.now_ns = now_ns;
}
