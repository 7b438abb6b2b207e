/* Up to where a choice bears what befalls. See edge.h. */
#include "sim/sweep/edge.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* Trials by which the halving goes, and how fine it gets. */
#define HALVING_TRIALS 1000
#define HALVING_STEPS 9
#define FINE 1.01
/* How often it halves anew before it takes but values of the grid. */
#define TURNS 12
/* So many lesser values are confirmed at most, at equal distances. */
#define LESSER_MAX 32
/* More settings of the other axes than this share the trials that so many would have. */
#define SETTINGS_MAX 16

/* A value of what befalls. */
struct value {
    double size;
    char text[SIZE_TEXT]; /* as it is typed, and told */
};

struct search {
    const struct edge_work *work;
    const struct axis *axis; /* of what befalls; NULL: there is none */
    struct edge *edge;
    enum trial_end end;
    char *error;
    uint32_t seeds; /* were drawn */
    uint64_t halving_seed;
    bool split;         /* at the value that was tried last; if it did not hold, and was not
                         * split there, it cannot be known */
    uint32_t failed;    /* values that were to be confirmed, and were not */
    size_t lesser_next; /* lesser values of the grid before this one held */
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

/* These trials have seeds of their own. */
static bool is_seed(const struct axis *axis)
{
    return strcmp(axis->key, "seed") == 0;
}

/* Whether an axis makes settings: it befalls, and is not the one that is searched. */
static bool makes_settings(const struct advice *advice, size_t i)
{
    const struct axis *axis = &advice->points->plan->axes->list[i];
    return !axis->chosen && i != advice->befalls && !is_seed(axis);
}

/* How many settings the other axes of what befalls have together. */
static size_t settings_of(const struct advice *advice)
{
    const struct axes *axes = advice->points->plan->axes;
    size_t settings = 1;
    for (size_t i = 0; i < axes->count; i++) {
        settings *= makes_settings(advice, i) ? axes->list[i].count : 1;
    }
    return settings;
}

/* How many trials each setting has: `trials`, or its share of what SETTINGS_MAX would have. */
static uint32_t trials_each(size_t settings, uint32_t trials)
{
    uint64_t share = (uint64_t)trials * SETTINGS_MAX / settings;
    return settings <= SETTINGS_MAX ? trials : share > 0 ? (uint32_t)share : 1;
}

/* The words of a setting, counted back from the last; none of a seed. Returns how many. */
static size_t words_of(const struct advice *advice, size_t setting, const char *value,
                       const char *words[AXES_MAX], char room[EDGE_WORD])
{
    const struct axes *axes = advice->points->plan->axes;
    size_t values[AXES_MAX], count = 0;
    advice_values(advice, advice->best, values);
    for (size_t i = axes->count; i-- > 0;) {
        if (makes_settings(advice, i)) {
            values[i] = axes->list[i].count - 1 - setting % axes->list[i].count;
            setting /= axes->list[i].count;
        }
    }
    for (size_t i = 0; i < axes->count; i++) {
        const struct axis *axis = &axes->list[i];
        if (i == advice->befalls) {
            snprintf(room, EDGE_WORD, "%s=%s", axis->key, value);
            words[count++] = room;
        } else if (!is_seed(axis)) {
            words[count++] = axis->words[values[i]];
        }
    }
    return count;
}

size_t edge_words(const struct advice *advice, const char *value, const char *words[AXES_MAX],
                  char room[EDGE_WORD])
{
    return words_of(advice, 0, value, words, room);
}

/* --- trying ----------------------------------------------------------------------------------- */

/* Another seed than all before. */
static uint64_t new_seed(struct search *search)
{
    return trial_seed(search->work->seed, UINT32_MAX - search->seeds++);
}

/* Whether the brain stayed whole in the trials of a setting, and that can be known. */
static bool take_setting(struct search *search, const struct value *value, struct point_sum *sum)
{
    struct edge *edge = search->edge;
    uint64_t tested = sum->trials - sum->undecided - sum->untested;
    int64_t ns = spread_percentile(&sum->leaderless, 0, 99);
    if (search->end == TRIAL_RAN && sum->split_trials > 0) {
        search->split = true;
        advice_refute(search->work->advice, search->work->advice->best, value->text, value->size,
                      sum->trials);
        return false;
    }
    edge->leaderless_ns = ns > edge->leaderless_ns ? ns : edge->leaderless_ns;
    edge->trials = tested < edge->trials ? tested : edge->trials;
    return search->end == TRIAL_RAN && sum->undecided == 0 && tested > 0;
}

/* Whether the brain stays whole at a value, in all settings. False, too, if it ends early. */
static bool holds_at(struct search *search, const struct value *value, uint32_t trials,
                     uint64_t seed)
{
    const struct edge_work *work = search->work;
    struct edge *edge = search->edge;
    const struct sweep_trials how = {.trials = trials_each(edge->settings, trials),
                                     .jobs = work->jobs,
                                     .seed = seed,
                                     .until_split = true};
    bool whole = true;
    if (work->tries) {
        work->tries(work->self, value->text);
    }
    edge->leaderless_ns = NEVER_NS;
    edge->trials = UINT64_MAX;
    search->split = false;
    for (size_t i = 0; i < edge->settings && whole; i++) {
        const char *words[AXES_MAX];
        char room[EDGE_WORD];
        struct point_sum sum = {0};
        const struct set_words sets = {words, words_of(work->advice, i, value->text, words, room)};
        search->end = work->run(work->self, &sets, &how, &sum, search->error);
        whole = take_setting(search, value, &sum);
        point_sum_free(&sum);
    }
    return whole;
}

/* --- searching -------------------------------------------------------------------------------- */

/* A value of the grid, as it was typed. */
static struct value grid_value(const struct axis *axis, size_t at)
{
    struct value value = {.size = axis->sizes[at]};
    assert(strlen(axis_value(axis, at)) < sizeof value.text);
    snprintf(value.text, sizeof value.text, "%s", axis_value(axis, at));
    return value;
}

static bool is_whole(const struct axis *axis)
{
    bool whole = !axis->is_time;
    for (size_t i = 0; i < axis->count; i++) {
        whole = whole && axis->sizes[i] == floor(axis->sizes[i]);
    }
    return whole;
}

/* Finds a value between two, a whole number if those of the grid are. False: there is none that
 * can be told from both. */
static bool find_middle(const struct axis *axis, const struct value *low, const struct value *high,
                        struct value *middle)
{
    bool is_time;
    double size = (low->size + high->size) / 2;
    if (is_whole(axis)) {
        snprintf(middle->text, sizeof middle->text, "%.0f", floor(size));
    } else {
        size_text(axis->is_time, size, 3, middle->text);
    }
    return high->size > low->size * FINE && size_parse(middle->text, &middle->size, &is_time) &&
           middle->size > low->size && middle->size < high->size;
}

/* Halves the distance from a value that holds to one at which the brain was split, by so many
 * trials. Returns whether it was split at what `*high` is then; else it is not known there. */
static bool halve(struct search *search, struct value *low, struct value *high, uint32_t trials)
{
    struct value middle;
    bool split = true;
    for (int i = 0; i < HALVING_STEPS && find_middle(search->axis, low, high, &middle); i++) {
        if (holds_at(search, &middle, trials, search->halving_seed)) {
            *low = middle;
        } else if (search->end == TRIAL_RAN) {
            *high = middle;
            split = search->split;
        } else {
            break;
        }
    }
    return split;
}

/* The place of a value of the grid, less than `low`, that does not hold; or axis->count: all do, as
 * far as they are tried. */
static size_t lesser_that_breaks(struct search *search, double low)
{
    const struct axis *axis = search->axis;
    struct edge *edge = search->edge;
    size_t step = axis->count / LESSER_MAX + 1, count = 0;
    while (count < axis->count && axis->sizes[count] < low) {
        count++;
    }
    for (; search->lesser_next < count; search->lesser_next += step) {
        struct value value = grid_value(axis, search->lesser_next);
        if (!holds_at(search, &value, HALVING_TRIALS, search->halving_seed)) {
            return search->lesser_next;
        }
        bool least = edge->lesser_trials == 0 || edge->trials < edge->lesser_trials;
        edge->lesser_trials = least ? edge->trials : edge->lesser_trials;
    }
    edge->lesser = (count + step - 1) / step;
    return axis->count;
}

/* Whether a value holds in the many trials, of a seed of their own. */
static bool passes(struct search *search, const struct value *value)
{
    struct edge *edge = search->edge;
    edge->seed = new_seed(search);
    memcpy(edge->value, value->text, sizeof edge->value);
    return holds_at(search, value, search->work->trials, edge->seed);
}

/* Whether a value is confirmed, after the lesser ones. If not, `*value` is the one that failed, and
 * `*at` its place in the grid or that of the one before. */
static bool confirm(struct search *search, struct value *value, size_t *at)
{
    size_t bad = lesser_that_breaks(search, value->size);
    if (bad < search->axis->count) {
        *value = grid_value(search->axis, bad);
        *at = bad;
        return false;
    }
    return passes(search, value);
}

/* Steps down until a value is confirmed. `at` is the last of the grid that was safe; `split`: at
 * the next one the brain was split. */
static void find_on(struct search *search, size_t at, bool split)
{
    const struct axis *axis = search->axis;
    struct edge *edge = search->edge;
    struct value high = {0};
    uint32_t trials = HALVING_TRIALS;
    if (split) {
        high = grid_value(axis, at + 1);
    }
    for (int turn = 0;; turn++) {
        struct value low = grid_value(axis, at);
        bool broken = split && (turn >= TURNS || halve(search, &low, &high, trials));
        if (search->end != TRIAL_RAN) {
            return;
        }
        snprintf(edge->broken, sizeof edge->broken, "%s", broken ? high.text : "");
        edge->found = confirm(search, &low, &at);
        bool halved = low.size > axis->sizes[at];
        search->failed += !edge->found;
        if (edge->found || search->end != TRIAL_RAN || (!halved && at == 0)) {
            return;
        }
        /* Few trials do not see how seldom it is split here. */
        trials = halved && search->work->trials > trials ? search->work->trials : trials;
        split = search->split;
        high = low;
        at = halved ? at : turn < TURNS ? at - 1 : at / 2;
    }
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

/* Tries the best choice, and notes what it bears. */
static void try_best(struct search *search)
{
    const struct edge_work *work = search->work;
    struct advice *advice = work->advice;
    struct choice *choice = &advice->list[advice->best];
    struct edge *edge = search->edge;
    size_t settings = settings_of(advice);
    *edge = (struct edge){
        .settings = settings, .run = trials_each(settings, work->trials), .asked = work->trials};
    search->lesser_next = 0;
    search->halving_seed = new_seed(search);
    if (search->axis) {
        find_on(search, choice->bears - 1, choice->split > 0);
    } else {
        struct value nothing = {0};
        edge->found = passes(search, &nothing);
        search->failed += !edge->found;
    }
    if (search->end != TRIAL_RAN) {
        return;
    }
    choice->tried = true;
    choice->bears = !edge->found   ? 0
                    : search->axis ? not_larger(search->axis, edge->value)
                                   : choice->bears;
}

/* Tries one after the other, until the best of all was confirmed. Returns in which of `edges` it
 * is, or `*count`: none was. */
static size_t try_choices(struct search *search, struct edge edges[EDGE_CHOICES], size_t *count)
{
    struct advice *advice = search->work->advice;
    size_t of[EDGE_CHOICES], found = 0;
    *count = 0;
    do {
        of[*count] = advice->best;
        search->edge = &edges[(*count)++];
        try_best(search);
        advice->tried_alone = *count == EDGE_CHOICES;
        advice_rank(advice);
    } while (search->end == TRIAL_RAN && advice->best < advice->count &&
             !advice->list[advice->best].tried);
    while (found < *count && of[found] != advice->best) {
        found++;
    }
    return found;
}

/* Whether some choice that was not tried is better by the grid than the best. */
static bool is_left_out(const struct advice *advice)
{
    size_t most = advice->best < advice->count ? advice->list[advice->best].bears : 0;
    for (size_t i = 0; i < advice->count; i++) {
        if (!advice->list[i].tried && advice->list[i].bears > most) {
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
