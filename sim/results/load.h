/* load.sqlite.sql and load.duckdb.sql: scripts that bring the CSV files into a database, each
 * column with its type, and empty cells as NULL. Two, since neither program understands how the
 * other one reads a file. Both are made from what describes the tables (described.h). */
#ifndef HUSTINGS_RESULTS_LOAD_H
#define HUSTINGS_RESULTS_LOAD_H

#include "sim/results/described.h"

#define LOAD_SQLITE "load.sqlite.sql"
#define LOAD_DUCKDB "load.duckdb.sql"

/* Write such a script to `path` as a whole. False with errno set. */
bool load_sqlite_write(const char *path, const struct described *described);
bool load_duckdb_write(const char *path, const struct described *described);

#endif
