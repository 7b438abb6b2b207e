/* Which commands a trigger or a fault is about: by name, and by the key that they name first.
 *
 *     EVAL*              every command whose name begins so, in any case
 *     node_lock:?        every key of one character more; of keys the case counts
 *
 * `*` stands for anything, also nothing, `?` for one byte. Nothing else is special.
 *
 * Pure: no clock, no socket, no heap. */
#ifndef HUSTINGS_FAULTS_PATTERN_H
#define HUSTINGS_FAULTS_PATTERN_H

#include <stdbool.h>

#define PATTERN_NAME 16
#define PATTERN_KEY 48

/* "": any at all; of a key also that there is none. */
struct command_pattern {
    char name[PATTERN_NAME];
    char key[PATTERN_KEY];
};

/* A command, as it is held against patterns. Keys are held without the run's prefix, and at most so
 * much of them as a pattern has room for. */
struct command_seen {
    const char *name; /* NULL: there is no command */
    const char *key;  /* the one that it names first, or "" */
};

/* False, too, if there is no command. */
bool pattern_matches(const struct command_pattern *pattern, const struct command_seen *seen);

/* Whether a command makes a connection usable, and is no request: no fault that awaits one meets
 * it. */
bool pattern_is_greeting(const char *name);

/* "SET of node_lock*", "any command"; returns `out`. */
char *pattern_text(const struct command_pattern *pattern, char *out, int size);

#endif
