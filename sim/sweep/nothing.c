/* Why a sweep recommends nothing. See nothing.h. */
#include "sim/sweep/nothing.h"

#include <assert.h>

#include "sim/sweep/settings.h"

/* Where, under each choice, the brain was split. What else befalls it may be the cause: then it is
 * not known to split where least of all that befalls it. */
static void put_where(FILE *file, const struct advice *advice)
{
    if (advice->befalls == AXES_MAX) {
        fputs(advice->list[0].points > 1 ? " at one point or more" : "", file);
    } else if (settings_of(advice) == 1) {
        fputs(" where least befell it", file);
    } else {
        const struct axis *axis = &advice->points->plan->axes->list[advice->befalls];
        fprintf(file, " at %s %s already, in one setting or more of what else befalls it",
                axis->key, axis_value(axis, 0));
    }
}

/* "Up to" is said of one key: of those that befall, the first whose values ascend. It may not be
 * the one that the reader means. */
static void put_how_to_order(FILE *file, const struct advice *advice)
{
    const struct axes *axes = advice->points->plan->axes;
    for (size_t i = 0; i < axes->count; i++) {
        const struct axis *axis = &axes->list[i];
        if (i != advice->befalls && axis->grows_worse && axis->count > 1) {
            fprintf(file, "To see up to which %s the brain stays whole, give %s%s%s.\n", axis->key,
                    advice->befalls < AXES_MAX ? "that key first" : "",
                    advice->befalls < AXES_MAX && !axis->ascends ? ", and " : "",
                    axis->ascends ? "" : "its values from the least on");
            return;
        }
    }
}

static void put_split(FILE *file, const struct advice *advice)
{
    fputs("Nothing is recommended: under each choice the brain was split", file);
    put_where(file, advice);
    fputs(". Try a longer lease, fencing, or less of what befalls.\n", file);
    put_how_to_order(file, advice);
}

void nothing_tell(FILE *file, const struct advice *advice)
{
    bool split = true, tried = false;
    assert(advice->best == advice->count);
    for (size_t i = 0; i < advice->count; i++) {
        split = split && advice->list[i].split > 0 && advice->list[i].safe == 0;
        tried = tried || advice->list[i].tried;
    }
    if (split) {
        put_split(file, advice);
    } else {
        fputs(tried ? "Nothing is recommended: what no trial of the grid had split did not hold "
                      "with other seeds. Try more trials a point, a longer lease, fencing, or less "
                      "of what befalls.\n"
                    : "Nothing is recommended: no choice is known to keep the brain whole.\n",
              file);
    }
}
