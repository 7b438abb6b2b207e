/* What a request asks, and the token that a value of the lock's key means. See request.h. */
#include "sim/wild/request.h"

#include <assert.h>

#define HEX_DIGITS 32

static bool read_hex(const char *text, size_t size, struct token *token)
{
    *token = (struct token){0};
    if (size != HEX_DIGITS) {
        return false;
    }
    for (size_t i = 0; i < HEX_DIGITS; i++) {
        char c = text[i];
        int digit = c >= 'A' && c <= 'F' ? -1 : resp_hex_digit(c);
        uint64_t *half = i < HEX_DIGITS / 2 ? &token->high : &token->low;
        if (digit < 0) {
            return false;
        }
        *half = *half << 4 | (uint64_t)digit;
    }
    return token->high != 0 || token->low != 0;
}

static struct token token_of(const uint8_t digest[DIGEST_BYTES])
{
    struct token token = {0};
    for (size_t i = 0; i < 8; i++) {
        token.high = token.high << 8 | digest[i];
        token.low = token.low << 8 | digest[8 + i];
    }
    token.low |= token.high == 0 && token.low == 0;
    return token;
}

bool wild_takes(const struct wild_request *request)
{
    bool absent = request->kind == WILD_LOCK && request->op == STORE_PUT_IF_ABSENT;
    assert(request->kind < WILD_KINDS);
    return absent || request->means == MEANS_TAKES;
}

struct token wild_token(const struct resp_item *value)
{
    struct token token;
    uint8_t digest[DIGEST_BYTES];
    if (read_hex(value->text, value->size, &token)) {
        return token;
    }
    resp_digest(value, digest);
    return token_of(digest);
}

struct token wild_token_of(const char *value, size_t size)
{
    struct token token;
    struct digest digest;
    uint8_t bytes[DIGEST_BYTES];
    if (read_hex(value, size, &token)) {
        return token;
    }
    digest_begin(&digest);
    digest_add(&digest, value, size < RESP_DIGESTED ? size : RESP_DIGESTED);
    digest_end(&digest, bytes);
    return token_of(bytes);
}
