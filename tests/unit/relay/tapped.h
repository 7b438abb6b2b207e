/* For tests of a tap: a channel without sockets, and a witness that notes what it is told. */
#ifndef HUSTINGS_TESTS_UNIT_RELAY_TAPPED_H
#define HUSTINGS_TESTS_UNIT_RELAY_TAPPED_H

#include "through.h"

#include "sim/relay/tap.h"

#define TAKE "*6\r\n$3\r\nSET\r\n$1\r\nk\r\n$2\r\nme\r\n$2\r\nNX\r\n$2\r\nPX\r\n$4\r\n1000\r\n"
#define GIVE "*2\r\n$3\r\nDEL\r\n$1\r\nk\r\n"
#define NUMBER_1 ":1\r\n"

struct tapped {
    struct through through;
    struct belief belief;
    struct talk_shared shared;
    struct witness_standing standing;
    struct tap *tap;
};

/* For cmocka. */
int tap_set_up(void **state);
int tap_tear_down(void **state);
#define TAPPED(test) cmocka_unit_test_setup_teardown(test, tap_set_up, tap_tear_down)

/* At which of these it is to stand: the name of a command. And whether the stranger is stopped. */
extern const char *stand_at[WITNESS_AFTER + 1];
extern bool stopped;

/* What is passed on, the tap is told of, as traffic.c does it. */
void pass(struct tapped *tapped, const char *wanted);

/* What the witness was told since it was last asked, a word each: "asked-SET@1 told-took@2
 * believes@2". Or it is forgotten. */
void expect(const char *wanted);
void forget(void);

/* How often such a word is among them. */
int told_of(const char *word);

#endif
