/* Before anything is forked: is there a Redis, which, and does it let us write? */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/host/descriptors.h"
#include "sim/processes/run.h"

#define VERSION_PATIENCE_MS 2000

/* The word after `label` in `text`. */
static void word_after(const char *text, const char *label, char *word, size_t size)
{
    const char *found = strstr(text, label);
    word[0] = '\0';
    if (found) {
        found += strlen(label);
        snprintf(word, size, "%.*s", (int)strcspn(found, " \r\n"), found);
    }
}

static bool may_write(struct link *link, char *error, size_t error_size)
{
    char key[64];
    snprintf(key, sizeof key, "hustings:probe-%u", (unsigned)getpid());
    const char *const set[] = {"SET", key, "1", "PX", "1000", NULL};
    const char *const del[] = {"DEL", key, NULL};
    redisReply *reply = link_command(link, set);
    bool good = reply && reply->type != REDIS_REPLY_ERROR;
    if (reply && !good) {
        snprintf(error, error_size, "the Redis at %.150s refuses: %.300s", link->address.shown,
                 reply->str);
    } else if (!good) {
        snprintf(error, error_size,
                 "cannot use the Redis at %.300s; mend that, or leave out --redis to have one "
                 "started",
                 link->error);
    }
    freeReplyObject(reply);
    freeReplyObject(good ? link_command(link, del) : NULL);
    return good;
}

static void ask_version(struct link *link, struct host_facts *facts)
{
    const char *const words[] = {"INFO", "server", NULL};
    redisReply *reply = link_command(link, words);
    if (reply && reply->type == REDIS_REPLY_STRING) {
        word_after(reply->str, "redis_version:", facts->redis_version, sizeof facts->redis_version);
    }
    freeReplyObject(reply);
}

static bool probe_url(const char *url, struct host_facts *facts, char *error, size_t error_size)
{
    struct address address;
    struct link link;
    if (!address_parse(url, &address, error, error_size)) {
        return false;
    }
    snprintf(facts->redis_server, sizeof facts->redis_server, "%.255s", address.shown);
    link_init(&link, &address, "", 2000);
    bool good = may_write(&link, error, error_size);
    if (good) {
        ask_version(&link, facts);
    }
    link_close(&link);
    return good;
}

/* Reads until the end, until `text` is full, or until it has taken longer than a program needs to
 * tell its version. */
static void read_some(int fd, char *text, size_t size)
{
    struct pollfd readable = {.fd = fd, .events = POLLIN};
    int64_t until_ns = monotonic_ns() + VERSION_PATIENCE_MS * INT64_C(1000000);
    size_t used = 0;
    while (used < size - 1) {
        int64_t left_ms = (until_ns - monotonic_ns()) / 1000000;
        if (left_ms <= 0 || poll(&readable, 1, (int)left_ms) <= 0) {
            break;
        }
        ssize_t got = read(fd, text + used, size - 1 - used);
        if (got <= 0) {
            break;
        }
        used += (size_t)got;
    }
    text[used] = '\0';
}

/* "Redis server v=7.0.15 sha=…". One that says nothing has no version; whether it is a server at
 * all is seen when it is started. */
static void ask_program(const struct server_program *program, struct host_facts *facts)
{
    char output[256] = "";
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) {
        return;
    }
    pid_t pid = fork();
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        descriptors_silence(STDIN_FILENO, STDIN_FILENO);
        dup2(ends[1], 1);
        dup2(ends[1], 2);
        execl(program->path, program->name, "--version", (char *)NULL);
        _exit(127);
    }
    close(ends[1]);
    if (pid > 0) {
        read_some(ends[0], output, sizeof output);
        kill(pid, SIGKILL);
        waitpid(pid, NULL, 0);
    }
    close(ends[0]);
    word_after(output, " v=", facts->redis_version, sizeof facts->redis_version);
}

bool processes_probe(const struct host_options *options, struct host_facts *facts, char *error,
                     size_t error_size)
{
    struct server_program program;
    *facts = (struct host_facts){.redis_version = ""};
    if (options->latency) {
        snprintf(error, error_size,
                 "real processes take the time that they take; leave out --latency, or run --on "
                 "model");
        return false;
    }
    if (options->redis_url) {
        return probe_url(options->redis_url, facts, error, error_size);
    }
    if (!server_find(options->redis_server, &program, error, error_size)) {
        return false;
    }
    snprintf(facts->redis_server, sizeof facts->redis_server, "%s", program.name);
    ask_program(&program, facts);
    return true;
}
