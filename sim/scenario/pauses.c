/* The section `pauses`: stalls whose lengths are drawn from a table. It becomes one more fault,
 * behind those of `faults`: `randomly` or `every`, as there, and `pause`. See walk.h.
 *
 *     pauses: {table: gc.log, mean: 400ms, who: any}
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sim/scenario/entry.h"
#include "sim/scenario/problem.h"
#include "sim/scenario/stall_table.h"
#include "src/protocol.h"
#include "src/units.h"

#define PATH_SIZE 4096

/* --- the table -------------------------------------------------------------------------------- */

/* A place is counted from the scenario's folder. False: it is too long. */
static bool beside_scenario(const struct walk *walk, const char *table, char path[PATH_SIZE])
{
    const char *scenario = walk->scenario->path;
    const char *slash = strrchr(scenario, '/');
    int folder = table[0] == '/' || !slash ? 0 : (int)(slash - scenario + 1);
    int length = snprintf(path, PATH_SIZE, "%.*s%s", folder, scenario, table);
    assert(length >= 0);
    return length < PATH_SIZE;
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static bool read_table(struct walk *walk, const struct node *node)
{
    char path[PATH_SIZE], line[16] = "";
    struct stall_problem problem;
    if (!walk_is(walk, node, NODE_SCALAR, "a file such as gc.log") || !node->text[0]) {
        return false;
    }
    if (walk->without_files) {
        return true; /* what was drawn stands in the history */
    }
    if (!beside_scenario(walk, node->text, path)) {
        walk_problem(walk, node, "name a file such as gc.log", "is too long for a file");
        return false;
    }
    if (stall_table_read(path, &walk->scenario->stalls, &problem)) {
        walk->scenario->stalls.table = strdup(node->text);
        return true;
    }
    if (problem.line > 0) {
        snprintf(line, sizeof line, "%d: ", problem.line);
    }
    problem_add(walk->report, node->line, node->column, NULL, problem.hint, "%.80s:%s%s",
                base_name(node->text), problem.line > 0 ? line : " ", problem.what);
    return false;
}

/* --- whom and how often ----------------------------------------------------------------------- */

static bool read_who(struct walk *walk, const struct node *who, struct target *target)
{
    const uint32_t allowed = 1u << TARGET_IDS | 1u << TARGET_LEADER | 1u << TARGET_ANY;
    if (!who) {
        *target = (struct target){.kind = TARGET_ANY};
        walk_default(walk, "pauses", "who", "any");
        return true;
    }
    return target_read(walk, who, allowed, "pauses", target);
}

/* Stalls of one's own machines come when they come: they wait for nobody, so any number may be
 * down at once. */
static bool read_mean(struct walk *walk, const struct node *mean, struct trigger *trigger)
{
    int64_t *mean_ns = &trigger->at_ns;
    trigger->kind = TRIGGER_RANDOMLY;
    trigger->at_most_down = walk->scenario->settings.nodes + 1u;
    if (!mean) {
        *mean_ns = NS_PER_S;
        walk_default(walk, "pauses", "mean", "1s");
        return true;
    }
    return read_duration(walk, mean, "mean", NS_PER_MS, 24 * NS_PER_H, NULL, mean_ns);
}

static bool read_until(struct walk *walk, const struct node *until, struct trigger *trigger)
{
    trigger->until_ns = walk->scenario->duration_ns;
    if (!until) {
        walk_default(walk, "pauses", "until", "the duration");
        return true;
    }
    if (!read_duration(walk, until, "until", NS_PER_MS, 24 * NS_PER_H, NULL, &trigger->until_ns)) {
        return false;
    }
    if (walk->duration_known && trigger->until_ns > walk->scenario->duration_ns) {
        walk_problem(walk, until, "make it at most the duration", "is beyond the duration");
        return false;
    }
    return true;
}

static bool read_trigger(struct walk *walk, const struct node *section, struct trigger *trigger)
{
    const struct node *every = tree_get(section, "every");
    const struct node *mean = tree_get(section, "mean");
    *trigger = (struct trigger){.weight = 1, .one_of = 1};
    trigger->first = (uint16_t)walk->scenario->fault_count;
    if (every && mean) {
        walk_problem(walk, mean, "keep one of every and mean", "says a second time how often");
        return false;
    }
    bool good = read_until(walk, tree_get(section, "until"), trigger);
    if (!every) {
        return read_mean(walk, mean, trigger) && good;
    }
    trigger->kind = TRIGGER_EVERY;
    if (!read_duration(walk, every, "every", NS_PER_MS, 24 * NS_PER_H, NULL, &trigger->at_ns) ||
        !good) {
        return false;
    }
    if (walk->duration_known && trigger->at_ns > trigger->until_ns) {
        walk_problem(walk, every, "make it at most until, or the duration",
                     "is longer than the time in which stalls may come: there would be none");
        return false;
    }
    return true;
}

/* --- the whole -------------------------------------------------------------------------------- */

static int64_t longest_ns(const struct stalls *stalls)
{
    int64_t longest = 1; /* without a table, too, it is no pause for good */
    for (size_t i = 0; i < stalls->count; i++) {
        longest = stalls->ns[i] > longest ? stalls->ns[i] : longest;
    }
    return longest;
}

static void add_fault(struct walk *walk, const struct node *table, struct fault_spec *spec)
{
    struct scenario *scenario = walk->scenario;
    struct fault_spec *faults =
        realloc(scenario->faults, (scenario->fault_count + 1u) * sizeof *faults);
    if (!faults) {
        problem_add(walk->report, 0, 0, NULL, NULL, "cannot be loaded: out of memory");
        return;
    }
    spec->kind = (uint16_t)fault_find("pause");
    spec->line = table->line;
    spec->drawn = true;
    entry_describe(spec);
    size_t used = strlen(spec->text);
    snprintf(spec->text + used, sizeof spec->text - used, ", as in %.60s", base_name(table->text));
    spec->params[0] = longest_ns(&scenario->stalls);
    assert(fault_lasts_ns(spec) > 0);
    scenario->faults = faults;
    scenario->faults[scenario->fault_count++] = *spec;
}

void pauses_read(struct walk *walk, const struct node *map, const struct node *value)
{
    static const char *const keys[] = {"table", "every", "mean", "until", "who", NULL};
    const struct vocabulary known = {"a key", words_of_array, keys};
    struct fault_spec spec = {0};
    (void)map;
    if (!value) {
        return;
    }
    if (!walk_is(walk, value, NODE_MAP, "{table: gc.log, mean: 400ms}")) {
        return;
    }
    walk_only(walk, value, &known);
    const struct node *table = tree_get(value, "table");
    if (!table) {
        walk_missing(walk, value, "table", "name a file with one length a line: {table: gc.log}");
        return;
    }
    bool good = read_table(walk, table);
    good = read_who(walk, tree_get(value, "who"), &spec.target) && good;
    good = read_trigger(walk, value, &spec.trigger) && good;
    if (good && walk->scenario->fault_count == SCENARIO_FAULTS_MAX) {
        walk_problem(walk, table, "leave out an entry of faults:", "more than %d faults",
                     SCENARIO_FAULTS_MAX);
    } else if (good) {
        add_fault(walk, table, &spec);
    }
}
