/* A modelled server: its keys, its clock, its faults. Each fault means what server_life.c and
 * server_harm.c of the processes host do to a real redis-server.
 *
 *     UP ──stall──▶ STALLED: requests that arrive wait in a list ──go on──▶ UP: they are served
 *     UP ──crash──▶ DOWN: connections break, nobody is listening ──restart──▶ BOOTING ──▶ UP
 *
 * A model has an array of them; each stands for itself. server.c has what it holds and how it
 * serves, server_faults.c what can be done to it. The way that messages take is wire.h's.
 */
#ifndef HUSTINGS_MODEL_SERVER_H
#define HUSTINGS_MODEL_SERVER_H

#include "sim/model/state.h"
#include "sim/ops/op.h"

bool servers_allocate(struct model *model);
void servers_free(struct model *model);
size_t servers_size(const struct model *model);

/* At the beginning of a trial. `rng` are the trial's. */
void servers_reset(struct model *model, uint64_t *rng);

/* The next lock's end of all; INT64_MAX: there is none. */
int64_t servers_next_expiry(const struct model *model);

/* Its clock, in ms. */
static inline int64_t server_clock_ms(const struct model *model,
                                      const struct modelled_server *server)
{
    return skew_own(&server->clock, model->now_ns) / NS_PER_MS;
}

/* Its keys at this moment; `votes` has room for a ballot, or is NULL if none is asked for. */
static inline struct keyspace server_keys(const struct model *model, struct modelled_server *server,
                                          struct vote *votes)
{
    return keyspace_at(&server->store, server->statuses, votes, server_clock_ms(model, server));
}

/* How long it is busy with a request. */
static inline int64_t server_work(const struct model *model, const struct request *request)
{
    int64_t work = model->network->service_ns;
    if (op_rows[request->op]->answers == VALUE_BALLOT) {
        work += model->network->vote_ns * model->count;
    }
    return work;
}

/* The lock is gone: says so, and sees to it. `why` completes "the lock …"; NULL: its TTL ran
 * out. */
void server_lock_gone(struct model *model, struct modelled_server *server, const char *why);

/* The lock has come, gone or got another TTL, or the clock is another: the alarm is set for the
 * lock's end. */
void server_note_expiry(struct model *model, struct modelled_server *server);

/* Serves a request for a ballot, or while there are faults or an image to be kept. For
 * server_serve() alone. */
uint32_t server_serve_otherwise(struct model *model, struct modelled_server *server,
                                const struct request *request, struct reply *reply);

/* Applies a request to its keys. For these two alone. */
static inline void server_apply(struct model *model, struct modelled_server *server,
                                const struct request *request, struct reply *reply)
{
    struct keyspace keys = server_keys(model, server, NULL);
    int64_t lock_until_ms = server->store.at[KEY_LOCK].until_ms;
    op_apply(&keys, request, reply);
    if (request->key == KEY_NODES && op_has(request->op, OP_WRITES)) {
        ballots_outdate(&server->ballots);
    } else if (server->store.at[KEY_LOCK].until_ms != lock_until_ms) {
        server_note_expiry(model, server);
    }
}

/* Serves a request: fills the reply; of a ballot, says which (ballots.h), else NO_BALLOT. In the
 * header because everybody's every request comes by here. */
static inline uint32_t server_serve(struct model *model, struct modelled_server *server,
                                    const struct request *request, struct reply *reply)
{
    assert(server->free_ns != INT64_MAX && "it is up");
    if (server->keeps_image || server->oom || server->refusals ||
        op_rows[request->op]->answers == VALUE_BALLOT) {
        return server_serve_otherwise(model, server, request, reply);
    }
    server_apply(model, server, request, reply);
    return NO_BALLOT;
}

/* Whatever was done in an earlier period is on the disk since this one began: to be called before
 * the store changes. */
void server_keep_image(const struct model *model, struct modelled_server *server);

/* The store of one that has died becomes what will be there after a restart. */
void server_lose_memory(struct model *model, struct modelled_server *server, bool power_loss);

/* A request has reached a server that stands still: it waits. */
void server_hold(struct model *model, struct modelled_server *server, uint32_t exchange);

/* Whether a request takes one more trip, since the server has forgotten its script. `stale` are the
 * scripts that the connection's process believes it to have. */
bool server_forgot(struct modelled_server *server, uint32_t *stale, const struct request *request);

/* Somebody can connect. */
static inline bool server_listens(const struct modelled_server *server)
{
    return server->state == SERVER_IS_UP || server->state == SERVER_IS_STALLED;
}

/* It may be up now, if it has not died again meanwhile. */
void server_booted(struct model *model, struct modelled_server *server);

/* Carries out an order; as the verb `server` of struct host_ops. */
bool server_order(struct model *model, struct modelled_server *server,
                  const struct server_order *order);

/* Its clock is as the order says. */
void server_shift_clock(struct model *model, struct modelled_server *server,
                        const struct clock_order *order);

/* The lock's TTL runs out now. False: there is none. */
bool server_expire_lock(struct model *model, struct modelled_server *server);

#endif
