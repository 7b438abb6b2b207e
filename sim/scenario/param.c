/* Reads and writes one parameter by its row. See param.h. */
#include "sim/scenario/param.h"

#include <stdlib.h>
#include <string.h>

#include "src/units.h"

/* --- words ------------------------------------------------------------------------------------ */

#define CHOICES_MAX 8

/* The words of a parameter, as a vocabulary wants them. */
struct choices {
    char words[CHOICES_MAX][24];
    size_t count;
};

static struct choices choices_of(const struct param_row *param)
{
    struct choices choices = {.count = 0};
    while (
        choices.count < CHOICES_MAX &&
        param_word(param, choices.count, choices.words[choices.count], sizeof choices.words[0])) {
        choices.count++;
    }
    return choices;
}

static const char *choice_word(const void *context, size_t index)
{
    const struct choices *choices = context;
    return index < choices->count ? choices->words[index] : NULL;
}

static bool read_choice(struct walk *walk, const struct node *value, const struct param_row *param,
                        int64_t *out)
{
    struct choices choices = choices_of(param);
    char what[40];
    int word;
    snprintf(what, sizeof what, "a value for %s", param->name);
    struct vocabulary words = {what, choice_word, &choices};
    if (!read_word(walk, value, &words, &word)) {
        return false;
    }
    *out = word;
    return true;
}

/* --- durations -------------------------------------------------------------------------------- */

static bool read_time(struct walk *walk, const struct node *value, const struct param_row *param,
                      int64_t *out)
{
    int64_t ns;
    if (!read_duration(walk, value, param->name, param_low(param), param_high(param), param->words,
                       &ns)) {
        return false;
    }
    if (param->unit > 0 && ns % param->unit != 0) {
        char unit[32];
        char hint[80];
        snprintf(hint, sizeof hint, "write a whole multiple of %s",
                 duration_text(param->unit, unit, sizeof unit));
        walk_problem(walk, value, hint, "%s is too fine", param->name);
        return false;
    }
    *out = ns;
    return true;
}

static bool read_yes_or_no(struct walk *walk, const struct node *value,
                           const struct param_row *param, int64_t *out)
{
    bool flag;
    if (!read_flag(walk, value, param->name, &flag)) {
        return false;
    }
    *out = flag;
    return true;
}

static bool read_amount(struct walk *walk, const struct node *value, const struct param_row *param,
                        int64_t *out)
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

/* In thousandths, as one writes it: 1200 is 1.2. */
static void ratio_text(int64_t value, char *out, size_t size)
{
    char places[12];
    snprintf(places, sizeof places, "%03d", (int)(value % 1000));
    int digits = 3;
    while (digits > 0 && places[digits - 1] == '0') {
        digits--;
    }
    snprintf(out, size, "%lld%s%.*s", (long long)(value / 1000), digits > 0 ? "." : "", digits,
             places);
}

/* A decimal number of at most three places, in thousandths; -1: it is none. */
static int64_t parse_ratio(const char *text)
{
    size_t whole = strspn(text, "0123456789");
    const char *rest = text + whole + (text[whole] == '.');
    size_t places = strspn(rest, "0123456789");
    if (whole == 0 || whole > 12 || places > 3 || rest[places] != '\0' ||
        (text[whole] == '.') != (places > 0)) {
        return -1;
    }
    int64_t value = strtoll(text, NULL, 10) * 1000;
    for (int64_t unit = 100; *rest; rest++, unit /= 10) {
        value += (*rest - '0') * unit;
    }
    return value;
}

static bool read_ratio(struct walk *walk, const struct node *value, const struct param_row *param,
                       int64_t *out)
{
    char low[32], high[32], expected[100];
    ratio_text(param->low, low, sizeof low);
    ratio_text(param->high, high, sizeof high);
    snprintf(expected, sizeof expected, "a number from %s to %s, such as 1.2", low, high);
    if (!walk_is(walk, value, NODE_SCALAR, expected)) {
        return false;
    }
    int64_t ratio = value->plain ? parse_ratio(value->text) : -1;
    if (ratio < param->low || ratio > param->high) {
        char hint[120];
        snprintf(hint, sizeof hint, "write %s", expected);
        walk_problem(walk, value, hint,
                     ratio < 0 ? "%s must be a number with at most three decimals"
                               : "%s is out of bounds",
                     param->name);
        return false;
    }
    *out = ratio;
    return true;
}

/* --- all of them ------------------------------------------------------------------------------ */

bool param_read(struct walk *walk, const struct node *value, const struct param_row *param,
                int64_t *out)
{
    switch (param->type) {
    case PARAM_DURATION:
        return read_time(walk, value, param, out);
    case PARAM_SHIFT:
        return read_shift(walk, value, param->name, out);
    case PARAM_NUMBER:
        return read_amount(walk, value, param, out);
    case PARAM_RATIO:
        return read_ratio(walk, value, param, out);
    case PARAM_FLAG:
        return read_yes_or_no(walk, value, param, out);
    case PARAM_WORD:
        return read_choice(walk, value, param, out);
    case PARAM_NONE:
        break;
    }
    return false;
}

char *param_text(const struct param_row *param, int64_t value, char *out, size_t size)
{
    out[0] = '\0';
    switch (param->type) {
    case PARAM_DURATION:
    case PARAM_SHIFT:
        if (value == 0 && param->words) {
            snprintf(out, size, "%s", param->words);
            break;
        }
        snprintf(out, size, "%s", value < 0 ? "-" : "");
        duration_text(value < 0 ? -value : value, out + strlen(out), size - strlen(out));
        break;
    case PARAM_NUMBER:
        snprintf(out, size, "%lld", (long long)value);
        break;
    case PARAM_RATIO:
        ratio_text(value, out, size);
        break;
    case PARAM_FLAG:
        snprintf(out, size, "%s", value ? "true" : "false");
        break;
    case PARAM_WORD:
        param_word(param, (size_t)value, out, size);
        break;
    case PARAM_NONE:
        break;
    }
    return out;
}

const char *param_sample(const struct param_row *param, char *out, size_t size)
{
    switch (param->type) {
    case PARAM_DURATION:
    case PARAM_SHIFT:
        return "3s";
    case PARAM_NUMBER:
    case PARAM_RATIO:
        return param_text(param, param->low > 0 ? param->low : param->high, out, size);
    case PARAM_FLAG:
        return "true";
    case PARAM_WORD:
        param_word(param, 1, out, size); /* the second: the first is often the default */
        return out;
    case PARAM_NONE:
        break;
    }
    return "";
}
