/* The clock of the machine, by which hosts, relays and the screen go. */
#ifndef HUSTINGS_TEXT_CLOCK_H
#define HUSTINGS_TEXT_CLOCK_H

#include <stdint.h>

/* CLOCK_MONOTONIC, ns. The same in all processes of the machine. */
int64_t monotonic_ns(void);

#endif
