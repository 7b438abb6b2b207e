/* SHA-1. See digest.h, and FIPS 180-4 for the names. */
#include "sim/resp/digest.h"

#include <assert.h>
#include <string.h>

#define ROUNDS 80
#define LENGTH_AT (DIGEST_BLOCK - 8) /* the last block ends with the length in bits */

static uint32_t rotated(uint32_t word, unsigned by)
{
    return word << by | word >> (32 - by);
}

static void expand(const uint8_t block[DIGEST_BLOCK], uint32_t words[ROUNDS])
{
    for (size_t i = 0; i < 16; i++) {
        const uint8_t *at = block + 4 * i;
        words[i] = (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
    }
    for (size_t i = 16; i < ROUNDS; i++) {
        words[i] = rotated(words[i - 3] ^ words[i - 8] ^ words[i - 14] ^ words[i - 16], 1);
    }
}

static void mix(uint32_t state[5], const uint8_t block[DIGEST_BLOCK])
{
    uint32_t words[ROUNDS];
    uint32_t a = state[0], b = state[1], c = state[2], d = state[3], e = state[4];
    expand(block, words);
    for (size_t i = 0; i < ROUNDS; i++) {
        uint32_t f;
        uint32_t k;
        if (i < 20) {
            f = (b & c) | (~b & d);
            k = 0x5a827999;
        } else if (i < 40) {
            f = b ^ c ^ d;
            k = 0x6ed9eba1;
        } else if (i < 60) {
            f = (b & c) | (b & d) | (c & d);
            k = 0x8f1bbcdc;
        } else {
            f = b ^ c ^ d;
            k = 0xca62c1d6;
        }
        uint32_t next = rotated(a, 5) + f + e + k + words[i];
        e = d;
        d = c;
        c = rotated(b, 30);
        b = a;
        a = next;
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
    state[4] += e;
}

void digest_begin(struct digest *digest)
{
    *digest = (struct digest){
        .state = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0},
    };
}

void digest_add(struct digest *digest, const void *bytes, size_t size)
{
    const uint8_t *at = bytes;
    while (size > 0) {
        size_t used = digest->size % DIGEST_BLOCK;
        size_t room = DIGEST_BLOCK - used;
        size_t taken = size < room ? size : room;
        memcpy(digest->block + used, at, taken);
        digest->size += taken;
        at += taken;
        size -= taken;
        if (digest->size % DIGEST_BLOCK == 0) {
            mix(digest->state, digest->block);
        }
    }
}

void digest_end(struct digest *digest, uint8_t out[DIGEST_BYTES])
{
    static const uint8_t padding[DIGEST_BLOCK] = {0x80};
    uint64_t bits = digest->size * 8;
    size_t used = digest->size % DIGEST_BLOCK;
    uint8_t length[8];
    for (unsigned i = 0; i < sizeof length; i++) {
        length[i] = (uint8_t)(bits >> (56 - 8 * i));
    }
    digest_add(digest, padding,
               used < LENGTH_AT ? LENGTH_AT - used : DIGEST_BLOCK + LENGTH_AT - used);
    digest_add(digest, length, sizeof length);
    assert(digest->size % DIGEST_BLOCK == 0);
    for (size_t i = 0; i < DIGEST_BYTES; i++) {
        out[i] = (uint8_t)(digest->state[i / 4] >> (24 - 8 * (i % 4)));
    }
}

void digest_hex(const uint8_t digest[DIGEST_BYTES], char out[DIGEST_HEX])
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < DIGEST_BYTES; i++) {
        out[2 * i] = digits[digest[i] >> 4];
        out[2 * i + 1] = digits[digest[i] & 15];
    }
    out[DIGEST_HEX - 1] = '\0';
}
