/* The parameters of a fault, by its row, and the text that tells a fault. See entry.h. */
#include <stdlib.h>
#include <string.h>

#include "sim/scenario/entry.h"
#include "src/ballot.h"

static bool exists(const struct fault_row *row, size_t index)
{
    return index < FAULT_PARAMS_MAX && row->params[index].type != PARAM_NONE;
}

static bool is_for(const struct fault_param *param)
{
    return strcmp(param->name, "for") == 0;
}

/* --- words ---------------------------------------------------------------------------------------
 */

/* The words of a parameter, split at the bars. */
struct choices {
    char words[8][24];
    size_t count;
};

static struct choices choices_of(const struct fault_param *param)
{
    struct choices choices = {.count = 0};
    for (const char *at = param->words; at && choices.count < 8;) {
        const char *bar = strchr(at, '|');
        size_t length = bar ? (size_t)(bar - at) : strlen(at);
        snprintf(choices.words[choices.count++], sizeof choices.words[0], "%.*s", (int)length, at);
        at = bar ? bar + 1 : NULL;
    }
    return choices;
}

static const char *choice_word(const void *context, size_t index)
{
    const struct choices *choices = context;
    return index < choices->count ? choices->words[index] : NULL;
}

/* --- reading -------------------------------------------------------------------------------------
 */

static bool read_choice(struct walk *walk, const struct node *value,
                        const struct fault_param *param, int *out)
{
    struct choices choices = choices_of(param);
    char what[40];
    snprintf(what, sizeof what, "a %s", param->name);
    struct vocabulary words = {what, choice_word, &choices};
    return read_word(walk, value, &words, out);
}

static bool read_amount(struct walk *walk, const struct node *value,
                        const struct fault_param *param, int64_t *out)
{
    if (!read_number(walk, value, param->name, param->low, param->high, out)) {
        return false;
    }
    if (*out == 0 && param->not_zero) {
        walk_problem(walk, value, "write another number, or leave the fault away",
                     "%s 0 does nothing", param->name);
        return false;
    }
    return true;
}

static bool read_param(struct walk *walk, const struct node *value, const struct fault_param *param,
                       int64_t *out)
{
    int word = 0;
    bool good = true;
    switch (param->type) {
    case PARAM_DURATION:
        return read_duration(walk, value, param->name, NS_PER_US, 24 * NS_PER_H, NULL, out);
    case PARAM_SHIFT:
        return read_shift(walk, value, param->name, out);
    case PARAM_NUMBER:
        return read_amount(walk, value, param, out);
    case PARAM_STATUS:
        good = read_word(walk, value, &words_statuses, &word);
        break;
    case PARAM_WORD:
        good = read_choice(walk, value, param, &word);
        break;
    case PARAM_NONE:
        break;
    }
    *out = word;
    return good;
}

char *param_text(const struct fault_param *param, int64_t value, char *out, size_t size)
{
    struct choices choices;
    switch (param->type) {
    case PARAM_DURATION:
    case PARAM_SHIFT:
        snprintf(out, size, "%s", value < 0 ? "-" : "");
        duration_text(value < 0 ? -value : value, out + strlen(out), size - strlen(out));
        break;
    case PARAM_NUMBER:
        snprintf(out, size, "%lld", (long long)value);
        break;
    case PARAM_STATUS:
        snprintf(out, size, "%s", words_statuses.word(words_statuses.context, (size_t)value));
        break;
    case PARAM_WORD:
        choices = choices_of(param);
        snprintf(out, size, "%s", choice_word(&choices, (size_t)value));
        break;
    case PARAM_NONE:
        snprintf(out, size, "%s", "");
        break;
    }
    return out;
}

static const char *param_sample(const struct fault_param *param, char *out, size_t size)
{
    switch (param->type) {
    case PARAM_DURATION:
    case PARAM_SHIFT:
        return "3s";
    case PARAM_NUMBER:
        return param_text(param, param->low > 0 ? param->low : param->high, out, size);
    case PARAM_STATUS:
        return "submit";
    case PARAM_WORD:
        return param_text(param, 0, out, size);
    case PARAM_NONE:
        break;
    }
    return "";
}

static void note_fallback(struct walk *walk, const struct fault_param *param)
{
    char text[32];
    if (param->type == PARAM_DURATION && param->fallback == 0) {
        snprintf(text, sizeof text, "%s", is_for(param) ? "for good" : "0s");
    } else {
        param_text(param, param->fallback, text, sizeof text);
    }
    walk_default(walk, walk->entry, param->name, text);
}

static void tell_missing(struct walk *walk, const struct node *entry, const struct fault_row *row,
                         const struct fault_param *param)
{
    char mend[120];
    char sample[32];
    snprintf(mend, sizeof mend, "%s needs it, as in %s: %s", row->name, param->name,
             param_sample(param, sample, sizeof sample));
    walk_missing(walk, entry, param->name, mend);
}

bool params_have(const struct fault_row *row, const char *name)
{
    for (size_t i = 0; exists(row, i); i++) {
        if (strcmp(row->params[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_of_another(const struct fault_row *row, const char *name)
{
    for (size_t i = 0; fault_rows[i]; i++) {
        if (params_have(fault_rows[i], name)) {
            return !params_have(row, name);
        }
    }
    return false;
}

bool params_read(struct walk *walk, const struct node *entry, struct fault_spec *spec)
{
    const struct fault_row *row = fault_rows[spec->kind];
    bool good = true;
    for (size_t i = 0; exists(row, i); i++) {
        const struct fault_param *param = &row->params[i];
        const struct node *value = tree_get(entry, param->name);
        if (value) {
            good = read_param(walk, value, param, &spec->params[i]) && good;
        } else if (param->required) {
            tell_missing(walk, entry, row, param);
            good = false;
        } else {
            spec->params[i] = param->fallback;
            note_fallback(walk, param);
        }
    }
    for (const struct node *key = tree_next_key(entry, NULL); key;
         key = tree_next_key(entry, key)) {
        if (is_of_another(row, key->text)) {
            char mend[120];
            snprintf(mend, sizeof mend, "leave it away, as in %s", row->example);
            walk_problem(walk, key, mend, "%s does not take that", row->name);
            good = false;
        }
    }
    return good;
}

/* --- the text of a fault -------------------------------------------------------------------------
 */

static void describe_ids(const struct target *target, char *out, size_t size)
{
    enum { SHOWN = 6 };
    size_t used = 0;
    out[0] = '\0';
    for (uint16_t i = 0; i < target->count; i++) {
        const char *joint = i == 0 ? "" : i + 1 == target->count ? " and " : ", ";
        if (i == SHOWN && target->count > SHOWN + 1) {
            snprintf(out + used, size - used, " and %d more", target->count - SHOWN);
            return;
        }
        if (target->ids[i] == MASTER_ID) {
            used += (size_t)snprintf(out + used, size - used, "%smaster", joint);
        } else {
            used += (size_t)snprintf(out + used, size - used, "%s%u", joint, target->ids[i]);
        }
    }
}

void entry_describe(struct fault_spec *spec)
{
    const struct fault_row *row = fault_rows[spec->kind];
    char whom[64] = "";
    char *text = spec->text;
    size_t size = sizeof spec->text;
    if (spec->target.kind == TARGET_IDS) {
        describe_ids(&spec->target, whom, sizeof whom);
    } else if (spec->target.kind != TARGET_LOCK || !strstr(row->name, "lock")) {
        snprintf(whom, sizeof whom, "%s", target_names[spec->target.kind]);
    }
    int used = snprintf(text, size, "%s%s%s", row->name, whom[0] ? " " : "", whom);
    for (size_t i = 0; exists(row, i); i++) {
        const struct fault_param *param = &row->params[i];
        char value[32];
        if (!param->required && spec->params[i] == param->fallback) {
            continue;
        }
        param_text(param, spec->params[i], value, sizeof value);
        if (used >= 0 && (size_t)used < size) {
            used += snprintf(text + used, size - (size_t)used, " %s %s", param->name, value);
        }
    }
}
