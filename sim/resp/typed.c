/* Commands typed by hand: a line of words, with quotes. As a server splits it: see sdssplitargs in
 * Redis's sds.c for what is a word. */
#include "sim/resp/reader.h"

#include <assert.h>
#include <string.h>

/* Where in a line we are. */
enum { BLANK, BARE, DOUBLE, ESCAPED, HEX, HEX2, SINGLE, BACKSLASH, CLOSED, OVER };

static void add(struct resp_reader *reader, char c)
{
    resp_add_text(reader, &c, 1);
}

static bool is_blank(char c)
{
    return c != '\0' && strchr(" \t\v\f\r", c);
}

static char meant_by(char escaped)
{
    static const char letters[] = "nrtba";
    static const char meanings[] = "\n\r\t\b\a";
    const char *at = escaped == '\0' ? NULL : strchr(letters, escaped);
    if (at) {
        return meanings[at - letters];
    }
    return escaped;
}

static void end_word(struct resp_reader *reader, uint8_t next)
{
    resp_close_item(reader);
    reader->quote = next;
}

static void take_bare(struct resp_reader *reader, char c)
{
    if (c == '"' || c == '\'') {
        reader->quote = c == '"' ? DOUBLE : SINGLE;
    } else if (c == ' ' || c == '\t' || c == '\r') {
        end_word(reader, BLANK);
    } else if (c == '\0') {
        end_word(reader, OVER);
    } else {
        reader->quote = BARE;
        add(reader, c);
    }
}

static void take_blank(struct resp_reader *reader, char c)
{
    if (is_blank(c)) {
        return;
    }
    if (c == '\0') {
        reader->quote = OVER;
        return;
    }
    reader->message.values++;
    resp_open_item(reader, '$');
    take_bare(reader, c);
}

static void take_double(struct resp_reader *reader, char c)
{
    if (c == '"') {
        reader->quote = CLOSED;
    } else if (c == '\\') {
        reader->quote = ESCAPED;
    } else {
        reader->quote = DOUBLE;
        add(reader, c);
    }
}

/* After \x: what turns out to be no two digits means itself. */
static void take_hex(struct resp_reader *reader, char c)
{
    bool second = reader->quote == HEX2;
    if (resp_hex_digit(c) < 0) {
        add(reader, 'x');
        if (second) {
            add(reader, reader->hex);
        }
        take_double(reader, c);
    } else if (second) {
        add(reader, (char)(resp_hex_digit(reader->hex) * 16 + resp_hex_digit(c)));
        reader->quote = DOUBLE;
    } else {
        reader->hex = c;
        reader->quote = HEX2;
    }
}

static void take_single(struct resp_reader *reader, char c)
{
    if (reader->quote == BACKSLASH) {
        reader->quote = SINGLE;
        if (c == '\'') {
            add(reader, c);
            return;
        }
        add(reader, '\\');
    }
    if (c == '\'') {
        reader->quote = CLOSED;
    } else if (c == '\\') {
        reader->quote = BACKSLASH;
    } else {
        add(reader, c);
    }
}

/* The end of the line. */
static bool end_line(struct resp_reader *reader)
{
    bool good = reader->quote == BLANK || reader->quote == BARE || reader->quote == CLOSED ||
                reader->quote == OVER;
    if (reader->quote == BARE || reader->quote == CLOSED) {
        resp_close_item(reader);
    }
    reader->quote = BLANK;
    return good;
}

bool resp_take_typed(struct resp_reader *reader, char c)
{
    assert(reader->quote <= OVER);
    if (c == '\n') {
        return end_line(reader);
    }
    switch (reader->quote) {
    case BLANK:
        take_blank(reader, c);
        return true;
    case BARE:
        take_bare(reader, c);
        return true;
    case ESCAPED:
        reader->quote = c == 'x' ? HEX : DOUBLE;
        if (c != 'x') {
            add(reader, meant_by(c));
        }
        return true;
    case HEX:
    case HEX2:
        take_hex(reader, c);
        return true;
    case SINGLE:
    case BACKSLASH:
        take_single(reader, c);
        return true;
    case CLOSED: /* nothing may stand close behind a quote */
        if (!is_blank(c) && c != '\0') {
            return false;
        }
        end_word(reader, c ? BLANK : OVER);
        return true;
    case DOUBLE:
        take_double(reader, c);
        return true;
    default:
        return true; /* a NUL ends what a server reads of the line */
    }
}
