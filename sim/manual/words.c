/* What the shells that complete words have in common. See words.h. */
#include "sim/manual/words.h"

#include <ctype.h>
#include <string.h>

#include "sim/manual/markup.h"

#define MOST(array) (sizeof(array) / sizeof *(array))

bool words_has(const struct option_row *row)
{
    return row->offers || row->words;
}

void words_put(const struct option_row *row, FILE *out)
{
    char word[OPTION_TEXT_SIZE];
    if (row->offers) {
        row->offers(out);
        return;
    }
    for (size_t i = 0; option_word(row, i, word, sizeof word); i++) {
        fprintf(out, "%s%s", i > 0 ? " " : "", word);
    }
}

static bool is_typed(const struct argument *argument)
{
    return islower((unsigned char)argument->name[0]) != 0;
}

void words_put_typed(const struct verb *verb, FILE *out)
{
    const char *gap = "";
    for (size_t i = 0; i < MOST(verb->arguments) && verb->arguments[i].name; i++) {
        if (is_typed(&verb->arguments[i])) {
            fprintf(out, "%s%s", gap, verb->arguments[i].name);
            gap = " ";
        }
    }
}

bool words_has_typed(const struct verb *verb)
{
    bool has = false;
    for (size_t i = 0; i < MOST(verb->arguments) && verb->arguments[i].name; i++) {
        has = has || is_typed(&verb->arguments[i]);
    }
    return has;
}

enum takes words_take(const struct verb *verb)
{
    enum takes takes = TAKES_ANY;
    for (size_t i = 0; i < MOST(verb->arguments) && verb->arguments[i].name; i++) {
        if (takes == TAKES_ANY && !is_typed(&verb->arguments[i])) {
            takes = verb->arguments[i].takes;
        }
    }
    return takes;
}

void words_put_quoted(const char *text, const char *escaped, FILE *out)
{
    char plain[MARKUP_SIZE];
    markup_plain(text, "hustings", plain, sizeof plain);
    for (const char *at = plain; *at; at++) {
        if (*at == '\'') {
            fputs("'\\''", out);
        } else {
            fputs(strchr(escaped, *at) ? "\\" : "", out);
            fputc(*at, out);
        }
    }
}
