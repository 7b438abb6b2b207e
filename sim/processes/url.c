/* Redis URLs. See address.h. */
#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/processes/address.h"

#define FORMS "redis://[user:password@]host[:port][/db] or unix:/path/to/socket[?db=n]"

#define DB_MAX (1 << 20)

/* What is being read, and what is wrong with it. */
struct reading {
    struct address *address;
    bool has_db;
    bool hides;      /* a part that was taken for something else may be a password */
    char wrong[400]; /* never has a password */
};

#define PASSWORD_VARIABLE "HUSTINGS_REDIS_PASSWORD"

static bool wrong(struct reading *reading, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static bool wrong(struct reading *reading, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(reading->wrong, sizeof reading->wrong, format, arguments);
    va_end(arguments);
    assert(reading->wrong[0]);
    return false;
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Undoes %xx in place. A %00 would end the text. */
static bool unescape(char *text)
{
    char *out = text;
    for (const char *in = text; *in; in++) {
        if (*in != '%') {
            *out++ = *in;
            continue;
        }
        int high = hex_value(in[1]);
        int low = high < 0 ? -1 : hex_value(in[2]);
        if (low < 0 || high + low == 0) {
            return false;
        }
        assert(high < 16 && low < 16);
        *out++ = (char)(high * 16 + low);
        in += 2;
    }
    *out = '\0';
    return true;
}

static bool number(const char *text, int low, int high, int *value)
{
    char *end;
    errno = 0;
    long parsed = strtol(text, &end, 10);
    if (*text < '0' || *text > '9' || *end != '\0' || errno || parsed < low || parsed > high) {
        return false;
    }
    *value = (int)parsed;
    return true;
}

static bool read_word(struct reading *reading, const char *what, char *to, size_t size,
                      const char *text, size_t length)
{
    if (!address_copy(to, size, text, length)) {
        return wrong(reading, "%s is longer than %zu bytes", what, size - 1);
    }
    if (!unescape(to)) {
        return wrong(reading,
                     "in %s a \"%%\" is not followed by two hex digits (a \"%%\" itself is %%25)",
                     what);
    }
    return true;
}

/* user, :password or user:password */
static bool read_credentials(struct reading *reading, const char *text, size_t length)
{
    struct address *address = reading->address;
    const char *colon = memchr(text, ':', length);
    size_t user = colon ? (size_t)(colon - text) : length;
    return read_word(reading, "the user", address->user, sizeof address->user, text, user) &&
           (!colon || read_word(reading, "the password", address->password,
                                sizeof address->password, colon + 1, length - user - 1));
}

/* A port that has other signs than digits may be a password whose "@" was forgotten. */
static bool wrong_port(struct reading *reading, const char *port)
{
    reading->hides = port[strspn(port, "0123456789")] != '\0';
    if (reading->hides) {
        return wrong(reading,
                     "what is behind the \":\" is no port, a number from 1 to 65535; if it is "
                     "a password, an \"@\" must follow it, and an IPv6 address stands in []");
    }
    return wrong(reading, "the port \"%s\" is not a number from 1 to 65535", port);
}

/* host, host:port or [v6]:port */
static bool read_host(struct reading *reading, const char *text, size_t length)
{
    struct address *address = reading->address;
    char place[300];
    if (!address_copy(place, sizeof place, text, length)) {
        return wrong(reading, "the host is too long");
    }
    char *host = place;
    char *port = NULL;
    if (*place == '[') {
        char *close = strchr(place, ']');
        if (!close || (close[1] != '\0' && close[1] != ':')) {
            return wrong(reading, "the host \"%s\" begins with \"[\" and does not end with \"]\"",
                         place);
        }
        host = place + 1;
        *close = '\0';
        port = close[1] == ':' ? close + 2 : NULL;
    } else if ((port = strchr(place, ':'))) {
        *port++ = '\0';
    }
    if (port && !number(port, 1, 65535, &address->port)) {
        return wrong_port(reading, port);
    }
    host = *host ? host : "127.0.0.1";
    return address_copy(address->host, sizeof address->host, host, strlen(host)) ||
           wrong(reading, "the host is longer than %zu bytes", sizeof address->host - 1);
}

static bool read_db(struct reading *reading, const char *text)
{
    int db = 0;
    if (!number(text, 0, DB_MAX, &db)) {
        return wrong(reading, "the database \"%s\" is not a number from 0 on", text);
    }
    if (reading->has_db && db != reading->address->db) {
        return wrong(reading, "it names two databases, %d and %d", reading->address->db, db);
    }
    assert(db >= 0 && db <= DB_MAX);
    reading->has_db = true;
    reading->address->db = db;
    return true;
}

/* What is behind the "?". Its value may be a password: it is not repeated. */
static bool read_query(struct reading *reading, const char *query)
{
    bool is_db = strncmp(query, "db=", 3) == 0;
    const char *more = strchr(query, '&');
    if (is_db && !more) {
        return read_db(reading, query + 3);
    }
    const char *unknown = is_db ? more + 1 : query;
    size_t name = strcspn(unknown, "=&");
    return wrong(reading, "\"?%.*s\" is not known here: only one ?db=n is", (int)name, unknown);
}

/* Where the credentials end: at the last @ of what comes before the path. */
static const char *find_at(const char *rest, size_t length)
{
    const char *at = NULL;
    for (size_t i = 0; i < length; i++) {
        at = rest[i] == '@' ? rest + i : at;
    }
    return at;
}

static bool read_tcp(struct reading *reading, const char *rest)
{
    struct address *address = reading->address;
    size_t length = strcspn(rest, "/?#");
    const char *at = find_at(rest, length);
    address->port = 6379;
    if (strchr(rest + length, '@')) {
        return wrong(reading,
                     "there is an \"@\" behind a \"%c\"; in a password write / as %%2F, "
                     "? as %%3F, # as %%23",
                     rest[length]);
    }
    if (at && !read_credentials(reading, rest, (size_t)(at - rest))) {
        return false;
    }
    const char *host = at ? at + 1 : rest;
    if (!read_host(reading, host, length - (size_t)(host - rest))) {
        return false;
    }
    char path[32];
    const char *tail = rest + length;
    size_t path_length = strcspn(tail, "?");
    if (!address_copy(path, sizeof path, tail, path_length)) {
        return wrong(reading, "the database is not a number from 0 on");
    }
    if (path_length > 1 && !read_db(reading, path + 1)) {
        return false;
    }
    if (tail[path_length] == '?' && !read_query(reading, tail + path_length + 1)) {
        return false;
    }
    bool v6 = strchr(address->host, ':') != NULL;
    snprintf(address->shown, sizeof address->shown, "redis://%s%s%s:%d/%d", v6 ? "[" : "",
             address->host, v6 ? "]" : "", address->port, address->db);
    return true;
}

static bool read_unix(struct reading *reading, const char *rest)
{
    struct address *address = reading->address;
    if (strncmp(rest, "//", 2) == 0) {
        rest += 2;
        const char *at = find_at(rest, strcspn(rest, "/"));
        if (at && !read_credentials(reading, rest, (size_t)(at - rest))) {
            return false;
        }
        rest = at ? at + 1 : rest;
    }
    size_t length = strcspn(rest, "?");
    if (*rest != '/') {
        return wrong(reading, "the path of its socket does not begin with \"/\"");
    }
    if (!read_word(reading, "the path of the socket", address->path, sizeof address->path, rest,
                   length)) {
        return false;
    }
    if (rest[length] == '?' && !read_query(reading, rest + length + 1)) {
        return false;
    }
    snprintf(address->shown, sizeof address->shown, "unix://%s", address->path);
    return true;
}

/* What others understand, and hustings does not. */
static const char *unsupported(const char *scheme, size_t length)
{
    static const struct {
        const char *scheme, *why;
    } known[] = {
        {"rediss", "TLS is not supported: name a port of this Redis that is plain, or put a tunnel "
                   "before it"},
        {"valkeys", "TLS is not supported: name a port of this Valkey that is plain, or put a "
                    "tunnel before it"},
        {"redis-sentinel", "Sentinel is not supported: an election under test goes through one "
                           "server; name the primary itself, redis-cli SENTINEL "
                           "GET-MASTER-ADDR-BY-NAME tells which that is"},
        {"redis+sentinel", NULL},
        {"sentinel", NULL},
    };
    const char *why = NULL;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        why = known[i].why ? known[i].why : why;
        if (strlen(known[i].scheme) == length && memcmp(known[i].scheme, scheme, length) == 0) {
            return why;
        }
    }
    return NULL;
}

static bool read_scheme(struct reading *reading, const char *url)
{
    if (strncmp(url, "redis://", 8) == 0) {
        return read_tcp(reading, url + 8);
    }
    if (strncmp(url, "valkey://", 9) == 0) {
        return read_tcp(reading, url + 9);
    }
    if (strncmp(url, "unix:", 5) == 0) {
        return read_unix(reading, url + 5);
    }
    const char *colon = strstr(url, "://");
    size_t length = colon ? (size_t)(colon - url) : 0;
    const char *why = colon ? unsupported(url, length) : NULL;
    if (why) {
        return wrong(reading, "%s", why);
    }
    if (colon && !memchr(url, '@', length)) {
        return wrong(reading, "\"%.*s://\" is not the beginning of a Redis URL",
                     length < 40 ? (int)length : 40, url);
    }
    return wrong(reading, "it begins neither with \"redis://\" nor with \"unix:\"");
}

static bool add_password(struct reading *reading)
{
    const char *secret = getenv(PASSWORD_VARIABLE);
    struct address *address = reading->address;
    return !secret || address->password[0] != '\0' ||
           address_copy(address->password, sizeof address->password, secret, strlen(secret)) ||
           wrong(reading, "the password in HUSTINGS_REDIS_PASSWORD is longer than %zu bytes",
                 sizeof address->password - 1);
}

/* Where the credentials of a URL begin, and the @ behind them; NULL: there are none. Whatever is
 * before the last @ may be a part of a password, however oddly it is written. */
static const char *credentials(const char *url, const char **at)
{
    const char *scheme = strstr(url, "://");
    *at = strrchr(url, '@');
    bool some = scheme && *at && scheme < *at && scheme[3] != '/'; /* else an @ is in a path */
    return some ? scheme + 3 : NULL;
}

void address_without_password(const char *url, char *text, size_t size)
{
    const char *at;
    const char *begin = credentials(url, &at);
    if (!begin) {
        snprintf(text, size, "%s", url);
        return;
    }
    size_t user = strcspn(begin, ":@");
    snprintf(text, size, "%.*s%s", (int)(begin + user - url), url, user > 0 ? at : at + 1);
}

void address_blank(char *url)
{
    const char *at;
    const char *begin = credentials(url, &at);
    if (begin) {
        memset(url + (begin - url), '*', (size_t)(at - begin));
    }
}

/* As it was typed, but for whatever may be a password. */
static void show(const struct reading *reading, const char *url, char *shown, size_t size)
{
    const char *at = strrchr(url, '@');
    if (at && !strstr(url, "://")) {
        snprintf(shown, size, "…%s", at);
        return;
    }
    address_without_password(url, shown, size);
    char *host = strstr(shown, "://");
    char *port = host ? strchr(host + 3, ':') : NULL;
    if (reading->hides && port && port + sizeof ":…" <= shown + size) {
        memcpy(port, ":…", sizeof ":…");
    }
    char *query = strchr(shown, '?');
    if (query && strncmp(query, "?db=", 4) == 0) {
        query = strchr(query, '&');
    }
    char *value = query ? strchr(query, '=') : NULL;
    if (value) {
        *value = '\0';
    }
}

bool address_parse(const char *url, struct address *address, char *error, size_t error_size)
{
    struct reading reading = {.address = address};
    char shown[300];
    *address = (struct address){0};
    if (read_scheme(&reading, url) && add_password(&reading)) {
        return true;
    }
    assert(reading.wrong[0]);
    show(&reading, url, shown, sizeof shown);
    snprintf(error, error_size, "\"%s\": %s; write %s", shown, reading.wrong, FORMS);
    return false;
}

void address_forget_password(void)
{
    /* NOLINTBEGIN(concurrency-mt-unsafe): a forked child has one thread. */
    char *secret = getenv(PASSWORD_VARIABLE);
    if (secret) {
        memset(secret, '*', strlen(secret));
        unsetenv(PASSWORD_VARIABLE);
    }
    /* NOLINTEND(concurrency-mt-unsafe) */
}
