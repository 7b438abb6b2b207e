/* What a results folder says of the run that left it: how many trials were asked for, and how many
 * are in it. A run that was interrupted or killed has fewer than were asked for. */
#ifndef HUSTINGS_CLI_RECORDED_H
#define HUSTINGS_CLI_RECORDED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct recorded {
    size_t planned; /* trials asked for, by run.json; 0: there is no such file */
    size_t ran;     /* trials finished, by trials.csv; 0: none, or there is no such file */
};

/* Of the scenario with this name whose copy in the folder is `file`. False with one line in
 * `error`, path first: a file is there, but cannot be read. */
bool recorded_read(struct recorded *recorded, const char *folder, const char *file,
                   const char *scenario, char *error, size_t error_size);

/* The command that runs a trial of a results folder again, by its trials.csv: for one whose history
 * was not kept. Freed by the caller; NULL: the folder does not say. */
char *recorded_again(const char *folder, uint32_t trial);

#endif
