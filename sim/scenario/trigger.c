/* Triggers: when a fault happens. `at`, `every` with `until`, `when` with `after`. */
#include <string.h>

#include "sim/scenario/entry.h"
#include "src/ballot.h"

static const char when_example[] = "settled, or {who: 2, does: acquires_lock}";

/* Whether a time lies within the scenario's duration; else tells. */
static bool within_duration(struct walk *walk, const struct node *node, int64_t ns,
                            const char *what)
{
    if (!walk->duration_known || ns < walk->scenario->duration_ns) {
        return true;
    }
    char text[32];
    char mend[80];
    snprintf(mend, sizeof mend, "the scenario's duration is %s",
             duration_text(walk->scenario->duration_ns, text, sizeof text));
    walk_problem(walk, node, mend, "%s", what);
    return false;
}

static bool read_at(struct walk *walk, const struct node *node, struct trigger *trigger)
{
    trigger->kind = TRIGGER_AT;
    return read_duration(walk, node, "at", 0, 24 * NS_PER_H, NULL, &trigger->at_ns) &&
           within_duration(walk, node, trigger->at_ns, "comes when the scenario is over");
}

static bool read_every(struct walk *walk, const struct node *node, const struct node *until,
                       struct trigger *trigger)
{
    trigger->kind = TRIGGER_EVERY;
    if (!read_duration(walk, node, "every", NS_PER_MS, 24 * NS_PER_H, NULL, &trigger->at_ns) ||
        !within_duration(walk, node, trigger->at_ns, "comes first when the scenario is over")) {
        return false;
    }
    if (!until) {
        trigger->until_ns = walk->scenario->duration_ns;
        walk_default(walk, walk->entry, "until", "the end");
        return true;
    }
    if (!read_duration(walk, until, "until", 0, 24 * NS_PER_H, NULL, &trigger->until_ns)) {
        return false;
    }
    if (walk->duration_known && trigger->until_ns > walk->scenario->duration_ns) {
        return within_duration(walk, until, trigger->until_ns, "ends after the scenario is over");
    }
    if (trigger->until_ns <= trigger->at_ns) {
        char text[32];
        char mend[80];
        snprintf(mend, sizeof mend, "the first time is at %s: make until later",
                 duration_text(trigger->at_ns, text, sizeof text));
        walk_problem(walk, until, mend, "ends before it first happens");
        return false;
    }
    return true;
}

/* --- when ----------------------------------------------------------------------------------------
 */

static bool is_request(int moment)
{
    return moment == MOMENT_ASKS_LOCK || moment == MOMENT_RELEASES_LOCK ||
           moment == MOMENT_REPORTS || moment == MOMENT_READS || moment == MOMENT_PUBLISHES;
}

/* Moments, and "settled" behind them. */
static const char *does_word(const void *context, size_t index)
{
    (void)context;
    return index < MOMENTS ? moment_names[index] : index == MOMENTS ? "settled" : NULL;
}
static const struct vocabulary words_does = {"a moment", does_word, NULL};

/* A moment that these settings never let happen would leave the fault waiting for ever. */
static bool can_happen(struct walk *walk, const struct node *does, const struct trigger *trigger)
{
    const struct settings *settings = &walk->scenario->settings;
    bool decision = trigger->moment == MOMENT_READS || trigger->moment == MOMENT_DECIDES ||
                    trigger->moment == MOMENT_PUBLISHES;
    bool by_master = settings->decided_by == DECIDED_BY_MASTER;
    bool has_master = target_has(&trigger->who, MASTER_ID);
    bool only_master = has_master && trigger->who.count == 1;
    if (strcmp(words_locks.word(NULL, settings->lock), "none") == 0 &&
        (trigger->moment == MOMENT_ASKS_LOCK || trigger->moment == MOMENT_RELEASES_LOCK)) {
        walk_problem(walk, does, "choose another lock, or another moment",
                     "never happens with lock: none");
        return false;
    }
    if (decision && trigger->who.kind == TARGET_IDS && (by_master ? !has_master : only_master)) {
        walk_problem(walk, does,
                     by_master ? "write who: master, or decided_by: nodes"
                               : "write who: any, or decided_by: master",
                     by_master ? "only the master does that (decided_by: master)"
                               : "the master does not do that (decided_by: nodes)");
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
    const struct node *before = tree_get(when, "before");
    bool good = true;
    trigger->kind = TRIGGER_WHEN;
    if (!who) {
        walk_missing(walk, when, "who", "add who: any, for whoever does it");
        good = false;
    } else {
        good = target_read(walk, who, allowed, "who", &trigger->who);
    }
    if (!before) {
        walk_default(walk, walk->entry, "when.before", "false");
    } else if (!read_flag(walk, before, "before", &trigger->before)) {
        good = false;
    } else if (trigger->before && !is_request(trigger->moment)) {
        walk_problem(walk, before,
                     "it goes with asks_lock, releases_lock, reports, reads and publishes",
                     "%s is no request that one could stop before", moment_names[trigger->moment]);
        good = false;
    }
    return good && can_happen(walk, does, trigger);
}

static bool read_settled(struct walk *walk, const struct node *when, struct trigger *trigger)
{
    static const char *const others[] = {"who", "before"};
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
    static const char *const keys[] = {"who", "does", "nth", "before", NULL};
    const struct vocabulary known = {"a key", words_of_array, keys};
    if (node->kind == NODE_SCALAR && strcmp(node->text, "settled") == 0) {
        trigger->kind = TRIGGER_SETTLED;
        return read_nth(walk, NULL, trigger);
    }
    if (!walk_is(walk, node, NODE_MAP, when_example)) {
        return false;
    }
    for (const struct node *key = tree_next_key(node, NULL); key; key = tree_next_key(node, key)) {
        if (words_find(&known, key->text) < 0) {
            walk_unknown_key(walk, key, &known);
        }
    }
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

/* --- the whole -----------------------------------------------------------------------------------
 */

/* A modifier that does not go with the entry's trigger. */
static bool misplaced(struct walk *walk, const struct node *modifier, const char *what,
                      const char *mend)
{
    if (modifier) {
        walk_problem(walk, modifier, mend, "%s", what);
    }
    return modifier != NULL;
}

static bool read_after(struct walk *walk, const struct node *after, struct trigger *trigger)
{
    if (!after) {
        walk_default(walk, walk->entry, "after", "0s");
        return true;
    }
    if (trigger->before) {
        walk_problem(walk, after, "keep one of them",
                     "after does not go with before: the process stands still until then");
        return false;
    }
    return read_duration(walk, after, "after", 0, 24 * NS_PER_H, NULL, &trigger->after_ns) &&
           within_duration(walk, after, trigger->after_ns, "comes when the scenario is over");
}

bool trigger_read(struct walk *walk, const struct node *entry, struct trigger *trigger)
{
    const struct node *at = tree_get(entry, "at");
    const struct node *every = tree_get(entry, "every");
    const struct node *when = tree_get(entry, "when");
    const struct node *until = tree_get(entry, "until");
    const struct node *after = tree_get(entry, "after");
    int count = (at != NULL) + (every != NULL) + (when != NULL);

    *trigger = (struct trigger){0};
    if (count == 0) {
        walk_problem(walk, entry, "add at: 2s, every: 500ms, or when: settled",
                     "does not say when it happens");
        return false;
    }
    if (count > 1) {
        walk_problem(walk, entry, "keep one of at, every and when", "has more than one trigger");
        return false;
    }
    bool stray = !every && misplaced(walk, until, "until goes with every only",
                                     "leave it away, or write every: instead");
    stray = (!when &&
             misplaced(walk, after, "after goes with when only", "add it to the time yourself")) ||
            stray;
    bool good;
    if (at) {
        good = read_at(walk, at, trigger);
    } else if (every) {
        good = read_every(walk, every, until, trigger);
    } else {
        good = read_when(walk, when, trigger) && read_after(walk, after, trigger);
    }
    return good && !stray;
}
