/* The settings of a story under a combination: whose times are taken. See move.h. */
#ifndef HUSTINGS_MATRIX_TIMES_H
#define HUSTINGS_MATRIX_TIMES_H

#include <stdio.h>

#include "sim/matrix/combination.h"

/* As they will be; what lint makes of them is another matter. */
struct settings times_settings(const struct scenario *story, const struct combination *combination);

/* Writes a line: "protocol: {lease: {duration: 2s, renew_deadline: 1500ms}}", with all that differs
 * from its default, and is not governed by the protocol. */
void times_write(FILE *file, const struct settings *settings, enum owner owner);

#endif
