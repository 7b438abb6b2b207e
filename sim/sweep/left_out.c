/* What the figures of a sweep do not show. See left_out.h. */
#include "sim/sweep/left_out.h"

#include <assert.h>
#include <string.h>

#include "sim/sweep/one_place.h"

/* Whether one chooses among leases of different lengths. */
static bool is_about_leases(const struct advice *advice)
{
    for (size_t i = 1; i < advice->count; i++) {
        if (advice->list[i].lease_ns != advice->list[0].lease_ns) {
            return true;
        }
    }
    return false;
}

/* Whether a choice is of the same protocol as one before it that bears as much. */
static bool was_named(const struct advice *advice, size_t at)
{
    const struct choice *one = &advice->list[at];
    for (size_t i = 0; i < at; i++) {
        const struct choice *choice = &advice->list[i];
        if (choice->bears == one->bears && choice->protocol &&
            strcmp(choice->protocol, one->protocol) == 0) {
            return true;
        }
    }
    return false;
}

/* Choices of other protocols that bear as much as the best are not worse than it: whether somebody
 * led is not counted alike. */
static void put_rivals(FILE *file, const struct advice *advice)
{
    const struct choice *best = &advice->list[advice->best];
    const char *before = "Other protocols bear as much in the grid: ";
    assert(best->bears > 0 && best->protocol);
    for (size_t i = 0; i < advice->count; i++) {
        const struct choice *choice = &advice->list[i];
        bool as_much = choice->bears == best->bears && choice->protocol;
        if (as_much && strcmp(choice->protocol, best->protocol) != 0 && !was_named(advice, i)) {
            fprintf(file, "%s%s", before, choice->protocol);
            before = ", ";
        }
    }
    fprintf(file,
            ". That %s is named first is because it was given first: how long nobody led is not "
            "counted alike under different protocols (a paused leader leads on by the article's "
            "rules, and does not under a lease).\n",
            best->protocol);
}

static void put_no_crash(FILE *file)
{
    fputs("No leader died in any trial, so the price of a long lease is not in these figures: "
          "after a crash nobody leads until the lease is over. Let one die: faults: [{at: 20s, "
          "crash: leader, for: 30s}].\n",
          file);
}

static void put_stalls(FILE *file)
{
    fputs("Stalls from a table come by the clock, hardly ever just before a write: that the "
          "brain stayed whole does not show that you need no fencing. A fault {when: {who: "
          "any, does: writes, nth: {from: 20, to: 60}, before: true}, pause: leader, for: 10s} is "
          "such "
          "a stall; "
          "sweep faults.1.for up to your longest.\n",
          file);
}

void left_out_tell(FILE *file, const struct advice *advice, const struct scenario *scenario)
{
    bool any = advice->best < advice->count;
    bool works = scenario->settings.work_every_ns > 0;
    if (any && advice_rivals(advice, advice->best)) {
        put_rivals(file, advice);
    }
    if (any && !advice->split) {
        fputs("No point had a split brain, so this does not show which choice is safer: let more "
              "befall it.\n",
              file);
    }
    if (any && !advice->crashes && is_about_leases(advice)) {
        put_no_crash(file);
    }
    if (any && works && advice->list[advice->best].lease_ns > 0) {
        one_place_tell(file, scenario, advice->points->plan->axes);
    }
    if (any && works && scenario->stalls.count > 0) {
        put_stalls(file);
    }
    if (!works) {
        fputs("Nobody works in this scenario, so stale writes cannot be seen; "
              "work: {every: 50ms} lets the leader write.\n",
              file);
    }
}
