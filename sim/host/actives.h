/* The list of active faults: which are in force, where, since when, and until when.
 *
 *     place (a process, a link, a server)   ▶ fault ▶ fault ▶ …   in the order of their beginnings
 *     all                                   ▶ fault ▶ fault ▶ …   likewise
 *
 * What is done with them is active.h's business. */
#ifndef HUSTINGS_HOST_ACTIVES_H
#define HUSTINGS_HOST_ACTIVES_H

#include "sim/faults/fault.h"

#define NO_ACTIVE UINT32_MAX

/* Neighbours in a list. */
struct active_link {
    uint32_t next, previous;
};

/* A fault that is in force. */
struct active {
    int64_t from_ns;   /* it was done then, by the time of the history */
    int64_t lasts_ns;  /* it is to last for so long; 0: until the end, or it is over at once */
    uint32_t instance; /* as in its events */
    uint16_t fault;    /* of the scenario */
    bool in_use;
    struct fault_place at;
    struct active_link of_place, of_all;
};

struct active_list {
    uint32_t first, last;
};

/* Zeroed: there is no memory for them yet. */
struct actives {
    struct active *list; /* owned: actives_free() */
    uint32_t count;
    size_t capacity;
    uint32_t spare; /* first of the places in the list that are free again, linked by of_all.next */
    struct active_list all;
    struct active_list *places; /* owned */
    uint16_t *cut_off;          /* owned; how many faults that take it down are in force on each */
    uint32_t place_count;
};

/* Empties it, with room for so many places. False: memory is out. */
bool actives_begin(struct actives *actives, uint32_t place_count);

/* Adds one at the end of both lists and returns its place in `list`; NO_ACTIVE: memory is out. */
uint32_t actives_add(struct actives *actives, uint32_t place, const struct active *active);

/* Takes one away. */
void actives_remove(struct actives *actives, uint32_t place, uint32_t index);

void actives_free(struct actives *actives);

#endif
