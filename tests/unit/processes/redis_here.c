/* See redis_here.h. */
#include "tests/unit/processes/redis_here.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

int redis_here_start(void **state)
{
    struct redis_here *here = calloc(1, sizeof *here);
    struct server_program program;
    char error[512] = "";
    char folder[128];
    struct timespec moment = {.tv_nsec = 1000000};
    if (!here || !guardian_start(&here->guardian, NULL, NULL, error, sizeof error) ||
        !server_find(NULL, &program, error, sizeof error)) {
        fail_msg("%s", error);
    }
    snprintf(folder, sizeof folder, "%.95s/1", here->guardian.folder);
    struct server_options options = {
        .program = &program, .guardian = &here->guardian, .clients = 64};
    if (!server_start(&here->server, &options, folder, error, sizeof error)) {
        fail_msg("%s", error);
    }
    link_init(&here->link, &here->server.address, "", 1000);
    for (int tries = 0; !link_open(&here->link); tries++) {
        assert_true(tries < 5000);
        nanosleep(&moment, NULL);
    }
    *state = here;
    return 0;
}

int redis_here_stop(void **state)
{
    struct redis_here *here = *state;
    link_close(&here->link);
    server_stop(&here->server);
    guardian_stop(&here->guardian);
    free(here);
    return 0;
}

long long redis_here_do(struct redis_here *here, const char *const words[])
{
    redisReply *reply = link_command(&here->link, words);
    long long number = reply && reply->type == REDIS_REPLY_INTEGER ? reply->integer : -1;
    freeReplyObject(reply);
    return number;
}

long redis_here_stat(struct redis_here *here, const char *name, const char *field)
{
    const char *const words[] = {"INFO", "commandstats", NULL};
    redisReply *reply = link_command(&here->link, words);
    char label[64];
    assert_non_null(reply);
    snprintf(label, sizeof label, "cmdstat_%s:", name);
    const char *line = strstr(reply->str, label);
    snprintf(label, sizeof label, "%s=", field);
    const char *found = line ? strstr(line, label) : NULL;
    long number = found ? strtol(found + strlen(label), NULL, 10) : 0;
    freeReplyObject(reply);
    return number;
}
