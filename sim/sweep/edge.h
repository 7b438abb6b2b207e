/* Up to where a choice really bears what befalls: the edge between the last value of the grid that
 * was safe and the first that was not, found by halving, and confirmed with many more trials, by
 * another seed than that of the grid and of the halving; and so, by fewer trials, are the lesser
 * values of the grid, and some between two of which one is more than the double of the other, for
 * what befalls longer does not always hurt more. What these trials show counts: the choices are
 * ranked by it again, and the next best is tried, until the best of all is one that was confirmed.
 */
#ifndef HUSTINGS_SWEEP_EDGE_H
#define HUSTINGS_SWEEP_EDGE_H

#include "sim/sweep/confirmed.h"
#include "sim/sweep/settings.h"

#define EDGE_TRIALS 10000
/* So many choices are tried at most. */
#define EDGE_CHOICES 16

/* Finds it for the best choice that holds. TRIAL_RAN, with `edge->found` or not: then no choice is
 * best; or why it ended early, with what was refuted until then. */
enum trial_end edge_find(const struct edge_work *work, struct edge *edge, char *error);

/* The words of the best choice at a value of what befalls, "" if nothing does; the other axes have
 * their last values, but there is no seed among them. `room` holds one of the words. Returns how
 * many. */
size_t edge_words(const struct advice *advice, const char *value, const char *words[AXES_MAX],
                  char room[EDGE_WORD]);

/* Of so many trials none broke: with 95 % confidence, fewer than this share of all do. Tests are
 * made until one passes, and with more tests it is likelier that one passes by chance. So the
 * first one may err in 4 of 100 sweeps, and all later ones together in one more: the nth, from the
 * second on, in 0.01 / (n (n - 1)). */
double edge_bound(uint64_t trials, uint32_t tests);

/* The same as percent, "0.03", "100": two digits, rounded up, for it is a bound. Returns `out`. */
char *edge_bound_text(uint64_t trials, uint32_t tests, char out[16]);

/* Whether so many trials tested it that one may call it confirmed: more than a tenth of those that
 * were asked for, and no fewer than EDGE_LEAST. */
#define EDGE_LEAST 60
bool edge_is_confirmed(const struct edge *edge);

#endif
