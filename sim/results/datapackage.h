/* datapackage.json: the CSV files described as a Tabular Data Package of Frictionless Data, so that
 * tools read them with the right types and people find every column's meaning. */
#ifndef HUSTINGS_RESULTS_DATAPACKAGE_H
#define HUSTINGS_RESULTS_DATAPACKAGE_H

#include "sim/results/described.h"

/* Writes it to `path` as a whole. False with errno set. */
bool datapackage_write(const char *path, const struct described *described);

#endif
