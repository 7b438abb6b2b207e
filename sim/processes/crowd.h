/* Commands of a program that have nothing to do with its lock may come by the million: the first
 * are told one by one, then each thousand as one. */
#ifndef HUSTINGS_PROCESSES_CROWD_H
#define HUSTINGS_PROCESSES_CROWD_H

#include "sim/history/history.h"
#include "sim/wild/request.h"

/* Of one program in one trial; with their answers, 5 MB. */
#define CROWD_TOLD 20000
#define CROWD_OF 1000

/* Whether this command, the so many of its program, is told with others, and its answer not. */
static inline bool crowd_has(uint8_t kind, uint32_t number)
{
    return kind == WILD_ELSEWHERE && number > CROWD_TOLD;
}

/* A key as it is told, and as patterns are held against it: without the prefix of the trial's. */
const char *crowd_key(const char *prefix, const char *key);

/* A command that is no request for the lock, as it is told by itself. */
struct history_event crowd_command(const char *prefix, const struct wild_request *asked);

/* Whether it is the last of a thousand; what is told of them then. */
bool crowd_is_full(uint32_t number, struct history_event *event);

#endif
