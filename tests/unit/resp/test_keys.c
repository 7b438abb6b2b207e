/* The key that a command names first. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "sim/resp/keys.h"
#include "sim/resp/reader.h"

/* `key` NULL: it names none. */
static void expect(const char *command, const char *key)
{
    struct resp_reader reader;
    char line[256];
    int size = snprintf(line, sizeof line, "%s\r\n", command);
    resp_begin(&reader, RESP_COMMANDS);
    assert_int_equal(resp_read(&reader, line, (size_t)size), size);
    assert_true(reader.whole && !reader.broken);
    const struct resp_item *found = resp_first_key(&reader.message);
    assert_int_equal(found != NULL, key != NULL);
    if (key) {
        assert_string_equal(found->text, key);
    }
}

static void behind_the_name(void **state)
{
    (void)state;
    expect("SET k v NX PX 2000", "k");
    expect("get k", "k");
    expect("DEL a b c", "a");
    expect("BLPOP a b 3", "a");
    expect("SOMETHING.NEW k", "k");
}

static void elsewhere(void **state)
{
    (void)state;
    expect("EVALSHA c3f8721cbb97f72bc19e972846bd7aaf91901658 1 k tok", "k");
    expect("eval \"return 1\" 2 k l", "k");
    expect("FCALL f 1 k", "k");
    expect("XREAD COUNT 2 STREAMS s 0", "s");
    expect("OBJECT ENCODING k", "k");
    expect("BITOP AND to from", "to");
    expect("ZMPOP 2 a b MIN", "a");
}

static void none(void **state)
{
    (void)state;
    expect("PING", NULL);
    expect("PING hello", NULL);
    expect("MULTI", NULL);
    expect("", NULL);
    expect("SCRIPT LOAD \"return 1\"", NULL);
    expect("EVALSHA c3f8721cbb97f72bc19e972846bd7aaf91901658 0 k", NULL);
    expect("EVALSHA c3f8721cbb97f72bc19e972846bd7aaf91901658 many k", NULL);
    expect("EVAL", NULL);
    expect("EVAL text 1", NULL);
    expect("XREAD COUNT 2", NULL);
    expect("XREAD COUNT 2 STREAMS", NULL);
    expect("CLIENT SETNAME k", NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(behind_the_name),
        cmocka_unit_test(elsewhere),
        cmocka_unit_test(none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
