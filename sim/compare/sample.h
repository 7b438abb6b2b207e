/* A sample: times that were measured, as many as there are. */
#ifndef HUSTINGS_COMPARE_SAMPLE_H
#define HUSTINGS_COMPARE_SAMPLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Owned by the caller: sample_free(). Start with a zeroed one. */
struct sample {
    int64_t *ns;
    size_t count, capacity;
};

/* False: memory is out. */
bool sample_add(struct sample *sample, int64_t ns);

/* Puts it into ascending order. */
void sample_sort(struct sample *sample);

void sample_free(struct sample *sample);

/* The quantile at numerator / denominator of a sorted sample that is not empty, on a straight line
 * between the two values nearest to it. */
int64_t sample_quantile(const struct sample *sample, size_t numerator, size_t denominator);

#endif
