/* The keeper of a program, between its files: its life is in program.c, the reading of what the
 * program writes in program_said.c, what follows from that in program_steps.c. See program.h. */
#ifndef HUSTINGS_PROCESSES_PROGRAM_KEEPER_H
#define HUSTINGS_PROCESSES_PROGRAM_KEEPER_H

#include "sim/processes/member_step.h"
#include "sim/processes/run.h"
#include "sim/program/claims.h"
#include "sim/program/output.h"

/* How a keeper exits; the slot has the words. */
#define KEEPER_PROGRAM_ENDED 4 /* by itself; with program_status, and the end of its log */
#define KEEPER_BAD_LINE 5      /* the program wrote a line that is no claim */
#define KEEPER_CANNOT_START 6

/* What it does when it stands no longer. */
enum keeper_next { NEXT_NOTHING, NEXT_SEND, NEXT_AFTER, NEXT_ANSWER_WRITE, NEXT_ANSWER_STOP };

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
    char bytes[4096];      /* the last that was read of its standard output, … */
    size_t got, taken;     /* … so many; and so many of them are taken in */
    int64_t second_ns;     /* since then, … */
    uint32_t second_lines; /* … so many lines */
    struct log_tail log;
    int log_file;      /* in which all of it is kept; -1: none */
    size_t log_length; /* of that file */
    enum keeper_next next;
    uint64_t write_token; /* of the write that is under way */
    struct reply write_reply;
};

/* Whether it stands until a fault is applied: nothing of the program is taken in meanwhile. */
static inline bool keeper_stands(const struct keeper *keeper)
{
    const struct member_slot *slot = keeper->member.slot;
    return atomic_load(&slot->kept_go) != atomic_load(&slot->kept_stopped);
}

/* Whether it takes in the program's next line: what the last one asked for is done. */
static inline bool keeper_is_idle(const struct keeper *keeper)
{
    return keeper->next == NEXT_NOTHING && !keeper_stands(keeper);
}

/* Ends, with all that is below; or, if a fault is about to kill us anyway, waits for that. */
_Noreturn void keeper_leave(struct keeper *keeper, int code);

/* Each takes in once what is there of its standard output, or of its log. False: there is nothing
 * now, or never again (then the descriptor is -1), or, of the output, it stands. */
bool keeper_read(struct keeper *keeper);
bool keeper_read_log(struct keeper *keeper);

/* Reads all that is there; of one that writes for ever, no more than a pipe holds. */
void keeper_drain(struct keeper *keeper);

/* program_steps.c: it has said this; what follows from it may wait for a fault. */
void keeper_claims(struct keeper *keeper, const struct said *said);
void keeper_writes(struct keeper *keeper, uint64_t token);
void keeper_stops(struct keeper *keeper);

/* It stands no longer. */
void keeper_goes_on(struct keeper *keeper);

#endif
