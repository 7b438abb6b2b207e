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
    {"redis://[::1]:7000/2", "", "::1", 7000, 2, "", "", "redis://::1:7000/2"},
    {"redis://:pw@h", "", "h", 6379, 0, "", "pw", "redis://h:6379/0"},
    {"redis://me:pw@h", "", "h", 6379, 0, "me", "pw", "redis://h:6379/0"},
    {"redis://me@h", "", "h", 6379, 0, "me", "", "redis://h:6379/0"},
    {"redis://:a@b:c@h", "", "h", 6379, 0, "", "a@b:c", "redis://h:6379/0"},
    {"redis://:%2f%40%3A@h", "", "h", 6379, 0, "", "/@:", "redis://h:6379/0"},
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

static const char *const bad[] = {
    "",
    "localhost",
    "http://h",
    "redis:/h",
    "rediss://h",
    "redis://h:0",
    "redis://h:65536",
    "redis://h:port",
    "redis://h:",
    "redis://h/one",
    "redis://h/-1",
    "redis://h?db=1",
    "redis://[::1",
    "redis://[::1]x",
    "redis://:s3cret%@h",
    "redis://:s3cret%4@h",
    "redis://:s3cret%zz@h",
    "redis://:s3/cret@h",
    "unix://",
    "unix://relative",
    "unix:///x?database=1",
    "unix:///x?db=",
    /* 120 bytes: too long for a socket's path */
    "unix:///"
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
};

static void bad_ones_are_refused_without_their_password(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct address address;
        char error[256] = "";
        if (address_parse(bad[i], &address, error, sizeof error)) {
            fail_msg("%s was taken for a URL", bad[i]);
        }
        assert_non_null(strstr(error, "redis://"));
        assert_null(strstr(error, "s3"));
    }
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
        cmocka_unit_test(urls_are_shown_without_it),
        cmocka_unit_test(a_path_may_be_too_long_for_a_socket),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
