/* Triggers: when a fault happens. `at`, `every` with `until`, `when` with `after`, `randomly`. */
#include <string.h>

#include "sim/scenario/entry.h"
#include "src/ballot.h"
#include "src/owners.h"
#include "src/protocol.h"
#include "src/units.h"

static const char when_example[] = "settled, or {who: 2, does: acquires_lock}";

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

/* --- when ------------------------------------------------------------------------------------- */

/* Moments, and "settled" behind them. */
static const char *does_word(const void *context, size_t index)
{
    (void)context;
    return index < MOMENTS ? moment_rows[index].name : index == MOMENTS ? "settled" : NULL;
}
static const struct vocabulary words_does = {"a moment", does_word, NULL};

static bool may(const struct settings *settings, uint16_t id, uint8_t moment)
{
    return protocol_moments(settings, id) & 1u << moment;
}

/* Whether anybody of those whom the trigger means may have its moment. */
static bool anybody_may(const struct settings *settings, const struct trigger *trigger)
{
    if (trigger->who.kind != TARGET_IDS) {
        return may(settings, 1, trigger->moment) || may(settings, MASTER_ID, trigger->moment);
    }
    for (uint16_t i = 0; i < trigger->who.count; i++) {
        if (may(settings, trigger->who.ids[i], trigger->moment)) {
            return true;
        }
    }
    return false;
}

/* A moment that these settings never let happen would leave the fault waiting for ever. */
static bool can_happen(struct walk *walk, const struct node *does, const struct trigger *trigger)
{
    const struct settings *settings = &walk->scenario->settings;
    bool offers = trigger->moment == MOMENT_STOPS && walk->scenario->programs; /* whoever it is */
    if (offers || anybody_may(settings, trigger)) {
        return true;
    }
    const char *protocol = owner_row_name(OWNER_PROTOCOL, settings->row[OWNER_PROTOCOL]);
    const char *lock = owner_row_name(OWNER_LOCK, settings->row[OWNER_LOCK]);
    if (may(settings, MASTER_ID, trigger->moment)) {
        walk_problem(walk, does, "write who: master", "only the master does that");
    } else if (may(settings, 1, trigger->moment)) {
        walk_problem(walk, does, "write who: any", "the master does not do that");
    } else {
        walk_problem(walk, does, "choose another moment",
                     "never happens with protocol: %s and lock: %s", protocol, lock);
    }
    return false;
}

/* On which side of a request one stops: `before` it goes out, or when it was `applied`. */
static bool read_side(struct walk *walk, const struct node *when, const char *key, uint8_t moment,
                      bool *out)
{
    const struct node *value = tree_get(when, key);
    if (!value) {
        char path[24];
        snprintf(path, sizeof path, "when.%s", key);
        walk_default(walk, walk->entry, path, "false");
        return true;
    }
    if (!read_flag(walk, value, key, out)) {
        return false;
    }
    if (*out && !moment_rows[moment].is_request) {
        walk_problem(
            walk, value,
            "it goes with asks_lock, extends_lock, releases_lock, reports, reads and publishes",
            strcmp(key, "before") == 0 ? "%s is no request that one could stop before"
                                       : "%s is no request that could be applied",
            moment_rows[moment].name);
        return false;
    }
    return true;
}

static bool read_moment(struct walk *walk, const struct node *when, const struct node *does,
                        struct trigger *trigger)
{
    static const uint32_t allowed =
        1u << TARGET_IDS | 1u << TARGET_LEADER | 1u << TARGET_LOCK_HOLDER | 1u << TARGET_ANY;
    const struct node *who = tree_get(when, "who");
    bool good = true;
    trigger->kind = TRIGGER_WHEN;
    if (!who) {
        walk_missing(walk, when, "who", "add who: any, for whoever does it");
        good = false;
    } else {
        good = target_read(walk, who, allowed, "who", &trigger->who);
    }
    good = read_side(walk, when, "before", trigger->moment, &trigger->before) && good;
    good = read_side(walk, when, "applied", trigger->moment, &trigger->applied) && good;
    if (trigger->before && trigger->applied) {
        walk_problem(walk, tree_get(when, "applied"), "keep one of them",
                     "applied does not go with before");
        good = false;
    }
    return good && can_happen(walk, does, trigger);
}

static bool read_settled(struct walk *walk, const struct node *when, struct trigger *trigger)
{
    static const char *const others[] = {"who", "before", "applied"};
    bool good = true;
    trigger->kind = TRIGGER_SETTLED;
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        const struct node *other = tree_get(when, others[i]);
        if (other) {
            walk_problem(walk, other, "settled is of the whole cluster: leave the key away",
                         "%s does not go with settled", others[i]);
            good = false;
        }
    }
    return good;
}

static bool read_nth(struct walk *walk, const struct node *nth, struct trigger *trigger)
{
    int64_t value = 1;
    if (!nth) {
        walk_default(walk, walk->entry, "when.nth", "1");
    } else if (!read_number(walk, nth, "nth", 1, 1000000, &value)) {
        return false;
    }
    trigger->nth = (uint32_t)value;
    return true;
}

static bool read_when(struct walk *walk, const struct node *node, struct trigger *trigger)
{
    static const char *const keys[] = {"who", "does", "nth", "before", "applied", NULL};
    const struct vocabulary known = {"a key", words_of_array, keys};
    if (node->kind == NODE_SCALAR && strcmp(node->text, "settled") == 0) {
        trigger->kind = TRIGGER_SETTLED;
        return read_nth(walk, NULL, trigger);
    }
    if (!walk_is(walk, node, NODE_MAP, when_example)) {
        return false;
    }
    walk_only(walk, node, &known);
    const struct node *does = tree_get(node, "does");
    int moment;
    bool good = read_nth(walk, tree_get(node, "nth"), trigger);
    if (!does) {
        walk_missing(walk, node, "does", "add one such as does: leads");
        return false;
    }
    if (!read_word(walk, does, &words_does, &moment)) {
        return false;
    }
    trigger->moment = (uint8_t)moment;
    if (moment == MOMENTS) {
        trigger->moment = 0;
        return read_settled(walk, node, trigger) && good;
    }
    return read_moment(walk, node, does, trigger) && good;
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
            read_when(walk, when, trigger) && read_after(walk, tree_get(entry, "after"), trigger);
    }
    return good && !stray;
}
