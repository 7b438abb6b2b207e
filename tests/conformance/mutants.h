/* Mutants: the modelled Redis with one mistake each, of the kind that one makes. Each must be
 * caught, or the conformance test proves nothing. */
#ifndef TESTS_CONFORMANCE_MUTANTS_H
#define TESTS_CONFORMANCE_MUTANTS_H

#include "tests/conformance/twins.h"

struct mutant {
    const char *mistake;
    store_function *apply;
};

/* Ends with a NULL mistake. */
extern const struct mutant mutants[];

#endif
