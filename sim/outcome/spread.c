/* Many times in little memory. See spread.h. */
#include "sim/outcome/spread.h"

#include <assert.h>
#include <stdlib.h>

#include "sim/text/grown.h"
#include "src/units.h"

/* After a squeeze there is room for so many new values at least. */
#define ROOM_LEAST (SPREAD_MAX / 4)

const double bound_percents[BOUNDS] = {50, 90, 99, 100};

static int ascending(const void *left, const void *right)
{
    int64_t a = ((const struct spread_value *)left)->ns;
    int64_t b = ((const struct spread_value *)right)->ns;
    return (a > b) - (a < b);
}

static int64_t nearest(int64_t ns, int64_t unit_ns)
{
    int64_t rest = ns % unit_ns, half = unit_ns / 2;
    return ns - rest + (rest >= half ? unit_ns : rest <= -half ? -unit_ns : 0);
}

/* Rounds all values to the unit, puts them in order, and each in one place. */
static void put_in_order(struct spread *spread)
{
    size_t kept = 0;
    for (size_t i = 0; spread->unit_ns > 0 && i < spread->count; i++) {
        spread->list[i].ns = nearest(spread->list[i].ns, spread->unit_ns);
    }
    if (spread->count > 0) {
        qsort(spread->list, spread->count, sizeof *spread->list, ascending);
    }
    for (size_t i = 0; i < spread->count; i++) {
        if (kept > 0 && spread->list[kept - 1].ns == spread->list[i].ns) {
            spread->list[kept - 1].times += spread->list[i].times;
        } else {
            spread->list[kept++] = spread->list[i];
        }
    }
    assert(kept <= spread->count);
    spread->count = kept;
    spread->in_order = true;
}

/* Makes room by keeping less of each value, as little as it takes. */
static void squeeze(struct spread *spread)
{
    assert(spread->count == SPREAD_MAX);
    put_in_order(spread);
    while (spread->count > SPREAD_MAX - ROOM_LEAST) {
        spread->unit_ns = spread->unit_ns > 0 ? 2 * spread->unit_ns : NS_PER_US;
        put_in_order(spread);
        assert(spread->unit_ns / 2 <= spread->largest_ns - spread->smallest_ns);
    }
}

static bool put(struct spread *spread, struct spread_value value)
{
    assert(value.times > 0 && spread->count <= SPREAD_MAX);
    if (spread->count == SPREAD_MAX) {
        squeeze(spread);
    }
    struct spread_value *list =
        grown(spread->list, spread->count, &spread->capacity, sizeof *spread->list);
    if (list) {
        spread->list = list;
        spread->list[spread->count++] = value;
        spread->in_order = false;
    }
    return list != NULL;
}

bool spread_add(struct spread *spread, int64_t ns)
{
    assert(ns == NEVER_NS || ns == FOREVER_NS || (ns > INT64_MIN / 4 && ns < INT64_MAX / 4));
    if (ns == NEVER_NS || ns == FOREVER_NS) {
        spread->never += ns == FOREVER_NS;
        return true;
    }
    bool first = spread->ended == 0;
    if (!put(spread, (struct spread_value){ns, 1})) {
        return false;
    }
    spread->smallest_ns = first || ns < spread->smallest_ns ? ns : spread->smallest_ns;
    spread->largest_ns = first || ns > spread->largest_ns ? ns : spread->largest_ns;
    spread->ended++;
    return true;
}

bool spread_merge(struct spread *into, const struct spread *from)
{
    assert(into != from);
    bool first = into->ended == 0;
    into->never += from->never;
    if (from->ended == 0) {
        return true;
    }
    into->unit_ns = into->unit_ns > from->unit_ns ? into->unit_ns : from->unit_ns;
    into->smallest_ns =
        first || from->smallest_ns < into->smallest_ns ? from->smallest_ns : into->smallest_ns;
    into->largest_ns =
        first || from->largest_ns > into->largest_ns ? from->largest_ns : into->largest_ns;
    into->ended += from->ended;
    for (size_t i = 0; i < from->count; i++) {
        if (!put(into, from->list[i])) {
            return false;
        }
    }
    return true;
}

/* The value at a place in order, from 1, of those that ended. */
static int64_t value_at(const struct spread *spread, uint64_t place)
{
    assert(place > 0 && place <= spread->ended && spread->in_order);
    if (place == spread->ended) {
        return spread->largest_ns;
    }
    size_t i = 0;
    for (; place > spread->list[i].times; i++) {
        place -= spread->list[i].times;
        assert(i + 1 < spread->count);
    }
    return spread->list[i].ns;
}

int64_t spread_percentile(struct spread *spread, uint64_t never, double p)
{
    uint64_t count = spread->ended + never;
    if (count == 0) {
        return NEVER_NS;
    }
    if (!spread->in_order) {
        put_in_order(spread);
    }
    uint64_t place = nearest_rank(count, p);
    return place > spread->ended ? FOREVER_NS : value_at(spread, place);
}

struct ranks spread_ranks(struct spread *spread)
{
    struct ranks ranks;
    for (int i = 0; i < BOUNDS; i++) {
        ranks.ns[i] = spread_percentile(spread, spread->never, bound_percents[i]);
    }
    return ranks;
}

void spread_free(struct spread *spread)
{
    free(spread->list);
    *spread = (struct spread){0};
}
