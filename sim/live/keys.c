/* What a terminal sends for keys. See keys.h. */
#include "sim/live/keys.h"

#define ESCAPE 27

/* Where we are in an escape sequence (ECMA-48): ESC [ 5 ~, or ESC O A. */
enum { OUTSIDE, ESCAPED, IN_SEQUENCE, IN_SINGLE };

static int by_letter(unsigned char letter)
{
    static const struct {
        char letter;
        int key;
    } list[] = {{'A', KEY_UP},   {'B', KEY_DOWN}, {'C', KEY_RIGHT},
                {'D', KEY_LEFT}, {'H', KEY_HOME}, {'F', KEY_END}};
    for (unsigned i = 0; i < sizeof list / sizeof *list; i++) {
        if (list[i].letter == (char)letter) {
            return list[i].key;
        }
    }
    return KEY_NONE;
}

static int by_number(uint8_t number)
{
    switch (number) {
    case 1:
    case 7:
        return KEY_HOME;
    case 4:
    case 8:
        return KEY_END;
    case 5:
        return KEY_PAGE_UP;
    case 6:
        return KEY_PAGE_DOWN;
    default:
        return KEY_NONE;
    }
}

static int in_sequence(struct keys *keys, unsigned char byte)
{
    if (byte >= '0' && byte <= '9') {
        keys->number = keys->number < 20 ? (uint8_t)(10 * keys->number + byte - '0') : 255;
        return KEY_NONE;
    }
    if (byte < 0x40) { /* another parameter, say of a shift key: it does not matter */
        return KEY_NONE;
    }
    keys->state = OUTSIDE;
    return byte == '~' ? by_number(keys->number) : by_letter(byte);
}

int keys_feed(struct keys *keys, unsigned char byte)
{
    if (byte == ESCAPE) {
        int before = keys->state == ESCAPED ? KEY_ESCAPE : KEY_NONE;
        *keys = (struct keys){.state = ESCAPED};
        return before;
    }
    switch (keys->state) {
    case ESCAPED:
        keys->state = byte == '[' ? IN_SEQUENCE : byte == 'O' ? IN_SINGLE : OUTSIDE;
        return KEY_NONE; /* else it was Alt and a key, which means nothing here */
    case IN_SEQUENCE:
        return in_sequence(keys, byte);
    case IN_SINGLE:
        keys->state = OUTSIDE;
        return by_letter(byte);
    default:
        break;
    }
    if (byte == '\r' || byte == '\n') {
        return KEY_ENTER;
    }
    if (byte == 8 || byte == 127) {
        return KEY_BACKSPACE;
    }
    return byte >= ' ' && byte < 127 ? byte : KEY_NONE;
}

int keys_quiet(struct keys *keys)
{
    int key = keys->state == ESCAPED ? KEY_ESCAPE : KEY_NONE;
    *keys = (struct keys){0};
    return key;
}
