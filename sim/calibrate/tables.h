/* From observations to a machine: the tables that are measured outright. The costs are found by
 * fitting them (fit.h). */
#ifndef HUSTINGS_CALIBRATE_TABLES_H
#define HUSTINGS_CALIBRATE_TABLES_H

#include "sim/calibrate/observe.h"
#include "sim/model/machine.h"

/* How many quantiles a table has in the file. */
#define TABLE_QUANTILES 1001

struct machine_tables {
    int64_t timer[TABLE_QUANTILES], round[TABLE_QUANTILES], cold[TABLE_QUANTILES],
        start[TABLE_QUANTILES], birth[TABLE_QUANTILES];
    int64_t op[STORE_OPS], first[STORE_OPS], script, step_percent, warm_percent;
};

/* Makes the tables; sorts the observations. False with one line in `error`: there are too few. */
bool tables_make(struct machine_tables *tables, struct observations *observations, char *error,
                 size_t error_size);

/* Puts them into a machine. */
void tables_into(const struct machine_tables *tables, struct machine *machine);

#endif
