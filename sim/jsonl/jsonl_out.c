/* Writing JSON lines by hand: a history may have some 100,000 events. See jsonl_out.h. */
#include "sim/jsonl/jsonl_out.h"

#include <string.h>

void out_flush(struct out *out)
{
    if (!out->failed && fwrite(out->bytes, 1, out->used, out->file) != out->used) {
        out->failed = true;
    }
    out->used = 0;
}

static void put_bytes(struct out *out, const char *bytes, size_t length)
{
    while (length > 0) {
        size_t room = sizeof out->bytes - out->used;
        size_t part = length < room ? length : room;
        memcpy(out->bytes + out->used, bytes, part);
        out->used += part;
        bytes += part;
        length -= part;
        if (out->used == sizeof out->bytes) {
            out_flush(out);
        }
    }
}

void out_put(struct out *out, const char *text)
{
    put_bytes(out, text, strlen(text));
}

/* Decimal, with zeros in front up to `width` digits. */
void out_digits(struct out *out, uint64_t value, int width)
{
    char digits[20];
    int first = (int)sizeof digits;
    do {
        digits[--first] = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0 || (int)sizeof digits - first < width);
    put_bytes(out, digits + first, sizeof digits - (size_t)first);
}

static uint64_t magnitude(int64_t value)
{
    return value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
}

static void out_integer(struct out *out, int64_t value)
{
    if (value < 0) {
        out_put(out, "-");
    }
    out_digits(out, magnitude(value), 1);
}

static void put_hex(struct out *out, uint64_t value)
{
    char digits[16];
    for (int i = 15; i >= 0; i--) {
        digits[i] = "0123456789abcdef"[value % 16];
        value /= 16;
    }
    put_bytes(out, digits, sizeof digits);
}

void out_quoted(struct out *out, const char *text)
{
    out_put(out, "\"");
    for (; *text; text++) {
        unsigned char byte = (unsigned char)*text;
        if (byte == '"' || byte == '\\') {
            out_put(out, "\\");
            put_bytes(out, text, 1);
        } else if (byte < 0x20 || byte == 0x7f) {
            char escape[8];
            snprintf(escape, sizeof escape, "\\u%04x", byte);
            out_put(out, escape);
        } else {
            put_bytes(out, text, 1);
        }
    }
    out_put(out, "\"");
}

/* --- fields: each opens with its comma; only the first of a line has none
 * -------------------------
 */

void out_key(struct out *out, const char *key)
{
    out_put(out, ",\"");
    out_put(out, key);
    out_put(out, "\":");
}

void field_text(struct out *out, const char *key, const char *text)
{
    out_key(out, key);
    out_quoted(out, text);
}

void field_number(struct out *out, const char *key, int64_t value)
{
    out_key(out, key);
    out_integer(out, value);
}

void field_number_or_null(struct out *out, const char *key, int64_t value, int64_t null)
{
    out_key(out, key);
    if (value == null) {
        out_put(out, "null");
    } else {
        out_integer(out, value);
    }
}

void field_bool(struct out *out, const char *key, bool value)
{
    out_key(out, key);
    out_put(out, value ? "true" : "false");
}

void field_signed(struct out *out, const char *key, int64_t value)
{
    out_key(out, key);
    out_put(out, "\"");
    out_integer(out, value);
    out_put(out, "\"");
}

void field_unsigned(struct out *out, const char *key, uint64_t value)
{
    out_key(out, key);
    out_put(out, "\"");
    out_digits(out, value, 1);
    out_put(out, "\"");
}

void field_token(struct out *out, struct token token)
{
    out_key(out, "token");
    out_put(out, "\"");
    put_hex(out, token.high);
    put_hex(out, token.low);
    out_put(out, "\"");
}

void field_result(struct out *out, struct result result)
{
    out_key(out, "result");
    out_put(out, result.id == NOBODY ? "{\"id\":null" : "{\"id\":");
    if (result.id != NOBODY) {
        out_integer(out, result.id);
    }
    field_number(out, "rule", result.rule);
    field_unsigned(out, "term", result.term);
    out_put(out, "}");
}
