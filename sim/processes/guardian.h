/* The guardian: a small process that outlives the driver by a moment and clears up after it.
 *
 *     driver ──pipe──▶ guardian        end of file without a goodbye: the driver is dead
 *        │                │            ▶ remove the temporary folder, kill the process group,
 *        │                │              remove the keys in a Redis that is not ours
 *        └─ members, servers: all in the guardian's process group, and each dies with the driver by
 *           PR_SET_PDEATHSIG; the guardian catches what that misses (grandchildren, files)
 *
 * Being a background group of its own, it also keeps Ctrl-C of the terminal from the members: only
 * the driver hears it.
 */
#ifndef HUSTINGS_PROCESSES_GUARDIAN_H
#define HUSTINGS_PROCESSES_GUARDIAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define GUARDIAN_FOLDER 64 /* bytes of the folder's short name, its end included */
#define GUARDIAN_OWN_NAME 1024

struct guardian {
    pid_t pid; /* also the process group of everything that the driver forks */
    int pipe;  /* held open by the driver alone */
    /* The temporary folder of the run, by a name that is short and plain: good for a socket's path,
     * which has 107 bytes, and for LD_PRELOAD, which blanks and colons divide. Where the folder's
     * own name is neither, this is /proc/PID/fd/N of the guardian, and good while that lives. */
    char folder[GUARDIAN_FOLDER];
    char own_name[GUARDIAN_OWN_NAME]; /* its true name */
};

/* Forks the guardian, which makes the temporary folder (in TMPDIR, or /tmp if that is unset). If
 * the driver dies without guardian_stop(), and all that it forked is dead too, the guardian calls
 * last(self), if given, with the memory as it is now. False with one line in `error`. */
bool guardian_start(struct guardian *guardian, void (*last)(void *self), void *self, char *error,
                    size_t error_size);

/* Removes the folder and ends the guardian. */
void guardian_stop(struct guardian *guardian);

/* Forks a child that cannot outlive the driver: in the guardian's group, killed when the driver
 * dies, default signals, no descriptors but 2 and `keep_fds`, so many, which it sorts (-1: none); 0
 * and 1 are /dev/null. Returns as fork() does. */
pid_t guardian_fork(const struct guardian *guardian, int *keep_fds, uint32_t count);

/* Kills a child of ours, and waits for its end. */
void guardian_kill(pid_t pid);

/* Removes a folder and what is in it. False: it is still there. */
bool remove_folder(const char *path);

#endif
