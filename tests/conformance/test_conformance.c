/* The modelled Redis against a real one: a table of requests, random sequences, and mutants of the
 * model that must be caught.
 *
 *     HUSTINGS_CONFORMANCE=1000000 ctest -R conformance      so many random deeds, not 100,000
 */
/* ctest-timeout: 600 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "sim/ops/op.h"
#include "tests/conformance/mutants.h"

#define SEQUENCE 250

static struct real real;
static struct twins twins;

static int start(void **state)
{
    (void)state;
    if (!real_start(&real)) {
        fprintf(stderr, "%s\n", real.error);
        real_stop(&real);
        return -1;
    }
    return 0;
}

static int stop(void **state)
{
    (void)state;
    real_stop(&real);
    return 0;
}

/* --- the table -------------------------------------------------------------------------------- */

#define LOCK(operation, who, ttl)                                                                  \
    {                                                                                              \
        .kind = DEED_REQUEST, .request = {                                                         \
            .op = (operation),                                                                     \
            .key = KEY_LOCK,                                                                       \
            .ttl_ms = (ttl),                                                                       \
            .value.token.low = (who)                                                               \
        }                                                                                          \
    }
/* By holder `who` at `now` ms, where the record of `holder` (0: nobody) is to be found; `lease` 0:
 * where nothing is. Its duration is always the same. */
#define RECORD(operation, who, now, holding, acquire, renew, lease, grant)                         \
    {                                                                                              \
        .kind = DEED_REQUEST, .request = {                                                         \
            .op = (operation),                                                                     \
            .key = KEY_LOCK,                                                                       \
            .ttl_ms = 2000,                                                                        \
            .value.from = {.token.low = (who),                                                     \
                           .now_ms = (now),                                                        \
                           .record = {.holder.low = (holding),                                     \
                                      .acquire_ms = (acquire),                                     \
                                      .renew_ms = (renew),                                         \
                                      .lease_ms = (lease),                                         \
                                      .transitions = (grant)}}                                     \
        }                                                                                          \
    }
#define STATUS_OF(who, what)                                                                       \
    {                                                                                              \
        .kind = DEED_REQUEST, .request = {                                                         \
            .op = STORE_SET_STATUS,                                                                \
            .key = KEY_NODES,                                                                      \
            .id = (who),                                                                           \
            .status = (what)                                                                       \
        }                                                                                          \
    }
#define RESULT_OF(who, why, when)                                                                  \
    {                                                                                              \
        .kind = DEED_REQUEST, .request = {                                                         \
            .op = STORE_SET_RESULT,                                                                \
            .key = KEY_RESULT,                                                                     \
            .value.result = {.id = (who), .rule = (why), .term = (when)}                           \
        }                                                                                          \
    }
#define READ_BALLOT                                                                                \
    {                                                                                              \
        .kind = DEED_REQUEST, .request = {.op = STORE_READ_BALLOT, .key = KEY_NODES }              \
    }
#define GET_RESULT                                                                                 \
    {                                                                                              \
        .kind = DEED_REQUEST, .request = {.op = STORE_GET_RESULT, .key = KEY_RESULT }              \
    }
#define WRITE_OF(epoch)                                                                            \
    {                                                                                              \
        .kind = DEED_REQUEST, .request = {                                                         \
            .op = STORE_WRITE,                                                                     \
            .key = KEY_WRITES,                                                                     \
            .value.number = (epoch)                                                                \
        }                                                                                          \
    }
#define STRANGER(where, what)                                                                      \
    {                                                                                              \
        .kind = DEED_FOREIGN, .key = (where), .content = (what)                                    \
    }
#define PASS_MS(ms)                                                                                \
    {                                                                                              \
        .kind = DEED_PAUSE, .pause_us = (ms)*1000                                                  \
    }

/* How to add a case: a row, which follows on what the rows before it left behind. */
static const struct deed table[] = {
    LOCK(STORE_GET_TOKEN, 1, 0),
    LOCK(STORE_DELETE_IF_EQUAL, 1, 0),
    LOCK(STORE_EXTEND_IF_EQUAL, 1, 100),
    LOCK(STORE_PUT_IF_ABSENT, 1, 0),
    LOCK(STORE_PUT_IF_ABSENT, 2, 0),
    LOCK(STORE_PUT_IF_ABSENT, 1, 5),
    LOCK(STORE_GET_TOKEN, 1, 0),
    LOCK(STORE_DELETE_IF_EQUAL, 2, 0),
    LOCK(STORE_EXTEND_IF_EQUAL, 2, 100),
    LOCK(STORE_EXTEND_IF_EQUAL, 1, 30),
    LOCK(STORE_DELETE_IF_EQUAL, 1, 0),
    LOCK(STORE_DELETE_IF_EQUAL, 1, 0),
    LOCK(STORE_PUT_IF_ABSENT, 2, 1),
    PASS_MS(3),
    LOCK(STORE_DELETE_IF_EQUAL, 2, 0),
    LOCK(STORE_PUT_IF_ABSENT, 1, 2000),
    LOCK(STORE_EXTEND_IF_EQUAL, 1, 2),
    PASS_MS(4),
    LOCK(STORE_EXTEND_IF_EQUAL, 1, 100),
    LOCK(STORE_PUT_IF_ABSENT, 2, 2000),
    LOCK(STORE_EXTEND_IF_EQUAL, 2, 0),
    LOCK(STORE_GET_TOKEN, 2, 0),
    LOCK(STORE_PUT_IF_ABSENT, 0, 100),
    LOCK(STORE_GET_TOKEN, 0, 0),
    LOCK(STORE_DELETE_IF_EQUAL, 0, 0),
    LOCK(STORE_EXPIRE, 1, 1000),
    LOCK(STORE_DELETE, 1, 0),
    LOCK(STORE_PUT_IF_ABSENT, 1, 0),
    LOCK(STORE_EXPIRE, 2, 2000),
    LOCK(STORE_PUT_IF_ABSENT, 2, 0),
    LOCK(STORE_DELETE, 2, 0),
    LOCK(STORE_PUT_IF_ABSENT, 1, 0),
    LOCK(STORE_EXPIRE, 1, 0),
    LOCK(STORE_GET_TOKEN, 1, 0),
    LOCK(STORE_PUT_IF_ABSENT, 1, 0),
    LOCK(STORE_EXPIRE, 1, 999), /* no whole second */
    LOCK(STORE_GET_TOKEN, 1, 0),
    RECORD(STORE_TAKE_RECORD, 1, 5, 0, 0, 0, 0, 0),
    LOCK(STORE_GET_RECORD, 1, 0),
    RECORD(STORE_TAKE_RECORD, 2, 6, 0, 0, 0, 0, 0), /* it is there */
    RECORD(STORE_RENEW_RECORD, 1, 9, 1, 5, 5, 2000, 1),
    RECORD(STORE_TAKE_RECORD, 2, 10, 1, 5, 5, 2000, 1), /* it has changed */
    RECORD(STORE_TAKE_RECORD, 2, 10, 1, 5, 9, 2000, 1),
    LOCK(STORE_GET_RECORD, 1, 0),
    LOCK(STORE_GET_TOKEN, 2, 0),
    RECORD(STORE_FREE_RECORD, 1, 11, 1, 5, 9, 2000, 1),
    RECORD(STORE_FREE_RECORD, 2, 11, 2, 10, 10, 2000, 2),
    LOCK(STORE_GET_RECORD, 1, 0),
    RECORD(STORE_TAKE_RECORD, 1, 12, 0, 10, 11, 2000, 2),
    LOCK(STORE_PUT_IF_ABSENT, 1, 0),
    LOCK(STORE_PUT_FENCED, 1, 0),
    LOCK(STORE_DELETE, 1, 0),
    STRANGER(KEY_LOCK, CONTENT_TEXT),
    LOCK(STORE_GET_RECORD, 1, 0),
    RECORD(STORE_TAKE_RECORD, 1, 13, 0, 0, 0, 0, 0),
    STRANGER(KEY_LOCK, CONTENT_LIST),
    LOCK(STORE_GET_RECORD, 1, 0),
    RECORD(STORE_TAKE_RECORD, 1, 13, 0, 0, 0, 0, 0),
    LOCK(STORE_DELETE, 1, 0),
    LOCK(STORE_PUT_FENCED, 1, 100), /* 1 */
    LOCK(STORE_PUT_FENCED, 2, 100),
    LOCK(STORE_PUT_FENCED, 1, 100), /* 1 again: it is its own */
    LOCK(STORE_GET_EPOCH, 1, 0),    /* 1 */
    LOCK(STORE_GET_EPOCH, 2, 0),    /* nil: it is another's */
    LOCK(STORE_DELETE_IF_EQUAL, 1, 0),
    LOCK(STORE_PUT_FENCED, 2, 2), /* 2 */
    PASS_MS(4),
    LOCK(STORE_GET_EPOCH, 2, 0), /* nil: it has run out, and is not taken */
    LOCK(STORE_GET_TOKEN, 2, 0),
    LOCK(STORE_PUT_FENCED, 1, 0), /* 3: the number outlives the lock */
    LOCK(STORE_PUT_IF_ABSENT, 2, 0),
    STRANGER(KEY_EPOCH, CONTENT_NOTHING),
    LOCK(STORE_GET_EPOCH, 1, 0),  /* unreadable: its number is lost */
    LOCK(STORE_PUT_FENCED, 1, 0), /* as above; 0 stands there now */
    LOCK(STORE_GET_EPOCH, 1, 0),
    LOCK(STORE_DELETE_IF_EQUAL, 1, 0),
    LOCK(STORE_PUT_FENCED, 1, 0), /* 1: they begin anew */
    LOCK(STORE_DELETE, 1, 0),
    STRANGER(KEY_EPOCH, CONTENT_LIST),
    LOCK(STORE_PUT_FENCED, 1, 100), /* refused, so there must be no lock */
    LOCK(STORE_GET_TOKEN, 1, 0),
    STRANGER(KEY_EPOCH, CONTENT_TEXT),
    LOCK(STORE_PUT_FENCED, 1, 100),
    LOCK(STORE_GET_TOKEN, 1, 0),
    STRANGER(KEY_EPOCH, CONTENT_NUMBER), /* -2 */
    LOCK(STORE_PUT_FENCED, 1, 100),      /* refused: -1 is no epoch */
    LOCK(STORE_GET_TOKEN, 1, 0),
    LOCK(STORE_PUT_FENCED, 2, 100), /* refused: nor is 0 */
    LOCK(STORE_GET_TOKEN, 2, 0),
    LOCK(STORE_PUT_FENCED, 1, 100),      /* 1 */
    STRANGER(KEY_EPOCH, CONTENT_NUMBER), /* -2, and so is what the next one asks for */
    LOCK(STORE_PUT_FENCED, 1, 100),
    LOCK(STORE_GET_EPOCH, 1, 0),
    STRANGER(KEY_EPOCH, CONTENT_LIST),
    LOCK(STORE_GET_EPOCH, 1, 0),
    STRANGER(KEY_EPOCH, CONTENT_TEXT),
    LOCK(STORE_GET_EPOCH, 1, 0),
    LOCK(STORE_GET_TOKEN, 1, 0),
    LOCK(STORE_DELETE, 1, 0),
    STRANGER(KEY_EPOCH, CONTENT_NOTHING),
    STRANGER(KEY_LOCK, CONTENT_TEXT),
    LOCK(STORE_PUT_FENCED, 0, 100),
    LOCK(STORE_GET_EPOCH, 0, 0),
    STRANGER(KEY_LOCK, CONTENT_LIST),
    LOCK(STORE_PUT_FENCED, 1, 100),
    LOCK(STORE_GET_EPOCH, 1, 0),
    LOCK(STORE_DELETE, 1, 0),
    STRANGER(KEY_LOCK, CONTENT_LIST),
    LOCK(STORE_EXPIRE, 1, 1000),
    LOCK(STORE_DELETE, 1, 0),
    STRANGER(KEY_LOCK, CONTENT_TEXT),
    LOCK(STORE_PUT_IF_ABSENT, 1, 100),
    LOCK(STORE_GET_TOKEN, 1, 0),
    LOCK(STORE_DELETE_IF_EQUAL, 0, 0),
    LOCK(STORE_EXTEND_IF_EQUAL, 1, 100),
    STRANGER(KEY_LOCK, CONTENT_LIST),
    LOCK(STORE_PUT_IF_ABSENT, 1, 100),
    LOCK(STORE_GET_TOKEN, 1, 0),
    LOCK(STORE_DELETE_IF_EQUAL, 1, 0),
    LOCK(STORE_EXTEND_IF_EQUAL, 1, 100),
    READ_BALLOT,
    STATUS_OF(3, STATUS_PREPARE),
    STATUS_OF(3, STATUS_SUBMIT),
    STATUS_OF(1, STATUS_PREPARE),
    STATUS_OF(0, STATUS_SUBMIT),
    STATUS_OF(2, STATUS_UNKNOWN),
    READ_BALLOT,
    {.kind = DEED_STATUS, .id = 1},
    READ_BALLOT,
    STRANGER(KEY_NODES, CONTENT_TEXT),
    STATUS_OF(1, STATUS_PREPARE),
    READ_BALLOT,
    STRANGER(KEY_NODES, CONTENT_LIST),
    STATUS_OF(1, STATUS_PREPARE),
    READ_BALLOT,
    STRANGER(KEY_NODES, CONTENT_NOTHING),
    READ_BALLOT,
    GET_RESULT,
    RESULT_OF(3, 2, 7),
    GET_RESULT,
    RESULT_OF(0, 1, 8),
    GET_RESULT,
    RESULT_OF(NOBODY, 0, 9),
    GET_RESULT,
    RESULT_OF(NODE_ID_MAX, 9, TERM_MAX),
    GET_RESULT,
    RESULT_OF(1, 10, 1),
    GET_RESULT,
    STRANGER(KEY_RESULT, CONTENT_TEXT),
    GET_RESULT,
    STRANGER(KEY_RESULT, CONTENT_LIST),
    GET_RESULT,
    RESULT_OF(1, 3, 10),
    GET_RESULT,
    WRITE_OF(0),
    WRITE_OF(0),
    WRITE_OF(33),
    WRITE_OF(34),
    WRITE_OF(33), /* rejected */
    WRITE_OF(0),  /* rejected */
    WRITE_OF(34),
    WRITE_OF(TERM_MAX),
    WRITE_OF(TERM_MAX - 1), /* rejected */
    STRANGER(KEY_WRITES, CONTENT_LIST),
    WRITE_OF(5),
    STRANGER(KEY_WRITES, CONTENT_TEXT),
    WRITE_OF(5),
};

static void table_agrees(void **state)
{
    char text[160];
    (void)state;
    twins_begin(&twins, &real, op_apply, 8);
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        if (!twins_do(&twins, &table[i])) {
            fail_msg("row %zu, %s: %s", i, deed_text(&table[i], text, sizeof text),
                     twins.difference);
        }
    }
}

/* --- random sequences ------------------------------------------------------------------------- */

static uint16_t ids_of(uint64_t seed)
{
    static const uint16_t sizes[] = {2, 6, 6, 6, STORE_FEW, STORE_FEW + 1, 300};
    return seed % 97 == 0 ? TWINS_IDS : sizes[seed % (sizeof sizes / sizeof *sizes)];
}

static void sequences_agree(void **state)
{
    const char *wanted = getenv("HUSTINGS_CONFORMANCE");
    long deeds = wanted ? strtol(wanted, NULL, 10) : 100000;
    (void)state;
    twins.boundaries = 0;
    for (long done = 0; done < deeds; done += SEQUENCE) {
        uint64_t seed = (uint64_t)(done / SEQUENCE) + 1;
        if (!twins_run(&twins, &real, op_apply, seed, ids_of(seed), SEQUENCE)) {
            fail_msg("%s", twins.difference);
        }
    }
    printf("%ld deeds; %lu answers came in another millisecond than their requests were sent\n",
           deeds, (unsigned long)twins.boundaries);
}

/* --- mutants ---------------------------------------------------------------------------------- */

static void mutants_are_caught(void **state)
{
    (void)state;
    for (const struct mutant *mutant = mutants; mutant->mistake; mutant++) {
        uint64_t seed = 1;
        while (seed <= 100 &&
               twins_run(&twins, &real, mutant->apply, seed, ids_of(seed), SEQUENCE)) {
            seed++;
        }
        if (seed > 100) {
            fail_msg("not caught: %s", mutant->mistake);
        }
        printf("%s: caught in %s\n", mutant->mistake, twins.difference);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(table_agrees),
        cmocka_unit_test(sequences_agree),
        cmocka_unit_test(mutants_are_caught),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
