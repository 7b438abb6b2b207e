/* Outcomes made by hand, folded together as a run does. */
#ifndef HUSTINGS_TESTS_SUPPORT_TRIALS_H
#define HUSTINGS_TESTS_SUPPORT_TRIALS_H

#include <assert.h>

#include "sim/outcome/trials.h"

/* All of them; the caller's: trials_free(). The outcomes are to live as long. */
static inline struct trials *trials_of(const struct scenario *scenario,
                                       const struct outcome *outcomes, size_t count)
{
    struct trials *trials = trials_new(scenario);
    bool whole = trials != NULL;
    for (size_t i = 0; whole && i < count; i++) {
        whole = trials_take(trials, &outcomes[i]);
    }
    whole = whole && trials_end(trials);
    assert(whole);
    return trials;
}

#endif
