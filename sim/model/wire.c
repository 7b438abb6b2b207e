/* Connections and the server: requests on their way, answers on theirs. See network.h. */
#include <assert.h>
#include <stdlib.h>

#include "sim/model/state.h"

/* --- connections ------------------------------------------------------------------------------ */

static bool reserve(struct model *model)
{
    if (model->connection_count < model->connection_capacity) {
        return true;
    }
    uint32_t capacity = 2 * model->connection_capacity;
    struct connection *list = realloc(model->connections, capacity * sizeof *list);
    if (!list) {
        return false;
    }
    model->connections = list;
    model->connection_capacity = capacity;
    return true;
}

bool wire_connect(struct model *model, uint16_t id)
{
    uint32_t index = model->free_connection;
    if (index != NO_CONNECTION) {
        model->free_connection = model->connections[index].next_free;
    } else if (reserve(model)) {
        index = model->connection_count++;
    } else {
        model_fail(model, "out of memory");
        return false;
    }
    struct connection *connection = &model->connections[index];
    connection->state = CONNECTION_IDLE;
    connection->ballot = NO_BALLOT;
    connection->owner = id;
    connection->abandoned = false;
    model->members[id].connection = index;
    return true;
}

static void drop_ballot(struct model *model, struct connection *connection)
{
    if (connection->ballot != NO_BALLOT) {
        ballots_drop(&model->ballots, connection->ballot);
        connection->ballot = NO_BALLOT;
    }
}

static void set_free(struct model *model, struct connection *connection)
{
    drop_ballot(model, connection);
    connection->state = CONNECTION_FREE;
    connection->next_free = model->free_connection;
    model->free_connection = (uint32_t)(connection - model->connections);
}

/* What is on its way stays there, and is served: nobody can call a packet back. */
void wire_abandon(struct model *model, struct member *member)
{
    if (member->connection == NO_CONNECTION) {
        return;
    }
    struct connection *connection = &model->connections[member->connection];
    member->connection = NO_CONNECTION;
    if (connection->state == CONNECTION_IDLE || connection->state == CONNECTION_ANSWERED) {
        set_free(model, connection);
    } else {
        connection->abandoned = true;
    }
}

void wire_done(struct model *model, const struct member *member)
{
    struct connection *connection = &model->connections[member->connection];
    drop_ballot(model, connection);
    connection->state = CONNECTION_IDLE;
}

/* --- the way there ---------------------------------------------------------------------------- */

static int64_t one_way(struct model *model)
{
    return latency_draw(&model->network->one_way, &model->link_dice);
}

int64_t wire_round_trip(struct model *model)
{
    int64_t out = one_way(model);
    return out + one_way(model);
}

void wire_mind_patience(struct model *model, const struct connection *connection)
{
    const struct member *member = &model->members[connection->owner];
    if (!connection->abandoned && connection->next_ns > member->until_ns) {
        int64_t then_ns = member->until_ns > model->now_ns ? member->until_ns : model->now_ns;
        model_put(model, then_ns, DUE_LOOK, connection->owner);
    }
}

/* The message on a connection reaches the next place on its way `at_ns`. */
static void move_on(struct model *model, struct connection *connection, int64_t at_ns,
                    enum due_kind kind)
{
    connection->next_ns = at_ns;
    model_put(model, at_ns, kind, (uint32_t)(connection - model->connections));
    wire_mind_patience(model, connection);
}

/* --- the server ------------------------------------------------------------------------------- */

int64_t server_clock_ms(const struct model *model)
{
    return (model->now_ns + model->server_clock_ns) / 1000000;
}

/* The lock has come, gone or got another TTL: the alarm is set for its end. */
static void note_expiry(struct model *model)
{
    int64_t until_ms = model->store.lock_until_ms;
    model->lock_expires_ns = INT64_MAX;
    if (until_ms != STORE_FOR_GOOD) {
        model->lock_expires_ns = (until_ms + 1) * 1000000 - model->server_clock_ns;
    }
    model_set_alarm(model, model->lock_expires_ns);
}

void server_lock_gone(struct model *model)
{
    struct history_event *event = model_event(model);
    *event = (struct history_event){.kind = HISTORY_EXPIRED, .key = KEY_LOCK};
    model_recorded(model, event, HISTORY_HARNESS);
    store_expire_lock(&model->store, server_clock_ms(model));
    note_expiry(model);
}

static int64_t work_for(const struct model *model, const struct connection *connection)
{
    int64_t work = model->network->service_ns;
    if (connection->request.op == STORE_READ_BALLOT) {
        work += model->network->vote_ns * model->count;
    }
    return work;
}

/* HGETALL, from the copy that was made for the last one if nothing has changed since. */
static void serve_ballot(struct model *model, struct connection *connection)
{
    struct ballots *ballots = &model->ballots;
    struct reply *reply = &connection->reply;
    if (ballots->newest != NO_BALLOT) {
        struct ballot_copy *copy = &ballots->copies[ballots->newest];
        copy->users++;
        connection->ballot = ballots->newest;
        *reply = (struct reply){.outcome = STORE_OK};
        reply->value.ballot = (struct ballot){.votes = copy->votes, .count = copy->count};
        return;
    }
    connection->ballot = ballots_take(ballots);
    if (connection->ballot == NO_BALLOT) {
        model_fail(model, "out of memory");
        return;
    }
    struct ballot_copy *copy = &ballots->copies[connection->ballot];
    store_apply(&model->store, model->statuses, &connection->request, server_clock_ms(model),
                copy->votes, reply);
    if (reply->outcome == STORE_OK) {
        copy->count = reply->value.ballot.count;
        ballots->newest = connection->ballot;
    }
}

static void serve(struct model *model, struct connection *connection)
{
    uint8_t op = connection->request.op;
    if (op == STORE_READ_BALLOT) {
        serve_ballot(model, connection);
        return;
    }
    int64_t lock_until_ms = model->store.lock_until_ms;
    store_apply(&model->store, model->statuses, &connection->request, server_clock_ms(model), NULL,
                &connection->reply);
    if (op == STORE_SET_STATUS) {
        ballots_outdate(&model->ballots);
    } else if (model->store.lock_until_ms != lock_until_ms) {
        note_expiry(model);
    }
}

void wire_serves(struct model *model, uint32_t index)
{
    struct connection *connection = &model->connections[index];
    serve(model, connection);
    if (connection->abandoned) {
        set_free(model, connection);
        return;
    }
    connection->state = CONNECTION_SERVED;
    if (model->network->has_machine) {
        move_on(model, connection, connection->next_ns, DUE_ANSWER);
        return;
    }
    move_on(model, connection, model->now_ns + work_for(model, connection) + one_way(model),
            DUE_ANSWER);
}

/* Requests are served in the order in which they come, each after the work on those before it. */
void wire_arrives(struct model *model, uint32_t index)
{
    struct connection *connection = &model->connections[index];
    int64_t begins_ns = model->now_ns;
    if (model->network->has_machine) {
        machine_arrives(model, index);
        return;
    }
    bool busy = model->server_free_ns > begins_ns;
    if (busy) {
        begins_ns = model->server_free_ns;
    }
    model->server_free_ns = begins_ns + work_for(model, connection);
    if (busy) {
        move_on(model, connection, begins_ns, DUE_SERVICE);
    } else {
        wire_serves(model, index);
    }
}

/* --- there and back --------------------------------------------------------------------------- */

void wire_answers(struct model *model, uint32_t index)
{
    struct connection *connection = &model->connections[index];
    if (connection->abandoned) {
        set_free(model, connection);
        return;
    }
    connection->state = CONNECTION_ANSWERED;
    (model->network->has_machine ? machine_answered : member_answered)(model, connection->owner);
}

/* The server is reached, idle, before anything else is due: it serves at once, without a detour
 * through the queue. True: the answer is back before, too. */
static bool serve_at_once(struct model *model, struct connection *connection, int64_t at_ns,
                          int64_t patience_ns)
{
    model->now_ns = at_ns;
    model->server_free_ns = at_ns + work_for(model, connection);
    serve(model, connection);
    connection->state = CONNECTION_SERVED;
    int64_t back_ns = model->server_free_ns + one_way(model);
    if (back_ns < model->quiet_ns && back_ns <= patience_ns) {
        model->now_ns = back_ns;
        connection->state = CONNECTION_ANSWERED;
        return true;
    }
    move_on(model, connection, back_ns, DUE_ANSWER);
    return false;
}

bool wire_send(struct model *model, struct member *member)
{
    struct connection *connection = &model->connections[member->connection];
    bool machine = model->network->has_machine;
    int64_t there_ns =
        machine ? machine_sends(model, connection->owner) : model->now_ns + one_way(model);
    assert(connection->state == CONNECTION_IDLE);
    connection->request = member->action.request;
    connection->state = CONNECTION_ASKED;
    member->state = MEMBER_ASKS;
    member->until_ns = model->now_ns + model->scenario->request_timeout_ns;
    if (!machine && there_ns < model->quiet_ns && there_ns >= model->server_free_ns &&
        there_ns <= member->until_ns) {
        return serve_at_once(model, connection, there_ns, member->until_ns);
    }
    move_on(model, connection, there_ns, DUE_ARRIVAL);
    return false;
}
