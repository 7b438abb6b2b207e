/* Bounds on the times of elections. See bounds.h. */
#include "sim/outcome/bounds.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/history/text.h"
#include "sim/outcome/packed.h"

const double bound_percents[BOUNDS] = {50, 90, 99, 100};

/* "1 never was published", "2 never settled". */
static const char *never_word(enum election_time time, size_t count)
{
    assert(count > 0);
    if (time == TIME_SETTLE) {
        return "never settled";
    }
    return count == 1 ? "never was published" : "never were published";
}

/* How long an election took, for a bound. FOREVER_NS: it waited longer, and in vain. NEVER_NS: it
 * says nothing about the bound. */
static int64_t time_for(const struct election *election, enum election_time time, int64_t bound_ns)
{
    assert(election->ended < ENDINGS && bound_ns > 0);
    int64_t until = time == TIME_ELECT ? election->published_ns : election->settled_ns;
    if (until != NEVER_NS) {
        return until - election->since_ns;
    }
    if (election->ended == ENDED_WITHDRAWN || election->ended == ENDED_SUPERSEDED) {
        return NEVER_NS;
    }
    return election->until_ns - election->since_ns >= bound_ns ? FOREVER_NS : NEVER_NS;
}

/* What a bound sees of all elections. */
struct sight {
    int64_t *times; /* owned */
    size_t count, never, withdrawn, superseded, open;
    size_t undecided;             /* trials, whose elections are left out */
    const struct outcome *guilty; /* the trial of the longest, and that election */
    struct election longest;
    int64_t longest_ns;
};

static void see(struct sight *sight, const struct outcome *outcome, const struct election *election,
                int64_t ns)
{
    if (ns == NEVER_NS) {
        sight->withdrawn += election->ended == ENDED_WITHDRAWN;
        sight->superseded += election->ended == ENDED_SUPERSEDED;
        sight->open += election->ended != ENDED_WITHDRAWN && election->ended != ENDED_SUPERSEDED;
        return;
    }
    sight->times[sight->count++] = ns;
    sight->never += ns == FOREVER_NS;
    if (!sight->guilty || ns > sight->longest_ns) {
        sight->guilty = outcome;
        sight->longest = *election;
        sight->longest_ns = ns;
    }
}

static bool look(const struct outcome *outcomes, size_t count, enum election_time time,
                 int64_t bound_ns, struct sight *sight)
{
    size_t most = 0;
    for (size_t i = 0; i < count; i++) {
        most += outcomes[i].election_count;
    }
    *sight = (struct sight){.times = malloc((most + 1) * sizeof *sight->times)};
    for (size_t i = 0; sight->times && i < count; i++) {
        sight->undecided += outcomes[i].undecided != NULL;
        struct election_walk walk = election_walk(&outcomes[i]);
        const struct election *election;
        while (!outcomes[i].undecided && (election = election_next(&walk))) {
            see(sight, &outcomes[i], election, time_for(election, time, bound_ns));
        }
    }
    assert(sight->count <= most);
    return sight->times != NULL;
}

/* "3 elections; not counted: 1 withdrawn, 2 open at the end" */
static void tell_count(const struct sight *sight, char *out, size_t size)
{
    size_t used = (size_t)snprintf(out, size, "%s election%s", text_count(sight->count).text,
                                   sight->count == 1 ? "" : "s");
    const struct {
        size_t count;
        const char *what;
    } left_out[] = {{sight->withdrawn, "withdrawn"},
                    {sight->superseded, "superseded"},
                    {sight->open, "open at the end"}};
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
static void tell_broken(const struct sight *sight, enum election_time time, enum bound rank,
                        int64_t seen, struct bound_finding *finding, size_t used)
{
    char counted[120], longest[80] = "";
    char *out = finding->text + used;
    size_t size = sizeof finding->text - used;
    tell_count(sight, counted, sizeof counted);
    if (rank == BOUND_MAX) {
        assert(sight->guilty);
        finding->guilty = sight->guilty;
        snprintf(longest, sizeof longest, "election %" PRIu32 " of trial %" PRIu32 ", due since %s",
                 sight->longest.nth, sight->guilty->trial,
                 text_seconds(sight->longest.since_ns).text);
    }
    if (seen == FOREVER_NS && rank == BOUND_MAX) {
        snprintf(out, size, "%s, %s (of %s)", longest, never_word(time, 1), counted);
    } else if (seen == FOREVER_NS) {
        snprintf(out, size, "%s %s (of %s)", text_count(sight->never).text,
                 never_word(time, sight->never), counted);
    } else {
        snprintf(out, size, "was %s%s%s (of %s)", text_ms(seen).text, *longest ? " in " : "",
                 longest, counted);
    }
}

void bound_judge(const struct outcome *outcomes, size_t count, enum election_time time,
                 enum bound rank, int64_t bound_ns, struct bound_finding *finding)
{
    assert(rank < BOUNDS && bound_ns > 0);
    struct sight sight;
    bool whole = look(outcomes, count, time, bound_ns, &sight);
    int64_t seen = whole ? percentile(sight.times, sight.count, bound_percents[rank]) : NEVER_NS;
    bool broken = seen != NEVER_NS && seen > bound_ns;
    *finding = (struct bound_finding){.verdict = BOUND_UNDECIDED};
    size_t used = (size_t)snprintf(
        finding->text, sizeof finding->text, "%s: %s was expected to be at most %s, but ",
        election_time_names[time], bound_names[rank], text_ms(bound_ns).text);
    char *out = finding->text + used;
    size_t size = sizeof finding->text - used;
    if (!whole) {
        snprintf(out, size, "memory is out for so many elections");
    } else if (sight.undecided > 0 && !(broken && rank == BOUND_MAX)) {
        finding->trials_are_why = true;
        snprintf(out, size, "%s of %s trials are undecided", text_count(sight.undecided).text,
                 text_count(count).text);
    } else if (broken) {
        tell_broken(&sight, time, rank, seen, finding, used);
        finding->verdict = BOUND_BROKEN;
    } else if (seen != NEVER_NS) {
        finding->verdict = BOUND_MET;
    } else if (sight.open > 0) {
        snprintf(out, size, "every trial ended too early to tell");
    } else {
        snprintf(out, size, "no election has one");
        finding->verdict = BOUND_BROKEN;
    }
    free(sight.times);
}

static bool holds_in(const struct outcome *outcome, enum election_time time, int64_t max_ns)
{
    struct election_walk walk = election_walk(outcome);
    const struct election *election;
    while (max_ns && (election = election_next(&walk))) {
        if (time_for(election, time, max_ns) > max_ns) {
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
