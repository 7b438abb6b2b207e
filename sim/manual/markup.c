/* What the texts of a manual are made of. See markup.h. */
#include "sim/manual/markup.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#define PROGRAM "$0"

void markup_plain(const char *text, const char *program, char *out, size_t size)
{
    size_t used = 0;
    assert(size > 0);
    while (*text && used + 1 < size) {
        if (strncmp(text, PROGRAM, strlen(PROGRAM)) == 0) {
            used += (size_t)snprintf(out + used, size - used, "%s", program);
            text += strlen(PROGRAM);
        } else if (*text == '`') {
            text++;
        } else {
            out[used++] = *text++;
        }
    }
    out[used < size ? used : size - 1] = '\0';
}

bool markup_paragraph(const char **text, char *out, size_t size)
{
    if (!*text || !**text) {
        return false;
    }
    const char *end = strstr(*text, "\n\n");
    size_t length = end ? (size_t)(end - *text) : strlen(*text);
    assert(length < size);
    memcpy(out, *text, length);
    out[length] = '\0';
    *text = end ? end + 2 : NULL;
    return true;
}

/* Behind what is said of an option: "(one of text, json; default text)". */
static void put_words(const struct option_row *row, char *out, size_t size)
{
    char word[OPTION_TEXT_SIZE], next[OPTION_TEXT_SIZE];
    size_t used = (size_t)snprintf(out, size, " (");
    for (size_t i = 0; option_word(row, i, word, sizeof word); i++) {
        bool last = !option_word(row, i + 1, next, sizeof next);
        used += (size_t)snprintf(out + used, size - used, "%s`%s`",
                                 i == 0 ? ""
                                 : last ? " or "
                                        : ", ",
                                 word);
        assert(used < size);
    }
    snprintf(out + used, size - used, "%s%s%s)", row->words && row->usual ? "; " : "",
             row->usual ? "default " : "", row->usual ? row->usual : "");
}

void markup_of_option(const struct option_row *row, char *out, size_t size)
{
    size_t used = (size_t)snprintf(out, size, "%s", row->help);
    assert(row->help && used < size);
    if (row->words || row->usual) {
        put_words(row, out + used, size - used);
        used += strlen(out + used);
    }
    if (row->more) {
        snprintf(out + used, size - used, ". %s.", row->more);
    }
}

void markup_option_name(const struct option_row *row, char *out, size_t size)
{
    char letter[5] = "    ";
    if (row->letter) {
        snprintf(letter, sizeof letter, "-%c, ", row->letter);
    }
    assert(row->kind == OPTION_FLAG || row->value);
    snprintf(out, size, "  %s--%s%s%s%s", letter, row->name,
             row->kind == OPTION_FLAG     ? ""
             : row->kind == OPTION_SWITCH ? "[="
                                          : " ",
             row->value ? row->value : "", row->kind == OPTION_SWITCH ? "]" : "");
}
