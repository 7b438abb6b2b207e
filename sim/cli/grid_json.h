/* run.json of a sweep and of a matrix: with what, where and when it ran. */
#ifndef HUSTINGS_CLI_GRID_JSON_H
#define HUSTINGS_CLI_GRID_JSON_H

#include "sim/cli/grid_options.h"

struct cJSON;

struct grid_facts {
    const char *verb, *cells; /* what its cells are called */
    const char *name, *value; /* what it was made of: "scenario" or "against" */
    size_t count;             /* of cells */
    uint32_t jobs, trials;
    bool has_seed;
    uint64_t seed;
    size_t parts; /* merged from so many folders; 0: it runs */
};

/* Of what begins now, written into the folder. The caller's: cJSON_Delete(). NULL with one line in
 * `error`. */
struct cJSON *grid_json_begin(const char *folder, const struct grid_asked *asked,
                              const struct grid_facts *facts, char *error, size_t size);

/* It is whole now. False with one line in `error`. */
bool grid_json_end(struct cJSON *run, const char *folder, char *error, size_t size);

#endif
