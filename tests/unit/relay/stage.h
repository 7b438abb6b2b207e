/* A stage for tests of the relay as a process: the test is the driver, the processes 0 and 3, and
 * the Redis, all by itself. */
#ifndef HUSTINGS_TESTS_UNIT_RELAY_STAGE_H
#define HUSTINGS_TESTS_UNIT_RELAY_STAGE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "sim/relay/listener.h"
#include "sim/relay/relay.h"

#define MS INT64_C(1000000)
#define TIMEOUT_MS 10000
#define GET "*2\r\n$3\r\nGET\r\n$1\r\nk\r\n"
#define OK "+OK\r\n"
#define BOTH (LINK_REQUESTS | LINK_REPLIES)

struct stage {
    char folder[64];
    int redis;   /* listens; -1: away */
    int monitor; /* the Redis's end of the relay's own connection */
    int control;
    pid_t relay; /* 0: dead already */
};

/* For cmocka. The relay must leave when the driver does. */
int stage_set_up(void **state);
int stage_tear_down(void **state);

/* With what else a plan has, for these two processes. */
int stage_set_up_with(void **state, struct relay_plan plan);
#define WITH_STAGE(test) cmocka_unit_test_setup_teardown(test, stage_set_up, stage_tear_down)

int64_t now_ns(void);

/* The Redis is there. */
void redis_comes(struct stage *stage);

/* The relay's monitor is the first to connect to a Redis that is there. */
void monitor_comes(struct stage *stage);

/* It goes, and takes nobody along yet: whom it has accepted is the test's to close. */
void redis_goes(struct stage *stage);

/* The relay has seen everything that has happened until now. */
void relay_notices(const struct stage *stage);

/* Process `id` connects. Negative: errno. */
int try_connect(const struct stage *stage, uint16_t id, int timeout_ms);
int process_connects(const struct stage *stage, uint16_t id);

/* The Redis's end of the connection that was made first and not yet accepted. */
int redis_accepts(const struct stage *stage);

void sends(int fd, const char *bytes);
bool something_comes(int fd, int timeout_ms);
void hears(int fd, const char *wanted);
void hears_nothing(const struct stage *stage, int fd);
void hears_the_end(int fd); /* and closes */

/* Orders about the link of process 3: whether they changed anything. */
bool ordered(const struct stage *stage, struct link_order order);
bool healed(const struct stage *stage, enum link_fault what);

#endif
