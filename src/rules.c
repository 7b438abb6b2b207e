/* The article's three rules. See rules.h. */
#include "src/rules.h"

struct choice rules_elect(struct ballot ballot, int32_t incumbent)
{
    int32_t lowest_submit = NOBODY;
    int32_t lowest_prepare = NOBODY;

    /* Ids ascend, so the first of a status is the lowest. */
    for (uint32_t i = 0; i < ballot.count; i++) {
        const struct vote *vote = &ballot.votes[i];
        if (vote->status == STATUS_SUBMIT) {
            if (vote->id == MASTER_ID) {
                return (struct choice){.id = MASTER_ID, .rule = 1};
            }
            if (lowest_submit == NOBODY || vote->id == incumbent) {
                lowest_submit = vote->id;
            }
        } else if (vote->status == STATUS_PREPARE && vote->id != MASTER_ID &&
                   lowest_prepare == NOBODY) {
            lowest_prepare = vote->id;
        }
    }
    if (lowest_submit != NOBODY) {
        return (struct choice){.id = lowest_submit, .rule = 2};
    }
    if (lowest_prepare != NOBODY) {
        return (struct choice){.id = lowest_prepare, .rule = 3};
    }
    return (struct choice){.id = NOBODY, .rule = 0};
}
