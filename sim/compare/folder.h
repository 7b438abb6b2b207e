/* A results folder, read as one side of a comparison: the part of comparison.h that reads. */
#ifndef HUSTINGS_COMPARE_FOLDER_H
#define HUSTINGS_COMPARE_FOLDER_H

#include "sim/compare/comparison.h"

/* The scenario of this name, made if it is not there. NULL: memory is out. */
struct compared *comparison_scenario(struct comparison *comparison, const char *name);

/* One more on this side. False: memory is out. */
bool shares_count(struct shares *shares, const char *name, enum side side, size_t more);

/* An election's time into the group, which is made if it is not there. False: memory is out. */
bool compared_time(struct compared *compared, enum side side, uint32_t nth, const char *cause,
                   enum measure measure, int64_t ns);

#endif
