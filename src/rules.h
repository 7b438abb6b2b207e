/* The article's three rules, as one pure function. */
#ifndef HUSTINGS_RULES_H
#define HUSTINGS_RULES_H

#include "src/ballot.h"
#include "src/names.h"

/* Whom an election chose, and by which rule (1 to 3; 0 with NOBODY). */
struct choice {
    int32_t id;
    int32_t rule;
};

/* Elects from a ballot, after the article's "rules of the election":
 *
 *   1. the master (literally id 0) is in submit: no new election, the master's id is returned;
 *   2. some node is in submit: the lowest id in submit;
 *   3. otherwise: the lowest id in prepare.
 *
 * Rules 2 and 3 choose among ids >= 1; a master in prepare is no candidate. Votes of unknown status
 * are passed over, as the article's code does. A ballot without candidates elects NOBODY, rule 0.
 *
 * `incumbent` is an id that keeps the office under rule 2 for as long as it is itself in submit
 * (the option `sticky`), or NOBODY for the article's own rule. */
struct choice rules_elect(struct ballot ballot, int32_t incumbent);

#endif
