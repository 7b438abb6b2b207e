/* Cleans foreign text. See clean.h. */
#include "sim/text/clean.h"

#include <stdbool.h>
#include <string.h>

size_t clean_decode(const char *text, uint32_t *code)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char *in = (const unsigned char *)text;
    *code = in[0];
    if (in[0] < 0x80) {
        return 1;
    }
    *code = 0;
    if (in[0] < 0xc2 || in[0] > 0xf4) {
        return 1;
    }
    size_t length = in[0] >= 0xf0 ? 4 : in[0] >= 0xe0 ? 3 : 2;
    uint32_t value = in[0] & (0x7fU >> length);
    for (size_t i = 1; i < length; i++) {
        if ((in[i] & 0xc0) != 0x80) { /* the final NUL ends here, too */
            return 1;
        }
        value = value << 6 | (in[i] & 0x3f);
    }
    if (value < least[length] || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff)) {
        return 1;
    }
    *code = value;
    return length;
}

/* What moves, turns or hides what stands around it. */
static bool is_invisible(uint32_t code)
{
    static const struct {
        uint32_t from, to;
    } ranges[] = {
        {0x0001, 0x001f},   {0x007f, 0x009f},   {0x00ad, 0x00ad},   {0x034f, 0x034f},
        {0x061c, 0x061c},   {0x115f, 0x1160},   {0x17b4, 0x17b5},   {0x180b, 0x180f},
        {0x200b, 0x200f},   {0x2028, 0x202e},   {0x2060, 0x206f},   {0x3164, 0x3164},
        {0xfeff, 0xfeff},   {0xffa0, 0xffa0},   {0xfff0, 0xfffb},   {0x13430, 0x1345f},
        {0x1bca0, 0x1bcaf}, {0x1d173, 0x1d17a}, {0xe0000, 0xe0fff},
    };
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
        if (code <= ranges[i].to) {
            return code >= ranges[i].from;
        }
    }
    return false;
}

static bool is_noncharacter(uint32_t code)
{
    return (code & 0xfffe) == 0xfffe || (code >= 0xfdd0 && code <= 0xfdef);
}

size_t clean_character(const char *text, uint32_t *code)
{
    size_t length = clean_decode(text, code);
    if (*code == 0 || is_noncharacter(*code)) {
        *code = '?';
    } else if (is_invisible(*code)) {
        *code = ' ';
    }
    return length;
}

char *clean_text(const char *text, char *out, size_t size)
{
    static const char more[] = "…";
    size_t used = 0, fits = 0; /* up to where the sign that there is more would fit, too */
    while (*text) {
        uint32_t code;
        size_t length = clean_character(text, &code);
        bool replaced = code == ' ' || code == '?';
        size_t written = replaced ? 1 : length;
        if (used + written + 1 > size) {
            memcpy(out + fits, more, sizeof more);
            return out;
        }
        if (replaced) {
            out[used] = (char)code;
        } else {
            memmove(out + used, text, length);
        }
        used += written;
        fits = used + sizeof more <= size ? used : fits;
        text += length;
    }
    out[used] = '\0';
    return out;
}
