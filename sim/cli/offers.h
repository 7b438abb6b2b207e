/* What shells offer for the values of options, out of the tables of scenarios. See offers in
 * manual/verb.h. */
#ifndef HUSTINGS_CLI_OFFERS_H
#define HUSTINGS_CLI_OFFERS_H

#include <stdio.h>

/* Keys of a scenario for --set, each with its sign: "nodes=", "lock.token.ttl=". */
void offer_keys(FILE *out);

/* Combinations for --against: "own", "all", "lease+token". */
void offer_combinations(FILE *out);

#endif
