/* Up to where a choice bears what befalls. See edge.h. */
#include "sim/sweep/edge.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "sim/system/interrupt.h"

/* Trials by which the halving goes, and how fine it gets. */
#define HALVING_TRIALS 1000
#define HALVING_STEPS 9
#define FINE 1.01
/* How often a value may turn out not to hold. */
#define TURNS 12
/* So many lesser values are confirmed at most, at equal distances. */
#define LESSER_MAX 32
/* With more settings of the other axes than this nothing is confirmed: it would take too long. */
#define SETTINGS_MAX 16

struct search {
    const struct edge_work *work;
    const struct axes *axes;
    struct edge *edge;
    enum trial_end end;
    char *error;
};

double edge_bound(uint64_t trials)
{
    assert(trials > 0);
    return 1 - pow(0.05, 1 / (double)trials);
}

char *edge_bound_text(uint64_t trials, char out[16])
{
    double percent = 100 * edge_bound(trials);
    double unit = pow(10, floor(log10(percent)) - 1);
    assert(percent > 0);
    snprintf(out, 16, "%.2g", ceil(percent / unit - 1e-9) * unit);
    return out;
}

/* --- words ------------------------------------------------------------------------------------ */

/* How many settings the other axes of what befalls have together; SETTINGS_MAX + 1: more. */
static size_t settings_of(const struct advice *advice)
{
    const struct axes *axes = advice->points->plan->axes;
    size_t settings = 1;
    for (size_t i = 0; i < axes->count; i++) {
        settings *= axes->list[i].chosen || i == advice->befalls ? 1 : axes->list[i].count;
        settings = settings > SETTINGS_MAX ? SETTINGS_MAX + 1 : settings;
    }
    return settings;
}

bool edge_can_be_tried(const struct advice *advice)
{
    return settings_of(advice) <= SETTINGS_MAX;
}

/* The words of a setting, counted back from the last. */
static size_t words_of(const struct advice *advice, size_t setting, const char *value,
                       const char *words[AXES_MAX], char room[EDGE_WORD])
{
    const struct axes *axes = advice->points->plan->axes;
    size_t values[AXES_MAX];
    advice_values(advice, advice->best, values);
    for (size_t i = axes->count; i-- > 0;) {
        const struct axis *axis = &axes->list[i];
        if (!axis->chosen && i != advice->befalls) {
            values[i] = axis->count - 1 - setting % axis->count;
            setting /= axis->count;
        }
        words[i] = axis->words[values[i]];
    }
    if (advice->befalls < AXES_MAX) {
        snprintf(room, EDGE_WORD, "%s=%s", axes->list[advice->befalls].key, value);
        words[advice->befalls] = room;
    }
    return axes->count;
}

size_t edge_words(const struct advice *advice, const char *value, const char *words[AXES_MAX],
                  char room[EDGE_WORD])
{
    return words_of(advice, 0, value, words, room);
}

/* --- trying ----------------------------------------------------------------------------------- */

static void take_edge(struct edge *edge, struct point_sum *sum)
{
    int64_t ns = spread_percentile(&sum->leaderless, 0, 99);
    uint64_t tested = sum->trials - sum->undecided - sum->untested;
    edge->leaderless_ns = ns > edge->leaderless_ns ? ns : edge->leaderless_ns;
    edge->split = sum->split_trials > 0;
    edge->trials = edge->split ? sum->trials : tested < edge->trials ? tested : edge->trials;
}

/* Whether the brain stays whole at a value, in all settings. False, too, if it ends early. */
static bool holds_at(struct search *search, const char *value, uint32_t trials)
{
    const struct edge_work *work = search->work;
    const struct sweep_trials how = {
        .trials = trials, .jobs = work->jobs, .seed = search->edge->seed, .until_split = true};
    size_t settings = settings_of(work->advice);
    bool whole = !work->goes_on || work->goes_on(work->self, value);
    search->edge->leaderless_ns = NEVER_NS;
    search->edge->trials = UINT64_MAX;
    if (!whole || interrupt_came()) {
        search->end = TRIAL_INTERRUPTED;
    }
    for (size_t i = 0; i < settings && whole && search->end == TRIAL_RAN; i++) {
        const char *words[AXES_MAX];
        char room[EDGE_WORD];
        struct point_sum sum = {0};
        const struct set_words sets = {words, words_of(work->advice, i, value, words, room)};
        struct scenario scenario;
        whole = sweep_load(work->sweep, &sets, &scenario, search->error);
        if (whole) {
            search->end = sweep_run(work->sweep, &scenario, &how, &sum, search->error);
            scenario_free(&scenario);
        }
        take_edge(search->edge, &sum);
        whole = whole && !search->edge->split && sum.undecided == 0 && search->edge->trials > 0;
        point_sum_free(&sum);
    }
    return whole && search->end == TRIAL_RAN;
}

/* Halves the distance from a value that holds (`*low`) to one that breaks. Returns whether the
 * brain was split at what `*high` is then; else it is not known there. */
static bool halve(struct search *search, const struct axis *axis, double *low, double *high)
{
    char text[40];
    bool split = true;
    for (int i = 0; i<HALVING_STEPS && * high> * low * FINE && search->end == TRIAL_RAN; i++) {
        double middle = (*low + *high) / 2;
        axis_text(axis, middle, text);
        if (holds_at(search, text, HALVING_TRIALS)) {
            *low = middle;
        } else if (search->end == TRIAL_RAN) {
            *high = middle;
            split = search->edge->split;
        }
    }
    return split;
}

/* The place of a value of the grid, less than `low`, that does not hold; or axis->count: all do. */
static size_t lesser_that_breaks(struct search *search, const struct axis *axis, double low)
{
    struct edge *edge = search->edge;
    size_t count = 0;
    while (count < axis->count && axis->sizes[count] < low) {
        count++;
    }
    edge->lesser = 0;
    edge->lesser_trials = UINT64_MAX;
    for (size_t i = 0; i < count; i += count / LESSER_MAX + 1) {
        if (!holds_at(search, axis_value(axis, i), HALVING_TRIALS)) {
            return i;
        }
        edge->lesser++;
        edge->lesser_trials =
            edge->trials < edge->lesser_trials ? edge->trials : edge->lesser_trials;
    }
    return axis->count;
}

/* Steps down from value to value of the grid until one is confirmed. `at` is the last that was
 * safe; `split`: at the next one the brain was split. */
static void find_on(struct search *search, const struct axis *axis, size_t at, bool split)
{
    struct edge *edge = search->edge;
    double high = split ? axis->sizes[at + 1] : 0;
    for (int turn = 0; turn < TURNS && search->end == TRIAL_RAN; turn++) {
        double low = axis->sizes[at];
        edge->broken[0] = '\0';
        if (split && halve(search, axis, &low, &high)) {
            axis_text(axis, high, edge->broken);
        }
        size_t bad = search->end == TRIAL_RAN ? lesser_that_breaks(search, axis, low) : axis->count;
        if (bad < axis->count) {
            axis_text(axis, axis->sizes[bad], edge->value);
            low = axis->sizes[bad];
            at = bad;
        } else if (search->end == TRIAL_RAN) {
            axis_text(axis, low, edge->value);
            edge->found = holds_at(search, edge->value, search->work->trials);
        }
        bool steps_down = low <= axis->sizes[at];
        if (edge->found || search->end != TRIAL_RAN || (steps_down && at == 0)) {
            return;
        }
        split = edge->split;
        high = low;
        at -= steps_down;
    }
}

enum trial_end edge_find(const struct edge_work *work, struct edge *edge, char *error)
{
    const struct advice *advice = work->advice;
    const struct axes *axes = advice->points->plan->axes;
    struct search search = {
        .work = work, .axes = axes, .edge = edge, .end = TRIAL_RAN, .error = error};
    assert(advice->best < advice->count && work->trials > 0 && edge_can_be_tried(advice));
    *edge = (struct edge){.settings = settings_of(advice),
                          .seed = trial_seed(work->sweep->seed, UINT32_MAX)};
    if (advice->befalls < AXES_MAX) {
        const struct choice *best = &advice->list[advice->best];
        find_on(&search, &axes->list[advice->befalls], best->safe - 1, best->split > 0);
    } else {
        edge->found = holds_at(&search, "", work->trials);
    }
    return search.end;
}
