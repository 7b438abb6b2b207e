/* Up to where a choice bears what befalls. See edge.h. */
#include "sim/sweep/edge.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "sim/sweep/descent.h"
#include "sim/sweep/settings.h"

double edge_bound(uint64_t trials, uint32_t tests)
{
    assert(trials > 0 && tests > 0);
    double level = tests == 1 ? 0.04 : 0.01 / ((double)tests * (tests - 1));
    return 1 - pow(level, 1 / (double)trials);
}

char *edge_bound_text(uint64_t trials, uint32_t tests, char out[16])
{
    double percent = 100 * edge_bound(trials, tests);
    double unit = pow(10, floor(log10(percent)) - 1);
    double bound = ceil(percent / unit - 1e-9) * unit;
    assert(percent > 0);
    /* "%.2g" would write 1e+02, and 1e-05. */
    if (bound > 99.5) {
        snprintf(out, 16, "100");
    } else if (bound < 1e-4) {
        snprintf(out, 16, "%.*f", 1 - (int)floor(log10(percent)), bound);
    } else {
        snprintf(out, 16, "%.2g", bound);
    }
    return out;
}

bool edge_is_confirmed(const struct edge *edge)
{
    return edge->trials * 10 > edge->asked && edge->trials >= EDGE_LEAST;
}

size_t edge_words(const struct advice *advice, const char *value, const char *words[AXES_MAX],
                  char room[EDGE_WORD])
{
    return settings_words(advice, 0, value, words, room);
}

/* How many values of the grid are not larger than one. */
static size_t not_larger(const struct axis *axis, const char *text)
{
    size_t count = 0;
    double size = 0;
    bool is_time;
    bool is_size = size_parse(text, &size, &is_time);
    while (is_size && count < axis->count && axis->sizes[count] <= size) {
        count++;
    }
    return count;
}

/* Whether so few of the trials tested it that a choice which more tested comes before it. */
static bool is_weak(const struct edge *edge)
{
    assert(edge->trials <= edge->run);
    return edge->run >= EDGE_LEAST && (edge->trials * 10 <= edge->run || edge->trials < EDGE_LEAST);
}

/* Tries the best choice, and notes what it bears. */
static void try_best(struct search *search)
{
    const struct edge_work *work = search->work;
    struct advice *advice = work->advice;
    struct choice *choice = &advice->list[advice->best];
    struct edge *edge = search->edge;
    size_t settings = settings_of(advice);
    *edge = (struct edge){
        .settings = settings, .run = settings_share(settings, work->trials), .asked = work->trials};
    search->halving_seed = search_seed(search);
    if (search->axis) {
        descent_find(search, choice->bears - 1, choice->split > 0);
    } else {
        struct value nothing = {0};
        edge->found = search_passes(search, &nothing);
    }
    if (search->end != TRIAL_RAN) {
        return;
    }
    choice->tried = true;
    choice->weak = edge->found && is_weak(edge);
    choice->reaches = edge->found ? edge->size : 0;
    choice->bears = !edge->found   ? 0
                    : search->axis ? not_larger(search->axis, edge->value)
                                   : choice->bears;
}

/* Sets the next choice to be tried as the best: the best, or one that bears as much in the grid and
 * may reach further in between. False: there is none. */
static bool next_choice(struct advice *advice)
{
    if (advice->best == advice->count || !advice->list[advice->best].tried) {
        return advice->best < advice->count;
    }
    size_t bears = advice->list[advice->best].bears;
    for (size_t i = 0; i < advice->count; i++) {
        const struct choice *choice = &advice->list[i];
        if (!choice->tried && choice->bears == bears && choice->split > 0) {
            advice->best = i;
            return true;
        }
    }
    return false;
}

/* Tries one after the other, until the best of all was confirmed. Returns in which of `edges` it
 * is, or `*count`: none was. */
static size_t try_choices(struct search *search, struct edge edges[EDGE_CHOICES], size_t *count)
{
    struct advice *advice = search->work->advice;
    size_t of[EDGE_CHOICES], found = 0;
    *count = 0;
    while (search->end == TRIAL_RAN && *count < EDGE_CHOICES && next_choice(advice)) {
        of[*count] = advice->best;
        search->edge = &edges[(*count)++];
        try_best(search);
        advice->tried_alone = *count == EDGE_CHOICES;
        advice_rank(advice);
    }
    while (found < *count && of[found] != advice->best) {
        found++;
    }
    return found;
}

/* Whether some choice that was not tried may be better than the best. */
static bool is_left_out(const struct advice *advice)
{
    size_t most = advice->best < advice->count ? advice->list[advice->best].bears : 0;
    for (size_t i = 0; i < advice->count; i++) {
        const struct choice *choice = &advice->list[i];
        if (!choice->tried &&
            (choice->bears > most || (choice->bears == most && most > 0 && choice->split > 0))) {
            return true;
        }
    }
    return false;
}

enum trial_end edge_find(const struct edge_work *work, struct edge *edge, char *error)
{
    struct advice *advice = work->advice;
    struct edge edges[EDGE_CHOICES];
    size_t count;
    struct search search = {.work = work, .end = TRIAL_RAN, .error = error};
    assert(advice->best < advice->count && work->trials > 0);
    if (advice->befalls < AXES_MAX) {
        search.axis = &advice->points->plan->axes->list[advice->befalls];
    }
    size_t found = try_choices(&search, edges, &count);
    *edge = (struct edge){0};
    if (search.end == TRIAL_RAN && found < count) {
        assert(edges[found].found);
        *edge = edges[found];
        edge->failed = search.failed;
    }
    edge->gave_up = search.end == TRIAL_RAN && is_left_out(advice);
    return search.end;
}
