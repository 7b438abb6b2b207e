/* A sample of times. See sample.h. */
#include "sim/compare/sample.h"

#include <assert.h>
#include <stdlib.h>

#include "sim/text/grown.h"

bool sample_add(struct sample *sample, int64_t ns)
{
    int64_t *list = grown(sample->ns, sample->count, &sample->capacity, sizeof *list);
    if (!list) {
        return false;
    }
    sample->ns = list;
    sample->ns[sample->count++] = ns;
    return true;
}

static int ascending(const void *left, const void *right)
{
    int64_t a = *(const int64_t *)left;
    int64_t b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

void sample_sort(struct sample *sample)
{
    if (sample->count > 0) {
        qsort(sample->ns, sample->count, sizeof *sample->ns, ascending);
    }
}

void sample_free(struct sample *sample)
{
    free(sample->ns);
    *sample = (struct sample){0};
}

int64_t sample_quantile(const struct sample *sample, size_t numerator, size_t denominator)
{
    assert(sample->count > 0 && numerator <= denominator);
    size_t along = (sample->count - 1) * numerator;
    size_t from = along / denominator;
    int64_t low = sample->ns[from];
    int64_t high = from + 1 < sample->count ? sample->ns[from + 1] : low;
    return low + (high - low) * (int64_t)(along % denominator) / (int64_t)denominator;
}
