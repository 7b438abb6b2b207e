/* Tries values of what befalls. See trying.h. */
#include "sim/sweep/trying.h"

#include <assert.h>
#include <string.h>

#include "sim/sweep/settings.h"

uint64_t search_seed(struct search *search)
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

bool search_holds(struct search *search, const struct value *value, uint32_t trials, uint64_t seed)
{
    const struct edge_work *work = search->work;
    struct edge *edge = search->edge;
    const struct sweep_trials how = {.trials = settings_share(edge->settings, trials),
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
        const struct set_words sets = {words,
                                       settings_words(work->advice, i, value->text, words, room)};
        search->end = work->run(work->self, &sets, &how, &sum, search->error);
        whole = take_setting(search, value, &sum);
        point_sum_free(&sum);
    }
    return whole;
}

bool search_passes(struct search *search, const struct value *value)
{
    struct edge *edge = search->edge;
    edge->seed = search_seed(search);
    edge->tests = ++search->tests;
    memcpy(edge->value, value->text, sizeof edge->value);
    edge->size = value->size;
    bool whole = search_holds(search, value, search->work->trials, edge->seed);
    search->failed += !whole && search->end == TRIAL_RAN;
    return whole;
}

void search_keep_price(struct search *search, const struct value *value)
{
    struct lesser one = {*value, search->edge->leaderless_ns};
    size_t count = search->lesser_count;
    assert(count == 0 || search->lesser[count - 1].value.size < value->size);
    if (count < LESSER_KEPT) {
        search->lesser[search->lesser_count++] = one;
    } else if (search->lesser[count - 1].leaderless_ns < one.leaderless_ns) {
        search->lesser[count - 1].leaderless_ns = one.leaderless_ns;
    }
}

void search_set_price(struct search *search, const struct value *value)
{
    struct edge *edge = search->edge;
    edge->leaderless_at[0] = '\0';
    for (size_t i = 0; i < search->lesser_count; i++) {
        const struct lesser *lesser = &search->lesser[i];
        if (lesser->value.size < value->size && lesser->leaderless_ns > edge->leaderless_ns) {
            edge->leaderless_ns = lesser->leaderless_ns;
            memcpy(edge->leaderless_at, lesser->value.text, sizeof edge->leaderless_at);
        }
    }
}
