/* The tree below a process, as /proc shows it: its children, theirs, and so on, whatever process
 * group or session they have put themselves into. It is whole below one that is a subreaper
 * (PR_SET_CHILD_SUBREAPER): who loses its parent becomes a child of that.
 *
 * Who forks meanwhile is not missed: the tree is walked until a walk finds nothing new. The root
 * itself is never touched. */
#ifndef HUSTINGS_SYSTEM_TREE_H
#define HUSTINGS_SYSTEM_TREE_H

#include <stdbool.h>
#include <sys/types.h>

/* Until all have stopped, or have died: each must be given a processor for that, which on a machine
 * with much to do may take seconds. */
#define TREE_TIMEOUT_S 20

/* Stops all of them; has them go on; kills all of them. False, errno set: something here forbids
 * it, or (ETIMEDOUT) not all are within that time. Who is killed may still be a zombie. */
bool tree_stop(pid_t root);
bool tree_go_on(pid_t root);
bool tree_kill(pid_t root);

/* Whether this is true of each of them now, zombies left aside. */
bool tree_is(pid_t root, bool (*is)(pid_t pid));

/* Kills what is below each process of a process group, as tree_kill(). */
bool tree_kill_below_group(pid_t group);

/* Kills each child of the caller that is in another session, and what is below it: whoever came to
 * it as to a subreaper. */
bool tree_kill_strays(void);

#endif
