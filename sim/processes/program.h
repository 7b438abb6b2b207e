/* A member that is a program of the user's. Between it and the driver stands a process of ours, a
 * child like any other member: its keeper.
 *
 *     driver ──▶ keeper ──▶ program ──▶ whatever that starts        the keeper is their subreaper:
 *       │          ▲  ▲         │ stdout: claims                    the whole tree stays below it
 *       │          │  └─────────┘ stderr: its log
 *       │          └ slot: its history, its claim
 *       └── stops, resumes and kills all that is below the keeper (sim/system/tree.h)
 *
 * The keeper itself is never stopped by a fault: it reads, and stamps with the time, what the
 * program has written, so no pipe ever blocks. When the driver dies, it kills the tree, and itself.
 * The program has a session of its own, the scenario's folder as its working directory, and an
 * environment of which program_env.c has the list. It reaches each Redis through the relay, always:
 * there its requests can be read by whoever wants to know what a program believes that claims
 * nothing. */
#ifndef HUSTINGS_PROCESSES_PROGRAM_H
#define HUSTINGS_PROCESSES_PROGRAM_H

#include "sim/processes/run.h"

/* The life of the forked keeper of member `id`. */
_Noreturn void program_keep(const struct run *run, uint16_t id);

/* In the child that is about to become the program: the environment, and the part of it that is the
 * same in each trial; the scenario's folder (false: errno is set). */
void program_enter(const struct run *run, uint16_t id);
void program_enter_common(const struct scenario *scenario);
bool program_enter_folder(const struct scenario *scenario);

/* --- the driver's side, program_verbs.c ------------------------------------------------------- */

static inline bool run_is_program(const struct run *run, uint16_t id)
{
    return scenario_program(run->scenario, id) != NULL;
}

/* Stops, resumes, kills all that is below the keeper. False: the world failed. When it has been
 * stopped, all that it had written before is in the history. */
bool run_stop_program(struct run *run, uint16_t id);
bool run_resume_program(struct run *run, uint16_t id);
bool run_kill_program(struct run *run, uint16_t id);

/* The keeper has exited with this code: fills in how the program ended, or the world failed. False:
 * it was no code of a keeper's. */
bool run_program_ended(struct run *run, uint16_t id, int code, struct history_event *died);

#endif
