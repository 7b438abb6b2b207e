/* A matrix: stories × combinations. Each cell is a story moved to a combination (move.h), written
 * down as a scenario, and run.
 *
 *     folder of stories ─┐
 *                        ├─▶ matrix ──▶ cell by cell ──▶ lines ──▶ table, matrix.csv, picture
 *     combinations ──────┘                └─▶ cells/STORY@COMBINATION.yaml
 */
#ifndef HUSTINGS_MATRIX_MATRIX_H
#define HUSTINGS_MATRIX_MATRIX_H

#include "sim/host/host.h"
#include "sim/matrix/cell.h"
#include "sim/matrix/combination.h"
#include "sim/matrix/move.h"

#define MATRIX_ERROR 2048

struct matrix {
    const struct host_row *host;
    struct host_options options; /* its trials and seed are the cells' own */
    struct move_options move;
    struct scenario *stories; /* owned */
    size_t story_count;
    struct combination *combinations; /* owned */
    size_t combination_count;
    bool allow_exec;    /* programs of the user's may be started */
    const char *folder; /* of the results, which exists; the caller's */
};

/* Adds the stories of a file, or of all files *.yaml of a folder, in the order of their names, but
 * for the cures (…-cured.yaml): a cure is a story against another combination. False, with what is
 * wrong said on stderr. */
bool matrix_add_stories(struct matrix *matrix, const char *path);

/* Sets the combinations from a list. False with a line in `error`. */
bool matrix_set_combinations(struct matrix *matrix, const char *list, char error[MATRIX_ERROR]);

void matrix_free(struct matrix *matrix);

static inline size_t matrix_cells(const struct matrix *matrix)
{
    return matrix->story_count * matrix->combination_count;
}
static inline const struct scenario *matrix_story(const struct matrix *matrix, size_t cell)
{
    return &matrix->stories[cell / matrix->combination_count];
}
static inline const struct combination *matrix_combination(const struct matrix *matrix, size_t cell)
{
    return &matrix->combinations[cell % matrix->combination_count];
}

/* "leader-stalls@lease+token". Returns `out`. */
char *matrix_cell_name(const struct matrix *matrix, size_t cell, char *out, size_t size);

/* The cell of that name; matrix_cells(): there is none. */
size_t matrix_find(const struct matrix *matrix, const char *name);

/* The file of its scenario, within the folder of the results: "cells/NAME.yaml". Returns `out`. */
char *matrix_cell_file(const struct matrix *matrix, size_t cell, char *out, size_t size);

/* Puts into what identifies a grid what the stories and combinations have to say. */
void matrix_put(const struct matrix *matrix, FILE *to);

/* A number for the programs that it starts; 0: it starts none. */
uint64_t matrix_programs(const struct matrix *matrix);

/* Writes the scenario of a cell, if the story applies, and runs it. Several may run at once on a
 * host with virtual time. False: it was interrupted (`error` is empty), or the world failed. */
bool matrix_run_cell(const struct matrix *matrix, size_t number, struct cell *cell,
                     char error[MATRIX_ERROR]);

#endif
