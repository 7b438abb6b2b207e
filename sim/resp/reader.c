/* The reader. See reader.h. */
#include "sim/resp/reader.h"

#include <assert.h>
#include <string.h>

/* More values or bytes than this are no message of anybody's. */
#define LENGTH_MAX (UINT64_C(1) << 40)

/* A number of more digits is none. */
#define DIGITS_MAX 19

/* A longer line typed by hand, a server does not take. */
#define TYPED_MAX 65536

/* What the next byte is. */
enum { AT_START, AT_TYPE, IN_NUMBER, IN_LINE, IN_TEXT, IN_TYPED };

void resp_begin(struct resp_reader *reader, enum resp_side side)
{
    assert(side == RESP_COMMANDS || side == RESP_ANSWERS);
    memset(reader, 0, sizeof *reader);
    reader->side = (uint8_t)side;
}

void resp_watch(struct resp_reader *reader, const char *text, size_t size)
{
    assert(reader->side == RESP_COMMANDS && size > 0);
    reader->watch = text;
    reader->watch_size = size;
}

/* --- how many values are still to come -------------------------------------------------------- */

static void break_off(struct resp_reader *reader)
{
    reader->broken = true;
    reader->whole = true;
    reader->open = NULL;
    reader->message.count = 0;
    reader->message.values = 0;
    reader->message.word_with = 0;
    reader->message.beyond = false;
    reader->message.longest = NULL;
    reader->message.long_kept = 0;
}

/* One that is directly in the message, or the message itself. */
static void end_child(struct resp_reader *reader)
{
    assert(reader->deeper == 0 && reader->skipped == 0);
    if (reader->children > 0) {
        reader->children--;
    }
    reader->whole = reader->children == 0;
}

/* A value, at any depth. */
static void end_value(struct resp_reader *reader)
{
    reader->state = AT_TYPE;
    resp_close_item(reader);
    if (reader->skipped > 0) {
        reader->skipped--;
    } else if (reader->deeper == 0 || --reader->deeper == 0) {
        end_child(reader);
    }
}

/* A value that holds so many. */
static void begin_values(struct resp_reader *reader, uint64_t count)
{
    bool inside = reader->skipped > 0 || reader->deeper > 0;
    reader->state = AT_TYPE;
    if (reader->open) {
        reader->open->number = (int64_t)count;
    }
    if (count == 0) {
        end_value(reader);
        return;
    }
    resp_close_item(reader);
    if (reader->skipped > 0) {
        reader->skipped += count - 1;
    } else if (inside) {
        reader->deeper += count - 1;
    } else if (reader->children == 0) { /* the message itself */
        reader->children = count;
        reader->message.values = count;
    } else {
        reader->deeper = count;
    }
    if (reader->skipped > LENGTH_MAX || reader->deeper > LENGTH_MAX) {
        break_off(reader);
    }
}

static void begin_words(struct resp_reader *reader, uint64_t count)
{
    reader->state = AT_TYPE;
    reader->children = count;
    reader->message.values = count;
    reader->whole = count == 0; /* which no server minds, or answers */
}

/* --- lines ------------------------------------------------------------------------------------ */

/* A line that says how many bytes or values come. */
static void announce(struct resp_reader *reader)
{
    uint64_t number = reader->number;
    if (number > LENGTH_MAX) {
        break_off(reader);
        return;
    }
    switch (reader->type) {
    case '$':
    case '=':
    case '!':
        reader->payload = number + 2; /* the CRLF behind it */
        reader->state = IN_TEXT;
        return;
    case '|': /* attributes of the value that follows them */
        reader->open = NULL;
        reader->skipped += 2 * number;
        reader->state = AT_TYPE;
        if (reader->skipped > LENGTH_MAX) {
            break_off(reader);
        }
        return;
    case '%':
        begin_values(reader, 2 * number);
        return;
    default:
        begin_values(reader, number);
        return;
    }
}

static void end_integer(struct resp_reader *reader)
{
    if (reader->number > (uint64_t)INT64_MAX + reader->negative) {
        break_off(reader);
        return;
    }
    if (reader->open) {
        reader->open->number =
            reader->negative ? (int64_t)(0 - reader->number) : (int64_t)reader->number;
    }
    end_value(reader);
}

static void end_number(struct resp_reader *reader)
{
    bool command = reader->side == RESP_COMMANDS;
    /* Nothing is less than nothing, but for the null that -1 is to an answer. */
    bool null = !command && reader->number == 1 && strchr("$*", reader->type);
    bool less = reader->negative && reader->type != ':' && !(command && reader->type == '*');
    if (reader->digits == 0 || (less && !null)) {
        break_off(reader);
    } else if (reader->type == ':') {
        end_integer(reader);
    } else if (command && reader->type == '*') {
        begin_words(reader, reader->negative ? 0 : reader->number);
        if (reader->children > LENGTH_MAX) {
            break_off(reader);
        }
    } else if (!less) {
        announce(reader);
    } else {
        if (reader->open) {
            reader->open->null = true;
        }
        end_value(reader);
    }
}

/* A byte of a number. */
static void take_digit(struct resp_reader *reader, char c)
{
    if (c == '\n') {
        end_number(reader);
    } else if (c == '\r' && !reader->cr) {
        reader->cr = true;
    } else if (c == '-' && reader->digits == 0 && !reader->negative && !reader->cr) {
        reader->negative = true;
    } else if (c < '0' || c > '9' || reader->cr || reader->digits == DIGITS_MAX) {
        break_off(reader);
    } else {
        reader->digits++;
        reader->number = reader->number * 10 + (uint64_t)(c - '0');
    }
}

/* The end of a line that is a value by itself. */
static void end_line(struct resp_reader *reader)
{
    struct resp_item *item = reader->open;
    if (item) {
        item->null = reader->type == '_';
        item->number = reader->type == '#' && item->kept == 1 && item->text[0] == 't';
    }
    end_value(reader);
}

/* Lines end with CRLF; a CR that stands alone belongs to them. */
static size_t take_line(struct resp_reader *reader, const char *bytes, size_t size)
{
    size_t length = 0;
    if (bytes[0] == '\n') {
        end_line(reader);
        return 1;
    }
    if (reader->cr) {
        resp_add_text(reader, "\r", 1);
        reader->cr = false;
    }
    while (length < size && bytes[length] != '\n' && bytes[length] != '\r') {
        length++;
    }
    resp_add_text(reader, bytes, length);
    if (length < size && bytes[length] == '\r') {
        reader->cr = true;
        length++;
    }
    return length;
}

static void take_type(struct resp_reader *reader, char c)
{
    bool command = reader->side == RESP_COMMANDS;
    if (c == '\0' || !strchr(command ? "$" : "$*%~>=!|:+-_#,(", c)) {
        break_off(reader);
        return;
    }
    reader->type = c;
    reader->number = 0;
    reader->digits = 0;
    reader->negative = false;
    reader->cr = false;
    reader->state = strchr("+-_#,(", c) ? IN_LINE : IN_NUMBER;
    resp_open_item(reader, c);
    if (c == '|' && reader->open) {
        reader->message.count--; /* it stands for no value */
        reader->open = NULL;
    }
}

/* --- all of it -------------------------------------------------------------------------------- */

static size_t take_text(struct resp_reader *reader, const char *bytes, size_t size)
{
    uint64_t text = reader->payload > 2 ? reader->payload - 2 : 0;
    size_t taken = size < reader->payload ? size : (size_t)reader->payload;
    assert(reader->payload > 0);
    resp_add_text(reader, bytes, taken < text ? taken : (size_t)text);
    reader->payload -= taken;
    if (reader->payload == 0) {
        end_value(reader);
    }
    return taken;
}

static size_t take_typed(struct resp_reader *reader, const char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        bool good = resp_take_typed(reader, bytes[i]);
        if (!good || reader->message.bytes + i > TYPED_MAX) {
            break_off(reader);
        } else if (bytes[i] == '\n') {
            reader->whole = true;
        }
        if (reader->whole) {
            return i + 1;
        }
    }
    return size;
}

static void begin_message(struct resp_reader *reader)
{
    assert(!reader->open && reader->children == 0 && reader->deeper == 0 && reader->skipped == 0);
    reader->whole = false;
    reader->state = AT_START;
    reader->message.bytes = 0;
    reader->message.values = 0;
    reader->message.count = 0;
    reader->message.word_with = 0;
    reader->message.beyond = false;
    reader->words = 0;
    reader->message.longest = NULL;
    reader->message.long_kept = 0;
}

/* The first byte of a command says whether it was typed by hand. True: it is taken. */
static bool start(struct resp_reader *reader, char c)
{
    if (reader->side == RESP_ANSWERS) {
        reader->state = AT_TYPE;
        return false;
    }
    if (c != '*') {
        reader->state = IN_TYPED;
        reader->quote = 0;
        return false;
    }
    reader->type = c;
    reader->number = 0;
    reader->digits = 0;
    reader->negative = false;
    reader->cr = false;
    reader->state = IN_NUMBER;
    return true;
}

static size_t take(struct resp_reader *reader, const char *bytes, size_t size)
{
    switch (reader->state) {
    case AT_START:
        return start(reader, bytes[0]);
    case AT_TYPE:
        take_type(reader, bytes[0]);
        return 1;
    case IN_NUMBER:
        take_digit(reader, bytes[0]);
        return 1;
    case IN_LINE:
        return take_line(reader, bytes, size);
    case IN_TEXT:
        return take_text(reader, bytes, size);
    default:
        return take_typed(reader, bytes, size);
    }
}

size_t resp_read(struct resp_reader *reader, const char *bytes, size_t size)
{
    size_t taken = 0;
    assert(size > 0);
    if (reader->broken) {
        reader->message.bytes = size;
        return size;
    }
    if (reader->whole) {
        begin_message(reader);
    }
    while (taken < size && !reader->whole) {
        size_t now = take(reader, bytes + taken, size - taken);
        reader->message.bytes += now;
        taken += now;
    }
    if (reader->broken) {
        reader->message.bytes += size - taken;
        return size;
    }
    assert(taken > 0 && taken <= size);
    return taken;
}
