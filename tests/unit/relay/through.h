/* For tests of a channel without sockets: what comes in at one end and passes at the other. */
#ifndef HUSTINGS_TESTS_UNIT_RELAY_THROUGH_H
#define HUSTINGS_TESTS_UNIT_RELAY_THROUGH_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sim/relay/channel.h"

#define MS INT64_C(1000000)
#define BOTH (LINK_REQUESTS | LINK_REPLIES)
#define SET "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$1\r\nv\r\n"
#define GET "*2\r\n$3\r\nGET\r\n$1\r\nk\r\n"
#define AUTH "*2\r\n$4\r\nAUTH\r\n$6\r\nsecret\r\n"
#define OK "+OK\r\n"
#define VALUE "$1\r\nv\r\n"

struct through {
    struct link_faults link_faults;
    struct channel channel;
    int64_t now_ns;
};

/* For cmocka. */
int through_set_up(void **state);
int through_tear_down(void **state);
#define WITH_CHANNEL(test) cmocka_unit_test_setup_teardown(test, through_set_up, through_tear_down)

/* The time, in ms. */
void at(struct through *through, int64_t ms);

void comes(struct through *through, enum way way, const char *bytes);

/* So much, and no more, is passed on now. */
void passes(struct through *through, enum way way, const char *wanted);
bool over(const struct through *through, enum way way);

/* Orders: whether they changed anything. */
bool through_ordered(struct through *through, struct link_order order);
bool through_healed(struct through *through, enum link_fault what);

#endif
