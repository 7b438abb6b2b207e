/* Whose histories are in the page. With REPORT_FEW, of each scenario: the first CHOSEN_MAX / 2
 * trials that were not as expected, and the first others, CHOSEN_MAX in all; and no more once their
 * files are larger than CHOSEN_BYTES together, but one of each scenario in any case. The page says
 * so. */
#ifndef HUSTINGS_REPORT_CHOOSE_H
#define HUSTINGS_REPORT_CHOOSE_H

#include "sim/report/folder.h"
#include "sim/report/options.h"

#define CHOSEN_MAX 20
#define CHOSEN_BYTES ((size_t)24 << 20)

/* Marks the trials of a scenario that are chosen. Returns how many histories of it there are. */
size_t choose(struct folder_run *run, const struct report_options *options);

/* Why those that are not in the page are not, in a sentence that goes on after a number of them. */
char *choose_words(const struct report_options *options, char *out, size_t size);

#endif
