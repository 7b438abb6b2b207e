/* Scripts: which one it is. See script.h. */
#include "sim/wild/script.h"

#include <assert.h>
#include <string.h>

/* In small letters, with one kind of quotes. */
static char plain(char c)
{
    if (c >= 'A' && c <= 'Z') {
        return (char)(c - 'A' + 'a');
    }
    if (c == '\'') {
        return '"';
    }
    return c;
}

void script_form(const char *text, size_t size, char form[SCRIPT_FORM])
{
    size_t used = 0;
    for (size_t i = 0; i < size && used < SCRIPT_FORM - 1; i++) {
        char c = text[i];
        if (c == '-' && i + 1 < size && text[i + 1] == '-') {
            while (i < size && text[i] != '\n') {
                i++;
            }
        } else if (c != '\0' && !strchr(" \t\r\n;", c)) {
            form[used++] = plain(c);
        }
    }
    form[used] = '\0';
}

const struct script_row *script_find(const uint8_t digest[DIGEST_BYTES], const char *text,
                                     size_t size)
{
    char form[SCRIPT_FORM] = "", hex[DIGEST_HEX];
    digest_hex(digest, hex);
    if (text && size < SCRIPT_FORM) {
        script_form(text, size, form);
    }
    const struct script_row *row = NULL;
    for (size_t i = 0; (row = script_at(i)); i++) {
        assert(row->digest || row->form);
        if ((row->digest && strcmp(row->digest, hex) == 0) ||
            (row->form && strcmp(row->form, form) == 0)) {
            return row;
        }
    }
    return NULL;
}

void scripts_learn(struct scripts_learnt *learnt, const uint8_t digest[DIGEST_BYTES],
                   const struct script_row *row)
{
    if (!row || scripts_recall(learnt, digest)) {
        return;
    }
    struct script_learnt *place = &learnt->list[learnt->next];
    learnt->next = (learnt->next + 1) % SCRIPTS_LEARNT;
    memcpy(place->digest, digest, DIGEST_BYTES);
    place->row = row;
}

const struct script_row *scripts_recall(const struct scripts_learnt *learnt,
                                        const uint8_t digest[DIGEST_BYTES])
{
    for (size_t i = 0; i < SCRIPTS_LEARNT; i++) {
        const struct script_learnt *one = &learnt->list[i];
        if (one->row && memcmp(one->digest, digest, DIGEST_BYTES) == 0) {
            return one->row;
        }
    }
    return NULL;
}

bool script_read_digest(const struct resp_item *item, uint8_t digest[DIGEST_BYTES])
{
    if (item->size != 2 * (size_t)DIGEST_BYTES) {
        return false;
    }
    for (size_t i = 0; i < DIGEST_BYTES; i++) {
        int high = resp_hex_digit(item->text[2 * i]);
        int low = resp_hex_digit(item->text[2 * i + 1]);
        if (high < 0 || low < 0) {
            return false;
        }
        digest[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}
