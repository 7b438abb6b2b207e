/* Who is who in the page: places of members and servers. */
#ifndef HUSTINGS_REPORT_WHO_H
#define HUSTINGS_REPORT_WHO_H

#include "sim/history/history.h"

/* A process's place in `members`; -1: it is none. */
int32_t place_of(const struct history *history, int32_t id);

/* The place in `servers` of the server that an event is about; -1: none. */
int32_t server_of(const struct history *history, const struct history_event *event);

#endif
