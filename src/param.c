/* The bounds and words of a parameter. See param.h. */
#include "src/param.h"

#include <assert.h>
#include <string.h>

#include "src/units.h"

bool param_word(const struct param_row *param, size_t place, char *out, size_t size)
{
    const char *word = param->words;
    out[0] = '\0';
    for (; word && place > 0; place--) {
        word = strchr(word, '|');
        word = word ? word + 1 : NULL;
    }
    if (!word || size == 0) {
        return false;
    }
    size_t length = strcspn(word, "|");
    length = length < size ? length : size - 1;
    memcpy(out, word, length);
    out[length] = '\0';
    return true;
}

int param_word_find(const struct param_row *param, const char *word)
{
    char known[32];
    assert(word && param->type != PARAM_NONE);
    for (int place = 0; param_word(param, (size_t)place, known, sizeof known); place++) {
        if (strcmp(known, word) == 0) {
            return place;
        }
    }
    return -1;
}

static bool is_unbounded(const struct param_row *param)
{
    assert(param->low <= param->high);
    return param->type == PARAM_DURATION && param->low == 0 && param->high == 0;
}

int64_t param_low(const struct param_row *param)
{
    assert(param->type != PARAM_NONE);
    return is_unbounded(param) ? NS_PER_US : param->low;
}

int64_t param_high(const struct param_row *param)
{
    assert(param->type != PARAM_NONE);
    return is_unbounded(param) ? 24 * NS_PER_H : param->high;
}
