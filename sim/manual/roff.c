/* Text in mdoc. See roff.h. */
#include "sim/manual/roff.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "sim/manual/markup.h"

#define COLUMNS 78 /* of the source: mandoc -Tlint wants no longer lines */

static void end_line(struct roff *page)
{
    if (page->column > 0) {
        fputc('\n', page->out);
        page->column = 0;
    }
}

/* A character beyond ASCII, as its number in Unicode. Returns its length in bytes. */
static size_t put_beyond(FILE *out, const unsigned char *at)
{
    size_t more = *at >= 0xf0 ? 3 : *at >= 0xe0 ? 2 : 1;
    uint32_t code = *at & (0x3fu >> more);
    for (size_t i = 1; i <= more; i++) {
        assert((at[i] & 0xc0) == 0x80); /* the tables are good UTF-8 */
        code = code << 6 | (at[i] & 0x3fu);
    }
    fprintf(out, "\\[u%04X]", (unsigned)code);
    return 1 + more;
}

/* Puts so much of a text so that roff takes nothing in it for more than text. */
void roff_escaped(struct roff *page, const char *text, size_t length)
{
    const unsigned char *at = (const unsigned char *)text, *end = at + length;
    while (at < end) {
        if (*at >= 0x80) {
            at += put_beyond(page->out, at);
            continue;
        }
        if (*at == '`') {
            page->bold = !page->bold;
            fputs(page->bold ? "\\fB" : "\\fP", page->out);
        } else if (*at == '\\') {
            fputs("\\e", page->out);
        } else if (*at == '-') {
            fputs("\\-", page->out);
        } else {
            fputc(*at, page->out);
        }
        at++;
    }
}

static bool ends_sentence(const char *word, size_t length)
{
    while (length > 0 && strchr("`)", word[length - 1])) {
        length--;
    }
    return length > 1 && strchr(".?!", word[length - 1]) && word[length - 2] != '.';
}

/* A paragraph: each sentence begins a line, as mdoc wants it. */
void roff_text(struct roff *page, const char *text)
{
    char plain[MARKUP_SIZE];
    snprintf(plain, sizeof plain, "%s", text);
    for (char *at = plain; (at = strstr(at, "$0")); at++) {
        assert(strlen(plain) + sizeof ROFF_PROGRAM < sizeof plain);
        memmove(at + strlen(ROFF_PROGRAM), at + 2, strlen(at + 2) + 1);
        memcpy(at, ROFF_PROGRAM, strlen(ROFF_PROGRAM));
    }
    for (const char *word = plain; *word;) {
        size_t length = strcspn(word, " \n");
        if (page->column > 0 && page->column + 1 + length > COLUMNS - 8) {
            end_line(page);
        }
        if (page->column > 0) {
            fputc(' ', page->out);
            page->column++;
        } else if (*word == '.' || *word == '\'') {
            fputs("\\&", page->out);
        }
        roff_escaped(page, word, length);
        page->column += length + 1;
        if (ends_sentence(word, length)) {
            end_line(page);
        }
        word += length;
        word += strspn(word, " \n");
    }
    end_line(page);
}

void roff_paragraphs(struct roff *page, const char *text, bool first)
{
    char paragraph[MARKUP_SIZE];
    while (markup_paragraph(&text, paragraph, sizeof paragraph)) {
        if (!first) {
            fputs(".Pp\n", page->out);
        }
        roff_text(page, paragraph);
        first = false;
    }
}

void roff_begin_list(struct roff *page)
{
    fputs(".Bl -tag -width Ds\n", page->out);
}

void roff_end_list(struct roff *page)
{
    fputs(".El\n", page->out);
}

void roff_item(struct roff *page, const char *macro, const char *name)
{
    fprintf(page->out, ".It%s ", macro);
    roff_escaped(page, name, strlen(name));
    fputc('\n', page->out);
}

void roff_literal(struct roff *page, const char *text)
{
    fputs(".Bd -literal -offset indent\n", page->out);
    while (*text) {
        size_t length = strcspn(text, "$\n");
        roff_escaped(page, text, length);
        text += length;
        if (strncmp(text, "$0", 2) == 0) {
            fputs(ROFF_PROGRAM, page->out);
            text += 2;
        } else if (*text) {
            fputc(*text++, page->out);
        }
    }
    fputs("\n.Ed\n", page->out);
}
