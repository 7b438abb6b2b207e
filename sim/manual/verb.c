/* The options of a verb. See verb.h. */
#include "sim/manual/verb.h"

#include <assert.h>

#include "src/param.h"

void verb_options(const struct verb *verb, struct options *options)
{
    options->count = 0;
    for (const struct option_row *row = verb->rows; row && row->name; row++) {
        assert(options->count < OPTIONS_MAX);
        options->rows[options->count++] = *row;
    }
    if (verb->more_rows) {
        verb->more_rows(options);
    }
    assert(options->count <= OPTIONS_MAX);
    options->rows[options->count] = (struct option_row){0};
}

bool option_word(const struct option_row *row, size_t place, char *out, size_t size)
{
    const struct param_row words = {.type = PARAM_WORD, .words = row->words};
    return row->words && param_word(&words, place, out, size);
}
