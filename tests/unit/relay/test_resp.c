/* RESP framing: where messages end and how they begin, however the bytes come. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "sim/relay/resp.h"

/* Feeds a stream in portions of `portion` bytes and writes each message's length and first word:
 * "11 GET, 5 +OK". Bytes of a message that has not ended show as "(n)". */
static const char *frames(const char *bytes, size_t size, size_t portion)
{
    static char out[512];
    struct resp resp = {0};
    size_t length = 0, at = 0;
    size_t used = 0;
    out[0] = '\0';
    while (at < size) {
        size_t given = size - at < portion ? size - at : portion;
        size_t taken = resp_take(&resp, bytes + at, given);
        assert_true(taken > 0 && taken <= given);
        at += taken;
        length += taken;
        if (resp.whole) {
            used += (size_t)snprintf(out + used, sizeof out - used, "%s%zu%s%s", used ? ", " : "",
                                     length, resp.word[0] ? " " : "", resp.word);
            length = 0;
        } else {
            assert_int_equal(taken, given); /* only a message's end stops it */
        }
    }
    if (length > 0) {
        snprintf(out + used, sizeof out - used, "(%zu)", length);
    }
    return out;
}

/* The same frames whatever the portions are. */
static void expect(const char *bytes, const char *wanted)
{
    size_t size = strlen(bytes);
    for (size_t portion = 1; portion <= size; portion++) {
        assert_string_equal(frames(bytes, size, portion), wanted);
    }
}

static void requests(void **state)
{
    (void)state;
    expect("*1\r\n$4\r\nPING\r\n", "14 PING");
    expect("*2\r\n$3\r\nget\r\n$1\r\nk\r\n", "20 GET");
    expect("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$5\r\na\r\nb*\r\n*1\r\n$4\r\nPING\r\n",
           "31 SET, 14 PING");
    expect("PING\r\n", "6 PING");
    expect("set k v\r\nget k\n", "9 SET, 6 GET");
    expect("*1\r\n$26\r\nabcdefghijklmnopqrstuvwxyz\r\n", "37 ABCDEFGHIJKLMNO");
}

static void replies(void **state)
{
    (void)state;
    expect("+OK\r\n", "5 +OK");
    expect("-NOSCRIPT No matching script.\r\n", "31 -NOSCRIPT");
    expect("-ERR a line that is longer than what is kept of a line\r\n:1\r\n", "56 -ERR, 4 :1");
    expect("$-1\r\n*-1\r\n", "5, 5");
    expect("$0\r\n\r\n", "6");
    expect("*0\r\n", "4");
    expect(":-12\r\n", "6 :-12");
}

static void nested(void **state)
{
    (void)state;
    expect("*2\r\n*2\r\n:1\r\n*0\r\n$1\r\nx\r\n+OK\r\n", "23 :1, 5 +OK");
    expect("*3\r\n$-1\r\n*1\r\n*1\r\n+a\r\n-b\r\n+OK\r\n", "25 +A, 5 +OK");
}

static void the_newer_protocol(void **state)
{
    (void)state;
    expect("%1\r\n+a\r\n:1\r\n_\r\n", "12 +A, 3 _");
    expect("~2\r\n#t\r\n,1.5\r\n=8\r\ntxt:some\r\n", "14 #T, 14 TXT:SOME");
    expect("|1\r\n+ttl\r\n:9\r\n+OK\r\n:2\r\n", "19 +TTL, 4 :2");
    expect(">2\r\n+a\r\n+b\r\n!5\r\nERR x\r\n(123456789012345678901234567890\r\n",
           "12 +A, 11 ERR X, 33 (12345678901234");
}

static void what_has_not_ended(void **state)
{
    (void)state;
    expect("*2\r\n$3\r\nGET\r\n", "(13)");
    expect("$5\r\nabc", "(7)");
    expect("+OK\r", "(4)");
    expect("$5\r\nabcde\r", "(10)");
}

/* A number that is none, a length that cannot be: from there on portions pass as they are. */
static void what_is_no_resp(void **state)
{
    static const char *const bad[] = {"*x\r\n",
                                      "$1x\r\n",
                                      "*\r\n",
                                      "*-\r\n",
                                      "$99999999999999999999999\r\n",
                                      "$9999999999999999999\r\n",
                                      "*9999999999999\r\n",
                                      "*2\r\nhello\r\n",
                                      "*1\r\n\r\n"};
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct resp resp = {0};
        size_t size = strlen(bad[i]);
        assert_int_equal(resp_take(&resp, bad[i], size), size);
        assert_true(resp.broken && resp.whole);
        assert_int_equal(resp_take(&resp, "+OK\r\n+OK\r\n", 10), 10);
        assert_true(resp.whole);
        assert_string_equal(resp.word, "");
    }
}

/* Zeros and line ends within a text are its own. */
static void any_bytes(void **state)
{
    static const char bytes[] = "*2\r\n$3\r\nSET\r\n$6\r\n\0\r\n+\n\0\r\n+OK\r\n";
    (void)state;
    for (size_t portion = 1; portion < sizeof bytes; portion++) {
        assert_string_equal(frames(bytes, sizeof bytes - 1, portion), "25 SET, 5 +OK");
    }
}

static void an_empty_line(void **state)
{
    (void)state;
    expect("\r\nPING\r\n", "2, 6 PING");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(requests),
        cmocka_unit_test(replies),
        cmocka_unit_test(nested),
        cmocka_unit_test(the_newer_protocol),
        cmocka_unit_test(what_has_not_ended),
        cmocka_unit_test(what_is_no_resp),
        cmocka_unit_test(any_bytes),
        cmocka_unit_test(an_empty_line),
    };
    return cmocka_run_group_tests_name("relay: framing", tests, NULL, NULL);
}
