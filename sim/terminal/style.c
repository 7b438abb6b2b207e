/* Style: lines of text, styled, as wide as the terminal lets them be. */
#include "sim/terminal/style.h"

#include <assert.h>
#include <stdarg.h>
#include <string.h>
#include <wchar.h>

#include "sim/text/clean.h"

#define RESET "\x1b[0m"

/* Select Graphic Rendition, ECMA-48: 1 bold, 2 faint, 3x colours. */
static const char *const style_codes[] = {
    [STYLE_PLAIN] = "",          [STYLE_STRONG] = "\x1b[1m",    [STYLE_DIM] = "\x1b[2m",
    [STYLE_GOOD] = "\x1b[32m",   [STYLE_BAD] = "\x1b[1;31m",    [STYLE_WARN] = "\x1b[33m",
    [STYLE_SUBMIT] = "\x1b[36m", [STYLE_LEADER] = "\x1b[1;32m", [STYLE_PAUSED] = "\x1b[35m",
};

/* All of them one column wide. */
static const struct {
    const char *utf8, *ascii;
} glyphs[GLYPHS] = {
    [GLYPH_WAITING] = {"·", "."}, [GLYPH_PREPARE] = {"○", "o"}, [GLYPH_SUBMIT] = {"●", "@"},
    [GLYPH_LEADER] = {"★", "*"},  [GLYPH_PAUSED] = {"‖", "="},  [GLYPH_DEAD] = {"×", "x"},
    [GLYPH_DOT] = {"·", "-"},     [GLYPH_BAR] = {"█", "#"},     [GLYPH_HALF_BAR] = {"▌", ""},
    [GLYPH_DONE] = {"━", "="},    [GLYPH_LEFT] = {"─", "-"},    [GLYPH_TIMES] = {"×", "x"},
    [GLYPH_MORE] = {"…", "..."},
};

const char *glyph(const struct terminal_options *options, enum glyph glyph)
{
    return options->utf8 ? glyphs[glyph].utf8 : glyphs[glyph].ascii;
}

/* --- characters ------------------------------------------------------------------------------- */

/* One clean character of `text` into `out` (4 bytes at most). Returns the bytes read. */
static size_t clean_one(const char *text, bool utf8, char *out, size_t *written, int *columns)
{
    uint32_t code;
    size_t length = clean_character(text, &code);
    *columns = 1;
    *written = 1;
    if (code >= 0x80 && !utf8) {
        out[0] = '?';
    } else if (code < 0x80) {
        out[0] = (char)code;
    } else {
        memcpy(out, text, length);
        *written = length;
        int width = wcwidth((wchar_t)code); /* two of wide letters and pictures, none of marks */
        *columns = width < 0 ? 1 : width;
    }
    return length;
}

static int text_columns(const char *text, bool utf8)
{
    int width = 0;
    while (*text) {
        char character[4];
        size_t written;
        int columns;
        text += clean_one(text, utf8, character, &written, &columns);
        width += columns;
    }
    return width;
}

/* --- lines ------------------------------------------------------------------------------------ */

struct line line_new(const struct terminal_options *options, int indent)
{
    struct line line = {.options = options};
    /* The last column stays empty: some terminals wrap as soon as it is filled. A pipe has no
     * columns; it gets the whole line. */
    line.limit = options->tty ? options->columns - 1 : LINE_BYTES / 4;
    if (indent > 0) {
        line_to(&line, indent);
    }
    return line;
}

static void put_bytes(struct line *line, const char *bytes, size_t length)
{
    memcpy(line->bytes + line->used, bytes, length);
    line->used += length;
}

/* Writes what fits into so many columns; returns what is left. */
static const char *put_some(struct line *line, const char *text, int limit)
{
    const size_t reserve = 4 + sizeof RESET;
    while (*text && line->used + reserve <= LINE_BYTES) {
        char character[4];
        size_t written;
        int columns;
        size_t length = clean_one(text, line->options->utf8, character, &written, &columns);
        if (line->width + columns > limit) {
            break;
        }
        put_bytes(line, character, written);
        line->width += columns;
        text += length;
    }
    return text;
}

void line_put(struct line *line, enum style style, const char *text)
{
    const char *code = line->options->colour ? style_codes[style] : "";
    const char *more = glyph(line->options, GLYPH_MORE);
    /* Room for the code, a character and the reset, whatever comes. */
    const size_t reserve = 4 + sizeof RESET;
    if (line->used + strlen(code) + reserve > LINE_BYTES) {
        return;
    }
    bool fits = line->width + text_columns(text, line->options->utf8) <= line->limit;
    put_bytes(line, code, strlen(code));
    put_some(line, text, fits ? line->limit : line->limit - text_columns(more, true));
    if (!fits && line->width < line->limit && text[strspn(text, " ")]) {
        put_some(line, more, line->limit);
        line->limit = line->width; /* nothing stands behind it */
    }
    if (*code) {
        put_bytes(line, RESET, sizeof RESET - 1);
    }
}

void line_format(struct line *line, enum style style, const char *format, ...)
{
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    line_put(line, style, text);
}

void line_glyphs(struct line *line, enum style style, enum glyph which, int count)
{
    char text[1024];
    const char *one = glyph(line->options, which);
    size_t length = strlen(one), used = 0;
    for (int i = 0; i < count && used + length < sizeof text; i++) {
        memcpy(text + used, one, length);
        used += length;
    }
    text[used] = '\0';
    line_put(line, style, text);
}

void line_to(struct line *line, int column)
{
    do {
        line_put(line, STYLE_PLAIN, " ");
    } while (line->width < column && line->width < line->limit);
}

void line_right(struct line *line, int column, enum style style, const char *text)
{
    line_to(line, column - text_columns(text, line->options->utf8));
    line_put(line, style, text);
}

void line_end(struct line *line)
{
    assert(line->used < LINE_BYTES);
    while (line->used > 0 && line->bytes[line->used - 1] == ' ') {
        line->used--;
    }
    line->bytes[line->used++] = '\n';
    fwrite(line->bytes, 1, line->used, line->options->out);
}

/* --- paragraphs ------------------------------------------------------------------------------- */

/* Text broken narrower or wider than this does not read well. */
#define COLUMNS_LEAST 40
#define COLUMNS_MOST 100

/* Whether a line may end between two characters, of which one at least is wide, as Chinese is: no
 * line begins with what closes, and none ends with what opens. */
static bool may_part(const char *before, const char *behind)
{
    return !strstr("，。、；：？！）》”", behind) && !strstr("（《“", before);
}

/* How many bytes of `text` fit into `room` columns, broken at a space or beside a wide character if
 * there is one. */
static size_t break_at(const char *text, bool utf8, int room)
{
    size_t at = 0, last_gap = 0;
    int width = 0, columns_before = 0;
    char before[5] = "";
    while (text[at]) {
        char character[5] = "";
        size_t written;
        int columns;
        size_t length = clean_one(text + at, utf8, character, &written, &columns);
        character[written] = '\0';
        bool wide = columns > 1 || columns_before > 1;
        if (character[0] == ' ' || (at > 0 && wide && may_part(before, character))) {
            last_gap = at;
        }
        if (width + columns > room) {
            return last_gap > 0 && character[0] != ' ' ? last_gap : at;
        }
        width += columns;
        at += length;
        columns_before = columns;
        memcpy(before, character, sizeof before);
    }
    return at;
}

static bool is_space(char character)
{
    return character == ' ' || character == '\n' || character == '\t' || character == '\r';
}

static const char *skip_spaces(const char *text)
{
    while (is_space(*text)) {
        text++;
    }
    return text;
}

/* The length without spaces at the end. */
static size_t trimmed(const char *text, size_t length)
{
    while (length > 0 && is_space(text[length - 1])) {
        length--;
    }
    return length;
}

void style_paragraph(const struct terminal_options *options, enum style style, const char *lead,
                     enum style lead_style, const char *text, int lines_max)
{
    int indent = text_columns(lead, options->utf8);
    int columns = options->columns < COLUMNS_LEAST  ? COLUMNS_LEAST
                  : options->columns > COLUMNS_MOST ? COLUMNS_MOST
                                                    : options->columns;
    int room = columns - 1 - indent;
    assert(room > 8);
    text = skip_spaces(text);
    for (int number = 1; *text || number == 1; number++) {
        char part[1024];
        bool last = number == lines_max;
        size_t length = break_at(text, options->utf8, room);
        bool cut = last && *skip_spaces(text + length);
        if (cut) {
            length = break_at(text, options->utf8, room - 3);
        }
        snprintf(part, sizeof part, "%.*s", (int)trimmed(text, length), text);
        struct line line = line_new(options, number == 1 ? 0 : indent);
        if (number == 1) {
            line_put(&line, lead_style, lead);
        }
        line_put(&line, style, part);
        if (cut) {
            line_put(&line, style, glyph(options, GLYPH_MORE));
        }
        line_end(&line);
        if (last) {
            break;
        }
        text = skip_spaces(text + length);
    }
}

void style_label(const struct terminal_options *options, const char *label, const char *text)
{
    struct line line = line_new(options, 2);
    line_put(&line, STYLE_DIM, label);
    line_to(&line, LABEL_WIDTH);
    fwrite(line.bytes, 1, line.used, options->out);
    fputs(options->colour ? style_codes[STYLE_STRONG] : "", options->out);
    while (*text) {
        char character[4];
        size_t written;
        int columns;
        text += clean_one(text, options->utf8, character, &written, &columns);
        fwrite(character, 1, written, options->out);
    }
    fputs(options->colour ? RESET "\n" : "\n", options->out);
}
