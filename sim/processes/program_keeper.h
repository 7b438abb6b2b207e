/* The keeper of a program, between its files: its life is in program.c, what it makes of what the
 * program writes in program_said.c. See program.h. */
#ifndef HUSTINGS_PROCESSES_PROGRAM_KEEPER_H
#define HUSTINGS_PROCESSES_PROGRAM_KEEPER_H

#include "sim/processes/member_step.h"
#include "sim/processes/run.h"
#include "sim/program/output.h"

/* How a keeper exits; the slot has the words. */
#define KEEPER_PROGRAM_ENDED 4 /* by itself; with program_status, and the end of its log */
#define KEEPER_BAD_LINE 5      /* the program wrote a line that is no claim */
#define KEEPER_CANNOT_START 6

struct keeper {
    const struct run *run;
    struct member member; /* of which only what records and notifies is used */
    uint16_t id;
    pid_t pid;        /* of the program; 0: not begun */
    int in, out, err; /* of its standard input, output and error */
    int why;          /* until it is started: why it cannot be; -1 */
    int signals;
    struct link resource; /* if there is one */
    struct line_reader lines;
    struct log_tail log;
};

/* Ends, with all that is below; or, if a fault is about to kill us anyway, waits for that. */
_Noreturn void keeper_leave(struct keeper *keeper, int code);

/* Reads once from `out` or `err`, and takes in what is there. False: there is nothing now, or never
 * again (then the descriptor is -1). */
bool keeper_read(struct keeper *keeper, int *fd);

/* Reads all that is there; of one that writes for ever, no more than a pipe holds. */
void keeper_drain(struct keeper *keeper);

#endif
