/* What a Redis says when it refuses, and why a connection to it failed: what that means for a run,
 * and what a person can do about it. */
#ifndef HUSTINGS_PROCESSES_REFUSAL_H
#define HUSTINGS_PROCESSES_REFUSAL_H

#include <stdbool.h>
#include <stddef.h>

/* Room for a server's words. The longest that Redis has are those of its protected mode. */
#define REFUSAL_WORDS 1024

/* Room for the name of a command. */
#define REFUSAL_COMMAND 64

/* Copies a server's words, cleaned, and without what they repeat of our own: the arguments of an
 * unknown command, and the password. */
void refusal_copy(const char *words, const char *password, char *text, size_t size);

/* Whether a Redis that refuses with these words cannot be worked with until somebody fixes it, so
 * that no verdict about an election on it would mean anything. Not so if there is something else at
 * one key, or if it is busy for a while. */
bool refusal_is_fatal(const char *words);

/* What these words mean, before them: "asks for a password: it ". Empty if they speak for
 * themselves. */
const char *refusal_meaning(const char *words);

/* What to do about these words, or about this failure of a connection: a clause that begins with
 * "; ". Empty if there is nothing to say. */
const char *refusal_advice(const char *words);

#endif
