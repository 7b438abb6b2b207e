/* The page of a report, as built: what stands before and after its data. page.cmake makes both from
 * sim/report/page/ and d3. */
#ifndef HUSTINGS_REPORT_PAGE_H
#define HUSTINGS_REPORT_PAGE_H

#include <stdbool.h>
#include <stddef.h>

/* Whether d3 was there when hustings was built. Without it the page shows nothing. */
extern const bool page_has_d3;

/* A NUL follows the last byte, which the size does not count. */
extern const unsigned char page_before[], page_after[];
extern const size_t page_before_size, page_after_size;

#endif
