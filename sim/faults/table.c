/* The table of faults. See fault.h for how to add one. */
#include <string.h>

#include "sim/faults/fault.h"

const struct fault_row *const fault_rows[] = {
    &fault_flip,   &fault_crash,       &fault_restart,   &fault_pause,
    &fault_resume, &fault_expire_lock, &fault_hold_lock, NULL,
};

int fault_find(const char *name)
{
    for (int i = 0; fault_rows[i]; i++) {
        if (strcmp(fault_rows[i]->name, name) == 0) {
            return i;
        }
    }
    return -1;
}
