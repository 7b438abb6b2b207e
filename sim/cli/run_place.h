/* Where the results of a merged run are written: in a folder beside, whose files then take the
 * place of those that are there. So a merge that fails or is killed leaves a result that was made
 * before as it was. */
#ifndef HUSTINGS_CLI_RUN_PLACE_H
#define HUSTINGS_CLI_RUN_PLACE_H

#include <stdbool.h>
#include <stddef.h>

struct run_place {
    const char *into; /* where they will be; the caller's … */
    const char *head; /* … and the first line of the cells that they are made of: head.h */
    char *beside;     /* owned; NULL: it is not open */
    int lock;         /* on `into`, as long as it is open */
};

/* Makes the folder beside, empty, and `into`. False with one line in `error`, also if another
 * hustings is merging there, or if what an earlier merge moved away cannot be put back.
 * run_place_close() in any case; start with zeros. */
bool run_place_open(struct run_place *place, const char *into, const char *head, char *error,
                    size_t size);

/* Puts what was written in its place; run.json comes last. The file of cells is no part of it.
 * False with one line in `error`. */
bool run_place_move(struct run_place *place, char *error, size_t size);

/* Removes the folder beside; what had given way for nothing is back in its place. If it cannot be
 * put back, the folder beside stays, and the next run_place_open() does it. */
void run_place_close(struct run_place *place);

/* Removes the lines of a part, and what belongs to them, from the folder of a whole that was run as
 * one part there: the results have them now. Killed at any place, the folder is a part's, or has
 * nothing of one. */
void run_place_remove_part(const char *folder);

/* Whether the results in a folder are those of a run that was merged from parts with this first
 * line (head.h), by its run.json; or a merge of them was killed there
 * while it moved its files. */
bool run_is_merged(const char *folder, const char *head);

#endif
