/* A trial on real processes that stands on a stage: a test turns it, does faults to it by their
 * rows, and looks at its Redis through a connection of its own. */
#ifndef HUSTINGS_TESTS_UNIT_SERVERS_STAGE_H
#define HUSTINGS_TESTS_UNIT_SERVERS_STAGE_H

#include "sim/processes/run.h"

#define STAGE_FAULTS 16

struct stage {
    struct guardian guardian;
    struct server_program program;
    struct run_common common;
    struct scenario scenario;
    struct run run;
    struct link eye; /* the test's own */
    uint32_t faults; /* that it has begun and that add up */
};

/* Begins a trial of a scenario of two nodes; `more` is YAML that is added to it. Returns when
 * everybody is connected; fails the test if that does not come about. */
void stage_begin(struct stage *stage, const char *more);

/* The same with a server program of the test's. False: the trial failed before; run.error says
 * why. */
bool stage_begin_with(struct stage *stage, const char *more, const char *server);

/* Ends the trial and everything that belongs to it. */
void stage_end(struct stage *stage);

/* The same, and the history is the caller's (history_free). */
void stage_end_with(struct stage *stage, struct history *history);

/* Turns the trial until `holds` is true. False: not within `ms`. */
bool stage_until(struct stage *stage, bool (*holds)(struct stage *stage), int ms);

/* What a fault's row does. Parameters as in a scenario. */
bool stage_apply(struct stage *stage, const struct fault_row *row, uint16_t id, int64_t param);
bool stage_heal(struct stage *stage, const struct fault_row *row, uint16_t id);

/* A command, words parted by blanks, and what was answered as text: "OK", "nil", "17", an error,
 * "silence". A list: its elements, parted by blanks. In a buffer that lives until the next call. */
const char *stage_ask(struct stage *stage, const char *command);

/* The number after `label` in what INFO says. */
long long stage_info(struct stage *stage, const char *label);

/* Whether the server answers the test again. For stage_until. */
bool server_answers(struct stage *stage);

/* Whether the trial has failed. For stage_until. */
bool trial_failed(struct stage *stage);

#endif
