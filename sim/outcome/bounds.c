/* Bounds on the times of elections. See bounds.h. */
#include "sim/outcome/bounds.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

#include "sim/history/text.h"

/* "1 never was published", "2 never settled". */
static const char *never_word(enum election_time time, size_t count)
{
    assert(count > 0);
    if (time == TIME_SETTLE) {
        return "never settled";
    }
    return count == 1 ? "never was published" : "never were published";
}

/* How long an election took until it came to its end; NEVER_NS: it did not. */
static int64_t ended_after(const struct election *election, enum election_time time)
{
    assert(time < ELECTION_TIMES);
    int64_t until = time == TIME_ELECT ? election->published_ns : election->settled_ns;
    return until != NEVER_NS ? until - election->since_ns : NEVER_NS;
}

/* The same, for a bound. FOREVER_NS: it waited longer, and in vain. NEVER_NS: it says nothing about
 * the bound. */
static int64_t time_for(const struct election *election, enum election_time time, int64_t bound_ns)
{
    assert(election->ended < ENDINGS && bound_ns > 0);
    int64_t ns = ended_after(election, time);
    if (ns != NEVER_NS || election->ended == ENDED_WITHDRAWN ||
        election->ended == ENDED_SUPERSEDED) {
        return ns;
    }
    return election->until_ns - election->since_ns >= bound_ns ? FOREVER_NS : NEVER_NS;
}

static void note_longest(struct bound_watch *watch, const struct outcome *outcome,
                         const struct election *election, int64_t ns)
{
    if (!watch->has_longest || ns > watch->longest_ns) {
        watch->has_longest = true;
        watch->guilty = (struct guilty){outcome->trial, outcome->seed};
        watch->nth = election->nth;
        watch->since_ns = election->since_ns;
        watch->longest_ns = ns;
    }
}

static bool see(struct bound_watch *watch, const struct percentile_bounds *bounds,
                enum election_time time, const struct outcome *outcome,
                const struct election *election)
{
    int64_t ended_ns = ended_after(election, time);
    bool withdrawn = ended_ns == NEVER_NS && election->ended == ENDED_WITHDRAWN;
    bool superseded = ended_ns == NEVER_NS && election->ended == ENDED_SUPERSEDED;
    if (!spread_add(&watch->times, ended_ns)) {
        return false;
    }
    watch->withdrawn += withdrawn;
    watch->superseded += superseded;
    for (enum bound rank = 0; rank < BOUNDS; rank++) {
        struct bound_count *of = &watch->of[rank];
        if (bounds->ns[rank] == 0) {
            continue;
        }
        int64_t ns = time_for(election, time, bounds->ns[rank]);
        of->never += ns == FOREVER_NS;
        of->open += ns == NEVER_NS && !withdrawn && !superseded;
        of->beyond += ns != FOREVER_NS && ns > bounds->ns[rank];
        if (rank == BOUND_MAX && ns != NEVER_NS) {
            note_longest(watch, outcome, election, ns);
        }
    }
    return true;
}

bool bound_watch(struct bound_watch *watch, const struct percentile_bounds *bounds,
                 enum election_time time, const struct outcome *outcome)
{
    bool whole = true;
    assert(!outcome->undecided);
    for (uint32_t i = 0; whole && is_bounded(bounds) && i < outcome->election_count; i++) {
        whole = see(watch, bounds, time, outcome, &outcome->elections[i]);
    }
    return whole;
}

void bound_watch_end(struct bound_watch *watch)
{
    for (enum bound rank = 0; rank < BOUNDS; rank++) {
        watch->seen_ns[rank] =
            spread_percentile(&watch->times, watch->of[rank].never, bound_percents[rank]);
    }
}

/* Of those that a bound counts. */
static size_t counted(const struct bound_watch *watch, enum bound rank)
{
    return watch->times.ended + watch->of[rank].never;
}

/* "3 elections; not counted: 1 withdrawn, 2 open at the end" */
static void tell_count(const struct bound_watch *watch, enum bound rank, char *out, size_t size)
{
    size_t count = counted(watch, rank);
    size_t used =
        (size_t)snprintf(out, size, "%s election%s", text_count(count).text, count == 1 ? "" : "s");
    const struct {
        size_t count;
        const char *what;
    } left_out[] = {{watch->withdrawn, "withdrawn"},
                    {watch->superseded, "superseded"},
                    {watch->of[rank].open, "open at the end"}};
    const char *joint = "; not counted: ";
    for (size_t i = 0; i < sizeof left_out / sizeof *left_out; i++) {
        if (left_out[i].count > 0 && used < size) {
            used += (size_t)snprintf(out + used, size - used, "%s%s %s", joint,
                                     text_count(left_out[i].count).text, left_out[i].what);
            joint = ", ";
        }
    }
}

/* What broke the bound: the election that took longest, for `max`; all together, for a rank. */
static void tell_broken(const struct bound_watch *watch, struct bound_case of,
                        struct bound_finding *finding, size_t used)
{
    char count[120], longest[80] = "";
    char *out = finding->text + used;
    size_t size = sizeof finding->text - used;
    int64_t seen = watch->seen_ns[of.rank];
    tell_count(watch, of.rank, count, sizeof count);
    if (of.rank == BOUND_MAX) {
        assert(watch->has_longest);
        finding->guilty = watch->guilty;
        snprintf(longest, sizeof longest, "election %" PRIu32 " of trial %" PRIu32 ", due since %s",
                 watch->nth, watch->guilty.trial, text_seconds(watch->since_ns).text);
    }
    if (seen == FOREVER_NS && of.rank == BOUND_MAX) {
        snprintf(out, size, "%s, %s (of %s)", longest, never_word(of.time, 1), count);
    } else if (seen == FOREVER_NS) {
        size_t never = watch->of[of.rank].never;
        snprintf(out, size, "%s %s (of %s)", text_count(never).text, never_word(of.time, never),
                 count);
    } else {
        snprintf(out, size, "was %s%s%s (of %s)", text_ms(seen).text, *longest ? " in " : "",
                 longest, count);
    }
}

/* Whether the percentile is beyond the bound: fewer than it takes came in time. */
static bool is_broken(const struct bound_watch *watch, enum bound rank)
{
    size_t count = counted(watch, rank);
    assert(watch->of[rank].beyond <= watch->times.ended);
    return count > 0 &&
           nearest_rank(count, bound_percents[rank]) > watch->times.ended - watch->of[rank].beyond;
}

void bound_judge(const struct bound_watch *watch, struct bound_case of, size_t trials,
                 size_t undecided, struct bound_finding *finding)
{
    assert(of.rank < BOUNDS && of.bound_ns > 0 && undecided <= trials);
    bool broken = is_broken(watch, of.rank);
    *finding = (struct bound_finding){.verdict = BOUND_UNDECIDED};
    size_t used = (size_t)snprintf(
        finding->text, sizeof finding->text, "%s: %s was expected to be at most %s, but ",
        election_time_names[of.time], bound_names[of.rank], text_ms(of.bound_ns).text);
    char *out = finding->text + used;
    size_t size = sizeof finding->text - used;
    if (undecided > 0 && !(broken && of.rank == BOUND_MAX)) {
        finding->trials_are_why = true;
        snprintf(out, size, "%s of %s trials are undecided", text_count(undecided).text,
                 text_count(trials).text);
    } else if (broken) {
        tell_broken(watch, of, finding, used);
        finding->verdict = BOUND_BROKEN;
    } else if (counted(watch, of.rank) > 0) {
        finding->verdict = BOUND_MET;
    } else if (watch->of[of.rank].open > 0) {
        snprintf(out, size, "every trial ended too early to tell");
    } else {
        snprintf(out, size, "no election has one");
        finding->verdict = BOUND_BROKEN;
    }
}

bool is_bounded(const struct percentile_bounds *bounds)
{
    for (int i = 0; i < BOUNDS; i++) {
        if (bounds->ns[i]) {
            return true;
        }
    }
    return false;
}

static bool holds_in(const struct outcome *outcome, enum election_time time, int64_t max_ns)
{
    for (uint32_t i = 0; max_ns > 0 && i < outcome->election_count; i++) {
        if (time_for(&outcome->elections[i], time, max_ns) > max_ns) {
            return false;
        }
    }
    return true;
}

bool bounds_hold_in(const struct expectations *expect, const struct outcome *outcome)
{
    return holds_in(outcome, TIME_ELECT, expect->elect.ns[BOUND_MAX]) &&
           holds_in(outcome, TIME_SETTLE, expect->settle.ns[BOUND_MAX]);
}
