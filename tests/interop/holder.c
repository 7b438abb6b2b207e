/* A holder of the lock, in C, that does what it is told: the lock of src/ over the harness's own
 * connection. holder.py is its twin over redis-py; test_lock.py plays them against each other.
 *
 *     holder SOCKET TTL_MS RETRY_MS TIMEOUT_MS       reads words from stdin, answers each by a line
 *
 *     acquire WAIT_MS     held, or busy (0: waits for ever)
 *     release             free, or lost: it was no longer ours
 *     extend MS           1, or 0: it is not ours
 *     token               its own, 32 digits
 *     pttl                of the lock's key, ms
 *     count N             N times under the lock: GET counter, add one, SET. "N counted, L lost"
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "sim/processes/link_commands.h"
#include "sim/processes/shared.h"
#include "src/lock/lock.h"
#include "src/owners.h"

struct holder {
    struct settings settings;
    struct lock lock;
    struct link link;
};

static void need(bool good, const char *what)
{
    if (!good) {
        fprintf(stderr, "holder: %s\n", what);
        exit(1);
    }
}

/* --- the lock's machine, driven --------------------------------------------------------------- */

static struct event event_now(enum event_kind kind, const struct reply *reply)
{
    struct event event = {.kind = kind, .now_ns = monotonic_ns(), .reply = reply};
    need(getrandom(&event.fresh, sizeof event.fresh, 0) == sizeof event.fresh, "no random bits");
    return event;
}

static void ask(struct holder *holder, const struct request *request, struct reply *reply)
{
    *reply = link_request(&holder->link, request);
}

static enum lock_progress drive(struct holder *holder, enum lock_progress progress,
                                struct action *action)
{
    while (progress == LOCK_PENDING) {
        struct reply reply;
        struct event event;
        struct action last = *action;
        memset(action, 0, sizeof *action);
        if (last.sends > 0) {
            ask(holder, &last.send[0], &reply);
            event = event_now(EVENT_REPLY, &reply);
        } else {
            struct timespec rest = {.tv_sec = last.wake[TIMER_PROTOCOL].min_ns / 1000000000,
                                    .tv_nsec = last.wake[TIMER_PROTOCOL].min_ns % 1000000000};
            nanosleep(&rest, NULL);
            event = event_now(EVENT_WOKE, NULL);
        }
        progress = lock_step(&holder->settings, &holder->lock, &event, action);
    }
    return progress;
}

static bool acquire(struct holder *holder, long wait_ms)
{
    struct action action = {0};
    struct event event = event_now(EVENT_STARTED, NULL);
    holder->settings.value[OWNER_LOCK][LOCK_WAIT] = wait_ms * INT64_C(1000000);
    enum lock_progress progress = lock_acquire(&holder->settings, &holder->lock, &event, &action);
    return drive(holder, progress, &action) == LOCK_HELD;
}

static bool release(struct holder *holder)
{
    struct action action = {0};
    struct event event = event_now(EVENT_WOKE, NULL);
    enum lock_progress progress = lock_release(&holder->settings, &holder->lock, &event, &action);
    return drive(holder, progress, &action) == LOCK_FREE;
}

/* --- the words -------------------------------------------------------------------------------- */

/* The number that a command answers, as integer or as text; 0 for nothing there. */
static long long number_of(struct holder *holder, const char *const words[])
{
    redisReply *reply = link_command(&holder->link, words);
    need(reply && reply->type != REDIS_REPLY_ERROR, reply ? reply->str : holder->link.error);
    long long number =
        reply->type == REDIS_REPLY_STRING ? strtoll(reply->str, NULL, 10) : reply->integer;
    freeReplyObject(reply);
    return number;
}

static void count(struct holder *holder, long turns)
{
    long lost = 0;
    for (long i = 0; i < turns; i++) {
        char text[24];
        const char *const get[] = {"GET", "counter", NULL};
        const char *const set[] = {"SET", "counter", text, NULL};
        need(acquire(holder, 0), "did not get the lock");
        snprintf(text, sizeof text, "%lld", number_of(holder, get) + 1);
        number_of(holder, set);
        lost += !release(holder);
    }
    printf("%ld counted, %ld lost\n", turns, lost);
}

static void obey(struct holder *holder, const char *word, long number)
{
    struct reply reply;
    char token[33];
    const char *const pttl[] = {"PTTL", holder->link.keys.names[KEY_LOCK], NULL};
    if (strcmp(word, "acquire") == 0) {
        puts(acquire(holder, number) ? "held" : "busy");
    } else if (strcmp(word, "release") == 0) {
        puts(release(holder) ? "free" : "lost");
    } else if (strcmp(word, "extend") == 0) {
        struct request extend = {.op = STORE_EXTEND_IF_EQUAL,
                                 .key = KEY_LOCK,
                                 .ttl_ms = (uint32_t)number,
                                 .value.token = holder->lock.token};
        ask(holder, &extend, &reply);
        need(reply.outcome == STORE_OK, "extend failed");
        printf("%" PRId64 "\n", reply.value.integer);
    } else if (strcmp(word, "token") == 0) {
        token_text(holder->lock.token, token);
        puts(token);
    } else if (strcmp(word, "pttl") == 0) {
        printf("%lld\n", number_of(holder, pttl));
    } else if (strcmp(word, "count") == 0) {
        count(holder, number);
    } else {
        need(false, "no such word");
    }
    fflush(stdout);
}

int main(int argc, char **argv)
{
    static struct holder holder;
    struct address address;
    char line[64];
    need(argc == 5 && address_of_socket(argv[1], &address), "SOCKET TTL_MS RETRY_MS TIMEOUT_MS");
    holder.settings = (struct settings){
        .row[OWNER_LOCK] = (uint8_t)owner_find(OWNER_LOCK, "token"),
        .value[OWNER_LOCK][LOCK_TTL] = strtol(argv[2], NULL, 10) * INT64_C(1000000),
        .value[OWNER_LOCK][LOCK_RETRY] = strtol(argv[3], NULL, 10) * INT64_C(1000000)};
    link_init(&holder.link, &address, "", (int)strtol(argv[4], NULL, 10));
    while (fgets(line, sizeof line, stdin)) {
        char *number = line + strcspn(line, " \n");
        long value = strtol(number, NULL, 10);
        *number = '\0';
        obey(&holder, line, value);
    }
    link_close(&holder.link);
    return 0;
}
