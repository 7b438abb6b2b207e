/* The reader: what it keeps of messages and where they end, however the bytes come. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "told.h"

/* The same whatever the portions are, and whatever byte they part at. */
static void expect_bytes(enum resp_side side, const char *bytes, size_t size, const char *wanted)
{
    for (size_t portion = 1; portion <= size; portion++) {
        assert_string_equal(tell_stream(side, bytes, size, portion), wanted);
    }
}

static void commands(const char *bytes, const char *wanted)
{
    expect_bytes(RESP_COMMANDS, bytes, strlen(bytes), wanted);
}

static void answers(const char *bytes, const char *wanted)
{
    expect_bytes(RESP_ANSWERS, bytes, strlen(bytes), wanted);
}

static void arrays_of_words(void **state)
{
    (void)state;
    commands("*1\r\n$4\r\nPING\r\n", "PING");
    commands("*2\r\n$3\r\nget\r\n$1\r\nk\r\n*1\r\n$4\r\nPING\r\n", "get k; PING");
    commands("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$7\r\na\r\nb*\r\n\r\n", "SET k a\r\nb*\r\n");
    commands("*2\r\n$3\r\nGET\r\n$0\r\n\r\n", "GET ");
    commands("*0\r\n*-1\r\n*1\r\n$4\r\nPING\r\n", "; ; PING");
    commands("*2\r\n$3\r\nGET\r\n$1\r\n", "(17)");
}

static void words_typed_by_hand(void **state)
{
    (void)state;
    commands("PING\r\n", "PING");
    commands("set k v\r\nget k\n", "set k v; get k");
    commands("  \t set   k \t\r\n\r\n", "set k; ");
    commands("set k \"a b\"\n", "set k a b");
    commands("set k \"\\x41\\n\\\"\\q\\x4g\\xg\" 'it\\'s \\n'\n", "set k A\n\"qx4gxg it's \\n");
    commands("set k ab\"c d\"\n", "set k abc d");
    commands("set k \"\"\n", "set k ");
    commands("$3 is no length here\n", "$3 is no length here");
}

static void what_a_server_refuses(void **state)
{
    (void)state;
    commands("set k \"a\n", "!");
    commands("set k 'a\n", "!");
    commands("set k \"a\"b\n", "!");
    commands("PING\r\n*x\r\n", "PING; !");
    commands("*1\r\n:1\r\n", "!");
    commands("*1\r\n$-1\r\n", "!");
    commands("*1\r\n$\r\n", "!");
    commands("*99999999999999999999\r\n", "!");
    commands("*2000000000000\r\n", "!");
    commands("*1\r\n$2000000000000\r\n", "!");
}

static void simple_answers(void **state)
{
    (void)state;
    answers("+OK\r\n", "+OK");
    answers("-NOSCRIPT No matching script.\r\n", "-NOSCRIPT No matching script.");
    answers(":-12\r\n:9223372036854775807\r\n", ":-12; :9223372036854775807");
    answers(":-9223372036854775808\r\n", ":-9223372036854775808");
    answers("$-1\r\n*-1\r\n_\r\n", "null; null; null");
    answers("$0\r\n\r\n$3\r\na\rb\r\n", "$; $a\rb");
    answers("#t\r\n#f\r\n", "#1; #0");
    answers(",3.25\r\n,-inf\r\n(3492890328409238509324850943850943825024385\r\n",
            ",3.25; ,-inf; (3492890328409238509324850943850943825024385");
    answers("=15\r\ntxt:Some string\r\n!11\r\nERR unknown\r\n", "=txt:Some string; !ERR unknown");
    answers("+a\rb\r\n+\r\n+c\n", "+a\rb; +; +c");
}

static void lists(void **state)
{
    (void)state;
    answers("*0\r\n", "*0");
    answers("*2\r\n:1\r\n$3\r\nabc\r\n", "*2 :1 $abc");
    answers("*2\r\n*2\r\n:1\r\n*0\r\n$1\r\nx\r\n+OK\r\n", "*2 *2 $x; +OK");
    answers("*3\r\n$-1\r\n*1\r\n*1\r\n+a\r\n-b\r\n+OK\r\n", "*3 null *1 -b; +OK");
    answers("*2\r\n*1\r\n*1\r\n*0\r\n*2\r\n%1\r\n+a\r\n+b\r\n~0\r\n", "*2 *1 *2");
    answers("%2\r\n+a\r\n:1\r\n+b\r\n*1\r\n:2\r\n", "%4 +a :1 +b *1");
    answers("~2\r\n+a\r\n#t\r\n", "~2 +a #1");
    answers(">3\r\n+message\r\n+c\r\n$1\r\nx\r\n:1\r\n", ">3 +message +c $x; :1");
}

static void attributes_are_read_over(void **state)
{
    (void)state;
    answers("|1\r\n+ttl\r\n:3600\r\n*1\r\n:1\r\n+OK\r\n", "*1 :1; +OK");
    answers("|0\r\n:1\r\n", ":1");
    answers(
        "*2\r\n|1\r\n+a\r\n*2\r\n:1\r\n:2\r\n:3\r\n|1\r\n|1\r\n+x\r\n+y\r\n+b\r\n*0\r\n*1\r\n:4\r\n"
        "+OK\r\n",
        "*2 :3 *1; +OK");
    answers("*1\r\n*2\r\n|1\r\n+a\r\n+b\r\n:1\r\n:2\r\n+OK\r\n", "*1 *2; +OK");
}

static void what_no_server_sends(void **state)
{
    (void)state;
    answers("PING\r\n", "!");
    answers("*1\r\nx\r\n", "!");
    answers("$?\r\n", "!");
    answers("$-2\r\n", "!");
    answers("%-1\r\n", "!");
    answers(":1a\r\n", "!");
    answers(":\r\n", "!");
    answers(":9223372036854775808\r\n", "!");
    answers(":1\r\r\n", "!");
    answers("*1099511627777\r\n", "!");
    answers("*1\r\n*1099511627776\r\n*1099511627776\r\n", "!");
}

/* printf x*100 | sha1sum, of 64 and of 65 likewise. */
static void long_texts_are_digested(void **state)
{
    (void)state;
    char bytes[400];
    char text[101];
    memset(text, 'x', sizeof text);
    snprintf(bytes, sizeof bytes, "*2\r\n$3\r\nGET\r\n$64\r\n%.64s\r\n", text);
    char wanted[100];
    snprintf(wanted, sizeof wanted, "GET %.64s", text);
    commands(bytes, wanted);
    snprintf(bytes, sizeof bytes, "*2\r\n$3\r\nGET\r\n$65\r\n%.65s\r\n", text);
    commands(bytes, "GET xxxx~65 78c7");
    snprintf(bytes, sizeof bytes, "GET '%.100s'\r\n", text);
    commands(bytes, "GET xxxx~100 50e4");
    snprintf(bytes, sizeof bytes, "-%.100s\r\n", text);
    answers(bytes, "-xxxx~100 50e4");
}

/* A list of one value `a` each, with `count` of them. */
static void read_list(struct resp_reader *reader, enum resp_side side, int count)
{
    char bytes[16 * RESP_ITEMS];
    int used = snprintf(bytes, sizeof bytes, "*%d\r\n", count);
    for (int i = 0; i < count; i++) {
        used += snprintf(bytes + used, sizeof bytes - (size_t)used, "$1\r\na\r\n");
    }
    read_one(reader, side, bytes);
    assert_int_equal(reader->message.values, count);
}

static void only_so_many_items_are_kept(void **state)
{
    (void)state;
    struct resp_reader reader;
    read_list(&reader, RESP_COMMANDS, RESP_ITEMS);
    assert_int_equal(reader.message.count, RESP_ITEMS);
    read_list(&reader, RESP_COMMANDS, RESP_ITEMS + 4);
    assert_int_equal(reader.message.count, RESP_ITEMS);
    assert_true(resp_is(&reader.message.items[RESP_ITEMS - 1], "a", 1));
    read_list(&reader, RESP_ANSWERS, RESP_ITEMS + 4);
    assert_int_equal(reader.message.count, RESP_ITEMS);
}

/* The first word behind the name in which it stands, however the bytes come. */
static uint64_t word_with(const char *watched, const char *bytes, size_t portion)
{
    struct resp_reader reader;
    resp_begin(&reader, RESP_COMMANDS);
    resp_watch(&reader, watched, strlen(watched));
    for (size_t at = 0; at < strlen(bytes);) {
        size_t left = strlen(bytes) - at;
        at += resp_read(&reader, bytes + at, left < portion ? left : portion);
    }
    assert_true(reader.whole && !reader.broken && !reader.message.beyond);
    return reader.message.word_with;
}

static void a_text_is_watched_for(void **state)
{
    (void)state;
    for (size_t portion = 1; portion < 20; portion++) {
        assert_int_equal(word_with("aab", "*2\r\n$1\r\nx\r\n$6\r\naaaabc\r\n", portion), 1);
        assert_int_equal(word_with("aab", "*3\r\n$2\r\naa\r\n$2\r\naa\r\n$1\r\nb\r\n", portion), 0);
        assert_int_equal(word_with("aab", "*2\r\n$3\r\naab\r\n$2\r\naa\r\n", portion), 0);
        assert_int_equal(word_with("abab", "aabab ababx ab 'aba babab'\n", portion), 1);
        assert_int_equal(word_with("abab", "x 'abaabab'\n", portion), 1);
        assert_int_equal(word_with("abab", "x aba abba 'aba babab'\n", portion), 3);
    }
}

/* Nesting takes no memory. */
static void depth_is_no_matter(void **state)
{
    (void)state;
    struct resp_reader reader;
    resp_begin(&reader, RESP_ANSWERS);
    for (int i = 0; i < 100000; i++) {
        assert_int_equal(resp_read(&reader, "*1\r\n", 4), 4);
        assert_false(reader.whole);
    }
    assert_int_equal(resp_read(&reader, ":1\r\n+OK\r\n", 9), 4);
    assert_true(reader.whole);
    assert_int_equal(reader.message.count, 2);
}

static void what_is_broken_stays_so(void **state)
{
    (void)state;
    struct resp_reader reader;
    resp_begin(&reader, RESP_ANSWERS);
    assert_int_equal(resp_read(&reader, "x\r\n", 3), 3);
    assert_true(reader.broken && reader.whole);
    assert_int_equal(resp_read(&reader, "+OK\r\n+OK\r\n", 10), 10);
    assert_true(reader.broken && reader.whole);
    assert_int_equal(reader.message.bytes, 10);
    assert_int_equal(reader.message.count, 0);
}

static void texts_are_compared(void **state)
{
    (void)state;
    struct resp_reader a, b;
    char word[100], bytes[300];
    int64_t number;
    read_one(&a, RESP_COMMANDS, "set K -12 12a \"\"\n");
    assert_true(resp_says(&a.message.items[0], "SET") && !resp_says(&a.message.items[0], "SETNX"));
    assert_true(resp_is(&a.message.items[1], "K", 1) && !resp_is(&a.message.items[1], "k", 1));
    assert_true(resp_number(&a.message.items[2], &number));
    assert_int_equal(number, -12);
    assert_false(resp_number(&a.message.items[3], &number));
    assert_false(resp_number(&a.message.items[4], &number));
    memset(word, 'x', sizeof word);
    snprintf(bytes, sizeof bytes, "%.100s %.99sy\n", word, word);
    read_one(&a, RESP_COMMANDS, bytes);
    snprintf(bytes, sizeof bytes, "$100\r\n%.100s\r\n", word);
    read_one(&b, RESP_ANSWERS, bytes);
    assert_true(resp_is(&a.message.items[0], word, 100));
    assert_false(resp_is(&a.message.items[1], word, 100));
    assert_true(resp_same(&a.message.items[0], &b.message.items[0]));
    assert_false(resp_same(&a.message.items[1], &b.message.items[0]));
}

/* Enough of a script to know it by. */
static void the_first_long_text_is_kept_longer(void **state)
{
    (void)state;
    struct resp_reader reader;
    char text[600], bytes[1400];
    for (size_t i = 0; i < sizeof text; i++) {
        text[i] = (char)('a' + i % 26);
    }
    snprintf(bytes, sizeof bytes, "EVAL %.100s %.600s\n", text, text);
    read_one(&reader, RESP_COMMANDS, bytes);
    assert_ptr_equal(reader.message.longest, &reader.message.items[1]);
    assert_int_equal(reader.message.long_kept, 100);
    assert_memory_equal(reader.message.long_text, text, 100);
    snprintf(bytes, sizeof bytes, "$600\r\n%.600s\r\n", text);
    read_one(&reader, RESP_ANSWERS, bytes);
    assert_int_equal(reader.message.long_kept, RESP_LONG);
    assert_memory_equal(reader.message.long_text, text, RESP_LONG);
    read_one(&reader, RESP_ANSWERS, "+OK\r\n");
    assert_null(reader.message.longest);
}

/* FIPS 180-4's own. */
static void digests(void **state)
{
    (void)state;
    uint8_t out[DIGEST_BYTES];
    struct resp_reader reader;
    read_one(&reader, RESP_COMMANDS, "abc\n");
    resp_digest(&reader.message.items[0], out);
    static const uint8_t abc[] = {0xa9, 0x99, 0x3e, 0x36, 0x47, 0x06, 0x81, 0x6a, 0xba, 0x3e,
                                  0x25, 0x71, 0x78, 0x50, 0xc2, 0x6c, 0x9c, 0xd0, 0xd8, 0x9d};
    assert_memory_equal(out, abc, sizeof abc);
    struct digest digest;
    digest_begin(&digest);
    for (int i = 0; i < 1000000; i += 10) {
        digest_add(&digest, "aaaaaaaaaa", 10);
    }
    digest_end(&digest, out);
    static const uint8_t million[] = {0x34, 0xaa, 0x97, 0x3c, 0xd4, 0xc4, 0xda, 0xa4, 0xf6, 0x1e,
                                      0xeb, 0x2b, 0xdb, 0xad, 0x27, 0x31, 0x65, 0x34, 0x01, 0x6f};
    assert_memory_equal(out, million, sizeof million);
    char hex[DIGEST_HEX];
    digest_hex(out, hex);
    assert_string_equal(hex, "34aa973cd4c4daa4f61eeb2bdbad27316534016f");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arrays_of_words),
        cmocka_unit_test(words_typed_by_hand),
        cmocka_unit_test(what_a_server_refuses),
        cmocka_unit_test(simple_answers),
        cmocka_unit_test(lists),
        cmocka_unit_test(attributes_are_read_over),
        cmocka_unit_test(what_no_server_sends),
        cmocka_unit_test(long_texts_are_digested),
        cmocka_unit_test(only_so_many_items_are_kept),
        cmocka_unit_test(a_text_is_watched_for),
        cmocka_unit_test(depth_is_no_matter),
        cmocka_unit_test(what_is_broken_stays_so),
        cmocka_unit_test(the_first_long_text_is_kept_longer),
        cmocka_unit_test(texts_are_compared),
        cmocka_unit_test(digests),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
