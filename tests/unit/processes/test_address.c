/* Redis URLs: what is read from them, what is no URL, and that a password is never shown. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/processes/address.h"

static const struct {
    const char *url, *path, *host;
    int port, db;
    const char *user, *password, *shown;
} good[] = {
    {"redis://", "", "127.0.0.1", 6379, 0, "", "", "redis://127.0.0.1:6379/0"},
    {"redis://localhost", "", "localhost", 6379, 0, "", "", "redis://localhost:6379/0"},
    {"redis://h:1", "", "h", 1, 0, "", "", "redis://h:1/0"},
    {"redis://h:65535/15", "", "h", 65535, 15, "", "", "redis://h:65535/15"},
    {"redis://h/", "", "h", 6379, 0, "", "", "redis://h:6379/0"},
    {"redis://[::1]:7000/2", "", "::1", 7000, 2, "", "", "redis://[::1]:7000/2"},
    {"redis://:pw@h", "", "h", 6379, 0, "", "pw", "redis://h:6379/0"},
    {"redis://me:pw@h", "", "h", 6379, 0, "me", "pw", "redis://h:6379/0"},
    {"redis://me@h", "", "h", 6379, 0, "me", "", "redis://h:6379/0"},
    {"redis://:a@b:c@h", "", "h", 6379, 0, "", "a@b:c", "redis://h:6379/0"},
    {"redis://:%2f%40%3A@h", "", "h", 6379, 0, "", "/@:", "redis://h:6379/0"},
    {"redis://h?db=2", "", "h", 6379, 2, "", "", "redis://h:6379/2"},
    {"redis://h:1/?db=2", "", "h", 1, 2, "", "", "redis://h:1/2"},
    {"redis://h/2?db=2", "", "h", 6379, 2, "", "", "redis://h:6379/2"},
    {"valkey://:pw@h:1/3", "", "h", 1, 3, "", "pw", "redis://h:1/3"},
    {"unix:/run/r.sock", "/run/r.sock", "", 0, 0, "", "", "unix:///run/r.sock"},
    {"unix:/r@s:t?db=1", "/r@s:t", "", 0, 1, "", "", "unix:///r@s:t"},
    {"unix://me:p%2fw@/r", "/r", "", 0, 0, "me", "p/w", "unix:///r"},
    {"unix:///run/r.sock", "/run/r.sock", "", 0, 0, "", "", "unix:///run/r.sock"},
    {"unix:///a%20b?db=3", "/a b", "", 0, 3, "", "", "unix:///a b"},
};

static void good_ones_are_read(void **state)
{
    (void)state;
    unsetenv("HUSTINGS_REDIS_PASSWORD");
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        struct address address;
        char error[256] = "";
        if (!address_parse(good[i].url, &address, error, sizeof error)) {
            fail_msg("%s: %s", good[i].url, error);
        }
        assert_string_equal(address.path, good[i].path);
        assert_string_equal(address.host, good[i].host);
        assert_int_equal(address.port, good[i].port);
        assert_int_equal(address.db, good[i].db);
        assert_string_equal(address.user, good[i].user);
        assert_string_equal(address.password, good[i].password);
        assert_string_equal(address.shown, good[i].shown);
    }
}

/* What is wrong, and how the URL is quoted. */
static const char *const bad[][3] = {
    {"", "\"\": ", "begins neither with \"redis://\" nor with \"unix:\""},
    {"localhost", "\"localhost\": ", "begins neither"},
    {"http://h", "\"http://h\": ", "\"http://\" is not the beginning of a Redis URL"},
    {"redis:/h", "\"redis:/h\": ", "begins neither"},
    {"rediss://h", "\"rediss://h\": ", "TLS is not supported"},
    {"rediss://:s3cret@h", "\"rediss://h\": ", "TLS is not supported"},
    {"valkeys://h", "\"valkeys://h\": ", "TLS is not supported"},
    {"redis-sentinel://h:26379", "\"redis-sentinel://h:26379\": ", "Sentinel is not supported"},
    {"redis+sentinel://h/m", "\"redis+sentinel://h/m\": ", "name the primary itself"},
    {"redis://h:0", "\"redis://h:0\": ", "the port \"0\" is not a number from 1 to 65535"},
    {"redis://h:65536", "\"redis://h:65536\": ", "the port \"65536\""},
    {"redis://h:port", "\"redis://h:…\": ", "is no port, a number from 1 to 65535"},
    {"redis://me:s3cret", "\"redis://me:…\": ", "an \"@\" must follow"},
    {"redis://h:", "\"redis://h:\": ", "the port \"\""},
    {"redis://::1:1", "\"redis://:…\": ", "an IPv6 address stands in []"},
    {"redis://h/one", "\"redis://h/one\": ", "the database \"one\" is not a number"},
    {"redis://h/-1", "\"redis://h/-1\": ", "the database \"-1\""},
    {"redis://h/ 1", "\"redis://h/ 1\": ", "the database \" 1\""},
    {"redis://h?db=x", "\"redis://h?db=x\": ", "the database \"x\""},
    {"redis://h/1?db=2", "\"redis://h/1?db=2\": ", "two databases, 1 and 2"},
    {"redis://h?password=s3cret", "\"redis://h?password\": ", "\"?password\" is not known"},
    {"redis://h?db=1&password=s3cret",
     "\"redis://h?db=1&password\": ", "\"?password\" is not known"},
    {"redis://h?db=1&db=1", "\"redis://h?db=1&db\": ", "only one ?db=n"},
    {"redis://[::1", "\"redis://[::1\": ", "does not end with \"]\""},
    {"redis://[::1]x", "\"redis://[::1]x\": ", "the host \"[::1]x\""},
    {"redis://:s3cret%@h", "\"redis://h\": ", "in the password a \"%\""},
    {"redis://:s3cret%4@h", "\"redis://h\": ", "in the password a \"%\""},
    {"redis://:s3cret%zz@h", "\"redis://h\": ", "in the password a \"%\""},
    {"redis://:s3%00@h", "\"redis://h\": ", "in the password a \"%\""},
    {"redis://:s3/cret@h", "\"redis://h\": ", "write / as %2F"},
    {"redis://:s3cret", "\"redis://:…\": ", "an \"@\" must follow"},
    {":s3cret@h:1", "\"…@h:1\": ", "begins neither"},
    {"redis:/:s3cret@h:1", "\"…@h:1\": ", "begins neither"},
    {"unix:", "\"unix:\": ", "does not begin with \"/\""},
    {"unix://", "\"unix://\": ", "does not begin with \"/\""},
    {"unix://relative", "\"unix://relative\": ", "does not begin with \"/\""},
    {"unix:///x?database=1", "\"unix:///x?database\": ", "\"?database\" is not known"},
    {"unix:///x?db=", "\"unix:///x?db=\": ", "the database \"\""},
    /* 120 bytes: too long for a socket's path */
    {"unix:///"
     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
     "\"unix:///aaa", "the path of the socket is longer than 107 bytes"},
};

static void bad_ones_are_refused_without_their_password(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct address address;
        char error[1024] = "";
        if (address_parse(bad[i][0], &address, error, sizeof error)) {
            fail_msg("%s was taken for a URL", bad[i][0]);
        }
        if (!strstr(error, bad[i][1]) || !strstr(error, bad[i][2])) {
            fail_msg("%s: %s", bad[i][0], error);
        }
        assert_non_null(strstr(error, "; write redis://[user:password@]host[:port][/db] or unix:"));
        assert_null(strstr(error, "s3"));
    }
}

/* Cut short, it could not be right. */
static void a_password_of_the_environment_may_be_too_long(void **state)
{
    struct address address;
    char secret[300];
    char error[1024];
    (void)state;
    memset(secret, 's', sizeof secret);
    secret[256] = '\0';
    setenv("HUSTINGS_REDIS_PASSWORD", secret, 1);
    assert_false(address_parse("redis://h", &address, error, sizeof error));
    assert_non_null(strstr(error, "HUSTINGS_REDIS_PASSWORD is longer than 255 bytes"));
    secret[255] = '\0';
    setenv("HUSTINGS_REDIS_PASSWORD", secret, 1);
    assert_true(address_parse("redis://h", &address, error, sizeof error));
    assert_string_equal(address.password, secret);
    unsetenv("HUSTINGS_REDIS_PASSWORD");
}

static void a_password_comes_from_the_environment(void **state)
{
    struct address address;
    char error[256];
    (void)state;
    setenv("HUSTINGS_REDIS_PASSWORD", "hidden", 1);
    assert_true(address_parse("redis://h", &address, error, sizeof error));
    assert_string_equal(address.password, "hidden");
    assert_true(address_parse("redis://:own@h", &address, error, sizeof error));
    assert_string_equal(address.password, "own");
    unsetenv("HUSTINGS_REDIS_PASSWORD");
}

static void urls_are_shown_without_it(void **state)
{
    static const char *const pairs[][3] = {
        /* as typed, as shown, as ps has it afterwards */
        {"redis://h:1/2", "redis://h:1/2", "redis://h:1/2"},
        {"redis://:pw@h:1", "redis://h:1", "redis://***@h:1"},
        {"redis://me:pw@h:1", "redis://me@h:1", "redis://*****@h:1"},
        {"--redis=redis://:p@@h", "--redis=redis://h", "--redis=redis://***@h"},
        {"redis://:p/w@h", "redis://h", "redis://****@h"},
        {"unix:///a:b@c", "unix:///a:b@c", "unix:///a:b@c"},
        {"me@home.yaml", "me@home.yaml", "me@home.yaml"},
        {"run", "run", "run"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        char text[64];
        address_without_password(pairs[i][0], text, sizeof text);
        assert_string_equal(text, pairs[i][1]);
        strcpy(text, pairs[i][0]);
        address_blank(text);
        assert_string_equal(text, pairs[i][2]);
    }
}

static void a_path_may_be_too_long_for_a_socket(void **state)
{
    struct address address;
    char path[200];
    (void)state;
    memset(path, 'x', sizeof path);
    path[107] = '\0';
    assert_true(address_of_socket(path, &address));
    path[107] = 'x';
    path[108] = '\0';
    assert_false(address_of_socket(path, &address));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_ones_are_read),
        cmocka_unit_test(bad_ones_are_refused_without_their_password),
        cmocka_unit_test(a_password_comes_from_the_environment),
        cmocka_unit_test(a_password_of_the_environment_may_be_too_long),
        cmocka_unit_test(urls_are_shown_without_it),
        cmocka_unit_test(a_path_may_be_too_long_for_a_socket),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
