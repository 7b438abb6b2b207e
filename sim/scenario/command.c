/* Commands in a scenario. See command.h. */
#include "sim/scenario/command.h"

#include <stdio.h>
#include <string.h>

#include "sim/ops/op.h"
#include "src/owners.h"
#include "src/protocol.h"

/* --- reading ---------------------------------------------------------------------------------- */

static const char *text_of(struct walk *walk, const struct node *node, const char *expected)
{
    if (!walk_is(walk, node, NODE_SCALAR, expected)) {
        return NULL;
    }
    if (!node->text[0]) {
        char hint[80];
        snprintf(hint, sizeof hint, "write %s", expected);
        walk_problem(walk, node, hint, "has no value");
        return NULL;
    }
    return node->text;
}

bool command_read_name(struct walk *walk, const struct node *node, const char *key,
                       char name[PATTERN_NAME])
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                  "._-*?";
    const char *text = text_of(walk, node, "a command such as SET");
    if (!text) {
        return false;
    }
    size_t length = strlen(text), good = strspn(text, letters);
    if (text[good] == ' ' && good > 0) {
        char hint[80];
        snprintf(hint, sizeof hint, "write %.*s", (int)good, text);
        walk_problem(walk, node, hint, "%s takes the first word of a command alone", key);
    } else if (text[good]) {
        walk_problem(walk, node, "write one such as SET, EVALSHA or EVAL*", "is no command's name");
    } else if (length >= PATTERN_NAME) {
        walk_problem(walk, node, "15 letters at the most; * stands for the rest", "is too long");
    } else {
        for (size_t i = 0; i <= length; i++) {
            bool small = text[i] >= 'a' && text[i] <= 'z';
            name[i] = (char)(small ? text[i] - 'a' + 'A' : text[i]);
        }
        return true;
    }
    return false;
}

bool command_read_key(struct walk *walk, const struct node *node, char key[PATTERN_KEY])
{
    const char *text = text_of(walk, node, "a key such as \"node_lock*\"");
    if (text && strlen(text) >= PATTERN_KEY) {
        walk_problem(walk, node, "47 bytes at the most; * stands for the rest", "is too long");
        return false;
    }
    if (text) {
        memcpy(key, text, strlen(text) + 1);
    }
    return text != NULL;
}

/* --- who sends it ----------------------------------------------------------------------------- */

/* Whether the target may mean a member that is a program, or one that is not. */
static bool means(const struct scenario *scenario, const struct target *who, bool program)
{
    if (who->kind == TARGET_IDS) {
        for (uint16_t i = 0; i < who->count; i++) {
            if ((scenario_program(scenario, who->ids[i]) != NULL) == program) {
                return true;
            }
        }
        return false;
    }
    for (uint32_t id = protocol_first_id(&scenario->settings); id <= scenario->settings.nodes;
         id++) {
        if ((scenario_program(scenario, (uint16_t)id) != NULL) == program) {
            return true;
        }
    }
    return false;
}

bool command_means_ours(const struct scenario *scenario, const struct target *who)
{
    return means(scenario, who, false);
}

bool command_means_programs(const struct scenario *scenario, const struct target *who)
{
    return means(scenario, who, true);
}

static bool ours_send(const struct settings *settings, const struct command_pattern *pattern)
{
    uint32_t asks = protocol_asks(settings);
    for (int i = 0; i < STORE_OPS; i++) {
        uint8_t op = (uint8_t)i;
        const struct command_seen seen = {.name = op_sent(op), .key = op_keys[op_rows[op]->key]};
        if (asks & 1u << op && !op_has(op, OP_ON_RESOURCE) && pattern_matches(pattern, &seen)) {
            return true;
        }
    }
    return false;
}

/* "GET, HSET or SET": what a machine of ours sends to a Redis. */
static char *say_sent(const struct settings *settings, char *out, size_t size)
{
    uint32_t asks = protocol_asks(settings);
    size_t used = (size_t)snprintf(out, size, "they send ");
    const char *comma = "";
    for (int i = 0; i < STORE_OPS; i++) {
        uint8_t op = (uint8_t)i;
        const char *key = op_keys[op_rows[op]->key];
        if (asks & 1u << op && !op_has(op, OP_ON_RESOURCE) && used < size) {
            used +=
                (size_t)snprintf(out + used, size - used, "%s%s of %s", comma, op_sent(op), key);
            comma = ", ";
        }
    }
    return out;
}

bool command_is_never_sent(struct walk *walk, const struct node *node, const struct target *who,
                           const struct command_pattern *pattern)
{
    const struct settings *settings = &walk->scenario->settings;
    char text[PATTERN_NAME + PATTERN_KEY + 8], hint[300];
    if (command_means_programs(walk->scenario, who) || ours_send(settings, pattern)) {
        return false;
    }
    walk_problem(walk, node, say_sent(settings, hint, sizeof hint),
                 "nobody sends %s with protocol: %s and lock: %s",
                 pattern_text(pattern, text, sizeof text),
                 owner_row_name(OWNER_PROTOCOL, settings->row[OWNER_PROTOCOL]),
                 owner_row_name(OWNER_LOCK, settings->row[OWNER_LOCK]));
    return true;
}

/* --- of a fault ------------------------------------------------------------------------------- */

static bool takes_commands(struct walk *walk, const struct node *value, const char *key,
                           const struct fault_row *row)
{
    if (!row->wait_for) {
        char hint[120];
        snprintf(hint, sizeof hint, "leave it away, as in %s", row->example);
        walk_problem(walk, value, hint, "%s does not take %s", row->name, key);
    }
    return row->wait_for != NULL;
}

bool command_read_keys(struct walk *walk, const struct node *entry, struct fault_spec *spec)
{
    const struct fault_row *row = fault_rows[spec->kind];
    const struct node *of = tree_get(entry, "of"), *key = tree_get(entry, "key");
    const struct node *nth = tree_get(entry, "nth");
    int64_t number = 0;
    bool good = true;
    if (of) {
        good = takes_commands(walk, of, "of", row) &&
               command_read_name(walk, of, "of", spec->of.name) && good;
    }
    if (key) {
        good = takes_commands(walk, key, "key", row) && command_read_key(walk, key, spec->of.key) &&
               good;
    }
    if (nth) {
        good = takes_commands(walk, nth, "nth", row) &&
               read_number(walk, nth, "nth", 1, 1000000, &number) && good;
    }
    spec->nth = (uint32_t)number;
    if (row->wait_for && !of && !key && !nth) {
        walk_default(walk, walk->entry, "of", "any");
    }
    if (good && of && pattern_is_greeting(spec->of.name)) {
        walk_problem(walk, of, "choose a command that is a request",
                     "meets nothing: %s only makes a connection usable", spec->of.name);
        return false;
    }
    if (good && (of || key)) {
        return !command_is_never_sent(walk, of ? of : key, &spec->target, &spec->of);
    }
    return good;
}

char *command_of_fault(const struct fault_spec *spec, char *out, size_t size)
{
    size_t used = 0;
    out[0] = '\0';
    if (spec->of.name[0]) {
        used += (size_t)snprintf(out, size, " of %s", spec->of.name);
    }
    if (spec->of.key[0] && used < size) {
        used += (size_t)snprintf(out + used, size - used, " key %s", spec->of.key);
    }
    if (spec->nth > 0 && used < size) {
        snprintf(out + used, size - used, " nth %u", (unsigned)spec->nth);
    }
    return out;
}
