/* RESP framing. See resp.h. */
#include "sim/relay/resp.h"

#include <assert.h>
#include <string.h>

/* More values or bytes than this are no message of anybody's. */
#define LENGTH_MAX (INT64_C(1) << 40)

/* The longest line with a number: its type, and 18 digits, which an int64_t has room for. */
#define NUMBER_LINE 19

static char capital(char c)
{
    if (c >= 'a' && c <= 'z') {
        return (char)(c - 'a' + 'A');
    }
    return c;
}

static void add_to_word(struct resp *resp, const char *bytes, size_t size)
{
    for (size_t i = 0; i < size && resp->word_length < RESP_WORD - 1; i++) {
        resp->word[resp->word_length++] = capital(bytes[i]);
    }
    assert(resp->word_length < RESP_WORD);
    resp->word[resp->word_length] = '\0';
}

static void begin_message(struct resp *resp)
{
    bool broken = resp->broken;
    assert(broken || (!resp->in_line && resp->payload == 0));
    *resp = (struct resp){.values = 1, .broken = broken};
}

/* The number after the type of a line, which may be -1 (nothing there). */
static bool number_of(const struct resp *resp, int64_t *number)
{
    size_t at = 1;
    bool negative = resp->line_length > 1 && resp->line[1] == '-';
    at += negative;
    if (resp->line_length > NUMBER_LINE || at == resp->line_length) {
        return false;
    }
    *number = 0;
    for (; at < resp->line_length; at++) {
        char c = resp->line[at];
        if (c < '0' || c > '9') {
            return false;
        }
        *number = *number * 10 + (c - '0');
    }
    *number = negative ? -*number : *number;
    return *number <= LENGTH_MAX;
}

static void break_off(struct resp *resp)
{
    resp->broken = true;
    resp->values = 0;
}

/* A line that announces values, or the bytes of a text. */
static void announce(struct resp *resp, char type)
{
    int64_t number;
    assert(resp->values > 0 && resp->payload == 0);
    resp->announced = true;
    if (!number_of(resp, &number)) {
        break_off(resp);
        return;
    }
    uint64_t count = number < 0 ? 0 : (uint64_t)number;
    switch (type) {
    case '$':
    case '=':
    case '!':
        if (number < 0) {
            resp->values--;
        } else {
            resp->payload = count + 2;
            resp->takes_word = resp->word_length == 0;
        }
        break;
    case '%':
        resp->values += 2 * count - 1;
        break;
    case '|': /* attributes of the value that follows them */
        resp->values += 2 * count;
        break;
    default:
        resp->values += count - 1;
        break;
    }
    if (resp->values > (uint64_t)LENGTH_MAX) {
        break_off(resp);
    }
}

static void end_line(struct resp *resp)
{
    assert(resp->in_line && resp->values > 0);
    char type = resp->line[0];
    bool first = resp->word_length == 0;
    size_t kept = resp->line_length < RESP_LINE ? resp->line_length : RESP_LINE;
    resp->in_line = false;
    if (type != '\0' && strchr("*~>%|$=!", type)) {
        announce(resp, type);
        return;
    }
    if (type == '\0' || !strchr("+-:_#,(", type)) {
        if (resp->announced) {
            break_off(resp); /* words typed by hand are a message by themselves */
            return;
        }
    }
    size_t length = 0;
    while (length < kept && resp->line[length] != ' ') {
        length++;
    }
    if (first) {
        add_to_word(resp, resp->line, length);
    }
    resp->values--;
}

/* A part of a line, or all that is left of it. */
static size_t take_line(struct resp *resp, const char *bytes, size_t size)
{
    assert(resp->in_line && size > 0);
    const char *end = memchr(bytes, '\n', size);
    size_t length = end ? (size_t)(end - bytes) : size;
    for (size_t i = 0; i < length && resp->line_length + i < RESP_LINE; i++) {
        resp->line[resp->line_length + i] = bytes[i];
    }
    resp->line_length += length;
    if (!end) {
        return length;
    }
    if (resp->line_length > 0 && resp->line_length <= RESP_LINE &&
        resp->line[resp->line_length - 1] == '\r') {
        resp->line[--resp->line_length] = '\0';
    }
    end_line(resp);
    return length + 1;
}

static size_t take_payload(struct resp *resp, const char *bytes, size_t size)
{
    assert(!resp->in_line && resp->payload > 0 && resp->values > 0);
    size_t length = size < resp->payload ? size : (size_t)resp->payload;
    if (resp->takes_word) {
        size_t text = resp->payload > 2 ? (size_t)resp->payload - 2 : 0;
        add_to_word(resp, bytes, length < text ? length : text);
    }
    resp->payload -= length;
    if (resp->payload == 0) {
        resp->takes_word = false;
        resp->values--;
    }
    return length;
}

size_t resp_take(struct resp *resp, const char *bytes, size_t size)
{
    size_t taken = 0;
    if (resp->whole || resp->values == 0) {
        begin_message(resp);
    }
    while (taken < size && resp->values > 0 && !resp->broken) {
        if (resp->payload > 0) {
            taken += take_payload(resp, bytes + taken, size - taken);
            continue;
        }
        if (!resp->in_line) {
            resp->in_line = true;
            resp->line_length = 0;
            memset(resp->line, 0, sizeof resp->line);
        }
        taken += take_line(resp, bytes + taken, size - taken);
    }
    if (resp->broken) {
        resp->whole = true;
        return size;
    }
    resp->whole = resp->values == 0;
    assert(taken <= size);
    return taken;
}
