/* What an event has by its kind. results/README.md has the fields. */
#ifndef HUSTINGS_JSONL_PAYLOAD_H
#define HUSTINGS_JSONL_PAYLOAD_H

#include "sim/jsonl/fields.h"

/* The ballot of the last reply, which goes on in events of the kind MORE. */
struct ballot_left {
    uint16_t runs;      /* that are still to come */
    int32_t last_voter; /* so far */
};

/* Writes or reads it. `settings` are those of the history; the event's kind is there already. */
void payload_fields(struct fields *fields, const struct settings *settings,
                    struct ballot_left *ballot, struct history_event *event);

#endif
