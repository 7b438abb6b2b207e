/* Compares what was read of two results folders. See comparison.h. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/compare/chance.h"
#include "sim/compare/comparison.h"

/* --- shares ----------------------------------------------------------------------------------- */

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

static void sort(struct shares *shares, int (*order)(const void *, const void *))
{
    if (shares->count > 0) {
        qsort(shares->list, shares->count, sizeof *shares->list, order);
    }
}

/* Counts equal names that stand side by side as one, and takes out what was not seen. */
static void merge(struct shares *shares)
{
    size_t kept = 0;
    for (size_t i = 0; i < shares->count; i++) {
        struct share *share = &shares->list[i];
        bool again = kept > 0 && strcmp(shares->list[kept - 1].name, share->name) == 0;
        if (again) {
            shares->list[kept - 1].count[SIDE_A] += share->count[SIDE_A];
            shares->list[kept - 1].count[SIDE_B] += share->count[SIDE_B];
        }
        if (again || share->count[SIDE_A] + share->count[SIDE_B] == 0) {
            free(share->name);
        } else {
            shares->list[kept++] = *share;
        }
    }
    shares->count = kept;
}

/* Chaos gives many orders: they are sorted, not searched. The trials' texts become the names. */
static bool count_leaders(struct compared *compared)
{
    struct shares *shares = &compared->shares[KIND_LEADERS];
    size_t count = compared->trials[SIDE_A].count + compared->trials[SIDE_B].count;
    shares->list = calloc(count + 1, sizeof *shares->list);
    if (!shares->list) {
        return false;
    }
    for (enum side side = 0; side < SIDES; side++) {
        for (size_t i = 0; i < compared->trials[side].count; i++) {
            struct trial_seen *trial = &compared->trials[side].list[i];
            struct share *share = &shares->list[shares->count];
            *share = (struct share){.name = trial->leaders ? trial->leaders : strdup("nobody")};
            if (!share->name) {
                return false;
            }
            trial->leaders = NULL;
            share->count[side] = 1;
            shares->count++;
        }
    }
    return true;
}

static void match_share(struct comparison *comparison, const struct compared *compared,
                        enum kind kind, struct share *share)
{
    for (enum side side = 0; side < SIDES; side++) {
        size_t of =
            kind == KIND_VERDICTS ? compared->elections[side] : compared->trials[side].count;
        share->of[side] = of > share->unknown[side] ? of - share->unknown[side] : 0;
        if (share->of[side] < share->count[side]) {
            share->of[side] = share->count[side]; /* of files that do not fit each other */
        }
    }
    /* The elections of one trial hang together: their verdicts are shown, and not compared. */
    bool can = kind != KIND_VERDICTS && share->of[SIDE_A] > 0 && share->of[SIDE_B] > 0;
    share->chance = can ? chance_of(share->count[SIDE_A], share->of[SIDE_A], share->count[SIDE_B],
                                    share->of[SIDE_B])
                        : -1;
    comparison->tests += can;
}

double total_variation(const struct compared *compared)
{
    const struct shares *shares = &compared->shares[KIND_LEADERS];
    double sum = 0;
    for (size_t i = 0; i < shares->count; i++) {
        const struct share *share = &shares->list[i];
        sum += fabs((double)share->count[SIDE_A] / (double)share->of[SIDE_A] -
                    (double)share->count[SIDE_B] / (double)share->of[SIDE_B]);
    }
    return sum / 2;
}

/* --- both folders ----------------------------------------------------------------------------- */

static bool match(struct comparison *comparison, struct compared *compared)
{
    bool good = count_leaders(compared);
    for (enum kind kind = 0; good && kind < KINDS; kind++) {
        struct shares *shares = &compared->shares[kind];
        sort(shares, by_name);
        merge(shares);
        for (size_t i = 0; i < shares->count; i++) {
            match_share(comparison, compared, kind, &shares->list[i]);
        }
    }
    sort(&compared->shares[KIND_LEADERS], by_count);
    for (enum election_time time = 0; time < ELECTION_TIMES; time++) {
        sample_sort(&compared->times[time][SIDE_A]);
        sample_sort(&compared->times[time][SIDE_B]);
    }
    return good;
}

bool comparison_match(struct comparison *comparison)
{
    for (size_t i = 0; i < comparison->count; i++) {
        struct compared *compared = &comparison->list[i];
        if (compared->trials[SIDE_A].count == 0 || compared->trials[SIDE_B].count == 0) {
            continue;
        }
        if (!match(comparison, compared)) {
            snprintf(comparison->error, sizeof comparison->error, "memory is out");
            return false;
        }
        struct compared found = *compared;
        memmove(&comparison->list[comparison->both + 1], &comparison->list[comparison->both],
                (i - comparison->both) * sizeof found);
        comparison->list[comparison->both++] = found;
    }
    return true;
}
