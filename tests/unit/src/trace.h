/* Traces: a story of an election as a text file. A line at the margin is what happens to a process;
 * the indented lines below it are what the process made of that. tests/README.md has the language.
 */
#ifndef TESTS_TRACE_H
#define TESTS_TRACE_H

#include <stddef.h>

/* Plays `script` and writes it to `out` with the indented lines made anew. Returns 0, or the number
 * of the line that is no command or that cannot happen then, with the reason in `out`. */
int trace_play(const char *script, char *out, size_t size);

#endif
