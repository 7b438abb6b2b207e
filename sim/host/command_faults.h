/* Faults that await certain commands on one link: each is about those that fit a pattern, and hits
 * the nth of them, the next few, or each with some probability.
 *
 * A part of link_faults.h; pure. */
#ifndef HUSTINGS_HOST_COMMAND_FAULTS_H
#define HUSTINGS_HOST_COMMAND_FAULTS_H

#include "sim/faults/fault.h"

/* So many may await something on one link. */
#define COMMAND_FAULTS_MAX 4

/* What a request meets. */
struct link_met {
    uint8_t fault; /* enum link_fault; LINK_HEAL: nothing */
    bool applied;  /* LINK_RESET */
    uint8_t error; /* LINK_REFUSE: of command_errors */
    bool by_command;
    uint16_t index; /* by_command: of the fault, among those of the scenario */
    uint32_t instance;
    int64_t late_ns; /* LINK_LATE */
};

struct command_fault {
    struct command_pattern of;
    struct link_met meets;
    uint32_t nth;     /* from this one on: counts down to 1 */
    uint32_t left;    /* so many; 0: as long as it lasts */
    int64_t lost_ppm; /* the share of them, of a million */
    bool again; /* it was met by a script that the server did not know, and that comes again */
};

struct command_faults {
    uint32_t count;
    struct command_fault list[COMMAND_FAULTS_MAX];
};

/* False: there are too many already. */
bool command_faults_add(struct command_faults *faults, const struct link_order *order);

/* Takes away the one of this instance; false: it is not there (any more). */
bool command_faults_remove(struct command_faults *faults, uint32_t instance);

/* Which one the command meets; of several, the one that was there first. All that it fits count
 * it. */
struct link_met command_faults_meet(struct command_faults *faults, const struct command_seen *seen,
                                    uint64_t *rng);

/* It was met by a script that comes again with its text: that meets it then. */
void command_faults_meet_again(struct command_faults *faults, const struct link_met *met);

#endif
