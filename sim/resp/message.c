/* What is kept of a message. See message.h. */
#include "sim/resp/message.h"

#include <assert.h>
#include <string.h>

/* So many digits fit into an int64_t, whatever they are. */
#define DIGITS_MAX 18

bool resp_is(const struct resp_item *item, const char *bytes, size_t size)
{
    if (item->null || item->size != size) {
        return false;
    }
    if (size <= RESP_KEPT) {
        return memcmp(item->text, bytes, size) == 0;
    }
    struct digest digest;
    uint8_t out[DIGEST_BYTES];
    digest_begin(&digest);
    digest_add(&digest, bytes, size < RESP_DIGESTED ? size : RESP_DIGESTED);
    digest_end(&digest, out);
    return memcmp(out, item->digest, sizeof out) == 0;
}

static char capital(char c)
{
    if (c >= 'a' && c <= 'z') {
        return (char)(c - 'a' + 'A');
    }
    return c;
}

/* Nearly all words differ in the first letter: a table is gone through in no time. */
bool resp_says(const struct resp_item *item, const char *word)
{
    size_t i = 0;
    for (; i < item->kept && word[i] != '\0'; i++) {
        if (capital(item->text[i]) != word[i]) {
            return false;
        }
    }
    return !item->null && word[i] == '\0' && i == item->size;
}

bool resp_same(const struct resp_item *a, const struct resp_item *b)
{
    if (a->null || b->null || a->size != b->size) {
        return false;
    }
    return a->size <= RESP_KEPT ? memcmp(a->text, b->text, a->kept) == 0
                                : memcmp(a->digest, b->digest, sizeof a->digest) == 0;
}

void resp_digest(const struct resp_item *item, uint8_t out[DIGEST_BYTES])
{
    if (item->size > RESP_KEPT) {
        memcpy(out, item->digest, DIGEST_BYTES);
        return;
    }
    struct digest digest;
    assert(item->kept == item->size);
    digest_begin(&digest);
    digest_add(&digest, item->text, item->kept);
    digest_end(&digest, out);
}

bool resp_number(const struct resp_item *item, int64_t *number)
{
    if (item->type == ':') {
        *number = item->number;
        return true;
    }
    bool negative = item->kept > 0 && item->text[0] == '-';
    size_t at = negative;
    if (item->null || item->size == at || item->size > DIGITS_MAX + at) {
        return false;
    }
    int64_t value = 0;
    for (; at < item->kept; at++) {
        char c = item->text[at];
        if (c < '0' || c > '9') {
            return false;
        }
        value = value * 10 + (c - '0');
    }
    *number = negative ? -value : value;
    return true;
}

int resp_hex_digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}
