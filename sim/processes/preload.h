/* What a private server is started with where a scenario shifts its clock or cuts its power, and a
 * program of the user's where a scenario shifts its clock: a small library of ours in LD_PRELOAD,
 * and a file that the driver and the library both map.
 *
 *     driver ──skew of the wall clock──▶ ┌ struct preload ┐ ──▶ hustings_clock.so in redis-server
 *            ◀─what has been fsynced──── └────────────────┘ ◀──
 *
 * The library answers gettimeofday(), time(), timespec_get() and
 * clock_gettime(CLOCK_REALTIME[_COARSE]) with the true time plus the skew, and notes at each
 * fsync() and fdatasync() how long the file was. Everything else is libc's own, CLOCK_MONOTONIC
 * above all: with it, event loops go wrong that no real clock would lead astray. Who waits until a
 * time of the wall clock is woken by the true one. Nobody else is ever started with it. */
#ifndef HUSTINGS_PROCESSES_PRELOAD_H
#define HUSTINGS_PROCESSES_PRELOAD_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/host/skew.h"

/* The environment variable that names the file. */
#define PRELOAD_VARIABLE "HUSTINGS_PRELOAD"
#define PRELOAD_LIBRARY "hustings_clock.so"

/* In place of the file: the library only says, on the standard output, that it is there, and ends
 * the program before its main(). */
#define PRELOAD_ASKS "?"
#define PRELOAD_ANSWER "hustings_clock is there"

/* A server has a handful of files; a loss of power forgets those for which there was no room. */
#define PRELOAD_FILES 64

struct preload_file {
    _Atomic uint64_t inode; /* 0: free */
    _Atomic int64_t synced; /* so many bytes are on the disk, whatever happens */
};

struct preload {
    _Atomic uint32_t asked; /* set to 1 when the server asks for the time: the library is at work */
    struct shared_skew wall;
    struct preload_file files[PRELOAD_FILES];
};

/* The driver's side of one server, or of one program. */
struct preloading {
    struct preload *shared; /* NULL: it is started without the library */
    char library[144];      /* a link to the library, free of blanks and colons */
    char file[144];
};

/* Finds the library: beside this program, or in the library folder of an installed one. False with
 * one line in `error`: what is missing, and the fix. */
bool preload_find(char *path, size_t size, char *error, size_t error_size);

/* Finds the library, and makes link and mapped file in `folder`. False with one line in `error`. */
bool preload_open(struct preloading *preloading, const char *folder, char *error,
                  size_t error_size);

/* Unmaps; the files go with their folder. */
void preload_close(struct preloading *preloading);

/* In the child that is about to become the server: sets its environment. */
void preload_enter(const struct preloading *preloading);

/* Cuts every file below `folder` back to what had been fsynced, as if the power had failed. The
 * server must be dead. False with one line in `error`. */
bool preload_cut_power(const struct preloading *preloading, const char *folder, char *error,
                       size_t error_size);

#endif
