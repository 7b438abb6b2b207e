/* What two results folders differ in, in one sentence. See comparison.h. */
#include <math.h>
#include <stdio.h>

#include "sim/compare/chance.h"
#include "sim/compare/comparison.h"
#include "sim/history/text.h"

/* What is at least as likely may be chance. */
#define CHANCE_MAX 0.05

/* Of two that are equal but for rounding, the one that stands first is named. */
#define NEARLY 0.999999

/* Of many things that are compared, some are far apart by chance: a chance counts as often as
 * chances were looked at (Bonferroni). */
static double corrected(const struct comparison *comparison, double chance)
{
    return fmin(1, chance * (double)comparison->tests);
}

bool differs(const struct comparison *comparison, double chance)
{
    return chance >= 0 && corrected(comparison, chance) < CHANCE_MAX;
}

/* Whether any difference could be more than chance: between what happened always and never. */
static bool could_differ(const struct comparison *comparison)
{
    for (size_t i = 0; i < comparison->both; i++) {
        size_t a = comparison->list[i].trials[SIDE_A].count;
        size_t b = comparison->list[i].trials[SIDE_B].count;
        if (differs(comparison, chance_of(a, a, 0, b))) {
            return true;
        }
    }
    return false;
}

/* The strongest difference of one kind. */
struct strongest {
    const struct compared *compared;
    const struct share *share; /* NULL: there is none */
    size_t count;              /* of all differences */
};

static struct strongest strongest_of(const struct comparison *comparison, enum kind kind)
{
    struct strongest found = {.share = NULL};
    for (size_t i = 0; i < comparison->both; i++) {
        const struct compared *compared = &comparison->list[i];
        for (size_t j = 0; j < compared->shares[kind].count; j++) {
            const struct share *share = &compared->shares[kind].list[j];
            if (!differs(comparison, share->chance)) {
                continue;
            }
            found.count++;
            if (!found.share || share->chance < NEARLY * found.share->chance) {
                found.compared = compared;
                found.share = share;
            }
        }
    }
    return found;
}

void comparison_conclusion(const struct comparison *comparison, char *out, size_t size)
{
    struct strongest check = strongest_of(comparison, KIND_CHECKS);
    struct strongest leaders = strongest_of(comparison, KIND_LEADERS);
    const struct strongest *found = check.share ? &check : &leaders;
    const struct share *share = found->share;
    char where[80] = "";
    char chance[32] = "p < 0.001";
    char more[48] = "";
    if (!share) {
        snprintf(out, size, "%s",
                 could_differ(comparison)
                     ? "in leaders and in checks, the two agree within what chance gives"
                     : "there are too few trials to tell the two from each other");
        return;
    }
    if (comparison->both > 1) {
        snprintf(where, sizeof where, "in %.64s, ", found->compared->scenario);
    }
    double p = corrected(comparison, share->chance);
    if (p >= 0.001) {
        snprintf(chance, sizeof chance, "p = %.3f", p);
    }
    size_t others = check.count + leaders.count - 1;
    if (others > 0) {
        snprintf(more, sizeof more, "; so %s %zu more", others > 1 ? "do" : "does", others);
    }
    snprintf(out, size,
             "they differ: %s%s%.60s %s %s of %s trials against %s of %s, more than chance "
             "gives (%s)%s",
             where, check.share ? "" : "the leaders were ", share->name,
             check.share ? "broke in" : "in", text_count(share->count[SIDE_A]).text,
             text_count(share->of[SIDE_A]).text, text_count(share->count[SIDE_B]).text,
             text_count(share->of[SIDE_B]).text, chance, more);
}
