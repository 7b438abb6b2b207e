/* Until when somebody leads, at each place of a history. See led.h. */
#include "sim/outcome/led.h"

#include <assert.h>
#include <stdlib.h>

#include "sim/checks/view.h"
#include "sim/outcome/elections.h"
#include "sim/outcome/leaderless.h"
#include "sim/text/grown.h"

/* A replay that only looks who leads. */
struct look {
    struct view view;
    struct tally tally;
    struct elections elections;
    struct leaderless leaderless;
    struct view_process *processes;
    uint32_t *followers;
};

static bool look_begin(struct look *look, const struct history *history)
{
    size_t count = history->facts.settings.nodes + 1u;
    look->processes = calloc(count, sizeof *look->processes);
    look->followers = calloc(count + 1, sizeof *look->followers);
    bool whole = tally_begin(&look->tally, history->facts.settings.nodes);
    whole = elections_begin(&look->elections, history, &look->view, &look->tally) && whole;
    if (!whole || !look->processes || !look->followers) {
        return false;
    }
    view_begin(&look->view, &history->facts, look->processes, look->followers);
    leaderless_begin(&look->leaderless);
    return true;
}

static void look_end(struct look *look)
{
    elections_free(&look->elections);
    tally_free(&look->tally);
    free(look->processes);
    free(look->followers);
}

/* Takes in an event, as the outcome does. False: nobody can begin or cease to lead by it. */
static bool look_at(struct look *look, const struct history *history, uint32_t index)
{
    const struct history_event *event = &history->events[index];
    assert(index < history->count);
    if (view_is_message(event)) {
        view_message(&look->view, history, index);
        elections_message(&look->elections, index);
        return false;
    }
    tally_pass(&look->tally, &look->view, event->at_ns);
    leaderless_pass(&look->leaderless, &look->view, event->at_ns);
    view_apply(&look->view, history, index);
    tally_event(&look->tally, &look->view, event);
    elections_event(&look->elections, index);
    leaderless_event(&look->leaderless, &look->elections, event);
    return true;
}

/* A point, if it is another than the one before. */
static bool note(struct led *led, const struct look *look, const struct history_event *event,
                 uint32_t index)
{
    const struct led_point point = {.event = index,
                                    .counts = look->view.phase == PHASE_SAFETY,
                                    .at_ns = look->leaderless.now_ns,
                                    .leaderless_ns = look->leaderless.ns,
                                    .led_until_ns = look->leaderless.led_until_ns};
    const struct led_point *last = led->count > 0 ? &led->points[led->count - 1] : NULL;
    assert(point.at_ns >= event->at_ns);
    if (last && last->led_until_ns == point.led_until_ns && last->counts == point.counts) {
        return true;
    }
    struct led_point *points = grown(led->points, led->count, &led->room, sizeof *points);
    if (!points) {
        return false;
    }
    led->points = points;
    points[led->count++] = point;
    return true;
}

bool led_tell(struct led *led, const struct history *history)
{
    struct look look = {0};
    led->count = 0;
    bool whole = look_begin(&look, history);
    for (uint32_t i = 0; whole && i < history->count; i++) {
        if (look_at(&look, history, i)) {
            whole = note(led, &look, &history->events[i], i);
        }
    }
    look_end(&look);
    if (!whole) {
        led_free(led);
    }
    return whole;
}

void led_free(struct led *led)
{
    free(led->points);
    *led = (struct led){0};
}

struct led_now led_at(const struct led *led, uint32_t place, int64_t now_ns)
{
    const struct led_point *point = NULL;
    assert(led->points || led->count == 0);
    for (size_t i = 0; i < led->count && led->points[i].event < place; i++) {
        point = &led->points[i];
    }
    if (!point) {
        return (struct led_now){.since_ns = 0};
    }
    int64_t led_until_ns = point->led_until_ns > point->at_ns ? point->led_until_ns : point->at_ns;
    bool nobody = now_ns >= led_until_ns;
    int64_t more_ns = nobody && point->counts ? now_ns - led_until_ns : 0;
    return (struct led_now){.leaderless_ns = point->leaderless_ns + more_ns,
                            .since_ns = nobody ? led_until_ns : INT64_MAX};
}
