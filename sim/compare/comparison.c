/* Two results folders side by side. See comparison.h; folder.c reads them. */
#include "sim/compare/comparison.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/compare/distance.h"
#include "sim/compare/folder.h"

/* Room for one more of `size` bytes each, doubling. NULL: memory is out. */
static void *grown(void *list, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity) {
        return list;
    }
    size_t more = *capacity ? 2 * *capacity : 8;
    void *moved = realloc(list, more * size);
    if (moved) {
        *capacity = more;
    }
    return moved;
}

/* --- while it is read ------------------------------------------------------------------------- */

struct compared *comparison_scenario(struct comparison *comparison, const char *name)
{
    for (size_t i = comparison->count; i-- > 0;) {
        if (strcmp(comparison->list[i].scenario, name) == 0) {
            return &comparison->list[i];
        }
    }
    struct compared *list =
        grown(comparison->list, comparison->count, &comparison->capacity, sizeof *list);
    char *copy = strdup(name);
    if (!list || !copy) {
        comparison->list = list ? list : comparison->list;
        free(copy);
        return NULL;
    }
    comparison->list = list;
    list[comparison->count] = (struct compared){.scenario = copy};
    return &list[comparison->count++];
}

bool shares_count(struct shares *shares, const char *name, enum side side, size_t more)
{
    size_t place = 0;
    while (place < shares->count && strcmp(shares->list[place].name, name) != 0) {
        place++;
    }
    if (place == shares->count) {
        struct share *list = grown(shares->list, shares->count, &shares->capacity, sizeof *list);
        if (!list) {
            return false;
        }
        shares->list = list;
        list[place] = (struct share){.name = strdup(name)};
        if (!list[place].name) {
            return false;
        }
        shares->count++;
    }
    shares->list[place].count[side] += more;
    return true;
}

static int by_nth_and_cause(const void *left, const void *right)
{
    const struct group *a = left;
    const struct group *b = right;
    if (a->nth != b->nth) {
        return a->nth < b->nth ? -1 : 1;
    }
    return strcmp(a->cause, b->cause);
}

bool compared_time(struct compared *compared, enum side side, uint32_t nth, const char *cause,
                   enum measure measure, int64_t ns)
{
    struct group wanted = {.nth = nth};
    snprintf(wanted.cause, sizeof wanted.cause, "%s", cause); /* of a stranger's CSV, perhaps cut */
    size_t place = 0;
    while (place < compared->group_count &&
           by_nth_and_cause(&compared->groups[place], &wanted) != 0) {
        place++;
    }
    if (place == compared->group_count) {
        struct group *list =
            grown(compared->groups, compared->group_count, &compared->group_capacity, sizeof *list);
        if (!list) {
            return false;
        }
        compared->groups = list;
        list[place] = wanted;
        compared->group_count++;
    }
    return sample_add(&compared->groups[place].times[measure][side], ns);
}

/* --- matching --------------------------------------------------------------------------------- */

static int by_name(const void *left, const void *right)
{
    return strcmp(((const struct share *)left)->name, ((const struct share *)right)->name);
}

static int by_count(const void *left, const void *right)
{
    const struct share *a = left;
    const struct share *b = right;
    size_t of_a = a->count[SIDE_A] + a->count[SIDE_B];
    size_t of_b = b->count[SIDE_A] + b->count[SIDE_B];
    return of_a != of_b ? (of_a < of_b) - (of_a > of_b) : by_name(left, right);
}

static void sort(void *list, size_t count, size_t size, int (*order)(const void *, const void *))
{
    if (count > 0) {
        qsort(list, count, size, order);
    }
}

/* Counts equal names that stand side by side as one. */
static void merge_equal(struct shares *shares)
{
    size_t kept = 0;
    for (size_t i = 0; i < shares->count; i++) {
        struct share *share = &shares->list[i];
        if (kept > 0 && strcmp(shares->list[kept - 1].name, share->name) == 0) {
            shares->list[kept - 1].count[SIDE_A] += share->count[SIDE_A];
            shares->list[kept - 1].count[SIDE_B] += share->count[SIDE_B];
            free(share->name);
        } else {
            shares->list[kept++] = *share;
        }
    }
    shares->count = kept;
}

/* Chaos gives many orders: they are sorted, not searched. */
static bool count_leaders(struct compared *compared)
{
    struct shares *shares = &compared->leaders;
    shares->capacity = compared->trials[SIDE_A].count + compared->trials[SIDE_B].count;
    shares->list = calloc(shares->capacity ? shares->capacity : 1, sizeof *shares->list);
    if (!shares->list) {
        return false;
    }
    for (enum side side = 0; side < SIDES; side++) {
        for (size_t i = 0; i < compared->trials[side].count; i++) {
            const char *leaders = compared->trials[side].list[i].leaders;
            struct share *share = &shares->list[shares->count];
            share->name = strdup(leaders ? leaders : "nobody");
            share->count[side] = 1;
            if (!share->name) {
                return false;
            }
            shares->count++;
        }
    }
    sort(shares->list, shares->count, sizeof *shares->list, by_name);
    merge_equal(shares);
    sort(shares->list, shares->count, sizeof *shares->list, by_count);
    return true;
}

static bool match(struct compared *compared)
{
    for (size_t i = 0; i < compared->group_count; i++) {
        for (enum measure measure = 0; measure < MEASURES; measure++) {
            for (enum side side = 0; side < SIDES; side++) {
                sample_sort(&compared->groups[i].times[measure][side]);
            }
        }
    }
    sort(compared->groups, compared->group_count, sizeof *compared->groups, by_nth_and_cause);
    sort(compared->verdicts.list, compared->verdicts.count, sizeof(struct share), by_name);
    sort(compared->endings.list, compared->endings.count, sizeof(struct share), by_name);
    sort(compared->checks.list, compared->checks.count, sizeof(struct share), by_name);
    return count_leaders(compared);
}

static bool in_both(const struct compared *compared)
{
    return compared->trials[SIDE_A].count > 0 && compared->trials[SIDE_B].count > 0;
}

bool comparison_match(struct comparison *comparison)
{
    for (size_t i = 0; i < comparison->count; i++) {
        if (!match(&comparison->list[i])) {
            snprintf(comparison->error, sizeof comparison->error, "memory is out");
            return false;
        }
        if (in_both(&comparison->list[i])) {
            struct compared found = comparison->list[i];
            memmove(&comparison->list[comparison->both + 1], &comparison->list[comparison->both],
                    (i - comparison->both) * sizeof found);
            comparison->list[comparison->both++] = found;
        }
    }
    return true;
}

/* --- differences ------------------------------------------------------------------------------ */

double share_of(const struct share *share, const size_t of[SIDES], enum side side)
{
    return of[side] ? (double)share->count[side] / (double)of[side] : 0;
}

/* Shares are quotients: a difference that is just what is demanded may come out a bit larger. */
#define ROUNDING 1e-9

bool differs(double difference, size_t n, size_t m, double within)
{
    return difference > within + ROUNDING && difference > ks_bound(n, m);
}

static size_t differing_shares(const struct shares *shares, const size_t of[SIDES], double within)
{
    size_t count = 0;
    for (size_t i = 0; i < shares->count; i++) {
        double difference =
            fabs(share_of(&shares->list[i], of, SIDE_A) - share_of(&shares->list[i], of, SIDE_B));
        count += differs(difference, of[SIDE_A], of[SIDE_B], within);
    }
    return count;
}

static size_t differing_times(const struct group *group, double within)
{
    size_t count = 0;
    for (enum measure measure = 0; measure < MEASURES; measure++) {
        const struct sample *a = &group->times[measure][SIDE_A];
        const struct sample *b = &group->times[measure][SIDE_B];
        if (a->count > 0 && b->count > 0) {
            count +=
                differs(ks_distance(a->ns, a->count, b->ns, b->count), a->count, b->count, within);
        }
    }
    return count;
}

size_t comparison_differences(const struct comparison *comparison, double within)
{
    size_t count = 0;
    for (size_t i = 0; i < comparison->both; i++) {
        const struct compared *compared = &comparison->list[i];
        const size_t trials[SIDES] = {compared->trials[SIDE_A].count,
                                      compared->trials[SIDE_B].count};
        count += differing_shares(&compared->leaders, trials, within) +
                 differing_shares(&compared->checks, trials, within);
        for (size_t j = 0; j < compared->group_count; j++) {
            count += differing_times(&compared->groups[j], within);
        }
    }
    return count;
}

/* --- the end ---------------------------------------------------------------------------------- */

static void free_shares(struct shares *shares)
{
    for (size_t i = 0; i < shares->count; i++) {
        free(shares->list[i].name);
    }
    free(shares->list);
}

static void free_compared(struct compared *compared)
{
    for (enum side side = 0; side < SIDES; side++) {
        for (size_t i = 0; i < compared->trials[side].count; i++) {
            free(compared->trials[side].list[i].leaders);
        }
        free(compared->trials[side].list);
        for (size_t i = 0; i < compared->group_count; i++) {
            sample_free(&compared->groups[i].times[MEASURE_ELECT][side]);
            sample_free(&compared->groups[i].times[MEASURE_SETTLE][side]);
        }
    }
    free(compared->groups);
    free_shares(&compared->leaders);
    free_shares(&compared->verdicts);
    free_shares(&compared->endings);
    free_shares(&compared->checks);
    free(compared->scenario);
}

void comparison_free(struct comparison *comparison)
{
    for (size_t i = 0; i < comparison->count; i++) {
        free_compared(&comparison->list[i]);
    }
    free(comparison->list);
    *comparison = (struct comparison){0};
}
