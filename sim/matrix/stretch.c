/* The times of a story in another length of the lease. See stretch.h. */
#include "sim/matrix/stretch.h"

#include <assert.h>
#include <stddef.h>

#include "sim/matrix/share.h"
#include "sim/scenario/scenario.h"
#include "src/units.h"

/* Longer times than this are in whole ms. */
#define WHOLE_MS_FROM_US 100e3

struct stretch stretch_between(const struct settings *story, const struct settings *now)
{
    struct stretch stretch = {share_lease_length(story), share_lease_length(now), ""};
    if (stretch.from_ns == 0 || stretch.to_ns == 0) {
        stretch.from_ns = stretch.to_ns = 1;
    }
    assert(stretch.from_ns > 0 && stretch.to_ns > 0);
    return stretch;
}

const char *stretch_text(struct stretch *stretch, const char *text)
{
    int64_t ns;
    bool minus = *text == '-';
    if (stretch->from_ns == stretch->to_ns || !duration_parse(text + minus, &ns) || ns == 0) {
        return NULL;
    }
    double us = (double)ns / (double)NS_PER_US * (double)stretch->to_ns / (double)stretch->from_ns;
    us = us < WHOLE_MS_FROM_US ? us : (double)(int64_t)(us / 1000 + 0.5) * 1000;
    stretch->text[0] = '-';
    duration_text((int64_t)(us + 0.5) * NS_PER_US, stretch->text + minus,
                  sizeof stretch->text - minus);
    return stretch->text;
}
