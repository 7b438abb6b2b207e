/* A number for what bytes say: two texts by accident alike are not to be expected. (FNV-1a; it is
 * no shield against somebody who wants them alike.) */
#ifndef HUSTINGS_TEXT_DIGEST_H
#define HUSTINGS_TEXT_DIGEST_H

#include <stddef.h>
#include <stdint.h>

static inline uint64_t digest_bytes(const char *bytes, size_t length)
{
    uint64_t digest = 14695981039346656037u;
    for (size_t i = 0; i < length; i++) {
        digest = (digest ^ (unsigned char)bytes[i]) * 1099511628211u;
    }
    return digest;
}

#endif
