/* Connections and the server: requests on their way, answers on theirs. See network.h. */
#include <assert.h>
#include <stdlib.h>

#include "sim/model/state.h"
#include "sim/text/grown.h"
#include "src/units.h"

/* --- connections ------------------------------------------------------------------------------ */

static bool reserve(struct model *model)
{
    struct connection *list = grown(model->connections, model->connection_count,
                                    &model->connection_capacity, sizeof *list);
    model->connections = list ? list : model->connections;
    return list != NULL;
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
    connection->lost = false;
    connection->stale = 0;
    connection->held = HELD_NOT;
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
    connection->held = HELD_NOT;
    connection->next_free = model->free_connection;
    model->free_connection = (uint32_t)(connection - model->connections);
}

void wire_drop(struct model *model, uint32_t index)
{
    set_free(model, &model->connections[index]);
}

/* What is on its way stays there, and is served: nobody can call a packet back. */
void wire_abandon(struct model *model, struct member *member)
{
    if (member->connection == NO_CONNECTION) {
        return;
    }
    struct connection *connection = &model->connections[member->connection];
    member->connection = NO_CONNECTION;
    if (connection->state == CONNECTION_IDLE || connection->state == CONNECTION_ANSWERED ||
        connection->held > HELD_REQUEST) {
        set_free(model, connection);
    } else {
        connection->abandoned = true;
    }
}

/* It notices the end of its connection when it uses it again. */
static void lose_idle(struct model *model, struct member *member)
{
    set_free(model, &model->connections[member->connection]);
    member->connection = NO_CONNECTION;
    member->broken = true;
}

void wire_done(struct model *model, struct member *member)
{
    struct connection *connection = &model->connections[member->connection];
    drop_ballot(model, connection);
    connection->state = CONNECTION_IDLE;
    if (connection->lost) {
        lose_idle(model, member);
    }
}

/* --- the way there ---------------------------------------------------------------------------- */

static int64_t one_way(struct model *model)
{
    return latency_draw(&model->network->one_way, &model->link_rng);
}

int64_t wire_round_trip(struct model *model)
{
    int64_t out = one_way(model);
    return out + one_way(model);
}

void wire_mind_timeout(struct model *model, const struct connection *connection)
{
    const struct member *member = &model->members[connection->owner];
    if (!connection->abandoned && connection->next_ns > member->until_ns) {
        int64_t then_ns = member->until_ns > model->now_ns ? member->until_ns : model->now_ns;
        model_put(model, then_ns, DUE_LOOK, connection->owner);
    }
}

/* Who awaits an answer sees the end of the connection instead, when word of it arrives; but an
 * answer that was given is on its way, or there. */
static void break_one(struct model *model, struct member *member)
{
    struct connection *connection = &model->connections[member->connection];
    if (connection->state == CONNECTION_IDLE) {
        lose_idle(model, member);
        return;
    }
    connection->lost = true;
    if (connection->state == CONNECTION_ASKED || connection->held == HELD_FOR_EVER) {
        wire_abandon(model, member);
        if (!links_hide(model, member->process.id)) {
            member->until_ns = model->now_ns + one_way(model);
        }
        queue_put(&model->queue, member->until_ns, DUE_LOOK, member->process.id);
    }
}

void wire_break_all(struct model *model)
{
    for (uint32_t id = 0; id < model->count; id++) {
        if (model->members[id].connection != NO_CONNECTION) {
            break_one(model, &model->members[id]);
        }
    }
    for (uint32_t i = 0; i < model->connection_count; i++) {
        model->connections[i].lost = true; /* the abandoned ones' requests, too */
    }
}

/* The message on a connection reaches the next place on its way `at_ns`. */
static void move_on(struct model *model, struct connection *connection, int64_t at_ns,
                    enum due_kind kind)
{
    connection->next_ns = at_ns;
    model_put(model, at_ns, kind, (uint32_t)(connection - model->connections));
    wire_mind_timeout(model, connection);
}

/* --- the server ------------------------------------------------------------------------------- */

int64_t server_clock_ms(const struct model *model)
{
    return skew_own(&model->server_clock, model->now_ns) / NS_PER_MS;
}

struct keyspace server_keys(struct model *model, struct vote *votes)
{
    return keyspace_at(&model->store, model->statuses, votes, server_clock_ms(model));
}

/* A server that is not up lets no key run out; it makes up for that when it is. */
void server_note_expiry(struct model *model)
{
    int64_t until_ms = model->store.at[KEY_LOCK].until_ms;
    model->lock_expires_ns = INT64_MAX;
    if (until_ms != STORE_FOR_GOOD && model->modelled_server.state == SERVER_IS_UP) {
        int64_t expires_ns = skew_true(&model->server_clock, (until_ms + 1) * 1000000);
        model->lock_expires_ns = expires_ns > model->now_ns ? expires_ns : model->now_ns;
    }
    model_set_alarm(model, model->lock_expires_ns);
}

void server_lock_gone(struct model *model, const char *why)
{
    struct history_event *event = model_event(model);
    *event = (struct history_event){.kind = HISTORY_EXPIRED, .why = why, .key = KEY_LOCK};
    model_recorded(model, event, HISTORY_HARNESS);
    struct keyspace keys = server_keys(model, NULL);
    keyspace_delete(&keys, KEY_LOCK);
    server_note_expiry(model);
}

static int64_t work_for(const struct model *model, const struct request *request)
{
    int64_t work = model->network->service_ns;
    if (op_rows[request->op]->answers == VALUE_BALLOT) {
        work += model->network->vote_ns * model->count;
    }
    return work;
}

/* From the copy that was made for the last one if nothing has changed since. */
static void serve_ballot(struct model *model, struct connection *connection,
                         const struct request *request)
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
    struct keyspace keys = server_keys(model, copy->votes);
    op_apply(&keys, request, reply);
    if (reply->outcome == STORE_OK) {
        copy->count = reply->value.ballot.count;
        ballots->newest = connection->ballot;
    }
}

static void serve(struct model *model, struct connection *connection, const struct request *request)
{
    if (model->modelled_server.keeps_image || model->modelled_server.oom ||
        model->modelled_server.refusals) {
        if (!modelled_server_lets(model, request, &connection->reply)) {
            return;
        }
    }
    const struct op_row *row = op_rows[request->op];
    if (row->answers == VALUE_BALLOT) {
        serve_ballot(model, connection, request);
        return;
    }
    struct keyspace keys = server_keys(model, NULL);
    int64_t lock_until_ms = model->store.at[KEY_LOCK].until_ms;
    op_apply(&keys, request, &connection->reply);
    if (request->key == KEY_NODES && row->traits & OP_WRITES) {
        ballots_outdate(&model->ballots);
    } else if (model->store.at[KEY_LOCK].until_ms != lock_until_ms) {
        server_note_expiry(model);
    }
}

void wire_serves(struct model *model, uint32_t index)
{
    struct connection *connection = &model->connections[index];
    if (connection->lost || model->server_free_ns == INT64_MAX) {
        modelled_server_hold(model, index);
        return;
    }
    serve(model, connection, &connection->request);
    if (connection->abandoned) {
        set_free(model, connection);
        return;
    }
    connection->state = CONNECTION_SERVED;
    int64_t done_ns = model->now_ns + work_for(model, &connection->request);
    move_on(model, connection, done_ns + one_way(model), DUE_ANSWER);
}

/* Requests are served in the order in which they come, each after the work on those before it. */
void wire_arrives(struct model *model, uint32_t index)
{
    struct connection *connection = &model->connections[index];
    if (connection->lost || model->server_free_ns == INT64_MAX) {
        modelled_server_hold(model, index);
        return;
    }
    int64_t begins_ns = model->now_ns;
    bool busy = model->server_free_ns > begins_ns;
    if (busy) {
        begins_ns = model->server_free_ns;
    }
    model->server_free_ns = begins_ns + work_for(model, &connection->request);
    if (busy) {
        move_on(model, connection, begins_ns, DUE_SERVICE);
    } else {
        wire_serves(model, index);
    }
}

/* --- there and back --------------------------------------------------------------------------- */

void wire_delivers(struct model *model, uint32_t index)
{
    struct connection *connection = &model->connections[index];
    connection->state = CONNECTION_ANSWERED;
    member_answered(model, connection->owner);
}

void wire_answers(struct model *model, uint32_t index)
{
    struct connection *connection = &model->connections[index];
    if (connection->abandoned) {
        set_free(model, connection);
    } else if (!model->links || links_let_in(model, connection)) {
        wire_delivers(model, index);
    }
}

void wire_goes_out(struct model *model, struct connection *connection)
{
    move_on(model, connection, model->now_ns + connection->way_ns, DUE_ARRIVAL);
}

/* The server is reached, idle, before anything else is due: it serves at once, without a detour
 * through the queue. True: the answer is back before, too. */
static bool serve_at_once(struct model *model, struct connection *connection,
                          const struct member *member, int64_t at_ns)
{
    const struct request *request = &member->asked;
    model->now_ns = at_ns;
    model->server_free_ns = at_ns + work_for(model, request);
    serve(model, connection, request);
    connection->state = CONNECTION_SERVED;
    int64_t back_ns = model->server_free_ns + one_way(model);
    if (back_ns < model->quiet_ns && back_ns <= member->until_ns) {
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
    const struct request *request = &member->asked;
    assert(connection->state == CONNECTION_IDLE);
    connection->state = CONNECTION_ASKED;
    member->state = MEMBER_ASKS;
    member->until_ns = model->now_ns + model->scenario->request_timeout_ns;
    bool twice =
        model->modelled_server.forgetful && modelled_server_forgot(model, connection, request);
    int64_t there_ns = model->now_ns + (twice ? wire_round_trip(model) : 0);
    int64_t way_ns =
        one_way(model); /* drawn here, whether or not the scenario has faults on links */
    if (!model->links) {
        there_ns += way_ns;
        if (there_ns < model->quiet_ns && there_ns >= model->server_free_ns &&
            there_ns <= member->until_ns) {
            return serve_at_once(model, connection, member, there_ns);
        }
    }
    /* It outlives the member's action, if the member does not wait for the answer. */
    connection->request = *request;
    if (model->links) {
        connection->way_ns = way_ns;
        links_send(model, member, there_ns);
    } else {
        move_on(model, connection, there_ns, DUE_ARRIVAL);
    }
    return false;
}
