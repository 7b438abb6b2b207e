/* What is asked of a report. */
#ifndef HUSTINGS_REPORT_OPTIONS_H
#define HUSTINGS_REPORT_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whose histories are in the page, of those that the results folder has. */
enum report_histories {
    REPORT_FEW, /* as choose.h says */
    REPORT_ALL,
    REPORT_NONE
};

struct report_map;

struct report_options {
    const char *out;    /* the file; NULL: report.html in the first folder; "-": standard output */
    uint32_t histories; /* enum report_histories */
    const struct report_map
        *map;       /* the one folder is a matrix or a sweep: map.h; NULL: it is not */
    uint32_t trial; /* only this trial's history, of each scenario; 0: as `histories` says */
};

#endif
