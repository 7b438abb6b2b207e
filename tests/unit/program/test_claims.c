/* What a program says of itself: claims, and lines that are none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/program/claims.h"
#include "src/ballot.h"
#include "src/store.h"

static struct said good(const char *line)
{
    struct said said;
    char error[CLAIMS_ERROR] = "";
    if (!claims_read(line, false, 2, 3, 81500000000, &said, error)) {
        fail_msg("%s: %s", line, error);
    }
    return said;
}

static void assert_bad(const char *line, const char *wrong)
{
    struct said said;
    char error[CLAIMS_ERROR] = "";
    assert_false(claims_read(line, false, 2, 3, 81500000000, &said, error));
    if (!strstr(error, wrong) || !strstr(error, "did you mean stderr?")) {
        fail_msg("%s: %s, not %s", line, error, wrong);
    }
    for (const char *c = error; *c; c++) {
        assert_true((unsigned char)*c >= ' ');
    }
}

static void a_claim_is_whole(void **state)
{
    (void)state;
    struct said said = good("{\"claim\": {}}");
    assert_int_equal(said.claim.leads, 0);
    assert_int_equal(said.claim.in_section, 0);
    assert_int_equal(said.claim.follows, NOBODY);
    assert_int_equal(said.claim.term, 0);
    assert_true(said.for_ns == INT64_MAX && said.claim.until_ns == INT64_MAX);
    said = good(" {\"claim\":{\"leads\":true,\"term\":9007199254740991,\"in_section\":true,"
                "\"follows\":1,\"for_ms\":1.5}}\r");
    assert_int_equal(said.claim.leads, 1);
    assert_int_equal(said.claim.in_section, 1);
    assert_int_equal(said.claim.follows, 1);
    assert_true(said.claim.term == TERM_MAX);
    assert_true(said.for_ns == 1500000 && said.at_ns == INT64_MIN);
    assert_true(good("{\"claim\": {\"at_s\": 81.25}}").at_ns == 81250000000);
}

static void who_leads_follows_itself_unless_it_says_another(void **state)
{
    (void)state;
    assert_int_equal(good("{\"claim\": {\"leads\": true}}").claim.follows, 2);
    assert_int_equal(good("{\"claim\": {\"follows\": null, \"leads\": true}}").claim.follows,
                     NOBODY);
}

static void writes_have_a_token(void **state)
{
    (void)state;
    assert_int_equal(good("{\"claim\": {}}").kind, SAID_CLAIM);
    assert_int_equal(good("{\"write\": {}}").kind, SAID_WRITE);
    assert_int_equal(good("{\"write\": {}}").token, 0);
    assert_int_equal(good("{\"write\": {\"token\": 7}}").token, 7);
    assert_bad("{\"write\": 7}", "a write has one key, token");
    assert_bad("{\"write\": {\"token\": -7}}", "a write has one key, token");
    assert_bad("{\"write\": {\"token\": 1764454531000000000}}", "from 0 to 9007199254740991");
    assert_bad("{\"claim\": {\"in_section\": true, \"in_section\": false}}",
               "a claim has \"in_section\" once");
    assert_bad("{\"write\": {\"token\": 7, \"x\": 1}}", "a write has one key, token");
    assert_bad("{\"read\": {}}", "its key is claim, write or stop");
}

static void what_is_no_claim_is_told(void **state)
{
    (void)state;
    assert_bad("", "it is no JSON object");
    assert_bad("hello \x1b[31m", "hello  [31m: it is no JSON object");
    assert_bad("[]", "it is no JSON object");
    assert_bad("{}", "one key, claim, write or stop");
    assert_bad("{\"claim\": {}, \"write\": {}}", "one key, claim, write or stop");
    assert_bad("{\"claim\": {}} {}", "it is no JSON object");
    assert_bad("{\"claim\": true}", "a claim is an object");
    assert_bad("{\"claim\": {\"leader\": true}}", "no \"leader\"");
    assert_bad("{\"claim\": {\"leads\": 1}}", "leads is true or false");
    assert_bad("{\"claim\": {\"follows\": 0}}", "follows is a node, 1 to 3, or null");
    assert_bad("{\"claim\": {\"follows\": 4}}", "follows is a node, 1 to 3, or null");
    assert_bad("{\"claim\": {\"follows\": 1.5}}", "follows is a node, 1 to 3, or null");
    assert_bad("{\"claim\": {\"term\": -1}}", "term is a whole number");
    assert_bad("{\"claim\": {\"term\": 9007199254740992}}", "term is a whole number");
    assert_bad("{\"claim\": {\"term\": \"7\"}}", "term is a whole number");
    assert_bad("{\"claim\": {\"for_ms\": 1e300}}", "for_ms is a number of milliseconds");
    assert_bad("{\"claim\": {\"at_s\": 81.6}}",
               "at_s is a time of CLOCK_MONOTONIC that has passed; it is 81.500000");
    assert_bad("{\"claim\": {\"at_s\": -1}}", "at_s is a time");
    assert_bad("{\"claim\": {\"for_ms\": -1}}", "for_ms is a number of milliseconds");
}

static void what_is_too_long_or_too_deep_is_told(void **state)
{
    (void)state;
    struct said said;
    char error[CLAIMS_ERROR];
    char deep[3000];
    assert_false(claims_read("{\"claim\": {}}", true, 2, 3, 81500000000, &said, error));
    assert_non_null(strstr(error, "it is longer than 4095 bytes"));
    memset(deep, '[', sizeof deep - 1);
    deep[sizeof deep - 1] = '\0';
    assert_bad(deep, "it is no JSON object");
}

static void it_offers_to_be_stopped(void **state)
{
    (void)state;
    struct said said;
    char error[CLAIMS_ERROR];
    assert_true(claims_read("{\"stop\": true}", false, 2, 3, 81500000000, &said, error));
    assert_int_equal(said.kind, SAID_STOP);
    assert_bad("{\"stop\": 1}", "stop is true");
    assert_bad("{\"stopp\": true}", "claim, write or stop, as in");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_claim_is_whole),
        cmocka_unit_test(who_leads_follows_itself_unless_it_says_another),
        cmocka_unit_test(writes_have_a_token),
        cmocka_unit_test(it_offers_to_be_stopped),
        cmocka_unit_test(what_is_no_claim_is_told),
        cmocka_unit_test(what_is_too_long_or_too_deep_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
