/* A stage with a stranger, process 3, whose traffic is read; the test is the driver. */
#ifndef HUSTINGS_TESTS_UNIT_RELAY_STRANGE_H
#define HUSTINGS_TESTS_UNIT_RELAY_STRANGE_H

#include "sim/processes/witness.h"
#include "tests/unit/relay/stage.h"

#define TAKE "*6\r\n$3\r\nSET\r\n$4\r\nlock\r\n$2\r\nme\r\n$2\r\nNX\r\n$2\r\nPX\r\n$4\r\n1000\r\n"
#define GIVE "*2\r\n$3\r\nDEL\r\n$4\r\nlock\r\n"
#define ONE ":1\r\n"

extern struct witness slots;

/* For cmocka. */
int strange_set_up(void **state);
int strange_tear_down(void **state);
#define WITH_STRANGER(test) cmocka_unit_test_setup_teardown(test, strange_set_up, strange_tear_down)

/* Arms a breakpoint for the stranger. */
void arm(enum moment moment, bool before, bool applied);

/* Waits until the relay says that it stands; lets it go on. */
void stands(void);
void let_go(void);

#endif
