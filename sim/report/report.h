/* The report: one HTML file that shows what is in results folders, and needs nothing else, neither
 * files nor a network.
 *
 *     results folders ─▶ data (JSON) ─▶ page_before + data + page_after
 *
 * The page is sim/report/page/: an HTML frame, a style, a store that decodes the data (store.js),
 * and a script for each panel. page.cmake puts them and d3 together when hustings is built. What
 * the data are made of:
 *
 *     document.c  the document as a whole      run_json.c      a scenario of a results folder
 *     folder.c    what a results folder has    conclusion.c    its expectations
 *     choose.c    whose histories are shown    rows.c          its tables
 *     share.c     how much of each             reads.c         what proves the order of events
 *     texts.c     sentences, each once         history_json.c  a history: its events
 *     map.c       cells of a matrix or sweep   map_json.c      the same as a table
 *     states.c    its members' states, locks   faults.c        its faults, with their spans
 *                                              told.c          what was found in it
 *
 * Whatever stands in the data is text for the page, never HTML: the page sets it by textContent,
 * and no `<` is in the file's JSON (escape.h).
 *
 * How to add a panel: a section with its id in page/page.html, a script page/NAME.js that calls
 * H.panel(id, init), and its name in page_scripts of sim/cmake/page.cmake. A value of the data:
 * where it is written, in C, and where store.js decodes it. */
#ifndef HUSTINGS_REPORT_REPORT_H
#define HUSTINGS_REPORT_REPORT_H

#include "sim/report/options.h"

/* What was written, and what is not in it: data.h. */
struct report_written {
    char path[4096];
    size_t bytes, runs, cells, histories, left_out, missing, bare, cut;
    char first_missing[4700];
};

/* Whether the page could be put together when hustings was built; if not, what is to be installed
 * is told in `error`. */
bool report_is_built(char *error, size_t error_size);

/* Writes the report of these results folders. The file appears whole, or not at all. False with one
 * line in `error`: something could not be read or written, or memory is out. */
bool report_write(const struct report_options *options, char *const *folders, size_t count,
                  struct report_written *written, char *error, size_t error_size);

#endif
