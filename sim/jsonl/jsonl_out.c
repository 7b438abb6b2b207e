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
        out->last = bytes[part - 1];
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

void out_integer(struct out *out, int64_t value)
{
    out_put(out, value < 0 ? "-" : "");
    out_digits(out, value < 0 ? 0 - (uint64_t)value : (uint64_t)value, 1);
}

static bool is_plain(char byte)
{
    unsigned char code = (unsigned char)byte;
    return code >= 0x20 && code != '"' && code != '\\' && code != 0x7f;
}

void out_quoted(struct out *out, const char *text)
{
    out_put(out, "\"");
    while (*text) {
        const char *from = text;
        while (is_plain(*text)) {
            text++;
        }
        put_bytes(out, from, (size_t)(text - from));
        if (*text == '"' || *text == '\\') {
            put_bytes(out, (char[]){'\\', *text++}, 2);
        } else if (*text) {
            char escape[8];
            snprintf(escape, sizeof escape, "\\u%04x", (unsigned char)*text++);
            out_put(out, escape);
        }
    }
    out_put(out, "\"");
}

void out_key(struct out *out, const char *key)
{
    out_put(out, out->last == '{' ? "\"" : ",\"");
    out_put(out, key);
    out_put(out, "\":");
}
