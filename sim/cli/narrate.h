/* What a process run by hand says: its events as lines for a person. Polling is not news; only what
 * changes is told, unless everything is asked for. */
#ifndef HUSTINGS_CLI_NARRATE_H
#define HUSTINGS_CLI_NARRATE_H

#include <stdbool.h>

#include "sim/history/history.h"
#include "sim/processes/link.h"

struct narrator {
    bool verbose;
    int64_t begun_ns; /* CLOCK_MONOTONIC */
    struct claim told;
    const struct settings *settings; /* of the election */
    const struct link *link;         /* why a request failed */
    /* What was told of each kind of request that failed, and of a Redis that cannot be reached: a
     * digest of the sentence, 0 for none. Said once, not at every retry. */
    uint32_t faults_on_links[STORE_OPS], unreachable;
    struct request_note {
        uint32_t number;
        uint8_t moment, op;
        uint8_t status;
        struct result result;
    } asked;
};

/* "node 3 at redis://…": the first line. */
void narrate_beginning(struct narrator *narrator, uint16_t id, const char *address);

/* One event; fits struct member's `record`. */
void narrate(void *narrator, struct history_event *event);

#endif
