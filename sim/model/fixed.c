/* Logarithms and powers of two in integers. See fixed.h. */
#include "sim/model/fixed.h"

#include <assert.h>

/* ln 2, with 64 bits after the point. */
#define LN2 UINT64_C(0xb17217f7d1cf79ab)

/* The upper 64 bits of a product, or a little less: the lowest products' carry is left out, which
 * costs at most 2 of the last place. */
static uint64_t multiply_high(uint64_t a, uint64_t b)
{
    uint64_t a_high = a >> 32;
    uint64_t a_low = a & UINT32_MAX;
    uint64_t b_high = b >> 32;
    uint64_t b_low = b & UINT32_MAX;
    return a_high * b_high + (a_high * b_low >> 32) + (a_low * b_high >> 32);
}

/* Squaring the number doubles its logarithm: one bit of it comes out at a time. */
int64_t fixed_log2(uint64_t x)
{
    assert(x >= 1);
    int whole = 63;
    while (x >> 63 == 0) {
        x <<= 1;
        whole--;
    }
    int64_t log = whole;
    for (int bit = 0; bit < 32; bit++) {
        x = multiply_high(x, x); /* was 1 to 2 with 63 bits after the point: 1 to 4, with 62 */
        int two = (int)(x >> 63);
        log = log * 2 + two;
        x <<= 1 - two;
    }
    return log;
}

/* e to the power of (fraction × ln 2), as its series. */
int64_t fixed_exp2(int64_t power)
{
    assert(power >= 0 && power < 62 * FIXED_ONE);
    int whole = (int)(power / FIXED_ONE);
    uint64_t fraction = (uint64_t)(power % FIXED_ONE) << 32;
    uint64_t exponent = multiply_high(fraction, LN2);
    uint64_t term = UINT64_C(1) << 62;
    uint64_t sum = term;
    for (uint64_t n = 1; term > 0; n++) {
        term = multiply_high(term, exponent) / n;
        sum += term;
    }
    int drop = 62 - whole;
    return (int64_t)(((sum >> (drop - 1)) + 1) >> 1);
}
