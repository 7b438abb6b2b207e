/* SHA-1, by which a Redis names its scripts: here it is a name of a text, not a secret's keeper.
 *
 * Pure: no clock, no socket, no heap. */
#ifndef HUSTINGS_RESP_DIGEST_H
#define HUSTINGS_RESP_DIGEST_H

#include <stddef.h>
#include <stdint.h>

#define DIGEST_BYTES 20
#define DIGEST_HEX (2 * DIGEST_BYTES + 1) /* as text, with its end */
#define DIGEST_BLOCK 64

struct digest {
    uint32_t state[5];
    uint64_t size; /* bytes taken so far */
    uint8_t block[DIGEST_BLOCK];
};

void digest_begin(struct digest *digest);
void digest_add(struct digest *digest, const void *bytes, size_t size);

/* Ends it: nothing can be added afterwards. */
void digest_end(struct digest *digest, uint8_t out[DIGEST_BYTES]);

/* As a Redis writes it: in lower case. */
void digest_hex(const uint8_t digest[DIGEST_BYTES], char out[DIGEST_HEX]);

#endif
