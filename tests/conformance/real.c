/* A real, private redis-server. See real.h. */
#include "tests/conformance/real.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>

#define TIMEOUT_MS 10000

int64_t real_clock_ms(void)
{
    struct timeval now;
    gettimeofday(&now, NULL);
    return (int64_t)now.tv_sec * 1000 + now.tv_usec / 1000;
}

bool real_start(struct real *real)
{
    char folder[128];
    memset(real, 0, sizeof *real);
    if (!guardian_start(&real->guardian, NULL, NULL, real->error, sizeof real->error)) {
        return false;
    }
    struct server_options options = {
        .program = &real->program, .guardian = &real->guardian, .clients = 16};
    snprintf(folder, sizeof folder, "%s/1", real->guardian.folder);
    if (!server_find(NULL, &real->program, real->error, sizeof real->error) ||
        !server_start(&real->server, &options, folder, real->error, sizeof real->error)) {
        return false;
    }
    link_init(&real->link, &real->server.address, "", 5000);
    int64_t until = real_clock_ms() + TIMEOUT_MS;
    while (!link_open(&real->link) && real_clock_ms() < until) {
        nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
    }
    snprintf(real->error, sizeof real->error, "%.300s", real->link.error);
    return real->link.redis != NULL;
}

void real_stop(struct real *real)
{
    link_close(&real->link);
    if (real->server.pid > 0) {
        server_stop(&real->server);
    }
    guardian_stop(&real->guardian);
}

void real_apply(struct real *real, const struct request *request, struct reply *reply)
{
    *reply = link_request(&real->link, request);
    assert(real->link.redis);
}

long long real_command(struct real *real, const char *const words[])
{
    redisReply *raw = link_command(&real->link, words);
    if (!raw || raw->type == REDIS_REPLY_ERROR) {
        fprintf(stderr, "%s: %s\n", words[0], raw ? raw->str : real->link.error);
        abort();
    }
    long long integer = raw->integer;
    freeReplyObject(raw);
    return integer;
}
