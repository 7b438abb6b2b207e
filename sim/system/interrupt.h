/* Ctrl-C, and its likes: SIGINT, SIGTERM, SIGHUP.
 *
 *     first    noted; the trial under way ends, and what is finished is written
 *     second   final: the process ends at once, with exit status 130; but within 100 ms of the
 *              first it is taken for the same, as somebody may signal a process and its group
 *
 * A signal that was ignored when the program began (nohup, a shell's background job) stays so. The
 * handlers themselves are the memory of it: after the first signal they are others. The time of the
 * first is in the timer ITIMER_REAL, which nothing else may use.
 */
#ifndef HUSTINGS_SYSTEM_INTERRUPT_H
#define HUSTINGS_SYSTEM_INTERRUPT_H

#include <signal.h>
#include <stdbool.h>

/* Begins to catch them. */
void interrupt_catch(void);

/* Whether the first has come. */
bool interrupt_came(void);

/* For a host that waits for them by a signalfd: the set, and what to do when the first was read. It
 * unblocks them, so that a second is final whatever the host is doing then. */
void interrupt_set(sigset_t *set);
void interrupt_note(void);

/* For a forked child that these signals are to end: as they were before interrupt_catch(). */
void interrupt_forget(void);

#endif
