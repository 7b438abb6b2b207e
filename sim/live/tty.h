/* The terminal while a screen of ours is on it: no line editing, no echo, the alternate screen.
 *
 * However the program ends, the terminal is as it was before: by tty_close(), by Ctrl-C and
 * SIGTERM, by a bug (SIGSEGV, an assertion's SIGABRT, …), which still kills the program as it would
 * have without the screen. Ctrl-Z stops it with the terminal restored, and `fg` brings the screen
 * back. SIGKILL alone cannot be caught: then type `reset`.
 *
 * What is written to stderr meanwhile, say by an assertion, would be lost on the alternate screen:
 * it is kept, and written when the terminal is given back.
 *
 * Signals that somebody has a handler for already (system/interrupt.h) are left to him: he sees to
 * it that tty_close() is called. Only one screen at a time; by one thread, of one process: what is
 * forked meanwhile does not touch the terminal.
 */
#ifndef HUSTINGS_LIVE_TTY_H
#define HUSTINGS_LIVE_TTY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct tty;

/* What tty_wait() has seen. */
enum tty_news {
    TTY_NOTHING, /* the time is over */
    TTY_KEYS,    /* something was typed: tty_read() */
    TTY_OTHER,   /* the other descriptor is readable */
    TTY_REDRAW,  /* the window has another size, or the program was stopped and goes on */
    TTY_GONE     /* there is no terminal any more */
};

/* Takes the terminal that `out` is. Keys are read from stdin, or if that is no terminal, from the
 * one that controls the process. NULL, errno set: there is none. */
struct tty *tty_open(FILE *out);

/* Gives it back as it was. NULL: nothing. */
void tty_close(struct tty *tty);

/* Waits until something happens, or `timeout_ms` are over (-1: for ever). `other` is a descriptor
 * to be watched as well; -1: none. */
enum tty_news tty_wait(struct tty *tty, int other, int timeout_ms);

/* What was typed, without waiting. Returns how many bytes. */
size_t tty_read(struct tty *tty, unsigned char *bytes, size_t size);

/* The descriptor by which keys come, for who waits for himself. */
int tty_keys(const struct tty *tty);

#endif
