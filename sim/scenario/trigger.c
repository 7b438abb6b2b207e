/* Triggers: when a fault happens. `at`, `every` with `until`, `when` with `after`, `randomly`. */
#include <string.h>

#include "sim/scenario/entry.h"
#include "src/protocol.h"
#include "src/units.h"

/* Whether a time lies within the scenario's duration; else tells. */
static bool within_duration(struct walk *walk, const struct node *node, int64_t ns,
                            const char *what)
{
    if (!walk->duration_known || ns < walk->scenario->duration_ns) {
        return true;
    }
    char text[32];
    char hint[80];
    snprintf(hint, sizeof hint, "the scenario's duration is %s",
             duration_text(walk->scenario->duration_ns, text, sizeof text));
    walk_problem(walk, node, hint, "%s", what);
    return false;
}

static bool read_at(struct walk *walk, const struct node *node, struct trigger *trigger)
{
    trigger->kind = TRIGGER_AT;
    return read_duration(walk, node, "at", 0, 24 * NS_PER_H, NULL, &trigger->at_ns) &&
           within_duration(walk, node, trigger->at_ns, "comes when the scenario is over");
}

/* `until` NULL: the end of the scenario. */
static bool read_until(struct walk *walk, const struct node *until, const char *key,
                       struct trigger *trigger)
{
    if (!until) {
        trigger->until_ns = walk->scenario->duration_ns;
        walk_default(walk, walk->entry, key, "the end");
        return true;
    }
    if (!read_duration(walk, until, "until", 0, 24 * NS_PER_H, NULL, &trigger->until_ns)) {
        return false;
    }
    return !walk->duration_known || trigger->until_ns <= walk->scenario->duration_ns ||
           within_duration(walk, until, trigger->until_ns, "ends after the scenario is over");
}

static bool read_every(struct walk *walk, const struct node *node, const struct node *until,
                       struct trigger *trigger)
{
    trigger->kind = TRIGGER_EVERY;
    if (!read_duration(walk, node, "every", NS_PER_MS, 24 * NS_PER_H, NULL, &trigger->at_ns) ||
        !within_duration(walk, node, trigger->at_ns, "comes first when the scenario is over")) {
        return false;
    }
    if (!read_until(walk, until, "until", trigger)) {
        return false;
    }
    if (until && trigger->until_ns <= trigger->at_ns) {
        char text[32];
        char hint[80];
        snprintf(hint, sizeof hint, "the first time is at %s: make until later",
                 duration_text(trigger->at_ns, text, sizeof text));
        walk_problem(walk, until, hint, "ends before it first happens");
        return false;
    }
    return true;
}

/* --- randomly --------------------------------------------------------------------------------- */

static bool read_at_most_down(struct walk *walk, const struct node *node, struct trigger *trigger)
{
    const struct settings *settings = &walk->scenario->settings;
    int64_t processes = (walk->nodes_known ? settings->nodes : NODE_ID_MAX) +
                        (protocol_has_master(settings) ? 1 : 0);
    int64_t most = 1;
    if (!node) {
        walk_default(walk, walk->entry, "randomly.at_most_down", "1");
    } else if (!read_number(walk, node, "at_most_down", 0, processes, &most)) {
        return false;
    }
    trigger->at_most_down = (uint32_t)most;
    return true;
}

static bool read_randomly(struct walk *walk, const struct node *node, struct trigger *trigger)
{
    static const char *const keys[] = {"mean", "until", "at_most_down", NULL};
    const struct vocabulary known = {"a key", words_of_array, keys};
    bool good = true;
    trigger->kind = TRIGGER_RANDOMLY;
    if (!walk_is(walk, node, NODE_MAP, "{mean: 400ms}")) {
        return false;
    }
    good = walk_only(walk, node, &known) && good;
    const struct node *mean = tree_get(node, "mean");
    if (!mean) {
        walk_missing(walk, node, "mean", "say how often, as in mean: 400ms");
        return false;
    }
    good = read_duration(walk, mean, "mean", NS_PER_MS, 24 * NS_PER_H, NULL, &trigger->at_ns) &&
           within_duration(walk, mean, trigger->at_ns, "is longer than the scenario") && good;
    good = read_until(walk, tree_get(node, "until"), "randomly.until", trigger) && good;
    return read_at_most_down(walk, tree_get(node, "at_most_down"), trigger) && good;
}

/* --- the whole -------------------------------------------------------------------------------- */

/* A modifier that does not go with the entry's trigger. */
static bool misplaced(struct walk *walk, const struct node *modifier, const char *what,
                      const char *hint)
{
    if (modifier) {
        walk_problem(walk, modifier, hint, "%s", what);
    }
    return modifier != NULL;
}

static bool read_after(struct walk *walk, const struct node *after, struct trigger *trigger)
{
    if (!after) {
        walk_default(walk, walk->entry, "after", "0s");
        return true;
    }
    if (trigger->before || trigger->applied) {
        walk_problem(walk, after, "keep one of them",
                     "after does not go with %s: the process stands still until then",
                     trigger->before ? "before" : "applied");
        return false;
    }
    return read_duration(walk, after, "after", 0, 24 * NS_PER_H, NULL, &trigger->after_ns) &&
           within_duration(walk, after, trigger->after_ns, "comes when the scenario is over");
}

/* Modifiers that belong to another trigger. */
static bool has_strays(struct walk *walk, const struct node *entry, uint8_t kind)
{
    bool every = kind == TRIGGER_EVERY;
    bool when = kind == TRIGGER_WHEN || kind == TRIGGER_SETTLED;
    bool until =
        !every && misplaced(walk, tree_get(entry, "until"), "until goes with every only",
                            kind == TRIGGER_RANDOMLY ? "write it into randomly: {mean: …, until: …}"
                                                     : "leave it away, or write every: instead");
    bool after = !when && misplaced(walk, tree_get(entry, "after"), "after goes with when only",
                                    "add it to the time yourself");
    bool one_of = kind != TRIGGER_RANDOMLY &&
                  misplaced(walk, tree_get(entry, "one_of"), "one_of goes with randomly only",
                            "name one fault, or write randomly: {mean: 400ms}");
    return until || after || one_of;
}

bool trigger_read(struct walk *walk, const struct node *entry, struct trigger *trigger)
{
    const struct node *at = tree_get(entry, "at");
    const struct node *every = tree_get(entry, "every");
    const struct node *when = tree_get(entry, "when");
    const struct node *randomly = tree_get(entry, "randomly");
    int count = (at != NULL) + (every != NULL) + (when != NULL) + (randomly != NULL);

    *trigger = (struct trigger){0};
    if (count == 0) {
        walk_problem(walk, entry, "add at: 2s, every: 500ms, or when: settled",
                     "does not say when it happens");
        return false;
    }
    if (count > 1) {
        walk_problem(walk, entry, "keep one of at, every, when and randomly",
                     "has more than one trigger");
        return false;
    }
    trigger->kind = at         ? TRIGGER_AT
                    : every    ? TRIGGER_EVERY
                    : randomly ? TRIGGER_RANDOMLY
                               : TRIGGER_WHEN;
    bool stray = has_strays(walk, entry, trigger->kind);
    bool good;
    if (at) {
        good = read_at(walk, at, trigger);
    } else if (every) {
        good = read_every(walk, every, tree_get(entry, "until"), trigger);
    } else if (randomly) {
        good = read_randomly(walk, randomly, trigger);
    } else {
        good =
            when_read(walk, when, trigger) && read_after(walk, tree_get(entry, "after"), trigger);
    }
    return good && !stray;
}
