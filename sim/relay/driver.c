/* The driver's side of the relay. See driver.h. */
#include "sim/relay/driver.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

/* An order takes some microseconds; a machine may be busy. */
#define TIMEOUT_MS 10000

/* Takes in the next answer. */
static bool hear(int control, int timeout_ms, struct relay_answer *answer, char *error)
{
    struct pollfd readable = {.fd = control, .events = POLLIN};
    int status;
    *answer = (struct relay_answer){0};
    while ((status = poll(&readable, 1, timeout_ms)) < 0 && errno == EINTR) {
    }
    if (status == 0) {
        snprintf(error, RELAY_ERROR, "no answer within %d s", TIMEOUT_MS / 1000);
        return false;
    }
    ssize_t got = recv(control, answer, sizeof *answer, MSG_DONTWAIT);
    if (got != (ssize_t)sizeof *answer) {
        snprintf(error, RELAY_ERROR, "it is dead");
        return false;
    }
    if (answer->ends) {
        snprintf(error, RELAY_ERROR, "%.*s", RELAY_ERROR - 1, answer->error);
        return false;
    }
    return true;
}

bool relay_await(int control, char error[RELAY_ERROR])
{
    struct relay_answer answer;
    return hear(control, TIMEOUT_MS, &answer, error);
}

static bool ask(int control, const struct relay_request *request, struct relay_answer *answer,
                char *error)
{
    if (send(control, request, sizeof *request, MSG_NOSIGNAL) != (ssize_t)sizeof *request) {
        relay_last_words(control, error);
        return false;
    }
    return hear(control, TIMEOUT_MS, answer, error);
}

bool relay_order(int control, uint16_t id, uint8_t server, const struct link_order *order,
                 bool *changed, char error[RELAY_ERROR])
{
    struct relay_request request;
    struct relay_answer answer;
    assert(order->fault <= LINK_REFUSE && server < SERVERS_MAX);
    memset(&request, 0, sizeof request);
    request.id = id;
    request.server = server;
    request.order = *order;
    bool good = ask(control, &request, &answer, error);
    *changed = good && answer.changed;
    return good;
}

bool relay_redis_gone(int control, uint8_t server, char error[RELAY_ERROR])
{
    struct relay_request request;
    struct relay_answer answer;
    assert(server < SERVERS_MAX);
    memset(&request, 0, sizeof request);
    request.redis_is_gone = true;
    request.server = server;
    return ask(control, &request, &answer, error);
}

bool relay_process_dead(int control, uint16_t id, char error[RELAY_ERROR])
{
    struct relay_request request;
    struct relay_answer answer;
    memset(&request, 0, sizeof request);
    request.is_dead = true;
    request.id = id;
    return ask(control, &request, &answer, error);
}

void relay_last_words(int control, char error[RELAY_ERROR])
{
    struct relay_answer answer;
    bool ends = !hear(control, 0, &answer, error) && answer.ends;
    if (!ends) {
        snprintf(error, RELAY_ERROR, "it said nothing");
    }
}
