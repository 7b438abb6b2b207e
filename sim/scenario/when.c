/* Triggers that wait for what a process does: `when`. See entry.h.
 *
 *     {who: 2, does: asks_lock, nth: 3, before: true}      a moment of its steps
 *     {who: 2, sends: SET, key: "node_lock*", nth: 3}      a command of its, on its way to a Redis
 *     {who: 2, gets: SET, applied: true}                   the answer to one
 *
 * The reader of `nth` is nth.c.
 */
#include <string.h>

#include "sim/scenario/command.h"
#include "sim/scenario/entry.h"
#include "src/ballot.h"
#include "src/owners.h"
#include "src/protocol.h"

static const char when_example[] = "settled, or {who: 2, does: acquires_lock}";

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

static bool read_who(struct walk *walk, const struct node *when, struct trigger *trigger)
{
    const struct node *who = tree_get(when, "who");
    trigger->kind = TRIGGER_WHEN;
    if (!who) {
        walk_missing(walk, when, "who", "add who: any, for whoever does it");
        return false;
    }
    return target_read(walk, who, TARGETS_NAMED, "who", &trigger->who);
}

static bool read_moment(struct walk *walk, const struct node *when, const struct node *does,
                        struct trigger *trigger)
{
    bool good = read_who(walk, when, trigger);
    const struct node *key = tree_get(when, "key");
    if (key) {
        walk_problem(walk, key, "write sends: or gets: instead of does:, or leave the key away",
                     "key is of a command, not of a moment");
        good = false;
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

/* --- commands --------------------------------------------------------------------------------- */

/* `before` goes with sends, `applied` with gets. */
static bool read_flag_of_command(struct walk *walk, const struct node *when,
                                 struct trigger *trigger)
{
    bool sends = trigger->on == ON_SENDS;
    const char *mine = sends ? "before" : "applied", *other = sends ? "applied" : "before";
    const struct node *value = tree_get(when, mine), *stray = tree_get(when, other);
    bool good = true;
    if (stray) {
        walk_problem(walk, stray,
                     sends ? "write gets: instead, which is about its answer"
                           : "write sends: instead, which is about the command",
                     "%s does not go with %s", other, sends ? "sends" : "gets");
        good = false;
    }
    if (value) {
        return read_flag(walk, value, mine, sends ? &trigger->before : &trigger->applied) && good;
    }
    walk_default(walk, walk->entry, sends ? "when.before" : "when.applied", "false");
    return good;
}

/* Only of a program has the relay the command when it has left its sender. */
static bool can_leave(struct walk *walk, const struct node *name, const struct trigger *trigger)
{
    if (trigger->on != ON_SENDS || trigger->before ||
        !command_means_ours(walk->scenario, &trigger->who)) {
        return true;
    }
    walk_problem(walk, name, "add before: true",
                 "a machine of ours is stopped before its command goes out, not on its way");
    return false;
}

static bool read_command(struct walk *walk, const struct node *when, const struct node *name,
                         struct trigger *trigger)
{
    const char *word = trigger->on == ON_SENDS ? "sends" : "gets";
    const struct node *key = tree_get(when, "key");
    bool good = read_who(walk, when, trigger);
    good = command_read_name(walk, name, word, trigger->command.name) && good;
    if (key) {
        good = command_read_key(walk, key, trigger->command.key) && good;
    } else {
        walk_default(walk, walk->entry, "when.key", "any");
    }
    good = read_flag_of_command(walk, when, trigger) && good;
    return good && can_leave(walk, name, trigger) &&
           !command_is_never_sent(walk, name, &trigger->who, &trigger->command);
}

/* --- the whole -------------------------------------------------------------------------------- */

static bool can_settle(struct walk *walk, const struct node *when)
{
    bool leaders = protocol_has_leaders(&walk->scenario->settings);
    if (!leaders) {
        walk_problem(walk, when, "write another moment, or protocol: own_leader",
                     "never happens: nobody is to lead with protocol: own_lock");
    }
    return leaders;
}

static bool read_settled(struct walk *walk, const struct node *when, struct trigger *trigger)
{
    static const char *const others[] = {"who", "key", "before", "applied"};
    bool good = can_settle(walk, when);
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

/* Which of the keys says what it waits for; NULL after a problem. */
static const struct node *find_deed(struct walk *walk, const struct node *when,
                                    struct trigger *trigger)
{
    static const char *const deeds[] = {
        [ON_MOMENT] = "does", [ON_SENDS] = "sends", [ON_GETS] = "gets"};
    const struct node *found = NULL;
    for (size_t on = 0; on < sizeof deeds / sizeof *deeds; on++) {
        const struct node *deed = tree_get(when, deeds[on]);
        if (deed && found) {
            walk_problem(walk, deed, "keep one of does, sends and gets",
                         "has more than one thing to wait for");
            return NULL;
        }
        if (deed) {
            found = deed;
            trigger->on = (uint8_t)on;
        }
    }
    if (!found) {
        walk_missing(walk, when, "does", "add one such as does: leads, or sends: SET");
    }
    return found;
}

bool when_read(struct walk *walk, const struct node *node, struct trigger *trigger)
{
    static const char *const keys[] = {"who", "does",   "sends",   "gets", "key",
                                       "nth", "before", "applied", NULL};
    const struct vocabulary known = {"a key", words_of_array, keys};
    if (node->kind == NODE_SCALAR && strcmp(node->text, "settled") == 0) {
        trigger->kind = TRIGGER_SETTLED;
        return can_settle(walk, node) && nth_read(walk, NULL, trigger);
    }
    if (!walk_is(walk, node, NODE_MAP, when_example)) {
        return false;
    }
    walk_only(walk, node, &known);
    bool good = nth_read(walk, tree_get(node, "nth"), trigger);
    const struct node *deed = find_deed(walk, node, trigger);
    int moment;
    if (!deed) {
        return false;
    }
    if (trigger->on != ON_MOMENT) {
        return read_command(walk, node, deed, trigger) && good;
    }
    if (!read_word(walk, deed, &words_does, &moment)) {
        return false;
    }
    trigger->moment = (uint8_t)moment;
    if (moment == MOMENTS) {
        trigger->moment = 0;
        return read_settled(walk, node, trigger) && good;
    }
    return read_moment(walk, node, deed, trigger) && good;
}
