/* The points of a run that may have been stopped. */
#include "sim/terminal/run_points.h"

#include <assert.h>
#include <string.h>

/* What is open because not all trials ran was not judged; for what is open as a whole, what stopped
 * it is the reason. What is open in a trial that ran stays so. */
static void skip_unjudged(struct points *points, const struct stop *stop)
{
    size_t left = 0;
    for (size_t i = 0; i < points->count; i++) {
        struct point point = points->list[i];
        bool of_all = point.undecided && (!point.unmet || point.unmet->trial == 0);
        if (of_all && !point.unmet) {
            continue;
        }
        if (of_all || !point.failure) {
            point.undecided = false;
            point.failure = NULL;
            point.skipped = stop->why;
        }
        points->list[left++] = point;
    }
    points->count = left;
}

void points_of_run(struct points *points, const struct stop *stop)
{
    struct point *trials = &points->list[0];
    points->count = stop && stop->kind == STOP_REFUSED ? 0 : points->count;
    assert(points->count < POINTS_MAX);
    memmove(trials + 1, trials, points->count * sizeof *trials);
    points->count++;
    *trials = (struct point){.name = "trials", .expected = "all ran"};
    if (stop && stop->kind != STOP_NOT_BEGUN) {
        trials->failure = stop->why;
        trials->error = true;
    }
    if (stop) {
        skip_unjudged(points, stop);
    }
    points_count(points);
}
