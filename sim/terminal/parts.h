/* The parts of what is printed when a trial or a scenario is done, in their order on the screen.
 * Each writes whole lines to options->out and nothing at all if it has nothing to say.
 */
#ifndef HUSTINGS_TERMINAL_PARTS_H
#define HUSTINGS_TERMINAL_PARTS_H

#include "sim/terminal/style.h"

/* All trials of a scenario, and what came of them. */
struct finish {
    const struct terminal_options *options;
    const struct scenario *scenario;
    const struct run_facts *facts;
    const struct trials *trials; /* NULL: there are none, for machines */
    const struct judgement *judgement;
    const char *results_path;      /* may be NULL */
    const struct told_story *told; /* may be NULL */
    const struct stop *stop;       /* for machines; NULL: all its trials ran */
};

/* The table of elections: a row each for one trial; over many, a row for each place in the order
 * of elections and cause, with the winners and their times. */
void part_elections(const struct finish *finish);
void part_spread(const struct finish *finish);

/* That what members believe was inferred; false: it was not in the first trial. */
bool part_inferred(const struct finish *finish);

/* That programs ask for another time to live than the scenario says; false: nowhere they do. */
bool part_other_ttl(const struct finish *finish);

/* On the screen, the verdict of what is wrong, but was right when the statuses were read. */
#define VERDICT_OUTDATED "outdated"

/* How good a verdict is, in colour. */
extern const enum style verdict_styles[VERDICTS];

/* The table of checks: those violated or expected; the others are counted. */
void part_checks(const struct finish *finish);

/* No check was violated and none was expected to be: there is no table to show. */
bool checks_all_held(const struct finish *finish);

/* Of a run that is ok: which promises were broken, as the scenario expects or allows; nothing if
 * none was. */
void part_broken(const struct finish *finish);

/* How many checks were put to the test and held, in some trial at least. */
size_t checks_held(const struct finish *finish);

/* What was not put to the test in any trial, and why: "Not tested: starvation, since …". False:
 * there is no such thing. */
bool part_untested(const struct finish *finish);

/* Which faults were not done, and why: "Not done: crash 2 (line 5), since …". False: there are
 * none. */
bool part_not_done(const struct finish *finish);

/* What the stalls cost that were drawn from a table. */
void part_stalls(const struct finish *finish);

/* What a split brain cost, where members work. */
void part_price(const struct finish *finish);

/* Who was elected and how long it took, in words: over many trials; of one trial, why an election
 * ended as wrong. False: there is nothing to say. */
bool part_elected(const struct finish *finish);

/* The story of a trial; and what broke promises in other trials alone. */
void part_story(const struct finish *finish);

/* Each expectation that did not hold, with the guilty events and the command that repeats it. */
void part_failures(const struct finish *finish);

/* Each expectation that is open, with the reason; what is open because a trial as a whole is
 * undecided in one sentence for that trial. */
void part_open(const struct finish *finish);

/* The next file of the same folder, by name: what to run next. False: there is none. */
bool next_scenario(const char *path, char *out, size_t size);

/* Leaves the picture of --watch where it is; takes any other away. */
void terminal_keep(const struct terminal_options *options);

#endif
