/* Two results folders side by side: what each scenario that is in both came to, and whether the two
 * differ by more than chance gives.
 *
 *     folder A ─▶ comparison_read ─┐
 *     folder B ─▶ comparison_read ─┴─▶ comparison_match ─▶ comparison_text, comparison_json
 *
 * It reads trials.csv, elections.csv and violations.csv. A trial without a row in trials.csv was
 * not finished; what the other files say of it is left out. So are trials that are undecided as a
 * whole.
 *
 * The files of this room, each knowing only those before it: sample, chance, csv_in, compared (what
 * is read), folder (reads it), match (compares it), conclusion, text and json (write it). */
#ifndef HUSTINGS_COMPARE_COMPARISON_H
#define HUSTINGS_COMPARE_COMPARISON_H

#include <stdio.h>

#include "sim/compare/compared.h"

/* Reads a folder as one side. False with `error` set. `folder` must outlive the comparison. */
bool comparison_read(struct comparison *comparison, enum side side, const char *folder);

/* After both sides were read: compares them. False with `error` set: memory is out. */
bool comparison_match(struct comparison *comparison);

/* Half the sum of the differences between the shares of orders of leaders: 0, they are the same; 1,
 * they have nothing in common. Of a matched scenario. */
double total_variation(const struct compared *compared);

/* Whether a share with this chance differs by more than chance gives, seen beside all else that was
 * compared. */
bool differs(const struct comparison *comparison, double chance);

/* The conclusion, one clause: "they differ: two_leaders broke in 12 of 100 trials against 49 of
 * 100, more than chance gives (p < 0.001)". */
void comparison_conclusion(const struct comparison *comparison, char *out, size_t size);

/* Writes it. */
void comparison_text(const struct comparison *comparison, FILE *out);
void comparison_json(const struct comparison *comparison, FILE *out);

#endif
