/* A grid: many cells, each of which is a scenario that is run for some trials, and leaves one line
 * of text. What a line says is the business of whoever runs the grid (a sweep, a matrix); here is
 * what they share: a file of finished cells, which survives a kill; cells side by side; shards.
 *
 *     plan ──▶ grid_open() ──▶ grid_run() ──▶ grid_seal() ──▶ grid_line(), one after the other
 *              the lines that    the cells       the same file
 *              are there         that are not    in order
 *
 * The file is `cells.txt` in the folder of the results. Its first line says which plan it belongs
 * to; each other one is "NUMBER<tab>DIGEST<tab>LINE", in the order in which the cells were
 * finished. A kill may leave a part of a line at its end, which is cut off when the file is opened
 * again. After grid_seal() it is in the order of the cells: so a run that was killed and taken up
 * again leaves the same bytes as one that was not, and so do shards that are merged.
 */
#ifndef HUSTINGS_GRID_GRID_H
#define HUSTINGS_GRID_GRID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/grid/head.h"

#define GRID_ERROR 2048
struct grid; /* the file and what of it is finished; some bytes a cell, whatever the lines are */

/* Opens the file in a folder, which must exist, or begins it, and locks it, where the file system
 * has locks. NULL with one line in `error`: the world failed, another hustings is at work on it, or
 * it belongs to another plan. */
struct grid *grid_open(const char *folder, const struct grid_plan *plan, char *error,
                       size_t error_size);

/* Takes in the cells that another folder's file has and this one has not. False with one line in
 * `error`: it is not there, belongs to another plan, or says something else of a cell. */
bool grid_take(struct grid *grid, const char *folder, char *error, size_t error_size);

/* Sets `has` ([cells] of the plan) for each cell that the file in a folder has, which stays as it
 * is. False with one line in `error`: it is not there, or belongs to another plan. */
bool grid_look(const char *folder, const struct grid_plan *plan, bool *has, char *error,
               size_t error_size);

/* How many cells are finished; whether one is, from 0. */
size_t grid_finished(const struct grid *grid);
bool grid_has(const struct grid *grid, size_t cell);

/* The line of a finished cell, without its end; the caller's to free(). NULL: it cannot be read, or
 * memory is out. */
char *grid_line(const struct grid *grid, size_t cell);

/* Puts the file in order, whether all cells are finished or not. False with one line in `error`. */
bool grid_seal(struct grid *grid, char *error, size_t error_size);

void grid_close(struct grid *grid);

/* Appends the line of a cell that is not finished; it has no end of line in it. False with one line
 * in `error`, and nothing is there. Not for several threads at once. */
bool grid_add(struct grid *grid, size_t cell, const char *line, char *error, size_t error_size);

/* How many cells the plan has. */
size_t grid_cells(const struct grid *grid);

#endif
