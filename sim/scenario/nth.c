/* The key `nth` of a trigger: at which time. See entry.h.
 *
 *     nth: 3                    at the third
 *     nth: {from: 10, to: 50}   at one of these, drawn anew in each trial
 */
#include "sim/scenario/entry.h"

#define NTH_MAX 1000000

static const char range_example[] = "{from: 10, to: 50}";

/* One end of the range. */
static bool read_end(struct walk *walk, const struct node *range, const char *key, uint32_t *out)
{
    const struct node *value = tree_get(range, key);
    int64_t number;
    if (!value) {
        char hint[60];
        snprintf(hint, sizeof hint, "write both ends, as in %s", range_example);
        walk_missing(walk, range, key, hint);
        return false;
    }
    if (!read_number(walk, value, key, 1, NTH_MAX, &number)) {
        return false;
    }
    *out = (uint32_t)number;
    return true;
}

static bool read_range(struct walk *walk, const struct node *range, struct trigger *trigger)
{
    static const char *const keys[] = {"from", "to", NULL};
    const struct vocabulary known = {"a key", words_of_array, keys};
    bool good = walk_only(walk, range, &known);
    good = read_end(walk, range, "from", &trigger->nth) && good;
    good = read_end(walk, range, "to", &trigger->nth_to) && good;
    if (good && trigger->nth_to < trigger->nth) {
        walk_problem(walk, range, "write the lower number first", "nth ends before it begins");
        return false;
    }
    return good;
}

bool nth_read(struct walk *walk, const struct node *nth, struct trigger *trigger)
{
    int64_t value = 1;
    if (nth && nth->kind == NODE_MAP) {
        return read_range(walk, nth, trigger);
    }
    if (!nth) {
        walk_default(walk, walk->entry, "when.nth", "1");
    } else if (!read_number(walk, nth, "nth", 1, NTH_MAX, &value)) {
        return false;
    }
    trigger->nth = (uint32_t)value;
    return true;
}
