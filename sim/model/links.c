/* The links' faults in the model. Each means what the relay (sim/relay/) does to a real process's
 * connections, and by the same room, link_faults.h; it happens at the process's end of the way.
 *
 *     process ──▶ held up? ──out──▶ server ──back──▶ held up? lost? ──▶ process
 *
 * What is held up lies with its connection, even if nobody reads that any more, until its time has
 * come and the way is not cut. Only scenarios with faults on links come by here. */
#include <assert.h>
#include <stdlib.h>

#include "sim/model/state.h"

/* The link of one process, for all its connections. */
struct route {
    struct link_faults link_faults;
    bool knocks; /* the process tries to connect, and nothing comes of it before the cut heals */
};

bool links_allocate(struct model *model)
{
    for (uint32_t i = 0; i < model->scenario->fault_count; i++) {
        if (fault_is_on_links(fault_rows[model->scenario->faults[i].kind])) {
            model->links = calloc(model->count, sizeof *model->links);
            return model->links;
        }
    }
    return true;
}

size_t links_size(const struct model *model)
{
    return model->links ? model->count * sizeof *model->links : 0;
}

void links_reset(struct model *model, uint64_t seed)
{
    for (uint32_t id = 0; model->links && id < model->count; id++) {
        model->links[id] = (struct route){.knocks = false};
        link_faults_init(&model->links[id].link_faults, seed, (uint16_t)id);
    }
}

/* --- how large messages are ------------------------------------------------------------------- */

/* In bytes, of a field and a status of a ballot. */
#define VOTE_BYTES 44

static size_t request_size(const struct request *request)
{
    return op_rows[request->op]->request_bytes;
}

static size_t reply_size(const struct request *request, const struct reply *reply)
{
    if (reply->outcome != STORE_OK) {
        return 5; /* nothing is there */
    }
    bool ballot = op_rows[request->op]->answers == VALUE_BALLOT;
    return op_rows[request->op]->answer_bytes +
           (ballot ? VOTE_BYTES * (size_t)reply->value.ballot.count : 0);
}

/* --- holding up ------------------------------------------------------------------------------- */

static void hold(struct model *model, struct connection *connection, enum way way, size_t size,
                 int64_t until_ns)
{
    struct link_faults *link_faults = &model->links[connection->owner].link_faults;
    connection->held = (uint8_t)(way == WAY_REQUESTS ? HELD_REQUEST : HELD_ANSWER);
    connection->hold = link_faults_hold(link_faults, way, size, model->now_ns);
    connection->hold.until_ns = until_ns;
}

/* Whether it may go on; if not, it will be seen to when it may. */
static bool goes_on(struct model *model, struct connection *connection)
{
    enum way way = connection->held == HELD_REQUEST ? WAY_REQUESTS : WAY_REPLIES;
    bool cut = model->links[connection->owner].link_faults.cut & WAY_BIT(way);
    int64_t ends_ns = hold_ends(&connection->hold);
    if (!cut && ends_ns <= model->now_ns) {
        connection->held = HELD_NOT;
        return true;
    }
    connection->next_ns = cut ? INT64_MAX : ends_ns;
    if (!cut) {
        queue_put(&model->queue, ends_ns, DUE_RELEASE, (uint32_t)(connection - model->connections));
    }
    wire_mind_timeout(model, connection);
    return false;
}

void links_release(struct model *model, uint32_t index)
{
    struct connection *connection = &model->connections[index];
    uint8_t held = connection->held;
    if ((held != HELD_REQUEST && held != HELD_ANSWER) || !goes_on(model, connection)) {
        return;
    }
    if (held == HELD_REQUEST) {
        wire_goes_out(model, connection);
    } else {
        wire_delivers(model, index);
    }
}

/* --- messages --------------------------------------------------------------------------------- */

/* The process finds its connection broken. */
static void breaks(struct model *model, struct member *member)
{
    wire_drop(model, member->connection);
    member->connection = NO_CONNECTION;
    member->until_ns = model->now_ns;
    queue_put(&model->queue, model->now_ns, DUE_LOOK, member->process.id);
}

/* It goes no further. Who awaits an answer waits in vain; that connection is of no more use. */
static void lose(struct model *model, struct connection *connection)
{
    if (connection->abandoned) {
        wire_drop(model, (uint32_t)(connection - model->connections));
        return;
    }
    connection->held = HELD_FOR_EVER;
    connection->next_ns = INT64_MAX;
    wire_mind_timeout(model, connection);
}

void links_send(struct model *model, struct member *member, int64_t at_ns)
{
    struct link_faults *link_faults = &model->links[member->process.id].link_faults;
    struct connection *connection = &model->connections[member->connection];
    int64_t until_ns = at_ns;
    uint8_t met =
        link_faults_drops(link_faults, WAY_REQUESTS) ? LINK_LOSE : link_faults_meet(link_faults);
    connection->mark = LINK_HEAL;
    if (met == LINK_LATE) {
        until_ns = at_ns + link_faults->late_ns;
    } else if (met == LINK_LOSE) {
        lose(model, connection);
        return;
    } else if (met == LINK_RESET && !link_faults->applied) {
        breaks(model, member);
        return;
    } else {
        connection->mark = met;
    }
    hold(model, connection, WAY_REQUESTS, request_size(&connection->request), until_ns);
    if (goes_on(model, connection)) {
        wire_goes_out(model, connection);
    }
}

bool links_let_in(struct model *model, struct connection *connection)
{
    if (connection->mark == LINK_RESET) {
        breaks(model, &model->members[connection->owner]);
        return false;
    }
    if (connection->mark == LINK_LOSE_REPLY ||
        link_faults_drops(&model->links[connection->owner].link_faults, WAY_REPLIES)) {
        lose(model, connection);
        return false;
    }
    hold(model, connection, WAY_REPLIES, reply_size(&connection->request, &connection->reply), 0);
    return goes_on(model, connection);
}

/* --- what a cut hides ------------------------------------------------------------------------- */

bool links_hide(const struct model *model, uint16_t id)
{
    return model->links && (model->links[id].link_faults.cut & LINK_REPLIES);
}

/* Word of a broken connection arrives. */
static void tell(struct model *model, uint16_t id)
{
    struct member *member = &model->members[id];
    if (member->state == MEMBER_ASKS && member->connection == NO_CONNECTION) {
        member->until_ns = model->now_ns;
        queue_put(&model->queue, model->now_ns, DUE_LOOK, id);
    }
}

/* --- connecting ------------------------------------------------------------------------------- */

bool links_keep_out(struct model *model, uint16_t id)
{
    if (!model->links || !model->links[id].link_faults.cut) {
        return false;
    }
    model->links[id].knocks = true;
    return true;
}

/* Connecting hung, and goes on. */
static void let_connect(struct model *model, uint16_t id)
{
    struct member *member = &model->members[id];
    bool connects = member->state == MEMBER_CONNECTS || member->state == MEMBER_RECONNECTS;
    model->links[id].knocks = false;
    if (!connects || member->until_ns <= model->now_ns) {
        return; /* it was dead, or its timeout over, by then */
    }
    member->failure = STORE_OK;
    member->until_ns = model->now_ns + wire_round_trip(model);
    queue_put(&model->queue, member->until_ns, DUE_LOOK, id);
}

/* --- the verb --------------------------------------------------------------------------------- */

/* What is under way follows an order. One that lies in wait is about what comes next. */
static bool messages_follow(struct model *model, uint16_t id, const struct link_order *order,
                            const struct link_faults *before)
{
    bool changed = false;
    const struct link_faults *link_faults = &model->links[id].link_faults;
    bool waits = order->fault == LINK_LATE || order->fault == LINK_LOSE ||
                 order->fault == LINK_LOSE_REPLY || order->fault == LINK_RESET;
    for (uint32_t i = 0; !waits && i < model->connection_count; i++) {
        struct connection *connection = &model->connections[i];
        if (connection->owner != id || connection->state == CONNECTION_FREE) {
            continue;
        }
        if (connection->held == HELD_REQUEST || connection->held == HELD_ANSWER) {
            enum way way = connection->held == HELD_REQUEST ? WAY_REQUESTS : WAY_REPLIES;
            struct hold *hold = &connection->hold;
            changed = hold_follow(hold, way, order, before, model->now_ns) || changed;
            if (link_faults_drops(link_faults, way)) {
                lose(model, connection);
                changed = true;
                continue;
            }
            queue_put(&model->queue, model->now_ns, DUE_RELEASE, i);
        }
        if (connection->mark != LINK_HEAL && heals(order, (enum link_fault)connection->mark)) {
            changed = changed || connection->held != HELD_FOR_EVER;
            connection->mark = LINK_HEAL;
        }
    }
    return changed;
}

bool links_verb(void *self, uint16_t id, uint8_t server, const struct link_order *order)
{
    struct model *model = self;
    assert(server == 0);
    assert(model->links);
    struct route *route = &model->links[id];
    struct link_faults before = route->link_faults;
    bool changed = link_faults_order(&route->link_faults, order, model->now_ns);
    changed = messages_follow(model, id, order, &before) || changed;
    if (before.cut & ~route->link_faults.cut & LINK_REPLIES) {
        tell(model, id);
    }
    if (route->knocks && !route->link_faults.cut) {
        let_connect(model, id);
    }
    return changed;
}
