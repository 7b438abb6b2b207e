/* The section `expect`: what a run must show to be called a success. */
#include <string.h>

#include "sim/checks/check.h"
#include "sim/scenario/borrowed.h"
#include "sim/scenario/walk.h"
#include "src/ballot.h"
#include "src/owners.h"
#include "src/protocol.h"
#include "src/units.h"

static void read_leaders(struct walk *walk, const struct node *map, const struct node *value)
{
    struct expectations *expect = &walk->scenario->expect;
    (void)map;
    if (!value) {
        walk_default(walk, "expect", "leaders", "any");
        return;
    }
    bool has_master = protocol_has_master(&walk->scenario->settings);
    if (!walk_is(walk, value, NODE_LIST,
                 has_master ? "a list such as [1] or [1, master]"
                            : "a list such as [1] or [1, 2]")) {
        return;
    }
    if (!protocol_has_leaders(&walk->scenario->settings)) {
        walk_problem(walk, value, "leave it away, or write protocol: own_leader",
                     "nobody is to lead with protocol: own_lock");
        return;
    }
    expect->has_leaders = true;
    const struct node *last = NULL;
    for (const struct node *item = value->first; item; item = item->next) {
        uint16_t id;
        if (expect->leader_count == SCENARIO_LEADERS_MAX) {
            walk_problem(walk, item, "expect the first ones only", "more than %d leaders",
                         SCENARIO_LEADERS_MAX);
            return;
        }
        if (!read_process(walk, item, &id)) {
            continue;
        }
        if (last && expect->leaders[expect->leader_count - 1] == id) {
            walk_problem(walk, item, "name a leader once for each change of leader",
                         "the same leader twice in a row is one");
            continue;
        }
        last = item;
        expect->leaders[expect->leader_count++] = id;
    }
}

/* A map of names to how often each is to be seen. */
static void read_frequencies(struct walk *walk, const struct node *value,
                             const struct vocabulary *names, uint8_t *out)
{
    for (const struct node *key = tree_next_key(value, NULL); key;
         key = tree_next_key(value, key)) {
        int name = words_find(names, key->text);
        int often;
        if (name < 0) {
            char hint[160];
            borrowed_suggest(IN_VALUES, names, key->text, hint, sizeof hint);
            walk_problem(walk, key, hint, "is not %s", names->what);
        } else if (read_word(walk, key->next, &words_frequencies, &often)) {
            out[name] = (uint8_t)often;
        }
    }
}

static void read_checks(struct walk *walk, const struct node *map, const struct node *value)
{
    (void)map;
    _Static_assert(EXPECT_NEVER == 0, "a zeroed scenario expects every check to be quiet");
    if (value && walk_is(walk, value, NODE_MAP, "{dead_leader: always}")) {
        read_frequencies(walk, value, &words_checks, walk->scenario->expect.checks);
    }
    if (!value || value->count / 2 < check_count()) {
        walk_default(walk, "expect", value && value->count ? "checks not named" : "checks",
                     "never");
    }
}

static void read_verdicts(struct walk *walk, const struct node *map, const struct node *value)
{
    (void)map;
    memset(walk->scenario->expect.verdicts, EXPECT_ALLOWED, VERDICTS);
    if (value && walk_is(walk, value, NODE_MAP, "{wrong: never}")) {
        read_frequencies(walk, value, &words_verdicts, walk->scenario->expect.verdicts);
    }
    if (!value || value->count / 2 < VERDICTS) {
        walk_default(walk, "expect", value && value->count ? "verdicts not named" : "verdicts",
                     "allowed");
    }
}

/* --- bounds on times -------------------------------------------------------------------------- */

/* A decimal number of milliseconds, "500" or "0.25", without unit; more than 0 unless it may be
 * that. */
static bool read_milliseconds(struct walk *walk, const struct node *node, bool may_be_0,
                              int64_t *ns)
{
    char with_unit[40];
    char hint[100] = "write a number of milliseconds such as 500 or 0.25";
    if (!walk_is(walk, node, NODE_SCALAR, "a number of milliseconds such as 500")) {
        return false;
    }
    snprintf(with_unit, sizeof with_unit, "%.30sms", node->text);
    bool right = node->plain && strlen(node->text) <= 30 && duration_parse(with_unit, ns);
    if (!right) {
        if (duration_parse(node->text, ns) && *ns % NS_PER_MS == 0) {
            snprintf(hint, sizeof hint, "write %lld", (long long)(*ns / NS_PER_MS));
        }
        walk_problem(walk, node, hint, "must be a number of milliseconds, without unit");
    } else if (*ns == 0 && !may_be_0) {
        walk_problem(walk, node, hint, "must be more than 0");
    }
    return right && (*ns > 0 || may_be_0);
}

static void read_bounds(struct walk *walk, const struct node *value, const char *key,
                        struct percentile_bounds *bounds)
{
    const struct vocabulary known = {"a percentile", words_of_array, bound_names};
    if (!value) {
        walk_default(walk, "expect", key, "no bounds");
        return;
    }
    if (!walk_is(walk, value, NODE_MAP, "bounds in ms such as {p99: 500}")) {
        return;
    }
    walk_only(walk, value, &known);
    if (value->count == 0) {
        walk_problem(walk, value, "write bounds in ms such as {p99: 500}", "says nothing");
    }
    int64_t lower_ns = 0;
    for (int i = 0; i < BOUNDS; i++) {
        const struct node *bound = tree_get(value, bound_names[i]);
        if (!bound || !read_milliseconds(walk, bound, false, &bounds->ns[i])) {
            continue;
        }
        if (bounds->ns[i] < lower_ns) {
            walk_problem(walk, bound, "percentiles can only grow: p50, p90, p99, max",
                         "%s is less than a percentile below it", bound_names[i]);
        }
        lower_ns = bounds->ns[i];
    }
}

/* A map with `max` alone: in ms, or of TOTAL_REQUESTS a whole number. */
static void read_total(struct walk *walk, const struct node *value, enum trial_total total)
{
    static const char *const keys[] = {"max", NULL};
    const struct vocabulary known = {"a bound on it", words_of_array, keys};
    struct total_bound *bound = &walk->scenario->expect.totals[total];
    bool counts = total == TOTAL_REQUESTS;
    const char *example =
        counts ? "a bound such as {max: 2000}" : "a bound in ms such as {max: 500}";
    char hint[60];
    if (!value) {
        walk_default(walk, "expect", total_names[total], "no bound");
        return;
    }
    if (!walk_is(walk, value, NODE_MAP, example)) {
        return;
    }
    walk_only(walk, value, &known);
    const struct node *max = tree_get(value, "max");
    if (!max && value->count == 0) {
        snprintf(hint, sizeof hint, "write %s", example);
        walk_problem(walk, value, hint, "says nothing");
    } else if (max) {
        bound->is = counts ? read_number(walk, max, "max", 0, INT32_MAX, &bound->max)
                           : read_milliseconds(walk, max, true, &bound->max);
    }
}

static void read_leaderless(struct walk *walk, const struct node *map, const struct node *value)
{
    (void)map;
    read_total(walk, value, TOTAL_LEADERLESS);
}

static void read_two_leaders(struct walk *walk, const struct node *map, const struct node *value)
{
    (void)map;
    read_total(walk, value, TOTAL_TWO_LEADERS);
}

static void read_requests(struct walk *walk, const struct node *map, const struct node *value)
{
    (void)map;
    read_total(walk, value, TOTAL_REQUESTS);
}

static void read_elect(struct walk *walk, const struct node *map, const struct node *value)
{
    (void)map;
    read_bounds(walk, value, "elect_ms", &walk->scenario->expect.elect);
}

static void read_settle(struct walk *walk, const struct node *map, const struct node *value)
{
    (void)map;
    read_bounds(walk, value, "settle_ms", &walk->scenario->expect.settle);
}

static void read_lock_within(struct walk *walk, const struct node *map, const struct node *value)
{
    int64_t *within_ns = &walk->scenario->expect.lock_within_ns;
    (void)map;
    if (value) {
        read_duration(walk, value, "lock_within", NS_PER_MS, 24 * NS_PER_H, NULL, within_ns);
        return;
    }
    char text[64];
    char shown[64];
    /* Without a time to live there is no lock that one could wait for. */
    int64_t ttl_ns = settings_value(&walk->scenario->settings, OWNER_LOCK, "ttl", 0);
    *within_ns = ttl_ns > 0 ? 5 * ttl_ns : 10 * NS_PER_S;
    bool long_enough = longest_trial_ns(walk->scenario) > *within_ns;
    snprintf(shown, sizeof shown, "%s%s%s", duration_text(*within_ns, text, sizeof text),
             ttl_ns > 0 ? " (5 x the lock's ttl)" : "",
             long_enough ? "" : "; no trial lasts longer");
    walk_default(walk, "expect", "lock_within", shown);
}

const struct field expect_fields[] = {
    {.key = "leaders", .kind = FIELD_OWN, .read = read_leaders},
    {.key = "checks", .kind = FIELD_OWN, .read = read_checks},
    {.key = "verdicts", .kind = FIELD_OWN, .read = read_verdicts},
    {.key = "elect_ms", .kind = FIELD_OWN, .read = read_elect},
    {.key = "settle_ms", .kind = FIELD_OWN, .read = read_settle},
    {.key = "leaderless_ms", .kind = FIELD_OWN, .read = read_leaderless},
    {.key = "two_leaders_ms", .kind = FIELD_OWN, .read = read_two_leaders},
    {.key = "requests", .kind = FIELD_OWN, .read = read_requests},
    {.key = "settles_within",
     .kind = FIELD_DURATION,
     .fallback = "2s",
     .member = offsetof(struct scenario, expect.settles_within_ns),
     .low = NS_PER_MS,
     .high = NS_PER_H},
    {.key = "lock_within", .kind = FIELD_OWN, .read = read_lock_within},
    {.key = NULL},
};
