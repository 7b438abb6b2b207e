/* The scenarios that come with the program: where they lie on this machine. */
#ifndef HUSTINGS_RESULTS_SHIPPED_H
#define HUSTINGS_RESULTS_SHIPPED_H

#include <stdbool.h>
#include <stddef.h>

#define SHIPPED_SIZE 8800 /* room for a path of PATH_MAX bytes as a word of a shell */

/* Puts into `out` a word of a shell that names a shipped file or folder, such as
 * "course/first.yaml" below scenarios/, from the folder that we are in: short where scenarios/ lies
 * here, else whole. It is looked for above the program that runs, and above `program`, the name
 * that it was called by. False: it does not lie there. */
bool shipped_word(const char *program, const char *name, char *out, size_t size);

/* The same as a path, not as a word of a shell. */
bool shipped_path(const char *program, const char *name, char *out, size_t size);

/* The file or folder that a word of the command line means. What lies here, seen from the folder
 * that we are in, is meant first; else it is the name of something shipped: "course/05",
 * "course/05-the-lock-expires.yaml", "catalogue/paused-holder", "libraries/stories/calm",
 * "catalogue"; of course/ and catalogue/ the folder may be left out: "05", "5", "the-lock-expires",
 * "paused-holder"; and "scenarios/" may stand before all of them. Returns `out` with its path (as
 * of shipped_path()), or `word` where nothing shipped is called so. `size`: PATH_MAX. */
const char *shipped_named(const char *program, const char *word, char *out, size_t size);

/* The name of a shipped scenario of course/ or catalogue/ that is nearly `word`, which is none:
 * "catalogue/leader-stalls" for "leaderstalls". False: none is near. */
bool shipped_near(const char *program, const char *word, char *out, size_t size);

/* What one types for a scenario: the name of a shipped one that was given by its whole path,
 * "course/05-the-lock-expires", where that name means it; else the path as it is. */
void shipped_call(const char *program, const char *path, char *out, size_t size);

/* Whether a file lies in course/ or catalogue/ of the shipped scenarios. */
bool is_shipped(const char *program, const char *path);

#endif
